"""Claims of the chapter "Friday, 17:00": no rule is right on each evening."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import pandas as pd

from launchlab.claims import Claim, Coupling, Effect, Variant
from launchlab.market import Couplings
from launchlab.operations.drill import CALL_COSTS, ORDER_WORTH, make_evening
from launchlab.operations.evening import evening
from launchlab.operations.strategies import costs, play, seeds_of

NIGHTS = 4


def _truth(seed: int, assumed: dict[str, float]) -> dict[str, Any]:
    return evening(seed, Couplings(**assumed) if assumed else None)


@lru_cache(maxsize=4)
def _costs(seed: int, worth: float, call: float, assumed: tuple[tuple[str, float], ...]) -> Any:
    return costs(_truth(seed, dict(assumed)), seeds_of(seed, NIGHTS), worth, call)


def _table(
    seed: int, assumed: dict[str, float], worth: float = ORDER_WORTH, call: float = CALL_COSTS
) -> pd.DataFrame:
    return _costs(seed, worth, call, tuple(sorted(assumed.items())))


def no_rule_best(
    seed: int, worth: float = ORDER_WORTH, call: float = CALL_COSTS, **assumed: float
) -> Effect:
    """By how much the rule that is beaten least is beaten in its worst scenario, $."""
    found = _table(seed, assumed, worth, call)
    return Effect(float(found.sub(found.min(axis=1), axis=0).max().min()))


def _lost(
    seed: int, scenario: str, name: str, assumed: dict[str, float], times: float = 1.0
) -> float:
    """Orders that a rule loses, mean of some evenings, to a fault so many times as large."""
    truth = _larger(_truth(seed, assumed), scenario, times)
    nights = [make_evening(one, scenario, truth) for one in seeds_of(seed, NIGHTS)]
    return sum(play(name, night).lost_orders for night in nights) / NIGHTS


def _larger(truth: dict[str, Any], scenario: str, times: float) -> dict[str, Any]:
    """A town's truth in which a fault of the new model costs so many times as much."""
    rates, fault = truth["rates"], f"new-{scenario}"
    if times == 1.0 or fault not in rates:
        return truth
    costlier = {
        measure: sound + times * (rates[fault][measure] - sound)
        for measure, sound in rates["new"].items()
    }
    return {**truth, "rates": {**rates, fault: costlier}}


def silent_costs_more(seed: int, **assumed: float) -> Effect:
    """Orders that the silent fault costs more than the loudest one, if both are let run."""
    lost = [_lost(seed, name, "run", assumed) for name in ("cuisine", "seconds")]
    return Effect(lost[0] - lost[1])


def back_forgoes(seed: int, **assumed: float) -> Effect:
    """What rolling back at once costs if nothing is wrong, $."""
    found = _table(seed, assumed)
    return Effect(float(found["back"]["quiet"]))


def significance_lets_through(seed: int, times: float = 1.0, **assumed: float) -> Effect:
    """Share of the silent fault's orders that are lost before significance stops it, percent."""
    waited, ran = (_lost(seed, "cuisine", name, assumed, times) for name in ("test", "run"))
    return Effect(100 * waited / ran)


_TOWNS = (Variant("attention", "attention falls slowly (0.2)", {"attention_exponent": 0.2}),)

CLAIMS = [
    Claim(
        name="friday-no-rule-is-best",
        statement=(
            "Each of five fixed rules is beaten by another by at least $150 in some scenario of "
            "the drill."
        ),
        effect=no_rule_best,
        couplings=[
            Coupling("worth", "an order worth ${}", ORDER_WORTH, 20.0, steps=1),
            Coupling("call", "a call that costs ${}", CALL_COSTS, 50.0, steps=1),
        ],
        unit="$",
        low=150.0,
        variants=[
            Variant("dear", "an order is worth $20", {"worth": 20.0}),
            Variant("cheap-calls", "calling somebody costs $50", {"call": 50.0}),
        ],
    ),
    Claim(
        name="friday-silent-costs-more",
        statement=(
            "Let run, the fault that moves no input costs more orders than the one with the "
            "loudest alarm."
        ),
        effect=silent_costs_more,
        unit="orders",
        low=0.0,
        variants=_TOWNS,
    ),
    Claim(
        name="friday-back-at-once",
        statement=(
            "If nothing is wrong, rolling back at once costs money, for the release was better."
        ),
        effect=back_forgoes,
        unit="$",
        low=0.0,
        expected=15,
        variants=_TOWNS,
    ),
    Claim(
        name="friday-significance-late",
        statement=(
            "By the time the silent fault's loss is significant, more than a third of the orders "
            "it can cost that evening are lost."
        ),
        effect=significance_lets_through,
        couplings=[Coupling("times", "a fault {} times as large", 1.0, 5.0, steps=16)],
        unit="% of the orders",
        low=33.3,
        expected=17,
    ),
]
"""All claims of the chapter."""
