"""Claims of the chapter "The program nobody wrote": what changes when one thing is changed."""

from __future__ import annotations

import math

from launchlab.claims import Claim, Coupling, Effect, Variant
from launchlab.software.changes import BLEND, Moved, Settings, compared, moved, scored
from launchlab.software.cures import churn, cured
from launchlab.software.town import N_LOGGED, make_town

_FEW_PLACES = 1 / 2_000
"""One place in one of the sessions served: what a ratio is divided by at the least."""


def places(
    seed: int,
    change: str = "slate",
    model: str = "hgb50",
    slates: int = N_LOGGED,
    settings: Settings = (),
) -> Effect:
    """Places of 8 that one change moves."""
    found = moved(seed, model, change, slates, settings)
    return Effect(found.places, found.places_error)


def seed_places(seed: int, model: str = "forest") -> Effect:
    """Places of 8 that another seed moves."""
    return places(seed, "seed", model)


def seed_places_of_trees(
    seed: int, slates: int = N_LOGGED, settings: Settings = (), change: str = "seed"
) -> Effect:
    """Places of 8 that another seed moves in the slates of boosted trees."""
    return places(seed, change, "hgb50", slates, settings)


def times_as_many(seed: int, model: str = "hgb50", small: str = "slate") -> Effect:
    """How many times as many places other data move as a small change does."""
    large, little = moved(seed, model, "other"), moved(seed, model, small)
    below = max(little.places, _FEW_PLACES)
    ratio = large.places / below
    error = math.hypot(large.places_error / large.places, little.places_error / below)
    return Effect(ratio, ratio * error)


def orders_moved(seed: int, change: str = "slate", model: str = "hgb50") -> Effect:
    """By how many percent a change moves orders, up or down."""
    found = moved(seed, model, change)
    return Effect(abs(found.orders), found.orders_error)


def cure_orders(
    seed: int,
    cure: str = "mean",
    weight: float = 0.5,
    changed: float = 0.0,
    model: str = "hgb50",
) -> Effect:
    """Percent of orders that a cure for churn brings beyond plain retraining."""
    _, against_new = churn(seed, cure, weight, changed, model)
    return Effect(against_new.orders, against_new.orders_error)


def taught_orders(seed: int, weight: float = 0.5) -> Effect:
    """`cure_orders` of a model that is taught by the old one."""
    return cure_orders(seed, "taught", weight)


def share_of_churn(seed: int, cure: str = "mean", changed: float = 0.0) -> Effect:
    """Places that a cure moves against the old model, as % of what plain retraining does."""
    cured_one, _ = churn(seed, cure, changed=changed)
    plain, _ = churn(seed, "mean", weight=0.0, changed=changed)
    return Effect(
        100 * cured_one.places / plain.places, 100 * cured_one.places_error / plain.places
    )


def both_logs_lead(seed: int, cure: str = "mean") -> Effect:
    """Percent of orders by which training on both logs beats a cure that has seen both."""
    sessions = make_town(seed).sessions
    both: Moved = compared(sessions, cured(seed, cure), scored(seed, "hgb50", (), 2 * N_LOGGED))
    return Effect(both.orders, both.orders_error)


CLAIMS = [
    Claim(
        name="cace-one-slate",
        statement=(
            "One logged slate of 10,000 is left out, and 50 boosted trees are trained again: more "
            "than half a place of eight changes."
        ),
        effect=places,
        couplings=[
            Coupling(
                "slates", "one of {} slates left out", N_LOGGED, 2 * N_LOGGED, steps=1, whole=True
            ),
        ],
        unit="places of 8",
        low=0.5,
        variants=[
            Variant("noise", "a column of noise instead", {"change": "noise"}),
            Variant("rounded", "delivery times in whole minutes instead", {"change": "rounded"}),
            Variant("logistic", "logistic regression", {"model": "logistic"}),
            Variant("more", "one slate of 20,000", {"slates": 2 * N_LOGGED}),
            Variant(
                "leaves",
                "at least 500 rows in each leaf",
                {"settings": (("min_samples_leaf", 500),)},
            ),
        ],
    ),
    Claim(
        name="cace-size-hardly-matters",
        statement=(
            "To boosted trees, 10,000 other slates do less than three times as much as one slate "
            "left out: they change less than three times as many places."
        ),
        effect=times_as_many,
        unit="times as many places",
        low=-math.inf,
        high=3.0,
        expected=18,
        variants=[
            Variant("rounded", "against whole minutes", {"small": "rounded"}),
            Variant("logistic", "logistic regression", {"model": "logistic"}),
        ],
    ),
    Claim(
        name="cace-orders-hardly",
        statement=(
            "One slate of 10,000 is left out: the orders that boosted trees bring change by less "
            "than 1 %, up or down."
        ),
        effect=orders_moved,
        unit="% of orders",
        low=-math.inf,
        high=1.0,
        expected=16,
        variants=[
            Variant("noise", "a column of noise instead", {"change": "noise"}),
            Variant("other", "10,000 other slates instead", {"change": "other"}),
        ],
    ),
    Claim(
        name="seed-moves-forest",
        statement=(
            "A forest of 15 trees is trained again with another seed: more than one place of eight "
            "changes."
        ),
        effect=seed_places,
        unit="places of 8",
        low=1.0,
        variants=[
            Variant("mlp", "a small network", {"model": "mlp"}),
            Variant("hgb50", "50 boosted trees", {"model": "hgb50"}),
            Variant("logistic", "logistic regression", {"model": "logistic"}),
            Variant("blend", "the mean of the four", {"model": BLEND}),
        ],
    ),
    Claim(
        name="seed-idle-for-trees",
        statement=(
            "50 boosted trees are trained again with another seed: not one place in 2,000 slates "
            "changes."
        ),
        effect=seed_places_of_trees,
        couplings=[
            Coupling("slates", "a log of {} slates", N_LOGGED, 26_000, steps=1, whole=True),
        ],
        unit="places of 8",
        low=-math.inf,
        high=1e-9,
        variants=[
            Variant("order", "the rows in another order instead", {"change": "order"}),
            Variant("cents", "prices in cents instead, everywhere", {"change": "cents"}),
            Variant(
                "stopping",
                "with the library's early stopping",
                {"settings": (("early_stopping", True),)},
            ),
            Variant("more", "trained on 26,000 slates", {"slates": 26_000}),
        ],
    ),
    Claim(
        name="churn-mean-places",
        statement=(
            "Serving the mean of the old and the new score changes less than two thirds of the "
            "places that the new score alone does."
        ),
        effect=share_of_churn,
        unit="% of plain retraining's changed places",
        low=-math.inf,
        high=200 / 3,
        variants=[
            Variant("taught", "the new one taught by the old", {"cure": "taught"}),
            Variant("bag", "bags of five, old and new", {"cure": "bag"}),
        ],
    ),
    Claim(
        name="churn-mean-orders",
        statement=(
            "The mean of the old and the new score brings more orders than the new score alone."
        ),
        effect=cure_orders,
        unit="% of orders",
        couplings=[Coupling("changed", "a town changed by {} %", 0.0, 1.0, steps=10, scale=100)],
        variants=[
            Variant("logistic", "logistic regression, old and new", {"model": "logistic"}),
            Variant("changed", "30 % of the town has changed", {"changed": 0.3}),
        ],
    ),
    Claim(
        name="churn-taught-orders",
        statement=(
            "Boosted trees that are taught half by the old model bring more orders than those "
            "trained on the new log alone."
        ),
        effect=taught_orders,
        unit="% of orders",
    ),
    Claim(
        name="churn-both-logs",
        statement=("Training on both logs brings more orders than the mean of a model of each."),
        effect=both_logs_lead,
        unit="% of orders",
        expected=17,
        variants=[Variant("taught", "against one taught by the old", {"cure": "taught"})],
    ),
]
