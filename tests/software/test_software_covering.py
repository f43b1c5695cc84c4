"""Alarms on the shipped table, and sets of gates that cover faults."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchlab.software.alarms import (
    GATES,
    WORLDS,
    Limits,
    above_usual,
    alarms,
    gate_rows,
    gate_table,
    is_sound,
    provenance,
    stopped,
)
from launchlab.software.covering import caught, covered, smallest
from launchlab.software.harms import A_WEEK, COSTLY, HARMS
from launchlab.software.measured import SOUND, measured
from launchlab.software.shares import joined_rows
from launchlab.software.through import SIZES, through, through_table
from tests.seed import run_seed

ALL_ON = dict.fromkeys(GATES, True)
ALL_OFF = dict.fromkeys(GATES, False)


def test_the_table_holds_every_release_of_every_world() -> None:
    table = gate_table()
    names = [f"sound {number}" for number in range(SOUND)] + list(HARMS)
    assert table["world"].tolist() == [w for w in range(WORLDS) for _ in names]
    assert table["release"].tolist() == names * WORLDS
    assert not table.isna().any().any()
    assert provenance()["worlds"] == list(range(WORLDS))


def test_the_table_is_what_its_command_makes() -> None:
    seed = int(np.random.default_rng(run_seed()).integers(WORLDS))
    made = measured.__wrapped__(seed, ("cents",))  # type: ignore[attr-defined]
    kept = gate_rows(seed, ("cents",))
    assert made["release"].tolist() == kept["release"].tolist()
    numbers = made.columns.drop("release")
    np.testing.assert_allclose(made[numbers], kept[numbers], rtol=2e-3, atol=5e-3)


def test_a_sound_release_is_not_compared_with_itself() -> None:
    rows = pd.DataFrame(
        {"world": 0, "release": ["sound 0", "sound 1", "sound 2", "x"], "v": [1.0, 2.0, 6.0, 5.0]}
    )
    assert above_usual(rows, "v").tolist() == [-3.0, -1.5, 4.5, 2.0]


@given(
    st.builds(
        Limits,
        schema=st.floats(0, 50),
        drift=st.floats(0.01, 9),
        offline=st.floats(0.1, 5),
        behaviour=st.floats(-5, 20),
        shadow=st.floats(0, 90),
        former=st.floats(0.1, 3),
    )
)
def test_a_stricter_limit_stops_no_fewer(limits: Limits) -> None:
    strict = Limits(
        schema=limits.schema / 2,
        drift=limits.drift / 2,
        offline=limits.offline / 2,
        behaviour=limits.behaviour + 1,
        shadow=limits.shadow / 2,
        former=limits.former / 2,
    )
    rows = gate_rows(0)
    assert (alarms(rows, strict) >= alarms(rows, limits)).all().all()


def test_an_upper_alarm_adds_to_the_lower_one() -> None:
    rows = gate_table()
    low, both = alarms(rows)["offline"], alarms(rows, Limits(too_good=1.5))["offline"]
    assert (both >= low).all()
    assert set(rows["release"][(both > low) & ~is_sound(rows)]) == {"leak", "overfit"}


def test_gates_stop_what_one_of_them_stops() -> None:
    chances = pd.DataFrame({"a": [0.0, 1.0, 0.5], "b": [0.0, 0.0, 0.5]})
    assert stopped(chances, ("a", "b")).tolist() == [0.0, 1.0, 0.75]
    assert stopped(chances, ()).tolist() == [0.0, 0.0, 0.0]


matrices = st.lists(st.lists(st.booleans(), min_size=4, max_size=4), min_size=1, max_size=9).map(
    lambda rows: pd.DataFrame(rows, columns=list("abcd"))
)


@given(matrices)
def test_no_smaller_set_covers_as_much(matrix: pd.DataFrame) -> None:
    most = covered(matrix, tuple("abcd")).sum()
    found = smallest(matrix)
    assert found and all(covered(matrix, one).sum() == most for one in found)
    for one in found:
        for fewer in combinations("abcd", len(one) - 1) if one else ():
            assert covered(matrix, fewer).sum() < most


def test_a_fault_is_caught_where_half_of_the_worlds_catch_it() -> None:
    chances = pd.DataFrame({"a": [1.0, 0.0, 0.4, 0.5]})
    names = pd.Series(["x", "x", "y", "y"])
    assert caught(chances, names)["a"].tolist() == [True, False]
    assert caught(chances, names, least=0.4)["a"].tolist() == [True, True]


@pytest.mark.parametrize("sessions", SIZES)
def test_without_gates_everything_passes_and_costs_a_week(sessions: int) -> None:
    table = through_table(COSTLY, too_good=1.5)
    found = through(table, sessions, False, **ALL_OFF)
    assert (found.passing == len(COSTLY)).all() and (found.sound == 0).all()
    lost = table["lost"][table["place"] >= 0].mean()
    assert found.orders[0] == pytest.approx(100_000 * lost)


def test_each_gate_lets_fewer_through_and_stops_more_sound_releases() -> None:
    table = through_table(COSTLY, too_good=1.5)
    everything = through(table, 10_000, True, **ALL_ON).iloc[0]
    for gate in GATES:
        without = through(table, 10_000, True, **{**ALL_ON, gate: False}).iloc[0]
        assert without.passing >= everything.passing
        assert without.sound <= everything.sound


def test_a_week_of_wrong_labels_is_what_the_table_has() -> None:
    kept = gate_rows(2, ("joined",))
    pd.testing.assert_frame_equal(joined_rows(2, A_WEEK), kept)
