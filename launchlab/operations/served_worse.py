"""Who gets how many orders: groups of sessions under several rankings, by the simulator's truth.

A ranking is judged here by expected orders, without ads. The true scores bring the most orders that
any ranking could; what a group gets with them is what the town has for it. So the ratio of two
groups' orders is exactly a product of two: that of what is possible for them, and that of the
share of the possible which they reach.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from launchlab.market import (
    FEATURES,
    Couplings,
    Sessions,
    draw_sessions,
    expected_outcomes,
    make_features,
    make_logs,
    make_world,
    organic_slates,
    popularity_score,
    top_slate,
    true_scores,
)
from launchlab.market.logs import N_LOGGED
from launchlab.market.rankers import make_estimator
from launchlab.operations.group_auc import auc

N_SERVED = 6_000
N_HELD_OUT = 6_000
FIFTH = 0.2

LEARNT = {"straight line": "logistic", "200 trees": "hgb200"}
POPULARITY, TRUTH = "popularity", "true scores"
RANKINGS = (POPULARITY, *LEARNT, TRUTH)
"""What ranks: the past policy, two models trained on its log, and the simulator's own scores."""

OF_THE_PAST = ("cuisine_share", "ordered_before", "spend")
"""Features that hold a customer's past orders."""

KNOWN_CUISINE = 0.2
"""A customer has a favourite cuisine if more than this share of past orders went to it."""


@dataclass(frozen=True)
class Cut:
    """Two groups at the two ends of one question.

    Attributes
    ----------
    name : str
    worse, better : str
        The two groups; the first is the one that one might worry about.
    """

    name: str
    worse: str
    better: str


CUTS = (
    Cut("past orders", "new", "loyal"),
    Cut("home", "outskirts", "centre"),
    Cut("favourite", "scarce", "plentiful"),
    Cut("spending", "thrifty", "spenders"),
    Cut("a lot", "heads", "tails"),
)
"""New: ordered at no more than one place nearby; loyal: the fifth with the most places. Outskirts
and centre: the fifths with the farthest and the nearest restaurants. Scarce and plentiful: few and
many restaurants of the favourite cuisine nearby. Thrifty and spenders: the lowest and the highest
fifth by mean basket. Heads and tails are drawn by lot and mean nothing."""


def groups(sessions: Sessions) -> dict[str, NDArray[np.bool_]]:
    """Which sessions belong to each group of `CUTS`, by name; shape (n,) each.

    Parameters
    ----------
    sessions : Sessions
        n sessions.
    """
    world = sessions.world
    places = world.ordered_before.sum(axis=1)
    far = world.distance[:, :30].mean(axis=1)
    favourite = world.cuisine_share.argmax(axis=1)
    nearby = (world.cuisine[world.near] == favourite[:, None]).sum(axis=1)
    known = world.cuisine_share.max(axis=1) > KNOWN_CUISINE
    few, many = np.quantile(nearby[known], [FIFTH, 1 - FIFTH])
    lot = np.random.default_rng([world.seed, 3]).random(len(far))

    def ends(values: NDArray[np.floating]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        low, high = np.quantile(values, [FIFTH, 1 - FIFTH])
        return values <= low, values >= high

    centre, outskirts = ends(far)
    thrifty, spenders = ends(world.spend)
    heads, tails = ends(lot)
    of_customers = {
        "new": places <= 1,
        "loyal": places >= np.quantile(places, 1 - FIFTH),
        "outskirts": outskirts,
        "centre": centre,
        "scarce": known & (nearby <= few),
        "plentiful": known & (nearby >= many),
        "thrifty": thrifty,
        "spenders": spenders,
        "heads": heads,
        "tails": tails,
    }
    return {name: members[sessions.customer] for name, members in of_customers.items()}


@dataclass(frozen=True, eq=False)
class Served:
    """One town, served in several ways.

    Attributes
    ----------
    sessions : Sessions
        n sessions, of 30 candidates each.
    scores : dict
        One of `RANKINGS` to scores of shape (n, 30).
    orders : dict
        One of `RANKINGS` to the expected orders of each session, shape (n,).
    members : dict
        A group's name to its sessions, shape (n,); "all" are all.
    auc : dict
        A learnt ranking and a group to the area under the curve on a later log, and its error.
    """

    sessions: Sessions
    scores: dict[str, NDArray[np.floating]]
    orders: dict[str, NDArray[np.float64]]
    members: dict[str, NDArray[np.bool_]]
    auc: dict[tuple[str, str], tuple[float, float]]

    def mean(self, ranking: str, group: str = "all") -> float:
        """Orders per 1,000 sessions of a group."""
        return float(1_000 * self.orders[ranking][self.members[group]].mean())

    def gain(self, ranking: str, group: str = "all", over: str = POPULARITY) -> float:
        """Percent by which a group orders more than under a different ranking."""
        return 100 * (self.mean(ranking, group) / self.mean(over, group) - 1)

    def reached(self, ranking: str, group: str = "all") -> float:
        """Orders of a group as a percentage of what the true scores bring it."""
        return 100 * self.mean(ranking, group) / self.mean(TRUTH, group)

    def gap(self, ranking: str, cut: Cut) -> float:
        """Percent by which the first group of a cut orders less than the second."""
        return 100 * (1 - self.mean(ranking, cut.worse) / self.mean(ranking, cut.better))

    def town_share(self, ranking: str, cut: Cut) -> float:
        """Percent of a gap that the true scores leave: the town's share; the rest is the ranking's.

        Raises
        ------
        ValueError
            If the ranking leaves no gap.
        """
        seen, left = (
            np.log(self.mean(one, cut.worse) / self.mean(one, cut.better))
            for one in (ranking, TRUTH)
        )
        if seen == 0:
            raise ValueError(f"ranking={ranking!r}, cut={cut.name!r}: no gap, expected one")
        return float(100 * left / seen)


# Claims ask for a town under each of their assumptions in turn.
@lru_cache(maxsize=8)
def serve(
    seed: int,
    couplings: Couplings | None = None,
    *,
    past: bool = True,
    n_logged: int = N_LOGGED,
    n_held_out: int = N_HELD_OUT,
) -> Served:
    """Train on a town's log, and serve fresh sessions.

    Parameters
    ----------
    seed : int
        The world's seed.
    couplings : Couplings, optional
    past : bool, default True
        Whether the learnt rankings may use the customers' past orders (`OF_THE_PAST`).
    n_logged : int, default 10,000
        Sessions of the log that they are trained on.
    n_held_out : int, default 6,000
        Sessions of the later log on which their scores are computed.

    Returns
    -------
    Served
    """
    world = make_world(seed, couplings or Couplings())
    logs, held = make_logs(world, n_logged), make_logs(world, n_held_out, seed=1)
    sessions = draw_sessions(world, N_SERVED, seed=1)
    columns = [i for i, name in enumerate(FEATURES) if past or name not in OF_THE_PAST]
    shown, later, now = (
        make_features(of, candidate)[:, columns]
        for of, candidate in (
            (logs.sessions, logs.candidate),
            (held.sessions, held.candidate),
            (sessions, None),
        )
    )
    scores: dict[str, NDArray[np.floating]] = {POPULARITY: popularity_score(sessions)}
    said = {}
    for ranking, name in LEARNT.items():
        model = make_estimator(name, 0).fit(shown, logs.ordered.ravel().astype(np.int8))
        scores[ranking], said[ranking] = (
            model.predict_proba(rows)[:, 1].astype(np.float32).reshape(shape)
            for rows, shape in ((now, sessions.shape), (later, held.ordered.shape))
        )
    scores[TRUTH] = true_scores(sessions).order
    everybody = {"all": np.ones(len(sessions), dtype=bool)}
    return Served(
        sessions=sessions,
        scores=scores,
        orders={ranking: _orders(sessions, score) for ranking, score in scores.items()},
        members=everybody | groups(sessions),
        auc={
            (ranking, group): auc(held.ordered[rows].ravel(), chance[rows].ravel())
            for ranking, chance in said.items()
            for group, rows in groups(held.sessions).items()
        },
    )


def _orders(sessions: Sessions, score: NDArray[np.floating]) -> NDArray[np.float64]:
    return expected_outcomes(sessions, organic_slates(top_slate(score))).measure("orders")


def best_by_group(served: Served) -> float:
    """Percent of orders won by choosing a learnt ranking for each group rather than one for all.

    The groups are the nine of past orders (new, loyal, others) by home (outskirts, centre, others).
    The choice is made on half of the customers, with expected orders, and judged on the other half.

    Parameters
    ----------
    served : Served
    """
    half = served.sessions.customer % 2 == 0
    group = sum(
        times * np.where(served.members[cut.worse], 1, np.where(served.members[cut.better], 2, 0))
        for cut, times in zip(CUTS[:2], (1, 3), strict=True)
    )
    brought = np.stack([served.orders[ranking] for ranking in LEARNT])
    for_all = brought[brought[:, half].mean(axis=1).argmax()]
    chosen = for_all.copy()
    for one in np.unique(group):
        rows = group == one
        chosen[rows] = brought[brought[:, rows & half].mean(axis=1).argmax()][rows]
    return float(100 * (chosen[~half].mean() / for_all[~half].mean() - 1))
