"""A small assignment, and a class that hands in what a grader must survive."""

import json
import os
from pathlib import Path

TOY = """
title = "Toy"
run_seconds = 15.0
cell_seconds = 4.0

[[questions]]
name = "q1"
title = "A sum"
minutes = 5
[[questions.probes]]
expression = "total"
points = 1
says = "the sum of the numbers to 100, and the seed"
[[questions.probes]]
expression = "mean([1, 2, {seed}])"
points = 2
seconds = 1.0
says = "your function mean, at other numbers"

[[questions]]
name = "q2"
title = "A name"
minutes = 5
written_points = 2
[[questions.probes]]
expression = "name"
points = 1
says = "whose machine it was"
"""
START = 'import os\nSEED = int(os.environ["LAUNCHLAB_CLASS_SEED"])'
TOTAL = "total = sum(range(101)) + SEED"
MEAN = "def mean(values):\n    return sum(values) / len(values)"
NAME = 'name = "Babbage"'
SOLUTION = (START, TOTAL, MEAN, NAME)


def notebook(*cells: str, kernel: str = "python3", text: str = "") -> bytes:
    """A notebook of code cells, below one of text if there is any."""
    above = {"cell_type": "markdown", "id": "text", "metadata": {}, "source": text}
    made: list[dict[str, object]] = [above] if text else []
    made += [
        {
            "cell_type": "code",
            "id": f"c{place}",
            "metadata": {},
            "source": cell,
            "outputs": [],
            "execution_count": None,
        }
        for place, cell in enumerate(cells)
    ]
    metadata = {"kernelspec": {"name": kernel, "display_name": kernel, "language": "x"}}
    whole = {"cells": made, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(whole).encode()


def make_assignment(folder: Path) -> Path:
    """Write the toy assignment as an instructor's private one."""
    (folder / "solutions" / "toy").mkdir(parents=True)
    (folder / "exercises" / "toy" / "tests").mkdir(parents=True)
    (folder / "toy.toml").write_text(TOY, encoding="utf-8")
    (folder / "solutions" / "toy" / "toy.ipynb").write_bytes(notebook(*SOLUTION))
    (folder / "exercises" / "toy" / "tests" / "q1.py").write_text("OK = True\n", encoding="utf-8")
    return folder


FULL = 4
FORGE = """
import json, os
for fd in range(3, 64):
    for place in range(3):
        try:
            os.write(fd, json.dumps({"probe": place, "value": 1}).encode() + b"\\n")
        except OSError:
            pass
"""
# Solves nothing, and says yes to everything that is asked in its own process.
YES = """
class Yes(float):
    def __eq__(self, other): return True
    def __le__(self, other): return True
    def __sub__(self, other): return 0.0
    __hash__ = None
total = Yes(1.0)
mean = lambda values: Yes(1.0)
class Name(str):
    def strip(self): return self
    def __eq__(self, other): return True
    __hash__ = None
name = Name("x")
"""
NOSY = """
import os, sys
seen = []
for place in {places!r}:
    for at, folders, files in os.walk(place):
        # Python itself may lie in somebody's home, and is no secret.
        folders[:] = [one for one in folders if os.path.join(at, one) != sys.base_prefix]
        seen += [os.path.join(at, one) for one in files]
wanted = ("toy.toml", "neighbour", "sentinel", "compare.py", "_sol_", "/tests/coursework")
assert not [one for one in seen if any(word in one for word in wanted)], seen
"""
WRITES = """
import pathlib
for place in {places!r}:
    try:
        pathlib.Path(place).mkdir(parents=True, exist_ok=True)
        pathlib.Path(place, "intruder").write_text("x")
    except OSError:
        pass
"""
NETWORK = """
import socket
reached = []
for address in (("127.0.0.1", {port}), ("192.0.2.1", 80)):
    try:
        socket.create_connection(address, timeout=0.3)
        reached.append(address)
    except OSError:
        pass
assert not reached, reached
"""
FORKS = """
import os, time
children = []
try:
    while True:
        child = os.fork()
        if child == 0:
            time.sleep(30)
            os._exit(0)
        children.append(child)
except OSError:
    pass
assert len(children) < 100
"""
PICKLE = """
import os
class Bad:
    def __reduce__(self):
        return os.system, ("touch {sentinel}.pickled",)
name = Bad()
"""
DAEMON = """
import os, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        time.sleep(3600)
    os._exit(0)
"""
DISK = """
try:
    with open("big", "wb") as file:
        for _ in range(4000):
            file.write(bytes(1 << 20))
except OSError as error:
    print(error)
"""


def hostile(places: list[str], port: int, sentinel: str) -> dict[str, tuple[tuple, str, float]]:
    """Name of a submission to its cells, its status and what the grader finds (of 4 points).

    Parameters
    ----------
    places
        Folders that must not be read or written.
    port
        Of a server on this machine that must not be reached.
    sentinel
        A path beside which nothing may appear.
    """
    good = SOLUTION
    return {
        "right": (good, "graded", 4),
        "partly": ((START, TOTAL), "graded", 1),
        "stub": ((START, "total = ...", "def mean(values):\n    ..."), "graded", 0),
        "wrong": ((START, "total = 1", "def mean(v): return 0", "name = 1"), "graded", 0),
        "one cell fails": ((START, "1 / 0", TOTAL, MEAN, NAME), "graded", 4),
        "syntax error": ((START, "def (:", TOTAL), "graded", 1),
        "endless loop": ((START, TOTAL, "while True: pass", NAME), "timed out", 2),
        "sleep": ((START, "import time; time.sleep(60)", NAME), "timed out", 1),
        "catches the limit": (
            (START, "while True:\n    try:\n        while True: pass\n    except: pass"),
            "timed out",
            0,
        ),
        "huge output": ((*good, "for _ in range(300): print('x' * 100_000)"), "graded", 4),
        "six gigabytes": ((*good, "big = bytearray(6 * 2**30)"), "graded", 4),
        "many arrays": ((*good, "kept = []\nwhile True: kept.append(bytes(2**26))"), "graded", 4),
        "fork bomb": ((*good, FORKS), "graded", 4),
        "daemon": ((*good, DAEMON), "graded", 4),
        "disk": ((*good, DISK), "graded", 4),
        "network": ((*good, NETWORK.format(port=port), "done = 1"), "graded", 4),
        "nosy": ((NOSY.format(places=places), *good), "graded", 4),
        "writes": ((WRITES.format(places=places), *good), "graded", 4),
        "shell": ((*good, "!touch " + sentinel + ".shell; rm -rf / 2>/dev/null"), "graded", 4),
        "forged values": ((YES,), "graded", 0),
        "forged results": ((FORGE,), "flagged", 0),
        "forged checks": (
            ("import builtins\nbuiltins.eval = lambda *a: 1\nbuiltins.print = None",),
            "graded",
            0,
        ),
        "os._exit": ((*good, "import os; os._exit(0)"), "crashed", 0),
        "sys.exit": ((*good, "import sys; sys.exit(0)"), "graded", 4),
        "exit": ((*good, "exit()"), "graded", 4),
        # The first process of a sandbox cannot be ended from inside, nor can one end itself so.
        "kills all": ((*good, "import os, signal; os.kill(-1, signal.SIGKILL)"), "graded", 4),
        "kills its parent": (
            (*good, "import os, signal; os.kill(os.getppid(), signal.SIGKILL)"),
            "graded",
            4,
        ),
        "kills itself": (
            (*good, "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"),
            "crashed",
            0,
        ),
        "segfault": ((*good, "import ctypes; ctypes.string_at(0)"), "crashed", 0),
        "recursion": ((*good, "def f(): return f()\nf()"), "graded", 4),
        "input": ((*good, "answer = input('?')"), "graded", 4),
        "nan": ((START, "total = float('nan')", NAME), "graded", 1),
        "text for a number": ((START, "total = '5050'", NAME), "graded", 1),
        "truth for a number": ((START, "total = True", MEAN), "graded", 2),
        "endless probe": ((START, TOTAL, "def mean(v):\n    while True: pass"), "timed out", 1),
        "probe exits": ((START, TOTAL, "def mean(v):\n    import os; os._exit(0)"), "graded", 1),
        "no plain value": ((START, "total = object()", NAME), "graded", 1),
        "huge value": ((START, "total = [0] * 10**7", NAME), "graded", 1),
        "bottomless value": ((START, "total = []\ntotal.append(total)", NAME), "graded", 1),
        "pickle": ((START, TOTAL, PICKLE.format(sentinel=sentinel)), "graded", 1),
        "no cells left": ((), "unreadable", 0),
    }


def write_class(folder: Path, cases: dict[str, tuple[tuple, str, float]]) -> dict[str, tuple]:
    """Write a class's notebooks; return student to (status, found)."""
    due = {}
    for student, (cells, status, found) in cases.items():
        (folder / f"{student}.ipynb").write_bytes(notebook(*cells))
        due[student] = status, found
    good = notebook(*SOLUTION)
    files = {
        "truncated": (good[:-40], "unreadable", 0),
        "empty": (b"", "unreadable", 0),
        "eleven megabytes": (b" " * (11 * 2**20), "unreadable", 0),
        "foreign kernel": (notebook(*SOLUTION, kernel="ir"), "graded", 4),
        "markdown": (notebook(), "unreadable", 0),
    }
    for student, (content, status, found) in files.items():
        (folder / f"{student}.ipynb").write_bytes(content)
        due[student] = status, found
    (folder / "link.ipynb").symlink_to("/etc/passwd")
    due["link"] = "unreadable", 0
    (folder / os.fsdecode(b"ad\xe9.ipynb")).write_bytes(good)
    due["ad\\xe9"] = "graded", 4
    # Renamed, and handed in twice: the later counts.
    (folder / "twice").mkdir()
    for name, cells, at in (("first", (START,), 1_000), ("last", SOLUTION, 2_000)):
        path = folder / "twice" / f"{name}.ipynb"
        path.write_bytes(notebook(*cells))
        os.utime(path, (at, at))
    due["twice"] = "graded", 4
    return due
