"""Shipped results: small files that would take too long at a click.

Each lies in the folder ``results`` of the package whose command makes it; this module reads and
writes them, and says how they were made.
"""

from __future__ import annotations

import os
import platform
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from importlib.resources import files
from pathlib import Path
from typing import IO, Any

import pandas as pd

from launchlab import memo

# --------------------------------------------------------------------------- reading


def open_bytes(package: str, name: str) -> IO[bytes]:
    """Open a shipped result.

    Parameters
    ----------
    package : str
        The package in whose ``results`` it lies; a module's own is ``__package__``.
    name : str
        File name.
    """
    return files(package).joinpath("results", name).open("rb")


def read_text(package: str, name: str) -> str:
    """Read a shipped result as text; parameters as for `open_bytes`."""
    return files(package).joinpath("results", name).read_text(encoding="utf-8")


def read_table(package: str, name: str, **read_csv: Any) -> pd.DataFrame:
    """Read a shipped table.

    Parameters
    ----------
    package, name : str
        As for `open_bytes`.
    **read_csv
        As pandas takes it.
    """
    with open_bytes(package, name) as file:
        return pd.read_csv(file, **read_csv)


# --------------------------------------------------------------------------- writing


def folder(module_file: str) -> Path:
    """The folder of a module's shipped results, given its ``__file__``."""
    return Path(module_file).with_name("results")


def need_one_thread(why: str = "boosted trees may differ in the last digit else") -> None:
    """End the program where numerical libraries may use several threads.

    Parameters
    ----------
    why : str
        Follows the words that say what to set.

    Raises
    ------
    SystemExit
        When ``OMP_NUM_THREADS`` is not 1.
    """
    if os.environ.get("OMP_NUM_THREADS") != "1":
        sys.exit(f"Set OMP_NUM_THREADS=1 first: {why}")


def keep_computed() -> None:
    """Keep what is computed in ``.cache/points``, unless another folder is named already."""
    os.environ.setdefault(memo.CACHE_VARIABLE, str(Path(".cache", "points").absolute()))


def in_worlds(rows: Callable[[int], pd.DataFrame], worlds: int) -> pd.DataFrame:
    """Rows of worlds 0, 1, ..., one under the other; says on standard error how far it is.

    Parameters
    ----------
    rows : callable
        From a world's seed to its rows.
    worlds : int
        How many.
    """
    parts = []
    for seed in range(worlds):
        parts.append(rows(seed))
        seconds = time.process_time()
        print(f"{seed + 1}/{worlds} worlds, {seconds:.0f} s CPU", file=sys.stderr, flush=True)
    return pd.concat(parts)


def made_by(module: str, **more: object) -> dict[str, Any]:
    """How a result was made: command, Python, machine, versions, and what else is given.

    Parameters
    ----------
    module : str
        Full name of the module that is the command.
    **more
        Follows, in its order.
    """
    return {
        "made_by": f"OMP_NUM_THREADS=1 python -m {module}",
        "python": platform.python_version(),
        "machine": platform.machine(),
        "versions": memo.versions(),
        **more,
    }


def cost_line(note: str) -> str:
    """CPU seconds of this process so far and the versions it ran, as a line of a table's head.

    Parameters
    ----------
    note : str
        What the seconds leave out.
    """
    versions = memo.versions()
    return (
        f"{time.process_time():.0f} s CPU ({note});"
        f" scikit-learn {versions['scikit-learn']}, numpy {versions['numpy']}."
    )


def write_table(
    path: Path, table: pd.DataFrame, head: Iterable[str], module: str, **to_csv: Any
) -> None:
    """Write a table as CSV under a head of comments whose last line is the command that made it.

    Parameters
    ----------
    path : Path
    table : DataFrame
    head : iterable of str
        Lines, without the sign of a comment.
    module : str
        Full name of the module that is the command.
    **to_csv
        As pandas takes it.
    """
    lines: Sequence[str] = [*head, f"Made by: OMP_NUM_THREADS=1 python -m {module}"]
    with path.open("w", encoding="utf-8") as file:
        file.write("".join(f"# {line}\n" for line in lines))
        table.to_csv(file, **to_csv)
    print(f"wrote {path.name}: {len(table)} rows")
