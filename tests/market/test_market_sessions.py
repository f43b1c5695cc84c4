import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from launchlab.market import Sessions, World, draw_sessions, make_logs, session_blocks
from launchlab.market.sessions import N_CANDIDATES

COLUMNS = (
    "customer",
    "hour",
    "rain",
    "outside",
    "near",
    "restaurant",
    "distance",
    "eta",
    "experienced",
)


def same(a: Sessions, b: Sessions) -> bool:
    return all(np.array_equal(getattr(a, n), getattr(b, n)) for n in COLUMNS)


def test_shapes_and_that_candidates_are_distinct_and_near(sessions: Sessions):
    assert sessions.shape == (3_000, N_CANDIDATES)
    assert len(sessions) == 3_000
    assert all(len(set(row)) == N_CANDIDATES for row in sessions.restaurant[:200])
    world = sessions.world
    np.testing.assert_array_equal(
        sessions.restaurant, world.near[sessions.customer[:, None], sessions.near]
    )
    for name in ("outside", "distance", "eta", "experienced"):
        assert getattr(sessions, name).dtype == np.float32, name


def test_candidates_are_a_fair_sample_in_random_order(world: World):
    sessions = draw_sessions(world, 20_000, seed=0)
    counts = np.bincount(sessions.near.ravel(), minlength=60)
    assert counts.sum() == 600_000
    assert np.abs(counts / 10_000 - 1).max() < 0.04  # standard error 0.7 %
    first = np.bincount(sessions.near[:, 0], minlength=60)
    assert np.abs(first / (20_000 / 60) - 1).max() < 0.25  # standard error 5.4 %


def test_marginals(world: World):
    sessions = draw_sessions(world, 20_000, seed=0)
    assert sessions.rain.mean() == pytest.approx(0.25, abs=0.015)
    assert (sessions.hour == 22).mean() == pytest.approx(0.10, abs=0.01)
    assert (sessions.hour < 14).mean() == pytest.approx(0.25, abs=0.015)
    assert sessions.outside.mean() == pytest.approx(2.6, abs=0.03)
    assert sessions.outside.std() == pytest.approx(0.8, abs=0.02)


@given(n=st.integers(1, 2_500), seed=st.integers(0, 5))
@settings(max_examples=15, deadline=None)
def test_fewer_sessions_are_the_first_of_more(world: World, n: int, seed: int):
    assert same(draw_sessions(world, n, seed), draw_sessions(world, 2_500, seed)[:n])


@given(n=st.integers(1, 5_500), block=st.sampled_from([1_000, 2_000, 3_000, 9_000]))
@settings(max_examples=10, deadline=None)
def test_blocks_are_the_one_pass_cut(world: World, n: int, block: int):
    whole, at = draw_sessions(world, n, 1), 0
    for part in session_blocks(world, n, 1, block=block):
        assert same(part, whole[at : at + block])
        at += len(part)
    assert at == n


def test_seeds_differ_and_logs_are_never_the_live_sessions(world: World):
    live = draw_sessions(world, 500, seed=0)
    assert not same(live, draw_sessions(world, 500, seed=1))
    assert not same(live, make_logs(world, 500, seed=0).sessions)


def test_context_is_what_the_docstring_says(sessions: Sessions):
    world = sessions.world
    static = world.utility[sessions.customer[:, None], sessions.near]
    minutes = world.preparation[sessions.restaurant] + 4.0 * sessions.distance * np.where(
        sessions.rain, 1.3, 1.0
    ).reshape(-1, 1)
    np.testing.assert_allclose(sessions.eta, minutes, rtol=1e-5)
    late, lunch = sessions.hour[:, None] >= 22, sessions.hour[:, None] < 14
    context = -0.05 * np.maximum(minutes - 28, 0) - 0.02 * minutes
    context += np.where(late, np.where(world.chain[sessions.restaurant], 1.0, -0.6), 0)
    context -= np.where(lunch, 0.04 * np.maximum(world.price[sessions.restaurant] - 20, 0), 0)
    np.testing.assert_allclose(sessions.experienced, static + context, atol=1e-4)


@pytest.mark.parametrize("n", [0, -5, 2.5, float("nan")])
def test_bad_numbers_of_sessions_are_named(world: World, n):
    with pytest.raises(ValueError, match=r"n_sessions=.*: expected a whole number of at least 1"):
        draw_sessions(world, n, seed=0)


def test_bad_blocks_are_named_at_once(world: World):
    with pytest.raises(ValueError, match="block=1500: expected a multiple of 1000"):
        session_blocks(world, 10, 0, block=1_500)
