"""The town: its customers, its restaurants, and the assumptions that tie them together.

Everything here is *assumed*, so that the truth is known; nothing is estimated from a real company.
A world can show that a mechanism is possible and how large it is under stated assumptions, never
how large it is in a given business. The assumptions that matter to the course's findings are the
fields of :class:`Couplings`, each with the range over which it may be moved.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from launchlab.market import checks

N_CUSTOMERS = 4_000
N_RESTAURANTS = 240
N_CUISINES = 8
N_CENTRES = 5
N_AFFINITIES = 4
N_NEAR = 60
"""A customer can be served by this many restaurants: the nearest ones."""

PATIENCE_SIGMA = 0.5
"""Log standard deviation of customers' patience with a slow page."""


def _assumption(default: float, low: float, high: float) -> Any:
    return field(default=default, metadata={"low": low, "high": high})


@dataclass(frozen=True)
class Couplings:
    """The assumptions on which a finding may depend, each with a default and an allowed range.

    Only the latency elasticity is based on published experiments.
    :meth:`ranges` returns the allowed ranges, so that a chapter can show where a finding ends.

    Parameters
    ----------
    ad_quality : float, default -0.45, in [-0.6, 0.3]
        Correlation of a restaurant's wish to advertise with its quality. Negative: restaurants that
        customers would not find on their own buy attention. Without this there is little conflict
        between ads and orders.
    badge_quality : float, default -0.3, in [-0.6, 0.3]
        Correlation of a restaurant's badge (eye-catching photo, "-30 %!") with its quality.
    price_quality : float, default 0.35, in [0, 0.7]
        Correlation of (log) price with quality.
    badge_effect : float, default 0.45, in [0, 1]
        Utility that one standard deviation of badge adds to the *decision* to order. A badge adds
        nothing to the experience: it only attracts.
    badge_click_effect : float, default 1.0, in [0, 2]
        The same for the decision to look (a click without an order).
    attention_exponent : float, default 0.7, in [0.2, 1.5]
        Attention to the slot at position p is 1 / p**attention_exponent, a usual form for the
        examination probability in a list.
    latency_elasticity : float, default 0.005, in [0, 0.01]
        Share of orders lost per 100 ms of latency, on average over customers. Randomised
        experiments: Bing about 0.6 % of revenue per 100 ms (Kohavi et al., KDD 2013), Google 0.2 %
        of searches at 100 ms (Brutlag 2009). That a delivery app resembles a search engine is an
        assumption.
    retention_slope : float, default 1.8, in [0, 4]
        How strongly the value a customer experiences moves the chance of coming back next week, in
        log-odds per unit of utility. Not based on any experiment.
    cost_per_order_limit : float, default 0.15, in [0.05, 0.5]
        The most that advertisers accept to pay in ads for one order, as a share of its price. Above
        this they lower their bids (see :func:`launchlab.market.ads.adjust_bids`).

    Raises
    ------
    ValueError
        If a value is NaN or outside its range.
    """

    ad_quality: float = _assumption(-0.45, -0.6, 0.3)
    badge_quality: float = _assumption(-0.3, -0.6, 0.3)
    price_quality: float = _assumption(0.35, 0.0, 0.7)
    badge_effect: float = _assumption(0.45, 0.0, 1.0)
    badge_click_effect: float = _assumption(1.0, 0.0, 2.0)
    attention_exponent: float = _assumption(0.7, 0.2, 1.5)
    latency_elasticity: float = _assumption(0.005, 0.0, 0.01)
    retention_slope: float = _assumption(1.8, 0.0, 4.0)
    cost_per_order_limit: float = _assumption(0.15, 0.05, 0.5)

    def __post_init__(self) -> None:
        for name, (low, high) in self.ranges().items():
            checks.within(name, getattr(self, name), low, high)

    @classmethod
    def ranges(cls) -> dict[str, tuple[float, float]]:
        """Allowed range (low, high) of each assumption, by name."""
        return {f.name: (f.metadata["low"], f.metadata["high"]) for f in fields(cls)}


@dataclass(frozen=True, eq=False)
class World:
    """One town: arrays per customer, per restaurant, and per (customer, nearby restaurant).

    n_u = 4,000 customers, n_r = 240 restaurants, n_c = 8 cuisines, 60 restaurants near a customer.
    *Hidden* fields are the simulator's truth: no ranker may see them. Distances are kilometres.

    Attributes
    ----------
    seed : int
        Seed from which this world was made.
    couplings : Couplings
        Assumptions under which it was made.
    near : ndarray of int16, shape (n_u, 60)
        Each customer's nearest restaurants, nearest first.
    distance : ndarray of float32, shape (n_u, 60)
        Distance to them, km.
    utility : ndarray of float32, shape (n_u, 60)
        Hidden. The part of the experienced utility that does not change from session to session:
        quality + 0.8 taste - price sensitivity x price + affinity.
    ordered_before : ndarray of bool, shape (n_u, 60)
        Whether the customer has ordered there before.
    patience : ndarray of float32, shape (n_u,)
        Hidden. Patience with a slow page, median 1.
    cuisine_share : ndarray of float32, shape (n_u, n_c)
        Share of each cuisine in the customer's past orders (1/8 each for those without any).
    spend : ndarray of float32, shape (n_u,)
        Mean price of the customer's past orders, $ (the town's mean price for those without any).
    quality : ndarray of float32, shape (n_r,)
        Hidden. Standard normal.
    price : ndarray of float32, shape (n_r,)
        Price of a typical basket, $.
    chain : ndarray of bool, shape (n_r,)
        Whether the restaurant belongs to a chain.
    cuisine : ndarray of int8, shape (n_r,)
        Cuisine, 0 to 7.
    commission : ndarray of float32, shape (n_r,)
        The platform's share of the basket: chains bargain for 13-20 %, others pay 20-32 %.
    preparation : ndarray of float32, shape (n_r,)
        Minutes in the kitchen.
    badge : ndarray of float32, shape (n_r,)
        Strength of the badge, standard normal; visible to rankers as well as customers.
    n_ratings : ndarray of float32, shape (n_r,)
        Number of ratings.
    rating : ndarray of float32, shape (n_r,)
        Stars, 1 to 5: quality and badge, blurred by the noise of few ratings.
    sponsored : ndarray of bool, shape (n_r,)
        Whether the restaurant advertises (40 %).
    bid : ndarray of float32, shape (n_r,)
        The restaurant's bid per click, $; 0 if it does not advertise.
    """

    seed: int
    couplings: Couplings
    near: NDArray[np.int16]
    distance: NDArray[np.float32]
    utility: NDArray[np.float32]
    ordered_before: NDArray[np.bool_]
    patience: NDArray[np.float32]
    cuisine_share: NDArray[np.float32]
    spend: NDArray[np.float32]
    quality: NDArray[np.float32]
    price: NDArray[np.float32]
    chain: NDArray[np.bool_]
    cuisine: NDArray[np.int8]
    commission: NDArray[np.float32]
    preparation: NDArray[np.float32]
    badge: NDArray[np.float32]
    n_ratings: NDArray[np.float32]
    rating: NDArray[np.float32]
    sponsored: NDArray[np.bool_]
    bid: NDArray[np.float32]


def make_world(seed: int, couplings: Couplings | None = None) -> World:
    """Make the world of a seed.

    A seed draws the same random numbers under any couplings, so two worlds of the same seed differ
    only in their assumptions.

    Parameters
    ----------
    seed : int
        Non-negative seed.
    couplings : Couplings, optional
        The assumptions; the defaults if not given.

    Returns
    -------
    World

    Raises
    ------
    ValueError
        If the seed is not a non-negative whole number.

    Notes
    -----
    Forms (all assumed): tastes are the centred log of a Dirichlet(0.5) draw, so that a customer has
    one or two favourite cuisines; price sensitivity 0.05 x lognormal(0, 0.5) per $; price
    22 x exp(0.3 z) $; bids 0.9 x lognormal(0, 0.5) $ per click; stars
    4.1 + 0.35 (quality + 0.35 badge) + noise of variance 1.44 / (number of ratings / 10).
    The town is five centres spread over about ten kilometres. Past orders, which rankers may use,
    are drawn from the perceived utilities of the nearby restaurants.
    """
    seed = checks.whole("seed", seed, low=0)
    couplings = couplings or Couplings()
    rng = np.random.default_rng([seed, 0])
    n_u, n_r = N_CUSTOMERS, N_RESTAURANTS

    home, place = _draw_places(rng)

    share = rng.dirichlet(np.full(N_CUISINES, 0.5), n_u)
    taste = np.log(share + 0.03)
    taste -= taste.mean(axis=1, keepdims=True)
    price_sensitivity = 0.05 * rng.lognormal(0.0, 0.5, n_u)
    patience = rng.lognormal(0.0, PATIENCE_SIGMA, n_u)
    wants = rng.standard_normal((n_u, N_AFFINITIES))

    quality = rng.standard_normal(n_r)
    cuisine = rng.integers(0, N_CUISINES, n_r)
    chain = rng.random(n_r) < 0.35
    price = 22.0 * np.exp(0.3 * _correlated(quality, couplings.price_quality, rng))
    commission = np.where(chain, rng.uniform(0.13, 0.20, n_r), rng.uniform(0.20, 0.32, n_r))
    preparation = 18.0 + 6.0 * rng.standard_normal(n_r) + np.where(chain, -4.0, 2.0)
    preparation = np.clip(preparation, 6.0, 45.0)
    badge = _correlated(quality, couplings.badge_quality, rng)
    ad_propensity = _correlated(quality, couplings.ad_quality, rng)
    sponsored = ad_propensity > np.quantile(ad_propensity, 0.6)
    bid = np.where(sponsored, 0.9 * rng.lognormal(0.0, 0.5, n_r), 0.0)
    n_ratings = np.ceil(rng.lognormal(4.0, 1.0, n_r) * np.where(chain, 3.0, 1.0))
    rating = 4.1 + 0.35 * (quality + 0.35 * badge)
    rating += 1.2 * rng.standard_normal(n_r) / np.sqrt(n_ratings / 10.0)
    rating = np.clip(rating, 1.0, 5.0)
    offers = rng.standard_normal((n_r, N_AFFINITIES))

    # |a - b|^2 = |a|^2 - 2ab + |b|^2: one matrix product rather than an (n_u, n_r, 2) array.
    squared = (home**2).sum(1)[:, None] - 2.0 * home @ place.T + (place**2).sum(1)
    near = np.argsort(squared, axis=1, kind="stable")[:, :N_NEAR]
    distance = np.sqrt(np.maximum(np.take_along_axis(squared, near, axis=1), 0.0))
    utility = quality + 0.8 * taste[:, cuisine] - price_sensitivity[:, None] * price
    utility += 0.3 * wants @ offers.T
    utility = np.take_along_axis(utility, near, axis=1)

    perceived = utility + couplings.badge_effect * badge[near] - 0.1 * distance
    past = _past_orders(perceived, rng)
    n_past = past.sum(axis=1)
    by_cuisine = np.zeros((n_u, N_CUISINES))
    for c in range(N_CUISINES):
        by_cuisine[:, c] = (past * (cuisine[near] == c)).sum(axis=1)
    none = n_past == 0
    cuisine_share = np.where(
        none[:, None], 1.0 / N_CUISINES, by_cuisine / np.maximum(n_past, 1)[:, None]
    )
    spend = np.where(none, price.mean(), (past * price[near]).sum(axis=1) / np.maximum(n_past, 1))

    return World(
        seed=seed,
        couplings=couplings,
        near=near.astype(np.int16),
        distance=distance.astype(np.float32),
        utility=utility.astype(np.float32),
        ordered_before=past > 0,
        patience=patience.astype(np.float32),
        cuisine_share=cuisine_share.astype(np.float32),
        spend=spend.astype(np.float32),
        quality=quality.astype(np.float32),
        price=price.astype(np.float32),
        chain=chain,
        cuisine=cuisine.astype(np.int8),
        commission=commission.astype(np.float32),
        preparation=preparation.astype(np.float32),
        badge=badge.astype(np.float32),
        n_ratings=n_ratings.astype(np.float32),
        rating=rating.astype(np.float32),
        sponsored=sponsored,
        bid=bid.astype(np.float32),
    )


def town_map(seed: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Where the customers and the restaurants of a seed's world are, km.

    No ranker sees it; the pictures of the town are drawn from it.

    Parameters
    ----------
    seed : int
        Non-negative seed.

    Returns
    -------
    home : ndarray, shape (4,000, 2)
    place : ndarray, shape (240, 2)

    Raises
    ------
    ValueError
        If the seed is not a non-negative whole number.
    """
    return _draw_places(np.random.default_rng([checks.whole("seed", seed, low=0), 0]))


def _draw_places(rng: np.random.Generator) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The first draws of a world: homes and restaurants around the town's centres."""
    centres = rng.normal(0.0, 3.0, (N_CENTRES, 2))
    home = centres[rng.integers(0, N_CENTRES, N_CUSTOMERS)]
    home = home + rng.normal(0.0, 1.5, (N_CUSTOMERS, 2))
    place = centres[rng.integers(0, N_CENTRES, N_RESTAURANTS)]
    place = place + rng.normal(0.0, 1.5, (N_RESTAURANTS, 2))
    return home, place


def _correlated(
    quality: NDArray[np.float64], correlation: float, rng: np.random.Generator
) -> NDArray[np.float64]:
    """Draw standard normals with the given correlation to quality, always with the same noise."""
    noise = rng.standard_normal(len(quality))
    drawn: NDArray[np.float64] = correlation * quality + np.sqrt(1.0 - correlation**2) * noise
    return drawn


def _past_orders(perceived: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.int64]:
    """Count past orders (n_u, 60): lognormally many per customer, by multinomial logit."""
    n_past = rng.poisson(rng.lognormal(np.log(6.0), 0.8, len(perceived)))
    weight = np.exp(perceived - perceived.max(axis=1, keepdims=True))
    weight /= weight.sum(axis=1, keepdims=True)
    return rng.multinomial(n_past, weight)
