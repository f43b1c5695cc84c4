"""Trained rankers' scores in a world, computed once and shared by claims, stages and chapters.

Training the whole zoo takes half a minute of CPU a world. Where ``LAUNCHLAB_CACHE`` names a folder
(as ``make claims``, ``make test`` and the build do), scores are kept there; they are not committed.
"""

from __future__ import annotations

import hashlib
from functools import cache

from launchlab.lab import points

from .logs import N_LOGGED, make_logs
from .outcomes import true_scores
from .rankers import make_ranker
from .sessions import Sessions, draw_sessions
from .slates import Scores
from .world import Couplings, make_world

TRUTH = "truth"
"""Name of the ranker that knows the simulator's own probabilities."""


_MAKE_SCORES = (
    "_checks.py",
    "ads.py",
    "features.py",
    "logs.py",
    "outcomes.py",
    "rankers.py",
    "sessions.py",
    "slates.py",
    "world.py",
)


@cache
def sources() -> str:
    """Hash of what trained scores are made from: what is only done with them leaves them valid."""
    return points.package_hash(points.PACKAGE / "market", only=_MAKE_SCORES)


def trained_scores(
    seed: int,
    ranker: str,
    *,
    couplings: Couplings | None = None,
    n_sessions: int = 5_000,
    session_seed: int = 1,
    n_logged: int = N_LOGGED,
) -> tuple[Sessions, Scores]:
    """Train a ranker on a world's logs and score fresh sessions of that world.

    Parameters
    ----------
    seed : int
        The world's.
    ranker : str
        One of ``RANKERS``, or "truth".
    couplings : Couplings, optional
        Assumptions of the world; the defaults if not given.
    n_sessions, session_seed : int
        Sessions to score, and the seed they are drawn with.
    n_logged : int
        Logged sessions to train on.

    Returns
    -------
    sessions : Sessions
    scores : Scores
        Order and click probabilities, shape (n_sessions, 30).

    Raises
    ------
    ValueError
        For an unknown ranker.
    """
    couplings = couplings or Couplings()
    world = make_world(seed, couplings)
    sessions = draw_sessions(world, n_sessions, seed=session_seed)
    if ranker == TRUTH:
        return sessions, true_scores(sessions)
    what = repr((seed, ranker, couplings, n_sessions, session_seed, n_logged, points.versions()))
    key = f"scores-{hashlib.sha256(f'{sources()} {what}'.encode()).hexdigest()[:20]}"
    known = points.load(key)
    if known is None:
        scores = make_ranker(ranker).fit(make_logs(world, n_logged)).score(sessions)
        known = (scores.order, scores.click)
        points.store(key, known)
    return sessions, Scores(*known)
