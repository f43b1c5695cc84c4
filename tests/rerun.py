"""Run notebooks under nbval as the build runs them, and compare what they show with their pages.

``python -m tests.rerun [--only book/objectives/one-score] [OPTIONS OF PYTEST]``. What a page shows
lies in the jupyter-cache that it was built from. Copies of the notebooks with these outputs are
written into ``.cache/nbval``, beside them what they read, and nbval runs the copies. In each lab
the default point and three random ones are computed afresh (see `launchlab.lab.declare.recheck`).
The last cell of a copy with labs moves their controls, for `tests.kernel`: a kernel that has run
all of a notebook is too dear to be asked once only.
"""

import argparse
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

import nbformat
import pytest

from launchlab import memo
from launchlab.lab import show
from launchlab.publish import execute, pages, stale, warm
from tests import kernel, patience
from tests.seed import VARIABLE, run_seed

COPIES = Path(".cache", "nbval")
AFRESH = ".afresh"
FOLDERS = ("book", "exercises", "solutions")


class NotShownError(ValueError):
    """A notebook has no page to compare with, for a reason that is one sentence."""


def pytest_report_header() -> str:
    """Say how the draws of this run are repeated."""
    return f"{VARIABLE}={run_seed()} draws the points that are computed afresh"


def pytest_itemcollected(item: pytest.Item) -> None:
    """Let a cell's output take longer than nbval's five seconds: the machine may be busy."""
    if hasattr(item, "output_timeout"):
        item.output_timeout = patience.EVENT


def find(root: Path) -> list[str]:
    """Every notebook of the book, by its path from the root without suffix."""
    found = (path for folder in FOLDERS for path in (root / folder).rglob("*.ipynb"))
    names = [path.relative_to(root).with_suffix("") for path in found]
    return sorted(name.as_posix() for name in names if ".ipynb_checkpoints" not in name.parts)


def copy(root: Path, name: str, kept: execute.Executions) -> Path:
    """Write a copy of a notebook with the outputs that its page was built from.

    Parameters
    ----------
    root : Path
        Folder of ``_config.yml``.
    name : str
        From `find`.
    kept : Executions

    Returns
    -------
    Path
        The copy; beside it lie what the notebook may read, and nothing else.

    Raises
    ------
    NotShownError
        If there are no such outputs, they are older than what the notebook rests on, or a cell
        failed.
    """
    job = execute.read_job(name, root / f"{name}.ipynb")
    failed = kept.find(job)
    if failed is None:
        raise NotShownError(
            f"{name}.ipynb: its page was not built, or it has changed since then: run make book "
            "(or, for this page alone, make chapter)"
        )
    if failed:
        raise NotShownError(f"{name}.ipynb: {failed}: mend it, and run make book")
    path = root / COPIES / f"{name}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    shown = kept.shown(job)
    if kernel.asks(job.path):
        seed = run_seed()
        asking = kernel.question(job.path, seed, kernel.place(job.path, seed))
        shown.cells.append(nbformat.v4.new_code_cell(asking, id="asks-the-kernel"))
    nbformat.write(shown, path)
    for one in stale.beside(job.path):
        beside = path.parent / one.relative_to(job.path.parent)
        beside.parent.mkdir(exist_ok=True)
        shutil.copyfile(one, beside)
    return path


def copy_all(root: Path, names: Iterable[str]) -> list[Path]:
    """Copies of notebooks, in a folder that holds no others.

    Raises
    ------
    NotShownError
        With a line for each notebook that cannot be compared.
    """
    shutil.rmtree(root / COPIES, ignore_errors=True)
    kept = execute.Executions(root / execute.EXECUTED)
    copies = []
    missing = []
    for name in names:
        try:
            copies.append(copy(root, name, kept))
        except NotShownError as error:
            missing.append(str(error))
    if missing:
        raise NotShownError("\n".join(missing))
    return copies


def run(root: Path, copies: Sequence[Path], options: Sequence[str] = ()) -> int:
    """Run copies under nbval.

    Parameters
    ----------
    root : Path
        Folder of ``_config.yml``.
    copies : sequence of Path
        From `copy_all`.
    options : sequence of str
        Further options of pytest.

    Returns
    -------
    int
        Exit code of pytest.
    """
    environment = pages.environment(os.environ)
    environment.setdefault(memo.CACHE_VARIABLE, str(root / ".cache" / "points"))
    environment |= {
        **warm.environment(len(copies)),
        show.MODE_VARIABLE: "freeze",
        memo.RECHECK_VARIABLE: str(run_seed()),
        # Empty: it went with the copies of the last run.
        memo.AFRESH_VARIABLE: str(root / COPIES / AFRESH),
        VARIABLE: str(run_seed()),
    }
    here = Path(__file__).resolve().parents[1]
    command = [sys.executable, "-m", "pytest", "-p", "tests.rerun", "-p", "no:cacheprovider"]
    # With the copies' folder as root, reports have the paths of the notebooks themselves.
    command += ["-c", str(here / "pyproject.toml"), "--rootdir", str(root / COPIES)]
    command += ["--nbval", "--nbval-sanitize-with", str(Path(__file__).with_suffix(".cfg"))]
    command += [f"--nbval-cell-timeout={patience.PROGRAM}"]
    command += [f"--nbval-kernel-startup-timeout={patience.EVENT}", *options, *map(str, copies)]
    return subprocess.run(command, cwd=here, env=environment, check=False).returncode


def main(arguments: Sequence[str] | None = None, root: Path | None = None) -> int:
    """Run the command line.

    Returns
    -------
    int
        Exit code.
    """
    parser = argparse.ArgumentParser(prog="python -m tests.rerun", allow_abbrev=False)
    parser.add_argument("--only", action="append", help="a notebook, by its path without suffix")
    asked, options = parser.parse_known_args(arguments)
    root = root or Path.cwd()
    try:
        copies = copy_all(root, asked.only or find(root))
    except NotShownError as error:
        print(error)
        return 1
    return run(root, copies, options)


if __name__ == "__main__":
    sys.exit(main())
