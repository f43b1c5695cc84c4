"""Cost of delay, risk averted, and the present value of a team: by hand and by property."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from launchlab.stakeholders.money import (
    NEVER,
    WEEKS_A_YEAR,
    Freeze,
    Line,
    LostMargin,
    Team,
    discount,
    happened,
)

FREEZES = st.builds(
    Freeze,
    weeks=st.floats(0.5, 26),
    late_weeks=st.floats(0.5, 52),
    weekly_chance=st.floats(1e-5, 0.2),
    breach_loss=st.floats(1e4, 1e9),
)
SIZES = st.floats(1e3, 1e8)
GAINS = st.floats(1e-3, 1.0)
TEAMS = st.builds(
    Team,
    people=st.floats(1, 10),
    loaded_wage=st.floats(1e4, 1e6),
    severance_weeks=st.floats(0, 52),
    retrain_weeks=st.integers(1, 13),
    new_gain=st.floats(0, 0.1),
    discount_rate=st.floats(0, 0.5),
    horizon=st.integers(1, 104),
)
LOST = LostMargin([0.0, 0.5, 1.0], [0.0, 0.1, 0.3], margin=1.0)
RATES = st.floats(0.0, 0.1)


def test_freeze_by_hand():
    freeze = Freeze(weeks=4, late_weeks=1, weekly_chance=0.01, breach_loss=1e6)
    assert freeze.cost_of_delay(1_000, 0.5) == pytest.approx(2_000)
    assert freeze.risk_averted == pytest.approx(10_000)
    assert freeze.break_even_chance(1_000, 0.5) == pytest.approx(0.002)
    assert freeze.break_even_sessions(0.5) == pytest.approx(5_000)


@given(freeze=FREEZES, sessions=SIZES, gain=GAINS)
def test_at_the_break_even_chance_cost_and_risk_are_equal(freeze, sessions, gain):
    cost = float(freeze.cost_of_delay(sessions, gain))
    chance = freeze.break_even_chance(sessions, gain)
    if cost >= freeze.breach_loss:
        assert chance == 1
    else:
        averted = replace(freeze, weekly_chance=chance).risk_averted
        assert averted == pytest.approx(cost, rel=1e-6, abs=1e-6 * freeze.breach_loss)


@given(freeze=FREEZES, gain=GAINS)
def test_at_the_break_even_size_cost_and_risk_are_equal(freeze, gain):
    size = freeze.break_even_sessions(gain)
    assume(size < NEVER)
    assert float(freeze.cost_of_delay(size, gain)) == pytest.approx(freeze.risk_averted)


@given(freeze=FREEZES, more=st.floats(1.01, 3))
def test_a_longer_exposure_averts_more_and_never_the_whole_loss(freeze, more):
    longer = replace(freeze, late_weeks=freeze.late_weeks * more)
    assert freeze.risk_averted < longer.risk_averted <= longer.breach_loss


def test_a_gain_that_is_none_costs_nothing_to_hold_back():
    assert Freeze().break_even_chance(1e6, -0.1) == 0
    assert Freeze().break_even_sessions(0.0) == NEVER
    assert happened(1.0, 3) == 1


@given(weeks=st.integers(1, 200), rate=st.floats(0.0, 1.0))
def test_discount_falls_to_one_year_at_the_rate(weeks, rate):
    factors = discount(weeks, rate)
    assert factors.shape == (weeks,)
    assert (np.diff(factors) <= 0).all()
    if weeks >= WEEKS_A_YEAR:
        assert factors[WEEKS_A_YEAR - 1] == pytest.approx(1 / (1 + rate))


def test_team_by_hand_without_interest():
    team = Team(
        people=2,
        loaded_wage=52_000,
        severance_weeks=10,
        maintainers=1,
        automation_cost=5_000,
        retrain_weeks=2,
        discount_rate=0.0,
        horizon=4,
    )
    go = team.let_go(LOST, rate=0.5)
    assert go.fixed == pytest.approx(2 * 1_000 * (4 - 10))
    # Half, three quarters, seven eighths, fifteen sixteenths changed: 0.1 + 0.4 (share - 1/2).
    assert go.per_session == pytest.approx(-(0.1 + 0.2 + 0.25 + 0.275))
    automatic = team.automate(LOST, rate=0.5)
    assert automatic.fixed == pytest.approx(1 * 1_000 * (4 - 10) - 5_000)
    assert automatic.per_session == pytest.approx(-(0 + 0.1 + 0 + 0.1))


@given(team=TEAMS, rate=RATES)
def test_an_automatic_model_never_loses_more_than_a_frozen_one(team, rate):
    assert team.automate(LOST, rate).per_session >= team.let_go(LOST, rate).per_session - 1e-9


@given(team=TEAMS, slow=RATES, fast=RATES)
def test_a_faster_drift_never_favours_letting_go(team, slow, fast):
    slow, fast = sorted((slow, fast))
    assert team.let_go(LOST, fast).per_session <= team.let_go(LOST, slow).per_session + 1e-9


@given(team=TEAMS, rate=RATES, more=st.floats(0.001, 0.1))
def test_new_work_is_worth_keeping_a_team_for(team, rate, more):
    busy = replace(team, new_gain=team.new_gain + more)
    assert busy.let_go(LOST, rate).per_session < team.let_go(LOST, rate).per_session
    assert busy.let_go(LOST, rate).fixed == team.let_go(LOST, rate).fixed


def test_without_drift_or_new_work_only_wages_count():
    line = Team().let_go(LOST, 0.0)
    assert line.per_session == 0
    assert line.fixed > 0


@given(
    one=st.builds(Line, st.floats(1, 1e6), st.floats(-1, 0)),
    other=st.builds(Line, st.floats(-1e6, 1e6), st.floats(-1, 0)),
)
def test_lines_cross_where_told(one, other):
    size = one.above(other)
    if 0 < size < NEVER:
        gap = float(one.at(size) - other.at(size))
        assert abs(gap) <= 1e-6 * max(1.0, abs(float(one.at(size))))
        assert one.at(size / 2) > other.at(size / 2)
    elif size == 0:
        assert one.fixed <= other.fixed


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: Freeze(weeks=-1), "weeks=-1"),
        (lambda: Freeze(weekly_chance=1.5), "weekly_chance=1.5"),
        (lambda: Freeze(breach_loss=0.0), "breach_loss=0.0"),
        (lambda: Team(maintainers=4), "maintainers=4"),
        (lambda: Team(horizon=0), "weeks=0"),
        (lambda: Team(retrain_weeks=0), "retrain_weeks=0"),
        (lambda: Team(loaded_wage=float("nan")), "loaded_wage=nan"),
        (lambda: discount(3, -0.1), "rate=-0.1"),
        (lambda: LostMargin([0.0, 0.5], [0.0, 1.0]), "from 0 to 1"),
        (lambda: LostMargin([0.0, 0.5, 0.5, 1.0], [0.0] * 4), "increasing"),
        (lambda: LostMargin([0.0, 1.0], [0.0]), "dollars has shape"),
        (lambda: LOST.at(1.5), "share=1.5"),
        (lambda: happened(1.2, 3), "rate=1.2"),
    ],
)
def test_errors_name_the_parameter(call, message):
    with pytest.raises(ValueError, match=message):
        call()
