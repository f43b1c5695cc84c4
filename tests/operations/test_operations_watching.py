"""What happens to a town happens as it is told, and the watchers read what theory says."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from launchlab.market import make_features
from launchlab.operations.happenings import COMPETITOR, EVENING, HAPPENINGS, MISSING, SLOWER
from launchlab.operations.make_watching import rings as rings_of
from launchlab.operations.watching import (
    FLOORS,
    LEVELS,
    QUIET_DAYS,
    QUIET_WEEK,
    ROWS,
    WATCHED,
    alarms_a_week,
    chances_of_quiet,
    happened,
    happened_in,
    quiet_chances,
    rings,
    rung_in,
    watched_days,
)
from launchlab.software.columns import COLUMN
from launchlab.software.gates import psi
from launchlab.software.town import Town, make_town

SEED = 3


@pytest.fixture(scope="module")
def town() -> Town:
    return make_town(SEED, n_held_out=1)


def test_six_happen_to_the_inputs_alone_and_six_to_a_town_whose_inputs_are_right(
    town: Town,
) -> None:
    kinds = [one.kind for one in HAPPENINGS.values()]
    assert kinds == ["input"] * 6 + ["town"] * 6
    for name, one in HAPPENINGS.items():
        sessions, rows = one.day(town)
        if one.kind == "input":
            changed = np.flatnonzero((rows != town.served.rows).any(axis=0))
            assert sessions is town.sessions and len(changed) == 1
        elif name != "new town":
            assert np.array_equal(rows, make_features(sessions))


def test_the_wrong_join_keeps_every_value_and_moves_most(town: Town) -> None:
    _, rows = HAPPENINGS["join"].day(town)
    column = COLUMN["cuisine_share"]
    before, now = town.served.rows[:, column], rows[:, column]
    assert np.array_equal(np.sort(before), np.sort(now))
    assert (before != now).mean() > 0.5
    assert psi(before, now) == 0


def test_a_stuck_flag_owes_its_psi_to_the_floor(town: Town) -> None:
    _, rows = HAPPENINGS["wet"].day(town)
    before, now = town.served.rows[:, COLUMN["rain"]], rows[:, COLUMN["rain"]]
    wet = before.mean()
    found = [psi(before, now, floor) for floor in FLOORS]
    for floor, one in zip(FLOORS, found, strict=True):
        by_hand = (1 - wet) * np.log(1 / wet) + (1 - wet - floor) * np.log((1 - wet) / floor)
        assert one == pytest.approx(by_hand, rel=1e-6)
    assert found[0] > 7 > 4 > found[-1] - 0.5 > 3


def test_the_others_are_as_told(town: Town) -> None:
    stars = HAPPENINGS["stars"].day(town)[1][:, COLUMN["rating"]]
    assert abs((stars == 0).mean() - MISSING) < 0.01
    assert np.allclose(
        HAPPENINGS["slower"].day(town)[1][:, COLUMN["eta"]],
        town.served.rows[:, COLUMN["eta"]] + SLOWER,
    )
    assert HAPPENINGS["holiday"].day(town)[0].hour.min() >= EVENING
    outside = HAPPENINGS["competitor"].day(town)[0].outside - town.sessions.outside
    assert np.allclose(outside, COMPETITOR, atol=1e-5)
    sessions, rows = HAPPENINGS["new town"].day(town)
    half = len(rows) // 2
    assert not rows[:half, COLUMN["ordered_before"]].any()
    assert len(sessions) == len(town.sessions) and rows[half:, COLUMN["ordered_before"]].any()
    for name in ("kitchens", "tastes"):
        moved, _ = HAPPENINGS[name].day(town)
        assert np.array_equal(moved.customer, town.sessions.customer)
        changed = moved.world.quality != town.world.quality
        assert changed.any() == (name == "kitchens")


def test_independent_rows_ring_as_often_as_the_level_and_copied_rows_more_often() -> None:
    rng = np.random.default_rng(5)
    rung = {1: 0, 30: 0}
    for _ in range(8):
        before, now = (
            np.repeat(rng.random((n, 14), dtype=np.float32), 30, axis=0) for n in (300, 200)
        )
        for each in rung:
            rung[each] += (chances_of_quiet(before, now, each) < 0.01).sum()
    tests = 8 * len(WATCHED)
    assert rung[1] < 0.06 * tests
    assert rung[30] > 0.5 * tests


def test_alarms_are_counted_by_the_week() -> None:
    assert alarms_a_week(np.array([[0.5, 0.001], [0.5, 0.5]]), 0.01) == 3.5


def test_a_world_of_the_shipped_tables_can_be_made_again() -> None:
    kept = watched_days()
    assert kept.groupby("world").size().eq(len(HAPPENINGS) + QUIET_DAYS).all()
    theirs = kept[(kept["world"] == SEED) & kept["happening"].isin(HAPPENINGS)]
    fresh = happened(SEED)
    pd.testing.assert_frame_equal(
        theirs.drop(columns="world").reset_index(drop=True), fresh, rtol=2e-3, atol=1e-3
    )


def test_the_shipped_alarms_ring_as_often_as_claimed() -> None:
    kept = rings()
    assert len(kept) == kept["world"].nunique() * len(ROWS) * len(LEVELS) * 2
    one = kept[(kept["world"] == SEED) & (kept["each"] <= 3)].reset_index(drop=True)
    fresh = rings_of(SEED, (1, 3))
    pd.testing.assert_frame_equal(one, fresh, check_dtype=False, atol=1.01)


def test_the_first_worlds_are_read_and_others_are_computed() -> None:
    kept = rings().query("world == 3 and each == 30 and level == 0.01 and not corrected")
    assert rung_in(SEED, 30) == kept["alarms"].item()
    fresh = alarms_a_week(quiet_chances(25, 1, QUIET_WEEK), 0.05)
    assert rung_in(25, 1, 0.05) == fresh
    assert list(happened_in(SEED)["happening"]) == list(HAPPENINGS)
