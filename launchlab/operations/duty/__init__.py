"""A service to be on duty for, drawn by a seed: its releases, its weeks, and one bad Friday.

Cheap on purpose: what the assignment on operations judges by simulation is judged on hundreds of
releases and weeks that nobody has seen, in a second or two.
"""
