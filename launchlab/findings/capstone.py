"""Claims of the chapter "Your name on it": what a draw can promise, and what a watch can keep."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from launchlab.capstone.draws import later, many
from launchlab.capstone.limits import LIMITS
from launchlab.capstone.menu import CONTROL
from launchlab.capstone.releases import A_DAY, RULES, faults, stopped
from launchlab.capstone.strategies import Fate, choose, fate
from launchlab.capstone.town import CHANGED_A_WEEK, DRAW, weeks
from launchlab.claims import Claim, Coupling, Effect, Variant
from launchlab.market import Couplings

DRAWS = 200
CLOSE = 0.005
"""Releases as near as this to the limit are left out: nobody can tell on which side they are."""


def _fate(
    seed: int,
    name: str,
    expected: bool,
    changed: float,
    assumed: dict[str, float],
    size: int = DRAW,
) -> Fate:
    couplings = Couplings(**assumed) if assumed else None
    ratio, error = many(seed, DRAWS, couplings, expected, size)
    return fate(choose(name, ratio, error), later(seed, couplings, changed))


def _luck(*shares: float) -> float:
    """Standard error of a difference of shares of the draws, in points."""
    return 100 * math.sqrt(sum(one * (1 - one) for one in shares) / DRAWS)


def answers(seed: int, changed: float = CHANGED_A_WEEK, **assumed: float) -> Effect:
    """How many of the 96 keep the limits in the four later weeks."""
    truth = later(seed, Couplings(**assumed) if assumed else None, changed)
    return Effect(float(LIMITS.kept(truth["orders"].to_numpy(), truth["ads"].to_numpy()).sum()))


def most_orders(
    seed: int, expected: bool = False, changed: float = CHANGED_A_WEEK, **assumed: float
) -> Effect:
    """Share of draws in which the configuration with most orders keeps the limits, percent."""
    found = _fate(seed, "orders", expected, changed, assumed).kept
    return Effect(100 * found, _luck(found))


def curse(
    seed: int,
    expected: bool = False,
    changed: float = CHANGED_A_WEEK,
    size: int = DRAW,
    **assumed: float,
) -> Effect:
    """Points by which a random one that seems to keep the limits does so more often than the best.

    The best is the one with the most margin on the draw, among the same.
    """
    some = _fate(seed, "random", expected, changed, assumed, size).kept
    best = _fate(seed, "best", expected, changed, assumed, size).kept
    return Effect(100 * (some - best), _luck(some, best))


def bound_keeps(
    seed: int,
    expected: bool = False,
    changed: float = CHANGED_A_WEEK,
    size: int = DRAW,
    **assumed: float,
) -> Effect:
    """How often the bound at 95 % keeps the limits where it ships anything, percent."""
    found = _fate(seed, "bound95", expected, changed, assumed, size)
    return Effect(100 * found.kept / max(1 - found.empty, 1 / DRAWS))


def bound_empty(
    seed: int, expected: bool = False, changed: float = CHANGED_A_WEEK, **assumed: float
) -> Effect:
    """Share of draws in which nothing passes the bound at 95 %, percent."""
    found = _fate(seed, "bound95", expected, changed, assumed).empty
    return Effect(100 * found, _luck(found))


def bound_costs(
    seed: int, expected: bool = False, changed: float = CHANGED_A_WEEK, **assumed: float
) -> Effect:
    """Points of margin that the bound at 80 % gives up against the best, where limits are kept."""
    bound, best = (
        _fate(seed, name, expected, changed, assumed).regret for name in ("bound80", "best")
    )
    return Effect(bound - best)


@dataclass(frozen=True)
class Watched:
    """What became of releases in one town under one rule, half of which carry a fault.

    Attributes
    ----------
    right : float
        How often it decided right, percent: to stop is right for what is below the limit.
    early : float
        How many of those below the limit it stopped before half of the sessions had them, percent.
    """

    right: float
    early: float


EARLY = 5
"""Days before half of the sessions get a release."""


@lru_cache(maxsize=4)
def watched(seed: int, a_day: float) -> dict[str, Watched]:
    """What each rule does to releases of what the bound at 80 % ships in the draws of a town."""
    ratio, error = many(seed, DRAWS)
    shipped = choose("bound80", ratio, error).mean(axis=0)
    orders, rate = later(seed)["orders"], float(weeks(seed)[:, CONTROL, 0].mean())
    harm = [1 - one.loss for one in faults(seed)]
    cases = [
        (float(orders[place]) * factor, shipped[place] * share)
        for place in np.flatnonzero(shipped > 0.01)
        for factor, share in [(1.0, 0.5), *((one, 0.5 / len(harm)) for one in harm)]
    ]
    cases = [(is_so, weight) for is_so, weight in cases if abs(is_so - LIMITS.orders) > CLOSE]
    below = sum(weight for is_so, weight in cases if is_so < LIMITS.orders)
    found = {}
    for rule in RULES:
        right = early = 0.0
        for is_so, weight in cases:
            days = stopped(rule, is_so, rate, a_day=a_day)
            stops = float(days.sum())
            if is_so < LIMITS.orders:
                right += weight * stops
                early += weight * float(days[:EARLY].sum())
            else:
                right += weight * (1 - stops)
        total = sum(weight for _, weight in cases)
        found[rule] = Watched(float(100 * right / total), float(100 * early / below))
    return found


def wrong_limit(seed: int, a_day: float = A_DAY) -> Effect:
    """Points by which day 7 against the limit decides right more often than against the control."""
    found = watched(seed, a_day)
    return Effect(found["seventh"].right - found["control"].right)


def daily_no_wiser(seed: int, a_day: float = A_DAY) -> Effect:
    """Points by which corrected daily looks decide right more often than one look on day 7."""
    found = watched(seed, a_day)
    return Effect(found["obrien-fleming"].right - found["seventh"].right)


def caught_early(seed: int, a_day: float = A_DAY) -> Effect:
    """Share of what breaks the limit that corrected daily looks stop before day 6, percent."""
    return Effect(watched(seed, a_day)["obrien-fleming"].early)


_TOWNS = (
    Variant("still", "the town does not change", {"changed": 0.0}),
    Variant("fast", "5 % of the town changes in a week", {"changed": 0.05}),
)
_HONEST = Variant("honest", "advertisers cook better than others (+0.3)", {"ad_quality": 0.3})
_EXPECTED = Variant("expected", "chances to order are counted, not orders", {"expected": True})
_FEW = Variant("few", "100,000 sessions a week", {"a_day": 100_000 / 7})

CLAIMS = [
    Claim(
        name="capstone-every-town",
        statement=(
            "Something on the menu keeps both limits in the four later weeks: at least 95 % of the "
            "control's orders, and 105 % of its ads."
        ),
        effect=answers,
        unit="of 96 configurations",
        low=0.5,
        variants=[*_TOWNS, _HONEST],
    ),
    Claim(
        name="capstone-most-orders",
        statement=(
            "What brings most orders in 1,500 sessions keeps the limits in fewer than 5 of 100 "
            "draws: it breaks the one on ads."
        ),
        effect=most_orders,
        unit="% of draws",
        low=-math.inf,
        high=5.0,
        variants=[_HONEST],
    ),
    Claim(
        name="capstone-winners-curse",
        statement=(
            "Of all that seems to keep the limits, what earns most in the draw keeps them less "
            "often than one taken at random."
        ),
        effect=curse,
        couplings=[
            Coupling("size", "{} sessions in the draw", DRAW, 5_000, steps=14, whole=True),
        ],
        unit="points",
        expected=14,
        variants=[*_TOWNS, _EXPECTED, _HONEST],
    ),
    Claim(
        name="capstone-bound-keeps",
        statement=(
            "When something passes at 95 % on 1,500 sessions, it keeps both limits in at least 80 "
            "of 100 draws."
        ),
        effect=bound_keeps,
        couplings=[
            Coupling("size", "{} sessions in the draw", DRAW, 50, steps=20, log=True, whole=True),
        ],
        unit="% of draws with an answer",
        low=80.0,
        expected=18,
        variants=[*_TOWNS, _EXPECTED, _HONEST],
    ),
    Claim(
        name="capstone-bound-empty",
        statement=(
            "In at least one draw of ten, 1,500 sessions do not let one be 95 % sure of both "
            "limits for anything on the menu."
        ),
        effect=bound_empty,
        unit="% of draws",
        low=10.0,
        expected=18,
        variants=[_EXPECTED, _HONEST],
    ),
    Claim(
        name="capstone-bound-costs",
        statement=(
            "To be 80 % sure of each limit costs margin, compared with the best on the draw where "
            "that one keeps them."
        ),
        effect=bound_costs,
        unit="% of the best margin",
        variants=[_HONEST],
    ),
    Claim(
        name="capstone-wrong-limit",
        statement=(
            "“Stop if it is below the limit on day 7” decides right more often than “stop if it is "
            "below the control”, by at least 5 points."
        ),
        effect=wrong_limit,
        couplings=[
            Coupling("a_day", "{} sessions a week", A_DAY, 1_000.0, steps=20, log=True, scale=7)
        ],
        unit="points",
        low=5.0,
        variants=[_FEW],
    ),
    Claim(
        name="capstone-daily-no-wiser",
        statement=(
            "Over what the bound at 80 % ships in a town, half of it with a fault, corrected daily "
            "looks decide right at most one point more often than one look at the end."
        ),
        effect=daily_no_wiser,
        unit="points",
        low=-math.inf,
        high=1.0,
        variants=[_FEW],
    ),
    Claim(
        name="capstone-caught-early",
        statement=(
            "Corrected daily looks stop at least half of what breaks the limit before half of the "
            "sessions get it."
        ),
        effect=caught_early,
        unit="% of releases below the limit",
        low=50.0,
        expected=19,
        variants=[_FEW],
    ),
]
