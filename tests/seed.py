"""The one seed of all that tests draw: another each day, or the one that is asked for.

The header of a run prints it, and ``make test SEED=738000`` draws with that one again.
"""

import datetime
import os

VARIABLE = "SEED"


def run_seed() -> int:
    """The seed in the environment, else the day's, by the one clock of all time zones.

    Raises
    ------
    ValueError
        If what was asked for is no whole number from 0 on.
    """
    text = os.environ.get(VARIABLE)
    if not text:
        return datetime.datetime.now(tz=datetime.UTC).toordinal()
    if not (text.isascii() and text.isdigit()):
        raise ValueError(f"{VARIABLE}={text!r}, expected a whole number such as 738000")
    return int(text)


def has_turn(place: int, days: int) -> bool:
    """Whether what stands at a place of a list is tried today, where each has a turn in some days.

    For what is the same on many pages, or in many assignments, and dear to try on all of them.
    With ``EVERYTHING`` set, all have their turn.

    Parameters
    ----------
    place : int
    days : int
    """
    return bool(os.environ.get("EVERYTHING")) or place % days == run_seed() % days
