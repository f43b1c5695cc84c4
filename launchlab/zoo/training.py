"""Trained rankers' scores in a world, computed once and shared by findings and chapters.

Training the whole zoo takes half a minute of CPU per world. If ``LAUNCHLAB_CACHE`` names a folder
(``make claims``, ``make test`` and the build set it), scores are kept there, but never committed.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from launchlab.market.logs import N_LOGGED, make_logs
from launchlab.market.outcomes import true_scores
from launchlab.market.rankers import make_ranker
from launchlab.market.sessions import Sessions, draw_sessions
from launchlab.market.slates import Scores
from launchlab.market.world import Couplings, make_world
from launchlab.memo import memo

TRUTH = "truth"
"""Name of the ranker that knows the simulator's own probabilities."""


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
        The world's seed.
    ranker : str
        One of ``RANKERS``, or "truth".
    couplings : Couplings, optional
        Assumptions of the world; the defaults if not given.
    n_sessions, session_seed : int
        Number of sessions to score, and the seed with which they are drawn.
    n_logged : int
        Number of logged sessions to train on.

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
    order, click = _trained(seed, ranker, couplings, n_sessions, session_seed, n_logged)
    return sessions, Scores(order, click)


@memo
def _trained(
    seed: int,
    ranker: str,
    couplings: Couplings,
    n_sessions: int,
    session_seed: int,
    n_logged: int,
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Order and click probabilities: see `trained_scores`."""
    world = make_world(seed, couplings)
    sessions = draw_sessions(world, n_sessions, seed=session_seed)
    scores = make_ranker(ranker).fit(make_logs(world, n_logged)).score(sessions)
    return scores.order, scores.click
