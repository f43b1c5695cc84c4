"""A floor under the attention that small restaurants get, and what it costs, by the truth.

The floor is kept by a bonus: every small restaurant's score rises by the same amount, the smallest
that lifts their attention over the floor. A slate ordered by score plus bonus brings the most
expected attention times score for that floor, so the bonus is the floor's price.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from launchlab.market import (
    Outcomes,
    Sessions,
    World,
    attention,
    expected_outcomes,
    organic_slates,
    top_slate,
)

_HALVINGS = 14


def few_ratings(world: World) -> NDArray[np.bool_]:
    """The third of the restaurants that has the fewest ratings, shape (n_r,)."""
    return np.asarray(world.n_ratings <= np.quantile(world.n_ratings, 1 / 3))


def share_of_attention(
    sessions: Sessions, slate: NDArray[np.integer], chosen: NDArray[np.bool_]
) -> float:
    """Share of all attention that chosen restaurants get, 0 to 1.

    Parameters
    ----------
    sessions : Sessions
        n sessions.
    slate : ndarray of int, shape (n, k)
        Columns of the candidates shown, best place first.
    chosen : ndarray of bool, shape (n_r,)
    """
    weight = attention(slate.shape[1], sessions.world.couplings)
    shown = chosen[np.take_along_axis(sessions.restaurant, slate, axis=1)]
    return float((shown.mean(axis=0) * weight).sum() / weight.sum())


@dataclass(frozen=True, eq=False)
class Floored:
    """Sessions served under a floor.

    Attributes
    ----------
    bonus : float
        What was added to the chosen restaurants' scores.
    share : float
        Their share of all attention, 0 to 1.
    outcomes : Outcomes
        Expected, without ads.
    theirs : float
        Their orders per session.
    """

    bonus: float
    share: float
    outcomes: Outcomes
    theirs: float


def with_bonus(
    sessions: Sessions,
    score: NDArray[np.floating],
    chosen: NDArray[np.bool_],
    bonus: float,
) -> Floored:
    """Serve the 8 best by score plus bonus.

    Parameters
    ----------
    sessions : Sessions
        n sessions of c candidates.
    score : ndarray of float, shape (n, c)
        Chance of an order, 0 to 1.
    chosen : ndarray of bool, shape (n_r,)
        Restaurants that get the bonus.
    bonus : float

    Returns
    -------
    Floored
    """
    slate = top_slate(score + bonus * chosen[sessions.restaurant])
    outcomes = expected_outcomes(sessions, organic_slates(slate))
    theirs = chosen[np.take_along_axis(sessions.restaurant, slate, axis=1)]
    return Floored(
        bonus=bonus,
        share=share_of_attention(sessions, slate, chosen),
        outcomes=outcomes,
        theirs=float((outcomes.order * theirs).sum() / len(sessions)),
    )


def with_floor(
    sessions: Sessions,
    score: NDArray[np.floating],
    chosen: NDArray[np.bool_],
    times: float,
) -> Floored:
    """Serve with the smallest bonus that lifts the chosen restaurants' attention to a floor.

    Parameters
    ----------
    sessions, score, chosen
        As for `with_bonus`.
    times : float
        The floor, as a multiple of the attention that they get without one; at least 1.

    Returns
    -------
    Floored

    Raises
    ------
    ValueError
        If the floor is below 1, or out of reach.
    """
    if not times >= 1:
        raise ValueError(f"times={times!r}, expected at least 1")
    offered = chosen[sessions.restaurant]

    def share(bonus: float) -> float:
        return share_of_attention(sessions, top_slate(score + bonus * offered), chosen)

    low, high = 0.0, 1.0 + float(np.ptp(score))
    floor = times * share(low)
    if floor > share(high):
        most = share(high) / share(low)
        raise ValueError(f"times={times!r}, expected at most {most:.3g}: all that is offered")
    if times > 1:
        for _ in range(_HALVINGS):
            middle = (low + high) / 2
            low, high = (low, middle) if share(middle) >= floor else (middle, high)
        low = high
    return with_bonus(sessions, score, chosen, low)
