"""One cuisine vanishes with a release: who sees it, and how soon.

The release never shows the restaurants of one cuisine; all else is as before. Three teams count.
One counts orders of everybody. One counts orders of each cuisine's customers (eight groups of
customers by their favourite, each tested at an eighth of the level). One counts the orders that
each cuisine *gets*, tested in the same way.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm

from launchlab.market import (
    Couplings,
    draw_sessions,
    expected_outcomes,
    make_logs,
    make_ranker,
    make_world,
    organic_slates,
    top_slate,
)
from launchlab.market.world import N_CUISINES
from launchlab.operations.sequential import LEVEL

N_SESSIONS = 5_000
FAITHFUL = 0.2
"""A customer has a favourite cuisine if more than this share of past orders went to it."""

COUNTS = ("everybody", "customers", "cuisine")
"""What is counted: all orders, orders of the cuisine's customers, orders that the cuisine gets."""


@dataclass(frozen=True)
class Broken:
    """One world with one cuisine broken: orders per session before and after, by what is counted.

    Attributes
    ----------
    before, after : dict
        One of `COUNTS` to orders per session.
    share : dict
        One of `COUNTS` to the share of all sessions that are counted.
    """

    before: dict[str, float]
    after: dict[str, float]
    share: dict[str, float]

    def loss(self, count: str) -> float:
        """Percent of the counted orders that are lost."""
        return 100 * (1 - self.after[count] / self.before[count])


@lru_cache(maxsize=4)
def break_cuisines(seed: int, couplings: Couplings | None = None) -> tuple[Broken, ...]:
    """Break each of a world's eight cuisines in turn.

    Parameters
    ----------
    seed : int
        The world's seed.
    couplings : Couplings, optional

    Returns
    -------
    tuple of Broken
        One for each cuisine.
    """
    world = make_world(seed, couplings or Couplings())
    sessions = draw_sessions(world, N_SESSIONS, seed=1)
    score = make_ranker("logistic").fit(make_logs(world)).score(sessions).order
    cuisine = world.cuisine[sessions.restaurant]
    largest = world.cuisine_share.max(axis=1)[sessions.customer]
    favourite = world.cuisine_share.argmax(axis=1)[sessions.customer]

    def orders(score: NDArray[np.float32]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Orders of each session, and orders per session that each cuisine gets."""
        slate = top_slate(score)
        order = expected_outcomes(sessions, organic_slates(slate)).order
        shown = np.take_along_axis(cuisine, slate, axis=1)
        got = np.bincount(shown.ravel(), order.ravel(), N_CUISINES) / len(sessions)
        return order.sum(axis=1), got

    whole, by_cuisine = orders(score)
    found = []
    for one in range(N_CUISINES):
        theirs = (favourite == one) & (largest > FAITHFUL)
        left, left_by_cuisine = orders(np.where(cuisine == one, np.float32(-1.0), score))
        found.append(
            Broken(
                before={
                    "everybody": float(whole.mean()),
                    "customers": float(whole[theirs].mean()),
                    "cuisine": float(by_cuisine[one]),
                },
                after={
                    "everybody": float(left.mean()),
                    "customers": float(left[theirs].mean()),
                    "cuisine": float(left_by_cuisine[one]),
                },
                share={"everybody": 1.0, "customers": float(theirs.mean()), "cuisine": 1.0},
            )
        )
    return tuple(found)


def chance_seen(
    broken: Broken, count: str, sessions: float, canary: float, days: float = 1.0
) -> float:
    """Chance that a test finds the broken cuisine at the end of so many days.

    Parameters
    ----------
    broken : Broken
    count : str
        One of `COUNTS`. The last two are eight tests each, so each has an eighth of the level.
    sessions : float
        Sessions a day.
    canary : float
        Share of sessions with the release, above 0 and below 1.
    days : float, default 1

    Returns
    -------
    float
        Power of the one-sided test at 5 %, in the normal approximation.

    Raises
    ------
    ValueError
        For an unknown count, or a share out of range.
    """
    if count not in COUNTS:
        raise ValueError(f"count={count!r}, expected one of {', '.join(map(repr, COUNTS))}")
    if not 0 < canary < 1:
        raise ValueError(f"canary={canary!r}, expected a number between 0 and 1")
    level = LEVEL if count == "everybody" else LEVEL / N_CUISINES
    counted = sessions * days * broken.share[count]
    before, after = broken.before[count], broken.after[count]
    variance = after * (1 - after) / (canary * counted) + before * (1 - before) / (
        (1 - canary) * counted
    )
    return float(norm.cdf((before - after) / np.sqrt(variance) - norm.ppf(1 - level)))
