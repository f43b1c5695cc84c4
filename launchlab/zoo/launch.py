"""What a ranker brings once it is launched, and how to compare two on the same sessions."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from launchlab.market import (
    Couplings,
    Outcomes,
    Scores,
    Sessions,
    build_slates,
    expected_outcomes,
    settle_bids,
)
from launchlab.market.scorecard import WEEKS, retention, weeks_stayed
from launchlab.market.world import PATIENCE_SIGMA


def launched(sessions: Sessions, scores: Scores, latency_ms: float = 0.0) -> Outcomes:
    """Expected outcomes of a ranker launched for everyone: default ads, bids adjusted to it.

    Parameters
    ----------
    sessions : Sessions
        n sessions.
    scores : Scores
        Scores of the ranker, of the same shape.
    latency_ms : float, default 0

    Returns
    -------
    Outcomes
    """
    slates = build_slates(sessions, scores, bids=settle_bids(sessions, scores))
    return expected_outcomes(sessions, slates, latency_ms)


def session_values(outcomes: Outcomes, measure: str, couplings: Couplings) -> NDArray[np.float64]:
    """What each session adds to a measure, shape (n,); the mean is the measure per session.

    Parameters
    ----------
    outcomes : Outcomes
        Of n sessions.
    measure : str
        One of ``MEASURES``, or "life_value": $ over 26 weeks per customer. The life value is not a
        mean over sessions, so its values are linearised (mean + influence), for standard errors.
    couplings : Couplings
        The world's couplings, which hold the retention slope.
    """
    if measure != "life_value":
        return outcomes.measure(measure)
    margin, experience = outcomes.measure("margin"), outcomes.measure("experience")
    stays = retention(float(experience.mean()), couplings)
    weeks = weeks_stayed(stays)
    later = np.arange(1, WEEKS)
    slope = np.sum(later * stays ** (later - 1)) * couplings.retention_slope * stays * (1 - stays)
    values: NDArray[np.float64] = margin * weeks
    values += margin.mean() * slope * (experience - experience.mean())
    return values


def paired_change(
    base: NDArray[np.float64], new: NDArray[np.float64], clusters: NDArray[np.integer[Any]]
) -> tuple[float, float]:
    """Relative change of a mean over the same sessions and its standard error, both in percent.

    Parameters
    ----------
    base, new : ndarray of float, shape (n,)
        Values of the same sessions.
    clusters : ndarray of int, shape (n,)
        Customers, whose sessions are not independent.

    Raises
    ------
    ValueError
        If shapes differ or the base's mean is 0.
    """
    if not base.shape == new.shape == clusters.shape or base.ndim != 1:
        raise ValueError(
            f"shapes {base.shape}, {new.shape}, {clusters.shape}: expected (n,) thrice"
        )
    mean = base.mean()
    if mean == 0:
        raise ValueError("base has mean 0: expected another")
    ratio = new.mean() / mean
    _, group = np.unique(clusters, return_inverse=True)
    influence = np.bincount(group, (new - ratio * base) / mean)
    return float(100 * (ratio - 1)), float(100 * np.sqrt(np.sum(influence**2)) / len(base))


def hurry(sessions: Sessions) -> NDArray[np.float64]:
    """Hurry of each session's customer, shape (n,): 1 / patience, with mean 1 over customers."""
    patience = sessions.world.patience[sessions.customer].astype(np.float64)
    values: NDArray[np.float64] = 1 / (patience * np.exp(PATIENCE_SIGMA**2 / 2))
    return values


def cumulants(
    weights: NDArray[np.float64], values: NDArray[np.float64]
) -> tuple[float, float, float]:
    """First three weighted cumulants of values; weights and values have shape (n,).

    Raises
    ------
    ValueError
        If the weights add up to 0.
    """
    total = weights.sum()
    if total == 0:
        raise ValueError("weights add up to 0: expected another sum")
    mean = float(weights @ values / total)
    away = values - mean
    return mean, float(weights @ away**2 / total), float(weights @ away**3 / total)
