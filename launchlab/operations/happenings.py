"""Twelve things that can happen to a service that runs: six to its inputs, six to its town.

Nothing raises an error and nothing is released. Nobody drew the twelve from a record of accidents:
they were thought up, so how many of them an alarm finds says nothing about yours.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from launchlab.market import Sessions, draw_sessions, make_features
from launchlab.market.drift import Drift, drifted_world
from launchlab.software.columns import COLUMN, with_column
from launchlab.software.faults import SERVING_FAULTS
from launchlab.software.town import Town

MISSING = 0.2
"""Share of rows that arrive without their stars."""

MOVED = 0.3
"""Share of kitchens, or of customers, that have changed."""

COMPETITOR = 0.2
"""What a competitor adds to the utility of not ordering here."""

SLOWER = 6.0
"""Minutes that couriers need longer."""

EVENING = 18
OUTSKIRTS = 0.2
"""Share of customers, those with the longest ways, who stand for the new town."""

_STREAM = 8
_TODAY = 1  # the seed of the sessions that a town serves

Day = tuple[Sessions, NDArray[np.float32]]
"""Who opened the app, and the rows that the model was fed, one for each candidate."""


@dataclass(frozen=True)
class Happening:
    """One thing that happens.

    Attributes
    ----------
    name : str
    words : str
        What happened, short enough for a chart.
    kind : str
        "input" if the model is fed something wrong, "town" if the inputs are right.
    mends : str
        Who can do something about it.
    day : callable
        A town to the day on which it has happened.
    """

    name: str
    words: str
    kind: str
    mends: str
    day: Callable[[Town], Day]


def _rng(town: Town) -> np.random.Generator:
    return np.random.default_rng([town.world.seed, _STREAM])


def _fed(fault: str) -> Callable[[Town], Day]:
    """Today's sessions on a serving path with one of ``SERVING_FAULTS``."""

    def day(town: Town) -> Day:
        return town.sessions, SERVING_FAULTS[fault].fed(town.served)

    return day


def _column(
    name: str, value: Callable[[Town], NDArray[np.float32] | float]
) -> Callable[[Town], Day]:
    def day(town: Town) -> Day:
        return town.sessions, with_column(town.served.rows, name, value(town))

    return day


def _another_sessions(town: Town) -> NDArray[np.float32]:
    """The column of another session: the values are all there, and stand in the wrong rows."""
    values = _values(town, "cuisine_share").reshape(town.served.shape)
    return values[_rng(town).permutation(len(values))].ravel()


def _some_without_stars(town: Town) -> NDArray[np.float32]:
    missing = _rng(town).random(len(town.served)) < MISSING
    return np.where(missing, np.float32(0), _values(town, "rating"))


def _values(town: Town, name: str) -> NDArray[np.float32]:
    return town.served.rows[:, COLUMN[name]]


def _seen(sessions: Sessions) -> Day:
    return sessions, make_features(sessions)


def _drifted(drift: Drift) -> Callable[[Town], Day]:
    """The same customers at the same hours, in a town part of which has changed."""

    def day(town: Town) -> Day:
        world = drifted_world(town.world, MOVED, drift)
        return _seen(draw_sessions(world, len(town.sessions), seed=_TODAY))

    return day


def _competitor(town: Town) -> Day:
    sessions = town.sessions
    return replace(sessions, outside=sessions.outside + np.float32(COMPETITOR)), town.served.rows


def _holiday(town: Town) -> Day:
    """As many sessions, all of them in the evening."""
    sessions = town.sessions
    evening = np.flatnonzero(sessions.hour >= EVENING)
    return _seen(sessions[np.resize(evening, len(sessions))])


def _new_town(town: Town) -> Day:
    """Half of the sessions come from the outskirts, from people who never ordered here."""
    sessions, world = town.sessions, town.world
    way = world.distance.mean(axis=1)
    far = way > np.quantile(way, 1 - OUTSKIRTS)
    half = len(sessions) // 2
    theirs = np.resize(np.flatnonzero(far[sessions.customer]), half)
    sessions = sessions[np.concatenate([theirs, np.arange(len(sessions) - half)])]
    rows = make_features(sessions)
    new = np.arange(len(rows)) < half * sessions.shape[1]
    unknown = {
        "ordered_before": 0.0,
        "cuisine_share": 1 / world.cuisine_share.shape[1],
        "spend": float(world.price.mean()),
    }
    for name, value in unknown.items():
        rows = with_column(rows, name, np.where(new, value, rows[:, COLUMN[name]]))
    return sessions, rows


def _slower(town: Town) -> Day:
    """Couriers need longer, and the app says so."""
    sessions = town.sessions
    eta = sessions.eta + np.float32(SLOWER)
    felt = -0.05 * (np.maximum(eta - 28, 0) - np.maximum(sessions.eta - 28, 0)) - 0.02 * SLOWER
    slower = replace(
        sessions, eta=eta, experienced=(sessions.experienced + felt).astype(np.float32)
    )
    return _seen(slower)


HAPPENINGS = {
    one.name: one
    for one in (
        Happening(
            "join",
            "join with another session",
            "input",
            "infrastructure",
            _column("cuisine_share", _another_sessions),
        ),
        Happening("seconds", "ETA in seconds", "input", "infrastructure", _fed("seconds")),
        Happening(
            "stars",
            "stars missing in 20 %",
            "input",
            "infrastructure",
            _column("rating", _some_without_stars),
        ),
        Happening("miles", "distance in miles", "input", "infrastructure", _fed("miles")),
        Happening("utc", "hour in UTC", "input", "infrastructure", _fed("utc")),
        Happening(
            "wet",
            "rain flag stuck at wet",
            "input",
            "infrastructure",
            _column("rain", lambda town: 1.0),
        ),
        Happening("kitchens", "new cooks", "town", "ml", _drifted(Drift(tastes=False))),
        Happening("tastes", "new tastes", "town", "ml", _drifted(Drift(kitchens=False))),
        Happening("new town", "a new town joins", "town", "ml", _new_town),
        Happening("slower", "slower couriers", "town", "product", _slower),
        Happening("competitor", "a competitor's offer", "town", "sales", _competitor),
        Happening("holiday", "holiday", "town", "nobody", _holiday),
    )
}
"""All twelve, by name: the six of the inputs first."""
