"""What runs within the interpreter in the page: cells, what they show, and stand-ins.

Nothing here runs in a kernel or in the build; `course` puts it into the page's interpreter.
"""
