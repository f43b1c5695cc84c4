"""Claims of the chapter "The score is a proxy": what the dial from orders to clicks does."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np

from launchlab.claims import Claim, Coupling, Effect, Variant
from launchlab.market import (
    Couplings,
    Outcomes,
    blend,
    build_slates,
    expected_outcomes,
    make_scorecard,
    relative_change,
    settle_bids,
)
from launchlab.market.sessions import Sessions
from launchlab.market.slates import Scores
from launchlab.zoo.training import trained_scores

DIAL = tuple(round(0.1 * step, 1) for step in range(11))
RANKER = "hgb200"
_GROUPS = 20
_MILD = 0.3


@cache
def _scored(seed: int, *, ranker: str = RANKER, **assumptions: float) -> tuple[Sessions, Scores]:
    return trained_scores(seed, ranker, couplings=Couplings(**assumptions))


def _outcomes(sessions: Sessions, scores: Scores, weight: float) -> Outcomes:
    ranked = blend(scores, weight)
    slates = build_slates(sessions, ranked, bids=settle_bids(sessions, ranked))
    return expected_outcomes(sessions, slates)


def change(
    seed: int, weight: float, measure: str, *, ranker: str = RANKER, **assumptions: float
) -> Effect:
    """Change of a measure (%) when the dial moves from orders only to ``weight``.

    The error covers which customers were drawn.
    """
    sessions, scores = _scored(seed, ranker=ranker, **assumptions)
    base, moved = _outcomes(sessions, scores, 0.0), _outcomes(sessions, scores, weight)
    return Effect(*relative_change(base, moved, measure, clusters=sessions.customer))


def life_change(
    seed: int, weight: float, *, retention_slope: float | None = None, **assumptions: float
) -> Effect:
    """Change of the 26-week value (%), with a jackknife error over 20 groups of customers.

    How much an experience moves who comes back is in no log, so no model is trained anew for it.
    """
    sessions, scores = _scored(seed, **assumptions)
    couplings = sessions.world.couplings
    if retention_slope is not None:
        couplings = replace(couplings, retention_slope=retention_slope)
    group = sessions.customer % _GROUPS

    def relative(kept: np.ndarray) -> float:
        cards = [
            make_scorecard(_outcomes(sessions[kept], scores[kept], one), couplings)
            for one in (0.0, weight)
        ]
        return 100 * (cards[1].life_value / cards[0].life_value - 1)

    parts = np.array([relative(np.flatnonzero(group != one)) for one in range(_GROUPS)])
    error = np.sqrt((_GROUPS - 1) / _GROUPS * ((parts - parts.mean()) ** 2).sum())
    return Effect(relative(np.arange(len(sessions))), float(error))


def peak(seed: int, **assumptions: float) -> Effect:
    """The dial position with the most orders."""
    sessions, scores = _scored(seed, **assumptions)
    orders = [_outcomes(sessions, scores, weight).measure("orders").sum() for weight in DIAL]
    return Effect(DIAL[int(np.argmax(orders))])


def hidden(seed: int, *, weight: float = 1.0, retention_slope: float | None = None) -> Effect:
    """Fall of the 26-week value beyond the fall of this week's margin, percentage points."""
    life = life_change(seed, weight, retention_slope=retention_slope)
    margin = change(seed, weight, "margin")
    # Both use the same sessions, so adding variances overstates the error.
    return Effect(life.value - margin.value, math.hypot(life.error, margin.error))


def clicks_all(seed: int) -> Effect:
    """Change in clicks when ranking by clicks alone, percent."""
    return change(seed, 1.0, "clicks")


def orders_all(seed: int, *, weight: float = 1.0, **assumptions: Any) -> Effect:
    """Change in orders when ranking by clicks (alone, by default), percent."""
    return change(seed, weight, "orders", **assumptions)


def life_all(seed: int, *, weight: float = 1.0, retention_slope: float | None = None) -> Effect:
    """Change in the 26-week value when ranking by clicks (alone, by default), percent."""
    return life_change(seed, weight, retention_slope=retention_slope)


def orders_mild(seed: int, *, weight: float = _MILD, ranker: str = RANKER) -> Effect:
    """Change in orders with a little (three tenths) of the weight on clicks, percent."""
    return change(seed, weight, "orders", ranker=ranker)


_DIAL = Coupling("weight", "{} % of the weight on clicks", 1.0, 0.05, steps=19, scale=100)
_RETURN = Coupling(
    "retention_slope",
    "a strength of {} with which a meal decides who comes back (log-odds)",
    1.8,
    0.1,
)

CLAIMS = [
    Claim(
        name="goodhart-clicks-rise",
        statement="Ranked by clicks alone, the app gets more clicks than ranked by orders.",
        effect=clicks_all,
        unit="%",
    ),
    Claim(
        name="goodhart-orders-fall",
        statement="Ranked by clicks alone, the app gets fewer orders.",
        effect=orders_all,
        couplings=[
            _DIAL,
            Coupling(
                "badge_click_effect",
                "a strength of {} with which bait draws clicks (log-odds)",
                1.0,
                0.0,
                steps=20,
            ),
        ],
        unit="%",
        low=-math.inf,
        high=0.0,
        variants=[
            Variant("honest", "bait goes with good quality (+0.3)", {"badge_quality": 0.3}),
            Variant("no-looks", "bait draws no looks", {"badge_click_effect": 0.0}),
            Variant("strong", "bait draws twice the looks", {"badge_click_effect": 2.0}),
        ],
    ),
    Claim(
        name="goodhart-life-falls",
        statement="Ranked by clicks alone, customers are worth less over 26 weeks.",
        effect=life_all,
        couplings=[_DIAL, _RETURN],
        unit="%",
        low=-math.inf,
        high=0.0,
    ),
    Claim(
        name="goodhart-mild-orders",
        statement="With three tenths of the weight on clicks, the app gets more orders.",
        effect=orders_mild,
        couplings=[
            Coupling("weight", "{} % of the weight on clicks", _MILD, 1.0, steps=14, scale=100),
        ],
        unit="%",
        expected=19,
        variants=[
            Variant(
                "regularised",
                "a regularised model of orders, which follows noise less",
                {"ranker": "hgb800_tuned"},
            ),
            Variant("truth", "a model that knows the true probabilities", {"ranker": "truth"}),
        ],
    ),
    Claim(
        name="goodhart-peak",
        statement="Orders are highest with one tenth to one half of the weight on clicks.",
        effect=peak,
        unit="of the weight on clicks",
        low=0.05,
        high=0.55,
    ),
    Claim(
        name="goodhart-quarter-hides",
        statement="The value over 26 weeks comes out worse than this week's margin does.",
        effect=hidden,
        couplings=[_DIAL, _RETURN],
        unit="percentage points",
        low=-math.inf,
        high=0.0,
    ),
]
