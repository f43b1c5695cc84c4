import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm

from launchlab.leaderboard import attack, expected_attack_score, random_votes


def test_a_longer_attack_continues_a_shorter_one():
    np.testing.assert_array_equal(random_votes(30, 50, 1), random_votes(60, 50, 1)[:30])
    for board in ("plain", "ladder", "free"):
        long = attack(3, [10, 200, 700], 100, board)
        short = attack(3, [10, 200], 100, board)
        np.testing.assert_array_equal(long.shown[:2], short.shown)
        np.testing.assert_array_equal(long.private[:2], short.private)


def test_coins_are_fair_and_differ_between_worlds():
    votes = random_votes(400, 500, 0)
    assert set(np.unique(votes)) == {-1, 1}
    assert abs(votes.mean()) < 5 / np.sqrt(votes.size)
    assert not np.array_equal(votes, random_votes(400, 500, 1))


@pytest.mark.parametrize(("submissions", "public"), [(100, 100), (1000, 100), (1000, 1000)])
def test_public_score_is_what_the_formula_says_and_private_is_a_coin(submissions, public):
    worlds = [attack(seed, [submissions], public) for seed in range(12)]
    reached = [float(world.public[0]) for world in worlds]
    expected = expected_attack_score(submissions, public)
    assert abs(np.mean(reached) - expected) < 4 * np.sqrt(0.25 / (12 * public))
    private = [float(world.private[0]) for world in worlds]
    assert abs(np.mean(private) - 0.5) < 4 * np.sqrt(0.25 / (12 * 797))


def test_the_formula():
    assert expected_attack_score(1_000, 100) == pytest.approx(norm.cdf(2.5231), abs=1e-4)
    assert expected_attack_score(0, 100) == 0.5


@settings(max_examples=15)
@given(st.integers(0, 50), st.sampled_from([20, 100, 300]))
def test_a_ladder_answers_few_questions_and_shows_less(seed, public):
    on_plain = attack(seed, [500], public)
    on_ladder = attack(seed, [500], public, "ladder")
    assert on_plain.learned_from[0] == 500
    assert on_ladder.learned_from[0] <= 20
    assert on_ladder.shown[0] < on_plain.shown[0] + 0.05


@pytest.mark.parametrize("stops", [[], [0, 3], [5, 5], [9, 4]])
def test_stops_must_rise(stops):
    with pytest.raises(ValueError, match="submissions="):
        attack(0, stops, 100)


@pytest.mark.parametrize("public", [0, 1001])
def test_public_images_must_leave_the_private_ones_alone(public):
    with pytest.raises(ValueError, match="public="):
        attack(0, [10], public)
