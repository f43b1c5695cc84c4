"""What a draw of 1,500 sessions says of each configuration, and what became of it afterwards."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import norm

from launchlab import shipped
from launchlab.capstone.menu import CONTROL, MENU
from launchlab.capstone.town import CHANGED_A_WEEK, DRAW, DRAWS, MEASURES, Values, pool, weeks
from launchlab.market import Couplings, checks

TOWNS = 30
"""Towns whose draws and weeks are shipped: seeds 0 to 29."""

SCALE = 1e4
"""Shipped numbers are whole, in units of 1 / SCALE."""

_CHANCE = 31


def _frame(ratio: NDArray[np.float64], error: NDArray[np.float64] | None = None) -> pd.DataFrame:
    columns = {name: ratio[:, k] for k, name in enumerate(MEASURES)}
    if error is not None:
        columns |= {f"{name}_se": error[:, k] for k, name in enumerate(MEASURES)}
    return pd.DataFrame(columns)


def _moments(values: Values, picked: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    """Ratios to control and their paired errors, shape (k, 96, 3), for rows of picked sessions.

    ``picked``: shape (k, n), how often each session is in a draw.
    """
    x = values.astype(np.float64)
    c = x[CONTROL]
    flat = x.transpose(1, 0, 2).reshape(x.shape[1], -1)
    shape = (len(picked), *x.shape[::2])
    total = (picked @ flat).reshape(shape)
    square = (picked @ flat**2).reshape(shape)
    both = (picked @ (flat * np.tile(c, (1, len(x))))).reshape(shape)
    control = (picked @ c)[:, None]
    control_square = (picked @ c**2)[:, None]
    ratio = total / control
    spread = square - 2 * ratio * both + ratio**2 * control_square
    return ratio, np.sqrt(np.maximum(spread, 0.0)) / control


def drawn(
    seed: int, number: int = 0, couplings: Couplings | None = None, expected: bool = False
) -> pd.DataFrame:
    """What `draw` gives, computed, for any town."""
    checks.whole("number", number, low=0, high=DRAWS - 1)
    rows = slice(DRAW * number, DRAW * (number + 1))
    values = pool(seed, couplings, expected)[:, rows]
    ratio, error = _moments(values, np.ones((1, DRAW)))
    return _frame(ratio[0], error[0])


def later(
    seed: int, couplings: Couplings | None = None, changed: float = CHANGED_A_WEEK
) -> pd.DataFrame:
    """What `held_out` gives, computed, for any town."""
    total = weeks(seed, couplings, changed).sum(axis=0)
    return _frame(total / total[CONTROL])


def control_weeks(seed: int) -> pd.DataFrame:
    """What the control brings in each of the four later weeks, per session.

    Returns
    -------
    DataFrame, a row for each week
        ``orders``, ``ads`` ($), ``margin`` ($). Shipped for the first 30 towns.
    """
    level = _shipped()["control"][seed] if 0 <= seed < TOWNS else weeks(seed)[:, CONTROL]
    return _frame(level)


@cache
def _shipped() -> dict[str, NDArray[np.float64]]:
    with shipped.open_bytes(__package__, "towns.npz") as file, np.load(file) as found:
        return {name: found[name] / SCALE for name in found.files}


def draw(seed: int, number: int = 0) -> pd.DataFrame:
    """What 1,500 sessions say of every configuration.

    Parameters
    ----------
    seed : int
        The town's. Draws of the first 30 towns are shipped; others take seven seconds.
    number : {0, 1, 2, 3}, default 0
        Which draw: four of a town have no session in common.

    Returns
    -------
    DataFrame, indexed by place on the menu, 0 to 95
        ``orders``, ``ads``, ``margin``: ratios to what runs today, the control, in the same
        sessions. ``orders_se``, ``ads_se``, ``margin_se``: their standard errors, paired by
        session.
    """
    checks.whole("number", number, low=0, high=DRAWS - 1)
    if not 0 <= seed < TOWNS:
        return drawn(seed, number)
    found = _shipped()
    return _frame(found["draws"][seed, number], found["errors"][seed, number])


def held_out(seed: int) -> pd.DataFrame:
    """What every configuration brings in four later weeks, while the town changes.

    Parameters
    ----------
    seed : int
        The town's. The weeks of the first 30 towns are shipped; others take five seconds.

    Returns
    -------
    DataFrame, indexed by place on the menu, 0 to 95
        ``orders``, ``ads``, ``margin``: ratios to the control in the same weeks.
    """
    if not 0 <= seed < TOWNS:
        return later(seed)
    return _frame(_shipped()["later"][seed])


def below(draw: pd.DataFrame, level: float, tests: int = 1) -> pd.DataFrame:
    """Lower bounds of a draw's ratios.

    Parameters
    ----------
    draw : DataFrame
        As from `draw`.
    level : float
        One-sided confidence, from 0.5 (the ratio itself) up to but not including 1.
    tests : int, default 1
        Divide what may go wrong by so many tests (Bonferroni).

    Returns
    -------
    DataFrame
        ``orders``, ``ads``, ``margin``.
    """
    checks.within("level", level, 0.5, np.nextafter(1.0, 0.0))
    z = float(norm.ppf(1 - (1 - level) / checks.whole("tests", tests, low=1)))
    return pd.DataFrame({name: draw[name] - z * draw[f"{name}_se"] for name in MEASURES})


@lru_cache(maxsize=4)
def many(
    seed: int,
    draws: int = 200,
    couplings: Couplings | None = None,
    expected: bool = False,
    size: int = DRAW,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Many draws from a town's pool of 6,000 sessions, each without repeating a session.

    Two of them share a quarter of their sessions, on average.

    Parameters
    ----------
    seed : int
        The town's.
    draws : int, default 200
    couplings : Couplings, optional
    expected : bool, default False
        As for `launchlab.capstone.town.pool`.
    size : int, default 1500
        Sessions of a draw.

    Returns
    -------
    ratio, error : ndarray of float64, shape (draws, 96, 3)
        Ratios to control, and their standard errors.
    """
    checks.whole("size", size, low=2, high=DRAW * DRAWS)
    rng = np.random.default_rng([seed, _CHANCE])
    picked = np.zeros((draws, DRAW * DRAWS))
    for one in picked:
        one[rng.permutation(DRAW * DRAWS)[:size]] = 1.0
    return _moments(pool(seed, couplings, expected), picked)


if len(MENU) != 96:  # the shipped arrays go by place
    raise ImportError(f"{len(MENU)} configurations on the menu, expected 96")
