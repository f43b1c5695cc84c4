"""The simplest recommenders: means, biases, biases over time, and means within groups of users."""

from __future__ import annotations

import numpy as np
from sklearn.cluster import KMeans
from sklearn.decomposition import TruncatedSVD

from launchlab.ratings.base import Floats, Ints, Recommender, shrunk_means, table_of
from launchlab.ratings.world import ITEMS, USERS


class Means(Recommender):
    """The mean rating of an item, or of a user, shrunk towards the overall mean.

    Parameters
    ----------
    of : {"item", "user"}
    prior : float
        Strength of the shrinkage: acts like this many extra ratings at the overall mean.
    """

    def __init__(self, of: str = "item", prior: float = 5.0) -> None:
        self.of = of
        self.prior = prior

    def _fit(self, user: Ints, item: Ints, time: Floats, y: Floats) -> int:
        if self.of not in ("item", "user"):
            raise ValueError(f"of={self.of!r}, expected 'item' or 'user'")
        group, count = (item, ITEMS) if self.of == "item" else (user, USERS)
        self.mean_ = float(y.mean())
        self.offset_ = shrunk_means(group, y - self.mean_, count, self.prior)
        return 1 + count

    def _predict(self, user: Ints, item: Ints, time: Floats) -> Floats:
        return np.asarray(self.mean_ + self.offset_[item if self.of == "item" else user])


class Biases(Recommender):
    """Overall mean + how generous the user is + how good the item is.

    Parameters
    ----------
    user_prior, item_prior : float
        Ridge penalty: acts like this many extra ratings that show no bias.
    rounds : int
        Number of alternations between users and items.
    """

    def __init__(self, user_prior: float = 8.0, item_prior: float = 5.0, rounds: int = 5) -> None:
        self.user_prior = user_prior
        self.item_prior = item_prior
        self.rounds = rounds

    def _fit(self, user: Ints, item: Ints, time: Floats, y: Floats) -> int:
        self.mean_ = float(y.mean())
        self.user_, self.item_ = np.zeros(USERS), np.zeros(ITEMS)
        for _ in range(self.rounds):
            rest = y - self.mean_
            self.item_ = shrunk_means(item, rest - self.user_[user], ITEMS, self.item_prior)
            self.user_ = shrunk_means(user, rest - self.item_[item], USERS, self.user_prior)
        return 1 + USERS + ITEMS

    def _predict(self, user: Ints, item: Ints, time: Floats) -> Floats:
        return np.asarray(self.mean_ + self.user_[user] + self.item_[item])


class TimeBiases(Recommender):
    """Biases, and how they change: a slope over time for each user, steps for each item.

    Parameters
    ----------
    bins : int
        Number of periods, in each of which an item may rate higher or lower.
    slope_prior, bin_prior : float
        Ridge penalties. That of a slope is small because it is measured against squared times.
    """

    def __init__(self, bins: int = 4, slope_prior: float = 5.0, bin_prior: float = 60.0) -> None:
        self.bins = bins
        self.slope_prior = slope_prior
        self.bin_prior = bin_prior

    def _bin(self, item: Ints, time: Floats) -> Ints:
        period = np.minimum((time * self.bins).astype(np.int64), self.bins - 1)
        return np.asarray(item * self.bins + period)

    def _fit(self, user: Ints, item: Ints, time: Floats, y: Floats) -> int:
        self.biases_ = Biases()
        total = self.biases_._fit(user, item, time, y)
        rest = y - self.biases_._predict(user, item, time)
        self.centre_ = shrunk_means(user, time, USERS, 0.0)
        away = time - self.centre_[user]
        top = np.bincount(user, away * rest, minlength=USERS)
        below = np.bincount(user, away**2, minlength=USERS)
        self.slope_ = top / (below + self.slope_prior)
        rest = rest - self.slope_[user] * away
        groups = self._bin(item, time)
        self.period_ = shrunk_means(groups, rest, ITEMS * self.bins, self.bin_prior)
        return total + 2 * USERS + ITEMS * self.bins

    def _predict(self, user: Ints, item: Ints, time: Floats) -> Floats:
        slope = self.slope_[user] * (time - self.centre_[user])
        stars = self.biases_._predict(user, item, time) + slope
        return np.asarray(stars + self.period_[self._bin(item, time)])


class Clusters(Recommender):
    """Users in groups of similar taste; each group has its own mean for each item.

    Parameters
    ----------
    clusters : int
    prior : float
        Strength of the shrinkage: acts like this many extra ratings that agree with the biases.
    random_state : int
    """

    def __init__(self, clusters: int = 20, prior: float = 8.0, random_state: int = 0) -> None:
        self.clusters = clusters
        self.prior = prior
        self.random_state = random_state

    def _fit(self, user: Ints, item: Ints, time: Floats, y: Floats) -> int:
        self.biases_ = Biases()
        total = self.biases_._fit(user, item, time, y)
        rest = y - self.biases_._predict(user, item, time)
        reduce = TruncatedSVD(6, random_state=self.random_state)
        places = reduce.fit_transform(table_of(user, item, rest))
        group = KMeans(self.clusters, n_init=1, random_state=self.random_state).fit_predict(places)
        self.group_ = group.astype(np.int64)
        cells = self.group_[user] * ITEMS + item
        self.cell_ = shrunk_means(cells, rest, self.clusters * ITEMS, self.prior)
        return total + USERS + self.clusters * ITEMS

    def _predict(self, user: Ints, item: Ints, time: Floats) -> Floats:
        stars = self.biases_._predict(user, item, time)
        return np.asarray(stars + self.cell_[self.group_[user] * ITEMS + item])
