"""Offline metrics on a held-out log, with their errors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata
from sklearn import metrics

from launchlab.market import Sessions, organic_slates, popularity_score, sample_outcomes, top_slate
from launchlab.market.logs import TEMPERATURE

_LEAST = 1e-7
_HELD_OUT = 9  # random stream of the noise
HELD_OUT_SEED = 99
"""No log to learn from has this seed."""


@dataclass(frozen=True, eq=False)
class HeldOut:
    """What the past policy showed in n sessions, in slates of k places, and what customers did.

    Attributes
    ----------
    candidate : ndarray of intp, shape (n, k)
        Columns of the candidates shown, best place first.
    ordered, clicked : ndarray of bool, shape (n, k)
    customer : ndarray of int32, shape (n,)
    """

    candidate: NDArray[np.intp]
    ordered: NDArray[np.bool_]
    clicked: NDArray[np.bool_]
    customer: NDArray[np.int32]


def held_out_log(sessions: Sessions, seed: int = HELD_OUT_SEED) -> HeldOut:
    """Let the past popularity policy (with its noise) serve sessions, and sample the outcomes.

    Parameters
    ----------
    sessions : Sessions
        n sessions that no ranker has learnt from.
    seed : int, default 99
        Seed of the policy's noise and of the outcomes.

    Returns
    -------
    HeldOut
        Slates of 8 places.
    """
    rng = np.random.default_rng([sessions.world.seed, _HELD_OUT, seed])
    score = popularity_score(sessions)
    candidate = top_slate(score + TEMPERATURE * rng.gumbel(size=score.shape))
    outcomes = sample_outcomes(sessions, organic_slates(candidate), seed)
    return HeldOut(candidate, outcomes.order > 0, outcomes.click > 0, sessions.customer)


def auc(score: NDArray[np.floating[Any]], happened: NDArray[np.bool_]) -> float:
    """Area under the ROC curve; ties count half.

    Parameters
    ----------
    score : ndarray of float, shape (m,)
    happened : ndarray of bool, shape (m,)

    Returns
    -------
    float
        Chance that a row where the event happened scores above a row where it did not.

    Raises
    ------
    ValueError
        If shapes differ, or the outcome is the same in all rows.
    """
    _check_rows(score, happened)
    return float(metrics.roc_auc_score(happened, score))


def weighted_auc(
    score: NDArray[np.floating[Any]],
    happened: NDArray[np.bool_],
    weights: NDArray[np.floating[Any]],
) -> NDArray[np.float64]:
    """AUC of one score under several sets of row weights.

    Parameters
    ----------
    score : ndarray of float, shape (m,)
    happened : ndarray of bool, shape (m,)
    weights : ndarray of float, shape (b, m)

    Returns
    -------
    ndarray of float64, shape (b,)
    """
    order = np.argsort(score, kind="stable")
    starts = np.flatnonzero(np.r_[True, np.diff(score[order]) > 0])
    weights, happened = weights[:, order], happened[order]
    yes = np.add.reduceat(weights * happened, starts, axis=1, dtype=np.float64)
    no = np.add.reduceat(weights * ~happened, starts, axis=1, dtype=np.float64)
    below = np.cumsum(no, axis=1) - no / 2  # ties count half
    area: NDArray[np.float64] = (yes * below).sum(axis=1) / (yes.sum(axis=1) * no.sum(axis=1))
    return area


def auc_difference_error(
    one: NDArray[np.floating[Any]],
    other: NDArray[np.floating[Any]],
    happened: NDArray[np.bool_],
    clusters: NDArray[np.integer[Any]],
) -> float:
    """Standard error of the difference between two scores' AUCs on the same rows.

    Parameters
    ----------
    one, other : ndarray of float, shape (m,)
        Scores of the same rows.
    happened : ndarray of bool, shape (m,)
    clusters : ndarray of int, shape (m,)
        Cluster of each row, for example its customer: rows of one cluster are not independent.

    Returns
    -------
    float

    Raises
    ------
    ValueError
        As in :func:`auc`.

    Notes
    -----
    DeLong's structural components (1988), summed by cluster.
    """
    influence = _influence(one, happened) - _influence(other, happened)
    _, group = np.unique(clusters, return_inverse=True)
    return float(np.sqrt(np.sum(np.bincount(group, influence) ** 2)))


def _check_rows(score: NDArray[np.floating[Any]], happened: NDArray[np.bool_]) -> None:
    if score.shape != happened.shape or score.ndim != 1:
        raise ValueError(f"score has shape {score.shape}, happened {happened.shape}: expected (m,)")
    if happened.all() or not happened.any():
        raise ValueError(f"the outcome is the same in all {len(happened)} rows: expected both")


def _influence(
    score: NDArray[np.floating[Any]], happened: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """Each row's influence on the AUC, shape (m,)."""
    _check_rows(score, happened)
    yes, no = int(happened.sum()), int((~happened).sum())
    ranks = rankdata(score)
    beaten = np.empty(len(score))  # share of the other class that a row is on the right side of
    beaten[happened] = (ranks[happened] - rankdata(score[happened])) / no
    beaten[~happened] = 1 - (ranks[~happened] - rankdata(score[~happened])) / yes
    influence: NDArray[np.float64] = beaten - beaten[happened].mean()
    return influence / np.where(happened, yes, no)


def log_loss(probability: NDArray[np.floating[Any]], happened: NDArray[np.bool_]) -> float:
    """Mean of -log(probability given to the actual outcome), nats.

    Probabilities are clipped to stay 1e-7 away from 0 and 1.

    Raises
    ------
    ValueError
        If shapes differ or a probability is outside [0, 1].
    """
    if probability.shape != happened.shape:
        raise ValueError(
            f"probability has shape {probability.shape}, happened {happened.shape}: expected one"
        )
    if not ((probability >= 0) & (probability <= 1)).all():
        raise ValueError("probability leaves [0, 1]")
    kept = np.clip(probability.astype(np.float64), _LEAST, 1 - _LEAST)
    return float(metrics.log_loss(happened, kept, labels=[False, True]))
