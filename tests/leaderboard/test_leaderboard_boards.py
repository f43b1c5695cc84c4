import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from launchlab.leaderboard import BOARDS, ladder, parameter_free_ladder, plain, show_on

rights = arrays(bool, array_shapes(min_dims=2, max_dims=2, max_side=30))


def scoring(*hits: int, images: int = 100) -> np.ndarray:
    """Submissions that are right on the first so many images."""
    return np.arange(images) < np.array(hits)[:, None]


def test_plain_shows_the_best_so_far_and_the_earlier_leads_on_a_tie():
    board = plain(scoring(60, 50, 70, 70, 65))
    np.testing.assert_allclose(board.shown, [0.6, 0.6, 0.7, 0.7, 0.7])
    assert board.leader.tolist() == [0, 0, 2, 2, 2]
    assert board.movers.tolist() == [0, 2]


def test_ladder_moves_only_for_more_than_the_margin():
    board = ladder(scoring(62, 65, 66, 75, 69, 80), margin=0.05)
    # 62 is shown as 60, so 65 is no more than the margin above it, and 66 is.
    np.testing.assert_allclose(board.shown, [0.6, 0.6, 0.65, 0.75, 0.75, 0.75])
    assert board.movers.tolist() == [0, 2, 3]


def test_ladder_says_nothing_before_a_first_score_over_the_margin():
    board = ladder(scoring(0, 5, 6), margin=0.05)
    assert board.leader.tolist() == [-1, -1, 2]
    assert board.movers.tolist() == [2]
    assert board.shown[:2].tolist() == [0, 0]


def test_parameter_free_ladder_asks_for_one_standard_error_of_the_paired_difference():
    # Nested submissions that differ on m of 100 images: the error is about sqrt(m)/100.
    assert parameter_free_ladder(scoring(60, 61)).movers.tolist() == [0]
    assert parameter_free_ladder(scoring(60, 64)).movers.tolist() == [0, 1]
    # The same gain, but won by differing on many images, is no longer enough.
    other = np.roll(scoring(64)[0], 30)[None]
    assert parameter_free_ladder(np.vstack([scoring(60), other])).movers.tolist() == [0]


@given(rights, st.sampled_from(sorted(BOARDS)))
def test_boards_never_fall_and_ignore_what_did_not_move_them(right, name):
    board = show_on(name, right)
    assert (np.diff(board.shown) >= 0).all()
    assert board.shown[-1] <= 1
    assert (board.leader <= np.arange(len(right))).all()
    movers = board.movers
    if len(movers):
        again = show_on(name, right[movers])
        np.testing.assert_array_equal(again.shown, board.shown[movers])
        assert board.shown[-1] == again.shown[-1]


@given(rights)
def test_what_is_shown_belongs_to_the_leader(right):
    for board, slack in [(plain(right), 0.0), (parameter_free_ladder(right), 0.0)]:
        led = board.leader >= 0
        scores = right.mean(axis=1)[board.leader[led]]
        np.testing.assert_allclose(board.shown[led], scores, atol=slack + 1e-12)
    board = ladder(right, 0.05)
    led = board.leader >= 0
    scores = right.mean(axis=1)[board.leader[led]]
    assert (np.abs(board.shown[led] - scores) <= 0.025 + 1e-9).all()


@pytest.mark.parametrize("margin", [0, 1, -0.1, float("nan")])
def test_a_margin_out_of_range_is_named(margin):
    with pytest.raises(ValueError, match="margin="):
        ladder(scoring(50), margin)


@pytest.mark.parametrize(
    "right", [np.zeros((2, 3)), np.zeros(3, dtype=bool), np.zeros((0, 3), dtype=bool)]
)
def test_submissions_must_be_a_table_of_booleans(right):
    for board in BOARDS.values():
        with pytest.raises(ValueError, match="expected booleans of shape"):
            board(right)


def test_an_unknown_board_is_named():
    with pytest.raises(ValueError, match="board='podium'"):
        show_on("podium", scoring(50))
