"""Which models keep the relations, and what they bring: measured in any town."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from launchlab.market import Couplings, make_logs
from launchlab.memo import memo
from launchlab.software.columns import with_column
from launchlab.software.judged import orders
from launchlab.software.learning import chances
from launchlab.software.monotone import BLEND, Blend, fitted
from launchlab.software.offers import offers_logged
from launchlab.software.relations import LEAST, RELATIONS, changes
from launchlab.software.town import N_LOGGED, Town, make_town
from launchlab.zoo.launch import paired_change

PAIRS = 7_500
"""Offers that are made better: those of the first 250 sessions served."""

MUCH = 0.05
"""A chance that falls by more than this share of itself has fallen by much."""

NUDGES = ("cheaper", "sooner", "nearer", "stars")
"""Relations that move one number."""

USUAL = Couplings().price_quality
"""The correlation of price and hidden quality in the usual town."""


@dataclass(frozen=True, eq=False)
class Tried:
    """One model in one town.

    Attributes
    ----------
    orders : ndarray of float32, shape (2,000,)
        Expected orders of each session served.
    violated, much : dict
        Relation to the share of pairs that violate it, at all and by more than 5 %.
    """

    orders: NDArray[np.float32]
    violated: dict[str, float]
    much: dict[str, float]


def town_of(seed: int, price_quality: float = USUAL) -> Town:
    """A town under a correlation of price and quality."""
    return make_town(seed, Couplings(price_quality=price_quality))


def _blind(rows: NDArray[np.float32], without: str) -> NDArray[np.float32]:
    return with_column(rows, without, 0) if without else rows


@lru_cache(maxsize=8)
def _learnt(seed: int, model: str, price_quality: float, slates: int, without: str) -> Any:
    """A fitted model; kept, because the blend asks for what was just fitted alone."""
    if model == "blend":
        return Blend(
            tuple(_learnt(seed, member, price_quality, slates, without) for member in BLEND)
        )
    # A longer log goes on where the shorter one ends.
    logs = make_logs(town_of(seed, price_quality).world, slates)
    return fitted(model, _blind(offers_logged(logs).rows, without), logs.ordered)


@memo
def tried(
    seed: int,
    model: str,
    price_quality: float = USUAL,
    slates: int = N_LOGGED,
    without: str = "",
) -> Tried:
    """Fit a model in a town, test its relations, and serve with it.

    Parameters
    ----------
    seed : int
    model : str
        "blend", or what `launchlab.software.monotone.fitted` takes.
    price_quality : float, default 0.35
        Correlation of (log) price with hidden quality.
    slates : int, default 10,000
        Logged slates to learn from.
    without : str, default ""
        A feature that the model does not see: it is 0 in every row.
    """
    town = town_of(seed, price_quality)
    found = _learnt(seed, model, price_quality, slates, without)
    rows = _blind(town.served.rows, without)
    pairs = rows[:PAIRS]
    moved = {}
    for name, relation in RELATIONS.items():
        if not without or name == "nearer":
            moved[name] = changes(found, pairs, relation)
    return Tried(
        orders=orders(town.sessions, chances(found, rows, town.served.shape)).astype(np.float32),
        violated={name: float((moved[name] < -LEAST).mean()) for name in moved},
        much={name: float((moved[name] < -MUCH).mean()) for name in moved},
    )


@lru_cache(maxsize=8)
def nudged(seed: int, model: str) -> dict[str, NDArray[np.float64]]:
    """By what share a model's chances change in a town, for each of `NUDGES`.

    Parameters
    ----------
    seed : int
    model : str
        As in `tried`.

    Returns
    -------
    dict
        Relation to what `launchlab.software.relations.changes` returns.
    """
    found = _learnt(seed, model, USUAL, N_LOGGED, "")
    pairs = town_of(seed).served.rows[:PAIRS]
    return {name: changes(found, pairs, RELATIONS[name]) for name in NUDGES}


def change(seed: int, new: Tried, base: Tried) -> tuple[float, float]:
    """Orders of one model against another's in a town, percent, and the standard error."""
    sessions = town_of(seed).sessions
    return paired_change(
        base.orders.astype(np.float64), new.orders.astype(np.float64), sessions.customer
    )
