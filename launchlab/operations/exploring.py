"""Does a ranker that explores earn it back? A loop of half a year, in which it learns from itself.

Each week the ranker learns from the last four logs of its own slates. One of its inputs is how
much more often a restaurant was ordered than expected, so what is never shown never recovers. Each
week a few restaurants close and new ones open, with one rating.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from launchlab import shipped
from launchlab.market import (
    Sessions,
    World,
    draw_sessions,
    make_features,
    make_logs,
    make_world,
    organic_slates,
    sample_outcomes,
    top_slate,
)
from launchlab.software.judged import orders_by_session

POLICIES = {
    "none": "no exploring",
    "anywhere": "5 % of all places",
    "last places": "as many, in places 7 and 8",
    "thompson": "Thompson sampling",
}
"""Ways to explore, with their names in charts."""

WEEKS = 26
N_SESSIONS = 2_500
OPENED = 5
"""Restaurants, of 240, that are replaced in a week."""

SHARE = 0.05
"""Share of places at which an exploring ranker shows something else."""

_ON_A_SLATE = 8
_REMEMBERED = 4  # logs
_PRIOR, _DECAY = 5.0, 0.95  # orders that a newcomer's history begins with; what a week keeps
_STARS, _STARS_OF_NEW, _WEIGHT = 4.1, 1.0, 30.0
_STREAM = 77


def _classifier() -> object:
    return make_pipeline(StandardScaler(), LogisticRegression(max_iter=200))


def replaced(
    world: World, rng: np.random.Generator, opened: int = OPENED
) -> tuple[World, NDArray[np.intp]]:
    """The world a week later: some restaurants have become new ones, of other quality.

    Returns
    -------
    World
        Newcomers have one rating of 4.1 stars, and nobody has ordered there.
    ndarray of int
        Which ones are new.
    """
    new = rng.choice(len(world.price), opened, replace=False)
    quality, noise = rng.standard_normal(opened), rng.standard_normal(opened)
    coupling = world.couplings.badge_quality
    better = np.zeros(len(world.price), dtype=np.float32)
    better[new] = quality - world.quality[new]
    changed = {
        "quality": quality,
        "badge": coupling * quality + np.sqrt(1 - coupling**2) * noise,
        "rating": np.full(opened, _STARS),
        "n_ratings": np.full(opened, _STARS_OF_NEW),
    }
    arrays = {name: getattr(world, name).copy() for name in changed}
    for name, values in changed.items():
        arrays[name][new] = values
    return (
        replace(
            world,
            utility=world.utility + better[world.near],
            ordered_before=world.ordered_before & ~np.isin(world.near, new),
            **arrays,
        ),
        new,
    )


@dataclass(eq=False)
class _Memory:
    """What the app knows of each restaurant: orders, and how many were expected at its places."""

    orders: NDArray[np.float64]
    expected: NDArray[np.float64]

    def forget(self, new: NDArray[np.intp]) -> None:
        self.orders[new] = self.expected[new] = 0.0

    def add(
        self, shown: NDArray[np.intp], ordered: NDArray[np.bool_], chance: NDArray[np.float64]
    ) -> None:
        n = len(self.orders)
        self.orders = _DECAY * self.orders + np.bincount(shown, ordered, n)
        self.expected = _DECAY * self.expected + np.bincount(shown, chance, n)

    @property
    def history(self) -> NDArray[np.float64]:
        """Log of orders over expected orders, drawn to 0 where little is known."""
        return np.log((self.orders + _PRIOR) / (self.expected + _PRIOR))


def _explored(
    policy: str,
    score: NDArray[np.float64],
    known: NDArray[np.float64],
    weight: float,
    rng: np.random.Generator,
) -> NDArray[np.intp]:
    """Slates of a policy, given scores, how much is known, and how much history counts; (n, 8)."""
    best = top_slate(score)
    if policy == "none":
        return best
    if policy == "thompson":
        # At least 0.3, or a ranker that has not learnt what history is worth would never learn it.
        doubt = max(weight, 0.3) / np.sqrt(known + _PRIOR)
        return top_slate(score + doubt * rng.standard_normal(score.shape))
    often = np.full(_ON_A_SLATE, SHARE)
    if policy == "last places":
        often = np.r_[np.zeros(_ON_A_SLATE - 2), np.full(2, SHARE * _ON_A_SLATE / 2)]
    elsewhere = rng.random(best.shape) < often
    on_it = np.zeros(score.shape, dtype=bool)
    np.put_along_axis(on_it, best, True, axis=1)
    noise = rng.random(score.shape)
    wanted = known + 1e-3 * noise if policy == "last places" else noise
    others = np.argsort(np.where(on_it, np.inf, wanted), axis=1)[:, :_ON_A_SLATE]
    return np.where(elsewhere, others, best)


def explore(seed: int, policy: str, weeks: int = WEEKS) -> pd.DataFrame:
    """Run the loop.

    Parameters
    ----------
    seed : int
        The world's seed.
    policy : str
        One of ``POLICIES``.
    weeks : int, optional

    Returns
    -------
    DataFrame, a row for each week
        ``week``; ``orders`` per 1,000 sessions, and ``unexplored``: what the same ranker would have
        brought in that week's sessions if it had shown its best, both by the simulator's truth.

    Raises
    ------
    ValueError
        If the policy is unknown.
    """
    if policy not in POLICIES:
        raise ValueError(f"policy={policy!r}, expected one of {', '.join(map(repr, POLICIES))}")
    world = make_world(seed)
    n = len(world.price)
    born, luck = (np.random.default_rng([seed, _STREAM + i]) for i in (0, 1))
    memory = _Memory(np.zeros(n), np.zeros(n))
    stars = np.zeros((2, n))  # of newcomers: sum of ratings, number of them
    is_new = np.zeros(n, dtype=bool)
    logs = make_logs(world, 2 * N_SESSIONS, seed=5)
    first = make_features(logs.sessions, logs.candidate)
    expects = _classifier().fit(first, logs.ordered.ravel())  # type: ignore[attr-defined]
    learnt = [np.c_[first, np.zeros(len(first))]]
    happened = [logs.ordered.ravel()]
    found = []
    for week in range(1, weeks + 1):
        world, new = replaced(world, born)
        memory.forget(new)
        stars[:, new], is_new[new] = 0.0, True
        model = _classifier().fit(  # type: ignore[attr-defined]
            np.concatenate(learnt[-_REMEMBERED:]), np.concatenate(happened[-_REMEMBERED:])
        )
        sessions = draw_sessions(world, N_SESSIONS, seed=1_000 + week)
        history = memory.history[sessions.restaurant]
        score = model.decision_function(np.c_[make_features(sessions), history.ravel()])
        score = score.reshape(sessions.shape)
        weight = float(model[-1].coef_[0, -1] / model[0].scale_[-1])
        known = memory.expected[sessions.restaurant]
        slate = _explored(policy, score, known, weight, luck)
        found.append(
            {
                "week": week,
                "orders": 1_000 * orders_by_session(sessions, slate).mean(),
                "unexplored": 1_000 * orders_by_session(sessions, top_slate(score)).mean(),
            }
        )
        rows = make_features(sessions, slate)
        shown = np.take_along_axis(sessions.restaurant, slate, axis=1).ravel().astype(np.intp)
        ordered = (sample_outcomes(sessions, organic_slates(slate), week).order > 0).ravel()
        learnt.append(np.c_[rows, memory.history[shown]])
        happened.append(ordered)
        memory.add(shown, ordered, expects.predict_proba(rows)[:, 1])
        world = _remembered(world, sessions, slate, ordered, shown, stars, is_new, luck)
    return pd.DataFrame(found)


def _remembered(
    world: World,
    sessions: Sessions,
    slate: NDArray[np.intp],
    ordered: NDArray[np.bool_],
    shown: NDArray[np.intp],
    stars: NDArray[np.float64],
    is_new: NDArray[np.bool_],
    rng: np.random.Generator,
) -> World:
    """The world after a week's orders: people remember where they ordered, and newcomers are rated.

    ``stars`` is filled in place.
    """
    orders = np.bincount(shown, ordered, len(world.price))
    mean = _STARS + 0.35 * (world.quality + 0.35 * world.badge)
    stars[0] += orders * mean + np.sqrt(orders) * 1.2 * np.sqrt(10) * rng.standard_normal(
        len(orders)
    )
    stars[1] += orders
    total, count = stars
    drawn = _STARS + (total - count * _STARS) / (count + _WEIGHT)
    before = world.ordered_before.copy()
    customer = np.repeat(sessions.customer, slate.shape[1])[ordered]
    before[customer, np.take_along_axis(sessions.near, slate, axis=1).ravel()[ordered]] = True
    return replace(
        world,
        ordered_before=before,
        rating=np.where(is_new, np.clip(drawn, 1, 5), world.rating).astype(np.float32),
        n_ratings=np.where(is_new, 1 + count, world.n_ratings + orders).astype(np.float32),
    )


def explored() -> pd.DataFrame:
    """What exploring brought in 20 worlds, against a ranker that never explores.

    Returns
    -------
    DataFrame
        ``world``, ``policy``, and percent of orders: ``half_year``, ``last_weeks`` (the last four)
        and ``taught``: the half year again, if the models that exploring taught had shown their
        best.
    """
    return shipped.read_table(__package__, "exploring.csv", comment="#").copy()
