"""Why an A/B test misleads in a marketplace: two policies share the same couriers.

Simulates a town's deliveries through a day, in slots of ten minutes. Orders beyond what the
couriers can carry wait, the promised time grows *for everyone*, and some customers then do not
order. A policy that brings more orders therefore takes couriers from the other arm; rolled out to
everyone, it has no one to take them from.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from launchlab.market import (
    Couplings,
    Scores,
    Sessions,
    expected_outcomes,
    organic_slates,
    top_slate,
)
from launchlab.zoo.training import trained_scores

SLOT_MINUTES = 10
OPEN_HOURS = 12
SLOTS = OPEN_HOURS * 60 // SLOT_MINUTES
"""Slots in a day: the app delivers from 11:00 to 23:00."""

_BY_HOUR = np.array([3, 9, 8, 3, 2, 3, 6, 11, 12, 9, 5, 3], dtype=np.float64)
_WAITS = np.arange(0.0, 120.5, 0.5)
_DAY_SPREAD = 0.15


@dataclass(frozen=True, eq=False)
class CourierTown:
    """A town's demand under two policies, and its couriers.

    Attributes
    ----------
    orders_a, orders_b : ndarray of float64, shape (w,)
        Probability of an order per session at extra waits of 0, 0.5, 1, ... minutes.
    capacity : float
        Orders that couriers can carry in one slot.
    sessions : ndarray of float64, shape (72,)
        Expected sessions in each slot of a day.
    """

    orders_a: NDArray[np.float64]
    orders_b: NDArray[np.float64]
    capacity: float
    sessions: NDArray[np.float64]


def demand_by_wait(
    sessions: Sessions, scores: Scores, per_minute: float = 0.05
) -> NDArray[np.float64]:
    """Probability of an order per session at each extra wait.

    Parameters
    ----------
    sessions : Sessions
    scores : Scores
        Scores of the policy that ranks, without ads.
    per_minute : float, default 0.05
        Utility lost per minute of extra wait; the market assumes the same beyond 28 minutes.

    Returns
    -------
    ndarray of float64, shape (241,)
    """
    if not per_minute >= 0:
        raise ValueError(f"per_minute={per_minute!r}: expected a number of at least 0")
    slates = organic_slates(top_slate(scores.order))
    chance = expected_outcomes(sessions, slates).measure("orders")
    odds = chance / (1 - chance)  # multinomial logit: a wait scales the odds of ordering at all
    waiting = odds * np.exp(-per_minute * _WAITS)[:, None]
    demand: NDArray[np.float64] = (waiting / (1 + waiting)).mean(axis=1)
    return demand


def courier_town(
    seed: int,
    couriers: float = 0.8,
    *,
    policies: tuple[str, str] = ("logistic", "hgb200"),
    sessions_a_day: float = 4_000,
    per_minute: float = 0.05,
    couplings: Couplings | None = None,
) -> CourierTown:
    """Make a town in which policies A and B share the couriers.

    Parameters
    ----------
    seed : int
        The world's seed.
    couriers : float, default 0.8
        Courier capacity, as a share of the orders that policy A brings in the busiest hour.
    policies : pair of str
        Rankers A and B.
    sessions_a_day : float, default 4,000
    per_minute : float, default 0.05
        Utility lost per minute of extra waiting.
    couplings : Couplings, optional

    Returns
    -------
    CourierTown

    Raises
    ------
    ValueError
        If ``couriers`` or ``sessions_a_day`` is not positive.
    """
    if not (couriers > 0 and sessions_a_day > 0):
        raise ValueError(
            f"couriers={couriers!r}, sessions_a_day={sessions_a_day!r}: expected positive numbers"
        )
    demand = []
    for name in policies:
        sessions, scores = trained_scores(seed, name, couplings=couplings)
        demand.append(demand_by_wait(sessions, scores, per_minute))
    per_hour = SLOTS // OPEN_HOURS
    expected = np.repeat(_BY_HOUR / _BY_HOUR.sum() / per_hour, per_hour) * sessions_a_day
    capacity = couriers * float(expected.max() * demand[0][0])
    return CourierTown(demand[0], demand[1], capacity, expected)


def everybody(policy: str, days: int, repeats: int) -> NDArray[np.float64]:
    """Schedule in which everyone sees policy "a", or "b", shape (days, 72, repeats)."""
    if policy not in ("a", "b"):
        raise ValueError(f"policy={policy!r}: expected 'a' or 'b'")
    return np.full((days, SLOTS, repeats), float(policy == "b"))


def split_customers(days: int, repeats: int) -> NDArray[np.float64]:
    """Schedule of an A/B test: half of the customers see B, all the time."""
    return np.full((days, SLOTS, repeats), 0.5)


def switchback(days: int, hours: int, repeats: int, seed: int = 0) -> NDArray[np.float64]:
    """Schedule of a switchback: the whole town sees A or B, drawn again for each block of hours.

    Each block of the day gets B on half of the days, drawn at random.

    Parameters
    ----------
    days : int
        Number of days, even.
    hours : int
        Length of a block, a divisor of 12.
    repeats : int
    seed : int, default 0

    Returns
    -------
    ndarray of float64, shape (days, 72, repeats)
        0 where the town sees A, 1 where it sees B.

    Raises
    ------
    ValueError
        If the number of days is odd, or ``hours`` does not divide the day.
    """
    if days < 2 or days % 2 or hours < 1 or OPEN_HOURS % hours:
        raise ValueError(
            f"days={days}, hours={hours}: expected an even number of days and a divisor of 12"
        )
    rng = np.random.default_rng([seed, 9])
    half = np.arange(days) < days // 2
    shape = (days, OPEN_HOURS // hours, repeats)
    drawn = rng.permuted(np.broadcast_to(half[:, None, None], shape), axis=0)
    return np.repeat(drawn.astype(np.float64), SLOTS * hours // OPEN_HOURS, axis=1)


def run_days(
    town: CourierTown, schedule: NDArray[np.float64], seed: int = 0
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Run a town through a schedule.

    Parameters
    ----------
    town : CourierTown
    schedule : ndarray of float64, shape (days, 72, repeats)
        Share of customers who see policy B.
    seed : int, default 0

    Returns
    -------
    orders, sessions : ndarray of float64, shape (2, repeats)
        Totals of those who saw A (first row) and of those who saw B.

    Notes
    -----
    Sessions are Poisson around the slot's mean times a lognormal level of the day (spread 0.15).
    Orders that couriers cannot carry wait, and the length of the queue in minutes lowers the demand
    of all customers alike. The backlog is gone by the next morning.

    A Poisson number of sessions, each of which goes one of four ways, is four independent Poisson
    numbers. Those that order nothing change nothing that follows, so they are drawn once, at the
    end, and not slot by slot.
    """
    _, slots, repeats = schedule.shape
    if slots != SLOTS:
        raise ValueError(f"schedule has {slots} slots a day: expected {SLOTS}")
    rng = np.random.default_rng([seed, 10])
    orders, idle = np.zeros((2, 2, repeats))
    for day in schedule:
        level = rng.lognormal(-(_DAY_SPREAD**2) / 2, _DAY_SPREAD, repeats)
        backlog = np.zeros(repeats)
        for share, expected in zip(day, town.sessions, strict=True):
            wait = backlog / town.capacity * SLOT_MINUTES
            come = expected * level * np.array([1 - share, share])
            demand = (town.orders_a, town.orders_b)
            wanted = come * [np.interp(wait, _WAITS, by_wait) for by_wait in demand]
            ordered = rng.poisson(wanted)
            orders += ordered
            idle += come - wanted
            backlog = np.maximum(0.0, backlog + ordered.sum(axis=0) - town.capacity)
    return orders, orders + rng.poisson(idle)


def measured_lift(
    orders: NDArray[np.float64], sessions: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Relative lift of orders per session, B over A, shape (repeats,), as a share."""
    rate = orders / sessions
    lift: NDArray[np.float64] = rate[1] / rate[0] - 1
    return lift


def true_lift(
    town: CourierTown, days: int = 28, repeats: int = 100, seed: int = 0
) -> tuple[float, float]:
    """Lift of B for everyone over A for everyone, with its standard error, as shares."""
    rates = []
    for policy, row in (("a", 0), ("b", 1)):
        orders, sessions = run_days(town, everybody(policy, days, repeats), seed)
        rates.append(orders[row] / sessions[row])
    ratio = rates[1].mean() / rates[0].mean()
    spread = sum(float(r.var(ddof=1) / r.mean() ** 2) for r in rates)
    return float(ratio - 1), float(ratio * np.sqrt(spread / repeats))
