"""The ad auction: who is sponsored, what a click costs, and how advertisers react.

The design is the industry's: advertisers bid per click, the platform ranks them by bid x predicted
click probability, and each pays the lowest bid that would have kept its rank (generalised second
price: Edelman, Ostrovsky and Schwarz 2007; Varian 2007), never less than a reserve. Delivery apps
differ in what they charge for: Uber Eats per click and DoorDash per order (as reported in 2021).
Here it is clicks. The numbers (bids, reserve, what advertisers tolerate) are assumed; the sanity
rows of the scorecard say whether they add up to a believable marketplace.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from launchlab.market import checks

from .sessions import Sessions
from .world import World


@dataclass(frozen=True)
class AdPolicy:
    """How a platform sells and places ads.

    Parameters
    ----------
    slots : int, default 3
        At most this many of a slate's places are sponsored, 0 to 8. 0 means no ads.
    weight : float, default 1
        What a dollar of ads is worth, in dollars of orders, when an auction winner is placed among
        the other restaurants. With 0, winners stand where their orders alone would put them.
    reserve : float, default 0.3
        Lowest price of a click, $. Lower bids do not take part.
    order_value : float, default 4
        Assumed value of an order when it is weighed against an ad, $.

    Raises
    ------
    ValueError
        If a value is NaN, negative or out of range.
    """

    slots: int = 3
    weight: float = 1.0
    reserve: float = 0.3
    order_value: float = 4.0

    def __post_init__(self) -> None:
        checks.whole("slots", self.slots, low=0, high=8)
        checks.within("weight", self.weight, 0.0, 1e6)
        checks.within("reserve", self.reserve, 0.0, 1e3)
        checks.within("order_value", self.order_value, 1e-3, 1e3)


@dataclass(frozen=True, eq=False)
class Auction:
    """Winners of n auctions, best first.

    Attributes
    ----------
    candidate : ndarray of intp, shape (n, slots)
        Column of each winner among the session's candidates.
    won : ndarray of bool, shape (n, slots)
        False where too few bids took part.
    price : ndarray of float32, shape (n, slots)
        Price of a click, $; 0 where nobody won.
    value : ndarray of float32, shape (n, slots)
        Bid x predicted click probability, $ per session that sees it in first place; 0 where nobody
        won.
    """

    candidate: NDArray[np.intp]
    won: NDArray[np.bool_]
    price: NDArray[np.float32]
    value: NDArray[np.float32]


def run_auction(
    sessions: Sessions,
    click: NDArray[np.floating[Any]],
    policy: AdPolicy,
    bids: NDArray[np.floating[Any]] | None = None,
) -> Auction:
    """Run one auction per session.

    Parameters
    ----------
    sessions : Sessions
        n sessions of c candidates.
    click : ndarray of float, shape (n, c)
        *Predicted* click probabilities. A ranker that overrates clicks misplaces ads, so bad
        calibration costs money.
    policy : AdPolicy
    bids : ndarray of float, shape (n_r,), optional
        Bids per click, $; the world's if not given. 0 means not taking part.

    Returns
    -------
    Auction

    Raises
    ------
    ValueError
        If shapes do not fit, a probability is outside [0, 1], a bid is negative, or more slots are
        sold than there are candidates.

    Notes
    -----
    The winner of rank i pays per click min(bid_i, max(reserve, value_{i+1} / click_i)), where
    value = bid x predicted click probability. The last winner's price is set by the best loser.
    """
    n, c = sessions.shape
    click = checks.array("click", click, (n, c), low=0.0, high=1.0)
    bids = check_bids(sessions.world, bids)
    checks.whole("slots", policy.slots, low=0, high=c)

    bid = bids.astype(np.float32)[sessions.restaurant]
    takes_part = (bid > 0) & (bid >= np.float32(policy.reserve))
    value = np.where(takes_part, bid * click.astype(np.float32), np.float32(-1.0))

    k = policy.slots
    rows = np.arange(n)
    candidate = np.empty((n, k), dtype=np.intp)
    best = np.full((n, k + 1), -1.0, dtype=np.float32)
    # A few rounds of argmax are faster than a sort: only the best few of 30 matter.
    for rank in range(k):
        column = value.argmax(axis=1)
        candidate[:, rank] = column
        best[:, rank] = value[rows, column]
        value[rows, column] = -2.0  # below non-participants, so that no column is picked twice
    if k:
        best[:, k] = value.max(axis=1)
    won = best[:, :k] > 0
    own_bid = np.take_along_axis(bid, candidate, axis=1)
    own_click = np.maximum(np.take_along_axis(click, candidate, axis=1), 1e-9)
    price = np.maximum(np.maximum(best[:, 1:], 0.0) / own_click, policy.reserve)
    price = np.where(won, np.minimum(price, own_bid), 0.0).astype(np.float32)
    return Auction(candidate, won, price, np.where(won, best[:, :k], np.float32(0.0)))


def adjust_bids(
    world: World,
    spend: NDArray[np.floating[Any]],
    orders: NDArray[np.floating[Any]],
    bids: NDArray[np.floating[Any]] | None = None,
    *,
    floor: float = 0.25,
) -> NDArray[np.float32]:
    """One step of the advertisers' reaction: those who pay too much per order lower their bids.

    Parameters
    ----------
    world : World
    spend : ndarray of float, shape (n_r,)
        What each restaurant paid for ads, $.
    orders : ndarray of float, shape (n_r,)
        Orders that came through the restaurant's sponsored places.
    bids : ndarray of float, shape (n_r,), optional
        Current bids per click, $; the world's if not given.
    floor : float, default 0.25
        Nobody lowers a bid to less than this share of it in one step.

    Returns
    -------
    ndarray of float32, shape (n_r,)
        New bids, $ per click, never above the old ones.

    Raises
    ------
    ValueError
        If shapes do not fit or a value is negative or NaN.

    Notes
    -----
    new bid = bid x clip(limit / cost per order, floor, 1), where cost per order = spend / orders
    and limit = ``couplings.cost_per_order_limit`` x price of a basket. The proportional rule
    assumes that the price paid follows the bid; under second prices that is roughly true if
    competitors react too. Restaurants that spent nothing learn nothing and keep their bids. Nobody
    raises a bid, and there is only one round: several rounds would end somewhere in between.
    """
    n_r = len(world.price)
    spend = checks.array("spend", spend, (n_r,), low=0.0)
    orders = checks.array("orders", orders, (n_r,), low=0.0)
    bids = check_bids(world, bids)
    checks.within("floor", floor, 0.0, 1.0)
    limit = world.couplings.cost_per_order_limit * world.price.astype(np.float64)
    # limit / (spend / orders), written so that no orders means the floor and no spend means 1.
    ratio = np.divide(limit * orders, spend, out=np.ones(n_r), where=spend > 0)
    lowered: NDArray[np.float32] = (bids * np.clip(ratio, floor, 1.0)).astype(np.float32)
    return lowered


def check_bids(world: World, bids: NDArray[np.floating[Any]] | None) -> NDArray[np.floating[Any]]:
    """Return the bids (the world's if None); raise ValueError if they are unusable."""
    if bids is None:
        return world.bid
    return checks.array("bids", bids, world.bid.shape, low=0.0)
