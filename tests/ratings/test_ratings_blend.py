"""Blends from moments against scikit-learn on the ratings themselves, and their properties."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.linear_model import Ridge

from launchlab.ratings import (
    Blend,
    Moments,
    best_single,
    decompose,
    greedy_path,
    paired_error,
    plain_mean,
    ridge_blend,
    share_of_gain,
    single,
)


def sample(seed, n=400, members=5):
    """Predictions that are right to different degrees, and the truth."""
    rng = np.random.default_rng(seed)
    truth = rng.normal(3.5, 1, n)
    noise = rng.normal(size=(n, members)) * rng.uniform(0.3, 2, members)
    shared = rng.normal(size=(n, 1))
    return 0.7 * truth[:, None] + noise + shared * rng.uniform(0, 1, members), truth


seeds = st.integers(0, 10_000)


@given(seeds, st.sets(st.integers(0, 4), min_size=1), st.sampled_from([1e-4, 0.01, 1.0]))
def test_a_blend_is_scikit_learns_ridge(seed, chosen, penalty):
    predictions, truth = sample(seed)
    places = sorted(chosen)
    blend = ridge_blend(Moments.of(predictions, truth), places, penalty)
    model = Ridge(alpha=penalty * len(truth)).fit(predictions[:, places], truth)
    np.testing.assert_allclose(blend.weights[places], model.coef_, rtol=1e-7, atol=1e-9)
    assert blend.intercept == pytest.approx(model.intercept_, rel=1e-7, abs=1e-8)
    assert np.count_nonzero(blend.weights) <= len(places)


@given(seeds)
def test_an_error_from_moments_is_the_error_on_the_ratings(seed):
    predictions, truth = sample(seed)
    fit, other = Moments.of(predictions[:200], truth[:200]), Moments.of(predictions, truth)
    blend = ridge_blend(fit, [0, 3])
    expected = np.sqrt(np.mean((blend.predict(predictions) - truth) ** 2))
    assert other.rmse(blend) == pytest.approx(expected, rel=1e-9)


@given(seeds, st.permutations(range(5)))
def test_the_order_of_members_does_not_matter(seed, order):
    moments = Moments.of(*sample(seed))
    one, other = ridge_blend(moments, order[:3]), ridge_blend(moments, sorted(order[:3]))
    np.testing.assert_allclose(one.weights, other.weights, rtol=1e-8, atol=1e-10)


@given(seeds)
def test_on_the_ratings_it_was_fitted_on_a_larger_blend_is_never_worse(seed):
    moments = Moments.of(*sample(seed))
    errors = [moments.mse(ridge_blend(moments, range(k), penalty=1e-9)) for k in range(6)]
    assert (np.diff(errors) <= 1e-9).all()


def test_without_members_a_blend_is_the_mean():
    predictions, truth = sample(0)
    moments = Moments.of(predictions, truth)
    blend = ridge_blend(moments, [])
    assert blend.intercept == pytest.approx(truth.mean())
    assert moments.rmse(blend) == pytest.approx(truth.std())
    assert not blend.weights.any()


def test_the_greedy_path_takes_the_best_step_each_time():
    moments = Moments.of(*sample(1))
    path = greedy_path(moments)
    assert sorted(path) == list(range(5))
    for step in range(5):
        left = [place for place in range(5) if place not in path[:step]]
        errors = {p: moments.mse(ridge_blend(moments, [*path[:step], p])) for p in left}
        assert errors[path[step]] == min(errors.values())
    assert path[0] == best_single(moments)
    assert moments.rmse(single(moments, path[0])) == min(
        moments.rmse(single(moments, place)) for place in range(5)
    )


@given(seeds, st.lists(st.floats(0.01, 1), min_size=5, max_size=5))
def test_the_ambiguity_decomposition_is_exact(seed, raw):
    predictions, truth = sample(seed)
    weights = np.array(raw) / sum(raw)
    found = decompose(Moments.of(predictions, truth), Blend(0.0, weights))
    together = predictions @ weights
    apart = ((predictions - together[:, None]) ** 2 @ weights).mean()
    each = ((predictions - truth[:, None]) ** 2 @ weights).mean()
    assert found.ambiguity == pytest.approx(apart, rel=1e-6, abs=1e-9)
    assert found.average_member == pytest.approx(each, rel=1e-8)
    assert found.ensemble == pytest.approx(found.average_member - found.ambiguity, rel=1e-7)


def test_the_decomposition_refuses_weights_it_does_not_hold_for():
    moments = Moments.of(*sample(0))
    for blend in (ridge_blend(moments), Blend(0.1, np.full(5, 0.2))):
        with pytest.raises(ValueError, match="expected 0 and 1"):
            decompose(moments, blend)


def test_plain_mean_is_plain():
    predictions, _ = sample(0)
    np.testing.assert_allclose(plain_mean(5).predict(predictions), predictions.mean(axis=1))
    np.testing.assert_allclose(
        plain_mean(5, [1, 4]).predict(predictions), predictions[:, [1, 4]].mean(axis=1)
    )
    with pytest.raises(ValueError, match="at least one"):
        plain_mean(5, [])


def test_share_of_gain_has_its_ends():
    assert share_of_gain(0.9, 0.9, 0.8) == 0
    assert share_of_gain(0.8, 0.9, 0.8) == 1
    assert share_of_gain(0.85, 0.9, 0.8) == pytest.approx(0.5)


def test_paired_error_is_the_scatter_over_fresh_samples():
    rng = np.random.default_rng(0)
    differences, errors = [], []
    for _ in range(400):
        truth = rng.normal(size=1_000)
        shared = rng.normal(size=1_000)
        one = truth + shared + 0.3 * rng.normal(size=1_000)
        other = truth + shared + 0.4 * rng.normal(size=1_000)
        rmse = [np.sqrt(np.mean((p - truth) ** 2)) for p in (one, other)]
        differences.append(rmse[0] - rmse[1])
        errors.append(paired_error(one, other, truth))
    assert np.mean(errors) == pytest.approx(np.std(differences), rel=0.1)


@pytest.mark.parametrize(
    ("chosen", "penalty"), [([0, 0], 0.1), ([5], 0.1), ([-1], 0.1), ([0], 0.0), ([0], float("nan"))]
)
def test_impossible_blends_are_refused(chosen, penalty):
    with pytest.raises(ValueError, match="expected"):
        ridge_blend(Moments.of(*sample(0)), chosen, penalty)


def test_moments_are_checked():
    predictions, truth = sample(0)
    values = Moments.of(predictions, truth).values
    for wrong in (values[:, :-1], values[:2, :2], np.triu(values), 2 * values):
        with pytest.raises(ValueError, match="expected"):
            Moments(wrong, 400)
    with pytest.raises(ValueError, match="expected"):
        Moments.of(predictions, truth[:-1])


def test_all_subsets_are_consistent_with_the_best_of_them():
    moments = Moments.of(*sample(2))
    pairs = [
        moments.rmse(ridge_blend(moments, pair)) for pair in itertools.combinations(range(5), 2)
    ]
    assert min(pairs) <= moments.rmse(ridge_blend(moments, greedy_path(moments)[:2])) + 1e-12
