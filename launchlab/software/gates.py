"""Gates: each measures one number of a release. Where the alarm lies is decided later.

A gate compares the release with what runs today, `Running`. None of them knows the truth, except
the canary, which serves real customers.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm
from sklearn.metrics import roc_auc_score

from launchlab.market import FEATURES, Couplings, draw_sessions, make_logs
from launchlab.software.columns import COLUMN, with_column
from launchlab.software.judged import orders_by_session, places_changed
from launchlab.software.learning import chances
from launchlab.software.offers import Offers, offers_logged, offers_now
from launchlab.software.release import Release, clean, of_first, with_rows
from launchlab.software.town import N_LOGGED, N_SERVED, Town, make_town

RUNNING_LOG, LAST_WEEK = 100, 50  # seeds: what today's release learnt from, last week's sessions
ALLOWED = {
    "distance": (0, 50),
    "eta": (5, 180),
    "price": (3, 200),
    "rating": (1, 5),
    "log_n_ratings": (0, 12),
    "cuisine_share": (0, 1),
    "hour": (0, 23),
    "rain": (0, 1),
    "chain": (0, 1),
    "badge": (-6, 6),
    "ordered_before": (0, 1),
    "sponsored": (0, 1),
    "spend": (3, 200),
    "log_position": (0, 2.1),
}
"""The schema: the least and the most that a feature may be."""

_ON_A_SLATE = 8
_EVERY = 8  # one row in so many is compared
_FLOOR = 1e-4  # a share of 0 would make PSI infinite
_CLOSE = 1e-6
_TOO_OFTEN = 1.645  # one-sided test at 5 %


@dataclass(frozen=True, eq=False)
class Running:
    """What runs today in a town, and what it left for comparison.

    Attributes
    ----------
    town : Town
        The week in which the new release is made.
    release : Release
        Trained on a former log, without a fault.
    last_week : Offers
        What was served last week.
    slate : ndarray of int, shape (n, 8)
        What it would show in ``town.sessions``.
    """

    town: Town
    release: Release
    last_week: Offers
    slate: NDArray[np.intp]


@lru_cache(maxsize=2)
def running_in(seed: int, couplings: Couplings | None = None) -> Running:
    """Today's release in a town; the same seed and couplings give the same one."""
    town = make_town(seed, couplings)
    logs = make_logs(town.world, N_LOGGED, seed=RUNNING_LOG)
    release = clean(offers_logged(logs), logs, town.scored, town.held)
    last_week = offers_now(draw_sessions(town.world, N_SERVED, seed=LAST_WEEK))
    return Running(town, release, last_week, release.shown(town.served))


def unit(running: Running, new: Release) -> float:
    """100 if the fault lies in code of the team's own, which has a unit test; 0 otherwise.

    That the test stands where the fault is, is assumed.
    """
    return 100.0 * new.own_code


def schema(running: Running, new: Release) -> float:
    """Largest share of rows, in percent, that break one rule of the schema.

    Rules: the range of each feature, in training and as served; no row twice; one order a session;
    as many rows as last week.
    """
    served = new.live(running.town.served)
    wrong = [
        _outside(rows[:, COLUMN[name]], *ALLOWED[name])
        for rows in (new.rows, served)
        for name in FEATURES
    ]
    _, first = np.unique(new.origin, return_index=True)
    wrong.append(1 - len(first) / len(new.origin))
    ordered = np.bincount(new.origin[first] // _ON_A_SLATE, new.happened[first])
    wrong.append(float((ordered > 1).mean()))
    wrong.append(abs(len(new.rows) / len(running.release.rows) - 1) - SIZE_MAY_CHANGE)
    return 100 * float(max(wrong))


SIZE_MAY_CHANGE = 0.2
"""Share by which the number of rows may change from week to week."""


def _outside(values: NDArray[np.floating[Any]], low: float, high: float) -> float:
    return float((~((values >= low) & (values <= high))).mean())


def psi(
    before: NDArray[np.floating[Any]], now: NDArray[np.floating[Any]], floor: float = _FLOOR
) -> float:
    """Population stability index of one column: how far its distribution has moved.

    Parameters
    ----------
    before, now : ndarray of float, shape (m,) and (n,)
    floor : float, default 1e-4
        What a smaller share of a bin counts as. Large values owe their size to it.

    Returns
    -------
    float
        Sum over bins of (p - q) log(p / q), where p and q are the two shares of a bin. Bins are
        the tenths of ``before``, or its values if it has at most ten.
    """
    values = np.unique(before)
    cuts = np.unique(np.quantile(before, np.linspace(0, 1, 11)))[1:-1]
    if len(values) <= 10:
        cuts = (values[1:] + values[:-1]) / 2
    edges = np.r_[-np.inf, cuts, np.inf]
    p, q = (np.maximum(np.histogram(x, edges)[0] / len(x), floor) for x in (before, now))
    return float(((p - q) * np.log(p / q)).sum())


def _moved(before: NDArray[np.float32], now: NDArray[np.float32], columns: int) -> float:
    before, now = before[::_EVERY], now[::_EVERY]
    return max(psi(before[:, column], now[:, column]) for column in range(columns))


def drift(running: Running, new: Release) -> float:
    """The largest PSI of a feature, or the relative change of the order rate if that is larger.

    Training rows are compared with the running release's training rows, and what is served with
    what was served last week.
    """
    p = len(FEATURES)
    former = running.release
    rate = abs(float(new.happened.mean() / former.happened.mean()) - 1)
    return max(
        _moved(former.rows, new.rows, p),
        _moved(running.last_week.rows, new.live(running.town.served), p),
        rate,
    )


def drift_naive(running: Running, new: Release) -> float:
    """The largest PSI between what is served and what was learnt from: the usual mistake.

    Position is left out, which every release is served without.
    """
    return _moved(new.rows, new.live(running.town.served), len(FEATURES) - 1)


def offline(running: Running, new: Release) -> float:
    """The release's own offline score: AUC, in points of 100."""
    rows, happened = new.tested
    return 100 * float(roc_auc_score(happened, chances(new.model, rows)))


NUDGES: dict[str, tuple[str, Callable[[NDArray[Any]], NDArray[Any]], int]] = {
    "15 minutes later": ("eta", lambda v: v + 15, -1),
    "a star more": ("rating", lambda v: np.minimum(v + 1, 5), 1),
    "more to the customer's taste": ("cuisine_share", lambda v: np.minimum(v + 0.3, 1), 1),
    "30 % dearer": ("price", lambda v: 1.3 * v, -1),
}
"""What a test does to a feature, and which way the scores ought to move."""

LATE = 22
_ASKED, _REPLAYED = 200, 500  # sessions


@lru_cache(maxsize=2)
def responses(running: Running, new: Release) -> dict[str, float]:
    """By how many percent the mean score moves the right way, for each nudge to the offers."""
    offers = of_first(running.town.served, _ASKED)

    def mean(rows: NDArray[np.float32]) -> float:
        return float(new.scores(with_rows(offers, rows)).mean())

    plain, rows = mean(offers.rows), offers.rows
    found = {
        name: 100
        * sign
        * (mean(with_column(rows, column, change(rows[:, COLUMN[column]]))) / plain - 1)
        for name, (column, change, sign) in NUDGES.items()
    }
    late = with_column(rows, "hour", LATE)
    for name, start, column in (("known", rows, "ordered_before"), ("late chain", late, "chain")):
        off, on = (mean(with_column(start, column, value)) for value in (0, 1))
        found[name] = 100 * (on / off - 1)
    return found


def behaviour(running: Running, new: Release) -> float:
    """The weakest right response, in percent, to five nudges: all but the price."""
    return min(v for name, v in responses(running, new).items() if name != "30 % dearer")


def price_response(running: Running, new: Release) -> float:
    """The response to a price 30 % higher: by how many percent the mean score falls."""
    return responses(running, new)["30 % dearer"]


def shadow(running: Running, new: Release) -> float:
    """Share of offers, in percent, whose score differs between the live path and the batch one."""
    offers = of_first(running.town.served, _REPLAYED)
    apart = np.abs(new.scores(offers).ravel() - chances(new.model, new.batch(offers)))
    return 100 * float((apart > _CLOSE).mean())


@lru_cache(maxsize=2)
def _slates(running: Running, new: Release) -> NDArray[np.intp]:
    # Asked for by a gate and by the truth, and dear.
    return new.shown(running.town.served)


def former(running: Running, new: Release) -> float:
    """How many of the 8 restaurants on the running release's slates are shown again, mean."""
    changed = places_changed(running.slate, _slates(running, new))
    return _ON_A_SLATE - float(changed.mean())


def orders_now(running: Running, new: Release) -> NDArray[np.float64]:
    """Expected orders of each session under the new release, by the simulator's truth."""
    if new is running.release:
        return orders_by_session(running.town.sessions, running.slate)
    return orders_by_session(running.town.sessions, _slates(running, new))


def canary_power(
    before: float | NDArray[Any], now: float | NDArray[Any], sessions: int, control: int
) -> NDArray[np.float64]:
    """How likely a canary is to stop a release, by a one-sided test at 5 %.

    Parameters
    ----------
    before, now : float or ndarray
        Orders per session of the running release and of the new one, by truth.
    sessions, control : int
        Sessions that the new release serves in the canary, and the running one beside it.

    Returns
    -------
    ndarray of float
        Chances, 0 to 1; 0.05 where the two are equal.
    """
    before, now = np.asarray(before, dtype=float), np.asarray(now, dtype=float)
    error = np.sqrt(before * (1 - before) / control + now * (1 - now) / sessions)
    return np.asarray(norm.cdf((before - now) / error - _TOO_OFTEN))


GATES: dict[str, Callable[[Running, Release], float]] = {
    "unit": unit,
    "schema": schema,
    "drift": drift,
    "drift_naive": drift_naive,
    "offline": offline,
    "behaviour": behaviour,
    "price": price_response,
    "shadow": shadow,
    "former": former,
}
"""What is measured before the launch, by name of its column."""
