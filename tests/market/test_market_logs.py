from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from launchlab.market import (
    FEATURES,
    Logs,
    World,
    make_features,
    make_logs,
    popularity_score,
    slate_log_propensities,
    top_propensities,
    top_slate,
)


def test_logs_are_seeded_and_shaped(world: World, logs: Logs):
    again, other = make_logs(world, 1_500, seed=2), make_logs(world, 1_500, seed=3)
    np.testing.assert_array_equal(logs.candidate, again.candidate)
    np.testing.assert_array_equal(logs.clicked, again.clicked)
    assert not np.array_equal(logs.candidate, other.candidate)
    assert logs.candidate.shape == logs.ordered.shape == logs.clicked.shape == (1_500, 8)
    assert (logs.clicked >= logs.ordered).all()
    assert logs.ordered.sum(axis=1).max() == 1
    assert len(logs[:10]) == 10
    np.testing.assert_array_equal(logs.score, popularity_score(logs.sessions))


@given(seed=st.integers(0, 1_000), temperature=st.floats(0.1, 5))
@settings(max_examples=25, deadline=None)
def test_propensities_of_all_slates_sum_to_one(seed, temperature):
    score = np.random.default_rng(seed).normal(size=(3, 5)).astype(np.float32)
    np.testing.assert_allclose(top_propensities(score, temperature).sum(axis=1), 1)
    slates = list(permutations(range(5), 3))
    total = sum(
        np.exp(slate_log_propensities(score, np.tile(slate, (3, 1)), temperature))
        for slate in slates
    )
    np.testing.assert_allclose(total, 1, rtol=1e-9)
    one = slate_log_propensities(score, np.full((3, 1), 2), temperature)
    np.testing.assert_allclose(np.exp(one), top_propensities(score, temperature)[:, 2])


def test_propensities_agree_with_simulation(logs: Logs):
    # One session's scores, 200,000 draws of the Gumbel noise, the policy's own sort.
    score, temperature = logs.score[:1], logs.temperature
    draws = 200_000
    rng = np.random.default_rng(0)
    noisy = score + temperature * rng.gumbel(size=(draws, score.shape[1]))
    shown = top_slate(noisy, 2)
    chance = top_propensities(score, temperature)[0]
    share = np.bincount(shown[:, 0], minlength=30) / draws
    assert (np.abs(share - chance) < 5 * np.sqrt(chance / draws) + 1e-5).all()
    pairs = np.bincount(shown[:, 0] * 30 + shown[:, 1], minlength=900) / draws
    best = np.argsort(-pairs)[:20]
    slates = np.column_stack([best // 30, best % 30])
    pair = np.exp(slate_log_propensities(np.repeat(score, 20, axis=0), slates, temperature))
    assert (np.abs(pairs[best] - pair) < 5 * np.sqrt(pair / draws)).all()


def test_logged_first_places_are_as_likely_as_they_say(logs: Logs):
    chances = top_propensities(logs.score, logs.temperature)
    np.testing.assert_allclose(
        logs.top_propensity, chances[np.arange(len(logs)), logs.candidate[:, 0]]
    )
    # The mean propensity of what was drawn is the mean over sessions of sum p^2.
    squares = (chances**2).sum(axis=1)
    spread = np.sqrt(((chances**3).sum(axis=1) - squares**2).sum()) / len(logs)
    assert abs(logs.top_propensity.mean() - squares.mean()) < 4 * spread
    # Weighted by 1 / propensity, each candidate column comes out equally often: IPS is unbiased.
    weight = 1 / logs.top_propensity
    assert weight.mean() == pytest.approx(30, rel=0.25)
    assert (logs.slate_log_propensity < np.log(logs.top_propensity)).all()


def test_features_are_what_they_are_called(logs: Logs):
    sessions, world = logs.sessions, logs.sessions.world
    rows = make_features(sessions[:50])
    assert rows.shape == (50 * 30, len(FEATURES)) == (1_500, 14)
    assert rows.dtype == np.float32
    table = dict(zip(FEATURES, rows.reshape(50, 30, 14).transpose(2, 0, 1), strict=True))
    np.testing.assert_array_equal(table["price"], world.price[sessions.restaurant[:50]])
    np.testing.assert_array_equal(table["eta"], sessions.eta[:50])
    np.testing.assert_array_equal(table["hour"][:, 3], sessions.hour[:50])
    assert (table["log_position"] == 0).all()
    i, j = 7, 11
    who, where = sessions.customer[i], sessions.restaurant[i, j]
    assert table["cuisine_share"][i, j] == world.cuisine_share[who, world.cuisine[where]]
    near = list(world.near[who]).index(where)
    assert table["ordered_before"][i, j] == world.ordered_before[who, near]
    assert table["spend"][i, j] == world.spend[who]

    logged = make_features(sessions[:50], logs.candidate[:50]).reshape(50, 8, 14)
    np.testing.assert_allclose(
        logged[..., -1], np.tile(np.log(np.arange(1, 9)), (50, 1)), rtol=1e-6
    )
    np.testing.assert_array_equal(
        logged[..., 0], np.take_along_axis(table["distance"], logs.candidate[:50], axis=1)
    )


def test_bad_input_is_named(world: World, logs: Logs):
    with pytest.raises(ValueError, match="n_sessions=0: expected a whole number of at least 1"):
        make_logs(world, 0)
    with pytest.raises(ValueError, match="the log is empty: expected at least one session"):
        logs[:0]
    with pytest.raises(ValueError, match="length=31: expected at most the number of candidates"):
        make_logs(world, 10, length=31)
    with pytest.raises(ValueError, match=r"temperature=0\.0: expected a number"):
        make_logs(world, 10, temperature=0.0)
    with pytest.raises(ValueError, match="score holds NaN"):
        top_propensities(np.full((1, 3), np.nan))
    with pytest.raises(ValueError, match="repeats a column"):
        slate_log_propensities(np.zeros((1, 3)), np.array([[1, 1]]))
    with pytest.raises(ValueError, match="candidate ranges from 3 to 3"):
        slate_log_propensities(np.zeros((1, 3)), np.array([[3]]))
    with pytest.raises(ValueError, match=r"candidate has shape \(10, 31\)"):
        make_features(logs.sessions[:10], np.zeros((10, 31), dtype=int))
    with pytest.raises(ValueError, match=r"ordered has shape \(1500, 7\): expected \(1500, 8\)"):
        Logs(logs.sessions, logs.candidate, logs.ordered[:, :7], logs.clicked, logs.score, 0.7)
