"""Claims of the chapter "The same feature twice": skew between two paths, and leaks."""

from __future__ import annotations

import math
from functools import partial

from launchlab.claims import Claim, Coupling, Effect, Variant
from launchlab.market import Couplings
from launchlab.software.faults import nightly_eta
from launchlab.software.leaks import auc_of, leak_change
from launchlab.software.served import change, cured, serve, serve_learnt, skew_rows

MODEL = "hgb50"
DAMAGING = -2.0
"""A skew counts as damaging if orders change by less than so many percent."""


def skewed(
    seed: int,
    skew: str = "seconds",
    model: str = MODEL,
    measure: str = "orders",
    share: float = 1.0,
    settled: bool = False,
    **assumed: float,
) -> Effect:
    """Change of a measure under a skew, percent, with the error of which customers were drawn."""
    served = serve(seed, model, skew, Couplings(**assumed))
    return Effect(*change(served, measure, share, settled))


def ads_in_seconds(
    seed: int, model: str = MODEL, settled: bool = False, share: float = 1.0, **assumed: float
) -> Effect:
    """Change of ad revenue when ETA arrives in seconds, percent."""
    return skewed(seed, "seconds", model, "ad_revenue", share, settled, **assumed)


def logged_falls(seed: int, model: str = MODEL) -> Effect:
    """Points of AUC that served features cost at least, over all skews that cost orders.

    The smallest fall from the AUC of the training path, over skews with a loss above 2 %.
    """
    rows = skew_rows(seed, model)
    rows = rows[rows["orders"] < DAMAGING]
    return Effect(100 * float((rows["offline"] - rows["logged"]).min()))


def free(seed: int, skew: str = "nightly", model: str = MODEL, times: float = 1.0) -> Effect:
    """Change of orders under a skew that textbooks fear, percent.

    With ``times`` other than 1, under a table so many times as far from the live delivery times.
    """
    if times == 1.0:
        return skewed(seed, skew, model)
    if skew != "nightly":
        raise ValueError(f"times={times!r} with skew={skew!r}, expected skew='nightly'")
    return Effect(*change(serve_learnt(seed, model, partial(nightly_eta, times=times))))


def cured_change(seed: int, skew: str = "seconds", model: str = MODEL) -> Effect:
    """Change of orders when a model learns from what was served and logged, percent."""
    return Effect(*change(cured(seed, model, skew)))


def leak_against_none(seed: int, share: float = 1.0, model: str = MODEL) -> Effect:
    """Orders of a leaking release against popularity without a model, percent."""
    return Effect(*leak_change(seed, model, share, over="popularity"))


def leak_flatters(seed: int, share: float = 0.3, model: str = MODEL) -> Effect:
    """Points of AUC that a leak adds on the training path."""
    leaky, clean = (auc_of(seed, model, one)[0] for one in (share, 0.0))
    return Effect(100 * (leaky - clean))


def leak_costs(
    seed: int, share: float = 0.3, model: str = MODEL, measure: str = "orders"
) -> Effect:
    """Change of a measure that a leak brings, percent."""
    return Effect(*leak_change(seed, model, share, measure))


_LINE = Variant("logistic", "logistic regression", {"model": "logistic"})
_HONEST = Variant("honest", "advertisers cook better than others (+0.3)", {"ad_quality": 0.3})

CLAIMS = [
    Claim(
        name="skew-seconds-orders",
        statement=(
            "Delivery times arrive in seconds instead of minutes: 50 boosted trees bring at least "
            "1 % fewer orders."
        ),
        effect=skewed,
        couplings=[
            Coupling("share", "a fault for {} % of customers", 1.0, 0.01, steps=33, scale=100)
        ],
        unit="% of orders",
        low=-math.inf,
        high=-1.0,
        variants=[
            _LINE,
            _HONEST,
        ],
    ),
    Claim(
        name="skew-seconds-ads",
        statement=(
            "Delivery times arrive in seconds instead of minutes: with 50 boosted trees, ads earn "
            "more."
        ),
        effect=ads_in_seconds,
        couplings=[
            Coupling("share", "a fault for {} % of customers", 1.0, 0.01, steps=33, scale=100)
        ],
        unit="% of ad revenue",
        expected=18,
        variants=[
            Variant("settled", "advertisers have adjusted their bids", {"settled": True}),
            _HONEST,
            _LINE,
        ],
    ),
    Claim(
        name="skew-logged-sees",
        statement=(
            "Every one of twelve skews that costs more than 2 % of orders lowers the AUC on logged "
            "served features."
        ),
        effect=logged_falls,
        unit="points of AUC, the smallest fall",
        variants=[_LINE],
    ),
    Claim(
        name="skew-nightly-free",
        statement=(
            "Trained on last night's delivery times and served with live ones, 50 boosted trees "
            "lose less than 1 % of orders."
        ),
        effect=free,
        couplings=[Coupling("times", "a table {} times as far off", 1.0, 8.0, steps=28)],
        unit="% of orders",
        expected=18,
        low=-1.0,
        variants=[
            _LINE,
            Variant("miles", "distance in miles instead", {"skew": "miles"}),
            Variant("dry", "the rain flag stuck at dry instead", {"skew": "dry"}),
            Variant("utc", "the hour in UTC instead", {"skew": "utc"}),
        ],
    ),
    Claim(
        name="skew-cure-logged",
        statement=(
            "Trained on the features that were served and logged, 50 boosted trees that get "
            "delivery times in seconds lose less than half a percent of orders."
        ),
        effect=cured_change,
        unit="% of orders",
        low=-0.5,
        variants=[
            Variant("swapped", "ETA and price change places", {"skew": "swapped"}),
            Variant("cuisine", "cuisine codes are one off", {"skew": "cuisine"}),
            Variant("join", "the lookup of past orders finds nobody", {"skew": "join"}),
        ],
    ),
    Claim(
        name="leak-worse-than-none",
        statement=(
            "A feature that holds the very order to be predicted makes 50 boosted trees bring "
            "fewer orders than popularity without a model."
        ),
        effect=leak_against_none,
        couplings=[Coupling("share", "a leak in {} % of orders", 1.0, 0.6, steps=8, scale=100)],
        unit="% of orders",
        low=-math.inf,
        high=0.0,
        variants=[_LINE],
    ),
    Claim(
        name="leak-partial-score",
        statement=(
            "A feature that leaks for 30 % of orders raises the offline AUC of 50 boosted trees by "
            "more than 4 points."
        ),
        effect=leak_flatters,
        unit="points of AUC",
        low=4.0,
        variants=[_LINE, Variant("all", "all orders leak", {"share": 1.0})],
    ),
    Claim(
        name="leak-partial-orders",
        statement=(
            "A feature that leaks for 30 % of orders makes 50 boosted trees bring fewer orders."
        ),
        effect=leak_costs,
        unit="% of orders",
        low=-math.inf,
        high=0.0,
        variants=[
            _LINE,
            Variant("tenth", "10 % of orders leak", {"share": 0.1}),
        ],
    ),
]
