"""Retrain, and keep the slates from changing more than they have to: three cures for churn.

Last month's model is the *old* one, and the *new* one has learnt from other slates. A cure lets the
old one have a say: in every score, or as a teacher. A share of the town may have changed between
the two logs; the old one then knows a town that is no more.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from launchlab.market import Sessions, draw_sessions
from launchlab.market.drift import drifted_world
from launchlab.market.rankers import make_estimator
from launchlab.memo import memo
from launchlab.software.changes import (
    OTHER_LOG,
    Moved,
    Run,
    compared,
    fitted,
    log_of,
    usual_run,
)
from launchlab.software.learning import chances
from launchlab.software.offers import offers_now
from launchlab.software.town import N_LOGGED, N_SERVED, make_town

CURES = {
    "mean": "the mean of both scores",
    "taught": "the new one taught by the old",
}
"""Cures with a weight: how much the old one has to say."""

BAG = 5
_DRAWN = 12  # random stream: which slates a member of a bag learns from

Scores = NDArray[np.float32]


@lru_cache(maxsize=2)
def _later(seed: int, changed: float) -> tuple[Sessions, Run]:
    """Sessions to serve after a share of the town has changed, and what the new model is given."""
    world = drifted_world(make_town(seed).world, changed)
    sessions = draw_sessions(world, N_SERVED, seed=1)
    rows, ordered = log_of(world, N_LOGGED, OTHER_LOG)
    return sessions, Run(rows, ordered, offers_now(sessions).rows)


@lru_cache(maxsize=4)
@memo
def old_and_new(
    seed: int, changed: float = 0.0, model: str = "hgb50"
) -> tuple[Scores, Scores, NDArray[np.float32]]:
    """What the old and the new model make of the sessions, and the old one of the new log.

    Parameters
    ----------
    seed : int
        The world's seed.
    changed : float, default 0
        Share of restaurants and customers that have changed between the two logs.
    model : str, default "hgb50"
        What both are.

    Returns
    -------
    old, new : ndarray of float32, shape (2,000, 30)
    told : ndarray of float32, shape (80,000,)
        The old one's chances for the rows from which the new one learns.
    """
    sessions, run = _later(seed, changed)
    old = fitted(model, usual_run(make_town(seed)))
    new = fitted(model, run)
    return (
        chances(old, run.served, sessions.shape),
        chances(new, run.served, sessions.shape),
        chances(old, run.rows),
    )


@memo
def taught(seed: int, weight: float, changed: float = 0.0) -> Scores:
    """Boosted trees that learn the new log's labels, mixed with what the old ones expected.

    Parameters
    ----------
    seed, changed
        As for `old_and_new`.
    weight : float
        How much the old ones count: 0 is plain training, at 1 the labels are left out.
    """
    sessions, run = _later(seed, changed)
    told = old_and_new(seed, changed)[2]
    wanted = (1 - weight) * run.ordered + weight * told
    # Classifiers take no chances as labels: each row stands there twice, as ordered and as not,
    # weighted by how likely each is.
    twice = np.concatenate([run.rows, run.rows])
    label = np.repeat(np.array([1, 0], dtype=np.int8), len(run.rows))
    student = make_estimator("hgb50", 0)
    student.fit(twice, label, sample_weight=np.concatenate([wanted, 1 - wanted]))
    return chances(student, run.served, sessions.shape)


def cured(
    seed: int, cure: str, weight: float = 0.5, changed: float = 0.0, model: str = "hgb50"
) -> Scores:
    """Scores of the release that a cure makes.

    Parameters
    ----------
    seed, changed, model
        As for `old_and_new`; only boosted trees are taught.
    cure : {"mean", "taught"}
    weight : float, default 0.5
        How much the old model has to say, 0 to 1.

    Raises
    ------
    ValueError
        For an unknown cure, or a weight outside its range.
    """
    if cure not in CURES:
        raise ValueError(f"cure={cure!r}, expected one of {tuple(CURES)}")
    if not 0 <= weight <= 1:
        raise ValueError(f"weight={weight!r}, expected a number from 0 to 1")
    old, new, _ = old_and_new(seed, changed, model)
    if cure == "taught":
        return taught(seed, weight, changed) if weight else new
    mean: Scores = ((1 - weight) * new + weight * old).astype(np.float32)
    return mean


@memo
def _bags(seed: int) -> tuple[Scores, Scores]:
    """Scores of an old and a new bag: five models each, on slates drawn with replacement."""
    town = make_town(seed)
    sessions, later = _later(seed, 0.0)
    k = town.shown.shape[1]

    def bag(run: Run, stream: int) -> Scores:
        rng = np.random.default_rng([seed, _DRAWN, stream])
        total = np.zeros(sessions.shape)
        for member in range(BAG):
            drawn = rng.integers(0, N_LOGGED, N_LOGGED)
            at = (drawn[:, None] * k + np.arange(k)).ravel()
            one = fitted("hgb50", Run(run.rows[at], run.ordered[at], run.served, member))
            total += chances(one, run.served, sessions.shape)
        return (total / BAG).astype(np.float32)

    return bag(usual_run(town), 0), bag(later, 1)


def churn(
    seed: int, cure: str, weight: float = 0.5, changed: float = 0.0, model: str = "hgb50"
) -> tuple[Moved, Moved]:
    """What a cure's release changes against the old model, and against plain retraining.

    Parameters
    ----------
    seed, weight, changed, model
        As for `cured`.
    cure : str
        One of `CURES`, or "bag": each release is a bag, and the old one was a bag too.

    Returns
    -------
    from_old, from_new : Moved
    """
    sessions = _later(seed, changed)[0]
    old, new, _ = old_and_new(seed, changed, model)
    if cure == "bag":
        old, released = _bags(seed)
    else:
        released = cured(seed, cure, weight, changed, model)
    return compared(sessions, old, released), compared(sessions, new, released)
