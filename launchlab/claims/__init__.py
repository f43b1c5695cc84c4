"""The course's claims, a module a part, and their recorded results.

A chapter shows one with ``claims.show("name")``.
"""

from pathlib import Path

from IPython.display import Markdown, display

from launchlab.lab import claims as _claims
from launchlab.lab.claims import Result

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
        If there is no claim of that name.
    """
    for claim in _claims.collect(__name__):
        if claim.name == name:
            return _claims.read(RESULTS, claim)
    raise ValueError(f"claim {name!r}, expected one that a module of launchlab.claims declares")


def all_results() -> list[Result]:
    """The recorded results of every claim, in the order of the modules."""
    return [_claims.read(RESULTS, claim) for claim in _claims.collect(__name__)]


def show(name: str) -> None:
    """Show a claim: its sentence, a dot for each world, and what other assumptions do to it.

    Parameters
    ----------
    name : str
    """
    found = result(name)
    display(Markdown(found.sentence()))
    display(_claims.dots(found))
    if found.claim.variants:
        display(Markdown(found.variants_sentence()))
