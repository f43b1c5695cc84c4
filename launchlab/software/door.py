"""What a service does with an implausible offer, which is one of four things.

It serves the offer all the same, puts a usual value in the place of the implausible one, leaves the
offer out, or refuses the session. Prices of some restaurants arrive in cents. Ranges that the
trainer has written down see that; what follows from seeing is somebody's decision, and it has a
price in orders.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from launchlab.market import popularity_score
from launchlab.memo import memo
from launchlab.software.columns import COLUMN, times, with_column
from launchlab.software.faults import SERVING_FAULTS
from launchlab.software.judged import orders
from launchlab.software.learning import chances, order_model
from launchlab.software.offers import Offers
from launchlab.software.town import make_town

MEASURED = ("distance", "eta", "price", "rating", "log_n_ratings", "badge")
"""Features of an offer whose range says something; the others are yes or no, or the customer's."""

SLACK = 1.0
"""How far a plausible value may lie outside what was seen in training, in widths of its range."""

POLICIES = ("serve", "usual", "leave out", "refuse")
_SUPPLIERS = 78  # random stream: in which order restaurants move to the supplier


def plausible(rows: NDArray[np.float32], slack: float = SLACK) -> dict[str, tuple[float, float]]:
    """The lowest and the highest plausible value of each measured feature.

    Parameters
    ----------
    rows : ndarray of float32, shape (m, 14)
        What the model has learnt from.
    slack : float
    """
    found = {}
    for name in MEASURED:
        seen = rows[:, COLUMN[name]]
        low, high = float(seen.min()), float(seen.max())
        found[name] = (low - slack * (high - low), high + slack * (high - low))
    return found


def usual(rows: NDArray[np.float32]) -> dict[str, float]:
    """The median of each measured feature: what stands in for an implausible value.

    Parameters
    ----------
    rows : ndarray of float32, shape (m, 14)
        What the model has learnt from.
    """
    return {name: float(np.median(rows[:, COLUMN[name]])) for name in MEASURED}


def doubtful(
    rows: NDArray[np.float32], ranges: Mapping[str, tuple[float, float]]
) -> NDArray[np.bool_]:
    """Which rows hold an implausible value, shape (m,)."""
    found = np.zeros(len(rows), dtype=bool)
    for name, (low, high) in ranges.items():
        values = rows[:, COLUMN[name]]
        found |= (values < low) | (values > high)
    return found


def seen_at_the_door(seed: int, slack: float = SLACK) -> dict[str, float]:
    """Share of offers that the ranges doubt, for each serving fault that sits in the feed."""
    town = make_town(seed)
    ranges = plausible(town.shown.rows, slack)
    return {
        name: float(doubtful(fault.fed(town.served), ranges).mean())
        for name, fault in SERVING_FAULTS.items()
    }


@dataclass(frozen=True, eq=False)
class Cents:
    """A town's fresh sessions, scored with prices in dollars, in cents, and with a usual price.

    Attributes
    ----------
    dollars, cents, usual : ndarray of float32, shape (n, k)
        Scores; for ``usual``, each price is the median of those that the model has learnt from.
    turn : ndarray of float, shape (n, k)
        When the offer's restaurant moves to the supplier that counts in cents: below a share
        between 0 and 1, it has moved.
    clean, popular : ndarray of float64, shape (n,)
        Expected orders of each session without a fault, and with the app's own list: the popular
        restaurants, which needs no model.
    """

    dollars: NDArray[np.float32]
    cents: NDArray[np.float32]
    usual: NDArray[np.float32]
    turn: NDArray[np.float64]
    clean: NDArray[np.float64]
    popular: NDArray[np.float64]


@memo
def cents_scores(seed: int, ranker: str = "hgb50") -> Cents:
    """Score a town's sessions in each of the three ways.

    Parameters
    ----------
    seed : int
        The town's.
    ranker : str
        "hgb50" or "logistic".
    """
    town = make_town(seed)
    served: Offers = town.served
    model = order_model(ranker, town.shown.rows, town.ordered)
    dollars = chances(model, served.rows, served.shape)
    cents = chances(model, times(served.rows, "price", 100), served.shape)
    middling = with_column(served.rows, "price", usual(town.shown.rows)["price"])
    n_restaurants = len(town.world.price)
    order = np.random.default_rng([seed, _SUPPLIERS]).permutation(n_restaurants) / n_restaurants
    return Cents(
        dollars=dollars,
        cents=cents,
        usual=chances(model, middling, served.shape),
        turn=order[served.restaurant].reshape(served.shape),
        clean=orders(town.sessions, dollars),
        popular=orders(town.sessions, popularity_score(town.sessions)),
    )


@memo
def all_wrong(
    seed: int, name: str, factor: float, ranker: str = "hgb50"
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Expected orders of each session when a feature of *every* offer is in a wrong unit.

    Parameters
    ----------
    seed : int
        The town's.
    name : str
        One of `MEASURED`.
    factor : float
        What the feature is multiplied by: 60 for seconds instead of minutes.
    ranker : str
        "hgb50" or "logistic".

    Returns
    -------
    two ndarrays of float64, shape (n,)
        If it is served as it came, and if the usual value takes its place.
    """
    town = make_town(seed)
    served: Offers = town.served
    model = order_model(ranker, town.shown.rows, town.ordered)
    middling = with_column(served.rows, name, usual(town.shown.rows)[name])
    as_it_came, mended = (
        orders(town.sessions, chances(model, rows, served.shape))
        for rows in (times(served.rows, name, factor), middling)
    )
    return as_it_came, mended


def ordered(
    seed: int, share: float, policy: str, ranker: str = "hgb50", fallback: str = "popular"
) -> NDArray[np.float64]:
    """Expected orders of each session, shape (n,), when a share of restaurants sends cents.

    Parameters
    ----------
    seed : int
    share : float
        0 to 1.
    policy : {"serve", "usual", "leave out", "refuse"}
        What becomes of offers in cents: they are ranked by the price as it came, or by the usual
        one; they are left out; or their session is refused.
    ranker : str
    fallback : {"popular", "nothing"}
        What the app shows when it is refused a slate: the popular restaurants, or nothing.

    Raises
    ------
    ValueError
        If there is no such policy.
    """
    if policy not in POLICIES:
        raise ValueError(f"policy={policy!r}, expected one of {', '.join(map(repr, POLICIES))}")
    found = cents_scores(seed, ranker)
    moved = found.turn < share
    sessions = make_town(seed).sessions
    if policy == "serve":
        return orders(sessions, np.where(moved, found.cents, found.dollars))
    if policy == "usual":
        return orders(sessions, np.where(moved, found.usual, found.dollars))
    instead = found.popular if fallback == "popular" else np.zeros(len(sessions))
    if policy == "refuse":
        return np.where(moved.any(axis=1), instead, found.clean)
    without = orders(sessions, np.where(moved, -np.inf, found.dollars))
    return np.where(moved.all(axis=1), instead, without)
