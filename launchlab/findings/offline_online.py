"""Claims of the chapter "The winner's gains": when the leaderboard's winner is the product's."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import kendalltau

from launchlab.claims import Claim, Coupling, Effect, Variant
from launchlab.evaluation.pairs import correlation, disagreement, log_gains
from launchlab.findings._worlds import ELASTICITY, measured_world, values
from launchlab.market import MEASURES, RANKERS
from launchlab.zoo.held_out import weighted_auc
from launchlab.zoo.rankers import TABLE_RANKERS, ranker_scores

SHIPPABLE = tuple(name for name in TABLE_RANKERS if name != "truth")


@lru_cache(maxsize=128)
def _auc(seed: int, ranker: str, what: str) -> NDArray[np.float64]:
    """Held-out AUC for "order" or "click", (1 + RESAMPLES,)."""
    world = measured_world(seed)
    shown = world.held_out.candidate
    score = np.take_along_axis(getattr(ranker_scores(seed, ranker), what), shown, axis=1)
    happened = world.held_out.ordered if what == "order" else world.held_out.clicked
    weights = np.repeat(world.counts, shown.shape[1], axis=1)
    return weighted_auc(score.ravel(), happened.ravel(), weights)


def _measured(
    seed: int,
    rankers: Sequence[str],
    measure: str,
    multiplier: float = 0.0,
    elasticity: float = ELASTICITY,
    calls: str = "serial",
) -> NDArray[np.float64]:
    """Mean of a measure per session, (1 + RESAMPLES, rankers)."""
    counts = measured_world(seed).counts
    assumed = (measure, multiplier, elasticity, calls)
    each = np.column_stack([values(seed, name, *assumed) for name in rankers])
    means: NDArray[np.float64] = counts @ each / counts.sum(axis=1, keepdims=True)
    return means


def _aucs(seed: int, rankers: Sequence[str], what: str = "order") -> NDArray[np.float64]:
    """Held-out AUC, (1 + RESAMPLES, rankers)."""
    return np.column_stack([_auc(seed, name, what) for name in rankers])


def _resampled(found: NDArray[np.float64]) -> Effect:
    """An effect, from its values on all customers (first) and on resampled customers."""
    return Effect(float(found[0]), float(np.std(found[1:], ddof=1)))


# --------------------------------------------------------------------------- the leaderboard


def winner_loss(
    seed: int,
    multiplier: float = 1.0,
    elasticity: float = ELASTICITY,
    calls: str = "serial",
    measure: str = "margin",
) -> Effect:
    """Percent of the best ranker's margin that the ranker with the best AUC misses.

    The error comes from resampling customers, in the held-out log and the outcomes alike, so it
    includes which ranker happens to win.
    """
    aucs = _aucs(seed, RANKERS)
    earned = _measured(seed, RANKERS, measure, multiplier, elasticity, calls)
    winners = np.take_along_axis(earned, aucs.argmax(axis=1)[:, None], axis=1)[:, 0]
    return _resampled(100 * (1 - winners / earned.max(axis=1)))


def slow_winner_loss(seed: int, **assumptions: Any) -> Effect:
    """`winner_loss` at 10 times the latency."""
    return winner_loss(seed, multiplier=10.0, **assumptions)


def rank_agreement(seed: int, measure: str = "margin", multiplier: float = 0.0) -> Effect:
    """Kendall's tau between AUC and margin over the zoo, at no latency by default."""
    aucs, earned = _aucs(seed, RANKERS), _measured(seed, RANKERS, measure, multiplier)
    both = zip(aucs, earned, strict=True)
    return _resampled(np.array([kendalltau(one, other).statistic for one, other in both]))


# --------------------------------------------------------------------------- offline and online


@lru_cache(maxsize=8)
def _gains(seed: int, what: str) -> NDArray[np.float64]:
    """Gains over pairs, offline ("order", "click") or online ("orders"), (1 + RESAMPLES, pairs)."""
    if what in MEASURES:
        return log_gains(_measured(seed, SHIPPABLE, what))
    return log_gains(_aucs(seed, SHIPPABLE, what))


def _agreements(
    seed: int,
    window: float,
    what: str,
    measured: Callable[[NDArray[np.float64], NDArray[np.float64]], float],
) -> NDArray[np.float64]:
    """A measure of agreement over pairs within the window, (1 + RESAMPLES,)."""
    found = []
    for offline, online in zip(_gains(seed, what), _gains(seed, "orders"), strict=True):
        near = np.abs(offline) < window
        found.append(measured(offline[near], online[near]))
    return np.array(found)


def offline_online(seed: int, window: float = math.inf, what: str = "order") -> Effect:
    """Correlation between gains in AUC and in orders.

    It is taken over pairs of rankers whose AUC differs by less than ``window`` percent.
    """
    return _resampled(_agreements(seed, window, what, correlation))


def narrow_loss(seed: int, window: float = 1.0, what: str = "order") -> Effect:
    """How much lower that correlation is within the window than over all pairs."""
    whole = _agreements(seed, math.inf, what, correlation)
    return _resampled(whole - _agreements(seed, window, what, correlation))


def click_loss(seed: int, window: float = math.inf) -> Effect:
    """How much lower that correlation is with the AUC of clicks than with that of orders."""
    orders, clicks = (_agreements(seed, window, what, correlation) for what in ("order", "click"))
    return _resampled(orders - clicks)


def wrong_sign(seed: int, window: float = 1.0, what: str = "order") -> Effect:
    """Percent of pairs within the window in which the better AUC brings fewer orders."""
    return _resampled(_agreements(seed, window, what, disagreement))


_OTHER_LATENCY = [
    Variant("0", "latency loses no orders", {"elasticity": 0.0}),
    Variant("1", "1 % lost per 100 ms", {"elasticity": 0.01}),
    Variant("parallel", "the Committee's members called at once", {"calls": "parallel"}),
]

CLAIMS = [
    Claim(
        name="zoo-auc-winner-margin",
        statement="The ranker that wins on AUC is not the one that earns the most margin.",
        effect=winner_loss,
        unit="% of margin missed",
        variants=[
            *_OTHER_LATENCY,
            Variant("3x", "3 times the latency", {"multiplier": 3.0}),
            Variant("orders", "orders instead of margin", {"measure": "orders"}),
        ],
        expected=12,
    ),
    Claim(
        name="zoo-auc-winner-margin-10x",
        statement=(
            "Where models take 10 times as long, the ranker that wins on AUC is not the one that"
            " earns the most margin."
        ),
        effect=slow_winner_loss,
        couplings=[
            Coupling(
                "elasticity", "{} % of orders lost per 100 ms", ELASTICITY, 0.0, steps=1, scale=100
            ),
        ],
        unit="% of margin missed",
        variants=_OTHER_LATENCY,
        expected=15,
    ),
    Claim(
        name="zoo-auc-ranks-like-margin",
        statement="AUC and margin rank the models alike: Kendall's tau is above one half.",
        effect=rank_agreement,
        unit="(tau)",
        low=0.5,
        variants=[
            Variant("orders", "orders instead of margin", {"measure": "orders"}),
            Variant("10x", "at 10 times the latency", {"multiplier": 10.0}),
        ],
    ),
    Claim(
        name="offline-online-all",
        statement=(
            "Over all pairs of 39 rankers, the gains in AUC and in orders correlate by more than"
            " 0.7."
        ),
        effect=offline_online,
        unit="(correlation)",
        low=0.7,
        variants=[
            Variant("5", "AUC within 5 %", {"window": 5.0}),
            Variant("2", "AUC within 2 %", {"window": 2.0}),
            Variant("1", "AUC within 1 %", {"window": 1.0}),
            Variant("clicks", "AUC of clicks", {"what": "click"}),
        ],
    ),
    Claim(
        name="offline-online-narrow",
        statement=(
            "Among pairs whose AUC differs by less than 1 %, gains offline and online correlate "
            "less than among all pairs."
        ),
        effect=narrow_loss,
        couplings=[Coupling("window", "pairs within {} % of AUC", 1.0, 5.0, between=(2.0,))],
        unit="(difference in correlation)",
        variants=[
            Variant("5", "within 5 %", {"window": 5.0}),
            Variant("2", "within 2 %", {"window": 2.0}),
            Variant("clicks", "AUC of clicks", {"what": "click"}),
        ],
    ),
    Claim(
        name="offline-online-wrong-sign",
        statement=(
            "Among pairs whose AUC differs by less than 1 %, the better AUC brings fewer orders in"
            " more than a quarter."
        ),
        effect=wrong_sign,
        unit="% of pairs",
        low=25.0,
        variants=[
            Variant("5", "within 5 %", {"window": 5.0}),
            Variant("2", "within 2 %", {"window": 2.0}),
            Variant("all", "all pairs", {"window": math.inf}),
        ],
        expected=17,
    ),
    Claim(
        name="offline-online-clicks",
        statement="The AUC of clicks foretells orders less well than the AUC of orders.",
        effect=click_loss,
        unit="(difference in correlation)",
        variants=[Variant("1", "AUC within 1 %", {"window": 1.0})],
        expected=17,
    ),
]
