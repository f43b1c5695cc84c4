"""A leak: a feature that knows, for some rows, what is to be predicted.

The feature counts what a customer ordered at a restaurant in the last weeks. Its window should end
before the customer looks. When the table is built a day late, it holds the very order that the row
is about, and for the rows of a service that ranks before anybody orders it never can.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

from launchlab.market import (
    Couplings,
    Outcomes,
    Scores,
    expected_outcomes,
    organic_slates,
    popularity_score,
    relative_change,
    true_scores,
)
from launchlab.memo import memo
from launchlab.software.learning import chances
from launchlab.software.offers import Offers
from launchlab.software.released import Market, Release, market_under, train
from launchlab.software.served import MEASURES
from launchlab.software.town import Town, make_town

LEAKS = (0.0, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1.0)
"""Shares of orders that a window holds before they are made; those of the shipped table."""

_LATE = 82  # random stream: which orders a window holds too early


def pairs(offers: Offers) -> NDArray[np.int64]:
    """A number for each offer that two offers share if customer and restaurant are the same."""
    return offers.customer * len(offers.world.price) + offers.restaurant


def orders_here(past: Offers, ordered: NDArray[np.bool_], now: Offers) -> NDArray[np.float32]:
    """What each customer ordered at each restaurant in a log.

    Parameters
    ----------
    past : Offers
        Of the log.
    ordered : ndarray of bool, shape (len(past),)
    now : Offers
        Whose rows get the count.

    Returns
    -------
    ndarray of float32, shape (len(now),)
    """
    kinds = len(past.world.near) * len(past.world.price)
    counted = np.bincount(pairs(past)[ordered], minlength=kinds)
    return counted[pairs(now)].astype(np.float32)


def too_early(ordered: NDArray[np.bool_], share: float, seed: int) -> NDArray[np.bool_]:
    """Which rows count their own order already: a share of those that were ordered.

    Rows that leak at one share leak at every larger one.

    Parameters
    ----------
    ordered : ndarray of bool, shape (m,)
    share : float
        0: the window ends in time. 1: it holds every order.
    seed : int

    Raises
    ------
    ValueError
        If the share is not between 0 and 1.
    """
    if not 0 <= share <= 1:
        raise ValueError(f"share={share!r}, expected a number from 0 to 1")
    draws = np.random.default_rng([seed, _LATE, len(ordered)]).random(len(ordered))
    return np.asarray(ordered & (draws < share))


def with_orders_here(
    rows: NDArray[np.float32], counted: NDArray[np.floating[Any]]
) -> NDArray[np.float32]:
    """Rows with one more feature, the count."""
    return np.column_stack([rows, counted]).astype(np.float32)


def learnt_rows(town: Town, share: float) -> NDArray[np.float32]:
    """What a model learns from: the log's rows with the count, whose window leaks."""
    before = orders_here(town.shown, town.ordered, town.shown) - town.ordered
    early = too_early(town.ordered, share, town.world.seed)
    return with_orders_here(town.shown.rows, before + early)


def tested_rows(town: Town, share: float) -> NDArray[np.float32]:
    """What it is scored on: a later log, made by the same leaking code."""
    before = orders_here(town.shown, town.ordered, town.scored)
    early = too_early(town.ordered_later, share, town.world.seed)
    return with_orders_here(town.scored.rows, before + early)


def served_rows(town: Town) -> NDArray[np.float32]:
    """What it is fed: nobody has ordered yet."""
    before = orders_here(town.shown, town.ordered, town.served)
    return with_orders_here(town.served.rows, before)


@lru_cache(maxsize=2)
def leaking(seed: int, model: str, share: float, couplings: Couplings) -> Release:
    """A release that learnt from a leaking window."""
    town = make_town(seed, couplings)
    return train(town, model, learnt_rows(town, share))


@memo
def _measured(
    seed: int, model: str, share: float, couplings: Couplings
) -> tuple[float, float, Scores]:
    """AUC of the training path, AUC on served features, and scores of the sessions."""
    town, release = make_town(seed, couplings), leaking(seed, model, share, couplings)
    offline, logged = (
        float(roc_auc_score(town.ordered_later, chances(release.order, tested_rows(town, one))))
        for one in (share, 0.0)
    )
    return offline, logged, release.scores(served_rows(town), town.served.shape)


def auc_of(
    seed: int, model: str, share: float, couplings: Couplings | None = None
) -> tuple[float, float]:
    """AUC of a leaking release on its own path, and on features as they are served."""
    return _measured(seed, model, share, couplings or Couplings())[:2]


def auc_of_truth(seed: int, couplings: Couplings | None = None) -> float:
    """AUC of somebody who knows the true probability of every order: what no honest model beats."""
    town = make_town(seed, couplings or Couplings())
    truth = expected_outcomes(town.held.sessions, organic_slates(town.held.candidate)).order
    return float(roc_auc_score(town.ordered_later, truth.ravel()))


def brought(
    seed: int, model: str, share: float, couplings: Couplings | None = None
) -> tuple[Outcomes, Outcomes, Outcomes]:
    """Outcomes of a release without a leak, of the leaking one, and of popularity.

    Popularity ranks as before there was a model; the clean release still prices its ads. All three
    meet the bids of the clean release.
    """
    assumed = couplings or Couplings()
    clean, leaky = (_measured(seed, model, one, assumed)[2] for one in (0.0, share))
    sessions = make_town(seed, assumed).sessions
    market: Market = market_under(sessions, clean)
    popular = Scores(clean.order, clean.click, popularity_score(sessions))
    return market.outcomes(clean), market.outcomes(leaky), market.outcomes(popular)


def leak_change(
    seed: int,
    model: str,
    share: float,
    measure: str = "orders",
    over: str = "clean",
    couplings: Couplings | None = None,
) -> tuple[float, float]:
    """Change of a measure that a leak brings and its standard error, both in percent.

    Parameters
    ----------
    seed : int
        The world's seed.
    model : str
        "logistic" or "hgb50".
    share : float
        Share of orders that the window holds too early.
    measure : str, default "orders"
        One of ``MEASURES``.
    over : {"clean", "popularity"}
        What it is compared with.
    couplings : Couplings, optional
    """
    clean, leaky, popular = brought(seed, model, share, couplings)
    base = {"clean": clean, "popularity": popular}[over]
    customer = make_town(seed, couplings or Couplings()).sessions.customer
    return relative_change(base, leaky, measure, clusters=customer)


@memo
def leak_rows(
    seed: int, model: str, shares: tuple[float, ...] = LEAKS, couplings: Couplings | None = None
) -> pd.DataFrame:
    """What a leak does to a model in a world, and two that have none to compare it with.

    Parameters
    ----------
    seed : int
        The world's seed.
    model : str
        "logistic" or "hgb50".
    shares : tuple of float
    couplings : Couplings, optional

    Returns
    -------
    DataFrame
        ``world``, ``model``; ``who``: "leak", "popularity" or "truth"; ``share`` (of orders, 0 for
        the last two); ``offline`` and ``logged``: AUC of the training path and on served features;
        changes of ``orders``, ``margin``, ``ad_revenue`` against the release without a leak, in
        percent.
    """
    assumed = couplings or Couplings()
    town = make_town(seed, assumed)
    clean, _, popular = brought(seed, model, 0.0, assumed)
    market = market_under(town.sessions, _measured(seed, model, 0.0, assumed)[2])
    truth, known = true_scores(town.sessions), auc_of_truth(seed, assumed)
    liked = np.take_along_axis(town.held.score, town.held.candidate, axis=1)
    plain = float(roc_auc_score(town.ordered_later, liked.ravel()))
    found = []
    for share in shares:
        leaky = brought(seed, model, share, assumed)[1]
        found.append(("leak", share, *auc_of(seed, model, share, assumed), leaky))
    found.append(("popularity", 0.0, plain, plain, popular))
    found.append(("truth", 0.0, known, known, market.outcomes(truth)))
    rows = []
    for who, share, offline, logged, new in found:
        row = {"world": seed, "model": model, "who": who, "share": share}
        row |= {"offline": offline, "logged": logged}
        for measure in MEASURES:
            row[measure] = relative_change(clean, new, measure)[0]
        rows.append(row)
    return pd.DataFrame(rows)
