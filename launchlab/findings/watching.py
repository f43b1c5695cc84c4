"""Claims of the chapter "Whom do you wake?": alarms and what they cost, and when to retrain."""

from __future__ import annotations

import math

import pandas as pd
from scipy.stats import spearmanr

from launchlab.claims import Claim, Coupling, Effect, Variant
from launchlab.market import Couplings
from launchlab.memo import memo
from launchlab.operations.retraining import aging_in, alarm_and_calendar
from launchlab.operations.rules import COSTLY
from launchlab.operations.watching import (
    FLOORS,
    WATCHED,
    happened_in,
    rung_in,
)

USUAL_LIMITS = (0.1, 0.25)
"""PSI below the first is said to be nothing, above the second an alarm."""

LEVEL = 0.01
NOMINAL = 7 * len(WATCHED) * LEVEL
"""Alarms a week of thirteen tests a day, if each rang as often as its level says."""


@memo
def _days(seed: int, assumed: dict[str, float]) -> pd.DataFrame:
    """The twelve days of a world, by what happens."""
    return happened_in(seed, Couplings(**assumed) if assumed else None).set_index("happening")


def silent_costs(seed: int, **assumed: float) -> Effect:
    """Percent of orders that the wrong join loses; none are counted if a PSI is above .1."""
    day = _days(seed, assumed).loc["join"]
    quiet = day[f"inputs_{FLOORS[0]:.0e}"] < USUAL_LIMITS[0]
    return Effect(-day["orders"] if quiet else 0.0, day["orders_se"])


def loud_is_harmless(seed: int, **assumed: float) -> Effect:
    """Percent of orders that the stuck flag loses; all of them if a PSI is below .25."""
    day = _days(seed, assumed).loc["wet"]
    loud = min(day[f"inputs_{floor:.0e}"] for floor in FLOORS) > USUAL_LIMITS[1]
    return Effect(-day["orders"] if loud else 100.0, day["orders_se"])


def rows_ring(seed: int, each: int = 30, corrected: bool = False) -> Effect:
    """Alarms in a quiet week, if ``each`` rows of a session are tested as if independent."""
    return Effect(rung_in(seed, each, LEVEL, corrected))


def scores_rank_better(seed: int, floor: float = FLOORS[0], **assumed: float) -> Effect:
    """Spearman correlation with the loss: that of the scores' PSI less that of the inputs'."""
    days = _days(seed, assumed)
    inputs, score = (
        float(spearmanr(days[name], -days["orders"]).statistic)
        for name in (f"inputs_{floor:.0e}", "score")
    )
    return Effect(score - inputs)


def clicks_fall_less(seed: int, **assumed: float) -> Effect:
    """Fall of clicks as a share of the fall of orders, over the costly days, percent."""
    days = _days(seed, assumed)
    costly = days[days["orders"] < COSTLY]
    return Effect(100 * float(costly["clicks"].mean() / costly["orders"].mean()))


def calendar_as_good(seed: int, jumps: bool = False, **assumed: float) -> Effect:
    """Percent of orders that an alarm brings beyond a calendar that trains as often."""
    aged = aging_in(seed, Couplings(**assumed) if assumed else None)
    alarm, calendar = alarm_and_calendar(aged, seed, jumps)
    return Effect(alarm.orders - calendar.orders)


_TOWNS = (
    Variant("attention", "attention falls slowly (0.2)", {"attention_exponent": 0.2}),
    Variant("price", "price says nothing about quality", {"price_quality": 0.0}),
)

CLAIMS = [
    Claim(
        name="watch-silent-costs",
        statement=(
            "One input comes from another session: no input's PSI reaches 0.1, and more than 2 % "
            "of orders are lost."
        ),
        effect=silent_costs,
        couplings=[
            Coupling(
                "price_quality",
                "price and quality correlated at {}",
                Couplings().price_quality,
                0.0,
                steps=1,
            ),
        ],
        unit="% of orders lost",
        low=2.0,
        variants=_TOWNS,
    ),
    Claim(
        name="watch-loud-is-harmless",
        statement=(
            "The rain flag is stuck at wet: its PSI is above 0.25 at every floor from 0.0001 to "
            "0.01, and orders change by less than 1 %."
        ),
        effect=loud_is_harmless,
        unit="% of orders lost",
        low=-1.0,
        high=1.0,
        variants=_TOWNS,
    ),
    Claim(
        name="watch-rows-ring",
        statement=(
            "Nothing happens, and thirteen tests of all 30 rows of each session ring more than ten "
            "times as often as their level of 1 % says, which is 0.9 times a week."
        ),
        effect=rows_ring,
        couplings=[Coupling("each", "{} rows a session", 30, 1, whole=True, between=(10, 3))],
        unit="alarms a week",
        low=10 * NOMINAL,
        variants=[
            Variant("shared", "a thirteenth of the level each", {"corrected": True}),
            Variant("ten", "10 rows a session", {"each": 10}),
            Variant("three", "3 rows a session", {"each": 3}),
            Variant("one", "one row a session", {"each": 1}),
        ],
    ),
    Claim(
        name="watch-scores-rank-better",
        statement=(
            "The PSI of the scores ranks the twelve by what they cost better than the largest PSI "
            "of an input does."
        ),
        effect=scores_rank_better,
        unit="points of rank correlation",
        low=0.0,
        variants=[*_TOWNS, Variant("floor", "a floor of 0.01", {"floor": FLOORS[-1]})],
    ),
    Claim(
        name="watch-clicks-fall-less",
        statement="On the days that cost orders, clicks fall less than three quarters as far.",
        effect=clicks_fall_less,
        unit="% of the fall of orders",
        low=-math.inf,
        high=75.0,
        variants=_TOWNS,
    ),
    Claim(
        name="retrain-calendar-as-good",
        statement=(
            "The town changes by 2 % a week: an alarm on the weekly AUC brings at most 0.1 % more "
            "orders than a calendar that trains as often."
        ),
        effect=calendar_as_good,
        unit="% of orders",
        low=-math.inf,
        high=0.1,
        variants=[
            Variant("jumps", "as much change, in four jumps a year", {"jumps": True}),
        ],
    ),
]
