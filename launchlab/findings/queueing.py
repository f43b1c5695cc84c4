"""Claims of the chapter "Waiting in line": a dinner peak, and batches under load and without."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from launchlab.claims import Claim, Coupling, Effect, Variant
from launchlab.operations.batching import SLOW, TREES, Call, answered
from launchlab.operations.queues import SERVICE_MS, day

DAYS = "simulated days"


def peak_hurts(seed: int, busy: float = 0.2, half: float = 0.1) -> Effect:
    """The day's p99 at one utilisation, as a multiple of that at another."""
    return Effect(day(seed, busy, SERVICE_MS)[1] / day(seed, half, SERVICE_MS)[1])


@lru_cache(maxsize=64)
def _p(share: float, seed: int, rate: float, call: Call, largest: int, timer: float) -> float:
    return float(np.quantile(answered(seed, rate, call, largest, timer), share))


def batches_shorten(seed: int, rate: float = 80.0, call: Call = TREES) -> Effect:
    """Percent by which batches of up to 32 shorten p99 against one request at a time."""
    return Effect(
        100 * (1 - _p(0.99, seed, rate, call, 32, 0.0) / _p(0.99, seed, rate, call, 1, 0.0))
    )


def timer_lengthens(seed: int, rate: float = 20.0, timer: float = 20.0) -> Effect:
    """The median with a timer, as a multiple of the median without one; batches of up to 32."""
    return Effect(_p(0.5, seed, rate, TREES, 32, timer) / _p(0.5, seed, rate, TREES, 32, 0.0))


CLAIMS = [
    Claim(
        name="queue-peak-hurts",
        statement=(
            "A server works 20 % of the day instead of 10 %: the day's p99 grows more than five "
            "times."
        ),
        effect=peak_hurts,
        couplings=[
            Coupling("busy", "a server at work {} % of the day", 0.2, 0.1, steps=20, scale=100)
        ],
        unit="times as long",
        low=5.0,
        variants=[Variant("fifteen", "15 % of the day", {"busy": 0.15})],
        worlds=DAYS,
    ),
    Claim(
        name="queue-batches-shorten",
        statement=(
            "Under load (80 requests a second), a server that takes all who wait in one batch has "
            "a p99 that is shorter by more than half."
        ),
        effect=batches_shorten,
        couplings=[Coupling("rate", "{} requests a second", 80, 5, steps=25)],
        unit="% shorter",
        low=50.0,
        variants=[
            Variant("forty", "40 requests a second", {"rate": 40.0}),
            Variant("ten", "10 requests a second", {"rate": 10.0}),
            Variant("slow", "300 candidates a request, 45 a second", {"rate": 45.0, "call": SLOW}),
        ],
        worlds=DAYS,
    ),
    Claim(
        name="queue-timer-lengthens",
        statement=(
            "On a quiet server (20 requests a second), a timer of 20 ms that waits for company "
            "more than doubles the median."
        ),
        effect=timer_lengthens,
        couplings=[Coupling("timer", "a timer of {} ms", 20, 1, steps=19)],
        unit="times as long",
        low=2.0,
        variants=[
            Variant("busy", "80 requests a second", {"rate": 80.0}),
            Variant("short", "a timer of 5 ms", {"timer": 5.0}),
        ],
        worlds=DAYS,
    ),
]
