"""What one ranker adds to another: claims of "The winner's gains" and "The slowest of five"."""

from __future__ import annotations

import math
from typing import Any

from launchlab.claims import Claim, Effect, Variant
from launchlab.findings._worlds import ELASTICITY, measured_world, values
from launchlab.market import relative_change
from launchlab.market.logs import N_LOGGED
from launchlab.serving.latency import latency_ms
from launchlab.zoo.launch import launched, paired_change
from launchlab.zoo.rankers import N_SESSIONS, SESSION_SEED
from launchlab.zoo.training import trained_scores
from launchlab.zoo.training_noise import training_noise


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
        values(seed, name, "orders", multiplier, elasticity, calls) for name in (worse, better)
    )
    value, error = paired_change(one, other, measured_world(seed).customer)
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
    return Effect(*relative_change(worse, better, "orders", clusters=measured_world(seed).customer))


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
            " Committee, its members one after another, lost its gain over 200 trees."
        ),
        effect=break_even,
        unit="% of orders per 100 ms",
        low=1.0,
        variants=[Variant("parallel", "members called at once", {"calls": "parallel"})],
        expected=19,
    ),
]
