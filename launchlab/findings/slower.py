"""Claims of the chapter "The slowest of five": what waiting leaves of an ensemble's gain."""

from __future__ import annotations

import math
from functools import cache

import numpy as np
from numpy.typing import NDArray

from launchlab.claims import Claim, Coupling, Effect, Variant
from launchlab.findings._worlds import ELASTICITY
from launchlab.serving.bagged import MEMBERS, bag_latency, bagged_rows
from launchlab.serving.latency import latency_ms
from launchlab.zoo.rankers import BASELINE
from launchlab.zoo.table import at_latency, zoo_rows
from launchlab.zoo.training_noise import training_noise


@cache
def bag_gains(
    seed: int,
    multiplier: float = 0.0,
    elasticity: float = ELASTICITY,
    calls: str = "serial",
) -> NDArray[np.float64]:
    """Gains in orders of bags over one model, percent, in order of `MEMBERS`.

    Each bag is at its own latency, without the overhead that all share. The first 20 worlds come
    from the shipped table.
    """
    table = bagged_rows(seed).set_index("members").loc[list(MEMBERS)]
    waits = np.array([bag_latency(size, multiplier=multiplier, calls=calls) for size in MEMBERS])
    orders = at_latency(table, waits, elasticity=elasticity)["orders"].to_numpy()
    gains: NDArray[np.float64] = 100 * (orders / orders[0] - 1)
    return gains


def _error(seed: int, members: int) -> float:
    """Error from which customers were drawn and from a single training log, percentage points.

    The log's noise is that between the ensemble and its member of 200 trees, the closest pair that
    was measured.
    """
    drawn = float(bagged_rows(seed).set_index("members").loc[members, "orders_change_se"])
    return math.hypot(drawn, training_noise("ensemble5", "hgb200"))


def ensemble_net(
    seed: int, multiplier: float = 1.0, elasticity: float = ELASTICITY, calls: str = "serial"
) -> Effect:
    """Gain in orders of the ensemble over 200 trees, percent, each at its own latency.

    The overhead that both share is left out. The first 20 worlds come from the shipped table. The
    error covers which customers were drawn, and the use of a single training log.
    """
    rows = zoo_rows(seed, ("ensemble5", BASELINE)).set_index("ranker")
    waits = np.array(
        [
            latency_ms(name, multiplier=multiplier, ensemble=calls, overhead=0.0)
            for name in rows.index
        ]
    )
    orders = at_latency(rows, waits, elasticity=elasticity)["orders"]
    drawn = float(rows.loc["ensemble5", "orders_change_se"])
    error = math.hypot(drawn, training_noise("ensemble5", BASELINE))
    return Effect(float(100 * (orders["ensemble5"] / orders[BASELINE] - 1)), error)


def bag_net(
    seed: int,
    members: int = 10,
    multiplier: float = 0.0,
    elasticity: float = ELASTICITY,
    calls: str = "serial",
) -> Effect:
    """Gain in orders of a bag over one model on the whole log, percent; at 0 ms by default."""
    gains = bag_gains(seed, multiplier, elasticity, calls)
    return Effect(float(gains[MEMBERS.index(members)]), _error(seed, members))


def last_five(seed: int, multiplier: float = 0.0, calls: str = "serial") -> Effect:
    """What members six to ten add to a bag of five, percentage points; at 0 ms by default."""
    gains = bag_gains(seed, multiplier, ELASTICITY, calls)
    return Effect(float(gains[MEMBERS.index(10)] - gains[MEMBERS.index(5)]))


def best_size(
    seed: int,
    multiplier: float = 10.0,
    elasticity: float = ELASTICITY,
    calls: str = "serial",
) -> Effect:
    """Size of the bag that brings the most orders, among the sizes in `MEMBERS`."""
    gains = bag_gains(seed, multiplier, elasticity, calls)
    return Effect(float(MEMBERS[int(gains.argmax())]))


_FASTER = Coupling("multiplier", "{} times the table's latency", 30.0, 1.0, steps=32, log=True)
_SLOWER = Coupling("multiplier", "{} times the table's latency", 1.0, 30.0, steps=32, log=True)
_PATIENT = Coupling(
    "elasticity", "{} % of orders lost per 100 ms", ELASTICITY, 0.0, steps=20, scale=100
)
_HASTY = Coupling(
    "elasticity", "{} % of orders lost per 100 ms", ELASTICITY, 0.1, steps=19, scale=100
)

_THREE = Variant("3x", "3 times the latency, in turn", {"multiplier": 3.0})
_TEN = Variant("10x", "10 times, in turn", {"multiplier": 10.0})
_THIRTY = Variant("30x", "30 times, in turn", {"multiplier": 30.0})

CLAIMS = [
    Claim(
        name="slower-at-table-speed",
        statement=(
            "At the table's speed, its members one after another, the Committee brings more"
            " orders than 200 trees."
        ),
        effect=ensemble_net,
        couplings=[_SLOWER, _HASTY],
        unit="%",
        variants=[
            Variant("1", "1 % lost per 100 ms", {"elasticity": 0.01}),
            _THREE,
            _TEN,
            Variant(
                "10x-1", "10 times, in turn, 1 % lost", {"multiplier": 10.0, "elasticity": 0.01}
            ),
        ],
    ),
    Claim(
        name="slower-thirty-times",
        statement=(
            "At 30 times the table's latency, its members one after another, the Committee"
            " brings fewer orders than 200 trees."
        ),
        effect=lambda seed, **assumed: ensemble_net(seed, **{"multiplier": 30.0, **assumed}),
        couplings=[_FASTER, _PATIENT],
        unit="%",
        low=-math.inf,
        high=0.0,
        variants=[
            Variant("parallel", "members at once", {"calls": "parallel"}),
            Variant("02", "0.2 % lost per 100 ms", {"elasticity": 0.002}),
        ],
        expected=19,
    ),
    Claim(
        name="bag-two-members",
        statement=(
            "Two bagged members bring fewer orders than one model that learned from the whole log,"
            " even if nobody waits."
        ),
        effect=lambda seed, **assumed: bag_net(seed, **{"members": 2, **assumed}),
        couplings=[Coupling("members", "{} members", 2, 10, whole=True, between=(3, 5, 7))],
        unit="%",
        low=-math.inf,
        high=0.0,
        variants=[
            Variant("three", "three members", {"members": 3}),
            Variant("five", "five members", {"members": 5}),
        ],
        expected=19,
    ),
    Claim(
        name="bag-ten-members",
        statement="Ten bagged members bring more orders than one model, if nobody waits.",
        effect=bag_net,
        couplings=[Coupling("multiplier", "{} times the table's latency", 0.0, 20.0, steps=40)],
        unit="%",
        variants=[
            _THREE,
            _TEN,
            Variant("10x-parallel", "10 times, at once", {"multiplier": 10.0, "calls": "parallel"}),
        ],
        expected=19,
    ),
    Claim(
        name="bag-last-five",
        statement="Members six to ten still bring orders, if nobody waits.",
        effect=last_five,
        couplings=[Coupling("multiplier", "{} times the table's latency", 0.0, 40.0, steps=40)],
        unit="percentage points",
        variants=[_THREE, _TEN, _THIRTY],
    ),
    Claim(
        name="bag-best-size",
        statement=(
            "At ten times the table's latency, in turn, ten members are too many: one, two, three,"
            " five or seven bring more orders."
        ),
        effect=best_size,
        couplings=[
            Coupling("multiplier", "{} times the table's latency", 10.0, 0.0, steps=40),
            Coupling("elasticity", "{} % of orders lost per 100 ms", ELASTICITY, 0.0, scale=100),
        ],
        unit="members",
        low=0.5,
        high=9.5,
        variants=[
            Variant("0", "nobody waits", {"multiplier": 0.0}),
            _THREE,
            Variant("1", "1 % lost per 100 ms", {"elasticity": 0.01}),
            Variant("parallel", "members at once", {"calls": "parallel"}),
        ],
        expected=16,
    ),
]
