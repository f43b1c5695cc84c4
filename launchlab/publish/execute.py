"""Execute notebooks side by side, and keep what they showed where Jupyter Book looks for it.

MyST-NB executes one notebook after the other as it reads the pages. Here a few processes do so
before it reads any, and fill the jupyter-cache in which it then finds them all.
"""

from __future__ import annotations

import multiprocessing
import os
import re
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn
from jupyter_cache.executors.utils import single_nb_execution
from jupyter_client.manager import AsyncKernelManager
from nbformat.reader import NotJSONError

from launchlab.publish import stale, warm

# From the book's root: the jupyter-cache.
EXECUTED = Path(".cache", "notebooks")
MOST_WORKERS = 4
# Each kernel warns of a connection without encryption, which does not leave this machine.
_SILENT = "--IPKernelApp.log_level=ERROR"
_ANSI = re.compile(r"\x1b\[[0-9;]*m")


@dataclass(frozen=True)
class Job:
    """A notebook that is to be executed.

    Parameters
    ----------
    name : str
        Path from the book's root, without suffix.
    path : Path
    notebook : nbformat.NotebookNode
        As it was read.
    key : str
        What else the execution depends on, from `stale.key`.
    """

    name: str
    path: Path
    notebook: Any
    key: str


def read_job(name: str, path: Path) -> Job:
    """The job of a notebook as it stands in its file.

    Parameters
    ----------
    name : str
        Path from the book's root, without suffix.
    path : Path
    """
    notebook = stale.read(path)
    return Job(name, path, notebook, stale.key(path, notebook))


@dataclass(frozen=True)
class Outcome:
    """What came of an execution.

    Parameters
    ----------
    job : Job
        Its notebook now holds the outputs, up to the cell that failed if one did.
    seconds : float
    error : str
        Empty, or which cell failed and how, such as ``cell 3: NameError: name 'x' is not defined``.
    trace : str
        The traceback of a notebook that failed.
    megabytes : float, optional
        The most memory that its kernel held; None where the system does not say.
    """

    job: Job
    seconds: float
    error: str = ""
    trace: str = ""
    megabytes: float | None = None


class Executions:
    """The jupyter-cache, in which each execution also says what it depended on.

    Parameters
    ----------
    folder : Path
        Of the jupyter-cache; made if need be.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._cache = get_cache(str(folder))

    def find(self, job: Job) -> str | None:
        """What failed in the kept execution of a job; None if there is none, or a stale one."""
        record = self._record(job)
        if record is None or record.data.get("key") != job.key:
            return None
        return str(record.data.get("error", ""))

    def shown(self, job: Job) -> Any:
        """The notebook of a job with the outputs of its kept execution, which `find` has found."""
        return self._cache.merge_match_into_notebook(job.notebook)[1]

    def took(self, job: Job) -> tuple[float, float | None] | None:
        """Seconds and megabytes of the kept execution of a job; None if there is none."""
        record = self._record(job)
        if record is None:
            return None
        return float(record.data["execution_seconds"]), record.data.get("megabytes")

    def _record(self, job: Job) -> Any:
        # The database may know an execution whose file is gone, or was half written.
        with suppress(KeyError, NotJSONError):
            record = self._cache.match_cache_notebook(job.notebook)
            self._cache.get_cache_bundle(record.pk)
            return record
        return None

    def drop(self, job: Job) -> None:
        """Forget the execution of a job, and what an interrupted run may have left of one."""
        _, name = self._cache.create_hashed_notebook(job.notebook)
        with suppress(KeyError):
            self._cache.remove_cache(self._cache.match_cache_notebook(job.notebook).pk)
        shutil.rmtree(self._folder / "executed" / name, ignore_errors=True)

    def keep(self, outcome: Outcome) -> None:
        """Keep an execution, a failed one too: its page then shows the error."""
        data = {
            "execution_seconds": outcome.seconds,
            "key": outcome.job.key,
            "error": outcome.error,
            "megabytes": outcome.megabytes,
        }
        bundle = CacheBundleIn(outcome.job.notebook, str(outcome.job.path), data=data)
        self._cache.cache_notebook_bundle(bundle, check_validity=False, overwrite=True)

    def seconds(self) -> dict[str, float]:
        """How long each notebook took when it was last executed, by its path."""
        records = sorted(self._cache.list_cache_records(), key=lambda record: record.created)
        return {record.uri: float(record.data["execution_seconds"]) for record in records}


def execute(
    jobs: Sequence[Job],
    executions: Executions,
    *,
    timeout: int,
    workers: int,
    say: Callable[[str], None],
) -> list[Outcome]:
    """Execute notebooks side by side, the longest first; a line for each as it ends.

    Parameters
    ----------
    jobs : sequence of Job
    executions : Executions
        Where what they show is kept; stale executions of the same code are dropped first.
    timeout : int
        Seconds that a cell may take.
    workers : int
        How many run at once.
    say : callable
        Gets the lines.

    Returns
    -------
    list of Outcome
        In the order in which they ended. One that fails does not stop the others.
    """
    known = executions.seconds()
    for job in jobs:
        executions.drop(job)
    order = sorted(jobs, key=lambda job: known.get(str(job.path), _guess(job)), reverse=True)
    outcomes = []
    for outcome in _run(order, timeout, workers):
        executions.keep(outcome)
        outcomes.append(outcome)
        name = outcome.job.name.removeprefix("book/")
        failed = f", FAILED in {outcome.error}" if outcome.error else ""
        say(f"{len(outcomes)} of {len(jobs)} {name} {outcome.seconds:.1f} s{failed}")
    return outcomes


def _guess(job: Job) -> float:
    """Seconds for a notebook that was never executed: they grow with its labs and cells."""
    code = [cell.source for cell in job.notebook.cells if cell.cell_type == "code"]
    return len(code) / 2 + 5 * sum("Experiment(" in source for source in code)


def _run(jobs: Sequence[Job], timeout: int, workers: int) -> Iterable[Outcome]:
    if not jobs:
        return
    # A new interpreter each: a fork would inherit the locks of Sphinx's threads.
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(
        min(workers, len(jobs)),
        mp_context=context,
        initializer=_use,
        initargs=(warm.environment(len(jobs)),),
    )
    try:
        futures = {pool.submit(run_notebook, job, timeout): job for job in jobs}
        for future in as_completed(futures):
            yield _outcome(future, futures[future])
    finally:
        # After Ctrl-C what has not begun never will.
        pool.shutdown(wait=True, cancel_futures=True)


def _use(environment: Mapping[str, str]) -> None:
    os.environ.update(environment)


def _outcome(future: Future[Outcome], job: Job) -> Outcome:
    try:
        return future.result()
    except BrokenProcessPool:
        return Outcome(job, 0.0, "no cell: the process that ran it has died (is memory short?)")


def run_notebook(job: Job, timeout: int) -> Outcome:
    """Execute one notebook in a kernel of its own, in the notebook's folder.

    Parameters
    ----------
    job : Job
    timeout : int
        Seconds that a cell may take.
    """
    begun: list[int] = []
    held: list[float] = []
    started = time.monotonic()

    def begin(cell: Any, cell_index: int) -> None:
        begun.append(cell_index)

    def end(cell: Any, cell_index: int, execute_reply: Any) -> None:
        held.extend(_most_memory())

    error: Exception | None
    trace = None
    with tempfile.TemporaryFile() as said:
        try:
            result = single_nb_execution(
                job.notebook,
                cwd=str(job.path.parent),
                timeout=timeout,
                allow_errors=False,
                on_cell_start=begin,
                on_cell_executed=end,
                extra_arguments=[_SILENT],
                kernel_manager_class=_speaks_to(said),
            )
            error, trace = result.err, result.exc_string
        except Exception as other:  # A kernel that dies or will not start must not end the build.
            error = other
            said.seek(0)
            trace = said.read().decode(errors="replace")
    seconds = time.monotonic() - started
    failed = "" if error is None else f"cell {begun[-1] + 1}: " if begun else "no cell: "
    return Outcome(job, seconds, failed + message(error), trace or "", max(held, default=None))


def _speaks_to(file: IO[bytes]) -> type[AsyncKernelManager]:
    """A manager of kernels whose own standard error is a file.

    What a notebook writes is shown by its cells. The rest is of interest where a kernel dies: one
    that is ended in the midst of an answer complains of its sockets (ipykernel's pull request 1518
    mends one such place).
    """

    class Manager(AsyncKernelManager):
        async def start_kernel(self, **kwargs: Any) -> None:  # type: ignore[override]
            await super().start_kernel(**{"stderr": file, **kwargs})

    return Manager


def _most_memory(process: str = "self") -> list[float]:
    """The most megabytes that each kernel of a process has held, where the system tells.

    A kernel is a child of it, or of the child that kernels are forks of (see `warm`), which itself
    never holds more than they do. What else is started here is no kernel.
    """
    found = []
    for listed in Path("/proc", process, "task").glob("*/children"):
        with suppress(OSError):
            for child in listed.read_text().split():
                command = Path(f"/proc/{child}/cmdline").read_bytes()
                forks = b"multiprocessing.forkserver" in command
                if not forks and b"ipykernel_launcher" not in command:
                    continue
                status = Path(f"/proc/{child}/status").read_text()
                if peak := re.search(r"^VmHWM:\s*(\d+) kB", status, re.MULTILINE):
                    found.append(int(peak[1]) / 1000)
                found += _most_memory(child) if forks else []
    return found


def message(error: Exception | None) -> str:
    """An error in one line; the exception of the notebook, where it was one that ended it."""
    if error is None:
        return ""
    name = getattr(error, "ename", type(error).__name__)
    text = _ANSI.sub("", str(getattr(error, "evalue", error)))
    first = next((line.strip() for line in text.splitlines() if line.strip()), "no message")
    return f"{name}: {first}"


def workers() -> int:
    """How many notebooks run at once: one a core, four at most, for each may train a forest."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return max(1, min(cores or 1, MOST_WORKERS))
