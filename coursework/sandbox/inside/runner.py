"""Run one notebook, then answer questions about it.

It reads a job from standard input (JSON), and writes what it finds to standard
output, one JSON object a line; what the notebook prints goes to standard error.

The student's code runs in this very process, so nothing that comes out of it
is proof of anything: it is data, to be compared by the grader outside. A job
holds neither an expected value nor a question. The questions (*probes*) come
one by one, each when it is asked for, after the last cell. By then the grader
throws away whatever is printed: who sees a question cannot pass it on.

Each probe is evaluated in a fork of the finished notebook, killed when its
time is over. So a probe that hangs or ends the process costs only itself, no
probe sees what another one changed, and no thread of the notebook lives there.
"""

import contextlib
import json
import os
import resource
import select
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from types import FrameType
from typing import Any

from .meter import Meter, everybody, family
from .plain import MOST_BYTES, NotPlainError, plain

# How often a running cell or probe is looked at.
_OFTEN = 0.2
_SPARE_FILES = 32


class CellTimeoutError(BaseException):
    """A cell's time is over. No Exception, so that ``except Exception`` lets it pass."""

    #: Whether only the clock on the wall says so.
    starved = False


def _limit(job: Mapping[str, Any]) -> None:
    """Bound what this process may use, and become nobody, for good."""
    limits = {
        resource.RLIMIT_AS: job["memory_bytes"],
        resource.RLIMIT_CPU: job["cpu_seconds"],
        resource.RLIMIT_FSIZE: job["file_bytes"],
        resource.RLIMIT_NOFILE: job["open_files"] + _SPARE_FILES,
        resource.RLIMIT_CORE: 0,
    }
    # The kernel's queues of messages, and memory that is locked.
    for name in ("RLIMIT_MSGQUEUE", "RLIMIT_MEMLOCK"):
        if hasattr(resource, name):
            limits[getattr(resource, name)] = 0
    if job["processes"] is not None:
        limits[resource.RLIMIT_NPROC] = job["processes"]
    for which, most in limits.items():
        hard = resource.getrlimit(which)[1]
        # Where the host itself allows less, that is what there is.
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        # A few files are kept back for the probes, should the notebook have all of its own open.
        least = most - _SPARE_FILES if which == resource.RLIMIT_NOFILE else most
        resource.setrlimit(which, (least, most))
    os.umask(0o022)
    uid = job["uid"]
    if uid is not None:
        os.setgroups([])
        os.setresgid(uid, uid, uid)
        os.setresuid(uid, uid, uid)


@contextlib.contextmanager
def _at_most(seconds: float, wall: float, meter: Meter) -> Iterator[list[CellTimeoutError]]:
    """Interrupt what takes more of its time, again and again should it catch that.

    Parameters
    ----------
    seconds
        Of the processor, and idle ones.
    wall
        Of the clock, long after that: for what neither of the two sees.
    meter
        Of all that the notebook runs.

    Yields
    ------
    list of CellTimeoutError
        The interruptions so far.
    """
    meter.look()
    spent, began = meter.spent, time.monotonic()
    interrupted: list[CellTimeoutError] = []

    def over(_signal: int, _frame: FrameType | None) -> None:
        meter.look()
        late = CellTimeoutError(f"longer than {seconds:g} s")
        late.starved = meter.spent - spent <= seconds
        if not late.starved or time.monotonic() - began > wall:
            interrupted.append(late)
            raise late

    signal.signal(signal.SIGALRM, over)
    signal.setitimer(signal.ITIMER_REAL, _OFTEN, _OFTEN)
    try:
        yield interrupted
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _short(error: BaseException) -> str:
    try:
        text = str(error)
    except BaseException:
        text = "(its text cannot be shown)"
    return f"{type(error).__name__}: {text}"[:500]


def make_shell() -> Any:
    """Return an IPython shell: magics, ``display`` and ``await`` work, without a kernel.

    A kernel process and its sockets would cost half a second more and hold
    nothing better: the sandbox is around both.
    """
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    config = Config()
    config.HistoryManager.enabled = False
    config.InteractiveShell.colors = "nocolor"
    config.InteractiveShell.xmode = "Context"
    shell = InteractiveShell.instance(config=config)

    def ask_exit() -> None:
        raise SystemExit("exit() ends a notebook's cell here")

    shell.ask_exit = ask_exit  # type: ignore[attr-defined]
    # A shell without a window refuses one, and %matplotlib then ends the cell that imports all.
    # Whatever window it names, or none, pictures are drawn where nobody looks.
    draw_inline: Callable[[str], Any] = shell.enable_matplotlib
    shell.enable_gui = lambda gui=None: None  # type: ignore[method-assign]
    shell.enable_matplotlib = lambda gui=None: draw_inline("inline")  # type: ignore[method-assign]
    shell.user_ns["__name__"] = "__main__"
    return shell


def run_cells(
    shell: Any,
    cells: list[str],
    seconds: tuple[float, float],
    meter: Meter,
    tell: Callable[..., None],
) -> None:
    """Run the cells one after the other; one that fails is told, and the next runs.

    Parameters
    ----------
    shell
        An IPython shell.
    cells
        Their sources.
    seconds
        What one cell may take, and what it may take of the clock.
    meter
        Of all that the notebook runs.
    tell
        Called with what there is to say.
    """
    here = os.getpid()
    for number, source in enumerate(cells, start=1):
        tell(cell=number)
        error: BaseException | None = None
        interrupted: list[CellTimeoutError] = []
        try:
            with _at_most(*seconds, meter) as interrupted:
                result = shell.run_cell(source, store_history=True)
            error = result.error_before_exec or result.error_in_exec
        except BaseException as raised:
            error = raised
        if os.getpid() != here:
            # A cell has forked, and this is the copy: one notebook is enough.
            os._exit(0)
        if error is not None:
            # The second interruption may meet IPython as it tells of the first, and comes out as
            # an error of IPython's own.
            error = next(iter(interrupted), error)
            late = isinstance(error, CellTimeoutError)
            starved = isinstance(error, CellTimeoutError) and error.starved
            tell(cell=number, error=_short(error), late=late, starved=starved)


def _question(questions: int, number: int) -> str:
    """Read the expression of a probe; one that an ended fork has left is passed over."""
    line = b""
    while True:
        one = os.read(questions, 1)
        if one not in (b"\n", b""):
            line += one
            continue
        asked = json.loads(line)
        if asked["number"] == number:
            return str(asked["expression"])
        line = b""


def _answer(shell: Any, questions: int, number: int) -> bytes:
    """Evaluate an expression in the notebook; return what to tell about it."""
    try:
        code = compile(_question(questions, number), "<probe>", "eval")
        answer = json.dumps({"value": plain(eval(code, shell.user_ns))}).encode()
        if len(answer) <= MOST_BYTES:
            return answer
        problem = f"more than {MOST_BYTES} bytes, expected a short answer"
    except NotPlainError as error:
        problem = str(error)
    except BaseException as error:
        problem = _short(error)
    return json.dumps({"problem": problem}).encode()


def evaluate(
    shell: Any, questions: int, number: int, seconds: tuple[float, float], channel: int
) -> dict[str, Any]:
    """Evaluate one probe in a fork of this process, for at most so many seconds.

    Parameters
    ----------
    shell
        An IPython shell.
    questions
        Where the expression comes from.
    number
        Of the probe.
    seconds
        What it may take of processor and idle time, and what of the clock.
    channel
        Where only this process writes.

    Returns
    -------
    dict
        ``value``, or ``problem`` in words, whether it was ``late``, and whether the clock alone
        says so (``starved``).
    """
    # The grader too may have to wait for the processor, and that is not the notebook's time.
    select.select([questions], [], [], seconds[1])
    sys.stdout.flush()
    reading, writing = os.pipe()
    try:
        child = os.fork()
    except OSError as error:
        os.close(reading)
        os.close(writing)
        return {"problem": f"could not be evaluated: {_short(error)}"}
    if child == 0:
        try:
            os.setpgid(0, 0)
            os.close(channel)
            os.close(reading)
            with os.fdopen(writing, "wb") as pipe:
                pipe.write(_answer(shell, questions, number))
        finally:
            os._exit(0)
    os.close(writing)
    text, problem = _listen(reading, seconds, Meter(lambda: family(child)))
    os.close(reading)
    for kill in (os.killpg, os.kill):
        with contextlib.suppress(OSError):
            kill(child, signal.SIGKILL)
    with contextlib.suppress(OSError):
        os.waitpid(child, 0)
    if problem:
        return problem
    try:
        answer = json.loads(text)
        return answer if isinstance(answer, dict) else {"problem": "gave no answer"}
    except ValueError:
        return {"problem": "ended the process, or wrote no answer"}


def _listen(
    reading: int, seconds: tuple[float, float], meter: Meter
) -> tuple[bytes, dict[str, Any]]:
    """Read an answer until its end or until its time is over; return it, or what was wrong."""
    text = b""
    deadline = time.monotonic() + seconds[1]
    look = 0.0
    while True:
        if select.select([reading], [], [], _OFTEN)[0]:
            more = os.read(reading, 65536)
            text += more
            if not more or len(text) > MOST_BYTES + 1000:
                return text, {}
        now = time.monotonic()
        if now < look:
            continue
        look = now + _OFTEN
        meter.look()
        starved = now > deadline
        if meter.spent > seconds[0] or starved:
            problem = f"took longer than {seconds[0]:g} s"
            return b"", {"problem": problem, "late": True, "starved": starved}


def main() -> None:
    """Do the job on standard input."""
    job = json.loads(sys.stdin.buffer.read())
    channel = os.dup(1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(2, 1)
    _limit(job)
    here = os.getpid()

    def tell(**what: object) -> None:
        if os.getpid() == here:
            line = json.dumps(what).encode() + b"\n"
            while line:
                line = line[os.write(channel, line) :]

    sys.path.insert(0, "")
    shell = make_shell()
    alone, me = job["alone"], threading.get_native_id()
    meter = Meter(everybody if alone else lambda: family(here), me)
    tell(ready=True)
    run_cells(shell, job["cells"], job["cell_seconds"], meter, tell)
    sys.stdout.flush()
    if alone:
        # What the notebook has left running would take processes and time from the answers. In a
        # sandbox "all processes" are its own; this one is spared by the call itself.
        with contextlib.suppress(OSError):
            os.kill(-1, signal.SIGKILL)
            # Dead children count as processes until somebody has asked after them.
            while True:
                os.waitpid(-1, 0)
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    tell(finished=True)
    for number, seconds in enumerate(job["probes"]):
        tell(ask=number)
        tell(probe=number, **evaluate(shell, job["questions"], number, seconds, channel))
    tell(end=True)
    # Not sys.exit: what the notebook left to be done at the end is of no interest.
    os._exit(0)
