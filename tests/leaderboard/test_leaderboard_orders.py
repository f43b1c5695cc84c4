import numpy as np
import pytest

from launchlab.leaderboard import PUBLIC, mean_climb, show_on, tree_submissions


@pytest.mark.parametrize("board", ["plain", "ladder", "free"])
def test_a_board_never_falls_on_average_either(board):
    shown = mean_climb(100, board, orders=3).shown
    assert (np.diff(shown) >= 0).all()


def test_after_all_submissions_a_plain_board_shows_their_best_in_any_order():
    right = tree_submissions(0)[:, :100]
    climb = mean_climb(100, "plain", orders=5)
    assert climb.shown[-1] == pytest.approx(right.mean(axis=1).max())
    # One that is best leads, whichever of them came first.
    best = right.sum(axis=1) == right.sum(axis=1).max()
    scores = tree_submissions(0)[best, PUBLIC:].mean(axis=1)
    assert scores.min() <= climb.private[-1] <= scores.max()


def test_after_one_submission_it_is_an_average_tree():
    right = tree_submissions(0)
    climb = mean_climb(100, "plain", orders=400)
    assert climb.shown[0] == pytest.approx(right[:, :100].mean(), abs=0.005)
    assert climb.private[0] == pytest.approx(right[:, PUBLIC:].mean(), abs=0.005)


def test_one_order_is_one_board():
    order = np.random.default_rng([0, 4, 0]).permutation(300)
    one = show_on("free", tree_submissions(0)[order, :50])
    np.testing.assert_array_equal(mean_climb(50, "free", orders=1).shown, one.shown)


@pytest.mark.parametrize("wrong", [{"public": 0}, {"public": 401}, {"orders": 0}])
def test_what_is_out_of_range_is_refused(wrong):
    with pytest.raises(ValueError, match=rf"{next(iter(wrong))}="):
        mean_climb(**{"public": 100, "board": "plain", **wrong})
