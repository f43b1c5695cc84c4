"""A committee of bagged trees on scikit-learn's digits, and its accuracy when some stay silent."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from sklearn.tree import DecisionTreeClassifier

DIGITS = 10


def train_committee(
    members: int = 50, *, train_size: int = 600, seed: int = 0
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Train bagged decision trees and let each vote on the test images.

    Parameters
    ----------
    members : int
        Number of trees, at least 1; each is trained on its own bootstrap sample.
    train_size : int
        Images to train on, of 1,797; the rest are the test images.
    seed : int

    Returns
    -------
    votes : ndarray of shape (members, n_test)
        The digit that each tree votes for.
    truth : ndarray of shape (n_test,)

    Raises
    ------
    ValueError
        If ``members`` is less than 1.
    """
    if members < 1:
        raise ValueError(f"members={members!r}, expected at least 1")
    images, digits = load_digits(return_X_y=True)
    train, test, train_digits, truth = train_test_split(
        images, digits, train_size=train_size, stratify=digits, random_state=seed
    )
    rng = np.random.default_rng(seed)
    votes = np.empty((members, len(truth)), dtype=np.int64)
    for member in range(members):
        rows = rng.integers(0, len(train), len(train))
        tree = DecisionTreeClassifier(random_state=member).fit(train[rows], train_digits[rows])
        votes[member] = tree.predict(test)
    return votes, np.asarray(truth, dtype=np.int64)


def accuracy_by_answers(
    votes: NDArray[np.int64],
    truth: NDArray[np.int64],
    *,
    counts: Sequence[int] | None = None,
    orders: int = 20,
    seed: int = 0,
) -> pd.DataFrame:
    """Accuracy of the majority vote when only k members answer in time.

    Which members answer is random, so the figure is a mean over random orders of the members. Ties
    go to the smallest digit; if no member answers, the guess is right one time in ten.

    Parameters
    ----------
    votes : ndarray of shape (members, n)
    truth : ndarray of shape (n,)
    counts : sequence of int, optional
        Values of k to report, 0 to ``members``; by default all.
    orders : int
        Random orders to average over.
    seed : int

    Returns
    -------
    DataFrame
        Columns ``answers`` and ``accuracy`` (a share, 0 to 1).

    Raises
    ------
    ValueError
        If shapes do not fit or a count is out of range.
    """
    if votes.ndim != 2 or votes.shape[1:] != truth.shape:
        raise ValueError(
            f"votes of shape {votes.shape}, expected (members, {len(truth)}) as truth has"
        )
    members = len(votes)
    wanted = list(range(members + 1)) if counts is None else list(counts)
    if not all(0 <= count <= members for count in wanted):
        raise ValueError(f"counts={wanted!r}, expected numbers from 0 to {members}")
    one_hot = votes[:, :, None] == np.arange(DIGITS)
    rng = np.random.default_rng(seed)
    right = np.zeros(members + 1)
    right[0] = 1 / DIGITS
    for _ in range(orders):
        ballots = np.cumsum(one_hot[rng.permutation(members)], axis=0, dtype=np.int16)
        right[1:] += (ballots.argmax(axis=2) == truth).mean(axis=1) / orders
    return pd.DataFrame({"answers": wanted, "accuracy": right[wanted]})
