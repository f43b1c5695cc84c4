"""Whether this machine makes a sandbox that holds, and what to do where it does not."""

import functools
import json
import os
import platform
import shutil
import sys

from coursework.sandbox import seccomp
from coursework.sandbox.mounts import CHECKOUT
from coursework.sandbox.order import Job, Limits, Mode
from coursework.sandbox.start import run

#: The course's page that says what to do on hosts without bubblewrap.
RECIPE = 'the container recipe in the book\'s part "For instructors"'


class SandboxError(Exception):
    """There is no sandbox on this machine; the message says what to do."""


# What a sandbox must hold, looked at from inside.
_TRIAL = """
import os, socket
def _attempt(action):
    try:
        action()
    except OSError:
        return False
    return True
def _forks():
    children = []
    try:
        for _ in range(40):
            child = os.fork()
            if child == 0:
                import time
                time.sleep(30)
                os._exit(0)
            children.append(child)
    finally:
        for child in children:
            os.kill(child, 9)
            os.waitpid(child, 0)
report = [
    _attempt(lambda: open("note", "w").close()),
    _attempt(lambda: open("/note", "w").close()),
    _attempt(lambda: os.listdir({checkout!r} + "/coursework")),
    _attempt(lambda: socket.create_connection(("192.0.2.1", 9), timeout=0.2)),
    len(open("/proc/net/dev").readlines()) > 3,
    _attempt(_forks),
    _attempt(lambda: open("/proc/1/mem", "r+b").close()),
    {filtered!r} and _attempt(lambda: os.memfd_create("x")),
    {filtered!r} and _attempt(lambda: socket.socket(socket.AF_NETLINK)),
]
"""
_WANTED = {
    0: (True, "a file could not be written in the home folder"),
    1: (False, "a file could be written beside the home folder"),
    2: (False, "the graders' folder could be read"),
    3: (False, "the network could be reached"),
    4: (False, "there is a network device"),
    5: (False, "more processes than allowed could be started"),
    6: (False, "bubblewrap's own process could be written"),
    7: (False, "memory that belongs to no process could be had"),
    8: (False, "a socket of another kind than this machine's own could be opened"),
}


def trial(mode: Mode) -> str:
    """Try one sandbox; return what is wrong with it, or an empty text."""
    cell = _TRIAL.format(checkout=str(CHECKOUT), filtered=seccomp.program() is not None)
    job = Job((cell,), (("report", 10.0),), run_seconds=30, cell_seconds=30)
    try:
        ran = run(job, mode, limits=Limits(processes=20, files_mb=8))
    except OSError as error:
        return str(error)
    for line in ran.results.splitlines():
        found = json.loads(line)
        if "probe" in found and isinstance(found.get("value"), list):
            wrong = [text for at, (due, text) in _WANTED.items() if found["value"][at] != due]
            return "; ".join(wrong)
    return ran.log.strip()[-400:] or ran.killed or f"it ended with code {ran.code}"


def how_to_install() -> str:
    """Return the one command that installs bubblewrap on this machine."""
    for tool, words in (
        ("apt-get", "apt-get install bubblewrap"),
        ("dnf", "dnf install bubblewrap"),
        ("pacman", "pacman -S bubblewrap"),
        ("zypper", "zypper install bubblewrap"),
        ("apk", "apk add bubblewrap"),
    ):
        if shutil.which(tool):
            return f"sudo {words}"
    return f"see {RECIPE}"


def missing_filter() -> str:
    """Return what does not hold on a processor of this kind, or an empty text."""
    if seccomp.program() is not None:
        return ""
    return (
        f"NO FILTER OF SYSTEM CALLS: this processor ({platform.machine()}) is none of "
        f"{', '.join(seccomp.MACHINES)}. Namespaces and limits hold, but a notebook can take "
        "memory that belongs to no process, and use more of the kernel. Grade only whom you trust."
    )


@functools.cache
def find_mode() -> Mode:
    """Return how sandboxes are made on this machine, after trying one.

    Raises
    ------
    SandboxError
        When bubblewrap is missing or does not hold what it must. A processor for which there is
        no filter is no such case: it is said on standard error.
    """
    if not sys.platform.startswith("linux"):
        raise SandboxError(f"bubblewrap needs Linux, and this is {sys.platform}. Use {RECIPE}.")
    if shutil.which("bwrap") is None:
        raise SandboxError(f"bubblewrap is not installed. Install it: {how_to_install()}")
    modes: tuple[Mode, ...] = ("root", "user") if os.geteuid() == 0 else ("user",)
    troubles = []
    for mode in modes:
        trouble = trial(mode)
        if not trouble:
            if missing_filter():
                print(missing_filter(), file=sys.stderr)
            return mode
        troubles.append(trouble)
    raise SandboxError(
        f"bubblewrap makes no safe sandbox here ({' / '.join(troubles)}). Use {RECIPE}."
    )
