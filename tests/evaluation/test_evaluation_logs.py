"""Evaluation from logs: estimators against truths that are known, and what they refuse."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from launchlab import evaluation as ev


def bandit(n, seed=0, actions=5):
    """A log of a random policy with random propensities, and another policy's truth."""
    rng = np.random.default_rng(seed)
    past, new = rng.dirichlet(np.ones(actions), (2, n))
    past = 0.5 * past + 0.5 / actions
    value = rng.random((n, actions))
    chosen = (np.cumsum(past, axis=1) < rng.random((n, 1))).sum(axis=1).clip(max=actions - 1)
    rows = np.arange(n)
    reward = (rng.random(n) < value[rows, chosen]).astype(float)
    return reward, new[rows, chosen], past[rows, chosen], (new * value).sum(axis=1).mean()


def test_ips_is_unbiased():
    misses = []
    for seed in range(60):
        reward, new, old, truth = bandit(2_000, seed)
        misses.append(ev.ips(reward, ev.importance_weights(new, old)) - truth)
    error = np.std(misses) / np.sqrt(len(misses))
    assert abs(np.mean(misses)) < 3 * error < 0.01


def test_self_normalised_ips_is_consistent_and_shifts_with_the_reward():
    reward, new, old, truth = bandit(50_000)
    weights = ev.importance_weights(new, old)
    estimate = ev.self_normalised_ips(reward, weights)
    assert estimate == pytest.approx(truth, abs=0.02)
    assert ev.self_normalised_ips(reward + 10, weights) == pytest.approx(estimate + 10)
    assert ev.ips(np.ones_like(reward), weights) != pytest.approx(1.0, abs=1e-4)


def test_a_cap_never_raises_an_estimate_of_a_positive_reward():
    reward, new, old, _ = bandit(2_000)
    weights = ev.importance_weights(new, old)
    estimates = [ev.capped_ips(reward, weights, cap) for cap in (0.5, 1, 2, 5, 1e9)]
    assert estimates == sorted(estimates)
    assert estimates[-1] == ev.ips(reward, weights)


def test_judging_a_policy_by_its_own_log_is_the_mean_reward():
    reward, _, old, _ = bandit(500)
    weights = ev.importance_weights(old, old)
    for estimate in (ev.ips(reward, weights), ev.self_normalised_ips(reward, weights)):
        assert estimate == pytest.approx(reward.mean())
    assert ev.effective_sample_size(weights) == pytest.approx(500)


@given(st.lists(st.floats(1e-6, 1e6), min_size=1, max_size=30))
def test_effective_sample_size_lies_between_one_and_n_and_ignores_scale(weights):
    weights = np.array(weights)
    size = ev.effective_sample_size(weights)
    assert 1 - 1e-9 <= size <= len(weights) + 1e-9
    assert ev.effective_sample_size(7 * weights) == pytest.approx(size)


def test_replay_is_the_mean_where_the_policies_agree():
    assert ev.replay(np.array([1.0, 0.0, 1.0]), np.array([True, True, False])) == 0.5


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: ev.importance_weights([0.5], [0.5, 0.5]), "new has shape"),
        (lambda: ev.importance_weights([], []), "new has shape"),
        (lambda: ev.importance_weights([0.5], [0.0]), "old holds a zero"),
        (lambda: ev.importance_weights([1.5], [0.5]), "new holds values outside"),
        (lambda: ev.importance_weights([0.5], [np.nan]), "old holds values outside"),
        (lambda: ev.effective_sample_size([0.0, 0.0]), "not all zero"),
        (lambda: ev.effective_sample_size([1.0, -1.0]), "none negative"),
        (lambda: ev.capped_ips(np.ones(1), np.ones(1), 0), "cap=0"),
        (lambda: ev.replay(np.ones(2), np.zeros(2, bool)), "agrees is false everywhere"),
        (lambda: ev.first_place_log(0, 100, [1.5]), "distance=1.5"),
        (lambda: ev.first_place_log(0, 100, log_seed=0), "log_seed=0"),
    ],
)
def test_bad_input_is_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()


@pytest.fixture(scope="module")
def log():
    return ev.first_place_log(3, 12_000, (0.0, 0.25, 1.0))


def test_the_past_policy_judges_itself_exactly(log):
    assert_allclose(log.new[0], log.old, rtol=1e-5)
    assert log.truth[0] == pytest.approx(log.reward.mean(), abs=5 * 0.35 / np.sqrt(len(log)))


def test_ips_finds_the_truth_of_the_market_near_the_log(log):
    weights = ev.importance_weights(log.new[1], log.old)
    error = np.std(weights * log.reward) / np.sqrt(len(log))
    assert abs(ev.ips(log.reward, weights) - log.truth[1]) < 4 * error
    assert abs(weights.mean() - 1) < 4 * weights.std() / np.sqrt(len(log))


def test_the_log_is_worth_less_the_further_the_policy_and_the_model_is_better(log):
    sizes = [ev.effective_sample_size(ev.importance_weights(n, log.old)) for n in log.new]
    assert sizes == sorted(sizes, reverse=True)
    assert log.truth[2] > log.truth[0] + 3 * log.truth_error[2]


def test_the_same_seed_gives_the_same_log():
    one, two = (ev.first_place_log(1, 300, (0.5,)) for _ in range(2))
    assert_allclose(one.new, two.new)
    assert_allclose(one.truth, two.truth)
    assert (one.agrees == two.agrees).all()
