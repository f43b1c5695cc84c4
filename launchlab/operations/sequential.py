"""Looking more than once: how often a test stops that is read at each of several looks.

At look k the test has gathered information I_k and shows z_k. It stops at the first look at which
z_k falls below minus the bound of that look. The score z_k * sqrt(I_k) is a sum of independent
normal steps, so the probability of stopping at each look is an integral that one step after
another gives (Armitage, McPherson and Rowe, 1969). Nothing here is simulated.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import norm

LEVEL = 0.05
"""Share of harmless releases that a test may stop, by default."""

_HALF_WIDTH = 9.0  # of the grid, in standard errors of the last look
_POINTS = 901

RULES = ("once", "peek", "pocock", "obrien-fleming")
"""Ways to look.

``once`` looks at the end alone. ``peek`` looks each time with the bound for one look. The other two
share the level out over the looks (Lan and DeMets, 1983): ``pocock`` about evenly,
``obrien-fleming`` hardly anything early."""


def _information(information: ArrayLike) -> NDArray[np.float64]:
    found = np.asarray(information, dtype=np.float64)
    if found.ndim != 1 or not len(found) or (np.diff(found, prepend=0.0) <= 0).any():
        raise ValueError(f"information={information!r}, expected rising positive numbers")
    return found


def _level(level: float) -> float:
    if not 0 < level < 0.5:
        raise ValueError(f"level={level!r}, expected a number above 0 and below 0.5")
    return float(level)


def _spent(rule: str, share: NDArray[np.float64], level: float) -> NDArray[np.float64]:
    """Level spent by the time that a share of the information has come, shape (looks,)."""
    if rule == "pocock":
        return level * np.log1p((math.e - 1) * share)
    far = norm.ppf(1 - level / 2)
    return np.asarray(2 - 2 * norm.cdf(far / np.sqrt(share)))


Choose = Callable[[int, NDArray[np.float64], NDArray[np.float64]], float]


def _walk(
    information: NDArray[np.float64], effect: float, bound_at: Choose
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Bounds and probabilities of stopping at each look, both of shape (looks,).

    ``bound_at(look, z, mass)`` chooses a look's bound when it is known how much probability lies at
    each z among the tests still going.
    """
    looks = len(information)
    last = math.sqrt(information[-1])
    # The score at the last look has standard deviation `last`; the grid covers drift and spread.
    drift = effect * information
    low = min(0.0, float(drift.min())) - _HALF_WIDTH * last
    high = max(0.0, float(drift.max())) + _HALF_WIDTH * last
    score = np.linspace(low, high, _POINTS)
    step = score[1] - score[0]
    bounds, stopped = np.empty(looks), np.empty(looks)
    going: NDArray[np.float64] | None = None
    before = 0.0
    for look in range(looks):
        gained = information[look] - before
        before = information[look]
        spread, shift = math.sqrt(gained), effect * gained
        edges = np.append(score - step / 2, score[-1] + step / 2)
        if going is None:
            mass = np.diff(norm.cdf(edges, loc=shift, scale=spread))
        else:
            moves = np.arange(-_POINTS + 1, _POINTS) * step
            kernel = np.diff(
                norm.cdf(np.append(moves - step / 2, moves[-1] + step / 2), shift, spread)
            )
            mass = np.convolve(going, kernel)[_POINTS - 1 : 2 * _POINTS - 1]
        z = score / math.sqrt(information[look])
        bounds[look] = bound_at(look, z, mass)
        # A cell of the grid may lie on the bound: the part below it has stopped.
        cut = -bounds[look] * math.sqrt(information[look])
        below = np.clip((cut - (score - step / 2)) / step, 0.0, 1.0)
        stopped[look] = float(mass @ below)
        going = mass * (1 - below)
    return bounds, stopped


def bounds(rule: str, information: ArrayLike, level: float = LEVEL) -> NDArray[np.float64]:
    """The bound of each look: the test stops where z falls below minus it.

    Parameters
    ----------
    rule : str
        One of `RULES`.
    information : array_like of float, shape (looks,)
        Information gathered by each look, 1 / variance of the estimated effect; rising.
    level : float, default 0.05
        Share of harmless releases that may be stopped, at any look (for ``peek``: at each).

    Returns
    -------
    ndarray of float64, shape (looks,)
        Infinite at looks at which the rule does not look.

    Raises
    ------
    ValueError
        For an unknown rule, information that does not rise, or a level outside (0, 0.5).
    """
    gathered, level = _information(information), _level(level)
    if rule not in RULES:
        raise ValueError(f"rule={rule!r}, expected one of {', '.join(map(repr, RULES))}")
    usual = float(norm.ppf(1 - level))
    if rule == "peek":
        return np.full(len(gathered), usual)
    if rule == "once":
        return np.append(np.full(len(gathered) - 1, np.inf), usual)
    spent = _spent(rule, gathered / gathered[-1], level)

    def bound_at(look: int, z: NDArray[np.float64], mass: NDArray[np.float64]) -> float:
        spend = spent[look] - (spent[look - 1] if look else 0.0)
        total = np.cumsum(mass)
        if spend < total[0]:
            return float(-z[0])
        # Probability below the upper edge of each cell; the bound lies within one.
        edge = z + (z[1] - z[0]) / 2
        return float(-np.interp(spend, total, edge))

    found, _ = _walk(gathered, 0.0, bound_at)
    return found


def stopping(bound: ArrayLike, information: ArrayLike, effect: float = 0.0) -> NDArray[np.float64]:
    """Probability of stopping at each look.

    Parameters
    ----------
    bound : array_like of float, shape (looks,)
        As `bounds` gives.
    information : array_like of float, shape (looks,)
        As for `bounds`.
    effect : float, default 0
        The true effect, in the unit whose information is given: negative for a release that harms.

    Returns
    -------
    ndarray of float64, shape (looks,)
        Their sum is the probability that the release is stopped at all.

    Raises
    ------
    ValueError
        If there are not as many bounds as looks, or information does not rise.
    """
    gathered = _information(information)
    given = np.asarray(bound, dtype=np.float64)
    if given.shape != gathered.shape:
        raise ValueError(f"bound has shape {given.shape}: expected {gathered.shape}")
    capped = np.minimum(given, 1e6)  # infinite times zero is no number
    _, stopped = _walk(gathered, float(effect), lambda look, z, mass: float(capped[look]))
    return stopped
