"""Several tries and a checker that picks one: that a right answer is there is not to have it.

All cases are alike: each try is right with the same chance, and the checker errs anew at each.
Where it errs on the same answers again and again, it picks worse than this.
"""

from __future__ import annotations

from launchlab.calls._given import count, share


def coverage(tries: int, right: float) -> float:
    """How often at least one of several independent tries is right (pass@k).

    Parameters
    ----------
    tries : int
    right : float
        How often one try is right, 0 to 1.

    Returns
    -------
    float
    """
    return float(1 - (1 - share("right", right)) ** count("tries", tries))


def picked(tries: int, right: float, hit: float, false_alarm: float) -> float:
    """How often the first answer that a checker accepts is right.

    Tries end with that answer. If none is accepted, the last one is taken.

    Parameters
    ----------
    tries : int
        At most so many.
    right : float
        How often one try is right, 0 to 1.
    hit, false_alarm : float
        How often the checker accepts a right answer, and a wrong one, 0 to 1.

    Returns
    -------
    float

    Examples
    --------
    >>> round(picked(10, 0.3, hit=0.9, false_alarm=0.2), 3)
    0.655
    """
    good, accepted = _accepted(right, hit, false_alarm)
    refused = 1 - accepted
    found = good * (1 - refused**tries) / accepted if accepted else 0.0
    return float(found + refused ** (count("tries", tries) - 1) * right * (1 - hit))


def ceiling(right: float, hit: float, false_alarm: float) -> float:
    """How often an accepted answer is right: what no number of tries can lift.

    Parameters
    ----------
    right, hit, false_alarm : float
        As for `picked`.

    Returns
    -------
    float

    Raises
    ------
    ValueError
        If nothing is ever accepted.
    """
    good, accepted = _accepted(right, hit, false_alarm)
    if not accepted:
        raise ValueError(
            f"right={right!r}, hit={hit!r}, false_alarm={false_alarm!r}, expected some answer to "
            "be accepted"
        )
    return good / accepted


def _accepted(right: float, hit: float, false_alarm: float) -> tuple[float, float]:
    """The chance that a try is right and accepted, and that it is accepted."""
    good = share("right", right) * share("hit", hit)
    return good, good + (1 - right) * share("false_alarm", false_alarm)
