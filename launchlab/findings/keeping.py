"""Claims of the chapter "The understudy": cheaper ways to a gain, and its value."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd

from launchlab.claims import Claim, Coupling, Effect, Variant
from launchlab.findings._worlds import ELASTICITY
from launchlab.serving.latency import latency_ms
from launchlab.serving.remedies import remedy_rows
from launchlab.zoo.rankers import BASELINE
from launchlab.zoo.table import at_latency, zoo_rows
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


def margin_gain(
    seed: int,
    over: str = BASELINE,
    multiplier: float = 1.0,
    elasticity: float = ELASTICITY,
    calls: str = "serial",
) -> Effect:
    """Margin that the ensemble adds, $ per 1,000 sessions, each ranker at its own latency.

    The first 20 worlds come from the shipped table. The error covers which customers were drawn,
    and the use of a single training log. The latter was measured in percent of orders, and is taken
    as the same percent of the margin.
    """
    rows = zoo_rows(seed, tuple(dict.fromkeys(("ensemble5", over, BASELINE)))).set_index("ranker")
    waits = np.array(
        [latency_ms(name, multiplier=multiplier, ensemble=calls) for name in rows.index]
    )
    margin = at_latency(rows, waits, elasticity=elasticity)["margin"]
    drawn = math.hypot(*rows.loc[["ensemble5", over], "margin_change_se"])
    noise = training_noise("ensemble5", over) * margin[over]
    error = math.hypot(drawn * margin[BASELINE], noise) / 100
    return Effect(float(margin["ensemble5"] - margin[over]), float(error))


def _remedies(*names: tuple[str, str, str]) -> list[Variant]:
    return [Variant(name, label, {"remedy": remedy}) for name, label, remedy in names]


WAGE = 180_000.0
"""What a person costs a year, $: the default wage of the stakeholders' business."""

YEARLY = 10e6
"""Sessions a year of the claim about ten million."""

TEN_MILLION = 2 * WAGE / YEARLY * 1_000
"""$ per 1,000 sessions that pay two people at 10 million sessions a year."""


def gain_against_two(
    seed: int, sessions: float = YEARLY, wage: float = WAGE, **assumed: Any
) -> Effect:
    """`margin_gain`, as it would have to be at ten million sessions a year and a wage of $180,000.

    Twice the sessions, or half the wage, do as much as twice the gain: so one band decides at any
    size and any wage.
    """
    found = margin_gain(seed, **assumed)
    times = sessions / YEARLY * WAGE / wage
    return Effect(times * found.value, times * found.error)


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
        couplings=[Coupling("trees", "{} trees", 200, 50, steps=1, whole=True)],
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
        effect=gain_against_two,
        couplings=[
            Coupling("sessions", "{} sessions a year", YEARLY, 1e9, log=True),
            Coupling("wage", "a wage of ${}", WAGE, 10_000.0, steps=34),
        ],
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
        couplings=[
            Coupling(
                "elasticity", "{} % of orders lost per 100 ms", ELASTICITY, 0.0, steps=10, scale=100
            ),
        ],
        unit="$ per 1,000 sessions",
        low=-math.inf,
        high=0.0,
        variants=_AT,
        expected=12,
    ),
]
