"""One town as a release meets it: the log it learns from, a later log, and sessions to serve."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from launchlab.market import Couplings, Logs, Sessions, World, draw_sessions, make_logs, make_world
from launchlab.market.logs import TEMPERATURE
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
        """Which of the rows learnt from were ordered, shape (m,)."""
        return self.logs.ordered.ravel()

    @property
    def ordered_later(self) -> NDArray[np.bool_]:
        """Which of the rows scored on were ordered, shape (m,)."""
        return self.held.ordered.ravel()


@lru_cache(maxsize=2)
def make_town(
    seed: int,
    couplings: Couplings | None = None,
    *,
    n_logged: int = N_LOGGED,
    n_held_out: int = N_HELD_OUT,
    n_served: int = N_SERVED,
    temperature: float = TEMPERATURE,
) -> Town:
    """Draw a town; the same arguments give the same one.

    Parameters
    ----------
    seed : int
        The world's seed.
    couplings : Couplings, optional
        Assumptions of the world; the defaults if not given.
    n_logged, n_held_out, n_served : int, optional
        Sessions of the two logs and of what is served; fewer are drawn faster.
    temperature : float, default 0.7
        How much the past policy explored, as in `launchlab.market.make_logs`.

    Returns
    -------
    Town
    """
    world = make_world(seed, couplings or Couplings())
    logs = make_logs(world, n_logged, temperature=temperature)
    held = make_logs(world, n_held_out, seed=1, temperature=temperature)
    sessions = draw_sessions(world, n_served, seed=1)
    return Town(
        world=world,
        logs=logs,
        held=held,
        sessions=sessions,
        shown=offers_logged(logs),
        scored=offers_logged(held),
        served=offers_now(sessions),
    )
