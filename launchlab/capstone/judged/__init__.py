"""Towns and releases that nobody has seen yet, and what a rule that chooses or watches costs there.

Cheap on purpose: what the assignment on the capstone judges is judged on hundreds of towns and
thousands of releases, in a second or two.
"""
