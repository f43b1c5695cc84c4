"""What the first cell of an assignment calls to get its checks and the seed of its data."""

from __future__ import annotations

import os
import warnings
from pathlib import Path
from typing import Any

SEED_VARIABLE = "LAUNCHLAB_CLASS_SEED"
LARGEST = 2**31 - 1
CHECKOUT = Path(__file__).resolve().parents[1]


def open_assignment(name: str, folder: Path | None = None) -> tuple[Any, int]:
    """Open an assignment: ``grader, SEED = open_assignment("ensembling")``.

    Parameters
    ----------
    name : str
        The assignment's name.
    folder : Path, optional
        The notebook's folder; by default the current folder.

    Returns
    -------
    grader : otter.Notebook
        ``grader.check("q1")`` runs the public checks of a question.
    seed : int
        Seed of the data: the value of ``LAUNCHLAB_CLASS_SEED``, else that in the file ``seed.txt``
        beside the notebook, else 0, the public data. Changing it does not change marks, because
        the grader sets it again.

    Raises
    ------
    FileNotFoundError
        If the checks are neither beside the notebook nor in the course's ``exercises`` folder.
    ValueError
        If the seed is not a whole number from 0 to 2**31 - 1.
    """
    here = Path.cwd() if folder is None else Path(folder)
    seed = read_seed(here)
    places = [here / "tests", CHECKOUT / "exercises" / name / "tests"]
    found = next((place for place in places if any(place.glob("q*.py"))), None)
    if found is None:
        raise FileNotFoundError(
            f"no checks for {name!r}: expected the folder tests beside the notebook, as it was "
            "handed out"
        )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        # Imported here because it takes two seconds and only assignments need it.
        import otter

        return otter.Notebook(tests_dir=str(found)), seed


def read_seed(folder: Path) -> int:
    """The seed of the data for the notebook in a folder; see `open_assignment`."""
    file = folder / "seed.txt"
    if os.environ.get(SEED_VARIABLE):
        where, text = SEED_VARIABLE, os.environ[SEED_VARIABLE]
    elif file.is_file():
        where, text = "seed.txt", file.read_text(encoding="utf-8")
    else:
        return 0
    if not text.strip().isdecimal() or int(text) > LARGEST:
        raise ValueError(
            f"{where} is {text.strip()[:40]!r}, expected a whole number from 0 to 2**31-1"
        )
    return int(text)
