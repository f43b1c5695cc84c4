"""Claims of the chapters "Five people, five models" and "What no weight can buy".

A world's menu has 150 configurations. Regrets between two configurations are measured on the same
sessions, so their errors are those of paired differences. What depends on the whole menu is also
measured on both halves of the sessions, and half of the difference serves as its error.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from launchlab.claims import Claim, Coupling, Effect, Variant
from launchlab.market import Couplings, expected_outcomes, settle_bids
from launchlab.market.scorecard import relative_change
from launchlab.serving.latency import mean_latency, request_latency
from launchlab.stakeholders.configurations import (
    MODELS,
    Configuration,
    ad_policy,
    configured,
    show_slates,
)
from launchlab.stakeholders.menu import with_costs, world_menu
from launchlab.stakeholders.people import (
    FIVE,
    LEVERS,
    MANAGER,
    ML,
    SALES,
    Business,
    Stakeholder,
    ideals,
    maximin_choice,
    pareto_front,
    weighted_choice,
    within_reach,
)
from launchlab.zoo.rankers import ranker_scores, world_sessions

SMALL_MODELS = ("logistic", "hgb50")
"""Models of worlds under other couplings: quick to train."""

_STOPS = np.linspace(0.0, 5.0, 11)


def _menu(
    seed: int,
    ad_quality: float | None = None,
    business: Business | None = None,
    half: int | None = None,
) -> pd.DataFrame:
    couplings: Couplings | None = None
    models: tuple[str, ...] = MODELS
    if ad_quality is not None:
        couplings, models = Couplings(ad_quality=ad_quality), SMALL_MODELS
    menu = world_menu(seed, couplings, models, half)
    return with_costs(menu, business) if business else menu


def _with_error(seed: int, measured: Callable[[pd.DataFrame], float], **assumptions: Any) -> Effect:
    """A measure of the whole menu, with its error from the two halves of the sessions."""
    halves = [measured(_menu(seed, half=half, **assumptions)) for half in (0, 1)]
    return Effect(measured(_menu(seed, **assumptions)), abs(halves[0] - halves[1]) / 2)


# --------------------------------------------------------------------------- C1: five ideals


def _ideal(menu: pd.DataFrame, who: Stakeholder) -> Configuration:
    row = ideals(menu, [who]).iloc[0]
    return Configuration(**{lever: row[lever] for lever in LEVERS})


def _measured(seed: int, one: Configuration, couplings: Couplings | None) -> Any:
    sessions = world_sessions(seed, couplings)
    scores = ranker_scores(seed, one.model, couplings)
    bids = settle_bids(sessions, configured(sessions, scores, one), ad_policy(one))
    latency = mean_latency(request_latency(one.model, one.shortlist))
    return expected_outcomes(sessions, show_slates(sessions, scores, one, bids), latency)


def loss(
    seed: int, who: Stakeholder, under: Stakeholder, ad_quality: float | None = None
) -> Effect:
    """What a stakeholder loses under another's ideal, percent of their measure at their own."""
    menu = _menu(seed, ad_quality)
    couplings = None if ad_quality is None else Couplings(ad_quality=ad_quality)
    own, other = (_measured(seed, _ideal(menu, one), couplings) for one in (who, under))
    measure = {"profit": "margin"}.get(who.measure, who.measure)
    customers = world_sessions(seed, couplings).customer
    change, error = relative_change(own, other, measure, clusters=customers)
    return Effect(-change, error)


def sales_cost_ml(seed: int, **assumptions: Any) -> Effect:
    """Orders that ML engineers lose under sales' ideal, percent."""
    return loss(seed, ML, SALES, **assumptions)


def ml_cost_sales(seed: int, **assumptions: Any) -> Effect:
    """Ad revenue that sales lose under the ML engineers' ideal, percent."""
    return loss(seed, SALES, ML, **assumptions)


def ml_cost_manager(seed: int, **assumptions: Any) -> Effect:
    """Margin that the manager loses under the ML engineers' ideal, percent; without team costs."""
    return loss(seed, MANAGER, ML, **assumptions)


def manager_cost_ml(seed: int, **assumptions: Any) -> Effect:
    """Orders that ML engineers lose under the manager's ideal, percent."""
    return loss(seed, ML, MANAGER, **assumptions)


def least_worst(seed: int, **assumptions: Any) -> Effect:
    """Smallest worst regret of any configuration, in percent of each stakeholder's own ideal."""

    def measured(menu: pd.DataFrame) -> float:
        percent = [100 * one.regret(menu) / abs(one.best(menu)) for one in FIVE]
        return float(pd.concat(percent, axis=1).max(axis=1).min())

    return _with_error(seed, measured, **assumptions)


def shared_places(seed: int) -> Effect:
    """How many of 8 restaurants the ML engineers' and sales' slates share, on average."""
    menu, sessions = _menu(seed), world_sessions(seed)
    shown = []
    for who in (ML, SALES):
        one = _ideal(menu, who)
        slates = show_slates(sessions, ranker_scores(seed, one.model), one)
        on_slate = np.zeros(sessions.shape, dtype=bool)
        np.put_along_axis(on_slate, slates.candidate, True, axis=1)
        shown.append(on_slate)
    both = (shown[0] & shown[1]).sum(axis=1)
    return Effect(float(both.mean()), float(both.std(ddof=1) / np.sqrt(len(both))))


# --------------------------------------------------------------------------- C2: weights


def slider_changes(menu: pd.DataFrame, name: str) -> int:
    """How often the choice changes as one of five sliders moves over 11 stops, the others at 1."""
    weights = {one.name: 1.0 for one in FIVE}
    chosen = [weighted_choice(menu, {**weights, name: stop}).name for stop in _STOPS]
    return sum(one != other for one, other in itertools.pairwise(chosen))


def dead_sliders(seed: int) -> Effect:
    """Changes of choice as product's and then infrastructure's slider moves over its 11 stops."""

    def measured(menu: pd.DataFrame) -> float:
        return float(sum(slider_changes(menu, one) for one in ("product", "infrastructure")))

    return _with_error(seed, measured)


def out_of_reach(seed: int, **assumptions: Any) -> Effect:
    """Percent of the Pareto front of orders against ads that no weights choose."""

    def measured(menu: pd.DataFrame) -> float:
        return 100 * float((~within_reach(pareto_front(menu))).mean())

    return _with_error(seed, measured, **assumptions)


def missed(menu: pd.DataFrame) -> pd.Series:
    """For each point out of reach, percent of its ads that a choice within reach loses.

    That choice is the point within reach with the most ads and at least as many orders.
    """
    front = pareto_front(menu)
    on_hull = within_reach(front)
    reachable = front[on_hull]
    lost = {
        label: 100
        * (1 - reachable.loc[reachable.orders >= row.orders, "ad_revenue"].max() / row.ad_revenue)
        for label, row in front[~on_hull].iterrows()
    }
    return pd.Series(lost, dtype=float)


def mean_missed(seed: int, **assumptions: Any) -> Effect:
    """Mean of `missed` over the points out of reach, percent of ads."""
    return _with_error(seed, lambda menu: float(missed(menu).mean()), **assumptions)


def worst_off(menu: pd.DataFrame, row: pd.Series) -> float:
    """Lowest utility among ML engineers, sales and manager at a row of the menu."""
    return min(float(one.utility(menu)[row.name]) for one in (ML, SALES, MANAGER))


def maximin_lift(seed: int) -> Effect:
    """How much the lowest utility rises from a sum with equal weights to maximin."""

    def measured(menu: pd.DataFrame) -> float:
        equal = weighted_choice(menu, {one.name: 1.0 for one in (ML, SALES, MANAGER)})
        return worst_off(menu, maximin_choice(menu)) - worst_off(menu, equal)

    return _with_error(seed, measured)


_AD_QUALITY = [
    Variant("worse", "advertisers cook still worse (-0.6)", {"ad_quality": -0.6}),
    Variant("no-link", "advertisers cook as well as others (0)", {"ad_quality": 0.0}),
    Variant("better", "advertisers cook better (+0.3)", {"ad_quality": 0.3}),
]

_COOKING = Coupling("ad_quality", "ads and quality correlated at {}", -0.45, 0.3, steps=15)
_COOKING_AS_TRIED = replace(_COOKING, between=(0.0,))

CLAIMS = [
    Claim(
        name="five-sales-cost-ml",
        statement="Under sales' ideal, ML engineers lose more than a tenth of the orders.",
        effect=sales_cost_ml,
        couplings=[_COOKING],
        unit="% of orders lost",
        low=10.0,
        variants=_AD_QUALITY,
    ),
    Claim(
        name="five-ml-cost-sales",
        statement="Under the ML engineers' ideal, sales lose more than half of the ad revenue.",
        effect=ml_cost_sales,
        couplings=[_COOKING],
        unit="% of ad revenue lost",
        low=50.0,
        variants=_AD_QUALITY,
        expected=17,
    ),
    Claim(
        name="five-ml-cost-manager",
        statement="Under the ML engineers' ideal, the manager loses more than a twentieth of the"
        " margin.",
        effect=ml_cost_manager,
        unit="% of margin lost",
        low=5.0,
        expected=17,
    ),
    Claim(
        name="five-manager-cost-ml",
        statement="Under the manager's ideal, ML engineers lose more than a fiftieth of the"
        " orders.",
        effect=manager_cost_ml,
        unit="% of orders lost",
        low=2.0,
    ),
    Claim(
        name="five-nobody-near",
        statement="No configuration leaves all five within 10 % of their own ideal.",
        effect=least_worst,
        unit="% lost by the worst off",
        low=10.0,
        expected=19,
    ),
    Claim(
        name="five-slates-share",
        statement="The slates of ML engineers and sales share fewer than six of eight restaurants.",
        effect=shared_places,
        unit="restaurants of 8",
        low=-math.inf,
        high=6.0,
    ),
    Claim(
        name="weights-dead-sliders",
        statement="Of five equal sliders, product's and infrastructure's change the choice at most"
        " three times over all their stops.",
        effect=dead_sliders,
        unit="changes over 22 stops",
        low=-0.5,
        high=3.5,
    ),
    Claim(
        name="weights-out-of-reach",
        statement="More than a third of the front of orders and ads is out of reach of any"
        " weights.",
        effect=out_of_reach,
        couplings=[_COOKING_AS_TRIED],
        unit="% of points",
        low=100 / 3,
        variants=_AD_QUALITY,
    ),
    Claim(
        name="weights-miss-little",
        statement="Points out of reach of weights are no great loss: on average less than 5 % of"
        " ads.",
        effect=mean_missed,
        couplings=[_COOKING_AS_TRIED],
        unit="% of ads",
        low=-math.inf,
        high=5.0,
        variants=_AD_QUALITY,
    ),
    Claim(
        name="maximin-lifts-the-worst",
        statement="Maximin leaves the worst-off person better off than a sum with equal weights"
        " does.",
        effect=maximin_lift,
        unit="units of utility",
        expected=19,
    ),
]
