"""The book's claims, one module for each chapter, and their recorded results in ``results``.

A chapter shows a claim with ``show("name")``, which reads the recorded file and imports no module
of findings. A change to one subject therefore leaves the chapters of other subjects as they are.
"""

from pathlib import Path

from IPython.display import Markdown, display

from launchlab.claims.claim import Result
from launchlab.claims.recorded import read
from launchlab.claims.strip import dots

RESULTS = Path(__file__).with_name("results")

__all__ = ["RESULTS", "all_results", "result", "show"]


def result(name: str) -> Result:
    """The recorded result of a claim.

    Parameters
    ----------
    name : str

    Returns
    -------
    Result

    Raises
    ------
    ValueError
        If there is no recorded claim of that name.
    """
    try:
        return read(RESULTS, name)
    except FileNotFoundError:
        raise ValueError(
            f"claim {name!r}, expected one that a module of {__name__} declares and make claims "
            "has recorded"
        ) from None


def all_results() -> list[Result]:
    """The recorded results of all claims, sorted by name."""
    return [read(RESULTS, path.stem) for path in sorted(RESULTS.glob("*.json"))]


def show(name: str) -> None:
    """Show a claim: its sentence, a dot for each world, and its counts under other assumptions.

    Parameters
    ----------
    name : str
    """
    found = result(name)
    display(Markdown(found.sentence()))
    display(dots(found))
    if found.claim.variants:
        display(Markdown(found.variants_sentence()))
