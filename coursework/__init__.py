"""Assignments: from one master to hand-outs, solutions and a graded class.

``python -m coursework.build`` makes ``exercises/`` and ``solutions/`` from the
masters in ``coursework/assignments/``; ``python -m coursework.grade`` grades a
folder or zip of submissions. The book's pages for instructors say how.
"""
