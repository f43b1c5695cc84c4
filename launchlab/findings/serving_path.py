"""Claims of the chapter "From notebook to service": what a contract catches, what a door costs."""

from __future__ import annotations

import math

from launchlab.claims import Claim, Coupling, Effect, Variant
from launchlab.software.contract import N_POOL, caught
from launchlab.software.door import SLACK, all_wrong, ordered, seen_at_the_door
from launchlab.software.faults import SERVING_FAULTS
from launchlab.software.town import make_town
from launchlab.zoo.launch import paired_change

SUPPLIER = 0.15
"""Share of restaurants whose prices arrive in cents."""


def faults_caught(
    seed: int, examples: int = 30, compared: str = "features", ranker: str = "hgb50"
) -> Effect:
    """How many of the serving faults a contract catches when they sit in the server's code."""
    return Effect(float(len(caught(seed, examples, compared, ranker))))


def slates_miss(seed: int, ranker: str = "logistic", compared: str = "slates") -> Effect:
    """How many of the serving faults no example shows, of as many as there are."""
    return Effect(float(len(SERVING_FAULTS) - len(caught(seed, N_POOL, compared, ranker))))


def ranges_see(seed: int, slack: float = SLACK) -> Effect:
    """How many of the serving faults, sitting in the feed, the plausible ranges see at all."""
    return Effect(float(sum(share > 0 for share in seen_at_the_door(seed, slack).values())))


def costs(
    seed: int,
    policy: str,
    share: float = SUPPLIER,
    ranker: str = "hgb50",
    fallback: str = "popular",
) -> Effect:
    """Percent of orders lost by a policy against serving prices in cents as they come."""
    base = ordered(seed, share, "serve", ranker, fallback)
    other = ordered(seed, share, policy, ranker, fallback)
    change, error = paired_change(base, other, make_town(seed).sessions.customer)
    return Effect(-change, error)


def refusing(
    seed: int, share: float = SUPPLIER, ranker: str = "hgb50", fallback: str = "popular"
) -> Effect:
    """`costs` of refusing every session in which an offer is implausible."""
    return costs(seed, "refuse", share, ranker, fallback)


def leaving_out(seed: int, share: float = SUPPLIER, ranker: str = "hgb50") -> Effect:
    """`costs` of leaving implausible offers out."""
    return costs(seed, "leave out", share, ranker)


def usual_saves(seed: int, share: float = SUPPLIER, ranker: str = "hgb50") -> Effect:
    """Percent of orders saved by a usual price instead of one in cents: `costs`, turned round."""
    lost = costs(seed, "usual", share, ranker)
    return Effect(-lost.value, lost.error)


def usual_for_all(
    seed: int, feature: str = "eta", factor: float = 60, ranker: str = "hgb50"
) -> Effect:
    """Percent of orders saved by a usual value where the unit is wrong for everybody."""
    base, other = all_wrong(seed, feature, factor, ranker)
    return Effect(*paired_change(base, other, make_town(seed).sessions.customer))


CLAIMS = [
    Claim(
        name="contract-catches-ten",
        statement=(
            "A contract of thirty example sessions, compared feature by feature, catches all ten "
            "faults when they sit in the server's code."
        ),
        effect=faults_caught,
        unit="faults caught of 10",
        low=9.5,
        variants=[
            Variant("scores", "only scores are compared", {"compared": "scores"}),
            Variant("slates", "only slates are compared", {"compared": "slates"}),
            Variant("twelve", "twelve sessions", {"examples": 12}),
            Variant("one", "one session", {"examples": 1}),
        ],
        couplings=[Coupling("examples", "{} example sessions", 30, 1, steps=29, whole=True)],
    ),
    Claim(
        name="contract-slates-miss",
        statement=(
            "A logistic regression serves: comparing only slates misses at least three of the ten "
            "faults, with however many examples."
        ),
        effect=slates_miss,
        unit="faults missed of 10",
        low=2.5,
        variants=[
            Variant("trees", "50 boosted trees serve", {"ranker": "hgb50"}),
            Variant("scores", "scores are compared", {"compared": "scores"}),
        ],
    ),
    Claim(
        name="door-sees-three",
        statement=(
            "The same ten faults sit in the feed: plausible ranges see three of them, those in "
            "which a unit is wrong by a factor of 60 or 100."
        ),
        effect=ranges_see,
        unit="faults seen of 10",
        low=2.5,
        high=3.5,
        expected=19,
        variants=[
            Variant("tight", "ranges exactly as seen in training", {"slack": 0.0}),
            Variant("wide", "ranges four widths wider", {"slack": 4.0}),
        ],
    ),
    Claim(
        name="door-refusing-costs",
        statement=(
            "Prices of 15 % of the restaurants arrive in cents: a service that refuses every such "
            "session loses more than 10 % of the orders it had by serving them as they came."
        ),
        effect=refusing,
        unit="% of orders lost",
        low=10.0,
        variants=[
            Variant("logistic", "a logistic regression serves", {"ranker": "logistic"}),
            Variant("nothing", "the app has no list of its own", {"fallback": "nothing"}),
            Variant("few", "5 % of the restaurants", {"share": 0.05}),
        ],
        couplings=[
            Coupling(
                "share",
                "cents from {} % of restaurants",
                SUPPLIER,
                0.005,
                steps=12,
                log=True,
                scale=100,
            )
        ],
    ),
    Claim(
        name="door-leaving-out-costs",
        statement=(
            "Prices of 15 % of the restaurants arrive in cents: leaving their offers out loses "
            "more orders than serving them with the wrong price."
        ),
        effect=leaving_out,
        unit="% of orders lost",
        low=0.0,
        high=math.inf,
        variants=[
            Variant("logistic", "a logistic regression serves", {"ranker": "logistic"}),
            Variant("few", "5 % of the restaurants", {"share": 0.05}),
            Variant("many", "30 % of the restaurants", {"share": 0.3}),
        ],
    ),
    Claim(
        name="door-usual-costs-least",
        statement=(
            "Prices of 15 % of the restaurants arrive in cents: putting a usual price in the place "
            "of each loses fewer orders than serving them as they came."
        ),
        effect=usual_saves,
        unit="% of orders saved",
        low=0.0,
        high=math.inf,
        expected=19,
        variants=[
            Variant("logistic", "a logistic regression serves", {"ranker": "logistic"}),
            Variant("few", "5 % of the restaurants", {"share": 0.05}),
            Variant("many", "30 % of the restaurants", {"share": 0.3}),
        ],
    ),
    Claim(
        name="door-usual-for-all",
        statement=(
            "All delivery times arrive in seconds: putting the usual time in the place of each "
            "loses fewer orders than serving them as they came."
        ),
        effect=usual_for_all,
        unit="% of orders saved",
        low=0.0,
        high=math.inf,
        expected=19,
        variants=[
            Variant("logistic", "a logistic regression serves", {"ranker": "logistic"}),
            Variant(
                "cents",
                "all prices in cents instead",
                {"feature": "price", "factor": 100},
            ),
        ],
    ),
]
