"""One bubblewrap sandbox per submission.

Inside there is the system and the Python environment, read-only, the package
``launchlab``, this assignment's public checks and the package ``inside``: no
network, no home, no other submission, no solution, no test that is not public.
What can be written lies in memory, in file systems of fixed size, and goes
with the sandbox. The processes run as nobody in particular, with limits of
memory, processes, time and output.

bubblewrap limits neither memory nor processes. Each process limits its own
address space (``inside/runner.py``), and the grader looks every tenth of a
second at what all of them use together (``watch.py``, ``memory.py``); ways to
memory that belongs to no process are refused (``seccomp.py``). As root a limit
of processes would not hold, so the runner first becomes another user; where
root has no such right, or nobody is root, the sandbox is a user namespace.

Time is that of the processor and idle time (``inside/meter.py``): what a busy
machine or a neighbour takes is nobody's fault. The clock on the wall is the
last resort, and says so.
"""

from coursework.sandbox.modes import SandboxError, find_mode, how_to_install, trial
from coursework.sandbox.mounts import CHECKOUT
from coursework.sandbox.order import Job, Limits, Mode, Ran
from coursework.sandbox.start import run

__all__ = [
    "CHECKOUT",
    "Job",
    "Limits",
    "Mode",
    "Ran",
    "SandboxError",
    "find_mode",
    "how_to_install",
    "run",
    "trial",
]
