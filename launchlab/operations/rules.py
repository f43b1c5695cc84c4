"""Alarm rules: what one wakes people for, and how often it is right.

A rule is a function of a `Reading` that says whom to wake, or nobody. It is judged on days whose
cost is known.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from launchlab.operations.cusum import ORDER_RATE

COSTLY = -1.0
"""A day is costly if orders change by less than this, in percent."""

CLICK_RATE = 0.65
"""Clicks a session, about as in the towns of this book."""


@dataclass(frozen=True)
class Reading:
    """What the four watchers read on one day; nothing that only the simulator knows.

    Attributes
    ----------
    inputs : float
        The largest PSI of an input, against last week.
    inputs_p : float
        The smallest p-value of an input, one row a session, times the number of inputs.
    score : float
        PSI of the scores.
    score_p : float
        P-value of the best score of each session.
    clicks, orders : float
        Change against the usual day, percent, with the luck of the day.
    """

    inputs: float = 0.004
    inputs_p: float = 1.0
    score: float = 0.0003
    score_p: float = 0.5
    clicks: float = 0.0
    orders: float = 0.0


Rule = Callable[[Reading], object]
"""Returns whom to wake; what counts as false (None, an empty text) wakes nobody."""


def seen(days: pd.DataFrame, noise: float = 5.0, sessions: float = 14_286) -> pd.DataFrame:
    """Days as a dashboard shows them: with noise in clicks and orders.

    Parameters
    ----------
    days : DataFrame
        As `launchlab.operations.watching.watched_days` returns it.
    noise : float, default 5
        What differs from day to day, percent; clicks and orders share it.
    sessions : float, optional
        A day; by default a seventh of 100,000.

    Returns
    -------
    DataFrame
        Columns ``world``, ``happening``, those of a `Reading`, ``cost`` (the change of orders
        without noise, percent) and ``kind``: "quiet", "costly" or "harmless".
    """
    rng = np.random.default_rng(26)
    shared = noise * rng.standard_normal(len(days))
    own = {
        name: 100
        * np.sqrt((1 - min(rate, 0.5)) / (rate * sessions))
        * rng.standard_normal(len(days))
        for name, rate in (("clicks", CLICK_RATE), ("orders", ORDER_RATE))
    }
    calm = days["happening"].str.startswith("quiet")
    kind = np.where(calm, "quiet", np.where(days["orders"] < COSTLY, "costly", "harmless"))
    return pd.DataFrame(
        {
            "world": days["world"],
            "happening": days["happening"],
            "inputs": days["inputs_1e-04"],
            "inputs_p": days["inputs_p"],
            "score": days["score"],
            "score_p": days["score_p"],
            "clicks": days["clicks"] + shared + own["clicks"],
            "orders": days["orders"] + shared + own["orders"],
            "cost": days["orders"],
            "kind": kind,
        }
    )


def woken(rule: Rule, days: pd.DataFrame) -> pd.Series:
    """On which days a rule wakes somebody."""
    names = list(Reading.__dataclass_fields__)
    readings = (Reading(*map(float, row)) for row in days[names].itertuples(index=False))
    return pd.Series([bool(rule(reading)) for reading in readings], index=days.index)


@dataclass(frozen=True)
class Verdict:
    """How a rule did.

    Attributes
    ----------
    false_alarms : float
        A week in which nothing happens.
    costly, harmless : float
        Percent of the costly and of the harmless happenings for which it wakes on the first day.
    lost : float
        Percent of the orders lost on all costly first days that fell on days it slept through.
    """

    false_alarms: float
    costly: float
    harmless: float
    lost: float


def judged(rule: Rule, days: pd.DataFrame) -> Verdict:
    """Judge a rule on days of known cost.

    Parameters
    ----------
    rule : callable
        Takes a `Reading`.
    days : DataFrame
        As `seen` returns it, with days of every kind.

    Raises
    ------
    ValueError
        If a kind of day is missing.
    """
    wakes = woken(rule, days)
    of_kind = {}
    for kind in ("quiet", "costly", "harmless"):
        theirs = days["kind"] == kind
        if not theirs.any():
            raise ValueError(f"days hold no {kind} day, expected days of every kind")
        of_kind[kind] = float(wakes[theirs].mean())
    costly = days["kind"] == "costly"
    slept = days["cost"].where(costly & ~wakes, 0.0).sum() / days["cost"].where(costly, 0.0).sum()
    return Verdict(
        false_alarms=7 * of_kind["quiet"],
        costly=100 * of_kind["costly"],
        harmless=100 * of_kind["harmless"],
        lost=100 * float(slept),
    )


def precision(false_alarms: float, weeks: float, seen: float = 1.0) -> float:
    """Share of alarms that are right.

    Parameters
    ----------
    false_alarms : float
        A week.
    weeks : float
        From one thing that matters to the next.
    seen : float, default 1
        Share of those that ring.
    """
    right = seen / weeks
    return right / (right + false_alarms)
