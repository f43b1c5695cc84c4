"""Claims of the chapter "The understudy": cheaper ways to a gain, and its value."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
import pandas as pd

from launchlab.claims import Claim, Effect, Variant
from launchlab.findings._worlds import ELASTICITY
from launchlab.serving.latency import latency_ms
from launchlab.serving.remedies import remedy_rows
from launchlab.zoo.launch import hurry, launched
from launchlab.zoo.rankers import ranker_scores, world_sessions
from launchlab.zoo.training_noise import training_noise


def _rows(seed: int) -> pd.DataFrame:
    return remedy_rows(seed).set_index("remedy")


def remedy_gain(seed: int, remedy: str) -> Effect:
    """Gain in orders of a remedy over 200 trees, percent, at 0 ms.

    The error covers which customers were drawn, and the use of a single training log. The latter
    is that between hgb800_tuned and hgb200, the closest pair that was measured.
    """
    row = _rows(seed).loc[remedy]
    noise = training_noise("hgb800_tuned", "hgb200")
    return Effect(float(row["orders_change"]), math.hypot(row["orders_change_se"], noise))


def remedy_lead(seed: int, remedy: str, over: str) -> Effect:
    """Gain of one remedy less that of another, percentage points.

    The error is an upper bound for which customers were drawn. That of a single training log is
    left out, because both learnt from the same log.
    """
    one, other = (_rows(seed).loc[name] for name in (remedy, over))
    error = math.hypot(one["orders_change_se"], other["orders_change_se"])
    return Effect(float(one["orders_change"] - other["orders_change"]), error)


@lru_cache(maxsize=4)
def _margin(seed: int, ranker: str) -> tuple[np.ndarray, np.ndarray]:
    """Each session's margin at 0 ms, $, and its customer's hurry."""
    sessions = world_sessions(seed)
    outcomes = launched(sessions, ranker_scores(seed, ranker))
    return outcomes.measure("margin"), hurry(sessions)


def margin_gain(
    seed: int,
    over: str = "hgb200",
    multiplier: float = 1.0,
    elasticity: float = ELASTICITY,
    calls: str = "serial",
) -> Effect:
    """Margin that the ensemble adds, $ per 1,000 sessions, each ranker at its own latency.

    The error covers which sessions were drawn, and the use of a single training log. The latter
    was measured in percent of orders, and is taken as the same percent of the margin.
    """
    values = []
    for ranker in ("ensemble5", over):
        margin, in_a_hurry = _margin(seed, ranker)
        own = latency_ms(ranker, multiplier=multiplier, ensemble=calls)
        values.append(1_000 * margin * np.exp(np.log1p(-elasticity) * own / 100 * in_a_hurry))
    added = values[0] - values[1]
    drawn = added.std(ddof=1) / math.sqrt(len(added))
    noise = training_noise("ensemble5", over) / 100 * values[1].mean()
    return Effect(float(added.mean()), math.hypot(drawn, noise))


def _remedies(*names: tuple[str, str, str]) -> list[Variant]:
    return [Variant(name, label, {"remedy": remedy}) for name, label, remedy in names]


TWO_PEOPLE = 360_000.0
"""What two more people cost a year, $: the default wage of the stakeholders' business, twice."""

TEN_MILLION = TWO_PEOPLE / 10e6 * 1_000
"""$ per 1,000 sessions that pay two people at 10 million sessions a year."""

_AT = [
    Variant("3x", "3 times the latency, in turn", {"multiplier": 3.0}),
    Variant("10x", "10 times, in turn", {"multiplier": 10.0}),
    Variant("10x-parallel", "10 times, at once", {"multiplier": 10.0, "calls": "parallel"}),
    Variant("0", "nobody minds waiting", {"elasticity": 0.0}),
]

CLAIMS = [
    Claim(
        name="keep-soft-over-hard",
        statement=(
            "Same rows, same loss, same settings: a student of 200 trees brings more orders if it"
            " learns the teacher's probabilities than if it learns the logged orders."
        ),
        effect=lambda seed, trees=200: remedy_lead(
            seed, f"student-{trees}-soft", f"student-{trees}-hard"
        ),
        unit="percentage points",
        variants=[Variant("50", "50 trees", {"trees": 50})],
    ),
    Claim(
        name="keep-student",
        statement=(
            "A student of 200 trees taught by 800 tuned trees brings more orders than 200 trees"
            " that learn from the log."
        ),
        effect=lambda seed, remedy="student-200-soft": remedy_gain(seed, remedy),
        unit="%",
        variants=_remedies(
            ("50", "a student of 50 trees", "student-50-soft"),
            ("fresh", "taught by the Committee on rows without labels", "student-200-fresh"),
            ("hard", "taught by the orders themselves", "student-200-hard"),
        ),
        expected=19,
    ),
    Claim(
        name="keep-cascade",
        statement=(
            "A cascade that lets 15 of 30 candidates through to 800 tuned trees brings more orders"
            " than 200 trees."
        ),
        effect=lambda seed, remedy="cascade-15-hgb800_tuned": remedy_gain(seed, remedy),
        unit="%",
        variants=_remedies(
            ("8", "8 let through", "cascade-8-hgb800_tuned"),
            ("12", "12 let through", "cascade-12-hgb800_tuned"),
            ("20", "20 let through", "cascade-20-hgb800_tuned"),
            ("ensemble", "15 let through to the Committee", "cascade-15-ensemble5"),
        ),
        expected=18,
    ),
    Claim(
        name="keep-cut-costs",
        statement=(
            "Letting 8 of 30 through to 800 tuned trees brings fewer orders than letting them see"
            " all 30."
        ),
        effect=lambda seed, cut=8: remedy_lead(seed, f"cascade-{cut}-hgb800_tuned", "hgb800_tuned"),
        unit="percentage points",
        low=-math.inf,
        high=0.0,
        variants=[
            Variant("12", "12 let through", {"cut": 12}),
            Variant("15", "15 let through", {"cut": 15}),
            Variant("20", "20 let through", {"cut": 20}),
        ],
        expected=18,
    ),
    Claim(
        name="keep-pair",
        statement=(
            "The two members that rank a held-out log best bring more orders than 200 trees alone."
        ),
        effect=lambda seed, remedy="pair": remedy_gain(seed, remedy),
        unit="%",
        variants=_remedies(("five", "the whole Committee", "ensemble5")),
        expected=18,
    ),
    Claim(
        name="ship-adds-margin",
        statement="The Committee adds margin over 200 trees, so there is a size at which it pays.",
        effect=margin_gain,
        unit="$ per 1,000 sessions",
        variants=_AT,
        expected=19,
    ),
    Claim(
        name="ship-not-at-ten-million",
        statement=(
            "At ten million sessions a year, what the Committee adds to the margin of 200 trees "
            "does not pay two people at $180,000."
        ),
        effect=margin_gain,
        unit="$ per 1,000 sessions",
        low=-math.inf,
        high=TEN_MILLION,
        variants=_AT,
        expected=19,
    ),
    Claim(
        name="ship-never-over-tuned",
        statement=(
            "Over 800 tuned trees the Committee adds no margin: it pays its people at no size."
        ),
        effect=lambda seed, **assumed: margin_gain(seed, **{"over": "hgb800_tuned", **assumed}),
        unit="$ per 1,000 sessions",
        low=-math.inf,
        high=0.0,
        variants=_AT,
        expected=12,
    ),
]
