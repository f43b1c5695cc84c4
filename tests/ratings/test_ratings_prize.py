"""The board of the miniature prize, and what tuning on its quiz half flatters."""

import numpy as np
import pytest

from launchlab.leaderboard import ladder_of_scores
from launchlab.ratings import Moments, Prize, best_of_random, flattery, ridge_blend
from launchlab.ratings.recorded import member_moments, member_table

NAMES = tuple(member_table().index)
PARTS = [member_moments(part) for part in ("probe", "quiz", "test")]


@pytest.fixture
def board():
    return Prize(NAMES, *PARTS, most=4)


def test_the_ladder_climbs_on_any_score():
    found = ladder_of_scores(-np.array([0.9, 0.899, 0.8, 0.85, 0.79]), margin=0.01)
    np.testing.assert_allclose(found.shown, [-0.9, -0.9, -0.8, -0.8, -0.8])
    assert found.leader.tolist() == [0, 0, 2, 2, 2]
    for scores, margin in (([np.nan], 0.1), ([[1.0]], 0.1), ([1.0], 0.0)):
        with pytest.raises(ValueError, match="expected"):
            ladder_of_scores(np.array(scores), margin)


def test_the_board_shows_the_leader_to_the_margin(board):
    first = board.submit(["biases"])
    assert first == pytest.approx(round(first / 0.002) * 0.002)
    better = board.submit(["ALS 10", "item kNN 50"])
    assert better < first
    assert board.submit(["biases", "user means"]) == better
    told = board.submissions
    assert told["leads"].tolist() == [True, True, False]
    assert told["members"].tolist() == [1, 2, 2]
    assert set(told) == {"members", "shown", "leads"}


def test_what_is_revealed_is_the_blend_fitted_on_the_probe(board):
    board.submit(["ALS 10", "SVD 6"])
    board.submit(["ALS 10", "SVD 6"], plain=True)
    shown = board.reveal()
    places = [NAMES.index("ALS 10"), NAMES.index("SVD 6")]
    blend = ridge_blend(PARTS[0], places)
    assert shown["quiz"][0] == pytest.approx(PARTS[1].rmse(blend))
    assert shown["test"][0] == pytest.approx(PARTS[2].rmse(blend))
    assert shown["test"][1] != shown["test"][0]
    with pytest.raises(RuntimeError, match="closed"):
        board.submit(["biases"])


def test_submissions_are_few_and_checked(board):
    for wrong in (["nobody"], [], ["biases", "biases"]):
        with pytest.raises(ValueError, match="expected distinct names"):
            board.submit(wrong)
    for _ in range(4):
        board.submit(["biases"])
    with pytest.raises(RuntimeError, match="all 4"):
        board.submit(["biases"])


def test_parts_must_be_of_the_same_members():
    small = Moments.of(np.random.default_rng(0).normal(size=(50, 3)), np.arange(50.0))
    with pytest.raises(ValueError, match="quiz: 3 members"):
        Prize(NAMES, PARTS[0], small, PARTS[2])


def noise_parts(seed, n=400, members=10):
    """Members that all know the truth equally well: nothing is to be chosen."""
    rng = np.random.default_rng(seed)

    def part():
        truth = rng.normal(size=n)
        return Moments.of(truth[:, None] + rng.normal(size=(n, members)), truth)

    return part(), part(), part()


def test_weights_fitted_on_the_quiz_flatter_by_about_weights_over_ratings():
    found = [flattery(*noise_parts(seed), range(10)) for seed in range(400)]
    # Least squares: sigma p / n, with p = 11 for ten weights and an intercept; sigma is what the
    # best blend leaves, 1 / sqrt(11).
    assert np.mean(found) == pytest.approx(11 / 400 / np.sqrt(11), rel=0.15)


def test_what_is_really_learnt_on_the_quiz_is_no_flattery():
    probe, quiz, _ = noise_parts(0)
    assert flattery(probe, quiz, quiz, range(10)) == pytest.approx(0, abs=1e-12)
    assert quiz.rmse(ridge_blend(quiz)) < quiz.rmse(ridge_blend(probe))


def test_choosing_on_the_quiz_flatters_where_nothing_is_to_be_chosen():
    found = [
        best_of_random(*noise_parts(seed), tries=50, members=3, seed=seed) for seed in range(30)
    ]
    assert np.mean(found) > 2 * np.std(found) / np.sqrt(30)
    one = best_of_random(*noise_parts(0), tries=1, members=3, seed=0)
    assert one == pytest.approx(0, abs=1e-12)
