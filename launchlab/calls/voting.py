"""The majority of votes that err together.

Cases differ in how hard they are. The votes on one case are independent of each other, but they
share its difficulty: the chance of a right vote is drawn for each case from a Beta distribution.
Its mean is ``right``, and the correlation of two votes on one case is ``correlation``. Other ways
to err together with the same correlation give other majorities.
"""

from __future__ import annotations

from launchlab.calls._given import count, share


def majority(votes: int, right: float, correlation: float = 0.0) -> float:
    """How often the majority of votes is right, where there are two answers.

    Parameters
    ----------
    votes : int
        Odd, so that no vote ends in a tie.
    right : float
        How often one vote is right, 0 to 1.
    correlation : float
        Of two votes on the same case, from 0 (independent) to below 1.

    Returns
    -------
    float

    Raises
    ------
    ValueError
        If a number is out of its range.

    Examples
    --------
    >>> round(majority(3, 0.7), 3)
    0.784
    >>> round(majority(3, 0.7, correlation=0.3), 3)
    0.732
    """
    if count("votes", votes) % 2 == 0:
        raise ValueError(f"votes={votes!r}, expected an odd number")
    right, correlation = share("right", right), share("correlation", correlation)
    if correlation == 1:
        raise ValueError("correlation=1, expected less than 1: such votes are one vote")
    if right == 1:
        return 1.0
    # As if drawn from an urn: with each vote drawn, one more of its kind, of this size, goes in.
    added, wrong = correlation / (1 - correlation), 1 - right
    chance = 1.0
    for place in range(votes):
        chance *= (wrong + place * added) / (1 + place * added)
    below = 0.0
    for hits in range(votes // 2 + 1):
        below += chance
        left = votes - hits
        chance *= left / (hits + 1)
        chance *= (right + hits * added) / (wrong + (left - 1) * added)
    return 1 - below


def effective_votes(votes: int, correlation: float) -> float:
    """How many independent votes have a mean that varies as much (the design effect).

    Parameters
    ----------
    votes : int
    correlation : float
        Of two votes on the same case, 0 to 1.

    Returns
    -------
    float
        From 1 to ``votes``; never more than one divided by the correlation.

    Raises
    ------
    ValueError
        If a number is out of its range.
    """
    return count("votes", votes) / (1 + (votes - 1) * share("correlation", correlation))
