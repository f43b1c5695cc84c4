"""How soon daily orders tell of a fall: a CUSUM chart, computed exactly.

The chart adds up by how much each day falls short, less an allowance, and starts anew at zero
(Page, 1954). Its run length is that of a Markov chain, whose states are small steps of the sum
(Brook and Evans, 1972).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.stats import norm

STATES = 120
"""Steps into which the sum is divided; twice as many move a mean run length by less than 1 %."""

ORDER_RATE = 0.24
"""Orders a session, about as in the towns of this book."""

_LOWEST = 1e-3


@dataclass(frozen=True)
class Chart:
    """A one-sided CUSUM of standardised days.

    Attributes
    ----------
    allowance : float
        What each day may fall short, in standard deviations of a day: half of the fall that the
        chart is made for.
    limit : float
        Sum at which it rings.
    """

    allowance: float
    limit: float

    def __post_init__(self) -> None:
        for name, value in (("allowance", self.allowance), ("limit", self.limit)):
            if not value > 0:
                raise ValueError(f"{name}={value!r}, expected a number above 0")


def _moves(chart: Chart, fall: float) -> NDArray[np.float64]:
    """Chances to move from one state to another in a day, shape (STATES, STATES).

    State 0 is a sum of zero; the others are steps of equal width up to the limit.
    """
    width = 2 * chart.limit / (2 * STATES - 1)
    at = width * np.arange(STATES)
    edges = width * (np.arange(STATES) + 0.5)
    below = norm.cdf(edges[None, :] - at[:, None] + chart.allowance - fall)
    moves: NDArray[np.float64] = np.diff(below, axis=1, prepend=0.0)
    return moves


def mean_days(chart: Chart, fall: float = 0.0) -> float:
    """Days until the chart rings, on average, if it begins at zero.

    Parameters
    ----------
    chart : Chart
    fall : float, default 0
        By how much each day falls short, in standard deviations of a day.
    """
    left = np.eye(STATES) - _moves(chart, fall)
    return float(np.linalg.solve(left, np.ones(STATES))[0])


def rung_by(chart: Chart, fall: float, days: int) -> NDArray[np.float64]:
    """Chance that the chart has rung by the end of each day, shape (days,)."""
    moves = _moves(chart, fall)
    where = np.zeros(STATES)
    where[0] = 1.0
    silent = np.empty(days)
    for day in range(days):
        where = where @ moves
        silent[day] = where.sum()
    return 1 - silent


@lru_cache(maxsize=256)
def chart_for(fall: float, quiet_days: float) -> Chart:
    """The chart made for one fall that rings falsely once in so many days.

    Parameters
    ----------
    fall : float
        In standard deviations of a day, above 0. Beyond 4 it makes no difference, and below 0.2 a
        chart would sum for years: such falls count as these.
    quiet_days : float
        Days from one false alarm to the next, on average; at least 2.

    Raises
    ------
    ValueError
        If a number is out of range.
    """
    if not fall > 0:
        raise ValueError(f"fall={fall!r}, expected a number above 0")
    if not quiet_days >= 2:
        raise ValueError(f"quiet_days={quiet_days!r}, expected at least 2")
    allowance = 0.5 * min(max(fall, 0.2), 4.0)

    def too_quiet(limit: float) -> float:
        return float(np.log(mean_days(Chart(allowance, limit)) / quiet_days))

    if too_quiet(_LOWEST) > 0:  # the allowance alone is quiet enough
        return Chart(allowance, _LOWEST)
    highest = 1.0
    while too_quiet(highest) < 0:
        highest *= 2
    return Chart(allowance, float(brentq(too_quiet, _LOWEST, highest, xtol=1e-4)))


def day_error(sessions: float, noise: float, rate: float = ORDER_RATE) -> float:
    """Standard deviation of a day's orders, as a share of them.

    Parameters
    ----------
    sessions : float
        A day, above 0.
    noise : float
        What differs from day to day whatever the traffic (weather, holidays, football), as a share.
    rate : float, optional
        Orders a session.
    """
    if not sessions > 0:
        raise ValueError(f"sessions={sessions!r}, expected a number above 0")
    if not noise >= 0:
        raise ValueError(f"noise={noise!r}, expected a number of at least 0")
    return float(np.sqrt(noise**2 + (1 - rate) / (rate * sessions)))


def holdback_error(sessions: float, share: float, rate: float = ORDER_RATE) -> float:
    """The same for the difference between a few sessions that keep the former model, and the rest.

    Weather and holidays meet both sides, so that day noise drops out.

    Parameters
    ----------
    sessions : float
        A day, on both sides.
    share : float
        Held back, between 0 and 1.
    rate : float, optional
    """
    if not 0 < share < 1:
        raise ValueError(f"share={share!r}, expected a number between 0 and 1")
    once = day_error(sessions, 0.0, rate)
    return float(once * np.sqrt(1 / share + 1 / (1 - share)))
