"""Outcomes of a slate: orders, clicks, money, satisfaction; in closed form, or sampled."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from launchlab.market import checks

from .sessions import Sessions
from .slates import Scores, Slates
from .world import PATIENCE_SIGMA, Couplings

BROWSE_RATE = 0.5
"""A slot that is attended to and appeals fully is clicked this often by those who do not order."""

COURIER_BASE, COURIER_PER_KM, COURIER_IN_RAIN, DELIVERY_FEE = 1.2, 0.55, 1.25, 1.5

MEASURES = ("orders", "clicks", "ad_revenue", "margin", "gmv", "experience")
"""Columns of :attr:`Outcomes.totals`."""


@dataclass(frozen=True, eq=False)
class Outcomes:
    """Outcomes of n slates of k places in a world of n_r restaurants.

    Attributes
    ----------
    order : ndarray of float32, shape (n, k)
        Probability of an order from each place (0 or 1 if sampled). At most one order per session.
    click : ndarray of float32, shape (n, k)
        Probability of a click on each place (0 or 1 if sampled). Every order is also a click.
    totals : ndarray of float64, shape (n, 6)
        Per session, in the order of ``MEASURES``: orders, clicks, ad revenue $, margin $
        (commission less courier net of the delivery fee, plus ad revenue), value of the baskets $,
        and value experienced (order probability x experienced utility, summed over places).
    exposure : ndarray of float64, shape (n_r,)
        Attention that each restaurant received: the sum of its places' attention.
    ad_spend : ndarray of float64, shape (n_r,)
        What each restaurant paid for ads, $.
    ad_orders : ndarray of float64, shape (n_r,)
        Orders that came through the restaurant's sponsored places.
    """

    order: NDArray[np.float32]
    click: NDArray[np.float32]
    totals: NDArray[np.float64]
    exposure: NDArray[np.float64]
    ad_spend: NDArray[np.float64]
    ad_orders: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.order)

    def measure(self, name: str) -> NDArray[np.float64]:
        """One column of ``totals`` by its name in ``MEASURES``, shape (n,)."""
        return self.totals[:, MEASURES.index(checks.one_of("name", name, MEASURES))]


def attention(length: int, couplings: Couplings) -> NDArray[np.float32]:
    """Attention to each place of a slate, shape (length,): 1 / position ** attention_exponent."""
    length = checks.whole("length", length, low=1)
    position = np.arange(1, length + 1, dtype=np.float32)
    weights: NDArray[np.float32] = position ** np.float32(-couplings.attention_exponent)
    return weights


def stay_probability(
    sessions: Sessions, latency_ms: float | NDArray[np.floating[Any]]
) -> NDArray[np.float32]:
    """Probability that the customer waits for the slate.

    Parameters
    ----------
    sessions : Sessions
        n sessions.
    latency_ms : float or ndarray of float, shape (n,)
        Latency, ms.

    Returns
    -------
    ndarray of float32, shape (n,)

    Raises
    ------
    ValueError
        If a latency is negative or NaN, or the shape does not fit.

    Notes
    -----
    (1 - e) ** (latency / 100 ms / patience), with e the ``latency_elasticity``. Patience is scaled
    so that its inverse has mean 1 over customers: e is what *all* customers lose for the first
    100 ms; the impatient lose more. Exponential decay is assumed; the experiments behind e cover
    delays up to a few hundred ms.
    """
    n = len(sessions)
    if np.ndim(latency_ms) == 0:
        latency = np.full(n, checks.within("latency_ms", float(latency_ms), 0.0, np.inf))
    else:
        latency = checks.array("latency_ms", latency_ms, (n,), low=0.0)
    mean_inverse = np.exp(PATIENCE_SIGMA**2 / 2)
    hurry = latency / (100.0 * mean_inverse * sessions.world.patience[sessions.customer])
    keep = 1.0 - sessions.world.couplings.latency_elasticity
    stay: NDArray[np.float32] = np.power(keep, hurry).astype(np.float32)
    return stay


def true_scores(sessions: Sessions) -> Scores:
    """The simulator's own probabilities, for a restaurant alone in first place.

    Parameters
    ----------
    sessions : Sessions
        n sessions of c candidates.

    Returns
    -------
    Scores
        Probabilities of shape (n, c). Ranking by ``order`` gives the most expected orders possible.
    """
    pull = np.exp(sessions.perceived - sessions.outside[:, None])
    order = pull / (np.float32(1.0) + pull)
    browse = _browse_probability(sessions, sessions.experienced, sessions.restaurant)
    return Scores(order, order + (np.float32(1.0) - order) * browse)


def expected_outcomes(
    sessions: Sessions,
    slates: Slates,
    latency_ms: float | NDArray[np.floating[Any]] = 0.0,
) -> Outcomes:
    """Expected outcomes in closed form: the only noise is which sessions were drawn.

    Parameters
    ----------
    sessions : Sessions
        n sessions of c candidates.
    slates : Slates
        Their slates, (n, k).
    latency_ms : float or ndarray of float, shape (n,), default 0
        Latency, ms.

    Returns
    -------
    Outcomes

    Raises
    ------
    ValueError
        If shapes do not fit, columns are out of range or repeated within a slate, a price is
        negative, or latency is negative or NaN.

    Notes
    -----
    Orders: multinomial logit among the places and the outside option, each place weighted by its
    attention a, times the probability s of staying,
    p_j = s a_j exp(u_j) / (exp(u_0) + sum_i a_i exp(u_i)), u the *perceived* utility.
    Clicks: p_j + (s - sum p) x 0.5 a_j sigmoid(b_j), with
    b_j = 0.5 experienced_j + badge_click_effect badge_j - 0.6: customers who stay without ordering
    look around. Ads are paid per click, of either kind.
    Margin of an order: commission - (courier 1.2 $ + 0.55 $/km, x 1.25 in rain) + 1.5 $ fee.
    """
    order, browse, stay = _choice(sessions, slates, latency_ms)
    rest = stay - order.sum(axis=1)
    return _outcomes(sessions, slates, order, order + rest[:, None] * browse)


def sample_outcomes(
    sessions: Sessions,
    slates: Slates,
    seed: int,
    latency_ms: float | NDArray[np.floating[Any]] = 0.0,
) -> Outcomes:
    """Sampled outcomes: what an A/B test or a log would record.

    Parameters
    ----------
    sessions, slates, latency_ms
        As in :func:`expected_outcomes`, which gives the expected values of these draws.
    seed : int
        Non-negative seed of the draws. Slates drawn with the same seed share random numbers.

    Returns
    -------
    Outcomes
        With 0 or 1 in ``order`` and ``click``.

    Raises
    ------
    ValueError
        As in :func:`expected_outcomes`, or if the seed is not a non-negative whole number.
    """
    rng = np.random.default_rng([sessions.world.seed, 3, checks.whole("seed", seed, low=0)])
    order, browse, stay = _choice(sessions, slates, latency_ms)
    # One draw per session decides. Below the summed order probabilities, it falls on a place;
    # from there up to the probability of staying, the customer only looks; above, they have left.
    draw = rng.random((len(sessions), 1), dtype=np.float32)
    upper = np.cumsum(order, axis=1)
    ordered = (draw < upper) & (draw >= upper - order)
    ordered &= np.cumsum(ordered, axis=1) == 1  # rounding must not turn one order into two
    looks = (draw < stay[:, None]) & ~ordered.any(axis=1, keepdims=True)
    browsed = looks & (rng.random(order.shape, dtype=np.float32) < browse)
    clicked = (ordered | browsed).astype(np.float32)
    return _outcomes(sessions, slates, ordered.astype(np.float32), clicked)


def _choice(
    sessions: Sessions, slates: Slates, latency_ms: float | NDArray[np.floating[Any]]
) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
    """Probabilities of an order (n, k), of a click without an order (n, k), of staying (n,)."""
    _check_slates(sessions, slates)
    weight = attention(slates.candidate.shape[1], sessions.world.couplings)
    restaurant = np.take_along_axis(sessions.restaurant, slates.candidate, axis=1)
    experienced = np.take_along_axis(sessions.experienced, slates.candidate, axis=1)
    badge = np.float32(sessions.world.couplings.badge_effect) * sessions.world.badge
    pull = weight * np.exp(experienced + badge[restaurant])
    stay = stay_probability(sessions, latency_ms)
    order = pull * (stay / (np.exp(sessions.outside) + pull.sum(axis=1)))[:, None]
    return order, weight * _browse_probability(sessions, experienced, restaurant), stay


def _browse_probability(
    sessions: Sessions, experienced: NDArray[np.float32], restaurant: NDArray[np.int16]
) -> NDArray[np.float32]:
    """Probability of a click in first place by a customer who does not order."""
    badge = np.float32(sessions.world.couplings.badge_click_effect) * sessions.world.badge
    utility = np.float32(0.5) * experienced + (badge - np.float32(0.6))[restaurant]
    probability: NDArray[np.float32] = np.float32(BROWSE_RATE) / (
        np.float32(1.0) + np.exp(-utility)
    )
    return probability


def _outcomes(
    sessions: Sessions,
    slates: Slates,
    order: NDArray[np.float32],
    click: NDArray[np.float32],
) -> Outcomes:
    """Count money, satisfaction and exposure for given orders and clicks."""
    world = sessions.world
    n_r = len(world.price)
    restaurant = np.take_along_axis(sessions.restaurant, slates.candidate, axis=1)
    experienced = np.take_along_axis(sessions.experienced, slates.candidate, axis=1)
    distance = np.take_along_axis(sessions.distance, slates.candidate, axis=1)

    weather = np.where(sessions.rain, COURIER_IN_RAIN, 1.0).astype(np.float32)[:, None]
    courier = (np.float32(COURIER_BASE) + np.float32(COURIER_PER_KM) * distance) * weather
    commission = (world.commission * world.price)[restaurant]
    margin = commission - courier + np.float32(DELIVERY_FEE)
    ads = click * slates.price

    totals = np.empty((len(order), len(MEASURES)), dtype=np.float64)
    totals[:, 0] = order.sum(axis=1)
    totals[:, 1] = click.sum(axis=1)
    totals[:, 2] = ads.sum(axis=1)
    totals[:, 3] = (order * margin).sum(axis=1) + totals[:, 2]
    totals[:, 4] = (order * world.price[restaurant]).sum(axis=1)
    totals[:, 5] = (order * experienced).sum(axis=1)

    flat = restaurant.ravel()
    weight = attention(restaurant.shape[1], world.couplings)
    seen = np.broadcast_to(weight, restaurant.shape).ravel()
    paid = slates.sponsored.ravel()
    return Outcomes(
        order=order,
        click=click,
        totals=totals,
        exposure=np.bincount(flat, seen, n_r).astype(np.float64),
        ad_spend=np.bincount(flat[paid], ads.ravel()[paid], n_r).astype(np.float64),
        ad_orders=np.bincount(flat[paid], order.ravel()[paid], n_r).astype(np.float64),
    )


def _check_slates(sessions: Sessions, slates: Slates) -> None:
    n, c = sessions.shape
    shape = slates.candidate.shape
    if len(shape) != 2 or shape[0] != n:
        raise ValueError(f"slates have shape {shape}: expected {n} slates, one per session")
    if shape[1] > c:
        raise ValueError(f"slates have {shape[1]} places: expected at most {c}, the candidates")
    if n and (slates.candidate.min() < 0 or slates.candidate.max() >= c):
        raise ValueError(
            f"slates hold columns from {slates.candidate.min()} to {slates.candidate.max()}:"
            f" expected 0 to {c - 1}"
        )
    for name in ("sponsored", "price"):
        if getattr(slates, name).shape != shape:
            raise ValueError(f"{name} has shape {getattr(slates, name).shape}: expected {shape}")
    checks.array("price", slates.price, shape, low=0.0)
    in_order = np.sort(slates.candidate, axis=1)
    if (in_order[:, 1:] == in_order[:, :-1]).any():
        raise ValueError("slates repeat a column: expected distinct candidates in each slate")
