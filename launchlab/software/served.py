"""What a skew costs: a release trained on one path, tested there, and served on the other."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

from launchlab.market import Couplings, Outcomes, Scores, relative_change
from launchlab.memo import memo
from launchlab.software.faults import Fed
from launchlab.software.learning import chances
from launchlab.software.released import Market, Release, market_under, train
from launchlab.software.skew import AS_IS, SKEWS, Side, as_is, fed_by, skew_named
from launchlab.software.town import make_town

MODELS = ("logistic", "hgb50")
SHARES = (0.05, 0.25, 0.5, 1.0)
"""Shares of customers that the shipped table knows."""

MEASURES = ("orders", "margin", "ad_revenue")

_HIT = 81  # random stream: whom a skew hits first


@dataclass(frozen=True, eq=False)
class Served:
    """The same sessions before a release and with it.

    Attributes
    ----------
    market : Market
        The sessions, with the bids of the time before.
    before, after : Scores
        Of a release whose paths agree, and of the one whose paths differ.
    """

    market: Market
    before: Scores
    after: Scores


@lru_cache(maxsize=2)
def release_of(seed: int, model: str, couplings: Couplings, learnt: Side = AS_IS) -> Release:
    """A release trained on a path."""
    town = make_town(seed, couplings)
    return train(town, model, fed_by(learnt)(town.shown))


@memo
def _scores(seed: int, model: str, couplings: Couplings, learnt: Side, fed: Side) -> Scores:
    """Scores of the sessions by a release that learnt on one path and is fed by one."""
    town = make_town(seed, couplings)
    release = release_of(seed, model, couplings, learnt)
    return release.scores(fed_by(fed)(town.served), town.served.shape)


def _learnt(skew: str) -> Side:
    """The path that a model learns on: the usual one has one name, so that it is trained once."""
    return AS_IS if skew_named(skew).trained is as_is else (skew, "trained")


def serve(seed: int, model: str, skew: str, couplings: Couplings | None = None) -> Served:
    """Train a release on one path and serve it on the other.

    What it is compared with is a release whose paths agree. Where stars are missing, they are in
    that one, too; a release that learnt from last night's ETA is compared with one that learnt from
    the live ETA, which its service knows.

    Parameters
    ----------
    seed : int
        The world's seed.
    model : str
        One of ``MODELS``, or another that `launchlab.software.released.train` knows.
    skew : str
        One of ``SKEWS``.
    couplings : Couplings, optional
        Assumptions of the world; the defaults if not given.
    """
    assumed, learnt = couplings or Couplings(), _learnt(skew)
    clean = _scores(seed, model, assumed, AS_IS, AS_IS)
    served_as_is = skew_named(skew).served is as_is
    before = clean if served_as_is else _scores(seed, model, assumed, learnt, learnt)
    after = _scores(seed, model, assumed, learnt, (skew, "served"))
    return Served(market_under(make_town(seed, assumed).sessions, clean), before, after)


def serve_learnt(seed: int, model: str, learnt: Fed) -> Served:
    """What `serve` compares, with a release that learnt on any path and is served as it is.

    Parameters
    ----------
    seed : int
        The world's seed.
    model : str
        As in `serve`.
    learnt : callable
        Offers to the rows that the release learns from.
    """
    town, clean = make_town(seed), _scores(seed, model, Couplings(), AS_IS, AS_IS)
    after = train(town, model, learnt(town.shown)).scores(town.served.rows, town.served.shape)
    return Served(market_under(town.sessions, clean), clean, after)


def cured(seed: int, model: str, skew: str, couplings: Couplings | None = None) -> Served:
    """What `serve` compares, with a release that learnt from what was served and logged.

    Its paths agree again: both are the one that serves. Parameters are as in `serve`.
    """
    assumed, both = couplings or Couplings(), (skew, "served")
    known = serve(seed, model, skew, couplings)
    return Served(known.market, known.before, _scores(seed, model, assumed, both, both))


def hit(customer: NDArray[np.integer[Any]], share: float, seed: int) -> NDArray[np.bool_]:
    """Which rows belong to customers whom a skew hits; who is hit at 5 % is hit at 25 %, too.

    Parameters
    ----------
    customer : ndarray of int, shape (n,)
    share : float
        Of all customers, 0 to 1.
    seed : int
        The world's seed.

    Returns
    -------
    ndarray of bool, shape (n,)

    Raises
    ------
    ValueError
        If the share is not between 0 and 1.
    """
    if not 0 <= share <= 1:
        raise ValueError(f"share={share!r}, expected a number from 0 to 1")
    draws = np.random.default_rng([seed, _HIT]).random(int(customer.max()) + 1)
    return np.asarray(draws[customer] < share)


def outcomes(
    served: Served, share: float = 1.0, settled: bool = False
) -> tuple[Outcomes, Outcomes]:
    """What the sessions bring before the release and with it.

    Parameters
    ----------
    served : Served
    share : float, default 1
        Share of customers whose requests come with the skew.
    settled : bool, default False
        Whether advertisers have adjusted their bids to the release.
    """
    market, before, after = served.market, served.before, served.after
    sessions = market.sessions
    struck = hit(sessions.customer, share, sessions.world.seed)[:, None]
    mixed = Scores(
        np.where(struck, after.order, before.order), np.where(struck, after.click, before.click)
    )
    later = market_under(sessions, mixed) if settled else market
    return market.outcomes(before), later.outcomes(mixed)


def change(
    served: Served, measure: str = "orders", share: float = 1.0, settled: bool = False
) -> tuple[float, float]:
    """Change of a measure with the release and its standard error, both in percent.

    The error is that of which customers were drawn; parameters are as in `outcomes`.
    """
    base, new = outcomes(served, share, settled)
    return relative_change(base, new, measure, clusters=served.market.sessions.customer)


def scored(
    seed: int,
    model: str,
    skew: str,
    shares: tuple[float, ...] = (1.0,),
    couplings: Couplings | None = None,
) -> tuple[float, list[float]]:
    """AUC of the training path, and AUC on the features that were served and logged.

    Both on the town's later log, which holds the slates of the policy of that time. Parameters are
    as in `serve`, except ``shares``: of customers whose requests come with the skew.
    """
    assumed = couplings or Couplings()
    town, paths = make_town(seed, assumed), skew_named(skew)
    model_of_orders = release_of(seed, model, assumed, _learnt(skew)).order
    right = chances(model_of_orders, paths.trained(town.scored))
    fed = chances(model_of_orders, paths.served(town.scored))
    logged = []
    for share in shares:
        struck = hit(town.scored.customer, share, seed)
        logged.append(float(roc_auc_score(town.ordered_later, np.where(struck, fed, right))))
    return float(roc_auc_score(town.ordered_later, right)), logged


@memo
def skew_rows(
    seed: int,
    model: str,
    shares: tuple[float, ...] = (1.0,),
    couplings: Couplings | None = None,
) -> pd.DataFrame:
    """What every skew does to a model in a world.

    Parameters
    ----------
    seed : int
        The world's seed.
    model : str
        One of ``MODELS``.
    shares : tuple of float
        Shares of customers whose requests come with the skew.
    couplings : Couplings, optional

    Returns
    -------
    DataFrame, a row for each skew and share
        ``world``, ``model``, ``fault``, ``share``; ``offline``: AUC of the training path;
        ``logged``: AUC on served features; ``orders``, ``margin``, ``ad_revenue``: changes in
        percent, each with its standard error ``..._se``.
    """
    rows = []
    for skew in SKEWS:
        served = serve(seed, model, skew, couplings)
        offline, logged = scored(seed, model, skew, shares, couplings)
        for share, score in zip(shares, logged, strict=True):
            base, new = outcomes(served, share)
            row = {"world": seed, "model": model, "fault": skew, "share": share}
            row |= {"offline": offline, "logged": score}
            for measure in MEASURES:
                row[measure], row[f"{measure}_se"] = relative_change(
                    base, new, measure, clusters=served.market.sessions.customer
                )
            rows.append(row)
    return pd.DataFrame(rows)
