"""What several findings measure in a world: its sessions, resampled, and what rankers bring."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from launchlab.market import MEASURES
from launchlab.serving.latency import latency_ms
from launchlab.zoo.held_out import HeldOut, held_out_log
from launchlab.zoo.launch import hurry, launched
from launchlab.zoo.rankers import ranker_scores, world_sessions

ELASTICITY = 0.005
"""Share of orders lost per 100 ms of latency."""

RESAMPLES = 60
"""Resamples of a world's customers."""


@dataclass(frozen=True, eq=False)
class MeasuredWorld:
    """What all claims need from a world: n sessions, and resamples of its customers.

    ``counts`` has shape (1 + RESAMPLES, n): how often each session counts. The first row is all
    ones.
    """

    held_out: HeldOut
    customer: NDArray[np.int32]
    hurry: NDArray[np.float64]
    counts: NDArray[np.float32]


@lru_cache(maxsize=1)
def measured_world(seed: int) -> MeasuredWorld:
    sessions = world_sessions(seed)
    _, customer = np.unique(sessions.customer, return_inverse=True)
    n = int(customer.max()) + 1
    drawn = np.random.default_rng(seed).multinomial(n, np.full(n, 1 / n), size=RESAMPLES)
    counts = np.vstack([np.ones(n), drawn])[:, customer].astype(np.float32)
    return MeasuredWorld(held_out_log(sessions), sessions.customer, hurry(sessions), counts)


@lru_cache(maxsize=64)
def totals(seed: int, ranker: str) -> NDArray[np.float64]:
    """Expected outcomes at 0 ms, (n, 6)."""
    return launched(world_sessions(seed), ranker_scores(seed, ranker)).totals


def values(
    seed: int, ranker: str, measure: str, multiplier: float, elasticity: float, calls: str
) -> NDArray[np.float64]:
    """A measure in each session at the ranker's latency, (n,); multiplier 0 means 0 ms.

    The overhead that all rankers share is left out.
    """
    own = 0.0
    if multiplier:
        own = latency_ms(ranker, multiplier=multiplier, ensemble=calls, overhead=0.0)
    stay = np.exp(np.log1p(-elasticity) * own / 100 * measured_world(seed).hurry)
    values: NDArray[np.float64] = totals(seed, ranker)[:, MEASURES.index(measure)] * stay
    return values
