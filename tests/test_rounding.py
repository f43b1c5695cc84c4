"""What the rounding of sentences promises; tests/twins holds it against JavaScript."""

import doctest
import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchlab import rounding
from launchlab.rounding import fixed, significant

FINITE = st.floats(allow_nan=False, allow_infinity=False) | st.floats(-1e7, 1e7)


@given(FINITE, st.integers(0, 6))
def test_what_is_written_is_near_the_value_and_is_no_minus_zero(value, decimals):
    text = fixed(value, decimals)
    assert re.fullmatch(r"-?\d{1,3}(,\d{3})*(\.\d+)?", text)
    assert len(text.partition(".")[2]) == decimals
    assert not re.fullmatch(r"-[0.]+", text)
    off = abs(Decimal(text.replace(",", "")) - Decimal(repr(value)))
    assert off <= Decimal("0.5").scaleb(-decimals) + abs(Decimal(value)) * Decimal("1e-11")


@given(FINITE, st.integers(1, 11))
def test_significant_digits_are_no_more_than_asked_for(value, digits):
    number, _, _ = significant(value, digits).lstrip("-").partition("e")
    assert len(number.replace(",", "").replace(".", "").strip("0")) <= digits


@pytest.mark.parametrize("value", [0.5, 2.5, 0.125, 1.005, 2.675, 1e-7, 5e20])
def test_a_number_and_its_negative_are_written_alike(value):
    for decimals in (-1, 0, 1, 2):
        assert fixed(-value, decimals).lstrip("-") == fixed(value, decimals)


def test_the_examples_hold():
    assert doctest.testmod(rounding).failed == 0
