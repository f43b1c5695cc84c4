"""Claims of the chapter "Tests without answers": relations, constraints, and wrong labels."""

from __future__ import annotations

from launchlab.claims import Claim, Coupling, Effect, Variant
from launchlab.software import data_or_code, obeying
from launchlab.software.data_or_code import learnt
from launchlab.software.obeying import MUCH, USUAL, nudged, tried
from launchlab.software.relations import LEAST
from launchlab.software.town import N_LOGGED


def falls(
    seed: int,
    relation: str = "cheaper",
    model: str = "hgb50",
    price_quality: float = USUAL,
    slates: int = N_LOGGED,
    without: str = "",
) -> Effect:
    """Percent of offers whose score falls although they got better."""
    found = tried(seed, model, price_quality, slates, without)
    return Effect(100 * found.violated[relation])


def line_falls(seed: int, relation: str = "nearer", without: str = "") -> Effect:
    """`falls` of the logistic regression."""
    return falls(seed, relation, "logistic", without=without)


def _violations(seed: int, model: str, tolerance: float) -> float:
    """Percent of offers whose score falls by more than a share of itself, mean of four relations.

    Below a millionth, a fall is one of rounding.
    """
    found = nudged(seed, model).values()
    fallen = [(moved < -max(LEAST, tolerance)).mean() for moved in found]
    return 100 * float(sum(fallen)) / len(fallen)


def more_violations(seed: int, model: str = "blend", tolerance: float = 0.0) -> Effect:
    """Violations of a model that brings more orders less those of fifty trees, points.

    The mean over the four relations that move one number. ``tolerance``: only falls by more than
    this share of the score count.
    """
    return Effect(_violations(seed, model, tolerance) - _violations(seed, "hgb50", tolerance))


def told(
    seed: int,
    new: str = "five",
    base: str = "",
    model: str = "hgb50",
    price_quality: float = USUAL,
    slates: int = N_LOGGED,
) -> Effect:
    """Percent of orders that constraints bring: ``new`` against ``base``."""
    one, other = (
        tried(seed, f"{model} + {names}" if names else model, price_quality, slates)
        for names in (new, base)
    )
    return Effect(*obeying.change(seed, one, other))


def price_costs(
    seed: int,
    new: str = "six",
    base: str = "five",
    model: str = "hgb50",
    price_quality: float = USUAL,
) -> Effect:
    """Percent of orders that the constraint on the price costs."""
    gain = told(seed, new, base, model, price_quality)
    return Effect(-gain.value, gain.error)


def wrong_cost(
    seed: int, kind: str = "flipped", share: float | None = None, model: str = "hgb50"
) -> Effect:
    """Percent of orders that wrong labels cost a model."""
    right = learnt(seed, model)
    moved, error = data_or_code.change(seed, learnt(seed, model, kind, share=share), right)
    return Effect(-moved, error)


def clean_against_double(
    seed: int,
    kind: str = "flipped",
    share: float | None = None,
    model: str = "hgb50",
    slates: int = 2 * N_LOGGED,
) -> Effect:
    """Percent of orders that 10,000 slates bring against more of them with wrong labels."""
    double = learnt(seed, model, kind, slates, share)
    return Effect(*data_or_code.change(seed, learnt(seed, model), double))


def line_against_trees(seed: int, slates: int = 2_500) -> Effect:
    """Percent of orders that the logistic regression brings against 50 trees, on a short log."""
    line, trees = (learnt(seed, model, slates=slates) for model in ("logistic", "hgb50"))
    return Effect(*data_or_code.change(seed, line, trees))


_CORRELATIONS = [
    Variant("apart", "price and quality unrelated", {"price_quality": 0.0}),
    Variant("together", "price and quality correlated at 0.7", {"price_quality": 0.7}),
]

CLAIMS = [
    Claim(
        name="trees-call-cheaper-worse",
        statement=(
            "Make offers 10 % cheaper: fifty trees lower the score of more than one in a hundred."
        ),
        effect=falls,
        couplings=[
            Coupling("price_quality", "price and quality correlated at {}", USUAL, 0.7, steps=1),
        ],
        unit="% of offers that fall",
        low=1.0,
        variants=[
            *_CORRELATIONS,
            Variant("more-trees", "two hundred trees", {"model": "hgb200"}),
            Variant("line", "a straight line", {"model": "logistic"}),
        ],
    ),
    Claim(
        name="better-model-violates-more",
        statement=(
            "The blend of four, which brings more orders than fifty trees, violates the relations "
            "more often than they do."
        ),
        effect=more_violations,
        couplings=[
            Coupling("tolerance", "a tolerance of {} %", 0.0, 0.5, steps=50, scale=100),
        ],
        unit="points of violations",
        variants=[
            Variant("much", "only falls of more than 5 % count", {"tolerance": MUCH}),
            Variant("more-trees", "two hundred trees instead", {"model": "hgb200"}),
            Variant("line", "a straight line instead", {"model": "logistic"}),
        ],
    ),
    Claim(
        name="five-constraints-pay",
        statement=(
            "Fifty trees that are told which way five numbers point, but not the price, bring "
            "more orders."
        ),
        effect=told,
        unit="% of orders",
        expected=17,
        variants=[
            *_CORRELATIONS,
            Variant("more-data", "a log twice as long", {"slates": 2 * N_LOGGED}),
            Variant("six", "the price too", {"new": "six"}),
        ],
    ),
    Claim(
        name="price-constraint-costs",
        statement="Tell the trees about the price as well: some of those orders are lost again.",
        effect=price_costs,
        couplings=[
            Coupling("price_quality", "price and quality correlated at {}", USUAL, 0.0, steps=7),
        ],
        unit="% of orders lost",
        expected=15,
        variants=[
            *_CORRELATIONS,
            Variant("alone", "the price alone, no other constraint", {"new": "price", "base": ""}),
        ],
    ),
    Claim(
        name="line-wrong-by-the-kilometre",
        statement=(
            "A straight line lowers the score of every offer that comes a kilometre nearer and "
            "takes as long as before."
        ),
        effect=line_falls,
        unit="% of offers that fall",
        low=50.0,
        expected=9,
        variants=[
            Variant("both", "nearer, and sooner by as much", {"relation": "both"}),
            Variant("blind", "a line that does not see the minutes", {"without": "eta"}),
            Variant("stars", "0.3 stars more instead", {"relation": "stars"}),
            Variant("cheaper", "10 % cheaper instead", {"relation": "cheaper"}),
        ],
    ),
    Claim(
        name="flipped-labels-cost",
        statement=(
            "In 5 % of the rows the label is flipped: fifty trees lose more than 2 % of their "
            "orders."
        ),
        effect=wrong_cost,
        couplings=[
            Coupling("share", "flips in {} % of rows", 0.05, 0.001, steps=12, log=True, scale=100)
        ],
        unit="% of orders lost",
        low=2.0,
        variants=[
            Variant("line", "a straight line", {"model": "logistic"}),
            Variant("lost", "5 % of orders lost instead", {"kind": "lost"}),
            Variant("another", "5 % of sessions with another's labels", {"kind": "another"}),
            Variant("chains", "half of the chains' orders lost", {"kind": "chains"}),
            Variant(
                "line-chains",
                "a straight line, half of the chains' orders lost",
                {"model": "logistic", "kind": "chains"},
            ),
        ],
    ),
    Claim(
        name="cleaning-beats-doubling",
        statement=(
            "With 5 % of labels flipped, correcting them brings more orders than twice as many "
            "logged slates."
        ),
        effect=clean_against_double,
        unit="% of orders",
        expected=17,
        variants=[
            Variant("line", "a straight line", {"model": "logistic"}),
            Variant("another", "another session's labels instead", {"kind": "another"}),
        ],
    ),
    Claim(
        name="line-wins-on-little-data",
        statement="From 2,500 slates a straight line learns to bring more orders than fifty trees.",
        effect=line_against_trees,
        couplings=[
            Coupling(
                "slates", "{} logged slates", 2_500, 4 * N_LOGGED, steps=8, log=True, whole=True
            )
        ],
        unit="% of orders",
    ),
]
