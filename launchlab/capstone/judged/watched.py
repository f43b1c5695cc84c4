"""Releases that give something away on purpose, and what it costs to watch them well or badly.

What was chosen on the draw has fewer orders than today, as agreed. So a sound release is *below*
its control, and only what is missing beyond that is a fault.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from launchlab.market import checks
from launchlab.operations.canary import HORIZON, Plan, information
from launchlab.operations.duty.releases import Counts, Rule, Service, draw, stopped_on
from launchlab.operations.sequential import bounds

_JUDGED = 6_000  # sound releases, and as many with a fault


@dataclass(frozen=True)
class Release:
    """How a release is let out, what it gives away, and what may be wrong with it.

    Parameters
    ----------
    sessions : int
        A day.
    rate : float
        Orders per session under what runs today.
    plan : Plan
        Who gets it on which day.
    agreed : float
        Orders of a sound release, as a ratio to its control.
    fault : float
        Share of its orders that a fault costs.
    chance : float
        Of a fault.
    again : float
        What it costs to stop a sound release, as a share of 28 days' orders: what it would have
        brought comes later.
    noise : float, default 0.03
        Standard deviation of a day's orders, as a share, in both arms alike.
    """

    sessions: int
    rate: float
    plan: Plan
    agreed: float
    fault: float
    chance: float
    again: float
    noise: float = 0.03

    def __post_init__(self) -> None:
        checks.within("agreed", self.agreed, 0.5, 1.5)
        checks.within("fault", self.fault, 1e-3, 0.9)
        checks.within("chance", self.chance, 1e-3, 0.999)
        checks.within("again", self.again, 0.0, 1.0)

    @property
    def service(self) -> Service:
        """The service that lets it out."""
        return Service(self.sessions, self.rate, self.plan, self.noise)


def days(release: Release, faulty: bool, releases: int, seed: int) -> Counts:
    """Draw the days of some releases, as if none of them was stopped.

    Parameters
    ----------
    release : Release
    faulty : bool
        Whether all of them carry the fault, or none.
    releases : int
    seed : int

    Returns
    -------
    orders, sessions, orders_control, sessions_control : ndarray of int64
        Each of shape (releases, days).
    """
    ratio = release.agreed * (1 - release.fault * faulty)
    return draw(release.service, 1 - ratio, releases, seed)


def against_agreed(counts: Counts, agreed: float) -> NDArray[np.float64]:
    """Standard errors from what was agreed, by the end of each day, shape (releases, days).

    Days are compared within themselves. Below zero there are fewer orders than agreed.
    """
    orders, sessions, control, others = (one.astype(np.float64) for one in counts)
    new, old = orders / sessions, control / others
    weight = sessions * others / (sessions + others)
    # Both rates under the hypothesis that what was agreed holds.
    pooled = (orders + control) / (agreed * sessions + others)
    variance = agreed * pooled * (1 - agreed * pooled) / sessions
    variance += agreed**2 * pooled * (1 - pooled) / others
    total = np.cumsum(weight * (new - agreed * old), axis=1)
    return np.asarray(total / np.sqrt(np.cumsum(weight**2 * variance, axis=1)))


def cost(release: Release, sound: NDArray[np.int64], faulty: NDArray[np.int64]) -> float:
    """Mean cost of a release, in percent of 28 days' orders.

    Parameters
    ----------
    release : Release
    sound, faulty : ndarray of int
        The day, from 0, on which each release without and with a fault was stopped; the number of
        the plan's days where it never was.

    Returns
    -------
    float
        What faults cost before they are stopped, and what it costs to stop sound releases.
    """
    plan = release.plan
    met = np.append(np.cumsum(plan.shares), sum(plan.shares) + HORIZON - plan.days) / HORIZON
    harm = release.chance * release.fault * float(met[faulty].mean())
    waste = (1 - release.chance) * release.again * float((sound < plan.days).mean())
    return 100 * (harm + waste)


LEVELS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2)
"""Levels of the corrected bounds of which the cheapest is what a rule is compared with."""

SAVED = (0.6, 0.75, 0.85)
"""Shares of what the best bounds save that a rule has to save for one, two and three points."""


def _first(crossed: NDArray[np.bool_]) -> NDArray[np.int64]:
    return np.asarray(np.where(crossed.any(axis=1), crossed.argmax(axis=1), crossed.shape[1]))


def cheapest(release: Release, sound: Counts, faulty: Counts) -> tuple[float, str, float]:
    """Cost, kind and level of the cheapest corrected bounds on some releases."""
    z = [against_agreed(counts, release.agreed) for counts in (sound, faulty)]
    gathered = information(release.plan, release.sessions, release.rate)
    found = []
    for kind in ("obrien-fleming", "pocock"):
        for level in LEVELS:
            bound = bounds(kind, gathered, level)
            found.append((cost(release, *(_first(one < -bound) for one in z)), kind, level))
    return min(found)


def saved(rule: Rule, release: Release, seed: int, releases: int = _JUDGED) -> float:
    """What a rule saves of what never looking costs, as a share of what the best bounds save.

    Parameters
    ----------
    rule : callable
        Given the counts of the days so far, whether each release is to be stopped today.
    release : Release
    seed : int
    releases : int
        Sound ones, and as many with a fault.

    Returns
    -------
    float
        1 for the cheapest corrected bounds, 0 for never looking, below 0 for what costs more.
    """
    sound, faulty = (days(release, wrong, releases, seed + wrong) for wrong in (False, True))
    never = np.full(releases, release.plan.days)
    most = cost(release, never, never)
    best = cheapest(release, sound, faulty)[0]
    found = cost(release, stopped_on(rule, sound), stopped_on(rule, faulty))
    return float((most - found) / (most - best))


def grade(rule: Rule, release: Release, seed: int) -> int:
    """Points of a rule that watches, 0 to 3, by the steps of `SAVED`."""
    found = _saved(rule, release, seed)
    return sum(found >= share for share in SAVED)


# A rule is asked for its first, second and third point, and judged once.
@lru_cache(maxsize=1)
def _saved(rule: Rule, release: Release, seed: int) -> float:
    return saved(rule, release, seed)


def peeking_times(release: Release, releases: int, seed: int, bound: float = 1.645) -> float:
    """How many times what never looking costs it costs to look each day with the bound for one."""
    sound, faulty = (days(release, wrong, releases, seed) for wrong in (False, True))
    z = [against_agreed(counts, release.agreed) for counts in (sound, faulty)]
    never = np.full(releases, release.plan.days)
    return cost(release, *(_first(one < -bound) for one in z)) / cost(release, never, never)
