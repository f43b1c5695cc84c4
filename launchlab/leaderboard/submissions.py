"""Honest submissions: classifiers trained on images whose labels everyone has.

The task is to tell whether a handwritten digit is odd. A world's images are split three ways: 600
to train on, up to 400 for the public part, and the last 797 for the private part.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray
from sklearn.datasets import load_digits
from sklearn.tree import DecisionTreeClassifier

TRAIN = 600
PUBLIC = 400
PRIVATE = 797


def odd_or_even(
    seed: int,
) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.float64], NDArray[np.int64]]:
    """A world's images, shuffled and split.

    Parameters
    ----------
    seed : int

    Returns
    -------
    train, train_odd, test, test_odd : ndarray
        Images of 64 pixels, and 1 where the digit is odd. The first 400 test rows are the public
        part; the other 797 are the private part.
    """
    images, digits = load_digits(return_X_y=True)
    order = np.random.default_rng(seed).permutation(len(digits))
    train, test = order[:TRAIN], order[TRAIN:]
    return images[train], digits[train] % 2, images[test], digits[test] % 2


@cache
def tree_submissions(seed: int, count: int = 300) -> NDArray[np.bool_]:
    """Decision trees with settings drawn at random, as a team might try them.

    Parameters
    ----------
    seed : int
        World.
    count : int
        Number of submissions.

    Returns
    -------
    right : read-only boolean ndarray of shape (count, 1197)
        Whether each tree is right on each test image; public images come first.
    """
    train, train_odd, test, test_odd = odd_or_even(seed)
    rng = np.random.default_rng([seed, 1])
    right = np.empty((count, len(test)), dtype=bool)
    for turn in range(count):
        tree = DecisionTreeClassifier(
            max_depth=int(rng.integers(5, 16)),
            min_samples_leaf=int(rng.integers(1, 6)),
            max_features=int(rng.choice([8, 16, 32, 64])),
            random_state=turn,
        )
        right[turn] = tree.fit(train, train_odd).predict(test) == test_odd
    right.setflags(write=False)
    return right


@cache
def growing_committee(seed: int, count: int = 40) -> NDArray[np.bool_]:
    """Submissions of a team that really improves: votes of the first 1, 2, ... bagged trees.

    Parameters
    ----------
    seed : int
        World.
    count : int
        Number of submissions, each with one more tree.

    Returns
    -------
    right : read-only boolean ndarray of shape (count, 1197)
        As for `tree_submissions`.
    """
    train, train_odd, test, test_odd = odd_or_even(seed)
    rng = np.random.default_rng([seed, 2])
    odd = np.zeros(len(test))
    right = np.empty((count, len(test)), dtype=bool)
    for turn in range(count):
        rows = rng.integers(0, TRAIN, TRAIN)
        tree = DecisionTreeClassifier(max_features=16, random_state=turn)
        odd += tree.fit(train[rows], train_odd[rows]).predict(test)
        right[turn] = (odd > (turn + 1) / 2) == test_odd
    right.setflags(write=False)
    return right
