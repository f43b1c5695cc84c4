"""When to retrain: by the calendar, or when an alarm says that the model has aged.

Worlds say how fast a model loses orders, and AUC, with the share of the town that has changed. The
policies then run for years on these two slopes.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np
import pandas as pd
from sklearn.metrics import roc_auc_score

from launchlab import shipped
from launchlab.market import Couplings, draw_sessions, make_features, make_logs
from launchlab.market.drift import drifted_world
from launchlab.software.judged import orders
from launchlab.software.learning import chances, order_model
from launchlab.software.offers import offers_logged
from launchlab.software.town import make_town

CHANGED = 0.3
"""Share of the town that has changed when the old model is compared with a fresh one."""

STEADY, JUMP, EVERY = 0.02, 0.26, 13
"""Share that changes in a week; or at once, in one week of so many. A year brings as much."""

AUC_ERROR = 0.0022
"""Standard error of a week's AUC, assumed."""

YEARS, RUNS = 4, 400
_WEEKS = 52 * YEARS
_ROUNDING = 1e-9
_SERVED, _LOG, _HELD = 2_000, 301, 302  # sessions; seeds of two logs of the changed town


@dataclass(frozen=True)
class Aging:
    """What a model loses when all of its town has changed, by the slope up to `CHANGED`.

    Attributes
    ----------
    orders : float
        Percent, below 0.
    auc : float
        Of 1, below 0.
    """

    orders: float
    auc: float


@lru_cache(maxsize=4)
def aging(seed: int, couplings: Couplings | None = None) -> Aging:
    """Serve a changed town with the old model and with one that learnt there."""
    town = make_town(seed, couplings, n_held_out=1)
    changed = drifted_world(town.world, CHANGED)
    logs = make_logs(changed, len(town.logs), seed=_LOG)
    held = make_logs(changed, 4_000, seed=_HELD)
    sessions = draw_sessions(changed, _SERVED, seed=1)
    rows, tested = make_features(sessions), offers_logged(held).rows
    brought, auc = [], []
    for learnt, happened in (
        (town.shown.rows, town.ordered),
        (offers_logged(logs).rows, logs.ordered),
    ):
        model = order_model("hgb50", learnt, happened)
        brought.append(orders(sessions, chances(model, rows, sessions.shape)).mean())
        auc.append(roc_auc_score(held.ordered.ravel(), chances(model, tested)))
    return Aging(
        orders=100 * float(brought[0] / brought[1] - 1) / CHANGED,
        auc=float(auc[0] - auc[1]) / CHANGED,
    )


@cache
def _shipped() -> pd.DataFrame:
    return shipped.read_table(__package__, "aging.csv", comment="#").set_index("world")


def aging_in(seed: int, couplings: Couplings | None = None) -> Aging:
    """As `aging`: shipped for the first 20 worlds, computed for others."""
    if couplings is not None or seed not in _shipped().index:
        return aging(seed, couplings)
    return Aging(**_shipped().loc[seed].astype(float).to_dict())


def typical() -> Aging:
    """The mean over the 20 worlds of the shipped table."""
    mean = _shipped().mean()
    return Aging(orders=float(mean["orders"]), auc=float(mean["auc"]))


@dataclass(frozen=True)
class Kept:
    """What a policy did over the years.

    Attributes
    ----------
    trainings : float
        A year.
    orders : float
        Percent, against a model that is always fresh.
    """

    trainings: float
    orders: float


def kept(
    aged: Aging, seed: int, jumps: bool, weeks: float | None = None, error: float = AUC_ERROR
) -> Kept:
    """Run a policy.

    Parameters
    ----------
    aged : Aging
    seed : int
        Of the luck.
    jumps : bool
        Whether the town changes in rare jumps instead of a little each week.
    weeks : float, optional
        Retrain every so many weeks, on average; by default when the AUC has fallen by two standard
        errors of a difference below what it was at the launch.
    error : float, optional
        Standard error of a week's AUC.
    """
    rng = np.random.default_rng([seed, 4])
    changed = np.zeros(RUNS)
    launched = rng.normal(0, error, RUNS)
    lost, trained = 0.0, 0
    for week in range(1, _WEEKS + 1):
        step = JUMP * (rng.random(RUNS) < 1 / EVERY) if jumps else STEADY
        changed = 1 - (1 - changed) * (1 - step)
        lost += float((aged.orders * changed).mean())
        now = rng.normal(aged.auc * changed, error)
        if weeks is None:
            rings = now < launched - 2 * np.sqrt(2) * error
        else:
            due, was_due = (math.floor(one / weeks + _ROUNDING) for one in (week, week - 1))
            rings = np.full(RUNS, due > was_due)
        trained += int(rings.sum())
        changed = np.where(rings, 0.0, changed)
        launched = np.where(rings, rng.normal(0, error, RUNS), launched)
    return Kept(52 * trained / RUNS / _WEEKS, lost / _WEEKS)


def alarm_and_calendar(aged: Aging, seed: int, jumps: bool) -> tuple[Kept, Kept]:
    """The alarm, and a calendar that trains as often."""
    alarm = kept(aged, seed, jumps)
    times = max(1, round(YEARS * alarm.trainings))
    return alarm, kept(aged, seed, jumps, weeks=_WEEKS / times)
