"""The book's claims, one module for each chapter, and their recorded results in ``results``.

A chapter shows a claim with ``show("name")``, and those that close it with ``table``; both read the
recorded files and import no module of findings. A change to one subject therefore leaves the
chapters of other subjects as they are.
"""

from pathlib import Path

from IPython.display import display

from launchlab.claims import shown
from launchlab.claims.claim import Result
from launchlab.claims.recorded import read
from launchlab.lab.show import mode

RESULTS = Path(__file__).with_name("results")

__all__ = ["RESULTS", "all_results", "result", "show", "table"]


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
    """Show a claim as one line that opens: what holds, how often, and what ends it.

    Parameters
    ----------
    name : str
    """
    found = result(name)
    html = shown.claim(found, styled=mode() != "freeze")
    display({"text/html": html, "text/plain": found.sentence()}, raw=True)


def table(*names: str) -> None:
    """Show several claims as a table: what a chapter has tested beside those in its text.

    Parameters
    ----------
    *names : str
    """
    found = [result(name) for name in names]
    html = shown.table_of(found, styled=mode() != "freeze")
    told = "\n".join(one.sentence() for one in found)
    display({"text/html": html, "text/plain": told}, raw=True)
