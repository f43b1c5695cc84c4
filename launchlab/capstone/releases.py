"""A release in stages, watched day by day against the limit that was agreed on.

A coin decides whether the release carries a fault. What is watched is whether its orders keep their
limit: a release that was agreed to cost three per cent is *expected* to be behind the control.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import norm

from launchlab.capstone.draws import control_weeks, draw, held_out
from launchlab.capstone.limits import LIMITS
from launchlab.capstone.strategies import allowed
from launchlab.operations.canary import Plan, information
from launchlab.operations.happenings import HAPPENINGS
from launchlab.operations.sequential import bounds, stopping
from launchlab.operations.watching import WORLDS, happened_in

PLAN = Plan("1, 10, 50 %", (0.01, 0.01, 0.1, 0.1, 0.1, 0.5, 0.5))
"""Seven days; after them everybody gets what was not stopped."""

A_DAY = 1_000_000 / 7
"""Sessions a day."""

HARM = 0.01
"""A fault costs at least this share of orders; smaller ones are none here."""

RULES = {
    "never": "never look",
    "control": "below the control on day 7",
    "seventh": "below the limit on day 7",
    "peek": "each day, uncorrected",
    "obrien-fleming": "each day, corrected",
}
"""Name of each way to watch to what a reader sees."""

_STREAM = 41


@dataclass(frozen=True)
class Fault:
    """What may be wrong with a release.

    Attributes
    ----------
    name : str
        One of ``HAPPENINGS``, those of the inputs.
    words : str
    loss : float
        Share of orders that it costs in its town.
    """

    name: str
    words: str
    loss: float


@cache
def faults(town: int) -> tuple[Fault, ...]:
    """The faults of the inputs that cost at least `HARM` in a town, the dearest first.

    Parameters
    ----------
    town : int
        Shipped for the first 20; others take ten seconds.
    """
    table = happened_in(town).set_index("happening")["orders"]
    found = [
        Fault(one.name, one.words, round(-float(table[one.name]) / 100, 4))
        for one in HAPPENINGS.values()
        if one.kind == "input"
    ]
    return tuple(sorted((f for f in found if f.loss >= HARM), key=lambda f: -f.loss))


@dataclass(frozen=True, eq=False)
class Release:
    """A release as its seed draws it, for one configuration in one town.

    Attributes
    ----------
    town : int
    choice : int
        Place on the menu.
    fault : Fault or None
        What the coin says; a reader learns it at the end.
    rate : float
        Orders per session of the control.
    ratio : float
        What the release truly has of the control's orders, its fault included.
    noise : ndarray of float, shape (7, 2)
        Luck of each day, of the release and of the control, in standard deviations.
    """

    town: int
    choice: int
    fault: Fault | None
    rate: float
    ratio: float
    noise: NDArray[np.float64]

    @property
    def should_stop(self) -> bool:
        """Whether it breaks the limit on orders."""
        return self.ratio < LIMITS.orders

    def days(self) -> pd.DataFrame:
        """What the dashboards show.

        Returns
        -------
        DataFrame, a row for each day
            ``day``, 1 to 7; ``share`` of sessions that get the release; ``sessions`` and ``orders``
            of the release, ``control_sessions`` and ``control_orders``.
        """
        rows = []
        for day, share in enumerate(PLAN.shares):
            new, old = round(A_DAY * share), round(A_DAY * (1 - share))
            rows.append(
                {
                    "day": day + 1,
                    "share": share,
                    "sessions": new,
                    "orders": _count(new, self.rate * self.ratio, self.noise[day, 0]),
                    "control_sessions": old,
                    "control_orders": _count(old, self.rate, self.noise[day, 1]),
                }
            )
        return pd.DataFrame(rows)


def _count(sessions: int, chance: float, luck: float) -> int:
    """Orders of so many sessions; the page counts in the same way."""
    spread = math.sqrt(sessions * chance * (1 - chance))
    return max(0, math.floor(sessions * chance + spread * luck + 0.5))


def careful(town: int, number: int = 0, level: float = 0.8) -> int:
    """What somebody ships who asks for limits kept at a confidence, and for less if nothing does.

    Parameters
    ----------
    town : int
    number : int, default 0
        Of the draw.
    level : float, default 0.8
    """
    table = draw(town, number)
    ratio = table[["orders", "ads", "margin"]].to_numpy()
    error = table[["orders_se", "ads_se", "margin_se"]].to_numpy()
    for one in (level, 0.65, 0.5):
        fits = allowed(ratio, error, one)
        if fits.any():
            return int(np.where(fits, ratio[:, 2], -np.inf).argmax())
    return int(ratio[:, 1].argmax())


@dataclass(frozen=True, eq=False)
class Luck:
    """What a seed draws for a release.

    Attributes
    ----------
    town : int
        One of the first 20.
    number : int
        Of the draw, 0 to 3.
    faulty : bool
        What the coin says.
    which : float
        Which of its town's faults, from 0 to 1.
    noise : ndarray of float, shape (7, 2)
        As for `Release`.
    """

    town: int
    number: int
    faulty: bool
    which: float
    noise: NDArray[np.float64]


def luck(seed: int) -> Luck:
    """Draw town, coin, fault and seven days."""
    rng = np.random.default_rng([seed, _STREAM])
    return Luck(
        town=int(rng.integers(WORLDS)),
        number=int(rng.integers(4)),
        faulty=bool(rng.random() < 0.5),
        which=round(float(rng.random()), 3),
        noise=np.round(rng.standard_normal((PLAN.days, 2)), 3),
    )


def release(seed: int, town: int | None = None, choice: int | None = None) -> Release:
    """Draw a release.

    Parameters
    ----------
    seed : int
        Of coin, fault and luck; and of the town, one of the first 20, if none is given.
    town : int, optional
    choice : int, optional
        Place on the menu; what `careful` ships if not given.
    """
    drawn = luck(seed)
    town = drawn.town if town is None else town
    choice = careful(town, drawn.number) if choice is None else choice
    known = faults(town)
    fault = known[int(drawn.which * len(known))] if drawn.faulty and known else None
    return Release(town, choice, fault, rate_of(town), ratio_of(town, choice, fault), drawn.noise)


def rate_of(town: int) -> float:
    """Orders per session of a town's control, mean of the four later weeks."""
    return round(float(control_weeks(town)["orders"].mean()), 4)


def ratio_of(town: int, choice: int, fault: Fault | None) -> float:
    """What a release truly has of the control's orders."""
    healthy = float(held_out(town)["orders"][choice])
    return healthy * (1 - (fault.loss if fault else 0.0))


def watched(days: pd.DataFrame, limit: float = LIMITS.orders) -> pd.DataFrame:
    """What the days let one conclude: orders against a limit, both arms compared within days.

    Parameters
    ----------
    days : DataFrame
        As from `Release.days`, or its first rows.
    limit : float, default 0.95
        Share of the control's orders.

    Returns
    -------
    DataFrame, a row for each day
        ``day``; ``change``: orders against the control so far, percent; ``error``: its standard
        error, percent; ``z``: distance to the limit, in standard errors; ``bound``: stop if z is
        below minus this (O'Brien-Fleming).
    """
    new, old = days["sessions"].to_numpy(float), days["control_sessions"].to_numpy(float)
    p, q = days["orders"].to_numpy(float) / new, days["control_orders"].to_numpy(float) / old
    weight = new * old / (new + old)
    variance = p * (1 - p) / new + limit**2 * q * (1 - q) / old
    total = np.cumsum(weight)
    level = np.cumsum(weight * q) / total
    ratio = np.cumsum(weight * p) / total / level
    z = np.cumsum(weight * (p - limit * q)) / np.sqrt(np.cumsum(weight**2 * variance))
    spread = np.sqrt(np.cumsum(weight**2 * variance)) / total / level
    return pd.DataFrame(
        {
            "day": days["day"],
            "change": 100 * (ratio - 1),
            "error": 100 * spread,
            "z": z,
            "bound": looks()[: len(days)],
        }
    )


@cache
def looks() -> tuple[float, ...]:
    """Bounds of the seven daily looks, 5 % together (O'Brien-Fleming), none above 6.

    On the first days so little is known that the bounds would be dozens of standard errors.
    """
    found = bounds("obrien-fleming", information(PLAN, A_DAY))
    return tuple(round(min(float(one), 6.0), 3) for one in found)


def stopped(
    rule: str, ratio: float, rate: float, limit: float = LIMITS.orders, a_day: float = A_DAY
) -> NDArray[np.float64]:
    """How likely a rule stops a release at the end of each day; nothing is simulated.

    Parameters
    ----------
    rule : str
        One of ``RULES``.
    ratio : float
        What the release truly has of the control's orders.
    rate : float
        Orders per session of the control.
    limit : float, default 0.95
    a_day : float, optional
        Sessions a day.

    Returns
    -------
    ndarray of float64, shape (7,)

    Raises
    ------
    ValueError
        For an unknown rule.
    """
    if rule not in RULES:
        raise ValueError(f"rule={rule!r}, expected one of {', '.join(RULES)}")
    found = np.zeros(PLAN.days)
    if rule == "never":
        return found
    gathered = information(PLAN, a_day, rate)
    effect = (ratio - (1.0 if rule == "control" else limit)) * rate
    if rule in ("control", "seventh"):
        found[-1] = norm.cdf(-effect * math.sqrt(gathered[-1]))
        return found
    bound = bounds("peek", gathered) if rule == "peek" else np.array(looks())
    return stopping(bound, gathered, effect)
