"""One bubblewrap sandbox per submission.

Inside there is the system and the Python environment, read-only, the package
``launchlab``, this assignment's public checks and ``runner.py``: no network,
no home, no other submission, no solution, no test that is not public. What can
be written lies in memory, in file systems of fixed size, and goes with the
sandbox. The processes run as nobody in particular, with limits of memory,
processes, time and output.

bubblewrap limits neither memory nor processes. Each process limits its own
address space (``runner.py``), and the grader looks every tenth of a second at
what all of them use together. As root a limit of processes would not hold, so
the runner first becomes another user; where root has no such right, or nobody
is root, the sandbox is a user namespace.
"""

import contextlib
import functools
import importlib.util
import json
import os
import selectors
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from coursework import seccomp

CHECKOUT = Path(__file__).resolve().parents[1]
RUNNER = Path(__file__).with_name("runner.py")
HOME = "/home/student"
RUNNER_INSIDE = "/grader/runner.py"
#: The course's page that says what to do on hosts without bubblewrap.
RECIPE = 'the container recipe in the book\'s part "For instructors"'
# Of /etc only what programs need to start, to know the time and to find a font.
_ETC = ("ld.so.cache", "ld.so.conf", "ld.so.conf.d", "localtime", "fonts", "alternatives")
_SYSTEM = ("bin", "sbin", "lib", "lib32", "lib64", "libx32")
# User numbers that neither Debian nor systemd gives to anybody.
_FIRST_UID, _UIDS = 61200, 700
_MB = 1 << 20
_HEAD, _TAIL = 16_000, 32_000
_MOST_RESULTS = 8_000_000

Mode = Literal["root", "user", "unsafe"]


class SandboxError(Exception):
    """There is no sandbox on this machine; the message says what to do."""


@dataclass(frozen=True)
class Limits:
    """What one submission may use.

    Parameters
    ----------
    memory_mb
        Address space of each process, and memory of all together, in MB of
        2**20 bytes.
    processes
        Processes and threads at one time.
    files_mb
        Size of the home folder; that of ``/tmp`` and of shared memory is a
        quarter of it each.
    start_seconds
        Until the first cell runs.
    """

    memory_mb: int = 4096
    processes: int = 64
    files_mb: int = 256
    start_seconds: float = 60.0

    def __post_init__(self) -> None:
        for name in ("memory_mb", "processes", "files_mb", "start_seconds"):
            if not getattr(self, name) > 0:
                raise ValueError(f"{name} is {getattr(self, name)!r}, expected more than 0")


@dataclass(frozen=True)
class Job:
    """One run of one notebook.

    Parameters
    ----------
    cells
        The sources of its code cells.
    probes
        Expressions, each with its seconds.
    run_seconds, cell_seconds
        How long all cells and one cell may take.
    seed
        What the notebook reads as ``LAUNCHLAB_CLASS_SEED``.
    tests
        Public checks: file name to content, put beside the notebook.
    """

    cells: tuple[str, ...]
    probes: tuple[tuple[str, float], ...]
    run_seconds: float
    cell_seconds: float
    seed: int = 0
    tests: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True)
class Ran:
    """What came out of a sandbox: text to be judged, nothing to be believed.

    Parameters
    ----------
    results
        What the runner wrote, one JSON object a line.
    log
        What the notebook printed: its beginning and its end.
    killed
        Why the sandbox was ended, or an empty text.
    code
        The exit code of its first process; 128 and more is a signal.
    most_processes
        The most processes seen at one time.
    seconds, cpu_seconds
        Time from start to end; and of the processor, as last seen before the end, which a tenth of
        a second at most is missing from.
    """

    results: bytes
    log: str
    killed: str
    code: int
    most_processes: int
    seconds: float
    cpu_seconds: float


def _system() -> Iterator[str]:
    """Mount the programs and libraries of this machine, read-only."""
    yield from ("--ro-bind", "/usr", "/usr")
    for name in _SYSTEM:
        path = Path("/", name)
        if path.is_symlink():
            yield from ("--symlink", os.readlink(path), str(path))
        elif path.is_dir():
            yield from ("--ro-bind", str(path), str(path))
    for name in _ETC:
        yield from ("--ro-bind-try", f"/etc/{name}", f"/etc/{name}")


def _shown() -> list[str]:
    """Return the folders of Python and of the package, outermost first."""
    found = importlib.util.find_spec("launchlab")
    package = list(found.submodule_search_locations or ()) if found else []
    folders = {os.path.abspath(path) for path in (sys.base_prefix, sys.prefix, *package)}
    return sorted(folders - {"/", "/usr"})


def _within(path: str, folder: str) -> bool:
    return os.path.commonpath([path, folder]) == folder


def _mounts(hidden: Sequence[Path]) -> Iterator[str]:
    """Mount what is shown, with an empty folder over each hidden one that lies in it."""
    covers = sorted({os.path.realpath(path) for path in hidden} - {"/"})
    shown = _shown()

    def cover(path: str) -> Iterator[str]:
        if os.path.isdir(path):
            yield from ("--tmpfs", path, "--remount-ro", path)
        elif os.path.exists(path):
            yield from ("--ro-bind", os.devnull, path)

    yield from _system()
    # Folders on the way would be made for their owner alone, and the student is another user.
    ways = {str(way) for path in shown for way in Path(path).parents} - {"/", "/usr"}
    for path in (*sorted(ways), "/home", "/grader"):
        if not _within(path, "/usr"):
            yield from ("--perms", "0755", "--dir", path)
    # A hidden folder may hold a shown one (a checkout its package), so it comes before it ...
    for path in covers:
        if _within(path, "/usr") and path != "/usr":
            yield from cover(path)
    for path in shown:
        yield from ("--ro-bind", path, path)
    # ... and one inside a shown one after it.
    for path in covers:
        if any(_within(path, folder) and path != folder for folder in shown):
            yield from cover(path)


def _environment(seed: int, home: str) -> dict[str, str]:
    one = ("OMP", "OPENBLAS", "MKL", "NUMEXPR", "VECLIB_MAXIMUM")
    return {
        "PATH": f"{sys.prefix}/bin:/usr/bin:/bin",
        "HOME": home,
        "USER": "student",
        "LANG": "C.UTF-8",
        "TZ": "UTC",
        # The order of a set of texts must not change a mark.
        "PYTHONHASHSEED": "0",
        "MPLBACKEND": "Agg",
        "LAUNCHLAB_CLASS_SEED": str(seed),
        "LAUNCHLAB_GRADING": "1",
        "LOKY_MAX_CPU_COUNT": "1",
        **{f"{name}_NUM_THREADS": "1" for name in one},
    }


@functools.cache
def _bwrap_says() -> str:
    """Return what ``bwrap --help`` prints, or nothing where there is none."""
    path = shutil.which("bwrap")
    if path is None:
        return ""
    return subprocess.run([path, "--help"], capture_output=True, text=True, check=False).stdout


def command(
    mode: Mode, limits: Limits, tests: Path, hidden: Sequence[Path], seed: int
) -> list[str]:
    """Return the command that makes the sandbox, without the program to run in it.

    Parameters
    ----------
    mode
        ``root`` leaves it to the runner to become another user; ``user``
        makes a user namespace.
    limits
        Of them, the sizes of what can be written.
    tests
        Folder of the public checks.
    hidden
        Files and folders that must not be seen, wherever they lie.
    seed
        As the notebook reads it.
    """
    spaces = ["--unshare-all", "--unshare-user", "--uid", "1000", "--gid", "1000"]
    if mode == "root":
        spaces = [f"--unshare-{kind}" for kind in ("ipc", "pid", "net", "uts", "cgroup-try")]
        spaces += ["--cap-drop", "ALL", "--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
    elif "--disable-userns" in _bwrap_says():
        spaces += ["--disable-userns"]
    size, part = str(limits.files_mb * _MB), str(limits.files_mb * _MB // 4)
    environment = _environment(seed, HOME)
    return [
        shutil.which("bwrap") or "bwrap",
        *spaces,
        *("--die-with-parent", "--new-session", "--hostname", "sandbox", "--clearenv"),
        *(text for item in environment.items() for text in ("--setenv", *item)),
        # What can be written comes first: the course itself may lie below /tmp or this very home.
        *("--perms", "1777", "--size", part, "--tmpfs", "/tmp"),
        *("--perms", "0755", "--dir", "/home"),
        *("--perms", "0777", "--size", size, "--tmpfs", HOME),
        *_mounts(hidden),
        *("--proc", "/proc", "--dev", "/dev"),
        *("--perms", "1777", "--size", part, "--tmpfs", "/dev/shm", "--remount-ro", "/dev"),
        *("--ro-bind", str(tests), f"{HOME}/tests"),
        *("--ro-bind", str(RUNNER), RUNNER_INSIDE),
        # The root of a sandbox is itself memory, and would be without limit.
        *("--remount-ro", "/", "--chdir", HOME),
    ]


def run(job: Job, mode: Mode, *, limits: Limits | None = None, hidden: Sequence[Path] = ()) -> Ran:
    """Run a notebook in a sandbox of its own, and wait for its end.

    Parameters
    ----------
    job
        What to run.
    mode
        As ``find_mode`` found it.
    limits
        The defaults of ``Limits``, if left out.
    hidden
        Files and folders that must not be seen; home and this checkout (but
        its package) never are.
    """
    limits = limits or Limits()
    wall = limits.start_seconds + job.run_seconds + sum(2 + seconds for _, seconds in job.probes)
    uid = None
    if mode == "root":
        # One user a sandbox, as the limit of processes counts those of a user.
        uid = _FIRST_UID + (os.getpid() * 31 + threading.get_native_id()) % _UIDS
    order = {
        "cells": job.cells,
        "cell_seconds": job.cell_seconds,
        "probes": job.probes,
        "memory_bytes": limits.memory_mb * _MB,
        "cpu_seconds": int(4 * wall) + 1,
        "file_bytes": limits.files_mb * _MB,
        # Outside a namespace the limit would count whatever else this user runs.
        "processes": None if mode == "unsafe" else limits.processes,
        "uid": uid,
        "alone": mode != "unsafe",
    }
    with tempfile.TemporaryDirectory(prefix="launchlab-grade-") as scratch:
        folder = Path(scratch)
        (folder / "tests").mkdir()
        for name, content in job.tests.items():
            (folder / "tests" / Path(name).name).write_bytes(content)
        python = [sys.executable, "-P", "-s", "-B"]
        with contextlib.ExitStack() as stack:
            if mode == "unsafe":
                full = [*python, str(RUNNER)]
                environment, passed = _environment(job.seed, scratch), list[int]()
            else:
                full = command(
                    mode, limits, folder / "tests", [CHECKOUT, Path.home(), *hidden], job.seed
                )
                environment, passed = {}, list(_filters(stack))
                full += [part for fd in passed for part in ("--seccomp", str(fd))]
                full += ["--", *python, RUNNER_INSIDE]
            stdin = stack.enter_context(tempfile.TemporaryFile())
            stdin.write(json.dumps(order).encode())
            stdin.seek(0)
            started = time.monotonic()
            process = subprocess.Popen(
                full,
                stdin=stdin,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env=environment,
                cwd=scratch,
                pass_fds=passed,
                start_new_session=True,
            )
            return _Watch(process, job, limits, started).until_the_end()


def _filters(stack: contextlib.ExitStack) -> Iterator[int]:
    """Open the filter of system calls for bubblewrap to read."""
    program = seccomp.program()
    if program is not None:
        file = stack.enter_context(tempfile.TemporaryFile())  # noqa: SIM115 - the stack closes it
        file.write(program)
        file.seek(0)
        yield file.fileno()


class _Watch:
    """Reads what a sandbox writes, and ends it when a limit is reached."""

    def __init__(
        self, process: subprocess.Popen[bytes], job: Job, limits: Limits, started: float
    ) -> None:
        self.process = process
        self.job = job
        self.limits = limits
        self.started = started
        self.deadline = started + limits.start_seconds
        self.late = f"did not start within {limits.start_seconds:g} s"
        self.results = bytearray()
        self.head = bytearray()
        self.tail = bytearray()
        self.printed = 0
        self.most = 0
        self.cpu = 0.0
        self.killed = ""
        self.phases = [b'{"ready": true}', b'{"finished": true}', b'{"end": true}']

    def until_the_end(self) -> Ran:
        """Watch; return what there is to know."""
        assert self.process.stdout is not None and self.process.stderr is not None
        with selectors.DefaultSelector() as selector, self.process:
            selector.register(self.process.stdout, selectors.EVENT_READ, self._take_results)
            selector.register(self.process.stderr, selectors.EVENT_READ, self._take_log)
            look = self.started
            while selector.get_map():
                for key, _ in selector.select(0.1):
                    data = os.read(key.fd, 1 << 16)
                    if data:
                        key.data(data)
                    else:
                        selector.unregister(key.fileobj)
                now = time.monotonic()
                if now > self.deadline:
                    # A pipe may outlive the sandbox by a moment, and never by more.
                    if self.killed or not self.phases:
                        break
                    self._kill(self.late)
                elif now > look:
                    look = now + 0.1
                    self._look()
            code = self._reap()
        return Ran(
            bytes(self.results),
            self._log(),
            self.killed,
            code,
            self.most,
            time.monotonic() - self.started,
            self.cpu,
        )

    def _take_results(self, data: bytes) -> None:
        before = len(self.results)
        if before > _MOST_RESULTS:
            self._kill("wrote more results than it was asked for")
            return
        self.results += data
        # A line may have come in two parts.
        new = bytes(self.results[max(0, before - 20) :])
        while self.phases and self.phases[0] + b"\n" in new:
            self.phases.pop(0)
            self.deadline = time.monotonic() + self._allowed()

    def _allowed(self) -> float:
        """Return the seconds of the phase that begins."""
        if len(self.phases) == 2:
            self.late = f"ran longer than {self.job.run_seconds:g} s"
            return self.job.run_seconds
        if len(self.phases) == 1:
            self.late = "its answers took longer than all of them may"
            return sum(seconds + 2 for _, seconds in self.job.probes) + 2
        return 2

    def _take_log(self, data: bytes) -> None:
        self.printed += len(data)
        room = _HEAD - len(self.head)
        self.head += data[:room] if room > 0 else b""
        self.tail += data[max(room, 0) :]
        if len(self.tail) > 4 * _TAIL:
            del self.tail[:-_TAIL]

    def _log(self) -> str:
        del self.tail[:-_TAIL]
        left_out = self.printed - len(self.head) - len(self.tail)
        middle = f"\n... {left_out} bytes left out ...\n".encode() if left_out else b""
        text = (bytes(self.head) + middle + bytes(self.tail)).decode("utf-8", "replace")
        # Control characters would make a page of it unreadable, and XML invalid.
        return "".join(c if c.isprintable() or c in "\n\t" else "�" for c in text)

    def _kill(self, why: str) -> None:
        if not self.killed:
            self.killed = why
            self.deadline = time.monotonic() + 5
        self._end()

    def _end(self) -> None:
        """End bubblewrap, with which the whole sandbox ends; or the process group."""
        with contextlib.suppress(OSError):
            os.killpg(self.process.pid, signal.SIGKILL)

    def _reap(self) -> int:
        """Wait for the process; return its code."""
        patience = time.monotonic() + 1
        while True:
            pid, status = os.waitpid(self.process.pid, os.WNOHANG)
            if pid:
                break
            if time.monotonic() > patience:
                self._end()
            time.sleep(0.005)
        self._end()
        code = os.waitstatus_to_exitcode(status)
        self.process.returncode = code
        return 128 - code if code < 0 else code

    def _look(self) -> None:
        """Count the processes of the sandbox and add up their memory and processor time."""
        family = _family(self.process.pid)
        self.most = max(self.most, len(family))
        # Nobody waits for what runs inside, so the kernel hands its time to nobody at the end.
        self.cpu = max(self.cpu, sum(map(_processor, family)))
        most = self.limits.memory_mb * _MB
        if sum(map(_resident, family)) > most and sum(map(_proportional, family)) > most:
            self._kill(f"used more than {self.limits.memory_mb} MB of memory")


def _family(pid: int) -> list[int]:
    """Return a process and all its descendants, as far as they can be seen."""
    family, left = [], [pid]
    while left:
        one = left.pop()
        family.append(one)
        with contextlib.suppress(OSError):
            for thread in os.listdir(f"/proc/{one}/task"):
                text = Path(f"/proc/{one}/task/{thread}/children").read_text()
                left += map(int, text.split())
    return family


def _processor(pid: int) -> float:
    """Return the seconds of processor of a process and of its ended children."""
    with contextlib.suppress(OSError, ValueError, IndexError):
        # What stands in brackets is a name, and may hold anything.
        after = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return sum(map(int, after[11:15])) / os.sysconf("SC_CLK_TCK")
    return 0.0


def _resident(pid: int) -> int:
    """Return the bytes of memory of a process; what is shared counts for each."""
    with contextlib.suppress(OSError, ValueError, IndexError):
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    return 0


def _proportional(pid: int) -> int:
    """Return the bytes of memory of a process, its part of what is shared."""
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    except OSError:
        return _resident(pid)
    return 0


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
    len(socket.if_nameindex()) > 1,
    _attempt(_forks),
]
"""
_WANTED = {
    0: (True, "a file could not be written in the home folder"),
    1: (False, "a file could be written beside the home folder"),
    2: (False, "the graders' folder could be read"),
    3: (False, "the network could be reached"),
    4: (False, "there is a network device"),
    5: (False, "more processes than allowed could be started"),
}


def trial(mode: Mode) -> str:
    """Try one sandbox; return what is wrong with it, or an empty text."""
    cell = _TRIAL.format(checkout=str(CHECKOUT))
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


@functools.cache
def find_mode() -> Mode:
    """Return how sandboxes are made on this machine, after trying one.

    Raises
    ------
    SandboxError
        When bubblewrap is missing or does not hold what it must.
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
            return mode
        troubles.append(trouble)
    raise SandboxError(
        f"bubblewrap makes no safe sandbox here ({' / '.join(troubles)}). Use {RECIPE}."
    )
