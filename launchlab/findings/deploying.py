"""Claims of the chapter "Ten broken, nobody noticed": members that break, and who notices."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from launchlab.claims import Claim, Coupling, Effect, Variant
from launchlab.serving import accuracy_by_answers, train_committee
from launchlab.serving.faults import (
    agreement,
    break_members,
    tally,
)
from launchlab.serving.forgotten import CUT, orders_lost

WORLDS = "random splits"
MEMBERS = 50


@lru_cache(maxsize=2)
def _committee(seed: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    return train_committee(MEMBERS, seed=seed)


def _paired(one: NDArray[np.bool_], other: NDArray[np.bool_]) -> Effect:
    """Difference of two accuracies on the same images, points."""
    gap = one.astype(float) - other
    return Effect(100 * float(gap.mean()), 100 * float(gap.std(ddof=1) / math.sqrt(len(gap))))


def _right(seed: int, members: int, broken: int, breakage: str) -> NDArray[np.bool_]:
    """Which images a committee classifies correctly, shape (n,)."""
    votes, truth = _committee(seed)
    arrived, weights = break_members(votes[:members], broken, breakage, seed)
    return np.asarray(tally(arrived, weights).argmax(axis=1) == truth)


def fall(seed: int, members: int = MEMBERS, broken: int = 10, breakage: str = "shift") -> Effect:
    """Points of accuracy that a committee loses when ``broken`` of its members break."""
    return _paired(_right(seed, members, 0, breakage), _right(seed, members, broken, breakage))


def half_falls(seed: int, broken: int = 25, breakage: str = "shift") -> Effect:
    """`fall` with half of the members broken."""
    return fall(seed, MEMBERS, broken, breakage)


def one_worse_than_five(seed: int, few: int = 1, many: int = 5) -> Effect:
    """Points of accuracy by which ``few`` members that send percentages do worse than ``many``."""
    return _paired(_right(seed, MEMBERS, many, "percent"), _right(seed, MEMBERS, few, "percent"))


def agreement_gap(seed: int, broken: int = 10, breakage: str = "shift") -> Effect:
    """Agreement of the least agreeing sound member less that of the most agreeing broken one.

    In points.
    """
    votes, _ = _committee(seed)
    arrived, _ = break_members(votes, broken, breakage, seed)
    shares = agreement(arrived)
    return Effect(100 * float(shares[broken:].min() - shares[:broken].max()))


def degrades(seed: int, answers: int = 40) -> Effect:
    """Points of accuracy that a committee of fifty loses when only ``answers`` of them answer."""
    votes, truth = _committee(seed)
    table = accuracy_by_answers(votes, truth, counts=[answers, MEMBERS], seed=seed)
    return Effect(100 * float(table["accuracy"].iloc[1] - table["accuracy"].iloc[0]))


def forgotten(
    seed: int, design: str = "cascade", forgot: str = "logistic", cut: int = CUT
) -> Effect:
    """Percent of orders lost when a unit changes and one model of a design is not retrained."""
    return Effect(*orders_lost(seed, design, forgot, cut))


CLAIMS = [
    Claim(
        name="faults-ten-of-fifty-hide",
        statement=(
            "Ten of fifty trees have their labels off by one: the vote loses less than one point "
            "of accuracy."
        ),
        effect=fall,
        couplings=[Coupling("broken", "{} of 50 trees broken", 10, 50, steps=40, whole=True)],
        unit="points lost",
        low=-math.inf,
        high=1.0,
        expected=19,
        variants=[
            Variant("own", "each broken tree has an order of its own", {"breakage": "shuffle"}),
            Variant("fifteen", "fifteen broken", {"broken": 15}),
            Variant("twenty", "twenty broken", {"broken": 20}),
            Variant("small", "two of ten trees", {"members": 10, "broken": 2}),
        ],
        worlds=WORLDS,
    ),
    Claim(
        name="faults-half-collapse",
        statement=(
            "Half of fifty trees have their labels off by one: the vote loses more than 20 points."
        ),
        effect=half_falls,
        couplings=[Coupling("broken", "{} of 50 trees broken", 25, 1, steps=24, whole=True)],
        unit="points lost",
        low=20.0,
        variants=[
            Variant("own", "each broken tree has an order of its own", {"breakage": "shuffle"}),
            Variant("percent", "half send percentages", {"breakage": "percent"}),
        ],
        worlds=WORLDS,
    ),
    Claim(
        name="faults-one-worse-than-five",
        statement="One tree of fifty that sends percentages does more harm than five that do.",
        effect=one_worse_than_five,
        unit="points of accuracy apart",
        variants=[
            Variant("ten", "five against ten", {"few": 5, "many": 10}),
            Variant("all", "one against all fifty", {"few": 1, "many": 50}),
        ],
        worlds=WORLDS,
    ),
    Claim(
        name="faults-agreement-tells",
        statement=(
            "Ten of fifty trees have their labels off by one: each of the forty sound trees agrees "
            "with the majority at least 40 points more often than any of the ten."
        ),
        effect=agreement_gap,
        unit="points of agreement",
        low=40.0,
        variants=[
            Variant("own", "each broken tree has an order of its own", {"breakage": "shuffle"}),
            Variant("most", "thirty broken", {"broken": 30}),
            Variant("percent", "ten send percentages", {"breakage": "percent"}),
        ],
        worlds=WORLDS,
    ),
    Claim(
        name="faults-degrade",
        statement=(
            "Ten of fifty trees do not answer: the vote of the other forty loses less than half a "
            "point."
        ),
        effect=degrades,
        couplings=[Coupling("answers", "answers from {} of 50 trees", 40, 1, steps=39, whole=True)],
        unit="points lost",
        low=-math.inf,
        high=0.5,
        expected=19,
        variants=[
            Variant("twenty-five", "25 of 50 answer", {"answers": 25}),
            Variant("ten", "10 of 50 answer", {"answers": 10}),
        ],
        worlds=WORLDS,
    ),
    Claim(
        name="faults-cascade-forgets",
        statement=(
            "Delivery times arrive in seconds and nobody retrained the cascade's first model: it "
            "loses more than 5 % of its orders."
        ),
        effect=forgotten,
        couplings=[
            Coupling("cut", "{} of 30 candidates let through", CUT, 30, steps=18, whole=True),
        ],
        unit="% of orders lost",
        low=5.0,
        variants=[
            Variant("second", "its second model forgotten instead", {"forgot": "hgb50"}),
            Variant(
                "alone", "one model alone, not retrained", {"design": "alone", "forgot": "hgb50"}
            ),
            *(
                Variant(
                    f"vote-{name}",
                    f"a vote of four, {label} forgotten",
                    {"design": "vote", "forgot": name},
                )
                for name, label in (
                    ("logistic", "its regression"),
                    ("tree", "its single tree"),
                    ("hgb50", "its boosted trees"),
                    ("rf50", "its forest"),
                )
            ),
        ],
    ),
]
