"""What is drawn to try gates on is what its words say, whatever the seed."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchlab.software import fresh
from launchlab.software.columns import COLUMN

SEEDS = st.integers(0, 2**31 - 1)
ROWS = fresh.rows_of(3)


def changed(one: fresh.Rows, other: fresh.Rows) -> set[str]:
    differ = ~np.isclose(one, other, equal_nan=True)
    return {name for name, column in COLUMN.items() if differ[:, column].any()}


@given(SEEDS)
def test_a_students_server_computes_two_columns_differently(seed: int) -> None:
    before = ROWS.copy()
    server = fresh.server_rows(ROWS, seed)
    assert (before == ROWS).all()
    assert len(changed(ROWS, server)) == 2
    assert np.isfinite(server).all()


def test_all_servers_that_can_be_drawn_are_drawn() -> None:
    drawn = {fresh.server_rows(ROWS, seed).tobytes() for seed in range(200)}
    assert len(drawn) == len(fresh.LOUD) * len(fresh.QUIET)


@pytest.mark.parametrize("seed", range(5))
def test_one_server_of_four_is_right(seed: int) -> None:
    pairs = fresh.skews(seed)
    assert sorted(len(changed(*pair)) for pair in pairs) == [0, 1, 2, 3]
    for right, server in pairs:
        for name in changed(right, server):
            found = np.polyfit(right[:, COLUMN[name]], server[:, COLUMN[name]], 1)
            gaps = [np.abs(found - np.array(one)).max() for one in fresh.SKEWS[name]]
            assert min(gaps) < 1e-2


@pytest.mark.parametrize("seed", range(5))
def test_a_broken_column_has_one_value_that_must_not_be_there(seed: int) -> None:
    right = fresh.rows_of(seed)
    counts = []
    for rows in fresh.broken(seed):
        names = changed(right, rows)
        counts.append(len(names))
        # Whoever forgets missing values must not get away with it.
        assert np.isnan(rows).any() == bool(names)
        for name in names:
            assert (~np.isclose(right[:, COLUMN[name]], rows[:, COLUMN[name]])).sum() == 1
    assert sorted(counts) == [0, 1, 2, 3]


@given(SEEDS)
def test_the_first_of_four_columns_has_not_moved(seed: int) -> None:
    unmoved, moved, *_, flags = fresh.weeks(seed)
    assert abs(np.median(unmoved[1]) / np.median(unmoved[0]) - 1) < 0.1
    assert np.median(moved[1]) > 1.1 * np.median(moved[0])
    assert set(np.unique(flags)) <= {0.0, 1.0}


@pytest.mark.parametrize("seed", range(5))
def test_the_first_of_four_models_heeds_what_it_should(seed: int) -> None:
    (first, rows), *others = fresh.models(seed)
    for name, sign in (("eta", -1), ("rating", 1), ("cuisine_share", 1), ("ordered_before", 1)):
        nudged = rows.copy()
        nudged[:, COLUMN[name]] += 0.3 * rows[:, COLUMN[name]].std()
        assert sign * (first(nudged).mean() - first(rows).mean()) > 0
    for ask, _ in others:
        assert not np.allclose(ask(rows), first(rows))


@given(SEEDS)
def test_the_fourth_table_has_two_smallest_sets(seed: int) -> None:
    found = fresh.tables(seed)
    assert len(found) == 4
    for table in found:
        assert {gate for gates in table.values() for gate in gates} <= set(fresh.GATES)
    last = [set(gates) for gates in found[3].values() if gates]
    pairs = [pair for pair in combinations(fresh.GATES, 2) if all(set(pair) & one for one in last)]
    singles = [gate for gate in fresh.GATES if all(gate in one for one in last)]
    assert len(pairs) == 2 and singles == []
