"""Releases that nobody has seen yet, day by day, and how well a rule stops them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from launchlab.operations.canary import HORIZON, Plan, information, orders_lost, stopped_by_day
from launchlab.operations.sequential import bounds

Counts = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]
"""Orders and sessions of the canary, orders and sessions of the control; releases x days each."""

Rule = Callable[
    [NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]], ArrayLike
]
"""Given the counts of the days so far, whether each release is to be stopped today."""

_RELEASES = 91  # a random stream
_SOUND, _HARMFUL = 20_000, 1_500  # releases to judge by


@dataclass(frozen=True)
class Service:
    """A service and the plan by which its releases are let out.

    Parameters
    ----------
    sessions : int
        A day.
    rate : float
        Orders per session before a release.
    plan : Plan
        Who gets a release on which day.
    noise : float
        Standard deviation of a day's orders, as a share, for both arms alike.
    dip : float
        By how much less is ordered on the last third of the plan's days, in both arms.
    """

    sessions: int
    rate: float
    plan: Plan
    noise: float = 0.0
    dip: float = 0.0

    def __post_init__(self) -> None:
        if not 0 < self.rate < 0.6:
            raise ValueError(f"rate={self.rate!r}, expected a number above 0 and below 0.6")
        for name, value in (("noise", self.noise), ("dip", self.dip)):
            if not 0 <= value < 0.3:
                raise ValueError(f"{name}={value!r}, expected 0 or more, and less than 0.3")


def draw(service: Service, loss: float, releases: int, seed: int) -> Counts:
    """Draw the counts of some releases, day by day, as if none of them was stopped.

    Parameters
    ----------
    service : Service
    loss : float
        Share of orders that each of them costs; 0 for sound ones.
    releases : int
    seed : int

    Returns
    -------
    orders_canary, sessions_canary, orders_control, sessions_control : ndarray of int64
        Each of shape (releases, days).
    """
    rng = np.random.default_rng([seed, _RELEASES])
    shares = np.asarray(service.plan.shares)
    days = np.exp(service.noise * rng.standard_normal((releases, len(shares))))
    days[:, len(shares) - len(shares) // 3 :] *= 1 - service.dip
    sessions = np.broadcast_to(service.sessions, days.shape)
    theirs = rng.binomial(sessions, shares)
    rate = np.minimum(service.rate * days, 0.95)
    return (
        rng.binomial(theirs, rate * (1 - loss)),
        theirs,
        rng.binomial(sessions - theirs, rate),
        sessions - theirs,
    )


def stopped_on(rule: Rule, counts: Counts) -> NDArray[np.int64]:
    """The day, from 0, on which a rule stops each release; the number of days where it never does.

    The rule sees no day before it has come.

    Raises
    ------
    ValueError
        If it does not return one truth value for each release.
    """
    releases, days = counts[0].shape
    found = np.full(releases, days)
    for day in range(days):
        said = np.asarray(rule(*(one[:, : day + 1].copy() for one in counts)))
        if said.shape != (releases,) or said.dtype != np.bool_:
            raise ValueError(
                f"the rule returned {said.dtype} of shape {said.shape}: expected {releases} "
                "truth values, one for each release"
            )
        found[(found == days) & said] = day
    return found


def false_stops(rule: Rule, service: Service, seed: int, releases: int = _SOUND) -> float:
    """Share of fresh sound releases that a rule stops at any of its looks."""
    days = service.plan.days
    return float((stopped_on(rule, draw(service, 0.0, releases, seed)) < days).mean())


def harm_let_through(
    rule: Rule, service: Service, loss: float, seed: int, releases: int = _HARMFUL
) -> float:
    """Share of a fault's orders of 28 days that are lost although a rule watches.

    Parameters
    ----------
    rule : callable
    service : Service
    loss : float
        Share of orders that each fresh release costs.
    seed : int
    releases : int

    Returns
    -------
    float
        1 where nothing is ever stopped and everybody has it from the first day.
    """
    plan = service.plan
    touched = np.append(np.cumsum(plan.shares), sum(plan.shares) + HORIZON - plan.days)
    return float(touched[stopped_on(rule, draw(service, loss, releases, seed))].mean() / HORIZON)


def corrected(service: Service, level: float) -> Rule:
    """A right rule: differences within days, and bounds for all looks together."""
    shares = np.asarray(service.plan.shares)
    bound = bounds("obrien-fleming", information(service.plan, service.sessions), level)

    def rule(
        orders: NDArray[np.int64],
        sessions: NDArray[np.int64],
        control: NDArray[np.int64],
        others: NDArray[np.int64],
    ) -> NDArray[np.bool_]:
        days = orders.shape[1]
        weight = (shares * (1 - shares))[:days]
        pooled = (orders + control) / (sessions + others)
        variance = pooled * (1 - pooled) * (1 / sessions + 1 / others)
        total = (weight * (orders / sessions - control / others)).sum(axis=1)
        z = total / np.sqrt((weight**2 * variance).sum(axis=1))
        return np.asarray(z < -bound[days - 1])

    return rule


def harm_against_corrected(
    rule: Rule, service: Service, level: float, losses: ArrayLike, seed: int
) -> float:
    """How many times as much harm a rule lets through as a corrected one, mean over some losses."""
    right = corrected(service, level)
    ratios = [
        harm_let_through(rule, service, loss, seed) / harm_let_through(right, service, loss, seed)
        for loss in np.atleast_1d(np.asarray(losses, dtype=np.float64))
    ]
    return float(np.mean(ratios))


HARM = (1.6, 1.25)
"""How many times a corrected rule's harm is let through at most, for two points and for three."""

LOOSE = 1.5
"""How many times its level a rule may stop sound releases, and still earn its first point."""


def allowed(level: float, releases: int = _SOUND) -> float:
    """Largest share of fresh sound releases stopped by which a level counts as kept.

    A tenth more than the level, since bounds that were found by simulation are not exact, and four
    standard errors of the share.
    """
    return 1.1 * level + 4 * float(np.sqrt(level * (1 - level) / releases))


def grade(rule: Rule, service: Service, level: float, losses: Sequence[float], seed: int) -> int:
    """Points of a rule on fresh releases, 0 to 3.

    Parameters
    ----------
    rule : callable
    service : Service
    level : float
        Share of sound releases that it may stop.
    losses : sequence of float
        What the harmful releases cost that it is tried on, as shares of orders.
    seed : int

    Returns
    -------
    int
        0 if it stops more than `LOOSE` times as many sound releases as promised, or lets the
        largest fault do more than nine tenths of the harm that it does if nobody watches. 1 if it
        stops more than promised, or lets too much harm through; 2 and 3 by the steps of `HARM`.
    """
    stopped = false_stops(rule, service, seed)
    if stopped > allowed(LOOSE * level) or sleeps(rule, service, max(losses), seed):
        return 0
    if stopped > allowed(level):
        return 1
    times = harm_against_corrected(rule, service, level, losses, seed)
    return 1 + sum(times <= most for most in HARM)


def sleeps(rule: Rule, service: Service, loss: float, seed: int) -> bool:
    """Whether a fault does more than nine tenths of the harm that it does if nobody watches."""

    def nobody(orders: NDArray[np.int64], *_: NDArray[np.int64]) -> NDArray[np.bool_]:
        return np.zeros(len(orders), bool)

    watched, asleep = (harm_let_through(one, service, loss, seed) for one in (rule, nobody))
    return watched > 0.9 * asleep


def expected_cost(
    plan: Plan, service: Service, chances: Mapping[float, float], level: float
) -> float:
    """Orders that a release is expected to cost in 28 days, compared with knowing all beforehand.

    Parameters
    ----------
    plan : Plan
        Who gets it when; the service's own plan is left aside.
    service : Service
    chances : mapping
        A release's loss of orders, as a share and negative for a gain, to how likely it is.
    level : float
        Of the corrected bounds that watch it.

    Returns
    -------
    float
        Orders lost by releases that cost orders, and orders not won by those that bring some.
    """
    whole = service.sessions * service.rate * HORIZON
    cost = 0.0
    for loss, chance in chances.items():
        stopped = stopped_by_day(plan, service.sessions, loss, level=level, rate=service.rate)
        lost = orders_lost(plan, service.sessions, loss, stopped, service.rate)
        cost += chance * (lost - min(loss, 0.0) * whole)
    return cost


def family() -> dict[str, Plan]:
    """The plans to choose from, each of a week or more: one share throughout, or a small one first.

    Returns
    -------
    dict
        Name to plan.
    """
    found = {}
    for share in (1, 2, 5, 10, 25, 50):
        for days in (7, 14, 21):
            name = f"{share} % for {days} days"
            found[name] = Plan(name, (share / 100,) * days)
    for first, days in ((1, 1), (1, 3), (2, 2), (5, 2), (10, 2)):
        for share in (10, 25, 50):
            for more in (7 - days, 14 - days):
                if share > first:
                    name = f"{first} % for {days}, then {share} % for {more}"
                    found[name] = Plan(name, (first / 100,) * days + (share / 100,) * more)
    return found


def regret(chosen: object, service: Service, chances: Mapping[float, float], level: float) -> float:
    """How much dearer a chosen plan of the family is than its cheapest one, as a share.

    Infinite for what is no plan's name.
    """
    plans = family()
    if not isinstance(chosen, str) or chosen not in plans:
        return float("inf")
    costs = _costs(service, tuple(chances.items()), level)
    return costs[chosen] / min(costs.values()) - 1


def stages_differ(service: Service, chances: Mapping[float, float], level: float) -> float:
    """How far the cheapest plan with stages and the cheapest without one are apart, as a share."""
    costs, plans = _costs(service, tuple(chances.items()), level), family()
    cheapest = [
        min(cost for name, cost in costs.items() if (len(set(plans[name].shares)) > 1) == staged)
        for staged in (False, True)
    ]
    return max(cheapest) / min(cheapest) - 1


@lru_cache(maxsize=8)
def _costs(
    service: Service, chances: tuple[tuple[float, float], ...], level: float
) -> dict[str, float]:
    return {
        name: expected_cost(plan, service, dict(chances), level) for name, plan in family().items()
    }
