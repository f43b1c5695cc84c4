"""What counts as the solution's value."""

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coursework.compare import compare
from coursework.spec import Probe

EXACT = Probe("x", 1, "a value", rtol=0)
NEAR = Probe("x", 1, "a value", rtol=0.01, atol=0.5)
PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inside: st.lists(inside, max_size=4) | st.dictionaries(st.text(), inside, max_size=4),
    max_leaves=12,
)


@given(PLAIN)
def test_a_value_is_itself_also_after_json(value):
    assert compare(value, json.loads(json.dumps(value)), EXACT).right


@given(PLAIN, PLAIN)
def test_a_wrong_value_has_a_reason_and_a_right_one_has_none(expected, got):
    verdict = compare(expected, got, EXACT)
    assert verdict.right == (verdict.reason == "")


@given(st.floats(-1e6, 1e6), st.floats(-2, 2))
def test_a_number_is_right_within_its_tolerance(expected, by):
    allowed = 0.5 + 0.01 * abs(expected)
    verdict = compare(expected, expected + by * allowed, NEAR)
    if abs(by) < 0.999:
        assert verdict.right
    if abs(by) > 1.001:
        assert verdict.reason.endswith("too large" if by > 0 else "too small")


@pytest.mark.parametrize(
    ("expected", "got", "reason"),
    [
        (1, True, "expected a number, found a truth value"),
        (True, 1, "expected a truth value, found a number"),
        (1.0, "1.0", "expected a number, found a text"),
        (1.0, None, "expected a number, found nothing (None)"),
        (1.0, math.nan, "NaN where a number is due"),
        (1.0, math.inf, "infinite where a finite number is due"),
        (1.0, 10**400, "the number is too large"),
        ([1, 2], [1], "expected 2 values, found 1"),
        ([1, [2, 3]], [1, [2, 4]], "value 1: value 1: the number is too large"),
        ({"a": 1}, {"b": 1}, "the key 'a' is missing"),
        ({"a": 1}, {"a": 1, "b": 1}, "a key too much"),
        ({"a": {"b": 2}}, {"a": {"b": 1}}, "a: b: the number is too small"),
        ("hgb200", "hgb800", "another text is due"),
        (False, True, "the other truth value is due"),
    ],
)
def test_the_reason_says_what_is_wrong_and_not_what_is_right(expected, got, reason):
    assert compare(expected, got, EXACT).reason == reason


def test_what_is_right_though_it_looks_otherwise():
    assert compare("hgb200", " hgb200\n", EXACT).right
    assert compare({"a": 1, "b": 2}, {"b": 2, "a": 1}, EXACT).right
    assert compare(math.nan, math.nan, EXACT).right
    assert compare(math.inf, math.inf, EXACT).right
    assert compare(3, 3.0, EXACT).right
