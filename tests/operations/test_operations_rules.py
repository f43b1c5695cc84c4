"""Alarm rules are judged by what they wake for, and see nothing that a dashboard does not."""

from __future__ import annotations

from dataclasses import asdict

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from launchlab import shipped
from launchlab.market import make_world
from launchlab.operations.exploring import POLICIES, explore, replaced
from launchlab.operations.exploring import explored as explored_table
from launchlab.operations.retraining import (
    EVERY,
    Aging,
    aging,
    aging_in,
    alarm_and_calendar,
    kept,
    typical,
)
from launchlab.operations.rules import Reading, judged, precision, seen, woken
from launchlab.operations.watching import watched_days


def _days(costs: list[float]) -> pd.DataFrame:
    names = [f"quiet {i}" if cost == 0 else "wet" for i, cost in enumerate(costs)]
    return pd.DataFrame(
        {
            "world": 0,
            "happening": names,
            "inputs_1e-04": np.arange(len(costs), dtype=float),
            "inputs_p": 1.0,
            "score": 0.0,
            "score_p": 1.0,
            "clicks": costs,
            "orders": costs,
        }
    )


def test_verdicts_are_counts() -> None:
    days = seen(_days([0, 0, -4, -12, -0.5, 3]), noise=0.0, sessions=1e12)
    assert list(days["kind"]) == ["quiet"] * 2 + ["costly"] * 2 + ["harmless"] * 2
    found = judged(lambda day: day.inputs in (1, 3, 4), days)
    assert found.false_alarms == 3.5 and found.costly == 50 and found.harmless == 50
    assert found.lost == pytest.approx(25)


def test_rules_that_always_and_never_wake() -> None:
    days = seen(watched_days())
    always, never = (judged(lambda day, says=says: says, days) for says in (True, False))
    assert always.false_alarms == 7 and always.costly == always.harmless == 100
    assert always.lost == 0 and never.lost == 100 and never.costly == never.false_alarms == 0


def test_a_dashboard_shows_the_luck_of_the_day_and_keeps_the_cost() -> None:
    table = watched_days()
    days = seen(table)
    quiet = days["kind"] == "quiet"
    assert np.array_equal(days["cost"], table["orders"])
    assert 4.5 < days["orders"][quiet].std() < 6 and 4.5 < days["clicks"][quiet].std() < 5.6
    assert set(Reading.__dataclass_fields__) < set(days.columns)


@settings(max_examples=20)
@given(st.floats(-20, 0), st.floats(0, 20))
def test_a_stricter_rule_wakes_no_more_often(limit: float, stricter: float) -> None:
    days = seen(watched_days()).query("world < 2")
    loose, strict = (
        woken(lambda day, at=at: day.orders < at, days) for at in (limit, limit - stricter)
    )
    assert not (strict & ~loose).any()


def test_days_of_each_kind_are_needed() -> None:
    with pytest.raises(ValueError, match="no harmless day"):
        judged(lambda day: True, seen(_days([0, -4])))


def test_precision_is_what_bayes_says() -> None:
    assert precision(0.91, 13) == pytest.approx(1 / (1 + 13 * 0.91))
    assert precision(0.0, 13) == 1


def test_a_calendar_trains_as_often_as_asked_and_an_alarm_after_jumps() -> None:
    aged = Aging(orders=-23.0, auc=-0.1)
    weekly = kept(aged, 0, jumps=False, weeks=1)
    assert weekly.trainings == 52 and weekly.orders == pytest.approx(-23 * 0.02)
    alarm, calendar = alarm_and_calendar(aged, 0, jumps=True)
    assert alarm.trainings == pytest.approx(calendar.trainings, rel=0.03)
    assert 52 / EVERY < alarm.trainings < 1.3 * 52 / EVERY
    assert alarm.orders > calendar.orders + 1


def test_an_old_model_has_lost_orders_and_auc() -> None:
    aged = aging(3)
    assert -80 < aged.orders < -5 and -0.3 < aged.auc < -0.02
    kept_table = shipped.read_table("launchlab.operations", "aging.csv", comment="#")
    assert kept_table.set_index("world").loc[3].to_dict() == pytest.approx(asdict(aged), rel=2e-3)
    assert aging_in(3).auc == kept_table.set_index("world")["auc"][3]
    assert typical().orders == pytest.approx(kept_table["orders"].mean())


def test_newcomers_are_unknown_and_the_others_stay() -> None:
    world = make_world(3)
    after, new = replaced(world, np.random.default_rng(1))
    others = np.setdiff1d(np.arange(len(world.price)), new)
    assert (after.n_ratings[new] == 1).all()
    assert not after.ordered_before[np.isin(after.near, new)].any()
    assert np.array_equal(after.quality[others], world.quality[others])
    away = ~np.isin(world.near, new)
    assert np.allclose(after.utility[away], world.utility[away])


def test_who_never_explores_always_shows_the_best_and_others_pay() -> None:
    runs = {policy: explore(3, policy, weeks=1) for policy in POLICIES}
    assert np.allclose(runs["none"]["orders"], runs["none"]["unexplored"])
    assert all(
        (run["orders"] < run["unexplored"]).all() for name, run in runs.items() if name != "none"
    )
    with pytest.raises(ValueError, match="policy='greedy'"):
        explore(3, "greedy")


def test_the_shipped_table_of_exploring_is_whole() -> None:
    kept_table = explored_table()
    worlds = kept_table.groupby("policy")["world"].nunique()
    assert set(worlds.index) == set(POLICIES) - {"none"} and worlds.nunique() == 1
