"""Queues: formulas agree with simulation and with each other; batches lose nobody."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchlab.operations.batching import SLOW, TREES, Call, answered
from launchlab.operations.queues import (
    HOURS,
    PEAK,
    day,
    mean_ms,
    must_wait,
    percentile_ms,
    waits_ms,
)

servers = st.integers(1, 40)
utilisation = st.floats(0, 0.99)


@given(utilisation)
def test_one_server_is_the_textbook_queue(busy: float) -> None:
    assert must_wait(1, busy) == pytest.approx(busy)
    assert mean_ms(1, busy, 20) == pytest.approx(20 / (1 - busy))
    assert percentile_ms(0.99, 1, busy, 20) == pytest.approx(math.log(100) * 20 / (1 - busy))


@given(servers, utilisation, utilisation)
def test_answers_come_later_on_busier_servers(count: int, one: float, other: float) -> None:
    calm, busy = sorted((one, other))
    for of in (must_wait, lambda c, b: mean_ms(c, b, 1), lambda c, b: percentile_ms(0.99, c, b, 1)):
        assert of(count, calm) <= of(count, busy) + 1e-9


@given(servers, utilisation)
def test_one_line_for_more_servers_is_no_slower(count: int, busy: float) -> None:
    assert percentile_ms(0.99, count + 1, busy, 1) <= percentile_ms(0.99, count, busy, 1) + 1e-6


def test_two_servers_agree_with_an_event_simulation() -> None:
    rng, n, busy = np.random.default_rng(2), 100_000, 0.6
    arrival = np.cumsum(rng.exponential(1 / (2 * busy), n))
    free, took = [0.0, 0.0], np.empty(n)
    for one in range(n):
        desk = free.index(min(free))
        free[desk] = max(free[desk], arrival[one]) + rng.exponential()
        took[one] = free[desk] - arrival[one]
    assert took.mean() == pytest.approx(mean_ms(2, busy, 1), rel=0.06)
    assert np.quantile(took, 0.99) == pytest.approx(percentile_ms(0.99, 2, busy, 1), rel=0.1)


@given(st.lists(st.tuples(st.floats(0, 5), st.floats(0.01, 5)), min_size=1, max_size=30))
def test_lindleys_recursion_is_the_line_itself(gaps: list[tuple[float, float]]) -> None:
    arrival = np.cumsum([gap for gap, _ in gaps])
    service = np.array([one for _, one in gaps])
    free, expected = 0.0, []
    for came, takes in zip(arrival, service, strict=True):
        free = max(free, came) + takes
        expected.append(free - came)
    np.testing.assert_allclose(waits_ms(arrival, service), expected, atol=1e-9)


def test_a_day_has_its_peak_at_six() -> None:
    assert HOURS.sum() == pytest.approx(1) and pytest.approx(4.8) == PEAK
    half, most, hourly = day(0, 0.15, 20)
    assert 20 < half < most and hourly.argmax() == 18 and (hourly[:10] == 0).all()


@given(st.integers(1, 40), st.floats(0, 30), st.floats(5, 100))
def test_a_batch_answers_everybody_and_nobody_before_the_call_is_done(
    largest: int, timer: float, rate: float
) -> None:
    took = answered(1, rate, TREES, largest, timer, n=400)
    assert took.shape == (360,) and (took >= TREES.takes(1) - 1e-9).all()


def test_one_by_one_is_a_line_with_fixed_service() -> None:
    call = Call(fixed_ms=8, each_ms=2)
    took = answered(3, 60, call, 1, n=4_000)
    arrival = np.cumsum(np.random.default_rng([3, 32]).exponential(1_000 / 60, 4_000))
    np.testing.assert_allclose(took, waits_ms(arrival, np.full(4_000, 10.0))[400:])


def test_throughput_grows_with_the_batch_less_where_rows_are_the_work() -> None:
    gains = [call.throughput(32) / call.throughput(1) for call in (TREES, SLOW)]
    assert gains[0] > 6 and 1.6 < gains[1] < 1.8


def test_bad_input_is_named_with_what_was_expected() -> None:
    for call, words in (
        (lambda: must_wait(0, 0.5), "servers=0, expected a whole number from 1"),
        (lambda: mean_ms(1, 1.0, 20), "utilisation=1.0, expected 0 or more, and less than 1"),
        (lambda: mean_ms(1, 0.5, 0), "service_ms=0, expected a positive number"),
        (lambda: percentile_ms(1, 1, 0.5, 20), "share=1, expected"),
        (lambda: waits_ms(np.zeros(2), np.zeros(3)), r"shapes \(2,\) and \(3,\)"),
        (lambda: waits_ms(np.array([2.0, 1.0]), np.ones(2)), "arrival falls"),
        (lambda: Call(-1, 1), "expected fixed_ms of 0 or more"),
        (lambda: answered(0, 0, TREES, 1), "expected a rate above 0"),
        (lambda: answered(0, 500, TREES, 1), "expected less than 110 requests a second"),
    ):
        with pytest.raises(ValueError, match=words):
            call()
