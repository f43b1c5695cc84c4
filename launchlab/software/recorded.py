"""What one change does, what has to be pinned, and what cures for churn bring: shipped tables."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd

from launchlab import shipped

WORLD = 0
"""The world of the first two tables."""

CURE_WORLDS = 5
"""Worlds over which the cures are averaged: seeds 0 to 4."""

PINS = {"data": "day", "code": "rounded", "order": "order", "seed": "seed"}
"""What can be pinned, and the change of `launchlab.software.changes` that happens where it is not:
a day more of data, delivery times in whole minutes, another order of the rows, another seed."""

WEIGHTS = (0.0, 0.25, 0.5, 0.75, 1.0)
"""How much the old model has to say."""

SHARES = (0.0, 0.1, 0.3)
"""Share of the town that has changed between the old log and the new one."""


@cache
def _table(name: str) -> pd.DataFrame:
    return shipped.read_table(__package__, name, comment="#")


def changes_table() -> pd.DataFrame:
    """What one change does to the slates of each model, in one world.

    Returns
    -------
    DataFrame, a row for each change and model
        ``change``, ``model``: names in ``CHANGES`` and ``MODELS``, or "blend". ``slates_0`` to
        ``slates_8``: of 2,000 slates, in how many 0 to 8 places changed. ``largest``: largest
        difference between two scores. ``orders``, ``orders_error``: change of orders, %, and its
        standard error. ``places``: changed places of 8, on average. ``touched``: share of slates
        in which at least one place changed.
    """
    table = _table("changes.csv").copy()
    slates = table[[f"slates_{number}" for number in range(9)]]
    table["places"] = (slates * np.arange(9)).sum(axis=1) / slates.sum(axis=1)
    table["touched"] = 1 - slates["slates_0"] / slates.sum(axis=1)
    return table


def pins_table() -> pd.DataFrame:
    """What differs between two trainings of one model, by what was pinned, in one world.

    Returns
    -------
    DataFrame, a row for each set of pins and model
        A column for each of ``PINS``, 1 where it was pinned; ``model``; ``places``, ``touched`` and
        ``largest`` as in `changes_table`.
    """
    return _table("pins.csv").copy()


def cures_table() -> pd.DataFrame:
    """What each cure for churn changes and brings, on average over five worlds.

    Returns
    -------
    DataFrame, a row for each share of the town that changed, cure and weight
        ``changed``, ``cure``, ``weight``; ``places``: of 8, that differ from the old model's
        slates; ``orders``: in % of what plain retraining brings, beyond it.
    """
    by = ["changed", "cure", "weight"]
    table: pd.DataFrame = _table("cures.csv").drop(columns="world")
    return table.groupby(by, sort=False, as_index=False).mean()
