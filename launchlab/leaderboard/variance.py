"""Benchmark variance: two learners compared many times, on different images each time."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache

import numpy as np
from numpy.typing import NDArray
from sklearn.base import ClassifierMixin
from sklearn.datasets import load_digits
from sklearn.linear_model import RidgeClassifier
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier
from sklearn.tree import DecisionTreeClassifier

TRAIN = 400
LARGEST_TEST = 800

LEARNERS: dict[str, Callable[[int], ClassifierMixin]] = {
    "tree": lambda seed: DecisionTreeClassifier(random_state=seed),
    "same tree": lambda seed: DecisionTreeClassifier(random_state=seed + 1_000_000),
    "5 neighbours": lambda seed: KNeighborsClassifier(5),
    "1 neighbour": lambda seed: KNeighborsClassifier(1),
    "naive Bayes": lambda seed: GaussianNB(var_smoothing=1e-3),
    "ridge": lambda seed: RidgeClassifier(),
}


@cache
def benchmark_runs(learner: str, runs: int, seed: int = 0) -> NDArray[np.bool_]:
    """Train and test a learner many times, each time on a new random split of the digits.

    Run r uses the same split for every learner, so that two can be compared image by image.

    Parameters
    ----------
    learner : str
        A key of `LEARNERS`.
    runs : int
        At least 1.
    seed : int
        World; each has its own splits.

    Returns
    -------
    right : read-only boolean ndarray of shape (runs, 800)
        Whether the digit on each test image is recognised.

    Raises
    ------
    ValueError
        For an unknown learner or fewer than one run.
    """
    if learner not in LEARNERS:
        raise ValueError(f"learner={learner!r}, expected one of {', '.join(map(repr, LEARNERS))}")
    if runs < 1:
        raise ValueError(f"runs={runs!r}, expected at least 1")
    images, digits = load_digits(return_X_y=True)
    right = np.empty((runs, LARGEST_TEST), dtype=bool)
    for run in range(runs):
        order = np.random.default_rng([seed, run]).permutation(len(digits))
        train, test = order[:TRAIN], order[TRAIN : TRAIN + LARGEST_TEST]
        model = LEARNERS[learner](run).fit(images[train], digits[train])
        right[run] = model.predict(images[test]) == digits[test]
    right.setflags(write=False)
    return right


def difference_error(one: NDArray[np.bool_], other: NDArray[np.bool_]) -> float:
    """Standard error of the difference between two scores on the same images.

    Only images that exactly one of the two gets right contribute.

    Parameters
    ----------
    one, other : boolean ndarray of shape (images,)
        Whether each answer is right.

    Returns
    -------
    float
        As a share; 0 for fewer than two images.
    """
    if one.shape != other.shape or one.ndim != 1:
        raise ValueError(f"shapes {one.shape} and {other.shape}, expected two equal rows")
    if len(one) < 2:
        return 0.0
    return float((one.astype(float) - other).std(ddof=1) / math.sqrt(len(one)))
