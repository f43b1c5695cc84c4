"""Days on duty: what four kinds of dashboards show, what is wrong, and whom it takes to mend it.

A town's faults and what they do are drawn by a seed. Which of the moved inputs costs orders hangs
on the town; so does which of them moves most. A rule sees the days so far and says whom to wake.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

INPUTS = ("distance", "eta", "price", "rating", "hour", "rain")
"""Inputs whose drift is watched, in the order of the columns of `Days.psi`."""

CUISINES = ("pizza", "sushi", "curry", "burger", "thai", "vegan", "kebab", "pasta")
"""Cuisines whose orders are counted, in the order of the columns of `Days.orders`."""

PEOPLE = ("infrastructure", "engineers", "product", "manager")
"""Who can be woken: for inputs, for the model, for one cuisine, for the world outside."""

COSTS = 0.03
"""A fault is worth waking somebody if it costs at least this share of orders."""

_TOWN, _DAYS = 92, 93  # random streams
_MENU = np.array([0.2, 0.17, 0.14, 0.13, 0.11, 0.09, 0.09, 0.07])


@dataclass(frozen=True)
class Days:
    """What the dashboards show, a row for each day.

    Attributes
    ----------
    weekday : ndarray of int64, shape (n,)
        0 for Monday.
    sessions : ndarray of int64, shape (n,)
    psi : ndarray of float64, shape (n, 6)
        Population stability index of each of `INPUTS`, against a quiet week.
    score : ndarray of float64, shape (n,)
        The same of the model's score.
    clicks : ndarray of int64, shape (n,)
    orders : ndarray of int64, shape (n, 8)
        Orders by cuisine.
    """

    weekday: NDArray[np.int64]
    sessions: NDArray[np.int64]
    psi: NDArray[np.float64]
    score: NDArray[np.float64]
    clicks: NDArray[np.int64]
    orders: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.sessions)

    def until(self, day: int) -> Days:
        """The days up to one, itself included."""
        end = day + 1
        return Days(
            self.weekday[:end].copy(),
            self.sessions[:end].copy(),
            self.psi[:end].copy(),
            self.score[:end].copy(),
            self.clicks[:end].copy(),
            self.orders[:end].copy(),
        )


@dataclass(frozen=True)
class Fault:
    """Something that goes wrong, or only looks as if it did.

    Parameters
    ----------
    name : str
    loss : float
        Share of all orders that it costs; negative for a gain.
    psi : tuple of float
        What is added to the index of each of `INPUTS`.
    score : float
        What is added to that of the score.
    who : str
        Who can mend it, one of `PEOPLE`.
    cuisine : int, default -1
        The only cuisine that it hits, and empties; -1 for all.
    """

    name: str
    loss: float
    psi: tuple[float, ...]
    score: float
    who: str
    cuisine: int = -1

    @property
    def wakes(self) -> str:
        """Whom it is right to wake; an empty text where it costs too little."""
        return self.who if self.loss >= COSTS else ""


@dataclass(frozen=True)
class Watched:
    """A town whose days are watched.

    Parameters
    ----------
    sessions : int
        A day, at the weekend a quarter more.
    rate : float
        Orders per session.
    noise : float
        Standard deviation of a day's orders, as a share, in all cuisines alike.
    faults : tuple of Fault
    """

    sessions: int
    rate: float
    noise: float
    faults: tuple[Fault, ...]


def _moved(values: dict[str, float]) -> tuple[float, ...]:
    return tuple(values.get(name, 0.0) for name in INPUTS)


def draw_town(seed: int, sessions: int, rate: float) -> Watched:
    """Draw what goes wrong in a town, and what of it costs.

    Two of the four faults of inputs cost orders and two do not, whatever their index. A bad join
    moves the score and no input, and costs in two towns of three. An empty cuisine and a
    competitor always cost, a holiday never does.
    """
    rng = np.random.default_rng([seed, _TOWN])
    # Three move so that nobody overlooks them, the fourth to one side or the other of 0.2.
    loud = rng.permutation([8.3, 7.7, 6.0, rng.uniform(0.17, 0.35)]) * rng.uniform(0.9, 1.1, 4)
    costs = rng.permutation([1.0, 1.0, 0.0, 0.0]) * rng.uniform(0.07, 0.12, 4)
    names = {
        "eta": "delivery times in seconds",
        "rating": "stars of some restaurants missing",
        "hour": "hours in UTC",
        "rain": "the rain flag stuck",
    }
    # A score moves where it costs, and once where it does not.
    idle = rng.permutation(np.flatnonzero(costs == 0))[0]
    faults = [
        Fault(
            name,
            float(costs[place]),
            _moved({column: float(loud[place])}),
            float(rng.uniform(0.08, 0.4)) if costs[place] or place == idle else 0.0,
            "infrastructure",
        )
        for place, (column, name) in enumerate(names.items())
    ]
    join = float(rng.uniform(0.06, 0.1)) if rng.random() < 2 / 3 else 0.0
    faults.append(
        Fault("a join with other customers", join, (0.0,) * 6, rng.uniform(0.15, 0.3), "engineers")
    )
    gone = int(rng.integers(4))
    # Half of those who miss it order something else.
    faults.append(
        Fault("a cuisine is gone", float(_MENU[gone]) / 2, (0.0,) * 6, 0.0, "product", gone)
    )
    faults.append(
        Fault("a competitor opens", float(rng.uniform(0.07, 0.11)), (0.0,) * 6, 0.0, "manager")
    )
    busy = _moved({"hour": 1.8, "price": 0.4})
    faults.append(Fault("a holiday", -float(rng.uniform(0.02, 0.05)), busy, 0.03, "manager"))
    return Watched(sessions, rate, float(rng.uniform(0.02, 0.03)), tuple(faults))


def draw_days(town: Watched, wrong: Sequence[Fault | None], rng: np.random.Generator) -> Days:
    """Draw days on which something is wrong, or nothing (None)."""
    n = len(wrong)
    weekday = (np.arange(n) + rng.integers(7)) % 7
    weekend = weekday >= 5
    sessions = rng.poisson(town.sessions * np.where(weekend, 1.25, 1.0))
    psi = rng.lognormal(np.log(0.006), 0.5, (n, len(INPUTS)))
    psi[weekend, INPUTS.index("hour")] += 0.05
    score = rng.lognormal(np.log(0.006), 0.5, n)
    spread = rng.lognormal(0.0, 0.1, (n, len(INPUTS) + 1))
    menu = np.tile(_MENU, (n, 1))
    loss = np.zeros(n)
    for day, fault in enumerate(wrong):
        if fault is not None:
            psi[day] += np.asarray(fault.psi) * spread[day, :-1]
            score[day] += fault.score * spread[day, -1]
            loss[day] = fault.loss
            if fault.cuisine >= 0:
                left = np.delete(menu[day], fault.cuisine).sum()
                menu[day] *= (1 - fault.loss) / left
                menu[day, fault.cuisine] = 0.0
            else:
                menu[day] *= 1 - fault.loss
    mood = np.exp(town.noise * rng.standard_normal(n))
    orders = rng.poisson((sessions * town.rate * mood)[:, None] * menu)
    # Who does not order has mostly clicked all the same: clicks fall half as much.
    clicks = rng.poisson(sessions * 2.4 * town.rate * mood**0.5 * (1 - loss / 2))
    return Days(weekday, sessions, psi, score, clicks, orders)


def record(town: Watched, seed: int) -> tuple[Days, tuple[str, ...]]:
    """24 weeks that have been, and their diary: what was wrong on each day, or an empty text.

    Each of the town's faults came twice, for seven days; three or more days between are quiet.
    """
    rng = np.random.default_rng([seed, _DAYS])
    wrong: list[Fault | None] = [None] * 8
    for place in [*rng.permutation(len(town.faults)), *rng.permutation(len(town.faults))]:
        wrong += [town.faults[place]] * 7 + [None] * 3
    days = draw_days(town, wrong, rng)
    return days, tuple("" if fault is None else fault.name for fault in wrong)


@dataclass(frozen=True)
class Watch:
    """How a rule did on fresh fortnights.

    Attributes
    ----------
    false_a_week : float
        How often somebody was woken for what costs nothing, or who cannot mend it.
    saved : float
        Share of the orders lost to faults, if nobody is woken, that it saves: what a fault costs
        before the day on which the right one was woken is lost.
    """

    false_a_week: float
    saved: float


FORTNIGHTS = 320
"""Fresh fortnights that a rule is judged on."""

FALSE_A_WEEK = 1.0
"""How often a week a rule may wake somebody for nothing."""

SAVED = (0.5, 0.75, 0.9)
"""Shares of the loss that a rule has to save for the first, second and third point."""


def fortnights(town: Watched, seed: int, n: int = FORTNIGHTS) -> list[tuple[Days, Fault, int]]:
    """Draw fresh fortnights: their days, what goes wrong, and from which day (14 for never).

    In one of four nothing goes wrong. A fault begins on one of the days 5 to 9, counted from 0, and
    lasts. Each kind comes equally often.
    """
    rng = np.random.default_rng([seed, _DAYS, 1])
    found = []
    for place in range(n):
        fault = town.faults[place % len(town.faults)]
        begins = 14 if place // len(town.faults) % 4 == 3 else int(rng.integers(5, 10))
        wrong = [None] * begins + [fault] * (14 - begins)
        found.append((draw_days(town, wrong, rng), fault, begins))
    return found


def judge(rule: Callable[[Days], object], town: Watched, seed: int, n: int = FORTNIGHTS) -> Watch:
    """Let a rule watch fresh fortnights, from day 4 on, until the right one is woken.

    Parameters
    ----------
    rule : callable
        Given the days so far, one of `PEOPLE`, or an empty text for nobody.
    town : Watched
    seed : int
    n : int

    Returns
    -------
    Watch

    Raises
    ------
    ValueError
        If the rule says somebody else.
    """
    watched = false = 0
    saved = most = 0.0
    for days, fault, begins in fortnights(town, seed, n):
        most += fault.loss * (14 - begins) * bool(fault.wakes)
        for day in range(4, 14):
            watched += 1
            said = rule(days.until(day))
            if said not in ("", *PEOPLE):
                raise ValueError(f"the rule says {said!r}: expected '' or one of {PEOPLE}")
            due = fault.wakes if day >= begins else ""
            if said and said == due:
                saved += fault.loss * (14 - day)
                break
            false += bool(said)
    return Watch(7 * false / watched, saved / most)


def grade(rule: Callable[[Days], object], town: Watched, seed: int) -> int:
    """Points of a rule on fresh fortnights, 0 to 3: none if it wakes too many for nothing."""
    found = judge(rule, town, seed)
    if found.false_a_week > FALSE_A_WEEK:
        return 0
    return sum(found.saved >= share for share in SAVED)
