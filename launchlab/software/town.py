"""One town as a release meets it: the log it learns from, a later log, and sessions to serve."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from launchlab.market import Couplings, Logs, Sessions, World, draw_sessions, make_logs, make_world
from launchlab.software.offers import Offers, offers_logged, offers_now

N_LOGGED = 10_000
N_HELD_OUT = 6_000
N_SERVED = 2_000
"""Logged sessions that a model learns from, logged sessions that it is scored on, and sessions that
it serves."""


@dataclass(frozen=True, eq=False)
class Town:
    """One world, with what a release is trained on, scored on and serves.

    Attributes
    ----------
    world : World
    logs, held : Logs
        What the model learns from, and what its offline score is computed on.
    sessions : Sessions
        Fresh sessions, judged by the simulator's truth.
    shown, scored, served : Offers
        The offers of ``logs``, ``held`` and ``sessions``.
    """

    world: World
    logs: Logs
    held: Logs
    sessions: Sessions
    shown: Offers
    scored: Offers
    served: Offers

    @property
    def ordered(self) -> NDArray[np.bool_]:
        """Which of the rows learnt from were ordered, shape (80,000,)."""
        return self.logs.ordered.ravel()

    @property
    def ordered_later(self) -> NDArray[np.bool_]:
        """Which of the rows scored on were ordered, shape (48,000,)."""
        return self.held.ordered.ravel()


@lru_cache(maxsize=2)
def make_town(seed: int, couplings: Couplings | None = None) -> Town:
    """Draw a town; the same seed and couplings give the same one.

    Parameters
    ----------
    seed : int
        The world's seed.
    couplings : Couplings, optional
        Assumptions of the world; the defaults if not given.

    Returns
    -------
    Town
    """
    world = make_world(seed, couplings or Couplings())
    logs, held = make_logs(world, N_LOGGED), make_logs(world, N_HELD_OUT, seed=1)
    sessions = draw_sessions(world, N_SERVED, seed=1)
    return Town(
        world=world,
        logs=logs,
        held=held,
        sessions=sessions,
        shown=offers_logged(logs),
        scored=offers_logged(held),
        served=offers_now(sessions),
    )
