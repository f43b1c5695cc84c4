"""Simulated ratings: who rated what, when, and with how many stars.

A hand-set model: a few tastes explain much (low rank), instalments of a series are liked or
disliked together, people change over time, and they rate what they expect to like (so ratings are
not missing at random).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

USERS, ITEMS, SERIES = 2_000, 600, 60
"""Size of the default world."""

RANK = 8
"""Tastes in the simulation: no member knows this number."""

STARS = (1, 5)


@dataclass(frozen=True)
class RatingsCouplings:
    """The assumptions behind a world of ratings.

    Parameters
    ----------
    ratings : int
        Expected number of ratings.
    taste : float
        Standard deviation of what the tastes add to a rating, stars.
    series : float
        The same for a user's liking for a whole series, stars.
    drift : float
        How much a user's tastes and mood change over the period of the data; 1 means that each
        taste moves by half of its own standard deviation.
    liking : float
        How strongly people prefer to rate what they expect to like: the rise in the log odds of a
        rating, per star. 0 means that who rates what has nothing to do with taste.
    noise : float
        Standard deviation of the unexplained part of a rating, stars.

    Raises
    ------
    ValueError
        If a number is negative, or ``ratings`` is not positive.
    """

    ratings: int = 110_000
    taste: float = 0.6
    series: float = 0.45
    drift: float = 1.0
    liking: float = 0.6
    noise: float = 0.7

    def __post_init__(self) -> None:
        if not self.ratings > 0:
            raise ValueError(f"ratings={self.ratings!r}, expected a positive number")
        for name in ("taste", "series", "drift", "liking", "noise"):
            if not 0 <= getattr(self, name) < np.inf:
                raise ValueError(f"{name}={getattr(self, name)!r}, expected a number >= 0")


@dataclass(frozen=True)
class Part:
    """Some of a world's ratings.

    Parameters
    ----------
    X : ndarray of float, shape (n, 3)
        User, item (whole numbers from 0) and time (0 to 1) of each rating.
    y : ndarray of float, shape (n,)
        Stars of each rating, 1 to 5.
    """

    X: NDArray[np.float64]
    y: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.y)

    def before(self, time: float) -> Part:
        """The ratings given before a time (0 to 1)."""
        early = self.X[:, 2] < time
        return Part(self.X[early], self.y[early])


@dataclass(frozen=True)
class Ratings:
    """A world: ratings to train on, to blend on (the probe set), and to judge by (the test set).

    Parameters
    ----------
    train, probe, test : Part
        80, 10 and 10 % of all ratings, drawn at random.
    """

    train: Part
    probe: Part
    test: Part


def make_ratings(seed: int, couplings: RatingsCouplings | None = None) -> Ratings:
    """Simulate a world of ratings.

    Parameters
    ----------
    seed : int
    couplings : RatingsCouplings, optional
        Assumptions; by default those of `RatingsCouplings`.

    Returns
    -------
    Ratings
        About ``couplings.ratings`` of the 2,000 x 600 possible ratings. Activity of users and
        popularity of items are log-normal.

    Examples
    --------
    >>> world = make_ratings(0)
    >>> world.train.X.shape[1], sorted(set(world.train.y.tolist()))
    (3, [1.0, 2.0, 3.0, 4.0, 5.0])
    """
    c = couplings or RatingsCouplings()
    rng = np.random.default_rng([seed, 44])

    # What each user thinks of each item, halfway through the period of the data.
    users, items = rng.normal(size=(USERS, RANK)), rng.normal(size=(ITEMS, RANK))
    # Tastes differ in weight; the first explains the most.
    weight = 0.8 ** np.arange(RANK)
    weight *= c.taste / np.sqrt(np.sum(weight**2))
    series = rng.integers(0, SERIES, ITEMS)
    fans = c.series * rng.normal(size=(USERS, SERIES))
    user_bias, item_bias = 0.4 * rng.normal(size=USERS), 0.45 * rng.normal(size=ITEMS)
    liked = (users * weight) @ items.T + fans[:, series] + item_bias

    # Who rates what: active users rate more, and popular or well-liked items are rated more.
    active, popular = 0.8 * rng.normal(size=USERS), 0.9 * rng.normal(size=ITEMS)
    odds = np.exp(active[:, None] + popular + c.liking * liked)
    rated = rng.random((USERS, ITEMS)) < np.minimum(1, odds * _scale(odds, c.ratings))
    user, item = np.nonzero(rated)

    # When: each user is around for part of the period.
    joined, stay = 0.6 * rng.random(USERS), 0.2 + 0.8 * rng.random(USERS)
    span = np.minimum(stay, 1 - joined)
    time = joined[user] + span[user] * rng.random(len(user))

    # How many stars: tastes and moods drift, and items wear out or come into fashion.
    away = time - 0.5
    new_tastes, mood = rng.normal(size=(USERS, RANK)), 0.7 * rng.normal(size=USERS)
    fashion = 0.25 * rng.normal(size=ITEMS)
    moved = np.einsum("nr,nr->n", new_tastes[user] * weight, items[item])
    stars = 3.3 + liked[user, item] + user_bias[user]
    stars += c.drift * away * (moved + mood[user] + fashion[item])
    stars += c.noise * rng.normal(size=len(user))
    y = np.clip(np.rint(stars), *STARS)

    X = np.column_stack([user, item, time]).astype(np.float64)
    order = rng.permutation(len(y))
    cuts = [int(0.8 * len(y)), int(0.9 * len(y))]
    return Ratings(*(Part(X[rows], y[rows]) for rows in np.split(order, cuts)))


def _scale(odds: NDArray[np.float64], total: int) -> float:
    """Factor by which weights, multiplied and then capped at 1, add up to a total."""
    if total >= odds.size:
        raise ValueError(f"ratings={total!r}, expected less than {odds.size:,}")
    scale = 1.0
    for _ in range(100):
        found = float(np.minimum(1, odds * scale).sum())
        if abs(found - total) < 0.5:
            break
        scale *= total / found
    return scale
