"""Faults of the serving path change what they say, and nothing else."""

from __future__ import annotations

import numpy as np
import pytest

from launchlab.market import (
    FEATURES,
    draw_sessions,
    make_features,
    make_logs,
    make_world,
    top_slate,
)
from launchlab.software.columns import COLUMN, column_of, times, with_column
from launchlab.software.faults import SERVING_FAULTS
from launchlab.software.judged import orders, orders_by_session, places_changed
from launchlab.software.offers import Offers, offers_logged, offers_now

TOUCHED = {
    "seconds": {"eta"},
    "cents": {"price"},
    "some cents": {"price"},
    "cuisine": {"cuisine_share"},
    "join": {"ordered_before"},
    "swapped": {"eta", "price"},
    "utc": {"hour"},
    "miles": {"distance"},
    "dry": {"rain"},
    "last place": {"log_position"},
}


@pytest.fixture(scope="module")
def offers() -> Offers:
    return offers_now(draw_sessions(make_world(3), 200, seed=5))


@pytest.mark.parametrize("name", SERVING_FAULTS)
def test_a_fault_changes_its_columns_and_leaves_the_offers_alone(offers: Offers, name: str) -> None:
    before = offers.rows.copy()
    fed = SERVING_FAULTS[name].fed(offers)
    assert fed.shape == offers.rows.shape and fed.dtype == np.float32
    assert np.isfinite(fed).all()
    assert (offers.rows == before).all()
    changed = {name for name in FEATURES if (fed[:, COLUMN[name]] != before[:, COLUMN[name]]).any()}
    assert changed == TOUCHED[name]


def test_a_fault_on_features_that_a_test_nudged_keeps_the_nudge(offers: Offers) -> None:
    nudged = Offers(**{**vars(offers), "rows": with_column(offers.rows, "cuisine_share", 0.5)})
    fed, plain = (SERVING_FAULTS["cuisine"].fed(one) for one in (nudged, offers))
    moved = fed[:, COLUMN["cuisine_share"]] - plain[:, COLUMN["cuisine_share"]]
    wanted = 0.5 - offers.rows[:, COLUMN["cuisine_share"]]
    np.testing.assert_allclose(moved, wanted, atol=1e-6)


def test_offers_of_a_log_stand_in_the_order_of_its_rows() -> None:
    logs = make_logs(make_world(3), 50)
    offers = offers_logged(logs)
    np.testing.assert_array_equal(offers.rows, make_features(logs.sessions, logs.candidate))
    price = offers.world.price[offers.restaurant]
    np.testing.assert_array_equal(price, offers.rows[:, COLUMN["price"]])
    spend = offers.world.spend[offers.customer]
    np.testing.assert_array_equal(spend, offers.rows[:, COLUMN["spend"]])
    np.testing.assert_array_equal(offers.eta, offers.rows[:, COLUMN["eta"]])


def test_an_unknown_feature_is_named_with_what_was_expected() -> None:
    with pytest.raises(ValueError, match="feature='etta', expected one of 'distance', 'eta'"):
        column_of("etta")
    with pytest.raises(ValueError, match="feature='ETA'"):
        times(np.zeros((1, 14)), "ETA", 60)


def test_places_changed_counts_restaurants_and_not_their_order() -> None:
    one = np.array([[1, 2, 3], [4, 5, 6]])
    other = np.array([[3, 2, 1], [4, 7, 8]])
    np.testing.assert_array_equal(places_changed(one, other), [0, 2])
    with pytest.raises(ValueError, match=r"\(2, 3\) and \(1, 3\)"):
        places_changed(one, other[:1])


def test_orders_of_scores_are_those_of_the_slate_they_choose() -> None:
    sessions = draw_sessions(make_world(3), 40, seed=5)
    score = np.random.default_rng(0).random(sessions.shape)
    slate = top_slate(score)
    np.testing.assert_array_equal(orders(sessions, score), orders_by_session(sessions, slate))
