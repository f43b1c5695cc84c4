"""Offline gain against online gain over pairs of rankers, and the effect of a narrow range."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from launchlab.zoo.training import TRUTH

_RESAMPLES = 1_000


@dataclass(frozen=True)
class Agreement:
    """How well offline gains predict online gains over a set of pairs.

    Attributes
    ----------
    n : int
        Number of pairs.
    r : float
        Correlation of the two gains about zero, not about their means, because swapping the rankers
        of a pair changes the sign of both gains; NaN without pairs.
    low, high : float
        95 % interval of r, by resampling whole worlds, because pairs share rankers and worlds. NaN
        if there is only one world.
    disagree : float
        Percent of pairs whose gains differ in sign; NaN without pairs.
    """

    n: int
    r: float
    low: float
    high: float
    disagree: float


def log_gains(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Gains of all pairs, 100 x log(one / other); nearly percent if they are small.

    Parameters
    ----------
    values : ndarray of float, shape (..., m)
        Positive values of m rankers.

    Returns
    -------
    ndarray of float, shape (..., m (m - 1) / 2)

    Raises
    ------
    ValueError
        If a value is not positive.
    """
    if not (values > 0).all():
        raise ValueError("values are not all positive: a relative gain needs that")
    one, other = np.triu_indices(values.shape[-1], k=1)
    logs = np.log(values)
    gains: NDArray[np.float64] = 100 * (logs[..., one] - logs[..., other])
    return gains


def correlation(one: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    """Correlation about zero of two gains of shape (m,); NaN if one of them is 0 throughout."""
    size = float(np.sqrt((one @ one) * (other @ other)))
    return float(one @ other) / size if size > 0 else float("nan")


def disagreement(one: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    """Percent of m pairs whose gains, shape (m,), differ in sign; NaN without pairs."""
    return float(100 * np.mean(one * other < 0)) if len(one) else float("nan")


def pair_gains(
    table: pd.DataFrame, offline: str = "auc_order", online: str = "orders"
) -> pd.DataFrame:
    """All pairs of rankers within each world, with both gains.

    Parameters
    ----------
    table : DataFrame
        ``zoo_table()``, or some of its rows, or the result of ``at_latency`` on them. The ranker
        "truth" is left out, because nobody can ship it.
    offline, online : str
        Columns of positive values. More is better.

    Returns
    -------
    DataFrame, a row for each world and pair
        ``world``, ``one``, ``other`` (rankers), ``offline_gain`` and ``online_gain``: percent by
        which ``one`` exceeds ``other`` (100 x log of the ratio).

    Raises
    ------
    ValueError
        If a column is missing, or a value is not positive.
    """
    missing = {"world", "ranker", offline, online} - set(table.columns)
    if missing:
        raise ValueError(f"the table has no column {sorted(missing)[0]!r}")
    parts = []
    for world, rows in table[table["ranker"] != TRUTH].groupby("world"):
        one, other = np.triu_indices(len(rows), k=1)
        names = rows["ranker"].to_numpy()
        parts.append(
            pd.DataFrame(
                {
                    "world": world,
                    "one": names[one],
                    "other": names[other],
                    "offline_gain": log_gains(rows[offline].to_numpy(dtype=float)),
                    "online_gain": log_gains(rows[online].to_numpy(dtype=float)),
                }
            )
        )
    return pd.concat(parts, ignore_index=True)


def agreement(pairs: pd.DataFrame, window: float = np.inf, *, seed: int = 0) -> Agreement:
    """Agreement of offline and online gains over pairs that are close offline.

    Parameters
    ----------
    pairs : DataFrame
        From `pair_gains`.
    window : float
        Use only pairs whose offline gain is within this many percent of 0.
    seed : int
        Seed of the resampling behind the interval.

    Returns
    -------
    Agreement

    Raises
    ------
    ValueError
        If the window is not positive.
    """
    if not window > 0:
        raise ValueError(f"window={window!r}, expected a positive number of percent")
    kept = pairs[pairs["offline_gain"].abs() < window]
    one, other = kept["offline_gain"].to_numpy(), kept["online_gain"].to_numpy()
    # Each world's contribution to r: its sums of squares and products.
    sums = [
        [a @ b, a @ a, b @ b]
        for _, rows in kept.groupby("world")
        for a, b in [(rows["offline_gain"].to_numpy(), rows["online_gain"].to_numpy())]
    ]
    low, high = _interval(np.array(sums), seed) if len(sums) > 1 else (float("nan"),) * 2
    r = correlation(one, other)
    return Agreement(len(kept), r, low, high, disagreement(one, other))


def _interval(sums: NDArray[Any], seed: int) -> tuple[float, float]:
    rng = np.random.default_rng([seed, len(sums)])
    drawn = rng.integers(0, len(sums), (_RESAMPLES, len(sums)))
    products, ones, others = sums[drawn].sum(axis=1).T
    low, high = np.quantile(products / np.sqrt(ones * others), [0.025, 0.975])
    return float(low), float(high)
