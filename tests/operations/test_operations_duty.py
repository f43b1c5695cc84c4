"""What rules are judged by: fresh releases and fortnights, and what a wrong rule gets from them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from scipy.stats import norm

from launchlab.operations.canary import HORIZON, Plan, steady
from launchlab.operations.duty import fortnights, releases
from launchlab.operations.duty.incident import STEP, clock, draw_incident
from launchlab.operations.duty.releases import Counts, Rule, Service

RAMP = Service(60_000, 0.2, Plan("ramp", (0.01,) * 2 + (0.1,) * 2 + (0.5,) * 2), 0.03, 0.1)
STEADY = Service(60_000, 0.2, steady(0.1, 6), 0.03, 0.1)
LOSSES = (0.03, 0.3)


def never(orders: np.ndarray, *others: np.ndarray) -> np.ndarray:
    return np.zeros(len(orders), bool)


def added_up(level: float) -> Rule:
    def rule(*counts: np.ndarray) -> np.ndarray:
        orders, sessions, control, others = (one.sum(axis=1) for one in counts)
        share = (orders + control) / (sessions + others)
        deviation = np.sqrt(share * (1 - share) * (1 / sessions + 1 / others))
        return (orders / sessions - control / others) / deviation < norm.ppf(level)

    return rule


def test_days_are_drawn_as_they_are_described() -> None:
    orders, sessions, control, others = releases.draw(RAMP, 0.2, 4_000, 1)
    assert (sessions + others == RAMP.sessions).all()
    np.testing.assert_allclose(sessions.mean(axis=0) / RAMP.sessions, RAMP.plan.shares, rtol=0.01)
    rates = control.sum(axis=0) / others.sum(axis=0)
    np.testing.assert_allclose(rates, [0.2] * 4 + [0.18] * 2, rtol=0.01)
    np.testing.assert_allclose(orders.sum() / (sessions * rates).sum(), 0.8, rtol=0.01)
    again: Counts = releases.draw(RAMP, 0.2, 4_000, 1)
    assert all(np.array_equal(a, b) for a, b in zip((orders, sessions), again, strict=False))


def test_a_rule_never_sees_a_day_that_has_not_come() -> None:
    widths = []

    def rule(*counts: np.ndarray) -> np.ndarray:
        widths.append({one.shape[1] for one in counts})
        for one in counts:
            one[:] = 0  # a rule that spoils its copies spoils nothing else
        return np.zeros(len(counts[0]), bool)

    counts = releases.draw(STEADY, 0.0, 3, 1)
    before = [one.copy() for one in counts]
    assert (releases.stopped_on(rule, counts) == 6).all()
    assert widths == [{day} for day in range(1, 7)]
    assert all(np.array_equal(a, b) for a, b in zip(counts, before, strict=True))


@pytest.mark.parametrize("service", [RAMP, STEADY])
def test_a_right_rule_gets_three_and_one_that_peeks_or_sleeps_none(service: Service) -> None:
    for level in (0.025, 0.1):
        right = releases.corrected(service, level)
        assert releases.grade(right, service, level, LOSSES, 5) == 3
        assert releases.grade(never, service, level, LOSSES, 5) == 0
        # All days added up, and a look each day: wrong twice in a ramp.
        assert releases.grade(added_up(level), service, level, LOSSES, 5) == 0
    # The same rule at a level that its looks use up together does well where the share is one.
    last = releases.grade(added_up(0.1 / 6), service, 0.1, LOSSES, 5)
    assert last == (0 if service is RAMP else pytest.approx(2, abs=1))


def test_who_is_never_stopped_does_the_harm_of_the_whole_plan() -> None:
    whole = (sum(STEADY.plan.shares) + HORIZON - 6) / HORIZON
    assert releases.harm_let_through(never, STEADY, 0.03, 1, 10) == pytest.approx(whole)


def test_the_cheapest_plan_has_no_regret_and_no_other_name_has_any_chance() -> None:
    chances = {-0.01: 0.7, 0.03: 0.2, 0.3: 0.1}
    found = {name: releases.regret(name, STEADY, chances, 0.05) for name in list(releases.family())}
    assert min(found.values()) == 0 < sorted(found.values())[1]
    cheapest = min(found, key=lambda name: found[name])
    staged = len(set(releases.family()[cheapest].shares)) > 1
    other = min(
        regret
        for name, regret in found.items()
        if (len(set(releases.family()[name].shares)) > 1) != staged
    )
    assert releases.stages_differ(STEADY, chances, 0.05) == pytest.approx(other)
    assert releases.regret("mine", STEADY, chances, 0.05) == float("inf")
    assert releases.regret(3, STEADY, chances, 0.05) == float("inf")


def knows(town: fortnights.Watched) -> dict[str, fortnights.Fault]:
    return {fault.name: fault for fault in town.faults}


def test_two_inputs_cost_and_two_do_not_in_every_town() -> None:
    loudest, costly = [], set()
    for seed in range(30):
        town = fortnights.draw_town(seed, 60_000, 0.2)
        inputs = [fault for fault in town.faults if fault.who == "infrastructure"]
        assert sum(bool(fault.wakes) for fault in inputs) == 2 and len(inputs) == 4
        costly.add(tuple(fault.name for fault in inputs if fault.wakes))
        assert knows(town)["a competitor opens"].wakes == "manager"
        assert knows(town)["a holiday"].wakes == "" and knows(town)["a holiday"].loss < 0
        loudest.append(bool(max(inputs, key=lambda fault: max(fault.psi)).wakes))
    assert 8 <= sum(loudest) <= 22
    assert len(costly) == 6  # each pair of the four


def test_the_diary_says_what_the_dashboards_show() -> None:
    town = fortnights.draw_town(3, 60_000, 0.2)
    days, diary = fortnights.record(town, 3)
    wrong = np.array(diary)
    assert len(days) == len(diary) == 168
    per_session = days.orders.sum(axis=1) / days.sessions
    usual = per_session[wrong == ""].mean()
    for name, fault in knows(town).items():
        assert (wrong == name).sum() == 14
        lost = 1 - per_session[wrong == name].mean() / usual
        assert lost == pytest.approx(fault.loss, abs=0.03)
        moved = days.psi[wrong == name].mean(axis=0) > 0.1
        assert list(moved) == [index > 0.1 for index in fault.psi]
        if fault.cuisine >= 0:
            assert days.orders[wrong == name, fault.cuisine].sum() == 0


def test_an_oracle_saves_all_and_who_wakes_daily_or_never_earns_nothing() -> None:
    town = fortnights.draw_town(1, 60_000, 0.2)

    def oracle(late: int = 0, idle: str = "") -> Callable[[fortnights.Days], str]:
        waiting = iter(fortnights.fortnights(town, 9))
        state: list[tuple[fortnights.Days, fortnights.Fault, int]] = []

        def rule(days: fortnights.Days) -> str:
            if len(days) == 5:
                state[:] = [next(waiting)]
            _, fault, begins = state[0]
            return fault.wakes if len(days) > begins + late else idle

        return rule

    found = fortnights.judge(oracle(), town, 9)
    assert (found.false_a_week, found.saved) == (0, 1)
    assert fortnights.grade(oracle(), town, 9) == 3
    # Faults last for about seven days: whoever comes three days late saves the rest.
    late = fortnights.judge(oracle(late=3), town, 9)
    assert late.false_a_week == 0 and 0.5 < late.saved < 0.65
    assert fortnights.grade(oracle(late=3), town, 9) == 1
    # Right whenever something is wrong, and a false alarm on every other day.
    assert fortnights.judge(oracle(idle="engineers"), town, 9).saved > 0.9
    assert fortnights.grade(oracle(idle="engineers"), town, 9) == 0
    daily = fortnights.judge(lambda days: "product", town, 9)
    assert daily.false_a_week > 6 and 0 < daily.saved < 0.5
    asleep = fortnights.judge(lambda days: "", town, 9)
    assert asleep == fortnights.Watch(0, 0)
    for rule in (lambda days: "product", lambda days: ""):
        assert fortnights.grade(rule, town, 9) == 0


def test_a_friday_gets_worse_before_it_gets_better() -> None:
    for seed in range(40):
        friday = draw_incident(seed, 60_000, 0.2)
        times = [minute for minute, _, _ in friday.log]
        assert times == sorted(set(times)) and times[-1] < friday.minute[-1]
        assert all(minute % STEP == 0 for minute in times)
        harmed = (friday.minute >= times[1]) & (friday.minute < times[-1])
        now, before = (
            orders[harmed].sum() / sessions[harmed].sum()
            for orders, sessions in (
                (friday.orders, friday.sessions),
                (friday.orders_before, friday.sessions_before),
            )
        )
        assert now < 0.95 * before
    assert clock(1025) == "17:05"


def test_bad_input_is_named_with_what_was_expected() -> None:
    town = fortnights.draw_town(1, 60_000, 0.2)
    counts = releases.draw(STEADY, 0.0, 3, 1)
    for call, words in (
        (lambda: Service(10, 0.9, steady(0.1, 6)), "rate=0.9, expected"),
        (lambda: Service(10, 0.2, steady(0.1, 6), dip=0.4), "dip=0.4, expected"),
        (lambda: releases.stopped_on(lambda *_: True, counts), "expected 3 truth values"),
        (lambda: fortnights.judge(lambda days: "sales", town, 1), "the rule says 'sales'"),
    ):
        with pytest.raises(ValueError, match=words):
            call()
