"""Waiting in line: how long requests take when several want the same server.

Requests arrive at random (Poisson), wait in one line in front of c servers, and each takes a random
time to serve. For exponential service times (M/M/c) mean and percentiles are exact; any other is
drawn, by Lindley's recursion for a single server. Times are milliseconds, rates are a second.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq

MS = 1_000.0
SERVICE_MS = 20.0
"""Mean time of service in the chapter's examples, ms."""

Draw = Callable[[np.random.Generator, int], NDArray[np.float64]]


def _checked(servers: int, utilisation: float, service_ms: float) -> tuple[int, float, float]:
    if isinstance(servers, bool) or int(servers) != servers or servers < 1:
        raise ValueError(f"servers={servers!r}, expected a whole number from 1")
    if not 0 <= utilisation < 1:
        raise ValueError(f"utilisation={utilisation!r}, expected 0 or more, and less than 1")
    if not 0 < service_ms < math.inf:
        raise ValueError(f"service_ms={service_ms!r}, expected a positive number")
    return int(servers), float(utilisation), float(service_ms)


def must_wait(servers: int, utilisation: float) -> float:
    """Probability that a request finds all servers busy (Erlang's C).

    Parameters
    ----------
    servers : int
    utilisation : float
        Share of time that a server works, 0 or more and less than 1.

    Returns
    -------
    float
    """
    count, busy, _ = _checked(servers, utilisation, 1.0)
    load = busy * count
    lost = 1.0  # Erlang's B, by its recursion: no factorial grows too large
    for one in range(1, count + 1):
        lost = load * lost / (one + load * lost)
    return lost / (1 - busy * (1 - lost))


def mean_ms(servers: int, utilisation: float, service_ms: float) -> float:
    """Mean time in the system, ms: waiting and service, exponential service times."""
    count, busy, service = _checked(servers, utilisation, service_ms)
    return service * (1 + must_wait(count, busy) / (count * (1 - busy)))


def percentile_ms(share: float, servers: int, utilisation: float, service_ms: float) -> float:
    """Time within which a share of requests is answered, ms; exponential service times.

    Parameters
    ----------
    share : float
        0.99 for the 99th percentile.
    servers : int
    utilisation : float
        Share of time that a server works.
    service_ms : float
        Mean time of service.

    Returns
    -------
    float

    Raises
    ------
    ValueError
        If a number is out of range.
    """
    count, busy, service = _checked(servers, utilisation, service_ms)
    if not 0 < share < 1:
        raise ValueError(f"share={share!r}, expected a number between 0 and 1")
    waits = must_wait(count, busy)
    leaves = count * (1 - busy)  # per service time, when there is a line

    def longer(time: float) -> float:
        """Share that takes longer than so many service times, less the share asked for."""
        if abs(leaves - 1) < 1e-9:
            beyond = math.exp(-time) * (1 + waits * time)
        else:
            drift = (math.exp(-leaves * time) - math.exp(-time)) / (1 - leaves)
            beyond = math.exp(-time) + waits * drift
        return beyond - (1 - share)

    most = -math.log(1 - share) * (1 + 1 / leaves) + 1
    return float(service * brentq(longer, 0, 2 * most))


def waits_ms(arrival: NDArray[np.float64], service: NDArray[np.float64]) -> NDArray[np.float64]:
    """Time in the system of each request at one server, first come first served.

    Parameters
    ----------
    arrival, service : ndarray of float, shape (n,)
        Times of arrival, rising, and of service; both in ms.

    Returns
    -------
    ndarray of float64, shape (n,)
        Waiting and service, ms (Lindley's recursion).

    Raises
    ------
    ValueError
        If the shapes differ, or arrivals do not rise.
    """
    if arrival.shape != service.shape or arrival.ndim != 1:
        raise ValueError(f"shapes {arrival.shape} and {service.shape}: expected (n,) twice")
    if len(arrival) == 0:
        return np.zeros(0)
    gaps = np.diff(arrival)
    if (gaps < 0).any():
        raise ValueError("arrival falls: expected times that rise")
    left = np.concatenate([[0.0], np.cumsum(service[:-1] - gaps)])
    return np.asarray(left - np.minimum.accumulate(left) + service)


HOURS = np.array([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 8, 15, 10, 3, 3, 4, 8, 20, 17, 6, 3, 1, 0]) / 100
"""Share of a day's sessions in each hour: lunch, and a dinner peak from 18 to 20. Assumed."""

PEAK = float(24 * HOURS.max())
"""How many times as busy as on average the town is in its busiest hour."""


@lru_cache(maxsize=64)
def _day(seed: int, utilisation: float, service_ms: float) -> tuple[tuple[float, ...], ...]:
    rng = np.random.default_rng([seed, 18])
    expected = utilisation / service_ms * MS * 86_400 * HOURS
    # As wide as the machine counts: 32 bits where Python runs in a page.
    counts = rng.poisson(expected).astype(np.intp)
    starts = np.repeat(np.arange(24), counts)
    arrival = np.sort(starts + rng.random(len(starts))) * 3_600 * MS
    took = waits_ms(arrival, rng.exponential(service_ms, len(arrival)))
    hour = (arrival // (3_600 * MS)).astype(int)
    whole = tuple(float(one) for one in np.quantile(took, [0.5, 0.99]))
    hourly = tuple(
        float(np.quantile(took[hour == one], 0.99)) if (hour == one).any() else 0.0
        for one in range(24)
    )
    return whole, hourly


def day(
    seed: int, utilisation: float, service_ms: float
) -> tuple[float, float, NDArray[np.float64]]:
    """One simulated day with a dinner peak at a single server.

    Parameters
    ----------
    seed : int
    utilisation : float
        Share of the *day* that the server works.
    service_ms : float
        Mean time of service, exponential.

    Returns
    -------
    p50, p99 : float
        Percentiles of the whole day's requests, ms.
    hourly : ndarray of float64, shape (24,)
        99th percentile of the requests that arrive in each hour, ms; 0 where none does.
    """
    _checked(1, utilisation, service_ms)
    (half, most), hourly = _day(seed, utilisation, service_ms)
    return half, most, np.array(hourly)
