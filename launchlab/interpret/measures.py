"""How much of a model persists from one training to the next."""

from __future__ import annotations

from itertools import combinations

import numpy as np
from numpy.typing import ArrayLike


def churn(answers: ArrayLike) -> float:
    """Share of cases whose answer differs after a retraining.

    Parameters
    ----------
    answers : array_like, shape (retrainings, n)
        Answers of at least two trainings.

    Returns
    -------
    float
        Mean over all pairs of trainings, 0 to 1.

    Raises
    ------
    ValueError
        For fewer than two trainings.
    """
    given = _at_least_two("answers", np.asarray(answers))
    return float(np.mean([(one != two).mean() for one, two in combinations(given, 2)]))


def top_overlap(importances: ArrayLike, top: int = 5) -> float:
    """How many of the most important features two trainings have in common.

    Parameters
    ----------
    importances : array_like of float, shape (retrainings, features)
    top : int
        How many features to compare; ties go to the earlier feature.

    Returns
    -------
    float
        Mean over all pairs of trainings, 0 to ``top``.

    Raises
    ------
    ValueError
        For fewer than two trainings, or if ``top`` exceeds the number of features.
    """
    given = _at_least_two("importances", np.asarray(importances, dtype=np.float64))
    if not 1 <= top <= given.shape[1]:
        raise ValueError(f"top={top!r}, expected a whole number from 1 to {given.shape[1]}")
    first = [set(np.argsort(-row, kind="stable")[:top].tolist()) for row in given]
    return float(np.mean([len(one & two) for one, two in combinations(first, 2)]))


def _at_least_two(name: str, given: np.ndarray) -> np.ndarray:
    if given.ndim != 2 or len(given) < 2:
        raise ValueError(f"{name}: shape {given.shape}, expected (2 or more trainings, ...)")
    return given
