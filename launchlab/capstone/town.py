"""What each configuration would bring in a town: in sessions drawn today, and in four later weeks.

All configurations meet the same customers in the same mood, which no experiment can do. Each has
the town to itself, with the bids on which advertisers settle under it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from launchlab.capstone.menu import AD_WEIGHTS, MARGIN_WEIGHTS, MODELS, SHORTLISTS
from launchlab.market import (
    Couplings,
    Outcomes,
    Scores,
    Sessions,
    Slates,
    build_slates,
    draw_sessions,
    expected_outcomes,
    make_logs,
    make_ranker,
    make_world,
    sample_outcomes,
    settle_bids,
)
from launchlab.market.ads import AdPolicy
from launchlab.market.drift import changed_share, drifted_world
from launchlab.market.rankers import Ranker
from launchlab.memo import memo
from launchlab.serving.latency import mean_latency, request_latency
from launchlab.stakeholders.configurations import Configuration, configured

MEASURES = ("orders", "ads", "margin")
"""What is counted of a session; margin ($) includes ad revenue ($)."""

DRAW = 1_500
"""Sessions of a draw."""

DRAWS = 4
"""Draws that a town has; their sessions together are its pool."""

WEEKS = 4
"""Later weeks."""

IN_A_WEEK = 1_500
"""Sessions that stand for a week."""

CHANGED_A_WEEK = 0.02
"""Share of kitchens and of customers that change in a week. Assumed."""

_SETTLING, _POOL, _WEEK, _LUCK = 21, 22, 200, 17  # seeds

Values = NDArray[np.float32]
"""Shape (96, n, 3): of each configuration, in each session, each of `MEASURES`."""


@lru_cache(maxsize=2)
def _rankers(seed: int, couplings: Couplings) -> dict[str, Ranker]:
    logs = make_logs(make_world(seed, couplings))
    return {name: make_ranker(name).fit(logs) for name in MODELS}


Bids = list[NDArray[np.float32]]
Count = Callable[[Sessions, Slates, float], Outcomes]


def _each(
    sessions: Sessions, rankers: dict[str, Ranker], bids: Bids | None, visit: Count | None
) -> tuple[Bids, list[Outcomes]]:
    """Go through the menu in its order: settle bids if none are given, else count outcomes."""
    settled: Bids = []
    found: list[Outcomes] = []
    for model in MODELS:
        scores = rankers[model].score(sessions)
        for shortlist in SHORTLISTS:
            latency = mean_latency(request_latency(model, shortlist))
            for margin_weight in MARGIN_WEIGHTS:
                # The ad weight acts on the slate alone, so six configurations share a ranking.
                ranked: Scores = configured(
                    sessions, scores, Configuration(model, shortlist, margin_weight)
                )
                for ad_weight in AD_WEIGHTS:
                    ads = AdPolicy(weight=ad_weight)
                    if bids is None or visit is None:
                        settled.append(settle_bids(sessions, ranked, ads))
                        continue
                    slates = build_slates(sessions, ranked, ads, bids=bids[len(found)])
                    found.append(visit(sessions, slates, latency))
    return settled, found


@lru_cache(maxsize=2)
def _bids(seed: int, couplings: Couplings) -> Bids:
    world = make_world(seed, couplings)
    sessions = draw_sessions(world, DRAW, seed=_SETTLING)
    return _each(sessions, _rankers(seed, couplings), None, None)[0]


def _values(seed: int, couplings: Couplings, sessions: Sessions, visit: Count) -> Values:
    outcomes = _each(sessions, _rankers(seed, couplings), _bids(seed, couplings), visit)[1]
    names = ("orders", "ad_revenue", "margin")
    return np.array(
        [np.stack([one.measure(name) for name in names], axis=1) for one in outcomes],
        dtype=np.float32,
    )


@memo
def _pool(seed: int, couplings: Couplings, expected: bool) -> Values:
    world = make_world(seed, couplings)
    sessions = draw_sessions(world, DRAW * DRAWS, seed=_POOL)

    def happened(sessions: Sessions, slates: Slates, latency: float) -> Outcomes:
        return sample_outcomes(sessions, slates, _LUCK, latency)

    return _values(seed, couplings, sessions, expected_outcomes if expected else happened)


@lru_cache(maxsize=2)
def pool(seed: int, couplings: Couplings | None = None, expected: bool = False) -> Values:
    """What each configuration brings in each of a town's 6,000 sessions of today.

    Parameters
    ----------
    seed : int
        The town's.
    couplings : Couplings, optional
        Assumptions of the world; the defaults if not given.
    expected : bool, default False
        Whether customers' chances to order count, in place of whether they did.

    Returns
    -------
    ndarray of float32, shape (96, 6000, 3)
        Orders, ad revenue ($) and margin ($). Callers share it: read only.
    """
    return _pool(seed, couplings or Couplings(), expected)


@memo
def _weeks(seed: int, couplings: Couplings, changed: float) -> NDArray[np.float64]:
    world = make_world(seed, couplings)
    found = []
    for week in range(1, WEEKS + 1):
        later = drifted_world(world, changed_share(changed, week))
        sessions = draw_sessions(later, IN_A_WEEK, seed=_WEEK + week)
        values = _values(seed, couplings, sessions, expected_outcomes)
        found.append(values.mean(axis=1, dtype=np.float64))
    return np.array(found)


@lru_cache(maxsize=4)
def weeks(
    seed: int, couplings: Couplings | None = None, changed: float = CHANGED_A_WEEK
) -> NDArray[np.float64]:
    """What each configuration brings in each of four later weeks, in expectation.

    Parameters
    ----------
    seed : int
        The town's.
    couplings : Couplings, optional
    changed : float, default 0.02
        Share of the town that changes in a week.

    Returns
    -------
    ndarray of float64, shape (4, 96, 3)
        Mean per session of each of `MEASURES`. Callers share it: read only.
    """
    return _weeks(seed, couplings or Couplings(), changed)
