"""Offline metrics against scikit-learn's and against resampling."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics

from launchlab.market import draw_sessions, make_world
from launchlab.zoo import held_out as offline
from launchlab.zoo.held_out import weighted_auc


def example(seed, m=400, levels=None):
    rng = np.random.default_rng(seed)
    score = rng.random(m) if levels is None else rng.integers(0, levels, m) / levels
    happened = rng.random(m) < 0.1 + 0.5 * score
    happened[:2] = [True, False]
    return score, happened


@given(st.integers(0, 10_000), st.sampled_from([None, 3, 20]))
def test_auc_is_scikit_learns(seed, levels):
    score, happened = example(seed, levels=levels)
    expected = metrics.roc_auc_score(happened, score)
    assert offline.auc(score, happened) == pytest.approx(expected, abs=1e-12)


@given(st.integers(0, 10_000), st.sampled_from([None, 3, 20]))
def test_weighted_auc_is_scikit_learns(seed, levels):
    score, happened = example(seed, levels=levels)
    weights = np.random.default_rng(seed).integers(0, 4, (3, len(score)))
    weights[:, :2] = 1
    expected = [metrics.roc_auc_score(happened, score, sample_weight=one) for one in weights]
    assert weighted_auc(score, happened, weights) == pytest.approx(expected, abs=1e-12)


def test_log_loss_is_scikit_learns_and_bounded():
    score, happened = example(3)
    assert offline.log_loss(score, happened) == pytest.approx(metrics.log_loss(happened, score))
    assert offline.log_loss(np.array([0.0]), np.array([True])) == pytest.approx(np.log(1e7))


def test_error_of_an_auc_difference_is_that_of_resampled_customers():
    rng = np.random.default_rng(0)
    n, k = 600, 4
    clusters = np.repeat(np.arange(n), k)
    taste = np.repeat(rng.normal(size=n), k)
    truth = taste + rng.normal(size=n * k)
    happened = truth + rng.normal(size=n * k) > 1.5
    one, other = truth + rng.normal(size=n * k), taste + rng.normal(size=n * k)
    drawn = rng.multinomial(n, np.full(n, 1 / n), size=300)[:, clusters]
    spread = np.std(weighted_auc(one, happened, drawn) - weighted_auc(other, happened, drawn))
    error = offline.auc_difference_error(one, other, happened, clusters)
    assert error == pytest.approx(spread, rel=0.2)
    assert offline.auc_difference_error(one, one, happened, clusters) == 0


def test_held_out_log_is_what_the_past_policy_would_show():
    sessions = draw_sessions(make_world(0), 1_000, seed=1)
    log, again = offline.held_out_log(sessions), offline.held_out_log(sessions)
    assert log.candidate.shape == log.ordered.shape == (1_000, 8)
    assert np.array_equal(log.ordered, again.ordered)
    assert (log.ordered.sum(axis=1) <= 1).all()
    assert log.clicked[log.ordered].all()
    assert not np.array_equal(log.candidate, offline.held_out_log(sessions, seed=5).candidate)


def test_nonsense_is_refused():
    score, happened = example(0)
    with pytest.raises(ValueError, match="expected both"):
        offline.auc(score, np.ones(len(score), bool))
    with pytest.raises(ValueError, match="shape"):
        offline.auc(score[1:], happened)
    with pytest.raises(ValueError, match="shape"):
        offline.log_loss(score[1:], happened)
    with pytest.raises(ValueError, match=r"\[0, 1\]"):
        offline.log_loss(score + 1, happened)
