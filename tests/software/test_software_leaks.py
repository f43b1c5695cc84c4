"""A leaking window: which order it holds, when, and what that does to a score."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchlab.market import true_scores
from launchlab.software.leaks import (
    auc_of,
    auc_of_truth,
    leak_change,
    leak_rows,
    learnt_rows,
    orders_here,
    pairs,
    served_rows,
    too_early,
)
from launchlab.software.leaks import (
    tested_rows as rows_tested,
)
from launchlab.software.town import make_town
from tests.seed import run_seed

WORLD = 100 + run_seed() % 20
LINE = "logistic"


def test_a_window_that_ends_in_time_never_holds_the_order_itself() -> None:
    town = make_town(WORLD)
    mine, ordered = pairs(town.shown), town.ordered
    counted = learnt_rows(town, 0)[:, -1]
    row = int(np.flatnonzero(ordered)[run_seed() % ordered.sum()])
    others = ordered & (mine == mine[row])
    assert counted[row] == others.sum() - 1
    np.testing.assert_array_equal(learnt_rows(town, 0.3)[:, :-1], town.shown.rows)
    late = learnt_rows(town, 1)[:, -1] - counted
    np.testing.assert_array_equal(late, ordered)
    some = rows_tested(town, 0.3)[:, -1] - rows_tested(town, 0)[:, -1]
    assert not some[~town.ordered_later].any()
    assert some[town.ordered_later].mean() == pytest.approx(0.3, abs=0.05)


def test_what_is_served_knows_the_log_and_no_more() -> None:
    town = make_town(WORLD)
    counted = served_rows(town)[:, -1]
    assert counted.sum() > 0
    row = int(counted.argmax())
    same = pairs(town.shown) == pairs(town.served)[row]
    assert counted[row] == town.ordered[same].sum()
    assert orders_here(town.shown, np.zeros_like(town.ordered), town.served).sum() == 0


@given(st.floats(0, 1), st.floats(0, 1))
def test_rows_that_leak_at_a_small_share_leak_at_a_large_one(one: float, other: float) -> None:
    ordered = np.arange(300) % 3 == 0
    small, large = (too_early(ordered, share, 7) for share in sorted((one, other)))
    assert not (small & ~large).any() and not (large & ~ordered).any()
    with pytest.raises(ValueError, match=r"share=1\.5, expected a number from 0 to 1"):
        too_early(ordered, 1.5, 7)


def test_the_whole_order_scores_better_than_the_truth_and_sells_less_than_nobody() -> None:
    clean, leaky = (auc_of(WORLD, LINE, share) for share in (0.0, 1.0))
    assert clean[0] == clean[1] < auc_of_truth(WORLD) < leaky[0]
    assert leaky[1] < clean[1]
    assert leak_change(WORLD, LINE, 1.0, over="popularity")[0] < 0
    assert leak_change(WORLD, LINE, 0.0)[0] == 0


def test_rows_of_the_table_name_what_leaks_are_compared_with() -> None:
    rows = leak_rows(WORLD, LINE, shares=(0.0, 0.3)).set_index("who")
    assert list(rows.index) == ["leak", "leak", "popularity", "truth"]
    assert rows["orders"].idxmax() == "truth" and rows["offline"].idxmax() == "truth"
    assert rows["orders"].iloc[0] == 0
    assert rows.loc["popularity", "orders"] < 0
    assert true_scores(make_town(WORLD).sessions).order.shape == make_town(WORLD).served.shape
