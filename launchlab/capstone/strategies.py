"""Ways to choose from a draw, and how far a choice is from the best that was possible.

All choose the largest margin ratio among what they let through; they differ in what they let
through. Arrays, because they are tried on hundreds of draws.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import norm

from launchlab.capstone.limits import LIMITS, Limits
from launchlab.capstone.menu import CONTROL

NOTHING = -1
"""The choice of those for whom nothing on the menu is good enough."""

STRATEGIES = {
    "best": "best on the draw",
    "bound80": "limits kept at 80 % confidence",
    "bound95": "limits kept at 95 % confidence",
    "random": "any that seems to keep them",
    "orders": "most orders",
    "control": "leave it as it is",
}
"""Name of each strategy to what a reader sees. ``random`` is one of those that seem to keep the
limits, each as likely as the next."""

_LEVELS = {"best": 0.5, "bound80": 0.8, "bound95": 0.95}


@dataclass(frozen=True)
class Fate:
    """What became of the choices of a strategy in many draws of one town.

    Attributes
    ----------
    kept : float
        Share of the draws in which it chose something that kept the limits.
    empty : float
        Share in which it found nothing good enough.
    regret : float
        Mean regret of what kept the limits, percent; nan if nothing did.
    """

    kept: float
    empty: float
    regret: float


def allowed(
    ratio: NDArray[np.float64],
    error: NDArray[np.float64],
    level: float = 0.5,
    limits: Limits = LIMITS,
) -> NDArray[np.bool_]:
    """Which configurations keep the limits at a confidence, going by a draw.

    Parameters
    ----------
    ratio, error : ndarray of float, shape (..., 96, 3)
        Of one draw or several.
    level : float, default 0.5
        One-sided confidence; at 0.5 the ratio itself counts.
    limits : Limits

    Returns
    -------
    ndarray of bool, shape (..., 96)
    """
    low = ratio - float(norm.ppf(level)) * error
    return limits.kept(low[..., 0], low[..., 1])


def choose(
    name: str,
    ratio: NDArray[np.float64],
    error: NDArray[np.float64],
    limits: Limits = LIMITS,
    level: float | None = None,
) -> NDArray[np.float64]:
    """How likely a strategy is to choose each configuration.

    Parameters
    ----------
    name : str
        One of ``STRATEGIES``.
    ratio, error : ndarray of float, shape (..., 96, 3)
        Of one draw or several.
    limits : Limits
    level : float, optional
        In place of the confidence that the strategy asks for.

    Returns
    -------
    ndarray of float, shape (..., 96)
        Sums to 1 over the menu, or to 0 where nothing is good enough.

    Raises
    ------
    ValueError
        For an unknown name.
    """
    if name not in STRATEGIES:
        raise ValueError(f"name={name!r}, expected one of {', '.join(STRATEGIES)}")
    chance = np.zeros(ratio.shape[:-1])
    if name == "control":
        chance[..., CONTROL] = 1.0
        return chance
    if name == "random":
        fits = allowed(ratio, error, level or 0.5, limits)
        return np.asarray(fits / np.maximum(fits.sum(axis=-1, keepdims=True), 1))
    if name == "orders":
        wanted = ratio[..., 0]
    else:
        fits = allowed(ratio, error, level or _LEVELS[name], limits)
        wanted = np.where(fits, ratio[..., 2], -np.inf)
    place = wanted.argmax(axis=-1)[..., None]
    found = np.isfinite(np.take_along_axis(wanted, place, axis=-1))
    np.put_along_axis(chance, place, found.astype(float), axis=-1)
    return chance


def regret(choice: int, truth: pd.DataFrame, limits: Limits = LIMITS) -> float:
    """How much less margin a choice brought than the best that kept the limits.

    Parameters
    ----------
    choice : int
        Place on the menu.
    truth : DataFrame
        As from `launchlab.capstone.draws.held_out`.
    limits : Limits

    Returns
    -------
    float
        Percent of the margin of the best that kept the limits. Below 0 for a choice that earned
        more by breaking them.

    Raises
    ------
    ValueError
        If nothing kept the limits, or the choice is not on the menu.
    """
    if not 0 <= choice < len(truth):
        raise ValueError(f"choice={choice!r}, expected a place on the menu, 0 to {len(truth) - 1}")
    return float(_regrets(truth[["orders", "ads", "margin"]].to_numpy(), limits)[choice])


def keeps(truth: pd.DataFrame, limits: Limits = LIMITS) -> NDArray[np.bool_]:
    """Which configurations kept the limits in the later weeks, shape (96,)."""
    return limits.kept(truth["orders"].to_numpy(), truth["ads"].to_numpy())


def _regrets(truth: NDArray[np.float64], limits: Limits) -> NDArray[np.float64]:
    fits = limits.kept(truth[:, 0], truth[:, 1])
    if not fits.any():
        raise ValueError(f"limits={limits!r}: nothing on the menu kept them")
    best = truth[fits, 2].max()
    return np.asarray(100 * (best - truth[:, 2]) / best)


def fate(chance: NDArray[np.float64], truth: pd.DataFrame, limits: Limits = LIMITS) -> Fate:
    """What became of choices.

    Parameters
    ----------
    chance : ndarray of float, shape (draws, 96)
        As from `choose`.
    truth : DataFrame
        As from `launchlab.capstone.draws.held_out`.
    limits : Limits
    """
    fits = keeps(truth, limits)
    empty = float(1 - chance.sum(axis=1).mean())
    if not fits.any():
        return Fate(0.0, empty, float("nan"))
    good = chance[:, fits].sum(axis=1)
    lost = _regrets(truth[["orders", "ads", "margin"]].to_numpy(), limits)[fits]
    total = float(good.sum())
    return Fate(
        kept=float(good.mean()),
        empty=empty,
        regret=float((chance[:, fits] @ lost).sum() / total) if total else float("nan"),
    )


def fates(
    ratio: NDArray[np.float64],
    error: NDArray[np.float64],
    truth: pd.DataFrame,
    limits: Limits = LIMITS,
) -> Mapping[str, Fate]:
    """What becomes of each of ``STRATEGIES`` in the draws given."""
    return {name: fate(choose(name, ratio, error, limits), truth, limits) for name in STRATEGIES}
