"""Claims of the chapter "Offline and online": when the leaderboard's winner is the product's."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import kendalltau

from launchlab.claims import Claim, Effect, Variant
from launchlab.evaluation.pairs import correlation, disagreement, log_gains
from launchlab.market import MEASURES, RANKERS, relative_change
from launchlab.market.logs import N_LOGGED
from launchlab.serving.latency import latency_ms
from launchlab.zoo.held_out import HeldOut, held_out_log
from launchlab.zoo.launch import hurry, launched, paired_change
from launchlab.zoo.rankers import (
    N_SESSIONS,
    SESSION_SEED,
    TABLE_RANKERS,
    ranker_scores,
    world_sessions,
)
from launchlab.zoo.training import trained_scores
from launchlab.zoo.training_noise import training_noise

SHIPPABLE = tuple(name for name in TABLE_RANKERS if name != "truth")
ELASTICITY = 0.005
RESAMPLES = 60


@dataclass(frozen=True, eq=False)
class _World:
    """What all claims need from a world: n sessions, and resamples of its customers.

    ``counts`` has shape (1 + RESAMPLES, n): how often each session counts. The first row is all
    ones.
    """

    held_out: HeldOut
    customer: NDArray[np.int32]
    hurry: NDArray[np.float64]
    counts: NDArray[np.float32]


@lru_cache(maxsize=1)
def _world(seed: int) -> _World:
    sessions = world_sessions(seed)
    _, customer = np.unique(sessions.customer, return_inverse=True)
    n = int(customer.max()) + 1
    drawn = np.random.default_rng(seed).multinomial(n, np.full(n, 1 / n), size=RESAMPLES)
    counts = np.vstack([np.ones(n), drawn])[:, customer].astype(np.float32)
    return _World(held_out_log(sessions), sessions.customer, hurry(sessions), counts)


@lru_cache(maxsize=64)
def _totals(seed: int, ranker: str) -> NDArray[np.float64]:
    """Expected outcomes at 0 ms, (n, 6)."""
    return launched(world_sessions(seed), ranker_scores(seed, ranker)).totals


def weighted_auc(
    score: NDArray[np.floating[Any]],
    happened: NDArray[np.bool_],
    weights: NDArray[np.floating[Any]],
) -> NDArray[np.float64]:
    """AUC of one score under several sets of row weights.

    Parameters
    ----------
    score : ndarray of float, shape (m,)
    happened : ndarray of bool, shape (m,)
    weights : ndarray of float, shape (b, m)

    Returns
    -------
    ndarray of float64, shape (b,)
    """
    order = np.argsort(score, kind="stable")
    starts = np.flatnonzero(np.r_[True, np.diff(score[order]) > 0])
    weights, happened = weights[:, order], happened[order]
    yes = np.add.reduceat(weights * happened, starts, axis=1, dtype=np.float64)
    no = np.add.reduceat(weights * ~happened, starts, axis=1, dtype=np.float64)
    below = np.cumsum(no, axis=1) - no / 2  # ties count half
    area: NDArray[np.float64] = (yes * below).sum(axis=1) / (yes.sum(axis=1) * no.sum(axis=1))
    return area


@lru_cache(maxsize=128)
def _auc(seed: int, ranker: str, what: str) -> NDArray[np.float64]:
    """Held-out AUC for "order" or "click", (1 + RESAMPLES,)."""
    world = _world(seed)
    shown = world.held_out.candidate
    score = np.take_along_axis(getattr(ranker_scores(seed, ranker), what), shown, axis=1)
    happened = world.held_out.ordered if what == "order" else world.held_out.clicked
    weights = np.repeat(world.counts, shown.shape[1], axis=1)
    return weighted_auc(score.ravel(), happened.ravel(), weights)


def _values(
    seed: int, ranker: str, measure: str, multiplier: float, elasticity: float, calls: str
) -> NDArray[np.float64]:
    """A measure in each session at the ranker's latency, (n,); multiplier 0 means 0 ms.

    The overhead that all rankers share is left out.
    """
    own = 0.0
    if multiplier:
        own = latency_ms(ranker, multiplier=multiplier, ensemble=calls, overhead=0.0)
    stay = np.exp(np.log1p(-elasticity) * own / 100 * _world(seed).hurry)
    values: NDArray[np.float64] = _totals(seed, ranker)[:, MEASURES.index(measure)] * stay
    return values


def _measured(
    seed: int,
    rankers: Sequence[str],
    measure: str,
    multiplier: float = 0.0,
    elasticity: float = ELASTICITY,
    calls: str = "serial",
) -> NDArray[np.float64]:
    """Mean of a measure per session, (1 + RESAMPLES, rankers)."""
    counts = _world(seed).counts
    assumed = (measure, multiplier, elasticity, calls)
    values = np.column_stack([_values(seed, name, *assumed) for name in rankers])
    means: NDArray[np.float64] = counts @ values / counts.sum(axis=1, keepdims=True)
    return means


def _aucs(seed: int, rankers: Sequence[str], what: str = "order") -> NDArray[np.float64]:
    """Held-out AUC, (1 + RESAMPLES, rankers)."""
    return np.column_stack([_auc(seed, name, what) for name in rankers])


def _resampled(found: NDArray[np.float64]) -> Effect:
    """An effect, from its values on all customers (first) and on resampled customers."""
    return Effect(float(found[0]), float(np.std(found[1:], ddof=1)))


# --------------------------------------------------------------------------- pairs of rankers


def gain(
    seed: int,
    better: str,
    worse: str,
    multiplier: float = 0.0,
    elasticity: float = ELASTICITY,
    calls: str = "serial",
) -> Effect:
    """Gain in orders of one ranker over another, percent, at their latencies (0 ms by default).

    The error covers which customers were drawn, and the use of a single training log (a figure
    from separate trainings, shipped with the zoo).
    """
    one, other = (
        _values(seed, name, "orders", multiplier, elasticity, calls) for name in (worse, better)
    )
    value, error = paired_change(one, other, _world(seed).customer)
    return Effect(value, math.hypot(error, training_noise(better, worse)))


def trees_gain(seed: int, n_logged: int = N_LOGGED, **assumptions: Any) -> Effect:
    """Gain in orders of hgb200 over logistic regression, percent; with another log, at 0 ms."""
    if n_logged == N_LOGGED:
        return gain(seed, "hgb200", "logistic", **assumptions)
    worse, better = (
        launched(
            *trained_scores(
                seed, ranker, n_sessions=N_SESSIONS, session_seed=SESSION_SEED, n_logged=n_logged
            )
        )
        for ranker in ("logistic", "hgb200")
    )
    return Effect(*relative_change(worse, better, "orders", clusters=_world(seed).customer))


def more_trees_gain(seed: int, **assumptions: Any) -> Effect:
    """Gain in orders of hgb800 over hgb200, percent."""
    return gain(seed, "hgb800", "hgb200", **assumptions)


def tuned_gain(seed: int, **assumptions: Any) -> Effect:
    """Gain in orders of hgb800_tuned over hgb200, percent."""
    return gain(seed, "hgb800_tuned", "hgb200", **assumptions)


def ensemble_gain(seed: int, **assumptions: Any) -> Effect:
    """Gain in orders of the ensemble over hgb800, percent."""
    return gain(seed, "ensemble5", "hgb800", **assumptions)


def ensemble_over_tuned(seed: int, **assumptions: Any) -> Effect:
    """Gain in orders of the ensemble over hgb800_tuned, percent."""
    return gain(seed, "ensemble5", "hgb800_tuned", **assumptions)


def break_even(seed: int, calls: str = "serial") -> Effect:
    """Percent of orders lost per 100 ms at which the ensemble's gain over hgb200 is used up.

    To first order: the gain divided by the difference in latency.
    """
    found = gain(seed, "ensemble5", "hgb200")
    slower = latency_ms("ensemble5", ensemble=calls) - latency_ms("hgb200")
    return Effect(100 * found.value / slower, 100 * found.error / slower)


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


_AT_LATENCY = [
    Variant("1x", "each at its own latency, 0.5 % lost per 100 ms", {"multiplier": 1.0}),
    Variant("1x-1", "the same, 1 % lost", {"multiplier": 1.0, "elasticity": 0.01}),
    Variant("10x", "10 times the latency, 0.5 % lost", {"multiplier": 10.0}),
    Variant("10x-1", "10 times, 1 % lost", {"multiplier": 10.0, "elasticity": 0.01}),
]
_AT_ONCE = [
    Variant(
        "10x-parallel",
        "10 times, 0.5 % lost, members called at once",
        {"multiplier": 10.0, "calls": "parallel"},
    ),
]
_OTHER_LATENCY = [
    Variant("0", "latency loses no orders", {"elasticity": 0.0}),
    Variant("1", "1 % lost per 100 ms", {"elasticity": 0.01}),
    Variant("parallel", "the ensemble's members called at once", {"calls": "parallel"}),
]

CLAIMS = [
    Claim(
        name="zoo-hgb200-over-logistic",
        statement="200 boosted trees bring more orders than logistic regression.",
        effect=trees_gain,
        unit="%",
        variants=[
            *_AT_LATENCY,
            Variant("long-log", "four times as many logged sessions", {"n_logged": 40_000}),
        ],
        expected=18,
    ),
    Claim(
        name="zoo-hgb800-over-hgb200",
        statement="800 boosted trees bring more orders than 200.",
        effect=more_trees_gain,
        unit="%",
        variants=_AT_LATENCY,
        expected=14,
    ),
    Claim(
        name="zoo-tuned-over-hgb200",
        statement="800 boosted trees with tuned regularisation bring more orders than 200 without.",
        effect=tuned_gain,
        unit="%",
        variants=_AT_LATENCY,
    ),
    Claim(
        name="zoo-ensemble-over-hgb800",
        statement="The mean of five models brings more orders than its member of 800 trees alone.",
        effect=ensemble_gain,
        unit="%",
        variants=[*_AT_LATENCY, *_AT_ONCE],
        expected=19,
    ),
    Claim(
        name="zoo-ensemble-over-tuned",
        statement="The mean of five models brings more orders than 800 tuned trees alone.",
        effect=ensemble_over_tuned,
        unit="%",
        variants=[*_AT_LATENCY, *_AT_ONCE],
        expected=9,
    ),
    Claim(
        name="zoo-break-even",
        statement=(
            "Customers would have to be more impatient than 1 % of orders per 100 ms before the"
            " ensemble of five, its members one after another, lost its gain over 200 trees."
        ),
        effect=break_even,
        unit="% of orders per 100 ms",
        low=1.0,
        variants=[Variant("parallel", "members called at once", {"calls": "parallel"})],
        expected=19,
    ),
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
        statement="Among pairs whose AUC differs by less than 1 %, that correlation is lower.",
        effect=narrow_loss,
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
