"""A release in stages: who gets it on which day, when it is stopped, and what a bad one costs.

Sessions are split at random each day between the release and what runs already. The two are
compared within each day, so that a rainy day counts for both alike. If the plan ends and the
release was not stopped, everybody gets it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from launchlab.operations.sequential import LEVEL, bounds, stopping

ORDER_RATE = 0.24
"""Orders per session before the release: about what the simulated towns have."""

HORIZON = 28
"""Days over which losses are counted."""


@dataclass(frozen=True)
class Plan:
    """The share of sessions that get the release, day by day.

    Parameters
    ----------
    name : str
    shares : tuple of float
        One for each day, above 0 and below 1: the rest is what it is compared with.

    Raises
    ------
    ValueError
        If there is no day, or a share is out of range.
    """

    name: str
    shares: tuple[float, ...]

    def __post_init__(self) -> None:
        if not self.shares or not all(0 < share < 1 for share in self.shares):
            raise ValueError(f"shares={self.shares!r}, expected numbers between 0 and 1")
        if len(self.shares) > HORIZON:
            raise ValueError(f"shares: {len(self.shares)} days, expected at most {HORIZON}")

    @property
    def days(self) -> int:
        """Days until everybody gets a release that was not stopped."""
        return len(self.shares)


def steady(share: float, days: int) -> Plan:
    """The same share each day."""
    return Plan(f"{100 * share:g} % for {days} days", (share,) * days)


def staged(days: int) -> Plan:
    """1 %, 10 % and 50 %, each for a third of the days (a multiple of three)."""
    if days % 3:
        raise ValueError(f"days={days!r}, expected a multiple of three")
    third = days // 3
    return Plan(
        f"1, 10, 50 %, {third} days each", (0.01,) * third + (0.1,) * third + (0.5,) * third
    )


def information(plan: Plan, sessions: float, rate: float = ORDER_RATE) -> NDArray[np.float64]:
    """Information about the difference in orders per session, by the end of each day.

    Parameters
    ----------
    plan : Plan
    sessions : float
        Sessions a day.
    rate : float, default 0.24
        Orders per session; each session orders once or not at all.

    Returns
    -------
    ndarray of float64, shape (days,)
        1 / variance of the difference between the two shares that ordered, compared within days.

    Raises
    ------
    ValueError
        If numbers are not positive, or a day has no session with the release.
    """
    shares = np.asarray(plan.shares)
    if not 0 < rate < 1:
        raise ValueError(f"rate={rate!r}, expected a number between 0 and 1")
    if sessions * shares.min() < 1:
        raise ValueError(f"sessions={sessions!r}, expected at least one a day with the release")
    a_day = shares * (1 - shares) * sessions / (rate * (1 - rate))
    return np.asarray(np.cumsum(a_day))


@lru_cache(maxsize=256)
def _bounds(plan: Plan, rule: str, level: float) -> tuple[float, ...]:
    # Bounds depend on shares of the information only, so one table serves any traffic.
    return tuple(bounds(rule, information(plan, 1e6), level))


def stopped_by_day(
    plan: Plan,
    sessions: float,
    loss: float,
    rule: str = "obrien-fleming",
    *,
    level: float = LEVEL,
    rate: float = ORDER_RATE,
) -> NDArray[np.float64]:
    """Probability that a release is stopped at the end of each day of its plan.

    Parameters
    ----------
    plan : Plan
    sessions : float
        Sessions a day.
    loss : float
        Share of orders that the release costs, 0.02 for 2 %; negative if it brings orders.
    rule : str
        One of `launchlab.operations.sequential.RULES`.
    level, rate : float
        As for `bounds` and `information`.

    Returns
    -------
    ndarray of float64, shape (days,)
    """
    found = np.asarray(_bounds(plan, rule, level))
    return stopping(found, information(plan, sessions, rate), -loss * rate)


def orders_lost(
    plan: Plan, sessions: float, loss: float, stopped: NDArray[np.float64], rate: float = ORDER_RATE
) -> float:
    """Orders that a release is expected to cost over 28 days.

    Parameters
    ----------
    plan : Plan
    sessions : float
        Sessions a day.
    loss : float
        Share of orders that the release costs.
    stopped : ndarray of float, shape (days,)
        Probability that it is stopped at the end of each day, as `stopped_by_day` gives.
    rate : float, default 0.24

    Returns
    -------
    float
        Expected orders lost. What is stopped stays stopped; what is not goes to everybody.
    """
    touched = np.cumsum(plan.shares)
    never = 1 - float(stopped.sum())
    through = touched[-1] + (HORIZON - plan.days)
    return float(sessions * rate * loss * (stopped @ touched + never * through))


def customers_touched(share: float, visits: float) -> float:
    """Share of customers who meet the release at least once, if sessions are drawn and not people.

    Parameters
    ----------
    share : float
        Of sessions, 0 to 1.
    visits : float
        Sessions of one customer.
    """
    return float(1 - (1 - share) ** visits)
