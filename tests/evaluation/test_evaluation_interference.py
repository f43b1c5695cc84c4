"""Shared couriers: who waits, what an A/B test and a switchback then measure."""

import numpy as np
import pytest

from launchlab import evaluation as ev
from launchlab.evaluation.interference import SLOTS

WAITS = np.arange(0.0, 120.5, 0.5)


def town(couriers, gain=0.1, base=0.25, per_minute=0.05, sessions=4_000.0):
    """A town with a stated demand, so that these tests train nothing."""
    odds = base / (1 - base) * np.exp(-per_minute * WAITS)
    demand = odds / (1 + odds)
    by_slot = sessions * (1 + np.sin(np.linspace(0, 3 * np.pi, SLOTS))) / SLOTS
    capacity = couriers * by_slot.max() * base
    return ev.CourierTown(demand, np.minimum((1 + gain) * demand, 1), capacity, by_slot)


def mean_lift(place, schedule, seed=1):
    lifts = ev.measured_lift(*ev.run_days(place, schedule, seed))
    return lifts.mean(), lifts.std(ddof=1) / np.sqrt(len(lifts))


def test_with_couriers_to_spare_every_design_finds_the_truth():
    plenty = town(3.0)
    truth, error = ev.true_lift(plenty, 14, 100)
    assert truth == pytest.approx(0.1, abs=4 * error)
    for schedule in (ev.split_customers(14, 100), ev.switchback(14, 3, 100)):
        lift, error = mean_lift(plenty, schedule)
        assert lift == pytest.approx(0.1, abs=4 * error)


def test_where_couriers_are_scarce_the_ab_test_overstates_and_the_switchback_less():
    scarce = town(0.7)
    truth, _ = ev.true_lift(scarce, 14, 100)
    split, error = mean_lift(scarce, ev.split_customers(14, 100))
    switched, _ = mean_lift(scarce, ev.switchback(14, 6, 100))
    assert truth < 0.08
    assert split > truth + 5 * error
    assert abs(switched - truth) < abs(split - truth) / 2


def test_a_town_that_minds_no_waiting_has_no_interference():
    calm = town(0.5, per_minute=0.0)
    truth, error = ev.true_lift(calm, 14, 60)
    assert truth == pytest.approx(0.1, abs=4 * error)


def test_two_equal_policies_show_no_lift():
    lift, error = mean_lift(town(0.7, gain=0.0), ev.split_customers(14, 100))
    assert abs(lift) < 4 * error


def test_a_switchback_gives_each_stretch_each_policy_on_half_of_the_days():
    schedule = ev.switchback(10, 3, 7, seed=2)
    assert schedule.shape == (10, SLOTS, 7)
    assert set(np.unique(schedule)) == {0.0, 1.0}
    assert (schedule.mean(axis=0) == 0.5).all()
    stretch = schedule.reshape(10, 4, SLOTS // 4, 7)
    assert (stretch == stretch[:, :, :1]).all()
    assert (ev.switchback(10, 3, 7, seed=2) == schedule).all()
    assert (ev.switchback(10, 3, 7, seed=3) != schedule).any()


def test_orders_never_exceed_sessions_and_everybody_sees_one_policy():
    orders, sessions = ev.run_days(town(0.7), ev.everybody("a", 3, 5))
    assert (orders <= sessions).all()
    assert (orders[0] > 0).all()
    assert not sessions[1].any()


def session_by_session(place, schedule, seed):
    """The same town told plainly: each slot's sessions come, see a list, and order or do not."""
    days, slots, repeats = schedule.shape
    rng = np.random.default_rng(seed)
    orders, sessions = np.zeros((2, 2, repeats))
    for day in range(days):
        level = rng.lognormal(-(0.15**2) / 2, 0.15, repeats)
        backlog = np.zeros(repeats)
        for slot in range(slots):
            wait = 10 * backlog / place.capacity
            came = rng.poisson(place.sessions[slot] * level)
            to_b = rng.binomial(came, schedule[day, slot])
            arms = np.array([came - to_b, to_b])
            chance = [np.interp(wait, WAITS, p) for p in (place.orders_a, place.orders_b)]
            ordered = rng.binomial(arms, chance)
            orders, sessions = orders + ordered, sessions + arms
            backlog = np.maximum(0, backlog + ordered.sum(axis=0) - place.capacity)
    return orders, sessions


@pytest.mark.parametrize("share", [0.5, 0.2])
def test_drawing_only_what_matters_changes_no_distribution(share):
    scarce = town(0.7)
    schedule = np.full((4, SLOTS, 1_500), share)
    drawn, told = ev.run_days(scarce, schedule, 3), session_by_session(scarce, schedule, 4)
    for fast, plain in zip(drawn, told, strict=True):
        error = np.sqrt((fast.var(axis=1) + plain.var(axis=1)) / 1_500)
        assert (abs(fast.mean(axis=1) - plain.mean(axis=1)) < 4 * error).all()
        assert fast.std(axis=1) == pytest.approx(plain.std(axis=1), rel=0.1)
    lifts = [ev.measured_lift(*ran) for ran in (drawn, told)]
    assert lifts[0].std() == pytest.approx(lifts[1].std(), rel=0.1)
    assert np.corrcoef(drawn[0])[0, 1] == pytest.approx(np.corrcoef(told[0])[0, 1], abs=0.1)


def test_a_markets_demand_falls_with_waiting_and_the_better_ranker_has_more():
    market = ev.courier_town(0, 0.8, policies=("popularity", "logistic"))
    assert (np.diff(market.orders_a) < 0).all()
    assert (market.orders_b > market.orders_a).all()
    assert market.sessions.sum() == pytest.approx(4_000)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: ev.courier_town(0, 0), "couriers=0"),
        (lambda: ev.courier_town(0, per_minute=-1), "per_minute=-1"),
        (lambda: ev.everybody("c", 2, 1), "policy='c'"),
        (lambda: ev.switchback(3, 3, 1), "days=3"),
        (lambda: ev.switchback(4, 5, 1), "hours=5"),
        (lambda: ev.run_days(town(1.0), np.zeros((1, 5, 1))), "5 slots a day"),
    ],
)
def test_bad_input_is_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()
