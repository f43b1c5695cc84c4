"""What a skew costs: nothing where nobody is hit, and no offline score ever."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchlab.market import settle_bids, top_slate
from launchlab.software.faults import nightly_eta
from launchlab.software.judged import places_changed
from launchlab.software.served import (
    change,
    cured,
    hit,
    outcomes,
    scored,
    serve,
    serve_learnt,
    skew_rows,
)
from launchlab.software.skew import SKEWS
from tests.seed import run_seed

WORLD = 100 + run_seed() % 20
LINE = "logistic"


def test_who_is_hit_at_a_small_share_is_hit_at_a_large_one() -> None:
    @given(st.floats(0, 1), st.floats(0, 1), st.integers(0, 99))
    def nested(one: float, other: float, seed: int) -> None:
        customer = np.repeat(np.arange(500), 2)
        small, large = (hit(customer, share, seed) for share in sorted((one, other)))
        assert not (small & ~large).any()
        assert (small[::2] == small[1::2]).all()  # whole customers

    nested()
    customer = np.arange(4_000)
    assert not hit(customer, 0, 1).any() and hit(customer, 1, 1).all()
    assert np.isclose(hit(customer, 0.25, 1).mean(), 0.25, atol=0.03)
    with pytest.raises(ValueError, match=r"share=25, expected a number from 0 to 1"):
        hit(customer, 25, 1)


def test_a_skew_that_hits_nobody_changes_nothing_and_bids_stand_still() -> None:
    served = serve(WORLD, LINE, "seconds")
    base, new = outcomes(served, share=0)
    np.testing.assert_array_equal(base.totals, new.totals)
    bids = settle_bids(served.market.sessions, served.before)
    np.testing.assert_array_equal(served.market.bids, bids)
    still, settled = (change(served, "ad_revenue", settled=one)[0] for one in (False, True))
    assert still != settled
    loss = {share: change(served, share=share)[0] for share in (0.25, 1)}
    assert loss[1] < loss[0.25] < 0


def test_no_skew_moves_the_score_of_the_training_path() -> None:
    rows = skew_rows(WORLD, LINE, shares=(0.1, 1.0))
    assert list(rows["fault"].unique()) == list(SKEWS) and len(rows) == 2 * len(SKEWS)
    one_path = rows[~rows["fault"].isin(["stars", "nightly"])]
    assert one_path["offline"].nunique() == 1
    full = rows[rows["share"] == 1].set_index("fault")
    # The rain is the same for all of a session, yet not for all sessions; a line adds the same to
    # every score when all clocks are two hours off.
    assert (full["logged"] != full["offline"]).drop("utc").all()
    assert full.loc["utc", "logged"] == pytest.approx(full.loc["utc", "offline"], abs=1e-5)
    assert full["logged"].idxmin() in ("seconds", "cents")
    named = change(serve(WORLD, LINE, "join"), "margin")
    assert full.loc["join", ["margin", "margin_se"]].tolist() == pytest.approx(named)


def test_an_hour_that_is_the_same_for_all_candidates_moves_no_place_of_a_straight_line() -> None:
    served = serve(WORLD, LINE, "utc")
    slates = [top_slate(scores.order) for scores in (served.before, served.after)]
    assert (served.before.order != served.after.order).any()
    assert places_changed(slates[0], slates[1]).sum() == 0


def test_learning_from_what_was_served_cures_a_unit_and_not_a_loss() -> None:
    assert abs(change(cured(WORLD, LINE, "seconds"))[0]) < 0.1
    lost, mended = (change(one(WORLD, LINE, "join"))[0] for one in (serve, cured))
    assert lost < mended < -0.5


def test_a_path_that_has_no_name_is_served_as_one_that_has() -> None:
    named, given_path = serve(WORLD, LINE, "nightly"), serve_learnt(WORLD, LINE, nightly_eta)
    assert change(given_path) == pytest.approx(change(named))


def test_what_a_release_is_compared_with_has_paths_that_agree() -> None:
    plain, stars, nightly = (serve(WORLD, LINE, name) for name in ("utc", "stars", "nightly"))
    np.testing.assert_array_equal(plain.before.order, nightly.before.order)
    assert (plain.before.order != stars.before.order).any()
    offline, (logged,) = scored(WORLD, LINE, "nightly")
    assert offline == pytest.approx(logged, abs=0.01)
