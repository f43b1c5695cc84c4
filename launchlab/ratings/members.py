"""The twenty members, and their predictions in one world."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from launchlab.ratings.base import Floats, Recommender
from launchlab.ratings.blend import Moments
from launchlab.ratings.boosted import Boosted
from launchlab.ratings.factors import ALS, SVD, NonNegative
from launchlab.ratings.means import Biases, Clusters, Means, TimeBiases
from launchlab.ratings.neighbours import Neighbours
from launchlab.ratings.world import Part, RatingsCouplings, make_ratings

MEMBERS: dict[str, Callable[[], Recommender]] = {
    "item means": lambda: Means("item"),
    "user means": lambda: Means("user"),
    "biases": Biases,
    "time biases": TimeBiases,
    "clusters": Clusters,
    "ALS 5": lambda: ALS(5, penalty=8.0),
    "ALS 10": lambda: ALS(10, penalty=12.0),
    "ALS 15": lambda: ALS(15, penalty=12.0),
    "ALS 20": lambda: ALS(20, penalty=16.0),
    "ALS 40": lambda: ALS(40, penalty=16.0),
    "item kNN 15": lambda: Neighbours("item", 15, shrink=60.0),
    "item kNN 50": lambda: Neighbours("item", 50, shrink=20.0),
    "user kNN 20": lambda: Neighbours("user", 20, shrink=20.0),
    "user kNN 60": lambda: Neighbours("user", 60, shrink=60.0),
    "who rated what": lambda: Neighbours("who rated what", 30),
    "SVD 6": lambda: SVD(6),
    "SVD 6 refilled": lambda: SVD(6, rounds=5),
    "NMF 5": lambda: NonNegative(5),
    "NMF 15": lambda: NonNegative(15),
    "boosted trees": Boosted,
}
"""Name to a recommender that is not fitted yet. A number is a rank, or how many neighbours."""


@dataclass(frozen=True)
class Crew:
    """Members trained on one world's ratings, and their predictions.

    Parameters
    ----------
    names : tuple of str
    probe, test : ndarray of float, shape (n, members)
        Predictions for the probe set and the test set, stars.
    probe_y, test_y : ndarray of float, shape (n,)
        The true stars.
    parameters : tuple of int
        How many numbers each fitted member holds.
    cpu_seconds : tuple of float
        Thread CPU time to fit each member.
    """

    names: tuple[str, ...]
    probe: Floats
    probe_y: Floats
    test: Floats
    test_y: Floats
    parameters: tuple[int, ...]
    cpu_seconds: tuple[float, ...]

    @property
    def probe_moments(self) -> Moments:
        """Moments of the probe set, to fit weights on."""
        return Moments.of(self.probe, self.probe_y)

    @property
    def test_moments(self) -> Moments:
        """Moments of the test set, to judge by."""
        return Moments.of(self.test, self.test_y)

    def places(self, names: Sequence[str]) -> list[int]:
        """Positions of the named members.

        Raises
        ------
        ValueError
            If no member has a given name.
        """
        unknown = [name for name in names if name not in self.names]
        if unknown:
            raise ValueError(f"member {unknown[0]!r}, expected one of {', '.join(self.names)}")
        return [self.names.index(name) for name in names]


def train_member(name: str, train: Part) -> tuple[Recommender, float]:
    """Fit one member; return it and the thread CPU seconds that this took.

    Raises
    ------
    ValueError
        For an unknown name.
    """
    if name not in MEMBERS:
        raise ValueError(f"name={name!r}, expected one of {', '.join(MEMBERS)}")
    started = time.thread_time()
    member = MEMBERS[name]().fit(train.X, train.y)
    return member, time.thread_time() - started


def train_crew(
    seed: int, couplings: RatingsCouplings | None = None, names: Sequence[str] = tuple(MEMBERS)
) -> Crew:
    """Simulate a world, train members on it and let them predict.

    Parameters
    ----------
    seed : int
        World.
    couplings : RatingsCouplings, optional
        Assumptions.
    names : sequence of str
        Members to train.

    Returns
    -------
    Crew

    Notes
    -----
    All twenty take a few seconds of CPU.
    """
    return _train_crew(seed, couplings or RatingsCouplings(), tuple(names))


# Claims about one world, and their variants, share its members; a crew takes 4 MB.
@lru_cache(maxsize=8)
def _train_crew(seed: int, couplings: RatingsCouplings, names: tuple[str, ...]) -> Crew:
    world = make_ratings(seed, couplings)
    fitted = [train_member(name, world.train) for name in names]
    probe, test = (
        np.column_stack([member.predict(part.X) for member, _ in fitted])
        for part in (world.probe, world.test)
    )
    return Crew(
        names,
        probe,
        world.probe.y,
        test,
        world.test.y,
        tuple(member.n_parameters_ for member, _ in fitted),
        tuple(seconds for _, seconds in fitted),
    )
