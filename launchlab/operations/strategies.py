"""Five people who always do the same on a Friday evening, whatever it brings."""

from __future__ import annotations

from typing import Any

import pandas as pd

from launchlab import shipped
from launchlab.operations.drill import (
    CALL_COSTS,
    LOOKS_AT,
    NEVER,
    ORDER_WORTH,
    Evening,
    State,
    begin,
    cost,
    facts,
    frame,
    make_evening,
    red,
    step,
)
from launchlab.operations.drill_chance import SEEDS
from launchlab.operations.drill_story import SCENARIOS
from launchlab.operations.evenings import WORLDS, evenings

STRATEGIES = {
    "back": "roll back at once",
    "red": "roll back at the first red light",
    "test": "wait for significance",
    "call": "call the ML engineers at once",
    "run": "let it run",
}
"""What each always does, by the name that code gives it."""

NIGHTS = 3
"""Evenings of each scenario in each town of the shipped table."""

FIRST_LOOK = 5
"""Minutes after which those who act at once act."""


def choose(name: str, evening: Evening, state: State) -> str:
    """What somebody with a fixed strategy does next.

    Parameters
    ----------
    name : str
        One of `STRATEGIES`.
    evening : Evening
    state : State
        Of an evening that is not over.

    Returns
    -------
    str
        An action.

    Raises
    ------
    ValueError
        If there is no such strategy.
    """
    if name not in STRATEGIES:
        raise ValueError(f"name={name!r}, expected one of {', '.join(STRATEGIES)}")
    if state.back_at < NEVER or name == "run":
        return "run"
    if state.minute < FIRST_LOOK:
        return f"wait {FIRST_LOOK}"
    if name == "back":
        return "rollback"
    if name == "call":
        return "run" if state.called else "call ml"
    if name == "red":
        return "rollback" if red(facts(evening, state)) else "wait 5"
    if state.minute not in LOOKS_AT:
        return f"wait {15 - state.minute % 15}"
    bound = frame()["bounds"][LOOKS_AT.index(state.minute)]
    return "rollback" if facts(evening, state)["z"] < -bound else "wait 15"


def play(name: str, evening: Evening) -> State:
    """An evening in the hands of somebody with a fixed strategy; parameters as in `choose`."""
    state = begin(evening)
    while not state.over:
        state = step(evening, state, choose(name, evening, state))
    return state


def costs(
    truth: dict[str, Any],
    seeds: tuple[int, ...],
    worth: float = ORDER_WORTH,
    call: float = CALL_COSTS,
) -> pd.DataFrame:
    """Mean cost of each strategy in each scenario of a town.

    Parameters
    ----------
    truth : dict
        Of the town, as `launchlab.operations.evening.evening` returns.
    seeds : tuple of int
        Of the evenings' noise.
    worth, call : float
        As in `launchlab.operations.drill.cost`.

    Returns
    -------
    DataFrame
        $; a row for each scenario, by name, a column for each strategy.
    """
    found: dict[str, dict[str, float]] = {}
    for one in SCENARIOS:
        nights = [make_evening(seed, one.name, truth) for seed in seeds]
        found[one.name] = {
            name: sum(cost(play(name, night), worth, call) for night in nights) / len(nights)
            for name in STRATEGIES
        }
    return pd.DataFrame(found).T


def seeds_of(town: int, nights: int) -> tuple[int, ...]:
    """Different seeds of noise for each town."""
    return tuple((town * nights + one) % SEEDS for one in range(nights))


def losses(nights: int) -> pd.DataFrame:
    """What each strategy loses in each scenario, mean of all towns.

    Parameters
    ----------
    nights : int
        Evenings of each scenario in each town.

    Returns
    -------
    DataFrame
        A row for each scenario and strategy: lost_orders, lost_ads ($) and called (people), from
        which `cost_of` makes dollars.
    """
    rows = []
    for one in SCENARIOS:
        for name in STRATEGIES:
            ends = [
                play(name, make_evening(seed, one.name, evenings()[town]))
                for town in range(WORLDS)
                for seed in seeds_of(town, nights)
            ]
            rows.append(
                {
                    "scenario": one.name,
                    "strategy": name,
                    "lost_orders": sum(end.lost_orders for end in ends) / len(ends),
                    "lost_ads": sum(end.lost_ads for end in ends) / len(ends),
                    "called": sum(len(end.called) for end in ends) / len(ends),
                }
            )
    return pd.DataFrame(rows)


def loss_table() -> pd.DataFrame:
    """What `losses` returns for `NIGHTS` evenings, as shipped."""
    return shipped.read_table(__package__, "strategies.csv", comment="#")


def cost_of(
    table: pd.DataFrame, worth: float = ORDER_WORTH, call: float = CALL_COSTS
) -> pd.DataFrame:
    """Mean cost of each strategy by scenario, $.

    Parameters
    ----------
    table : DataFrame
        As `losses` returns.
    worth, call : float
        As in `launchlab.operations.drill.cost`.
    """
    dollars = worth * table["lost_orders"] + table["lost_ads"] + call * table["called"]
    wide = table.assign(dollars=dollars).pivot(
        index="scenario", columns="strategy", values="dollars"
    )
    return wide.loc[[one.name for one in SCENARIOS], list(STRATEGIES)]
