"""Towns drawn like those of the book, what a draw says of each configuration, and what it brings.

Nothing is simulated here customer by customer: that takes several seconds a town. How the book's
towns differ from each other, and how draws differ from their town, is measured on what is shipped
of them, and both are drawn anew from normal distributions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from launchlab.capstone.draws import TOWNS, draw, held_out
from launchlab.capstone.limits import Limits
from launchlab.capstone.menu import MENU, menu_table
from launchlab.capstone.town import DRAW, DRAWS, MEASURES
from launchlab.market import checks

SPREAD = 3.0
"""How many times as far as the book's the towns lie apart. Assumed."""

TOGETHER = 24
"""Directions in which a draw's errors move together; what is left is each ratio's alone."""

_COSTS = ("p95_ms", "artefacts")
_TOWNS = 94  # a random stream
_JUDGED = 400  # towns to judge by

Values = NDArray[np.float64]
"""Ratios to control, shape (towns, 96, 3): of each configuration, each of `MEASURES`."""

Choose = Callable[[pd.DataFrame], object]
"""Given a draw, the row of what ships; None for nothing."""


@dataclass(frozen=True)
class Terms:
    """What the five agreed on, how much is measured, and what going wrong costs.

    Parameters
    ----------
    limits : Limits
    sessions : int
        Of a draw.
    broken : float
        What it costs to ship something that breaks a limit, in percent of the largest margin that
        keeps them all.
    waiting : float
        What it costs to ship nothing, in the same percent.
    """

    limits: Limits = field(default_factory=Limits)
    sessions: int = DRAW
    broken: float = 30.0
    waiting: float = 8.0

    def __post_init__(self) -> None:
        checks.whole("sessions", self.sessions, low=100)
        checks.within("broken", self.broken, 0.0, 100.0)
        checks.within("waiting", self.waiting, 0.0, 100.0)


@dataclass(frozen=True)
class Towns:
    """Some towns: what a draw says in each, what is true of it, and how far a draw is off.

    Attributes
    ----------
    said, true : ndarray of float64, shape (n, 96, 3)
        Ratios to control: in the draw, and in the four later weeks.
    error : ndarray of float64, shape (96, 3)
        Standard errors of a draw's ratios.
    """

    said: Values
    true: Values
    error: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.said)

    def draws(self) -> Iterator[pd.DataFrame]:
        """What a rule sees of each town: the menu, the draw's ratios and their standard errors."""
        for said in self.said:
            seen = menu_table()
            seen[list(MEASURES)] = said
            seen[[f"{name}_se" for name in MEASURES]] = self.error
            yield seen

    def later(self) -> Iterator[pd.DataFrame]:
        """What the later weeks bring in each town, and what each row costs to run."""
        for true in self.true:
            yield pd.DataFrame(true, columns=list(MEASURES)).join(menu_table()[list(_COSTS)])


@dataclass(frozen=True)
class _Measured:
    """How the book's towns differ, and draws err, as factors of standard normal numbers."""

    middle: NDArray[np.float64]  # logarithm of each ratio to control, mean over towns
    differ: NDArray[np.float64]  # shape (towns, 288): how they differ from it
    together: NDArray[np.float64]  # shape (TOGETHER, 288): how a draw's errors move together
    alone: NDArray[np.float64]  # and each by itself


@lru_cache(maxsize=1)
def _measured() -> _Measured:
    names = list(MEASURES)
    later = np.log([held_out(town)[names].to_numpy().ravel() for town in range(TOWNS)])
    middle = later.mean(axis=0)
    draws = [[draw(town, number) for number in range(DRAWS)] for town in range(TOWNS)]
    said = np.array([[one[names].to_numpy().ravel() for one in town] for town in draws])
    off = (said - said.mean(axis=1, keepdims=True)).reshape(-1, said.shape[-1])
    _, sizes, directions = np.linalg.svd(off / np.sqrt(TOWNS * (DRAWS - 1)), full_matrices=False)
    together = sizes[:TOGETHER, None] * directions[:TOGETHER]
    errors = [[one[[f"{name}_se" for name in names]].to_numpy() for one in town] for town in draws]
    left = np.mean(np.square(errors), axis=(0, 1)).ravel() - (together**2).sum(axis=0)
    return _Measured(
        middle,
        (later - middle) / np.sqrt(TOWNS - 1),
        together,
        np.sqrt(np.maximum(left, 0.0)),
    )


def fresh(terms: Terms, n: int, seed: int) -> Towns:
    """Draw towns in which some configuration keeps the limits.

    Parameters
    ----------
    terms : Terms
    n : int
        At least 1.
    seed : int

    Returns
    -------
    Towns
    """
    checks.whole("n", n, low=1)
    known, rng = _measured(), np.random.default_rng([seed, _TOWNS])
    shape = (-1, len(MENU), len(MEASURES))
    kept: list[Values] = []
    # Towns without an answer are not asked: whatever is chosen there would be wrong.
    while sum(map(len, kept)) < n:
        factors = SPREAD * rng.standard_normal((n, len(known.differ)))
        true = np.exp(known.middle + factors @ known.differ).reshape(shape)
        kept.append(true[keeps(true, terms.limits).any(axis=1)])
    true = np.concatenate(kept)[:n]
    # A draw's errors move together: whoever opened the app is the same for each configuration.
    noise = rng.standard_normal((n, len(known.together))) @ known.together
    noise += rng.standard_normal(noise.shape) * known.alone
    noise *= np.sqrt(DRAW / terms.sessions)
    error = np.sqrt((known.together**2).sum(axis=0) + known.alone**2)
    return Towns(
        true + noise.reshape(shape),
        true,
        error.reshape(shape[1:]) * np.sqrt(DRAW / terms.sessions),
    )


def keeps(values: Values, limits: Limits) -> NDArray[np.bool_]:
    """Which configurations can be run and keep the limits on orders and ads, shape (towns, 96)."""
    return np.asarray(limits.kept(values[..., 0], values[..., 1]) & limits.run(menu_table()))


def costs(chosen: NDArray[np.int64], true: Values, terms: Terms) -> NDArray[np.float64]:
    """What a choice costs in each town, in percent of the largest margin that keeps the limits.

    Parameters
    ----------
    chosen : ndarray of int, shape (towns,)
        Place on the menu; -1 for nothing.
    true : ndarray of float, shape (towns, 96, 3)
    terms : Terms

    Returns
    -------
    ndarray of float64, shape (towns,)
        0 for the best choice, `Terms.waiting` for nothing, `Terms.broken` where a limit is broken.
    """
    kept, margin = keeps(true, terms.limits), true[..., 2]
    best = np.where(kept, margin, -np.inf).max(axis=1)
    town = np.arange(len(true))
    regret = 100 * (1 - margin[town, chosen] / best)
    found = np.where(kept[town, chosen], regret, terms.broken)
    return np.asarray(np.where(chosen < 0, terms.waiting, found))


def chosen_by(choose: Choose, towns: Towns) -> NDArray[np.int64]:
    """What a rule ships in each town, -1 for nothing.

    Raises
    ------
    ValueError
        If it returns what is neither a row of the draw nor None.
    """
    return np.array([_place(choose(draw)) for draw in towns.draws()])


def _place(said: object) -> int:
    if said is None:
        return -1
    whole = isinstance(said, int | float | np.integer | np.floating) and said == int(said)
    if isinstance(said, bool) or not whole or not 0 <= int(said) < len(MENU):  # type: ignore[call-overload]
        raise ValueError(
            f"the rule chose {said!r}: expected the number of a row, 0 to {len(MENU) - 1}, or None"
        )
    return int(said)  # type: ignore[call-overload, no-any-return]


def by_bound(towns: Towns, terms: Terms, errors: float) -> NDArray[np.int64]:
    """Ship the largest margin among those that keep the limits by some standard errors.

    Parameters
    ----------
    towns : Towns
    terms : Terms
    errors : float
        0 for the best on the draw, 1.645 for a bound of 95 %.

    Returns
    -------
    ndarray of int64, shape (towns,)
        -1 where none does.
    """
    sure = keeps(towns.said - errors * towns.error, terms.limits)
    best = np.where(sure, towns.said[..., 2], -np.inf).argmax(axis=1)
    return np.asarray(np.where(sure.any(axis=1), best, -1))


BOUNDS = tuple(np.round(np.arange(0.0, 3.01, 0.1), 1))
"""Bounds, in standard errors, of which the cheapest is what a rule is compared with."""

TIMES = (1.5, 1.35, 1.25)
"""A rule may cost so many times what the best bound costs, for one, two and three points."""


def times_the_best_bound(choose: Choose, terms: Terms, seed: int, n: int = _JUDGED) -> float:
    """How many times as much as the best bound a rule costs, mean over fresh towns.

    Parameters
    ----------
    choose : callable
        Given a draw as `Towns.draws` shows it, the row of what ships; None for nothing.
    terms : Terms
    seed : int
    n : int
        Towns.

    Returns
    -------
    float
        The best bound is found on these same towns, so that luck in them is everybody's.
    """
    towns = fresh(terms, n, seed)
    found = costs(chosen_by(choose, towns), towns.true, terms).mean()
    best = min(costs(by_bound(towns, terms, k), towns.true, terms).mean() for k in BOUNDS)
    return float(found / best)


def grade(choose: Choose, terms: Terms, seed: int) -> int:
    """Points of a rule that chooses, 0 to 3, by the steps of `TIMES`."""
    times = _times(choose, terms, seed)
    return sum(times <= most for most in TIMES)


# A rule is asked for its first, second and third point, and judged once.
@lru_cache(maxsize=1)
def _times(choose: Choose, terms: Terms, seed: int) -> float:
    return times_the_best_bound(choose, terms, seed)


def given(
    terms: Terms, seed: int, past: int = 200
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """What a team is given: towns of the past, its own town's draw, and that town's later weeks.

    Parameters
    ----------
    terms : Terms
    seed : int
    past : int, default 200
        Number of towns of the past.

    Returns
    -------
    record : DataFrame
        A row for each past town and configuration: ``town``, ``row`` (of the menu), what the draw
        said (``orders``, ``ads``, ``margin`` and their ``_se``), ``p95_ms``, ``artefacts``, and
        what came (``orders_later``, ``ads_later``, ``margin_later``).
    draw, later : DataFrame
        As `Towns.draws` and `Towns.later` show them.
    """
    towns = fresh(terms, past + 1, seed)
    own = Towns(towns.said[-1:], towns.true[-1:], towns.error)
    record = pd.DataFrame(
        {
            "town": np.repeat(np.arange(past), len(MENU)),
            "row": np.tile(np.arange(len(MENU)), past),
        }
    )
    for k, name in enumerate(MEASURES):
        record[name] = towns.said[:-1, :, k].ravel()
        record[f"{name}_se"] = np.tile(towns.error[:, k], past)
        record[f"{name}_later"] = towns.true[:-1, :, k].ravel()
    for name in _COSTS:
        record[name] = np.tile(menu_table()[name], past)
    return record, next(own.draws()), next(own.later())


def bound_costs(record: pd.DataFrame, terms: Terms, errors: float) -> float:
    """What `by_bound` costs in the towns of a record, mean.

    Parameters
    ----------
    record : DataFrame
        As `given` gives it.
    terms : Terms
    errors : float
        Standard errors by which a row has to keep the limits.
    """
    shape = (-1, len(MENU), len(MEASURES))

    def values(more: str) -> Values:
        names = [name + more for name in MEASURES]
        return np.asarray(record[names], dtype=np.float64).reshape(shape)

    error = values("_se")[0]
    towns = Towns(values(""), values("_later"), error)
    return float(costs(by_bound(towns, terms, errors), towns.true, terms).mean())
