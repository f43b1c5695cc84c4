"""The chart of daily orders: exact run lengths agree with simulation and with common sense."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from launchlab.operations.cusum import (
    Chart,
    chart_for,
    day_error,
    holdback_error,
    mean_days,
    rung_by,
)


def test_run_lengths_agree_with_simulation() -> None:
    chart, fall, runs = Chart(0.5, 3.0), 0.8, 20_000
    rng = np.random.default_rng(1)
    total, rung = np.zeros(runs), np.zeros(runs)
    for day in range(1, 400):
        total = np.maximum(0, total + fall + rng.standard_normal(runs) - chart.allowance)
        rung = np.where((rung == 0) & (total > chart.limit), day, rung)
    assert (rung > 0).all()
    assert mean_days(chart, fall) == pytest.approx(rung.mean(), rel=0.02)
    by_day = rung_by(chart, fall, 14)
    assert np.allclose(by_day, [(rung <= day).mean() for day in range(1, 15)], atol=0.015)


def test_a_table_of_run_lengths_is_met() -> None:
    # Both sides together: 465 days (Lucas, 1976, for h = 5 and k = 1/2); one side: twice that.
    assert mean_days(Chart(0.5, 5.0)) == pytest.approx(930, rel=0.02)


@settings(max_examples=30)
@given(st.floats(0.05, 6), st.floats(14, 700))
def test_a_chart_rings_falsely_as_often_as_asked(fall: float, quiet: float) -> None:
    chart = chart_for(fall, quiet)
    assert mean_days(chart) >= 0.999 * quiet
    assert chart.limit < 0.01 or mean_days(chart) == pytest.approx(quiet, rel=0.001)


@settings(max_examples=30)
@given(st.floats(0.2, 3), st.floats(0.1, 3))
def test_a_larger_fall_is_seen_sooner(fall: float, more: float) -> None:
    chart = chart_for(fall, 182)
    assert mean_days(chart, fall + more) <= mean_days(chart, fall) <= mean_days(chart)
    by_day = rung_by(chart, fall, 30)
    assert (np.diff(by_day) >= -1e-12).all() and 0 <= by_day[0] <= by_day[-1] <= 1


def test_day_noise_does_not_average_out_and_a_holdback_drops_it() -> None:
    errors = [day_error(sessions, 0.05) for sessions in (14_286, 1_428_571)]
    assert errors[1] < errors[0] < 1.1 * errors[1]
    once, hundredfold = (holdback_error(sessions, 0.05) for sessions in (14_286, 1_428_600))
    assert once / hundredfold == pytest.approx(10)


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        (lambda: Chart(0.0, 1.0), "allowance=0"),
        (lambda: chart_for(0.0, 182), "fall=0"),
        (lambda: chart_for(1.0, 1), "quiet_days=1"),
        (lambda: day_error(0, 0.05), "sessions=0"),
        (lambda: day_error(1, -0.1), "noise=-0.1"),
        (lambda: holdback_error(1_000, 1.0), "share=1"),
    ],
)
def test_bad_input_is_named(wrong, named: str) -> None:
    with pytest.raises(ValueError, match=named):
        wrong()
