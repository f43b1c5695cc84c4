"""How long tests wait: minutes, for the machines that run them are shared, and often busy.

A test waits for an event, and fails when the event has not come within `EVENT` seconds; a program
that it starts has `PROGRAM`. What no such limit ends, the watchdog does: after `TEST` seconds it
prints the stack of the test that runs and ends the run, long before CI would end it without a word
(``faulthandler_timeout`` in pyproject.toml).
"""

EVENT = 180
PROGRAM = 480
TEST = 600
