"""Twenty-one ways for a release to go wrong, each made by a small function from one town.

Nobody drew them from a record of accidents: we thought them up, knowing the gates.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier

from launchlab.market import make_logs, top_slate
from launchlab.market.drift import drifted_world
from launchlab.software.columns import COLUMN, with_column
from launchlab.software.faults import SERVING_FAULTS, nightly_eta
from launchlab.software.offers import Offers, offers_logged
from launchlab.software.release import Fed, Release, clean, learnt_from
from launchlab.software.town import N_LOGGED, Town

A_WEEK = 0.25
"""Share of the log that one of its four weeks is."""

FEW_RATINGS = 0.2
"""Share of restaurants, those with the fewest ratings, whose stars are missing."""

TWICE = 0.3
"""Share of sessions that were loaded twice."""

LUNCH_ENDS = 14
ANOTHER_YEAR = 0.4
"""Share of the town that differs between this year's and the other's."""

_STREAM = 6
_DRIFTED_LOG = 300
_ON_A_SLATE = 8


def _rng(town: Town) -> np.random.Generator:
    return np.random.default_rng([town.world.seed, _STREAM])


def _tested(town: Town) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    return town.scored.rows, town.ordered_later


def _trained(town: Town, happened: Any = None, **more: Any) -> Release:
    labels = town.ordered if happened is None else happened
    return learnt_from(town.shown.rows, labels, _tested(town), **more)


def _trees(n: int, rate: float, leaves: int) -> HistGradientBoostingClassifier:
    return HistGradientBoostingClassifier(
        max_iter=n,
        learning_rate=rate,
        max_leaf_nodes=leaves,
        early_stopping=False,
        random_state=0,
    )


# --------------------------------------------------------------------------- what is served


@lru_cache(maxsize=2)
def sound(town: Town) -> Release:
    """The release without a fault, from the log that all faulty ones start from."""
    return clean(town.shown, town.logs, town.scored, town.held)


def served_by(fault: str, *, own_code: bool = False) -> Callable[[Town], Release]:
    """A sound model on a serving path with one of ``SERVING_FAULTS``."""

    def make(town: Town) -> Release:
        return replace(sound(town), live=SERVING_FAULTS[fault].fed, own_code=own_code)

    return make


def stars_missing(town: Town) -> Release:
    """Missing stars are the others' mean in training, and 0 when served."""
    world = town.world
    missing = world.n_ratings < np.quantile(world.n_ratings, FEW_RATINGS)
    mean = world.rating[~missing].mean()

    def filled(with_what: float) -> Fed:
        def fed(offers: Offers) -> NDArray[np.float32]:
            stars = offers.rows[:, COLUMN["rating"]]
            return with_column(
                offers.rows, "rating", np.where(missing[offers.restaurant], with_what, stars)
            )

        return fed

    train = filled(mean)
    tested = train(town.scored), town.ordered_later
    return learnt_from(train(town.shown), town.ordered, tested, live=filled(0), batch=train)


def nightly_against_live(town: Town) -> Release:
    """The model learnt from last night's delivery times, and is served this minute's."""
    tested = nightly_eta(town.scored), town.ordered_later
    return learnt_from(nightly_eta(town.shown), town.ordered, tested, batch=nightly_eta)


def drops_the_best(town: Town) -> Release:
    """The slate begins with the second best: an index is one off."""
    return replace(sound(town), slate=lambda score: top_slate(score, 9)[:, 1:], own_code=True)


# --------------------------------------------------------------------------- what is learnt from


def _visits(town: Town) -> Callable[[Offers], NDArray[np.float32]]:
    """How often an offer's customer ordered from its restaurant within the log."""
    n = len(town.world.price)
    ordered = town.shown.customer[town.ordered] * n + town.shown.restaurant[town.ordered]
    pairs, counts = np.unique(ordered, return_counts=True)

    def of(offers: Offers) -> NDArray[np.float32]:
        asked = offers.customer * n + offers.restaurant
        at = np.minimum(np.searchsorted(pairs, asked), len(pairs) - 1)
        hit = pairs[at] == asked
        found = np.zeros(len(asked), dtype=np.float32)
        found[hit] = counts[at[hit]]
        return found

    return of


def leak(town: Town, share: float = 1.0) -> Release:
    """A fifteenth feature counts a customer's recent orders here, and its window ends too late.

    For a share of orders, the count holds the very order that is to be predicted. When served,
    that order has not happened yet.
    """
    visits, rng = _visits(town), _rng(town)

    def known(happened: NDArray[np.bool_]) -> NDArray[np.bool_]:
        return happened & (rng.random(len(happened)) < share)

    own = town.ordered & ~known(town.ordered)
    rows = np.c_[town.shown.rows, visits(town.shown) - own].astype(np.float32)
    later = visits(town.scored) + known(town.ordered_later)
    tested = np.c_[town.scored.rows, later].astype(np.float32), town.ordered_later

    def fed(offers: Offers) -> NDArray[np.float32]:
        return np.column_stack([offers.rows, visits(offers)])

    return learnt_from(rows, town.ordered, tested, live=fed, batch=fed)


def _in_a_week(town: Town, theirs: NDArray[np.bool_], share: float) -> Release:
    """The first sessions of the log have the labels of ``theirs``, shape (n, 8)."""
    labels = town.logs.ordered.copy()
    n = round(share * len(labels))
    labels[:n] = theirs[:n]
    return _trained(town, labels)


def clicks_as_orders(town: Town, share: float = A_WEEK) -> Release:
    """For a week, the label says clicked instead of ordered."""
    return _in_a_week(town, town.logs.clicked, share)


def joined_wrongly(town: Town, share: float = A_WEEK) -> Release:
    """For a week, each session got the orders of another session of that week, place by place."""
    n = round(share * len(town.logs))
    return _in_a_week(town, town.logs.ordered[_rng(town).permutation(n)], share)


def orders_lost(town: Town, share: float = A_WEEK) -> Release:
    """For a week, no order reached the log."""
    return _in_a_week(town, np.zeros_like(town.logs.ordered), share)


def loaded_twice(town: Town) -> Release:
    """Three tenths of the sessions stand in the log twice."""
    again = _rng(town).permutation(N_LOGGED)[: round(TWICE * N_LOGGED)]
    rows = again[:, None] * _ON_A_SLATE + np.arange(_ON_A_SLATE)
    return _trained(town, kept=np.r_[np.arange(len(town.shown)), rows.ravel()])


def no_chains(town: Town) -> Release:
    """The chains' rows fell out of the training data."""
    return _trained(town, kept=np.flatnonzero(~town.world.chain[town.shown.restaurant]))


def only_lunch(town: Town) -> Release:
    """The export ended early: only what happened before 14:00 was learnt from."""
    return _trained(town, kept=np.flatnonzero(town.shown.rows[:, COLUMN["hour"]] < LUNCH_ENDS))


# --------------------------------------------------------------------------- which model


def few_trees(town: Town) -> Release:
    """The file that was saved holds 5 of the 50 trees."""
    return _trained(town, model=_trees(5, 0.1, 15))


def overfit(town: Town) -> Release:
    """A greedy model, scored on the rows it learnt from."""
    n = len(town.scored)
    rows, labels = town.shown.rows, town.ordered
    return learnt_from(rows, labels, (rows[:n], labels[:n]), model=_trees(100, 0.3, 31))


def click_model(town: Town) -> Release:
    """The model of clicks was shipped under the name of the order model."""
    return _trained(town, town.logs.clicked)


def another_years(town: Town) -> Release:
    """The model learnt from another year's town, of which this one has kept three fifths."""
    logs = make_logs(drifted_world(town.world, ANOTHER_YEAR), N_LOGGED, seed=_DRIFTED_LOG)
    return learnt_from(offers_logged(logs).rows, logs.ordered, _tested(town))


@dataclass(frozen=True)
class Harm:
    """One fault of a release.

    Attributes
    ----------
    name : str
    words : str
        Its name in a chart, in one short line.
    told : str
        What happened.
    make : callable
        A town to the faulty release.
    """

    name: str
    words: str
    told: str
    make: Callable[[Town], Release]


HARMS = {
    harm.name: harm
    for harm in (
        Harm("seconds", "ETA seconds", "delivery times arrive in seconds", served_by("seconds")),
        Harm("utc", "hour in UTC", "the hour arrives in UTC", served_by("utc")),
        Harm("cuisine", "cuisine codes", "cuisine codes are one off", served_by("cuisine")),
        Harm("join", "no history", "the lookup of past orders finds nobody", served_by("join")),
        Harm("cents", "some in cents", "15 % of prices arrive in cents", served_by("some cents")),
        Harm("stars", "stars as 0", "missing stars: the mean in training, 0 live", stars_missing),
        Harm("nightly", "nightly ETA", "last night's ETA in training, live", nightly_against_live),
        Harm(
            "swapped",
            "columns swap",
            "our code swaps ETA and price",
            served_by("swapped", own_code=True),
        ),
        Harm(
            "place",
            "8th place",
            "our code scores all for the 8th place",
            served_by("last place", own_code=True),
        ),
        Harm("drops", "best dropped", "our code drops the best of each slate", drops_the_best),
        Harm("leak", "leak", "a feature counts the order to be predicted", leak),
        Harm("clicks", "click labels", "for a week, clicks are logged as orders", clicks_as_orders),
        Harm("joined", "wrong labels", "a week's labels go to the wrong sessions", joined_wrongly),
        Harm("lost", "orders lost", "for a week, no order is logged", orders_lost),
        Harm("twice", "rows twice", "30 % of sessions are loaded twice", loaded_twice),
        Harm("chains", "no chains", "chains are missing from training", no_chains),
        Harm("lunch", "only lunch", "training ends at 14:00", only_lunch),
        Harm("few", "5 of 50 trees", "the model file holds 5 of its 50 trees", few_trees),
        Harm("overfit", "overfit", "an overfit model, tested on what it learnt from", overfit),
        Harm("click model", "click model", "the model of clicks is shipped instead", click_model),
        Harm("year", "another year", "the model of another year is shipped", another_years),
    )
}
"""All faults, by name, in the order in which the chapter lists them."""

COSTLY = tuple(name for name in HARMS if name not in ("nightly", "place"))
"""The nineteen that cost orders, on average over twenty worlds; the other two cost none here."""
