"""How much a gain depends on the training log: reads the shipped measurements."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd

from launchlab import shipped

NOISE_RANKERS = ("logistic", "hgb200", "hgb800", "hgb800_tuned", "ensemble5")
"""Rankers that were trained on a second log."""


@cache
def _training_noise() -> pd.DataFrame:
    return shipped.read_table(__package__, "training_noise.csv", comment="#")


def training_noise(better: str, worse: str) -> float:
    """Standard deviation of a gain in orders from one training log to another, percentage points.

    Parameters
    ----------
    better, worse : str
        Names in ``NOISE_RANKERS``.

    Returns
    -------
    float
        Standard deviation of 100 (orders of better / orders of worse - 1), from two logs in each of
        8 worlds, so itself accurate to about a quarter.

    Raises
    ------
    ValueError
        For any other ranker.
    """
    for name in (better, worse):
        if name not in NOISE_RANKERS:
            raise ValueError(f"ranker={name!r}, expected one of {', '.join(NOISE_RANKERS)}")
    orders = _training_noise().pivot(index=["world", "log_seed"], columns="ranker", values="orders")
    gains = (100 * (orders[better] / orders[worse] - 1)).unstack("log_seed")
    return float(np.sqrt(((gains[1] - gains[0]) ** 2).mean() / 2))
