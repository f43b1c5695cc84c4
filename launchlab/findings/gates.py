"""Claims of the chapter "Nineteen faults, eight gates": what stops a faulty release."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
import pandas as pd

from launchlab.claims import Claim, Coupling, Effect, Variant
from launchlab.market import Couplings
from launchlab.software.alarms import (
    BEFORE_LAUNCH,
    GATES,
    Limits,
    above_usual,
    alarms,
    gate_rows,
    is_sound,
    stopped,
)
from launchlab.software.covering import CAUGHT
from launchlab.software.gates import canary_power
from launchlab.software.harms import A_WEEK, COSTLY
from launchlab.software.shares import joined_rows, leak_score

RAISERS = ("leak", "overfit")

TWO_DAYS = 1 / 14

TOO_GOOD = Limits().offline
"""Points of AUC above the usual from which on a score is too good."""

Assumed = tuple[tuple[str, float], ...]


@lru_cache(maxsize=4)
def _rows(seed: int, assumed: Assumed = ()) -> pd.DataFrame:
    if assumed:
        return gate_rows(seed, RAISERS, Couplings(**dict(assumed)))
    return gate_rows(seed)


def _costly(rows: pd.DataFrame) -> pd.Series:
    return rows["release"].isin(COSTLY)


def _named(rows: pd.DataFrame, name: str) -> pd.Series:
    return rows[rows["release"] == name].iloc[0]


def stopped_by(seed: int, gate: str = "offline", below: float = TOO_GOOD) -> Effect:
    """How many of the nineteen faults one gate stops."""
    rows = _rows(seed)
    found = alarms(rows, Limits(offline=below))[gate]
    return Effect(float((found[_costly(rows)] >= CAUGHT).sum()))


def raisers_rank(seed: int) -> Effect:
    """Place of the less bad of the two raisers when the nineteen are ordered by orders lost."""
    rows = _rows(seed)
    change = rows[_costly(rows)].set_index("release")["change"]
    return Effect(float(change.rank()[list(RAISERS)].max()))


def raisers_above(seed: int, share: float = 1.0, **assumed: float) -> Effect:
    """Points of AUC above the usual: the smaller rise of the leak and of the overfit model.

    ``share`` is the share of orders that leak.
    """
    rows = _rows(seed, tuple(sorted(assumed.items())))
    above = above_usual(rows, "offline").groupby(rows["release"]).first()
    full, overfit = (float(above[name]) for name in RAISERS)
    if share < 1:
        full = leak_score(seed, share) - float(rows["offline"][is_sound(rows)].mean())
    return Effect(min(full, overfit))


def joined_stopped(seed: int, share: float = TWO_DAYS) -> Effect:
    """How many of the seven gates before the launch stop wrongly joined labels."""
    rows = joined_rows(seed, share)
    found = alarms(rows)[list(BEFORE_LAUNCH)][rows["release"] == "joined"]
    return Effect(float(found.to_numpy().sum()))


def joined_costs(seed: int, share: float = A_WEEK) -> Effect:
    """Change of orders (%) when the labels of a share of sessions were joined wrongly."""
    row = _named(joined_rows(seed, share), "joined")
    return Effect(float(row["change"]), float(row["change_se"]))


def naive_alarm(seed: int, **assumed: float) -> Effect:
    """The least PSI that a sound release shows when it is held against its training rows."""
    rows = _rows(seed, tuple(sorted(assumed.items())))
    return Effect(float(rows["drift_naive"][is_sound(rows)].min()))


def fair_alarm(seed: int, **assumed: float) -> Effect:
    """The largest PSI that a sound release shows when serving is held against serving."""
    rows = _rows(seed, tuple(sorted(assumed.items())))
    return Effect(float(rows["drift"][is_sound(rows)].max()))


def canary_stops_sound(seed: int, sessions: int = 100_000) -> Effect:
    """How often a canary stops a sound release when another sound one runs, percent.

    Mean over all ordered pairs of the town's seven: none runs more often than the others.
    """
    rows = _rows(seed)
    orders = np.r_[rows["orders"][is_sound(rows)], rows["running"].iloc[0]] / 1_000
    chance = canary_power(orders[:, None], orders[None, :], sessions, 4 * sessions)
    return Effect(100 * float(chance[~np.eye(len(orders), dtype=bool)].mean()))


def get_through(seed: int, gates: tuple[str, ...] = tuple(GATES)) -> Effect:
    """How many of the nineteen faults some gates let through more often than not."""
    rows = _rows(seed)
    chance = stopped(alarms(rows), gates)[_costly(rows)]
    return Effect(float((chance < CAUGHT).sum()))


def retrained_spread(seed: int, **assumed: float) -> Effect:
    """How far sound retrainings of one town lie apart: standard deviation of orders, percent."""
    rows = _rows(seed, tuple(sorted(assumed.items())))
    orders = rows["orders"][is_sound(rows)]
    return Effect(100 * float(orders.std() / orders.mean()))


STEEP = Variant(
    "steep", "attention falls off faster down the slate (exponent 1.5)", {"attention_exponent": 1.5}
)

CLAIMS = [
    Claim(
        name="gates-offline-stops-few",
        statement="An alarm for a low offline score stops fewer than half of the nineteen faults.",
        effect=stopped_by,
        couplings=[
            Coupling("below", "an alarm {} points of AUC below the usual", TOO_GOOD, 0.1, steps=28),
        ],
        unit="faults of 19",
        low=-math.inf,
        high=9.5,
        variants=[
            Variant("strict", "an alarm at 0.8 points of AUC", {"below": 0.8}),
            Variant("lax", "an alarm at 3 points", {"below": 3.0}),
            Variant("schema", "the schema instead", {"gate": "schema"}),
            Variant("canary", "the canary instead", {"gate": "canary"}),
        ],
    ),
    Claim(
        name="gates-raisers-worst",
        statement=(
            "The two faults that raise the offline score are among the four that cost most orders."
        ),
        effect=raisers_rank,
        unit="place among 19",
        low=-math.inf,
        high=4.5,
        expected=19,
    ),
    Claim(
        name="gates-too-good",
        statement=(
            "An alarm for a score that is too good, 1.5 points of AUC above the usual, stops the "
            "leak and the overfit model."
        ),
        effect=raisers_above,
        couplings=[
            Coupling("share", "a leak in {} % of orders", 1.0, 0.005, steps=32, log=True, scale=100)
        ],
        unit="points of AUC",
        low=TOO_GOOD,
        variants=[STEEP],
    ),
    Claim(
        name="gates-joined-unseen",
        statement=(
            "The labels of two days in 28 are joined to the wrong sessions: no gate before the "
            "launch stops the release."
        ),
        effect=joined_stopped,
        couplings=[
            Coupling(
                "share",
                "wrong labels on {} of 28 days",
                TWO_DAYS,
                A_WEEK,
                between=(3 / 28, 4 / 28, 5 / 28, 6 / 28),
                scale=28,
            ),
        ],
        unit="gates of 7",
        low=-math.inf,
        high=0.5,
        expected=17,
        variants=[
            Variant("week", "a week in four", {"share": A_WEEK}),
        ],
    ),
    Claim(
        name="gates-joined-costs",
        statement="Labels of one week in four that are joined to the wrong sessions cost orders.",
        effect=joined_costs,
        unit="% of orders",
        low=-math.inf,
        high=0.0,
        variants=[
            Variant("two-days", "two days in 28", {"share": TWO_DAYS}),
        ],
    ),
    Claim(
        name="gates-psi-training-rows",
        statement=(
            "PSI of what is served against the training rows is above 0.25 for every sound release."
        ),
        effect=naive_alarm,
        unit="(lowest PSI)",
        low=0.25,
        variants=[STEEP],
    ),
    Claim(
        name="gates-psi-serving",
        statement=(
            "PSI of what is served against what was served last week, and of training rows against "
            "training rows, stays below 0.2 for every sound release."
        ),
        effect=fair_alarm,
        unit="(highest PSI)",
        low=-math.inf,
        high=0.2,
        variants=[STEEP],
    ),
    Claim(
        name="gates-all-eight",
        statement="All eight gates together let at most one of the nineteen faults through.",
        effect=get_through,
        unit="faults of 19",
        low=-math.inf,
        high=1.5,
        variants=[Variant("early", "the seven before the launch", {"gates": BEFORE_LAUNCH})],
    ),
    Claim(
        name="gates-canary-stops-sound",
        statement=(
            "A canary of 100,000 sessions, tested at 5 %, stops more than one sound retraining in "
            "ten."
        ),
        effect=canary_stops_sound,
        unit="% of sound releases",
        low=10.0,
        variants=[Variant("small", "10,000 sessions", {"sessions": 10_000})],
    ),
]
