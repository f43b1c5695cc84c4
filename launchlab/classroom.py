"""What the first cells of an assignment call: its checks, the seed of its data, and its town."""

from __future__ import annotations

import hashlib
import os
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

SEED_VARIABLE = "LAUNCHLAB_CLASS_SEED"
LARGEST = 2**31 - 1
CHECKOUT = Path(__file__).resolve().parents[1]

T = TypeVar("T")


def open_assignment(name: str, folder: Path | str | None = None) -> tuple[Any, int]:
    """Open an assignment: ``grader, SEED = open_assignment("ensembling")``.

    Parameters
    ----------
    name : str
        The assignment's name.
    folder : Path or str, optional
        The notebook's folder; found by `notebook_folder` if not given. Where it cannot be found,
        a warning is printed, because the data are then perhaps not the student's.

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
    found = notebook_folder(name) if folder is None else Path(folder)
    here = found or Path.cwd()
    seed = read_seed(here)
    # Where it is graded, a folder of the student's own machine is not there; the current one holds
    # the checks.
    places = [here / "tests", Path.cwd() / "tests", CHECKOUT / "exercises" / name / "tests"]
    tests = next((place for place in places if any(place.glob("q*.py"))), None)
    if tests is None:
        raise FileNotFoundError(
            f"no checks for {name!r}: expected the folder tests beside the notebook, as it was "
            "handed out"
        )
    if found is None and not os.environ.get(SEED_VARIABLE):
        # Printed, not warned: a warning is red, easily taken for a crash, and says a line of ours.
        print(
            f"WARNING: the folder of this notebook was not found. In {here} there is no "
            f"{name}.ipynb and no seed.txt, so these are the public data (seed {seed}), perhaps "
            "not yours. Open the notebook from the folder that was handed out, or write "
            f'open_assignment("{name}", "that folder").'
        )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        # Imported here because it takes two seconds and only assignments need it.
        import otter
        from otter.check import notebook

        # Otter writes each check into a log beside the notebook, and fails where it cannot. Here
        # nobody reads that log: grading runs the notebook anew.
        notebook.OTTER_LOG_FILENAME = os.devnull
        return otter.Notebook(tests_dir=str(tests)), seed


def notebook_folder(
    name: str,
    environment: Mapping[str, str] | None = None,
    variables: Mapping[str, Any] | None = None,
) -> Path | None:
    """Find the folder of the notebook that is running.

    A kernel does not know its notebook. Jupyter and VS Code say it in their own ways; otherwise
    it is the current folder, if a notebook of the assignment's name or a seed lies there.

    Parameters
    ----------
    name : str
        The assignment's name.
    environment : mapping, optional
        Where Jupyter says it; ``os.environ`` if not given.
    variables : mapping, optional
        Where VS Code says it; the notebook's own variables if not given.

    Returns
    -------
    Path or None
        None where nothing tells.
    """
    environment = os.environ if environment is None else environment
    variables = _notebook_variables() if variables is None else variables
    for told in (variables.get("__vsc_ipynb_file__"), environment.get("JPY_SESSION_NAME")):
        # A kernel that a notebook starts inherits the variable, and its notebook is another one.
        if told and Path(told).suffix == ".ipynb" and _holds(Path(told).parent, name):
            return Path(told).parent
    return Path.cwd() if _holds(Path.cwd(), name) else None


def _holds(folder: Path, name: str) -> bool:
    """Whether an assignment lies in a folder, under its own name or under one of the student's."""
    handed_out = (folder / "seed.txt").is_file() and any((folder / "tests").glob("q*.py"))
    return handed_out or (folder / f"{name}.ipynb").is_file()


def _notebook_variables() -> Mapping[str, Any]:
    try:
        from IPython import get_ipython
    except ImportError:  # pragma: no cover - it comes with every kernel
        return {}
    shell = get_ipython()
    return {} if shell is None else shell.user_ns


def draw_settings(seed: int, **choices: tuple[T, ...]) -> dict[str, T]:
    """Draw one of the given values for each setting of a student's town.

    Parameters
    ----------
    seed : int
        The seed of the data.
    **choices : tuple
        Name of a setting to the values that it may have, all equally likely.

    Returns
    -------
    dict
        Name to value. What is drawn for a name hangs on the seed and on that name alone, so that
        another setting more or less changes none of the others.

    Raises
    ------
    ValueError
        If a setting has nothing to choose from.
    """
    drawn = {}
    for name, values in choices.items():
        if not values:
            raise ValueError(f"{name}={values!r}: expected at least one value")
        digest = hashlib.sha256(f"{seed}/{name}".encode()).digest()
        drawn[name] = values[int.from_bytes(digest[:8], "big") % len(values)]
    return drawn


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
