"""Recommenders that describe each user and each item by a few numbers."""

from __future__ import annotations

import warnings

import numpy as np
from numpy.typing import NDArray
from sklearn.decomposition import NMF, TruncatedSVD
from sklearn.exceptions import ConvergenceWarning

from launchlab.ratings.base import Floats, Ints, Recommender, table_of
from launchlab.ratings.means import Biases
from launchlab.ratings.world import ITEMS, STARS, USERS


class ALS(Recommender):
    """Matrix factorisation by alternating least squares, on the residuals of the biases.

    Users' and items' factors take turns: given one side, the other is a ridge regression.

    Parameters
    ----------
    rank : int
        Number of factors.
    penalty : float
        Ridge penalty of each factor.
    rounds : int
        Number of alternations.
    random_state : int
        Seed of the initial factors.

    Notes
    -----
    After Zhou, Wilkinson, Schreiber and Pan (2008), but with the same penalty for all.
    """

    def __init__(
        self, rank: int = 10, penalty: float = 5.0, rounds: int = 6, random_state: int = 0
    ) -> None:
        self.rank = rank
        self.penalty = penalty
        self.rounds = rounds
        self.random_state = random_state

    def _fit(self, user: Ints, item: Ints, time: Floats, y: Floats) -> int:
        if self.rank < 1:
            raise ValueError(f"rank={self.rank!r}, expected at least 1")
        self.biases_ = Biases()
        total = self.biases_._fit(user, item, time, y)
        rest = y - self.biases_._predict(user, item, time)
        # A dense single-precision table is faster here than sparse sums: BLAS does the work.
        known = table_of(user, item, 1.0, np.float32)
        table = table_of(user, item, rest, np.float32)
        rng = np.random.default_rng(self.random_state)
        self.item_ = rng.normal(0, 0.3, (ITEMS, self.rank))
        for _ in range(self.rounds):
            self.user_ = _ridge_rows(known, table, self.item_, self.penalty)
            self.item_ = _ridge_rows(known.T, table.T, self.user_, self.penalty)
        return total + self.rank * (USERS + ITEMS)

    def _predict(self, user: Ints, item: Ints, time: Floats) -> Floats:
        taste = np.einsum("nr,nr->n", self.user_[user], self.item_[item])
        return np.asarray(self.biases_._predict(user, item, time) + taste)


def _ridge_rows(
    known: NDArray[np.float32], table: NDArray[np.float32], given: Floats, penalty: float
) -> Floats:
    """Ridge regression of every row of a table on the given factors, over its known cells.

    Parameters
    ----------
    known, table : ndarray of shape (rows, columns)
    given : ndarray of shape (columns, rank)
    penalty : float

    Returns
    -------
    ndarray of shape (rows, rank)
    """
    rank = given.shape[1]
    one, other = np.triu_indices(rank)
    products = (given[:, one] * given[:, other]).astype(np.float32)
    gram = np.zeros((len(known), rank, rank))
    gram[:, one, other] = gram[:, other, one] = known @ products
    gram[:, range(rank), range(rank)] += penalty
    right = (table @ given.astype(np.float32)).astype(np.float64)
    return np.asarray(np.linalg.solve(gram, right[:, :, None])[:, :, 0], dtype=np.float64)


class SVD(Recommender):
    """Truncated singular value decomposition of the table of residuals of the biases.

    Unknown cells count as 0 at first; each further round fills them with the last round's
    predictions.

    Parameters
    ----------
    rank : int
    rounds : int
    random_state : int
    """

    def __init__(self, rank: int = 10, rounds: int = 1, random_state: int = 0) -> None:
        self.rank = rank
        self.rounds = rounds
        self.random_state = random_state

    def _fit(self, user: Ints, item: Ints, time: Floats, y: Floats) -> int:
        self.biases_ = Biases()
        total = self.biases_._fit(user, item, time, y)
        rest = y - self.biases_._predict(user, item, time)
        table = table_of(user, item, rest)
        for _ in range(self.rounds):
            reduce = TruncatedSVD(self.rank, n_iter=3, random_state=self.random_state)
            self.user_ = reduce.fit_transform(table)
            self.item_ = reduce.components_.T
            table = self.user_ @ self.item_.T
            table[user, item] = rest
        return total + self.rank * (USERS + ITEMS)

    def _predict(self, user: Ints, item: Ints, time: Floats) -> Floats:
        taste = np.einsum("nr,nr->n", self.user_[user], self.item_[item])
        return np.asarray(self.biases_._predict(user, item, time) + taste)


class NonNegative(Recommender):
    """Non-negative matrix factorisation of the table of stars, with gaps filled by the biases.

    Parameters
    ----------
    rank : int
    rounds : int
        Iterations of the solver.
    random_state : int
    """

    def __init__(self, rank: int = 10, rounds: int = 30, random_state: int = 0) -> None:
        self.rank = rank
        self.rounds = rounds
        self.random_state = random_state

    def _fit(self, user: Ints, item: Ints, time: Floats, y: Floats) -> int:
        biases = Biases()
        biases._fit(user, item, time, y)
        whole = biases.mean_ + biases.user_[:, None] + biases.item_
        # In single precision the initial factors would differ between processors.
        table = np.clip(whole, *STARS)
        table[user, item] = y
        factors = NMF(
            self.rank, init="nndsvda", max_iter=self.rounds, random_state=self.random_state
        )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)  # stopped early on purpose
            self.user_ = factors.fit_transform(table)
        self.item_ = factors.components_.T
        return self.rank * (USERS + ITEMS)

    def _predict(self, user: Ints, item: Ints, time: Floats) -> Floats:
        stars = np.einsum("nr,nr->n", self.user_[user], self.item_[item])
        return np.asarray(stars, dtype=np.float64)
