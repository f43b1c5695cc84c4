"""Run one notebook and evaluate probes in it. This file alone goes into the sandbox.

It reads a job from standard input (JSON), and writes what it finds to standard
output, one JSON object a line; what the notebook prints goes to standard error.

The student's code runs in this very process, so nothing that comes out of it
is proof of anything: it is data, to be compared by the grader outside. A job
holds no expected value. For the same reason nothing here tries to hide from
the student's code; it only has to be fair to the honest.

Each probe is evaluated in a fork of the finished notebook, killed when its
time is over. So a probe that hangs or ends the process costs only itself, and
no probe sees what another one changed.

How values become plain JSON
----------------------------
Numbers are not rounded, since they are compared within a tolerance.
A numpy scalar becomes a Python number, an array (also a pandas index or
column type) a list, a tuple or range a list, a set a sorted list. A pandas
Series becomes a list when its labels are 0, 1, 2, ..., else an object from
label to value; a DataFrame an object from column to such a Series. The keys of
an object become texts, those of a tuple joined by ", ". ``pd.NA`` and ``NaT``
become NaN, a date its ISO text, a time difference seconds, decimals and
fractions numbers. Everything else is refused by its type's name.
"""

import contextlib
import datetime
import decimal
import fractions
import json
import os
import resource
import select
import signal
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from types import FrameType
from typing import Any

#: The most values in one answer, and the most bytes of it.
MOST_VALUES = 100_000
MOST_BYTES = 1_000_000
DEEPEST = 20


class NotPlainError(Exception):
    """A value that has no plain JSON form."""


class CellTimeoutError(BaseException):
    """A cell's time is over. No Exception, so that ``except Exception`` lets it pass."""


def plain(value: object) -> Any:
    """Return ``value`` as plain JSON data, as this module's docstring says.

    Raises
    ------
    NotPlainError
        When it has no such form, or is larger than an answer may be.
    """
    left = MOST_VALUES

    def count(more: int = 1) -> None:
        nonlocal left
        left -= more
        if left < 0:
            raise NotPlainError(f"more than {MOST_VALUES} values, expected a short answer")

    def convert(value: object, depth: int) -> Any:
        count()
        if depth > DEEPEST:
            raise NotPlainError(f"nested deeper than {DEEPEST} levels")
        if value is None or value is True or value is False:
            return value
        if isinstance(value, str):
            count(len(value) // 10)
            return str.__str__(value)
        if isinstance(value, int):
            return int.__int__(value)
        if isinstance(value, float):
            return float.__float__(value)
        if isinstance(value, decimal.Decimal | fractions.Fraction):
            return float(value)
        if isinstance(value, datetime.date):
            return str(value) if str(value) == "NaT" else value.isoformat()
        if isinstance(value, datetime.timedelta):
            return value.total_seconds()
        if isinstance(value, Mapping):
            return table(value.items(), depth)
        if isinstance(value, set | frozenset):
            parts = [convert(part, depth + 1) for part in value]
            return sorted(parts, key=lambda part: (type(part).__name__, repr(part)))
        if isinstance(value, list | tuple | range):
            return [convert(part, depth + 1) for part in value]
        return of_library(value, depth)

    def table(items: Any, depth: int) -> dict[str, Any]:
        out: dict[str, Any] = {}
        for key, part in items:
            name = label(key)
            if name in out:
                raise NotPlainError(f"two keys are written {name!r}")
            out[name] = convert(part, depth + 1)
        return out

    def label(key: object) -> str:
        if isinstance(key, tuple):
            return ", ".join(label(part) for part in key)
        return str(convert(key, DEEPEST))

    def of_library(value: Any, depth: int) -> Any:
        # A library that nobody imported has no values here, and importing it costs a second.
        numpy, pandas = sys.modules.get("numpy"), sys.modules.get("pandas")
        if pandas is not None:
            if value is pandas.NA or value is pandas.NaT:
                return float("nan")
            if isinstance(value, pandas.DataFrame):
                return table(((name, value[name]) for name in value.columns), depth)
            if isinstance(value, pandas.Series):
                count(len(value))
                if list(value.index) == list(range(len(value))):
                    return [convert(part, depth + 1) for part in value.tolist()]
                return table(value.items(), depth)
            if isinstance(value, pandas.Index | pandas.api.extensions.ExtensionArray):
                return [convert(part, depth + 1) for part in value.tolist()]
        if numpy is not None:
            if isinstance(value, numpy.datetime64 | numpy.timedelta64):
                return float("nan") if numpy.isnat(value) else str(value)
            if isinstance(value, numpy.floating | numpy.integer | numpy.bool_):
                item = value.item()
                return convert(float(value) if isinstance(item, numpy.generic) else item, depth)
            if isinstance(value, numpy.ndarray):
                count(value.size)
                return convert(value.tolist(), depth)
        kind = type(value)
        raise NotPlainError(f"a value of type {kind.__name__}, expected plain data")

    return convert(value, 0)


def _limit(job: Mapping[str, Any]) -> None:
    """Bound what this process may use, and become nobody, for good."""
    limits = {
        resource.RLIMIT_AS: job["memory_bytes"],
        resource.RLIMIT_CPU: job["cpu_seconds"],
        resource.RLIMIT_FSIZE: job["file_bytes"],
        resource.RLIMIT_CORE: 0,
    }
    if job["processes"] is not None:
        limits[resource.RLIMIT_NPROC] = job["processes"]
    for which, most in limits.items():
        hard = resource.getrlimit(which)[1]
        # Where the host itself allows less, that is what there is.
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(which, (most, most))
    # When the machine's memory runs out, this is what the kernel should end first.
    with contextlib.suppress(OSError), open("/proc/self/oom_score_adj", "w") as file:
        file.write("1000")
    uid = job["uid"]
    if uid is not None:
        os.setgroups([])
        os.setresgid(uid, uid, uid)
        os.setresuid(uid, uid, uid)


@contextlib.contextmanager
def _at_most(seconds: float) -> Iterator[None]:
    """Interrupt what runs longer, again each second should it catch that."""

    def over(_signal: int, _frame: FrameType | None) -> None:
        raise CellTimeoutError(f"longer than {seconds:g} s")

    signal.signal(signal.SIGALRM, over)
    signal.setitimer(signal.ITIMER_REAL, seconds, 1.0)
    try:
        yield
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
    shell.user_ns["__name__"] = "__main__"
    return shell


def run_cells(shell: Any, cells: list[str], cell_seconds: float, tell: Callable[..., None]) -> None:
    """Run the cells one after the other; one that fails is told, and the next runs."""
    here = os.getpid()
    for number, source in enumerate(cells, start=1):
        tell(cell=number)
        error: BaseException | None = None
        try:
            with _at_most(cell_seconds):
                result = shell.run_cell(source, store_history=True)
            error = result.error_before_exec or result.error_in_exec
        except BaseException as raised:
            error = raised
        if os.getpid() != here:
            # A cell has forked, and this is the copy: one notebook is enough.
            os._exit(0)
        if error is not None:
            late = isinstance(error, CellTimeoutError)
            tell(cell=number, error=_short(error), late=late)


def _answer(shell: Any, expression: str) -> bytes:
    """Evaluate an expression in the notebook; return what to tell about it."""
    try:
        value = plain(eval(compile(expression, "<probe>", "eval"), shell.user_ns))
        answer = json.dumps({"value": value}).encode()
        if len(answer) <= MOST_BYTES:
            return answer
        problem = f"more than {MOST_BYTES} bytes, expected a short answer"
    except NotPlainError as error:
        problem = str(error)
    except BaseException as error:
        problem = _short(error)
    return json.dumps({"problem": problem}).encode()


def evaluate(shell: Any, expression: str, seconds: float, channel: int) -> dict[str, Any]:
    """Evaluate one probe in a fork of this process, for at most so many seconds.

    Returns
    -------
    dict
        ``value``, or ``problem`` in words and whether it was ``late``.
    """
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
                pipe.write(_answer(shell, expression))
            sys.stdout.flush()
        finally:
            os._exit(0)
    os.close(writing)
    text = b""
    late = False
    deadline = time.monotonic() + seconds
    while True:
        left = deadline - time.monotonic()
        if left <= 0 or not select.select([reading], [], [], left)[0]:
            late = True
            break
        more = os.read(reading, 65536)
        text += more
        if not more or len(text) > MOST_BYTES:
            break
    os.close(reading)
    for kill in (os.killpg, os.kill):
        with contextlib.suppress(OSError):
            kill(child, signal.SIGKILL)
    with contextlib.suppress(OSError):
        os.waitpid(child, 0)
    if late:
        return {"problem": f"took longer than {seconds:g} s", "late": True}
    try:
        answer = json.loads(text)
        return answer if isinstance(answer, dict) else {"problem": "gave no answer"}
    except ValueError:
        return {"problem": "ended the process, or wrote no answer"}


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
    tell(ready=True)
    run_cells(shell, job["cells"], job["cell_seconds"], tell)
    tell(finished=True)
    if job["alone"]:
        # What the notebook has left running would take processes and time from the answers. In a
        # sandbox "all processes" are its own; this one is spared by the call itself.
        with contextlib.suppress(OSError):
            os.kill(-1, signal.SIGKILL)
            # Dead children count as processes until somebody has asked after them.
            while True:
                os.waitpid(-1, 0)
    for number, (expression, seconds) in enumerate(job["probes"]):
        tell(probe=number, **evaluate(shell, expression, seconds, channel))
    tell(end=True)
    sys.stdout.flush()
    # Not sys.exit: what the notebook left to be done at the end is of no interest.
    os._exit(0)


if __name__ == "__main__":
    main()
