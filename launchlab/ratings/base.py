"""What all recommenders share: scikit-learn's interface, and a users-by-items table of ratings."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, RegressorMixin

from launchlab.ratings.world import ITEMS, STARS, USERS

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Recommender(RegressorMixin, BaseEstimator):  # type: ignore[misc]
    """A member: predicts stars from user, item and time.

    Subclasses define ``_fit(user, item, time, y)``, which returns how many numbers the fitted
    model holds, and ``_predict(user, item, time)``.

    Attributes
    ----------
    n_parameters_ : int
        How many numbers the fitted model holds, and a server would have to hold.
    """

    def fit(self, X: ArrayLike, y: ArrayLike) -> Self:
        """Learn from ratings.

        Parameters
        ----------
        X : array_like of shape (n, 3)
            User (0 to 1,999), item (0 to 599) and time (0 to 1).
        y : array_like of shape (n,)
            Stars.

        Raises
        ------
        ValueError
            For other shapes, or an unknown user or item.
        """
        user, item, time = columns(X)
        stars = np.asarray(y, dtype=np.float64)
        if stars.shape != user.shape or len(stars) == 0:
            raise ValueError(f"y: shape {stars.shape}, expected ({len(user)},) and not empty")
        self.n_parameters_ = int(self._fit(user, item, time, stars))
        return self

    def predict(self, X: ArrayLike) -> Floats:
        """Expected stars, shape (n,), clipped to 1 to 5."""
        if not hasattr(self, "n_parameters_"):
            raise ValueError(f"{type(self).__name__} is not fitted, expected fit() first")
        stars: Floats = np.clip(self._predict(*columns(X)), *STARS)
        return stars

    def _fit(self, user: Ints, item: Ints, time: Floats, y: Floats) -> int:
        raise NotImplementedError

    def _predict(self, user: Ints, item: Ints, time: Floats) -> Floats:
        raise NotImplementedError


def columns(X: ArrayLike) -> tuple[Ints, Ints, Floats]:
    """The users, items and times in a table of shape (n, 3), checked."""
    table = np.asarray(X, dtype=np.float64)
    if table.ndim != 2 or table.shape[1] != 3:
        raise ValueError(f"X: shape {table.shape}, expected (n, 3): user, item, time")
    user, item = table[:, 0].astype(np.int64), table[:, 1].astype(np.int64)
    for name, values, count in (("user", user, USERS), ("item", item, ITEMS)):
        if len(values) and not (values.min() >= 0 and values.max() < count):
            raise ValueError(f"X: a {name} outside 0..{count - 1}")
    return user, item, table[:, 2]


def table_of(user: Ints, item: Ints, values: Floats | float, dtype: Any = np.float64) -> Any:
    """Dense table of shape (users, items): a value where there is a rating, 0 elsewhere."""
    table = np.zeros((USERS, ITEMS), dtype=dtype)
    table[user, item] = values
    return table


def shrunk_means(group: Ints, values: Floats, groups: int, prior: float) -> Floats:
    """Mean of each group, shrunk as if by ``prior`` more values of 0; shape (groups,)."""
    sums = np.bincount(group, values, minlength=groups)
    counts = np.bincount(group, minlength=groups)
    means: Floats = sums / np.maximum(counts + prior, 1e-12)
    return means
