"""Claims of "What the log can tell" and "Testing in a crowded city": logs, A/B tests, couriers."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
from scipy.stats import norm

from launchlab.claims import Claim, Coupling, Effect, Variant
from launchlab.evaluation import (
    CourierTown,
    FirstPlaceLog,
    Users,
    courier_town,
    effective_sample_size,
    first_place_log,
    importance_weights,
    make_users,
    measured_lift,
    run_days,
    simulate_tests,
    split_customers,
    switchback,
    true_lift,
)

_REPEATS = 200
_MANY_REPEATS = 400
_USUAL = 0.7
_DAYS = 28
_HOURS = 3


# --------------------------------------------------------------------------- from logs


@lru_cache(maxsize=2)
def _log(seed: int, temperature: float) -> FirstPlaceLog:
    size = 200_000 if temperature == _USUAL else 20_000  # variants need only the weights
    return first_place_log(seed, size, temperature=temperature)


def _miss(log: FirstPlaceLog, row: int, weights: np.ndarray, *, normalise: bool) -> Effect:
    """Error of a weighted mean of the rewards, % of the truth."""
    truth = float(log.truth[row])
    scale = weights.mean() if normalise else 1.0
    estimate = float((weights * log.reward).mean() / scale)
    rest = log.reward - estimate if normalise else log.reward
    noise = float((weights * rest).std() / scale / math.sqrt(len(log)))
    error = math.hypot(noise, float(log.truth_error[row]))
    return Effect(100 * (estimate / truth - 1), 100 * error / truth)


def ips_miss(seed: int, distance: float = 0.25, temperature: float = _USUAL) -> Effect:
    """Error of IPS on 200,000 logged sessions, % of the truth."""
    log = _log(seed, temperature)
    row = log.distances.index(distance)
    weights = importance_weights(log.new[row], log.old)
    return _miss(log, row, weights, normalise=False)


def replay_miss(seed: int, distance: float = 0.25, temperature: float = _USUAL) -> Effect:
    """Error of replay, % of the truth, averaged over the new policy's draws."""
    log = _log(seed, temperature)
    row = log.distances.index(distance)
    # The chance that the new policy agrees has less noise than one draw of whether it agrees.
    return _miss(log, row, log.new[row].astype(np.float64), normalise=True)


def capped_miss(seed: int, cap: float = 10.0, distance: float = 1.0) -> Effect:
    """Error of IPS with capped weights for the model alone, % of the truth."""
    log = _log(seed, _USUAL)
    row = log.distances.index(distance)
    weights = np.minimum(importance_weights(log.new[row], log.old), cap)
    return _miss(log, row, weights, normalise=False)


def effective_share(seed: int, distance: float = 1.0, temperature: float = _USUAL) -> Effect:
    """Effective sample size, % of the log."""
    log = _log(seed, temperature)
    weights = importance_weights(log.new[log.distances.index(distance)], log.old)
    parts = [100 * effective_sample_size(one) / len(one) for one in np.split(weights, 20)]
    return Effect(100 * effective_sample_size(weights) / len(weights), _error_of_mean(parts))


def _error_of_mean(values: list[float]) -> float:
    return float(np.std(values, ddof=1) / math.sqrt(len(values)))


# --------------------------------------------------------------------------- A/B tests


@lru_cache(maxsize=2)
def _users(seed: int) -> Users:
    return make_users(seed)


def coverage(
    seed: int, sessions_per_user: int = 10, *, lift: float = 0.05, by_user: bool = False
) -> Effect:
    """How often (%) a 95 % interval holds the true lift, over 1,000 tests of 2,000 users an arm."""
    n_tests = 1_000
    tests = simulate_tests(_users(seed), 2_000, sessions_per_user, lift, n_tests=n_tests, seed=seed)
    error = tests.error_by_user if by_user else tests.error_by_session
    share = float((np.abs(tests.lift - lift) < norm.ppf(0.975) * error).mean())
    return Effect(100 * share, 100 * math.sqrt(share * (1 - share) / n_tests))


# --------------------------------------------------------------------------- shared couriers


@lru_cache(maxsize=4)
def _town(seed: int, couriers: float, per_minute: float) -> CourierTown:
    return courier_town(seed, couriers, per_minute=per_minute)


def _design(seed: int, town: CourierTown, hours: int, repeats: int = _REPEATS) -> np.ndarray:
    # Seeds differ between worlds: shared luck would look like a finding that holds everywhere.
    schedule = split_customers(_DAYS, repeats)
    if hours:
        schedule = switchback(_DAYS, hours, repeats, seed=seed)
    return measured_lift(*run_days(town, schedule, seed=1_000 + seed))


def overstated(
    seed: int, couriers: float = 0.8, per_minute: float = 0.05, hours: int = 0
) -> Effect:
    """Bias of a design's estimate of the lift, percentage points; an A/B test if ``hours`` is 0."""
    town = _town(seed, couriers, per_minute)
    lifts = _design(seed, town, hours)
    truth, truth_error = true_lift(town, _DAYS, _REPEATS, seed=2_000 + seed)
    error = math.hypot(float(lifts.std(ddof=1)) / math.sqrt(_REPEATS), truth_error)
    return Effect(100 * (float(lifts.mean()) - truth), 100 * error)


def switchback_nearer(seed: int, couriers: float = 0.8) -> Effect:
    """How much closer to the truth a switchback of three hours is than an A/B test, points."""
    split, switched = (overstated(seed, couriers, hours=hours) for hours in (0, _HOURS))
    # Both are compared with the same truth, so adding variances slightly overstates the error.
    return Effect(abs(split.value) - abs(switched.value), math.hypot(split.error, switched.error))


def switchback_noisier(seed: int, couriers: float = 0.8) -> Effect:
    """How much wider a switchback's estimates spread than an A/B test's of the same length, %."""
    town = _town(seed, couriers, 0.05)
    spread = [float(_design(seed, town, hours, _MANY_REPEATS).std(ddof=1)) for hours in (0, _HOURS)]
    ratio = spread[1] / spread[0]
    return Effect(100 * (ratio - 1), 100 * ratio / math.sqrt(_MANY_REPEATS - 1))


_FOR = "couriers for {} % of the busiest hour"
_COURIERS = Coupling("couriers", _FOR, 0.8, 2.0, between=(1.0,), scale=100)
_FINER = Coupling("couriers", _FOR, 0.8, 2.0, steps=12, scale=100)

CLAIMS = [
    Claim(
        name="ips-near-log",
        statement=(
            "Near the past policy (a quarter of the weight on the model), IPS on 200,000 logged "
            "sessions misses the truth by less than 2 %."
        ),
        effect=ips_miss,
        unit="% off",
        low=-2.0,
        high=2.0,
    ),
    Claim(
        name="replay-leans",
        statement=("Replay overestimates a policy that gives the model a quarter of the weight."),
        effect=replay_miss,
        couplings=[
            Coupling(
                "distance",
                "{} % of the weight on the model",
                0.25,
                1.0,
                between=(0.5, 0.75),
                scale=100,
            ),
        ],
        unit="% off",
        expected=19,
    ),
    Claim(
        name="capped-leans",
        statement=(
            "With weights capped at 10, IPS puts the model's own choice too low by more than 5 %."
        ),
        effect=capped_miss,
        couplings=[Coupling("cap", "weights capped at {}", 10.0, 1_000.0, steps=16, log=True)],
        unit="% off",
        low=-math.inf,
        high=-5.0,
    ),
    Claim(
        name="effective-size-falls",
        statement=(
            "Where the model alone chooses, the logged sessions are worth less than a fifth of "
            "their number."
        ),
        effect=effective_share,
        couplings=[
            Coupling(
                "distance",
                "{} % of the weight on the model",
                1.0,
                0.1,
                between=(0.75, 0.5, 0.25),
                scale=100,
            ),
        ],
        unit="% of the log",
        low=-math.inf,
        high=20.0,
        variants=[
            Variant("near", "a tenth of the weight on the model", {"distance": 0.1}),
            Variant("curious", "a past policy that varied twice as much", {"temperature": 1.4}),
            Variant("set", "a past policy that varied half as much", {"temperature": 0.35}),
        ],
    ),
    Claim(
        name="naive-interval-short",
        statement=(
            "With ten sessions a user, a 95 % interval that takes sessions as independent holds "
            "the truth in less than 93 % of tests."
        ),
        effect=coverage,
        couplings=[Coupling("sessions_per_user", "{} sessions a user", 10, 1, steps=9, whole=True)],
        unit="% of tests",
        low=-math.inf,
        high=93.0,
        variants=[
            Variant("one", "one session a user", {"sessions_per_user": 1}),
            Variant("three", "three sessions a user", {"sessions_per_user": 3}),
            Variant("twenty", "twenty sessions a user", {"sessions_per_user": 20}),
            Variant("by-user", "ten, with users as the units", {"by_user": True}),
        ],
    ),
    Claim(
        name="ab-overstates",
        statement=(
            "Where couriers are scarce, the A/B test shows more than the launch brings: its two "
            "arms share them."
        ),
        effect=overstated,
        couplings=[_COURIERS],
        unit="percentage points too much",
        expected=19,
        variants=[
            Variant("plenty", "twice the couriers the busiest hour needs", {"couriers": 2.0}),
            Variant("just", "just enough couriers for the busiest hour", {"couriers": 1.0}),
            Variant("patient", "customers who mind waiting half as much", {"per_minute": 0.025}),
            Variant("impatient", "customers who mind it twice as much", {"per_minute": 0.1}),
        ],
    ),
    Claim(
        name="switchback-nearer",
        statement="A switchback of three hours is nearer to what the launch brings.",
        effect=switchback_nearer,
        couplings=[_FINER],
        unit="percentage points nearer",
        expected=18,
    ),
    Claim(
        name="switchback-noisier",
        statement="Over as many days, a switchback's estimate scatters more than an A/B test's.",
        effect=switchback_noisier,
        couplings=[_FINER],
        unit="% more scatter",
    ),
]
