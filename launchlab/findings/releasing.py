"""Claims of the chapter "One per cent first": who sees a cuisine vanish, and by what count."""

from __future__ import annotations

import math
from statistics import fmean

from launchlab.claims import Claim, Coupling, Effect, Variant
from launchlab.market import Couplings
from launchlab.operations.segments import Broken, break_cuisines, chance_seen

WEEK = 7


def _worlds(seed: int, assumed: dict[str, float]) -> tuple[Broken, ...]:
    return break_cuisines(seed, Couplings(**assumed) if assumed else None)


def theirs_lose_more(seed: int, **assumed: float) -> Effect:
    """How many times as much a cuisine's own customers lose as everybody, mean of 8 cuisines."""
    found = _worlds(seed, assumed)
    theirs, everybody = (fmean(b.loss(c) for b in found) for c in ("customers", "everybody"))
    return Effect(theirs / everybody)


def _chance(
    seed: int, count: str, sessions: float, canary: float, assumed: dict[str, float]
) -> float:
    """Mean over cuisines of the chance to see one vanish on day 1, percent."""
    found = _worlds(seed, assumed)
    return 100 * fmean(chance_seen(b, count, sessions / WEEK, canary) for b in found)


def cuisine_counted(
    seed: int, sessions: float = 100_000, canary: float = 0.1, **assumed: float
) -> Effect:
    """Points by which counting orders by cuisine finds it on day 1 more often than counting all."""
    chances = [_chance(seed, c, sessions, canary, assumed) for c in ("cuisine", "everybody")]
    return Effect(chances[0] - chances[1])


def groups_no_better(
    seed: int, sessions: float = 100_000, canary: float = 0.1, **assumed: float
) -> Effect:
    """Points by which eight groups of customers find it on day 1 more often than all orders."""
    chances = [_chance(seed, c, sessions, canary, assumed) for c in ("customers", "everybody")]
    return Effect(chances[0] - chances[1])


_TOWNS = (
    Variant("attention", "attention falls slowly (0.2)", {"attention_exponent": 0.2}),
    Variant("steep", "attention falls steeply (1.5)", {"attention_exponent": 1.5}),
    Variant("price", "price says nothing about quality", {"price_quality": 0.0}),
)

CLAIMS = [
    Claim(
        name="canary-cuisine-hides",
        statement=(
            "A release never shows one cuisine: customers who love it lose at least three times "
            "the share of orders that everybody loses."
        ),
        effect=theirs_lose_more,
        unit="times as much",
        low=3.0,
        variants=_TOWNS,
    ),
    Claim(
        name="canary-cuisine-counted",
        statement=(
            "At 100,000 sessions a week, on the first day of a 10 % canary, counting orders by "
            "cuisine finds the vanished one more often than counting all orders, by at least 50 "
            "points."
        ),
        effect=cuisine_counted,
        couplings=[
            Coupling("sessions", "{} sessions a week", 100_000, 1_000, steps=24, log=True),
        ],
        unit="points",
        low=50.0,
        variants=[
            *_TOWNS,
            Variant("million", "a million sessions a week", {"sessions": 1_000_000}),
            Variant("one-per-cent", "a canary of 1 %", {"canary": 0.01}),
        ],
    ),
    Claim(
        name="canary-groups-no-better",
        statement=(
            "On that day, averaged over the cuisines, eight groups of customers find it no more "
            "often than the count of all orders does, within 5 points."
        ),
        effect=groups_no_better,
        unit="points",
        low=-math.inf,
        high=5.0,
        variants=[
            *_TOWNS,
            Variant("million", "a million sessions a week", {"sessions": 1_000_000}),
        ],
    ),
]
