"""Decoupled scores and blended labels: what each reads, and what calibration does."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchlab.market import Scores, draw_sessions, make_logs, make_world, true_scores
from launchlab.stakeholders.blended import (
    ORDER_VALUE,
    blended_worth,
    decoupled_worth,
    fit_blended,
    inflated,
    new_bids,
    recalibrated,
    slate_dollars,
)

WORLD = make_world(0)
SESSIONS = draw_sessions(WORLD, 600, seed=1)
TRUTH = true_scores(SESSIONS)
LOGS = make_logs(WORLD, 1_500)


@given(st.floats(0, 1), st.integers(0, 50))
def test_new_bids_are_the_old_ones_dealt_anew(share, seed):
    bids = new_bids(WORLD, share, seed)
    assert np.sort(bids) == pytest.approx(np.sort(WORLD.bid))
    assert ((bids > 0) == (WORLD.bid > 0)).all()
    assert (bids != WORLD.bid).sum() <= round(share * (WORLD.bid > 0).sum())


def test_no_share_changes_nothing_and_all_changes_nearly_all():
    assert (new_bids(WORLD, 0.0) == WORLD.bid).all()
    advertisers = WORLD.bid > 0
    assert (new_bids(WORLD, 1.0) != WORLD.bid)[advertisers].mean() > 0.95


def test_decoupled_worth_is_its_formula():
    worth = decoupled_worth(SESSIONS, TRUTH, WORLD.bid, 2.0)
    row, column = 3, 7
    bid = WORLD.bid[SESSIONS.restaurant[row, column]]
    expected = ORDER_VALUE * TRUTH.order[row, column] + 2.0 * bid * TRUTH.click[row, column]
    assert worth[row, column] == pytest.approx(expected, rel=1e-5)


def test_dollars_are_orders_and_paid_clicks():
    free = np.zeros_like(WORLD.bid)
    orders_only = slate_dollars(SESSIONS, TRUTH.order, free, 5.0)
    with_ads = slate_dollars(SESSIONS, TRUTH.order, WORLD.bid, 5.0)
    assert (with_ads >= orders_only - 1e-9).all()
    assert with_ads.mean() > orders_only.mean()
    assert (orders_only <= ORDER_VALUE + 1e-6).all()


def test_the_truth_combined_beats_the_truth_about_orders_alone():
    both = decoupled_worth(SESSIONS, TRUTH, WORLD.bid, 2.0)
    assert (
        slate_dollars(SESSIONS, both, WORLD.bid, 2.0).mean()
        > slate_dollars(SESSIONS, TRUTH.order, WORLD.bid, 2.0).mean()
    )


def test_a_blend_learns_dollars_and_can_see_bids():
    blind = fit_blended(LOGS, WORLD.bid, 1.0, n_trees=10)
    seeing = fit_blended(LOGS, WORLD.bid, 1.0, n_trees=10, sees_bid=True)
    assert seeing.n_features_in_ == blind.n_features_in_ + 1
    worth = blended_worth(blind, SESSIONS)
    assert worth.shape == SESSIONS.shape
    assert np.corrcoef(worth.ravel(), TRUTH.order.ravel())[0, 1] > 0.2
    moved = blended_worth(seeing, SESSIONS, 3 * WORLD.bid)
    assert not np.allclose(moved, blended_worth(seeing, SESSIONS, WORLD.bid))
    again = fit_blended(LOGS, WORLD.bid, 1.0, n_trees=10)
    assert (blended_worth(again, SESSIONS) == worth).all()


@given(st.floats(0.1, 50))
def test_inflating_keeps_the_order_and_can_be_undone(factor):
    wrong = inflated(TRUTH, factor)
    back = inflated(wrong, 1 / factor)
    assert back.click == pytest.approx(TRUTH.click, abs=2e-3)
    row = np.argsort(TRUTH.click[0], kind="stable")
    assert (np.diff(wrong.click[0][row]) >= 0).all()
    assert (wrong.order == TRUTH.order).all()


def test_recalibration_brings_the_mean_back_to_what_happened():
    held_out = true_scores(LOGS.sessions)
    wrong, wrong_held_out = inflated(TRUTH, 8.0), inflated(held_out, 8.0)
    mended = recalibrated(wrong, wrong_held_out, LOGS.candidate[:, 0], LOGS.clicked[:, 0])
    miss = [abs(one.click.mean() - TRUTH.click.mean()) for one in (wrong, mended)]
    assert miss[1] < 0.3 * miss[0]
    assert isinstance(mended, Scores)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: new_bids(WORLD, 1.2), "share"),
        (lambda: decoupled_worth(SESSIONS, TRUTH, WORLD.bid, -1.0), "weight"),
        (lambda: fit_blended(LOGS, WORLD.bid, float("nan")), "weight"),
        (lambda: inflated(TRUTH, 0.0), "factor"),
    ],
)
def test_bad_numbers_are_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()
