"""Claims of the chapter "The negotiation": what bounds leave, what a split adds, what orders cost.

Each effect is also measured on both halves of the sessions; half of the difference serves as the
error within a world.
"""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from launchlab.claims import Claim, Coupling, Effect, Variant
from launchlab.claims.wording import YES
from launchlab.serving.latency import share_over
from launchlab.stakeholders.menu import world_menu
from launchlab.stakeholders.negotiation import (
    Bound,
    InfeasibleError,
    best_single,
    best_split,
    feasible,
)

LIMIT_MS = 120.0
"""Product's limit: how many requests take longer is what is bounded."""


def with_share_over(menu: pd.DataFrame, limit_ms: float = LIMIT_MS) -> pd.DataFrame:
    """Add a column ``over``: the percent of requests that take longer than the limit."""
    return menu.assign(over=[100 * share_over(median, limit_ms) for median in menu["p50_ms"]])


def bounds_of(
    menu: pd.DataFrame, orders: float = 95.0, ads: float = 70.0, over: float = 6.0
) -> list[Bound]:
    """Bounds on orders and ads (percent of their maximum) and on slow requests (percent)."""
    return [
        Bound("orders", orders / 100 * float(menu["orders"].max())),
        Bound("ad_revenue", ads / 100 * float(menu["ad_revenue"].max())),
        Bound("over", over, least=False),
    ]


def _with_error(seed: int, measured: Callable[[pd.DataFrame], float]) -> Effect:
    halves = [measured(with_share_over(world_menu(seed, half=half))) for half in (0, 1)]
    error = abs(halves[0] - halves[1]) / 2
    return Effect(measured(with_share_over(world_menu(seed))), error)


def singles(seed: int, orders: float = 95.0, ads: float = 70.0, over: float = 6.0) -> Effect:
    """How many of 150 configurations satisfy all three bounds on their own."""
    return _with_error(
        seed, lambda menu: float(len(feasible(menu, bounds_of(menu, orders, ads, over))))
    )


def split_keeps(seed: int, orders: float = 95.0, ads: float = 70.0, over: float = 6.0) -> Effect:
    """1 if some split of traffic satisfies all three bounds, else 0."""

    def measured(menu: pd.DataFrame) -> float:
        try:
            best_split(menu, "margin", bounds_of(menu, orders, ads, over))
        except InfeasibleError:
            return 0.0
        return 1.0

    return _with_error(seed, measured)


def price_of_orders(seed: int, orders: float = 99.0) -> Effect:
    """Shadow price of a guaranteed order, $ of margin, when only orders are bounded."""

    def measured(menu: pd.DataFrame) -> float:
        bound = Bound("orders", orders / 100 * float(menu["orders"].max()))
        return best_split(menu, "margin", [bound]).prices["orders"]

    return _with_error(seed, measured)


def price_rise(seed: int, low: float = 95.0, high: float = 99.0) -> Effect:
    """How much more a guaranteed order costs at the higher bound, $."""

    def measured(menu: pd.DataFrame) -> float:
        best = float(menu["orders"].max())
        prices = [
            best_split(menu, "margin", [Bound("orders", share / 100 * best)]).prices["orders"]
            for share in (low, high)
        ]
        return prices[1] - prices[0]

    return _with_error(seed, measured)


def split_gain(seed: int, orders: float = 97.0) -> Effect:
    """Margin of the best split less that of the best single configuration, $ per 1,000 sessions.

    Both satisfy a bound on orders.
    """

    def measured(menu: pd.DataFrame) -> float:
        bound = [Bound("orders", orders / 100 * float(menu["orders"].max()))]
        single = best_single(menu, "margin", bound)
        assert single is not None  # the configuration with the most orders satisfies the bound
        return best_split(menu, "margin", bound).value - float(single["margin"])

    return _with_error(seed, measured)


CLAIMS = [
    Claim(
        name="bounds-leave-nothing",
        statement="With 95 % of the best orders, 70 % of the best ads and at most 6 % of requests"
        " slower than 120 ms, no single configuration is left.",
        effect=singles,
        couplings=[
            Coupling("ads", "{} % of the best ads", 70.0, 50.0, between=(60.0,)),
            Coupling("over", "{} % of slow requests", 6.0, 10.0, steps=1),
        ],
        unit="configurations of 150",
        low=-0.5,
        high=0.5,
        variants=[
            Variant("ads-60", "60 % of the best ads", {"ads": 60.0}),
            Variant("ads-50", "50 % of the best ads", {"ads": 50.0}),
            Variant("over-10", "10 % of requests slower", {"over": 10.0}),
        ],
        expected=17,
    ),
    Claim(
        name="a-split-keeps-them",
        statement="A split of traffic between configurations keeps all three of these bounds.",
        effect=split_keeps,
        couplings=[
            Coupling("ads", "{} % of the best ads", 70.0, 75.0, steps=1),
            Coupling("orders", "{} % of the best orders", 95.0, 97.0, steps=1),
        ],
        unit=YES,
        low=0.5,
        high=1.5,
        variants=[
            Variant("ads-75", "75 % of the best ads", {"ads": 75.0}),
            Variant("orders-97", "97 % of the best orders", {"orders": 97.0}),
        ],
        expected=15,
    ),
    Claim(
        name="orders-get-dearer",
        statement="The last orders cost most: guaranteeing 99 % of the best orders costs more"
        " per order than guaranteeing 95 %.",
        effect=price_rise,
        unit="$ per order",
        variants=[Variant("90-95", "95 % against 90 %", {"low": 90.0, "high": 95.0})],
    ),
    Claim(
        name="last-order-costs-more-than-it-earns",
        statement="If 99 % of orders are guaranteed, the last one costs more than the $5 it earns.",
        effect=price_of_orders,
        unit="$ per order",
        low=5.0,
        variants=[
            Variant("97", "at 97 %", {"orders": 97.0}),
            Variant("95", "at 95 %", {"orders": 95.0}),
        ],
    ),
    Claim(
        name="a-split-earns-more",
        statement="At 97 % of the best orders, splitting traffic earns more than the best single"
        " configuration.",
        effect=split_gain,
        unit="$ per 1,000 sessions",
        low=1e-6,
        variants=[
            Variant("95", "at 95 %", {"orders": 95.0}),
            Variant("99", "at 99 %", {"orders": 99.0}),
        ],
    ),
]
