"""Evaluation from logs: what would a new policy have earned, given what an old policy logged?

All estimators use the logged rewards and, for each logged action, the probabilities with which the
new and the old policy choose it: the *propensities*.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from launchlab.market import (
    Couplings,
    expected_outcomes,
    make_logs,
    make_ranker,
    make_world,
    organic_slates,
    top_propensities,
    top_slate,
)

Floats = NDArray[np.floating[Any]]

SHARPNESS = 0.15
"""Spread of the new policy's own choices, on the scale of the log order probability."""

DISTANCES = (0.1, 0.25, 0.5, 0.75, 1.0)
"""Weights of the model in the new policy that the course uses."""

_BLOCK = 20_000
_TRUTH_BLOCKS = 4


def importance_weights(new: Floats, old: Floats) -> NDArray[np.float64]:
    """How much more often the new policy takes each logged action than the old one: new / old.

    Parameters
    ----------
    new, old : ndarray of float, shape (n,)
        Probabilities of the logged actions under the new and the logging policy.

    Returns
    -------
    ndarray of float64, shape (n,)

    Raises
    ------
    ValueError
        If shapes differ or are empty, a value is not a probability, or ``old`` contains a zero: an
        action that the old policy never takes cannot have been logged.
    """
    new, old = np.asarray(new, dtype=np.float64), np.asarray(old, dtype=np.float64)
    if new.shape != old.shape or new.ndim != 1 or not new.size:
        raise ValueError(f"new has shape {new.shape}, old {old.shape}: expected (n,) for both")
    for name, values in (("new", new), ("old", old)):
        if not ((values >= 0) & (values <= 1)).all():
            raise ValueError(f"{name} holds values outside 0 to 1: expected probabilities")
    if not old.all():
        raise ValueError("old holds a zero: an action never taken cannot have been logged")
    weights: NDArray[np.float64] = new / old
    return weights


def effective_sample_size(weights: Floats) -> float:
    """Kish's effective sample size, (sum w)^2 / sum w^2: the number of equal weights worth as much.

    Parameters
    ----------
    weights : ndarray of float, shape (n,)
        Not negative, not all zero.

    Raises
    ------
    ValueError
        If a weight is negative or NaN, or all are zero.
    """
    weights = _weights(weights)
    return float(weights.sum() ** 2 / (weights**2).sum())


def replay(reward: Floats, agrees: NDArray[np.bool_]) -> float:
    """Mean reward where the log happens to show what the new policy chooses.

    Unbiased if the logged actions were drawn with equal chances; otherwise biased towards the cases
    in which the two policies agree.

    Parameters
    ----------
    reward : ndarray of float, shape (n,)
    agrees : ndarray of bool, shape (n,)

    Raises
    ------
    ValueError
        If the two policies never agree.
    """
    if not np.any(agrees):
        raise ValueError("agrees is false everywhere: replay has nothing to go by")
    return float(np.asarray(reward, dtype=np.float64)[agrees].mean())


def ips(reward: Floats, weights: Floats) -> float:
    """Inverse propensity scoring: the mean of weight x reward. Unbiased, and noisy.

    Parameters
    ----------
    reward, weights : ndarray of float, shape (n,)
        Weights from :func:`importance_weights`.
    """
    return float((_weights(weights) * reward).mean())


def self_normalised_ips(reward: Floats, weights: Floats) -> float:
    """IPS divided by the mean weight: slightly biased, but less noisy.

    Parameters
    ----------
    reward, weights : ndarray of float, shape (n,)
    """
    weights = _weights(weights)
    return float((weights * reward).sum() / weights.sum())


def capped_ips(reward: Floats, weights: Floats, cap: float) -> float:
    """IPS with no weight above ``cap``; biased downwards if rewards are never negative.

    Parameters
    ----------
    reward, weights : ndarray of float, shape (n,)
    cap : float
        Positive.

    Raises
    ------
    ValueError
        If the cap is not positive.
    """
    if not cap > 0:
        raise ValueError(f"cap={cap!r}: expected a positive number")
    return float((np.minimum(_weights(weights), cap) * reward).mean())


def _weights(weights: Floats) -> NDArray[np.float64]:
    found: NDArray[np.float64] = np.asarray(weights, dtype=np.float64)
    if found.ndim != 1 or not (found >= 0).all() or not found.any():
        raise ValueError("weights: expected shape (n,), none negative or NaN, not all zero")
    return found


# ----------------------------------------------------------------------- the market's first place


@dataclass(frozen=True, eq=False)
class FirstPlaceLog:
    """Logged sessions, seen as choices of the first place, and m new policies to judge by them.

    A new policy chooses the first place; the past policy draws the other places. The probability
    of a logged slate then differs between the two only in the first place.

    Attributes
    ----------
    distances : tuple of float
        Weight of the model in each new policy: 0 is the past policy, 1 the model alone.
    reward : ndarray of float32, shape (n,)
        1 if the session ended in an order, else 0.
    old : ndarray of float32, shape (n,)
        Probability of the logged first place under the past policy.
    new : ndarray of float32, shape (m, n)
        The same under each new policy.
    agrees : ndarray of bool, shape (m, n)
        Whether a draw of the new policy chose what was logged.
    truth : ndarray of float64, shape (m,)
        Expected orders per session under each new policy, which the simulator knows.
    truth_error : ndarray of float64, shape (m,)
        Standard error of the truth, from which sessions were drawn.
    """

    distances: tuple[float, ...]
    reward: NDArray[np.float32]
    old: NDArray[np.float32]
    new: NDArray[np.float32]
    agrees: NDArray[np.bool_]
    truth: NDArray[np.float64]
    truth_error: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.reward)


def _mix(
    past_score: Floats, appeal: Floats, temperature: float, distance: float
) -> NDArray[np.float64]:
    if not 0 <= distance <= 1:
        raise ValueError(f"distance={distance!r}: expected a number from 0 to 1")
    return top_propensities(
        (1 - distance) * past_score / temperature + distance * appeal / SHARPNESS, 1.0
    )


def first_place_log(
    seed: int,
    n_sessions: int = 200_000,
    distances: Sequence[float] = DISTANCES,
    *,
    ranker: str = "logistic",
    temperature: float = 0.7,
    couplings: Couplings | None = None,
    log_seed: int = 1,
) -> FirstPlaceLog:
    """Log the past policy in a world, and define new policies to compare with it.

    Parameters
    ----------
    seed : int
        The world's seed.
    n_sessions : int, default 200,000
    distances : sequence of float
        Weight of the model in each new policy.
    ranker : str, default "logistic"
        The model of the new policies, trained on other logs of the same world.
    temperature : float, default 0.7
        How much the past policy varies what it shows.
    couplings : Couplings, optional
    log_seed : int, default 1
        Seed of the logs; 0 is reserved for those that the model was trained on.

    Returns
    -------
    FirstPlaceLog

    Raises
    ------
    ValueError
        If a distance is not in 0 to 1, or ``log_seed`` is 0.
    """
    if log_seed == 0:
        raise ValueError("log_seed=0: the model is trained on those logs, expected at least 1")
    world = make_world(seed, couplings)
    model = make_ranker(ranker).fit(make_logs(world, temperature=temperature))
    rng = np.random.default_rng([seed, 7, log_seed])
    parts = []
    true_orders: list[list[NDArray[np.float64]]] = [[] for _ in distances]
    starts = range(0, n_sessions, _BLOCK)
    for number, start in enumerate(starts):
        size = min(_BLOCK, n_sessions - start)
        logs = make_logs(world, size, seed=log_seed * 10_000 + number, temperature=temperature)
        appeal = np.log(np.maximum(model.score(logs.sessions).order, np.float32(1e-6)))
        shown = logs.candidate[:, 0]
        new = np.empty((len(distances), size), dtype=np.float32)
        agrees = np.empty((len(distances), size), dtype=bool)
        for row, distance in enumerate(distances):
            chances = _mix(logs.score, appeal, temperature, distance)
            new[row] = chances[np.arange(size), shown]
            first = _draw(chances, rng)
            agrees[row] = first == shown
            if number < _TRUTH_BLOCKS:
                noisy = logs.score + temperature * rng.gumbel(size=logs.score.shape)
                noisy[np.arange(size), first] = np.inf
                slates = organic_slates(top_slate(noisy))
                true_orders[row].append(expected_outcomes(logs.sessions, slates).measure("orders"))
        parts.append((logs.ordered.any(axis=1), logs.top_propensity, new, agrees))
    reward, old, new_all, agree_all = zip(*parts, strict=True)
    values = [np.concatenate(one) for one in true_orders]
    return FirstPlaceLog(
        distances=tuple(distances),
        reward=np.concatenate(reward).astype(np.float32),
        old=np.concatenate(old).astype(np.float32),
        new=np.concatenate(new_all, axis=1),
        agrees=np.concatenate(agree_all, axis=1),
        truth=np.array([one.mean() for one in values]),
        truth_error=np.array([one.std() / np.sqrt(len(one)) for one in values]),
    )


def _draw(chances: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.intp]:
    """Draw one column for each row of probabilities."""
    below = np.cumsum(chances, axis=1) < rng.random((len(chances), 1))
    drawn: NDArray[np.intp] = np.minimum(below.sum(axis=1), chances.shape[1] - 1)
    return drawn
