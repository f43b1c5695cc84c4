"""Canaries: what is computed exactly agrees with theory, with simulation, and with common sense."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchlab.operations.canary import (
    ORDER_RATE,
    Plan,
    customers_touched,
    information,
    orders_lost,
    staged,
    steady,
    stopped_by_day,
)
from launchlab.operations.drill import SESSIONS_A_DAY
from launchlab.operations.segments import COUNTS, break_cuisines, chance_seen
from launchlab.operations.sequential import LEVEL, RULES, bounds, stopping
from launchlab.stakeholders.people import Business
from launchlab.stakeholders.shipping import Offer

rising = st.lists(st.floats(0.01, 1), min_size=1, max_size=12).map(np.cumsum)


def test_peeking_inflates_as_the_literature_says() -> None:
    # Two-sided 5 % at 2, 5, 10 and 20 looks: Armitage, McPherson and Rowe, 1969, table 2.
    for looks, both in ((2, 0.083), (5, 0.142), (10, 0.193), (20, 0.248)):
        times = np.arange(1, looks + 1)
        one = stopping(np.full(looks, 1.96), times).sum()
        # Twice one side counts the few walks that cross both bounds twice.
        assert both - 0.001 <= 2 * one <= both + 0.01


@given(rising, st.floats(0.005, 0.2))
def test_corrected_rules_spend_their_level_whatever_the_looks(
    times: np.ndarray, level: float
) -> None:
    for rule in ("once", "pocock", "obrien-fleming"):
        spent = stopping(bounds(rule, times, level), times).sum()
        assert spent == pytest.approx(level, rel=0.01)


@given(rising, st.floats(-3, 3))
def test_a_bound_for_more_looks_stops_less_often_than_peeking(
    times: np.ndarray, effect: float
) -> None:
    peek, corrected = (
        stopping(bounds(rule, times), times, effect).sum() for rule in ("peek", "pocock")
    )
    assert 0 <= corrected <= peek + 1e-9 <= 1 + 1e-6


def test_stopping_agrees_with_simulation() -> None:
    times = np.cumsum([0.01] * 4 + [0.1] * 4 + [0.5] * 4)
    bound, drawn, effect = bounds("obrien-fleming", times), 200_000, -1.3
    rng = np.random.default_rng(1)
    steps = np.diff(times, prepend=0)
    walk = np.cumsum(rng.standard_normal((drawn, len(times))) * np.sqrt(steps) + effect * steps, 1)
    crossed = walk / np.sqrt(times) < -bound
    first = np.where(crossed.any(axis=1), crossed.argmax(axis=1), len(times))
    seen = np.bincount(first, minlength=len(times) + 1)[:-1] / drawn
    error = 5 * np.sqrt(seen * (1 - seen) / drawn) + 1e-4
    assert (abs(stopping(bound, times, effect) - seen) < error).all()


@pytest.mark.parametrize("rule", RULES)
def test_a_worse_release_is_stopped_sooner(rule: str) -> None:
    plan = staged(12)
    chances = [np.cumsum(stopped_by_day(plan, 10_000, x, rule)) for x in (-0.02, 0, 0.02, 0.08)]
    assert all((better <= worse + 1e-9).all() for better, worse in itertools.pairwise(chances))


def test_orders_lost_are_those_of_the_sessions_that_had_the_release() -> None:
    plan = Plan("two", (0.1, 0.5))
    lost = orders_lost(plan, 1_000, 0.02, np.array([0.25, 0.5]))
    sessions = 0.25 * 100 + 0.5 * 600 + 0.25 * (600 + 26 * 1_000)
    assert lost == pytest.approx(sessions * ORDER_RATE * 0.02)


def test_information_is_that_of_two_shares() -> None:
    found = information(steady(0.1, 2), 1_000, rate=0.2)
    variance = 0.2 * 0.8 * (1 / 100 + 1 / 900)
    np.testing.assert_allclose(found, [1 / variance, 2 / variance])


def test_a_canary_by_session_touches_more_customers_than_its_share() -> None:
    assert customers_touched(0.01, 10) == pytest.approx(1 - 0.99**10)


def test_a_vanished_cuisine_loses_all_that_it_got_and_nobody_else_does() -> None:
    for broken in break_cuisines(3):
        assert broken.loss("cuisine") == pytest.approx(100)
        assert 0 < broken.loss("everybody") < broken.loss("customers") < 100
        by_traffic = [chance_seen(broken, count, 20_000, 0.1, 2) for count in COUNTS]
        assert all(0 < chance <= 1 for chance in by_traffic)
        assert chance_seen(broken, "everybody", 20_000, 0.1, 7) > by_traffic[0]


def test_bad_input_is_named_with_what_was_expected() -> None:
    for call, words in (
        (lambda: bounds("never", [1]), "rule='never', expected one of 'once', 'peek'"),
        (lambda: bounds("peek", [2, 1]), "expected rising positive numbers"),
        (lambda: bounds("peek", [1], level=0.6), "level=0.6, expected"),
        (lambda: stopping([1, 2], [1]), r"bound has shape \(2,\): expected \(1,\)"),
        (lambda: Plan("all", (1.0,)), "expected numbers between 0 and 1"),
        (lambda: Plan("none", ()), "expected numbers between 0 and 1"),
        (lambda: steady(0.1, 40), "40 days, expected at most 28"),
        (lambda: staged(10), "days=10, expected a multiple of three"),
        (lambda: information(steady(0.01, 3), 50), "sessions=50, expected at least one"),
        (lambda: information(steady(0.01, 3), 500, rate=1), "rate=1, expected"),
        (lambda: chance_seen(break_cuisines(3)[0], "all", 1, 0.1), "count='all', expected one of"),
        (lambda: chance_seen(break_cuisines(3)[0], "cuisine", 1, 1), "canary=1, expected"),
    ):
        with pytest.raises(ValueError, match=words):
            call()
    assert math.isclose(LEVEL, 0.05)


def test_the_larger_service_lies_beyond_the_break_evens_that_ladle_misses() -> None:
    ladle = 52 * Business().sessions_per_week
    for gain, slower, people in ((1.5, 19, 2.0), (1.0, 0, 0.5)):
        offer = Offer(
            ORDER_RATE, 4.6, gain, slower, engineers=people, incidents=4, incident_cost=20_000
        )
        paid = people * offer.wage + 4 * offer.incident_cost
        assert ladle * offer.per_session < paid < 20 * ladle * offer.per_session


def test_the_drill_has_half_the_traffic_of_the_larger_service() -> None:
    assert pytest.approx(20 * Business().sessions_per_week) == SESSIONS_A_DAY * 14
