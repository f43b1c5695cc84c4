"""Shipped results: small files of numbers that would take too long to compute on request.

Each file lies in the ``results`` folder of the package whose command makes it. This module reads
and writes such files, and records how they were made.
"""

from __future__ import annotations

import json
import os
import platform
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from importlib.resources import files
from pathlib import Path
from typing import IO, Any

import pandas as pd

from launchlab import memo, reach

# --------------------------------------------------------------------------- reading


def open_bytes(package: str, name: str) -> IO[bytes]:
    """Open a shipped result.

    Parameters
    ----------
    package : str
        The package whose ``results`` folder holds the file; a module passes ``__package__``.
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
        Passed to `pandas.read_csv`.
    """
    with open_bytes(package, name) as file:
        return pd.read_csv(file, **read_csv)


# --------------------------------------------------------------------------- writing


def folder(module_file: str) -> Path:
    """The folder that holds a module's shipped results, given the module's ``__file__``."""
    return Path(module_file).with_name("results")


def need_one_thread(why: str = "boosted trees may differ in the last digit else") -> None:
    """End the program if numerical libraries may use several threads.

    Parameters
    ----------
    why : str
        The reason, printed after the instruction.

    Raises
    ------
    SystemExit
        When ``OMP_NUM_THREADS`` is not 1.
    """
    if os.environ.get("OMP_NUM_THREADS") != "1":
        sys.exit(f"Set OMP_NUM_THREADS=1 first: {why}")


def keep_computed() -> None:
    """Cache computed values in ``.cache/points``, unless another folder is already named."""
    os.environ.setdefault(memo.CACHE_VARIABLE, str(Path(".cache", "points").absolute()))


def in_worlds(rows: Callable[[int], pd.DataFrame], worlds: int) -> pd.DataFrame:
    """Stack the rows of worlds 0, 1, ...; progress is printed to standard error.

    Parameters
    ----------
    rows : callable
        Takes a world's seed and returns that world's rows.
    worlds : int
        Number of worlds.
    """
    parts = []
    for seed in range(worlds):
        parts.append(rows(seed))
        seconds = time.process_time()
        print(f"{seed + 1}/{worlds} worlds, {seconds:.0f} s CPU", file=sys.stderr, flush=True)
    return pd.concat(parts)


def made_by(module: str, **more: object) -> dict[str, Any]:
    """How a result was made: command, Python, machine, versions, and any further entries.

    Parameters
    ----------
    module : str
        Full name of the module that was run as the command.
    **more
        Further entries, appended in order.
    """
    return {
        "made_by": f"OMP_NUM_THREADS=1 python -m {module}",
        "python": platform.python_version(),
        "machine": platform.machine(),
        "versions": reach.versions(),
        **more,
    }


def when_measured() -> dict[str, Any]:
    """Today's date, the machine's cores, and how busy they are: asked for before a measurement."""
    return {
        "date": time.strftime("%Y-%m-%d"),
        "cores": os.cpu_count(),
        "load_before": round(os.getloadavg()[0], 1),
    }


def write_record(path: Path, kept: dict[str, Any]) -> None:
    """Write what `made_by` returned as JSON, an entry a line."""
    path.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")


def cost_line(note: str) -> str:
    """One header line of a table: this process's CPU seconds so far, and the library versions.

    Parameters
    ----------
    note : str
        What the seconds leave out.
    """
    versions = reach.versions()
    return (
        f"{time.process_time():.0f} s CPU ({note});"
        f" scikit-learn {versions['scikit-learn']}, numpy {versions['numpy']}."
    )


def write_table(
    path: Path, table: pd.DataFrame, head: Iterable[str], module: str, **to_csv: Any
) -> None:
    """Write a table as CSV under a header of comments that ends with the command that made it.

    Parameters
    ----------
    path : Path
    table : DataFrame
    head : iterable of str
        Header lines, without the leading ``#``.
    module : str
        Full name of the module that was run as the command.
    **to_csv
        Passed to `DataFrame.to_csv`.
    """
    lines: Sequence[str] = [*head, f"Made by: OMP_NUM_THREADS=1 python -m {module}"]
    with path.open("w", encoding="utf-8") as file:
        file.write("".join(f"# {line}\n" for line in lines))
        table.to_csv(file, **to_csv)
    print(f"wrote {path.name}: {len(table)} rows")
