"""The menu: every configuration the team could ship, and what each would bring.

A configuration has four levers: which model predicts, how many candidates it scores, how much the
ranking cares about the margin of an order, and how much about ad revenue. The models are trained
once, and the levers act on their predictions, so a whole menu is evaluated in seconds.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from launchlab.market import checks
from launchlab.market.ads import AdPolicy
from launchlab.market.evaluate import evaluate
from launchlab.market.logs import popularity_score
from launchlab.market.outcomes import COURIER_BASE, COURIER_IN_RAIN, COURIER_PER_KM, DELIVERY_FEE
from launchlab.market.scorecard import Scorecard
from launchlab.market.sessions import N_CANDIDATES, Sessions
from launchlab.market.slates import SLATE_LENGTH, Scores, Slates, build_slates, top_slate

MODELS = ("logistic", "hgb50", "hgb200", "hgb800_tuned", "ensemble5")
"""Models on the menu, by size; names of ``RANKERS``."""

SHORTLISTS = (8, 12, 20, N_CANDIDATES)
"""How many of the 30 candidates the model scores."""

MARGIN_WEIGHTS = (0.0, 0.5, 1.0)
"""How far the organic ranking moves from the average worth of an order to each order's margin."""

AD_WEIGHTS = (0.0, 0.25, 0.5, 1.0, 1.5, 2.0, 3.0, 5.0, 10.0, 30.0)
"""What a dollar of ads is worth, in dollars of orders, when a sponsored place is assigned."""


@dataclass(frozen=True, order=True)
class Configuration:
    """One row of the menu.

    Parameters
    ----------
    model : str
        Name of a ranker.
    shortlist : int
        Number of candidates that the model scores: those that the popularity policy ranks highest.
    margin_weight : float
        m of :func:`by_margin`, 0 to 1.
    ad_weight : float
        ``weight`` of :class:`launchlab.market.AdPolicy`, at least 0.

    Raises
    ------
    ValueError
        If a value is out of range.
    """

    model: str
    shortlist: int = N_CANDIDATES
    margin_weight: float = 0.0
    ad_weight: float = 1.0

    def __post_init__(self) -> None:
        if not self.model:
            raise ValueError(f"model={self.model!r}: expected the name of a ranker")
        checks.whole("shortlist", self.shortlist, low=SLATE_LENGTH, high=N_CANDIDATES)
        checks.within("margin_weight", self.margin_weight, 0.0, 1.0)
        checks.within("ad_weight", self.ad_weight, 0.0, 1e6)


TODAY = Configuration("hgb50")
"""What runs today: the fixed reference for every stakeholder."""


def configurations(
    models: Sequence[str] = MODELS,
    shortlists: Sequence[int] = SHORTLISTS,
    margin_weights: Sequence[float] = MARGIN_WEIGHTS,
    ad_weights: Sequence[float] = AD_WEIGHTS,
) -> list[Configuration]:
    """Every combination of the levers, 5 x 4 x 3 x 10 = 600 by default; the last varies fastest.

    Returns
    -------
    list of Configuration
    """
    return [
        Configuration(*levers)
        for levers in itertools.product(models, shortlists, margin_weights, ad_weights)
    ]


def order_margins(sessions: Sessions) -> NDArray[np.float32]:
    """Margin of an order from each candidate, $ before ads, shape (n, c).

    Commission - courier (more expensive in rain) + delivery fee, as in
    :func:`launchlab.market.expected_outcomes`. The platform knows all of it in advance.
    """
    world = sessions.world
    weather = np.where(sessions.rain, COURIER_IN_RAIN, 1.0).astype(np.float32)[:, None]
    courier = (np.float32(COURIER_BASE) + np.float32(COURIER_PER_KM) * sessions.distance) * weather
    commission = (world.commission * world.price)[sessions.restaurant]
    margins: NDArray[np.float32] = commission - courier + np.float32(DELIVERY_FEE)
    return margins


def by_margin(sessions: Sessions, scores: Scores, margin_weight: float, worth: float) -> Scores:
    """Rank by the worth of an order: p_order x ((1 - m) x average worth + m x its own margin).

    Parameters
    ----------
    sessions : Sessions
        n sessions of c candidates.
    scores : Scores
        Of the same shape.
    margin_weight : float
        m, 0 to 1. 0 ranks by the probability of an order.
    worth : float
        Average worth of an order, $.

    Returns
    -------
    Scores
        The same probabilities, with ``rank_by`` in $ per session seen in first place.

    Raises
    ------
    ValueError
        If the weight is outside [0, 1] or NaN, or the worth is not positive.
    """
    m = np.float32(checks.within("margin_weight", margin_weight, 0.0, 1.0))
    average = np.float32(checks.within("worth", worth, 1e-3, 1e3))
    if m == 0:
        return replace(scores, rank_by=None)
    # An order that loses money is still ranked by its probability, at a tiny positive worth.
    each = np.maximum((1 - m) * average + m * order_margins(sessions), np.float32(1e-3))
    return replace(scores, rank_by=scores.order * each)


def shortlisted(sessions: Sessions, scores: Scores, shortlist: int) -> Scores:
    """Keep a model's scores for the shortlisted candidates only; the others are never shown.

    Parameters
    ----------
    sessions : Sessions
    scores : Scores
        Of shape (n, c).
    shortlist : int
        Number of candidates kept in each session: those that the past popularity policy, which
        needs no model, ranks highest (without its noise).

    Returns
    -------
    Scores

    Raises
    ------
    ValueError
        If ``shortlist`` is below the length of a slate or above c.
    """
    n, c = sessions.shape
    checks.whole("shortlist", shortlist, low=SLATE_LENGTH, high=c)
    if shortlist == c:
        return scores
    kept = np.zeros((n, c), dtype=bool)
    np.put_along_axis(kept, top_slate(popularity_score(sessions), shortlist), True, axis=1)
    none = np.float32(0.0)
    return Scores(np.where(kept, scores.order, none), np.where(kept, scores.click, none))


def configured(sessions: Sessions, scores: Scores, configuration: Configuration) -> Scores:
    """A model's scores after shortlist and margin weight; the ad weight acts on the slate.

    Parameters
    ----------
    sessions : Sessions
    scores : Scores
        Predictions of ``configuration.model`` for all candidates.
    configuration : Configuration
    """
    kept = shortlisted(sessions, scores, configuration.shortlist)
    return by_margin(sessions, kept, configuration.margin_weight, AdPolicy().order_value)


def ad_policy(configuration: Configuration) -> AdPolicy:
    """The default auction (at most 3 sponsored places of 8) with the configuration's weight."""
    return AdPolicy(weight=configuration.ad_weight)


def show_slates(
    sessions: Sessions,
    scores: Scores,
    configuration: Configuration,
    bids: NDArray[np.floating[Any]] | None = None,
) -> Slates:
    """The slates that customers see under a configuration.

    Parameters
    ----------
    sessions : Sessions
    scores : Scores
        Predictions of ``configuration.model`` for all candidates.
    configuration : Configuration
    bids : ndarray of float, shape (n_r,), optional
        Bids per click, $; the world's if not given.
    """
    ranked = configured(sessions, scores, configuration)
    return build_slates(sessions, ranked, ad_policy(configuration), bids=bids)


def try_out(
    sessions: Sessions, scores: Scores, configuration: Configuration, latency_ms: float = 0.0
) -> Scorecard:
    """Scorecard of a configuration, after advertisers have adjusted their bids to it.

    Parameters
    ----------
    sessions : Sessions
    scores : Scores
        Predictions of ``configuration.model`` for all candidates.
    configuration : Configuration
    latency_ms : float, default 0
    """
    ranked = configured(sessions, scores, configuration)
    return evaluate(sessions, ranked, ad_policy(configuration), latency_ms=latency_ms)


def evaluate_menu(
    sessions: Sessions,
    scores: Mapping[str, Scores],
    menu: Sequence[Configuration],
    latency_ms: Mapping[tuple[str, int], float] | None = None,
) -> pd.DataFrame:
    """Outcomes of every configuration on the same sessions.

    Parameters
    ----------
    sessions : Sessions
    scores : mapping of str to Scores
        Name of each model to its scores for all candidates of the sessions.
    menu : sequence of Configuration
        At least one.
    latency_ms : mapping of (str, int) to float, optional
        Mean latency, ms, by model and shortlist; 0 if not given.

    Returns
    -------
    DataFrame, a row for each configuration in the order given
        ``model``, ``shortlist``, ``margin_weight``, ``ad_weight``; then, per 1,000 sessions,
        ``orders``, ``clicks``, ``ad_revenue`` ($), ``margin`` ($, ads included), ``gmv`` ($);
        ``life_value`` ($ over 26 weeks per 1,000 customers), ``exposure_gini``, and the sanity rows
        of :class:`launchlab.market.Scorecard`.

    Raises
    ------
    ValueError
        If the menu is empty, or a model has no scores.
    """
    if not menu:
        raise ValueError("menu is empty: expected at least one configuration")
    rows = []
    for one in menu:
        if one.model not in scores:
            raise ValueError(f"model={one.model!r}: expected one with scores, {sorted(scores)}")
        latency = latency_ms[one.model, one.shortlist] if latency_ms else 0.0
        card = try_out(sessions, scores[one.model], one, latency)
        rows.append({**vars(one), **card.rows()})
    return pd.DataFrame(rows)
