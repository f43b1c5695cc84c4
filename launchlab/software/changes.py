"""Change one thing about a training run, and count the places of a slate that change.

A model is made of code, data and a few settings. Each change below touches one of them; the model
is trained again, serves the same sessions, and its slates are held against those of before.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import RandomForestClassifier

from launchlab.market import Sessions, World, make_logs, top_slate
from launchlab.market.rankers import make_estimator
from launchlab.memo import memo
from launchlab.software.columns import COLUMN, times, with_column
from launchlab.software.judged import orders_by_session, places_changed
from launchlab.software.learning import chances
from launchlab.software.offers import offers_logged
from launchlab.software.town import N_LOGGED, Town, make_town
from launchlab.zoo.launch import paired_change

MODELS = {
    "logistic": "logistic regression",
    "hgb50": "50 boosted trees",
    "forest": "a forest of 15 trees",
    "mlp": "a small network",
}
"""What is trained, and what a reader calls it."""

N_TREES = 15
"""Of the forest: few, for training takes seconds."""

DAY = N_LOGGED // 28
"""Slates in one day of a log of four weeks."""

OTHER_LOG = 9
_NOISE, _ORDER = 5, 6  # random streams
BLEND = "blend"
"""The mean of all of `MODELS`."""

Settings = tuple[tuple[str, Any], ...]


@dataclass(frozen=True, eq=False)
class Run:
    """What one training run is given.

    Attributes
    ----------
    rows : ndarray of float, shape (m, p)
        What it learns from.
    ordered : ndarray of bool, shape (m,)
    served : ndarray of float, shape (n * c, p)
        What it scores afterwards, made by the same feature code.
    seed : int
        Of the learner's own random numbers.
    """

    rows: NDArray[np.floating[Any]]
    ordered: NDArray[np.bool_]
    served: NDArray[np.floating[Any]]
    seed: int = 0


@dataclass(frozen=True)
class Change:
    """One thing that is different in a training run.

    Attributes
    ----------
    name : str
    words : str
        What was changed, as a colleague would say it.
    made : callable
        A town, and the run as it was, to the run with the change.
    """

    name: str
    words: str
    made: Callable[[Town, Run], Run]


def log_of(world: World, slates: int, seed: int) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """Rows and labels of a log of its own: what was shown in it, and whether it was ordered."""
    logs = make_logs(world, slates, seed=seed)
    return offers_logged(logs).rows, logs.ordered.ravel()


def usual_run(town: Town, slates: int = N_LOGGED) -> Run:
    """The run that nothing has been changed about.

    Parameters
    ----------
    town : Town
    slates : int, default 10,000
        How many logged slates it learns from; those beyond the town's own come from another log.
    """
    own = min(slates, N_LOGGED) * town.shown.shape[1]
    rows, ordered = town.shown.rows[:own], town.ordered[:own]
    if slates > N_LOGGED:
        more, ordered_more = log_of(town.world, slates - N_LOGGED, OTHER_LOG)
        rows, ordered = np.concatenate([rows, more]), np.concatenate([ordered, ordered_more])
    return Run(rows, ordered, town.served.rows)


def _features(run: Run, made: Callable[[NDArray[Any]], NDArray[Any]]) -> Run:
    """The run with other feature code, in training and in serving."""
    return replace(run, rows=made(run.rows), served=made(run.served))


def _shuffled(town: Town, run: Run) -> Run:
    order = np.random.default_rng([town.world.seed, _ORDER]).permutation(len(run.rows))
    return replace(run, rows=run.rows[order], ordered=run.ordered[order])


def _noise(town: Town, run: Run) -> Run:
    rng = np.random.default_rng([town.world.seed, _NOISE])
    return _features(
        run, lambda rows: np.c_[rows, rng.standard_normal(len(rows)).astype(np.float32)]
    )


def _later(town: Town, run: Run, dropped: int, added: int) -> Run:
    """The run on a window that has moved: without its first slates, and with later ones."""
    k = town.shown.shape[1]
    rows, ordered = log_of(town.world, added, OTHER_LOG)
    return replace(
        run,
        rows=np.concatenate([run.rows[dropped * k :], rows]),
        ordered=np.concatenate([run.ordered[dropped * k :], ordered]),
    )


def _less_one_slate(town: Town, run: Run) -> Run:
    k = town.shown.shape[1]
    return replace(run, rows=run.rows[:-k], ordered=run.ordered[:-k])


def rounded_minutes(rows: NDArray[Any]) -> NDArray[np.float32]:
    """The same rows with delivery times in whole minutes."""
    return with_column(rows, "eta", np.round(rows[:, COLUMN["eta"]]))


CHANGES = {
    change.name: change
    for change in (
        Change("nothing", "nothing: trained again", lambda _, run: run),
        Change("seed", "another seed", lambda _, run: replace(run, seed=1)),
        Change("order", "the rows in another order", _shuffled),
        Change(
            "columns",
            "the columns in another order",
            lambda _, run: _features(run, lambda rows: np.ascontiguousarray(rows[:, ::-1])),
        ),
        Change(
            "cents",
            "prices in cents, everywhere",
            lambda _, run: _features(run, lambda rows: times(rows, "price", 100)),
        ),
        Change(
            "rounded",
            "delivery times in whole minutes",
            lambda _, run: _features(run, rounded_minutes),
        ),
        Change("noise", "a column of noise added", _noise),
        Change(
            "dropped",
            "a column dropped: usual spending",
            lambda _, run: _features(run, lambda rows: np.delete(rows, COLUMN["spend"], axis=1)),
        ),
        Change("slate", "one slate of 10,000 left out", _less_one_slate),
        Change("day", "one more day of data", lambda town, run: _later(town, run, 0, DAY)),
        Change(
            "week",
            "a week of data replaced",
            lambda town, run: _later(town, run, N_LOGGED // 4, N_LOGGED // 4),
        ),
        Change(
            "other",
            "10,000 other slates",
            lambda town, run: _later(town, run, N_LOGGED, N_LOGGED),
        ),
    )
}
"""What can be changed, one thing at a time; each beside the same town, served the same sessions."""


def fitted(model: str, run: Run, settings: Settings = ()) -> Any:
    """Train one of `MODELS` on a run.

    Parameters
    ----------
    model : str
        One of `MODELS`, or another name that ``launchlab.market.rankers.make_estimator`` knows.
    run : Run
    settings : tuple of (str, value), optional
        Settings of the learner that are not the usual ones.
    """
    learner = (
        RandomForestClassifier(N_TREES, min_samples_leaf=50, random_state=run.seed)
        if model == "forest"
        else make_estimator(model, run.seed)
    )
    return learner.set_params(**dict(settings)).fit(run.rows, run.ordered.astype(np.int8))


@lru_cache(maxsize=64)
@memo
def scored(
    seed: int,
    model: str,
    changes: tuple[str, ...] = (),
    slates: int = N_LOGGED,
    settings: Settings = (),
) -> NDArray[np.float32]:
    """What a model trained with some changes makes of the sessions that it serves.

    Parameters
    ----------
    seed : int
        The world's seed.
    model : str
        One of `MODELS`, or `BLEND`.
    changes : tuple of str
        Names in `CHANGES`, made one after another.
    slates : int, default 10,000
        Logged slates to learn from.
    settings : tuple of (str, value), optional
        As for `fitted`.

    Returns
    -------
    ndarray of float32, shape (2,000, 30)
        Chances of an order.

    Raises
    ------
    ValueError
        If there is no such change.
    """
    unknown = [name for name in changes if name not in CHANGES]
    if unknown:
        raise ValueError(f"changes={changes!r}, expected names of {', '.join(CHANGES)}")
    if model == BLEND:
        every = [scored(seed, name, changes, slates, settings) for name in MODELS]
        mean: NDArray[np.float32] = np.mean(every, axis=0, dtype=np.float32)
        return mean
    town = make_town(seed)
    run = usual_run(town, slates)
    for name in changes:
        run = CHANGES[name].made(town, run)
    return chances(fitted(model, run, settings), run.served, town.served.shape)


@dataclass(frozen=True, eq=False)
class Moved:
    """How far the slates of two models differ, on the same sessions.

    Attributes
    ----------
    counts : ndarray of int, shape (n,)
        Of each session, how many of its 8 places hold a restaurant that was not there before.
    largest : float
        The largest difference between two scores of the same offer.
    orders, orders_error : float
        Change of expected orders, %, and its standard error.
    customer : ndarray of int, shape (n,)
        Whose session it is.
    """

    counts: NDArray[np.int64]
    largest: float
    orders: float
    orders_error: float
    customer: NDArray[np.integer[Any]]

    @property
    def places(self) -> float:
        """Places that changed, of 8, on average."""
        return float(self.counts.mean())

    @property
    def places_error(self) -> float:
        """Standard error of `places`: customers come with several sessions."""
        _, group = np.unique(self.customer, return_inverse=True)
        away = np.bincount(group, self.counts - self.places)
        return float(np.sqrt(np.sum(away**2)) / len(self.counts))

    @property
    def touched(self) -> float:
        """Share of the slates in which at least one place changed."""
        return float((self.counts > 0).mean())


def compared(sessions: Sessions, old: NDArray[np.float32], new: NDArray[np.float32]) -> Moved:
    """Hold the slates that two models choose against each other.

    Parameters
    ----------
    sessions : Sessions
        n sessions of c candidates.
    old, new : ndarray of float32, shape (n, c)
        Scores of both.
    """
    before, after = top_slate(old), top_slate(new)
    change, error = paired_change(
        orders_by_session(sessions, before),
        orders_by_session(sessions, after),
        sessions.customer,
    )
    return Moved(
        counts=places_changed(before, after),
        largest=float(np.abs(old - new).max()),
        orders=change,
        orders_error=error,
        customer=sessions.customer,
    )


def moved(
    seed: int,
    model: str,
    change: str,
    slates: int = N_LOGGED,
    settings: Settings = (),
) -> Moved:
    """Train a model as it is, and once more with one change, and compare what both show.

    Parameters
    ----------
    seed, model, slates, settings
        As for `scored`.
    change : str
        A name in `CHANGES`.
    """
    old = scored(seed, model, (), slates, settings)
    new = scored(seed, model, (change,), slates, settings)
    return compared(make_town(seed).sessions, old, new)
