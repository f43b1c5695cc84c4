"""Batches: one call of the model for several requests, and what that does to those who wait.

A call costs something before its first row and something for each request. A server that is free
takes all requests that wait, up to a largest batch; with a timer it first waits for company.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from launchlab.operations.queues import MS


@dataclass(frozen=True)
class Call:
    """What a call of the model costs.

    Parameters
    ----------
    fixed_ms : float
        Before the first request, ms.
    each_ms : float
        For each request of the batch, ms.
    """

    fixed_ms: float
    each_ms: float

    def __post_init__(self) -> None:
        if self.fixed_ms < 0 or self.each_ms <= 0:
            raise ValueError(f"{self}: expected fixed_ms of 0 or more and each_ms above 0")

    def takes(self, batch: int) -> float:
        """Milliseconds of a call for so many requests."""
        return self.fixed_ms + self.each_ms * batch

    def throughput(self, batch: int) -> float:
        """Requests a second, if every batch is full."""
        return MS * batch / self.takes(batch)


TREES = Call(fixed_ms=7.95, each_ms=1.12)
"""800 tuned trees on 30 candidates a request: a line through the table of measured latencies."""

SLOW = Call(fixed_ms=7.95, each_ms=11.2)
"""The same trees on 300 candidates."""


def answered(
    seed: int, rate: float, call: Call, largest: int, timer_ms: float = 0.0, n: int = 20_000
) -> NDArray[np.float64]:
    """How long each request takes at one server that answers in batches.

    Parameters
    ----------
    seed : int
    rate : float
        Requests a second, arriving at random.
    call : Call
    largest : int
        Most requests in a batch, at least 1.
    timer_ms : float, default 0
        A batch that is not full waits for company until its oldest request is so old. 0: take what
        is there.
    n : int, default 20,000
        Requests drawn; the first tenth is left out, while the line builds up.

    Returns
    -------
    ndarray of float64, shape (0.9 n,)
        Milliseconds from arrival to answer.

    Raises
    ------
    ValueError
        If a number is out of range, or more arrives than full batches can answer.
    """
    if rate <= 0 or largest < 1 or timer_ms < 0:
        raise ValueError(
            f"rate={rate!r}, largest={largest!r}, timer_ms={timer_ms!r}: expected a rate above 0, "
            "a batch of at least 1 and a timer of 0 or more"
        )
    if rate >= call.throughput(largest):
        raise ValueError(
            f"rate={rate!r}, expected less than {call.throughput(largest):.0f} requests a second, "
            f"which is what batches of {largest} answer"
        )
    rng = np.random.default_rng([seed, 32])
    arrival = np.cumsum(rng.exponential(MS / rate, n))
    came = arrival.tolist()
    took = np.empty(n)
    free, first = 0.0, 0
    while first < n:
        start = max(free, came[first])
        last = _reached(came, first, largest, start)
        if last - first < largest and timer_ms > 0:
            start = max(start, came[first] + timer_ms)
            last = _reached(came, first, largest, start)
            if last - first == largest:  # full before the timer rang
                start = max(free, came[last - 1])
        free = start + call.takes(last - first)
        took[first:last] = free - arrival[first:last]
        first = last
    return took[n // 10 :]


def _reached(came: list[float], first: int, largest: int, now: float) -> int:
    """One past the last request that is there by now, of at most so many."""
    last = first
    while last < len(came) and last - first < largest and came[last] <= now:
        last += 1
    return last
