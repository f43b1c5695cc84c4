"""What goes into the sandbox, and nothing else of the grader: the standard library alone.

The student's code runs beside it, so whatever it says is data to be compared outside.
"""
