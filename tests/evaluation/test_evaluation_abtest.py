"""Sizes and intervals of A/B tests against what theory and simulation say."""

import numpy as np
import pytest
from scipy.stats import norm

from launchlab import evaluation as ev


def users(spread, n=4_000, mean=0.25):
    rate = np.clip(np.random.default_rng(0).normal(mean, spread, n), 0.01, 0.99)
    return ev.Users(rate, float(rate.var() / (rate.mean() * (1 - rate.mean()))))


def test_the_formula_on_a_textbook_case():
    # (1.95996 + 0.84162)^2 (0.1 x 0.9 + 0.12 x 0.88) / 0.02^2
    assert ev.sessions_per_arm(0.10, 0.20) == pytest.approx(3838.4, rel=1e-3)


def test_half_the_lift_needs_about_four_times_the_sessions():
    ratio = ev.sessions_per_arm(0.25, 0.01) / ev.sessions_per_arm(0.25, 0.02)
    assert ratio == pytest.approx(4, rel=0.02)


def test_the_size_gives_the_power_it_promises():
    lift, everybody_alike = 0.1, users(0.0)
    n = round(ev.sessions_per_arm(0.25, lift))
    tests = ev.simulate_tests(everybody_alike, n, 1, lift, n_tests=600)
    found = np.mean(tests.lift > norm.ppf(0.975) * tests.error_by_user)
    assert found == pytest.approx(0.8, abs=0.06)


@pytest.mark.parametrize(("sessions", "holds"), [(1, True), (20, False)])
def test_only_the_interval_by_users_keeps_its_word(sessions, holds):
    tests = ev.simulate_tests(users(0.12), 1_000, sessions, 0.05, n_tests=600)
    covered = {
        name: np.mean(np.abs(tests.lift - 0.05) < 1.96 * getattr(tests, name))
        for name in ("error_by_session", "error_by_user")
    }
    assert covered["error_by_user"] == pytest.approx(0.95, abs=0.03)
    assert (covered["error_by_session"] > 0.92) == holds


def test_errors_by_user_grow_by_the_design_effect():
    crowd = users(0.12)
    tests = ev.simulate_tests(crowd, 5_000, 10, 0.0, n_tests=100)
    growth = (tests.error_by_user.mean() / tests.error_by_session.mean()) ** 2
    assert growth == pytest.approx(ev.design_effect(10, crowd.correlation), rel=0.03)


def test_comparing_arms_agrees_with_the_simulation_and_with_unequal_visits():
    rng = np.random.default_rng(0)
    lifts, errors = [], []
    for _ in range(300):
        sums = []
        for factor in (1.0, 1.1):
            visits = 1 + rng.poisson(4, 800)
            rate = factor * rng.beta(2, 6, 800)
            sums += [rng.binomial(visits, np.minimum(rate, 1)), visits]
        lift = ev.compare_arms(*sums)
        lifts.append(lift.value)
        errors.append(lift.error)
        assert lift.error > ev.compare_arms(*sums, by_user=False).error
    assert np.mean(lifts) == pytest.approx(0.1, abs=4 * np.std(lifts) / np.sqrt(300))
    assert np.mean(errors) == pytest.approx(np.std(lifts), rel=0.12)


def test_an_interval_is_symmetric():
    low, high = ev.Lift(0.1, 0.02).interval()
    assert (low, high) == pytest.approx((0.0608, 0.1392), abs=1e-4)


def test_a_towns_customers_differ_and_come_back_to_the_towns_mean():
    town = ev.make_users(1)
    assert 0.1 < town.mean < 0.5
    assert 0.01 < town.correlation < 0.2
    assert ((town.rate >= 0) & (town.rate <= 1)).all()
    between = town.rate.var() / (town.mean * (1 - town.mean))
    assert between == pytest.approx(town.correlation, rel=0.05)


ONES = np.ones(3)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: ev.sessions_per_arm(0.25, 0), "lift=0"),
        (lambda: ev.sessions_per_arm(1.2, 0.1), "base=1.2"),
        (lambda: ev.sessions_per_arm(0.9, 0.2), r"base x \(1 \+ lift\)"),
        (lambda: ev.sessions_per_arm(0.2, 0.1, power=0.01), "power=0.01"),
        (lambda: ev.design_effect(0.5, 0.1), "sessions_per_user=0.5"),
        (lambda: ev.compare_arms(ONES, ONES[:2], ONES, ONES), "arm a"),
        (lambda: ev.compare_arms(ONES, ONES, 2 * ONES, ONES), "arm b"),
        (lambda: ev.compare_arms(0 * ONES, ONES, ONES, ONES), "no orders"),
        (lambda: ev.simulate_tests(users(0.1), 1, 1, 0.0), "users_per_arm=1"),
    ],
)
def test_bad_input_is_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()
