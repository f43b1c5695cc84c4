"""Gradient boosting on hand-made features of user, item and time."""

from __future__ import annotations

import numpy as np
from sklearn.ensemble import HistGradientBoostingRegressor

from launchlab.ratings.base import Floats, Ints, Recommender, shrunk_means
from launchlab.ratings.means import Biases
from launchlab.ratings.world import ITEMS, USERS


class Boosted(Recommender):
    """Histogram gradient boosting on the residuals of the biases.

    Features: biases of user and item, how many ratings each has, how widely the stars of each
    spread, the time, and how long the user has been there.

    Parameters
    ----------
    trees : int
    leaves : int
        Maximum number of leaves of a tree.
    random_state : int
    """

    def __init__(self, trees: int = 60, leaves: int = 15, random_state: int = 0) -> None:
        self.trees = trees
        self.leaves = leaves
        self.random_state = random_state

    def _features(self, user: Ints, item: Ints, time: Floats) -> Floats:
        return np.column_stack(
            [
                self.biases_.user_[user],
                self.biases_.item_[item],
                self.user_count_[user],
                self.item_count_[item],
                self.user_scatter_[user],
                self.item_scatter_[item],
                time,
                time - self.first_[user],
            ]
        )

    def _fit(self, user: Ints, item: Ints, time: Floats, y: Floats) -> int:
        self.biases_ = Biases()
        total = self.biases_._fit(user, item, time, y)
        rest = y - self.biases_._predict(user, item, time)
        self.user_count_ = np.bincount(user, minlength=USERS).astype(float)
        self.item_count_ = np.bincount(item, minlength=ITEMS).astype(float)
        self.user_scatter_ = shrunk_means(user, rest**2, USERS, 3.0)
        self.item_scatter_ = shrunk_means(item, rest**2, ITEMS, 3.0)
        self.first_ = np.ones(USERS)
        np.minimum.at(self.first_, user, time)
        self.model_ = HistGradientBoostingRegressor(
            max_iter=self.trees,
            max_leaf_nodes=self.leaves,
            early_stopping=False,
            random_state=self.random_state,
        ).fit(self._features(user, item, time), rest)
        nodes = sum(len(tree.nodes) for (tree,) in self.model_._predictors)
        # A node is a feature, a threshold, a value and two children.
        return total + 3 * USERS + 2 * ITEMS + 5 * nodes

    def _predict(self, user: Ints, item: Ints, time: Floats) -> Floats:
        stars = self.biases_._predict(user, item, time)
        return np.asarray(stars + self.model_.predict(self._features(user, item, time)))
