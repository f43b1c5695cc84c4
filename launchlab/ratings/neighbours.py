"""Recommenders that look at the most similar items, or users."""

from __future__ import annotations

import numpy as np

from launchlab.ratings.base import Floats, Ints, Recommender, table_of
from launchlab.ratings.means import Biases


class Neighbours(Recommender):
    """k nearest neighbours on the residuals of the biases, among items or among users.

    Similarity is the correlation over common ratings, shrunk where these are few. A prediction
    uses the k most similar items that the user rated (or users who rated the item).

    Parameters
    ----------
    of : {"item", "user", "who rated what"}
        The last compares items by who rated them, not by their stars: missing ratings are
        informative too.
    k : int
    shrink : float
        Strength of the shrinkage: acts like this many extra common ratings with no correlation.
    """

    def __init__(self, of: str = "item", k: int = 30, shrink: float = 20.0) -> None:
        self.of = of
        self.k = k
        self.shrink = shrink

    def _sides(self, user: Ints, item: Ints) -> tuple[Ints, Ints]:
        """Whose neighbours are used, and what they are compared by."""
        return (user, item) if self.of == "user" else (item, user)

    def _fit(self, user: Ints, item: Ints, time: Floats, y: Floats) -> int:
        if self.of not in ("item", "user", "who rated what"):
            raise ValueError(f"of={self.of!r}, expected 'item', 'user' or 'who rated what'")
        if self.k < 1:
            raise ValueError(f"k={self.k!r}, expected at least 1")
        self.biases_ = Biases()
        total = self.biases_._fit(user, item, time, y)
        rest = y - self.biases_._predict(user, item, time)
        self.known_ = table_of(user, item, True, bool)
        self.table_ = table_of(user, item, rest, np.float32)
        if self.of != "user":
            self.known_, self.table_ = self.known_.T, self.table_.T
        self.known_, self.table_ = map(np.ascontiguousarray, (self.known_, self.table_))
        ones = self.known_.astype(np.float32)
        common = ones @ ones.T
        if self.of == "who rated what":
            counts = np.diagonal(common)
            expected = np.outer(counts, counts) / len(self.known_.T)
            alike = (common - expected) / np.sqrt(np.outer(counts, counts) + self.shrink**2)
        else:
            squares = self.table_**2
            # Norms over the ratings that a pair has in common.
            norm = np.sqrt((squares @ ones.T) * (ones @ squares.T))
            alike = (self.table_ @ self.table_.T) / np.maximum(norm, 1e-9)
            alike *= common / (common + self.shrink)
        np.fill_diagonal(alike, 0)
        self.alike_ = np.maximum(alike, 0).astype(np.float64)
        # What a server must hold: all similarities and all ratings.
        return int(total + alike.size // 2 + len(y))

    def _predict(self, user: Ints, item: Ints, time: Floats) -> Floats:
        stars = self.biases_._predict(user, item, time)
        own, by = self._sides(user, item)
        order = np.argsort(by, kind="stable")
        edges = np.flatnonzero(np.diff(by[order])) + 1
        for rows in np.split(order, edges):
            if not len(rows):
                continue
            column = by[rows[0]]
            raters = np.flatnonzero(self.known_[:, column])
            weights = self.alike_[np.ix_(own[rows], raters)]
            if len(raters) > self.k:
                least = np.partition(weights, -self.k, axis=1)[:, -self.k, None]
                weights = np.where(weights >= least, weights, 0)
            total = weights.sum(axis=1)
            mean = (weights @ self.table_[raters, column]) / np.maximum(total, 1e-9)
            # Few or dissimilar neighbours say little, so their mean is shrunk.
            stars[rows] += mean * total / (total + 0.3)
        return stars
