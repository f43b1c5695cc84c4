"""Claims of the chapter "Who is served worse": gains and gaps of groups, and what a floor costs."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Any

from launchlab.claims import Claim, Coupling, Effect, Variant
from launchlab.market import Couplings
from launchlab.market.logs import N_LOGGED
from launchlab.operations.floors import Floored, few_ratings, with_floor
from launchlab.operations.served_worse import (
    CUTS,
    TRUTH,
    Served,
    best_by_group,
    serve,
)
from launchlab.zoo.launch import paired_change

LINE, TREES = "straight line", "200 trees"
PAST, HOME = CUTS[0], CUTS[1]
GROUPS = tuple(name for cut in CUTS[:4] for name in (cut.worse, cut.better))
"""Eight groups: all but those drawn by lot."""


def _served(seed: int, assumed: dict[str, Any]) -> Served:
    """A town served; assumptions that `serve` does not know are couplings of the world."""
    given = dict(assumed)
    ours = {one: given.pop(one) for one in ("past", "n_logged", "n_held_out") if one in given}
    return serve(seed, Couplings(**given) if given else None, **ours)


def everybody_gains(seed: int, **assumed: Any) -> Effect:
    """The smallest of eight groups' gains from 200 trees over popularity, percent."""
    town = _served(seed, assumed)
    return Effect(min(town.gain(TREES, group) for group in GROUPS))


def loyal_gain_more(seed: int, **assumed: Any) -> Effect:
    """Points by which loyal customers gain more from 200 trees over popularity than new ones."""
    town = _served(seed, assumed)
    return Effect(town.gain(TREES, PAST.better) - town.gain(TREES, PAST.worse))


def _reached_less(town: Served, ranking: str) -> float:
    """Points of what is possible that new customers reach less than loyal ones."""
    return town.reached(ranking, PAST.better) - town.reached(ranking, PAST.worse)


def trees_narrow(seed: int, **assumed: Any) -> Effect:
    """Points by which that gap is narrower with 200 trees than with a straight line."""
    town = _served(seed, assumed)
    return Effect(_reached_less(town, LINE) - _reached_less(town, TREES))


def outskirts_less(seed: int, **assumed: Any) -> Effect:
    """Percent by which the outskirts order less than the centre with 200 trees."""
    return Effect(_served(seed, assumed).gap(TREES, HOME))


def town_before_ranking(seed: int, **assumed: Any) -> Effect:
    """The outskirts' gap under true scores less what 200 trees add to it, percent (logarithms)."""
    town = _served(seed, assumed)
    seen, possible = (
        math.log(town.mean(ranking, HOME.better) / town.mean(ranking, HOME.worse))
        for ranking in (TREES, TRUTH)
    )
    return Effect(100 * (possible - (seen - possible)))


def auc_tells(seed: int, **assumed: Any) -> Effect:
    """Points of AUC by which new customers are surely lower than loyal ones: difference - 1.645 se.

    Whether a log of that size, taken for independent rows, tells the two groups apart at 5 %.
    """
    town = _served(seed, assumed)
    (new, new_error), (loyal, loyal_error) = (town.auc[TREES, group] for group in ("new", "loyal"))
    error = math.hypot(new_error, loyal_error)
    return Effect(100 * (loyal - new - 1.645 * error))


def some_group_loses(seed: int, **assumed: Any) -> Effect:
    """The smallest of eight groups' changes from a straight line to 200 trees, percent."""
    town = _served(seed, assumed)
    changes = []
    for group in GROUPS:
        rows = town.members[group]
        base, new = (town.orders[ranking][rows] for ranking in (LINE, TREES))
        changes.append(paired_change(base, new, town.sessions.customer[rows]))
    return Effect(*min(changes))


def best_for_each(seed: int, **assumed: Any) -> Effect:
    """Percent of orders won by choosing line or trees for each of nine groups."""
    return Effect(best_by_group(_served(seed, assumed)))


@lru_cache(maxsize=8)
def _floored(seed: int, times: float) -> Floored:
    town = _served(seed, {})
    return with_floor(
        town.sessions, town.scores[TREES], few_ratings(town.sessions.world), float(times)
    )


def _lost(seed: int, times: float, group: str) -> float:
    rows = _served(seed, {}).members[group]
    free, floored = (_floored(seed, one).outcomes.measure("orders")[rows] for one in (1.0, times))
    return float(100 * (1 - floored.mean() / free.mean()))


def floor_costs(seed: int, times: float = 1.25) -> Effect:
    """Percent of orders that a floor under small restaurants' attention costs."""
    return Effect(_lost(seed, times, "all"))


def new_pay_more(seed: int, times: float = 1.5) -> Effect:
    """Points of their orders that new customers lose more to the floor than loyal ones."""
    return Effect(_lost(seed, times, PAST.worse) - _lost(seed, times, PAST.better))


def theirs_grow(seed: int, times: float = 1.5) -> Effect:
    """Growth of small restaurants' orders, as a percentage of the growth of their attention."""
    free, floored = (_floored(seed, one) for one in (1.0, times))
    return Effect(100 * (floored.theirs / free.theirs - 1) / (floored.share / free.share - 1))


_TOWNS = (
    Variant("attention", "attention falls slowly (0.2)", {"attention_exponent": 0.2}),
    Variant("steep", "attention falls steeply (1.5)", {"attention_exponent": 1.5}),
    Variant("price", "price says nothing about quality", {"price_quality": 0.0}),
    Variant("photo", "photos sway nobody's order", {"badge_effect": 0.0}),
    Variant("short-log", "a log of 2,500 sessions", {"n_logged": 2_500}),
)
_LOG = Coupling("n_logged", "a log of {} sessions", N_LOGGED, 2_500, steps=1, whole=True)
_NO_PAST = Variant("no-past", "past orders are left out", {"past": False})

CLAIMS = [
    Claim(
        name="worse-everybody-gains",
        statement=(
            "200 trees instead of popularity bring each of eight groups of customers more orders."
        ),
        effect=everybody_gains,
        unit="% more orders, in the group that gains least",
        variants=[*_TOWNS, _NO_PAST],
    ),
    Claim(
        name="worse-loyal-gain-more",
        statement=(
            "Loyal customers gain more from 200 trees over popularity than new ones, by at least "
            "5 points."
        ),
        effect=loyal_gain_more,
        couplings=[_LOG],
        unit="points",
        low=5.0,
        variants=[*_TOWNS, _NO_PAST],
    ),
    Claim(
        name="worse-trees-narrow",
        statement=(
            "The gap between new and loyal customers, in the share of their possible orders, is "
            "narrower with 200 trees than with a straight line."
        ),
        effect=trees_narrow,
        unit="points",
        expected=19,
        variants=_TOWNS,
    ),
    Claim(
        name="worse-outskirts-less",
        statement=(
            "With 200 trees the fifth of customers with the farthest restaurants orders less than "
            "the fifth with the nearest, by at least 10 %."
        ),
        effect=outskirts_less,
        unit="% fewer orders",
        low=10.0,
        expected=17,
    ),
    Claim(
        name="worse-outskirts-town",
        statement=(
            "Even under a perfect ranking, most of what the outskirts order less than the centre "
            "would remain."
        ),
        effect=town_before_ranking,
        couplings=[_LOG],
        unit="% of orders, the town's part less the ranking's",
        low=0.0,
        variants=_TOWNS,
    ),
    Claim(
        name="worse-auc-tells",
        statement=(
            "On 6,000 logged sessions, AUC is lower for new customers than for loyal ones by more "
            "than chance explains."
        ),
        effect=auc_tells,
        unit="points of AUC, beyond 1.645 standard errors",
        expected=3,
        variants=[
            Variant("long", "30,000 logged sessions", {"n_held_out": 30_000}),
        ],
    ),
    Claim(
        name="worse-group-loses",
        statement=(
            "200 trees instead of a straight line win on average, and lose orders for one of "
            "eight groups."
        ),
        effect=some_group_loses,
        unit="% of orders, in the group that gains least",
        low=-math.inf,
        high=0.0,
        expected=4,
    ),
    Claim(
        name="worse-best-for-each",
        statement=(
            "Choosing line or trees for each of nine groups of customers, on half of them, changes "
            "the others' orders by less than half a percent."
        ),
        effect=best_for_each,
        unit="% of orders",
        low=-0.5,
        high=0.5,
    ),
    Claim(
        name="worse-floor-costs",
        statement=(
            "A floor that gives small restaurants a quarter more attention costs less than 1 % of "
            "orders."
        ),
        effect=floor_costs,
        couplings=[
            Coupling("times", "{} times the attention", 1.25, 2.0, between=(1.5, 1.6)),
        ],
        unit="% of orders",
        low=-math.inf,
        high=1.0,
        variants=[
            Variant("half", "half as much attention again", {"times": 1.5}),
            Variant("double", "twice the attention", {"times": 2.0}),
        ],
    ),
    Claim(
        name="worse-floor-new-pay",
        statement=(
            "A floor that gives small restaurants half as much attention again costs new customers "
            "a larger share of their orders than loyal ones."
        ),
        effect=new_pay_more,
        unit="points",
        expected=17,
        variants=[Variant("double", "attention times 2", {"times": 2.0})],
    ),
    Claim(
        name="worse-floor-half",
        statement=(
            "With half as much attention again, small restaurants' orders grow by less than two "
            "thirds of that."
        ),
        effect=theirs_grow,
        unit="% of the growth in attention",
        low=-math.inf,
        high=100 * 2 / 3,
    ),
]
