"""What can be watched of a service that runs: inputs, scores, clicks and orders.

Each day is compared with last week. Nothing here knows what happened; what it cost is counted
beside it, by the simulator's truth.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import ks_2samp

from launchlab import shipped
from launchlab.market import (
    FEATURES,
    Couplings,
    Outcomes,
    Sessions,
    draw_sessions,
    expected_outcomes,
    make_features,
    organic_slates,
    top_slate,
)
from launchlab.operations.happenings import HAPPENINGS, Day
from launchlab.software.gates import psi
from launchlab.software.learning import chances, order_model
from launchlab.software.town import Town, make_town
from launchlab.zoo.launch import paired_change

WATCHED = FEATURES[:-1]
"""The inputs that are watched: all but the position, which nobody knows before the slate."""

FLOORS = (1e-4, 1e-3, 1e-2)
"""What an empty bin of the PSI may count as."""

LAST_WEEK = 10_000
"""Sessions of last week that a day is compared with."""

TESTED = 4_000
"""The first sessions of last week, whose rows alone are compared where all rows count."""

WORLDS = 20
"""Worlds of the shipped tables: seeds 0 to 19."""

QUIET_DAYS = 14
"""Quiet days of each world in the shipped table."""

QUIET_WEEK = 7
"""Days of it on which the tests of all rows were counted."""

ROWS = (1, 3, 10, 30)
"""How many candidates of each session a test may compare."""

LEVELS = (0.05, 0.01, 0.001)
"""Levels of the tests in the shipped table."""

CANDIDATES = 30
_EVERY = 4  # PSI takes one row in so many
_REFERENCE, _QUIET = 50, 100  # seeds of last week's sessions, and of quiet days

Rows = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Watch:
    """A model that runs in a town, and what it left last week.

    Attributes
    ----------
    town : Town
    model : scikit-learn classifier
    rows : ndarray of float32, shape (m, 14)
        What the model was fed last week.
    score : ndarray of float32, shape (n, 30)
        What it said.
    usual : Outcomes
        What it brings on a day on which nothing happens, in the town's sessions.
    """

    town: Town
    model: Any
    rows: Rows
    score: NDArray[np.float32]
    usual: Outcomes


def _served(sessions: Sessions, score: NDArray[np.float32]) -> Outcomes:
    return expected_outcomes(sessions, organic_slates(top_slate(score)))


@lru_cache(maxsize=1)
def watch(seed: int, couplings: Couplings | None = None) -> Watch:
    """Train a model in a town, and let it run for a week.

    Parameters
    ----------
    seed : int
        The world's seed.
    couplings : Couplings, optional
    """
    town = make_town(seed, couplings, n_held_out=1)
    model = order_model("hgb50", town.shown.rows, town.ordered)
    rows = last_week(town)
    usual = _served(town.sessions, chances(model, town.served.rows, town.served.shape))
    return Watch(town, model, rows, chances(model, rows, (LAST_WEEK, CANDIDATES)), usual)


def last_week(town: Town, sessions: int = LAST_WEEK) -> Rows:
    """What a model was fed last week."""
    return make_features(draw_sessions(town.world, sessions, seed=_REFERENCE))


def quiet_day(town: Town, number: int) -> Day:
    """A day on which nothing happens."""
    sessions = draw_sessions(town.world, len(town.sessions), seed=_QUIET + number)
    return sessions, make_features(sessions)


def chances_of_quiet(before: Rows, now: Rows, each: int = 1) -> NDArray[np.float64]:
    """Two-sample Kolmogorov-Smirnov p-values, one for each watched input.

    Parameters
    ----------
    before, now : ndarray of float32, shape (m, 14)
        Rows of sessions with 30 candidates each.
    each : int, default 1
        How many candidates of each session are compared. The test takes rows to be independent;
        rows of one session share their customer, hour and rain.

    Returns
    -------
    ndarray of float64, shape (13,)
        How likely a larger difference would be if nothing had changed.
    """
    first, second = (
        rows.reshape(-1, CANDIDATES, rows.shape[1])[:, :each].reshape(-1, rows.shape[1])
        for rows in (before, now)
    )
    return np.array(
        [
            ks_2samp(first[:, column], second[:, column], method="asymp").pvalue
            for column in range(len(WATCHED))
        ]
    )


def measure(watched: Watch, day: Day) -> dict[str, float | str]:
    """What the four watchers read on one day.

    Parameters
    ----------
    watched : Watch
    day : tuple
        Who opened the app, and what the model was fed.

    Returns
    -------
    dict
        ``inputs_1e-04`` and so on: the largest PSI of an input, by the floor; ``input``: of which.
        ``inputs_p``: the smallest p-value of an input, times their number, one row a session.
        ``score``: PSI of the scores. ``score_p``: p-value of the best score of each session.
        ``clicks``, ``orders``: change against a quiet day of the same sessions, percent, by the
        simulator's truth; ``orders_se``: standard error of the latter.
    """
    sessions, rows = day
    score = chances(watched.model, rows, sessions.shape)
    before, now = watched.rows[::_EVERY], rows[::_EVERY]
    moved = {
        f"inputs_{floor:.0e}": [
            psi(before[:, column], now[:, column], floor) for column in range(len(WATCHED))
        ]
        for floor in FLOORS
    }
    brought = _served(sessions, score)
    usual, theirs = (one.measure("orders") for one in (watched.usual, brought))
    clicks = [float(one.measure("clicks").mean()) for one in (watched.usual, brought)]
    orders, error = paired_change(usual, theirs, watched.town.sessions.customer)
    one_row = chances_of_quiet(watched.rows, rows)
    best = ks_2samp(watched.score.max(axis=1), score.max(axis=1), method="asymp")
    return {
        **{name: max(values) for name, values in moved.items()},
        "input": WATCHED[int(np.argmax(moved[f"inputs_{FLOORS[0]:.0e}"]))],
        "inputs_p": min(1.0, len(WATCHED) * float(one_row.min())),
        "score": psi(watched.score.ravel(), score.ravel()),
        "score_p": float(best.pvalue),
        "clicks": 100 * (clicks[1] / clicks[0] - 1),
        "orders": orders,
        "orders_se": error,
    }


@lru_cache(maxsize=4)
def happened(seed: int, couplings: Couplings | None = None) -> pd.DataFrame:
    """What the watchers read on each of the twelve days on which something happens.

    Parameters
    ----------
    seed : int
    couplings : Couplings, optional

    Returns
    -------
    DataFrame, twelve rows
        ``happening``: a name in ``HAPPENINGS``; then as `measure` says.
    """
    watched = watch(seed, couplings)
    return pd.DataFrame(
        {"happening": name, **measure(watched, one.day(watched.town))}
        for name, one in HAPPENINGS.items()
    )


def quiet(seed: int, days: int) -> pd.DataFrame:
    """The same on days on which nothing happens: clicks and orders are then as usual.

    Parameters
    ----------
    seed : int
    days : int
    """
    watched = watch(seed)
    rows = (
        {"happening": f"quiet {number}", **measure(watched, quiet_day(watched.town, number))}
        for number in range(days)
    )
    # Other sessions order a little more or less; that is luck, which `rules.seen` adds.
    return pd.DataFrame(rows).assign(clicks=0.0, orders=0.0, orders_se=0.0)


@lru_cache(maxsize=8)
def quiet_chances(
    seed: int, each: int, days: int, couplings: Couplings | None = None
) -> NDArray[np.float64]:
    """P-values of the inputs on quiet days, shape (days, 13); ``each`` candidates of a session."""
    town = make_town(seed, couplings, n_held_out=1)
    before = last_week(town, TESTED)
    return np.array(
        [chances_of_quiet(before, quiet_day(town, day)[1], each) for day in range(days)]
    )


@cache
def _shipped(name: str) -> pd.DataFrame:
    return shipped.read_table(__package__, name, comment="#")


def watched_days() -> pd.DataFrame:
    """What the watchers read in 20 worlds: twelve days on which something happens, 14 quiet ones.

    Returns
    -------
    DataFrame
        ``world``, ``happening`` (a name in ``HAPPENINGS``, or "quiet 0" and so on), and the columns
        of `measure`, rounded to four significant digits.
    """
    return _shipped("watching.csv").copy()


def rings() -> pd.DataFrame:
    """Alarms a week of tests of the 13 inputs, in 20 worlds in which nothing happens.

    Returns
    -------
    DataFrame
        ``world``; ``each``: one of ``ROWS``; ``level``: one of ``LEVELS``; ``corrected``: whether
        the level was shared out over the inputs (Bonferroni); ``alarms`` a week.
    """
    return _shipped("rings.csv").copy()


def happened_in(seed: int, couplings: Couplings | None = None) -> pd.DataFrame:
    """As `happened`: shipped for the first 20 worlds, computed for others.

    Parameters
    ----------
    seed : int
    couplings : Couplings, optional
        Other assumptions than the defaults; the world is then computed.
    """
    if couplings is not None or not 0 <= seed < WORLDS:
        return happened(seed, couplings)
    table = _shipped("watching.csv")
    theirs = (table["world"] == seed) & table["happening"].isin(HAPPENINGS)
    return table[theirs].drop(columns="world").reset_index(drop=True)


def rung_in(seed: int, each: int, level: float = 0.01, corrected: bool = False) -> float:
    """Alarms in a quiet week: shipped for the first 20 worlds, computed for others.

    Parameters
    ----------
    seed : int
    each : int
        One of ``ROWS``.
    level : float, default 0.01
        One of ``LEVELS``.
    corrected : bool, default False
        Whether the level is shared out over the inputs.
    """
    if not 0 <= seed < WORLDS:
        share = len(WATCHED) if corrected else 1
        return alarms_a_week(quiet_chances(seed, each, QUIET_WEEK), level / share)
    table = _shipped("rings.csv")
    asked = (table["each"] == each) & (table["level"] == level) & (table["corrected"] == corrected)
    return float(table["alarms"][asked & (table["world"] == seed)].item())


def alarms_a_week(p_values: NDArray[np.float64], level: float) -> float:
    """How often a test at ``level`` rings in a week, given p-values of shape (days, inputs)."""
    return 7 * float((p_values < level).sum()) / len(p_values)
