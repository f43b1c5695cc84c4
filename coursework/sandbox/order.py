"""What is asked of a sandbox, and what comes out of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Literal

Mode = Literal["root", "user", "unsafe"]
#: The longest expression of a probe, in bytes: a pipe holds it.
LONGEST = 32_000


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
    files
        How many files and folders may lie in all of them.
    open_files
        Files and sockets that one process may have open.
    start_seconds
        Until the first cell runs.
    patience, spare_seconds
        All seconds here and in a job are those of the processor, or idle ones. The clock on the
        wall may take so many times as long, and so many seconds more.
    """

    memory_mb: int = 4096
    processes: int = 64
    files_mb: int = 256
    files: int = 20_000
    open_files: int = 256
    start_seconds: float = 60.0
    patience: float = 10.0
    spare_seconds: float = 60.0

    def __post_init__(self) -> None:
        for one in fields(self):
            if not getattr(self, one.name) > 0:
                raise ValueError(f"{one.name} is {getattr(self, one.name)!r}, expected more than 0")

    def clock(self, seconds: float) -> float:
        """Return how long the clock on the wall may take for so many seconds."""
        return self.patience * seconds + self.spare_seconds


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
        What all cells and one cell may take.
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

    def __post_init__(self) -> None:
        for expression, _ in self.probes:
            if len(expression.encode()) > LONGEST:
                raise ValueError(
                    f"the probe {expression[:40]!r}... has {len(expression.encode())} bytes, "
                    f"expected at most {LONGEST}"
                )


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
    starved
        Whether it was ended by the clock on the wall alone, which a busy machine may have done.
    """

    results: bytes
    log: str
    killed: str
    code: int
    most_processes: int
    seconds: float
    cpu_seconds: float
    starved: bool = False
