"""One rounding rule in two languages: ties, what lies beside them, and any float at all."""

import itertools
import math
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchlab.lab import fixed, significant

ROUNDINGS = {"fixed": fixed, "significant": significant}
ALL = "asked => asked.map(([name, value, n]) => launchlabRounding[name](value, n))"

# What stands before the half; five digits are as many as any sentence keeps of a number.
KEPT = [*range(1, 30), 44, 45, 49, 50, 99, 100, 994, 999, 9_999, 12_345, 99_999]
DECIMALS = range(-5, 7)


def half(kept: int, decimals: int) -> float:
    """The float nearest to ``kept`` and a half of the last decimal."""
    return float(Decimal(10 * kept + 5).scaleb(-decimals - 1))


def beside(value: float) -> list[float]:
    """A value, and the floats around it."""
    return [math.nextafter(value, -math.inf), value, math.nextafter(value, math.inf)]


def both(call, asked):
    """What both languages write for (function, value, digits)."""
    return call(ALL, asked), [ROUNDINGS[name](value, n) for name, value, n in asked]


@pytest.mark.parametrize("sign", [1, -1])
def test_a_half_is_rounded_away_from_zero_even_when_its_last_bit_is_off(call, sign):
    ties = list(itertools.product([0, *KEPT], DECIMALS))
    asked = [("fixed", v, d) for k, d in ties for v in beside(sign * half(k, d))]
    right = [f"{Decimal(sign * (k + 1)).scaleb(-d):,f}" for k, d in ties for _ in range(3)]
    drawn, twin = both(call, asked)
    assert twin == right
    assert drawn == right


@pytest.mark.parametrize("sign", [1, -1])
def test_a_half_of_significant_digits_is_rounded_away_from_zero(call, sign):
    ties = list(itertools.product(KEPT, DECIMALS))
    asked = [("significant", v, len(str(k))) for k, d in ties for v in beside(sign * half(k, d))]
    shortest = [Decimal(sign * (k + 1)).scaleb(-d).normalize() for k, d in ties for _ in range(3)]
    drawn, twin = both(call, asked)
    assert twin == [f"{one:e}" if abs(one) < Decimal("1e-6") else f"{one:,f}" for one in shortest]
    assert drawn == twin


@pytest.mark.parametrize(
    ("name", "value", "digits", "text"),
    [
        ("fixed", 2.5, 0, "3"),
        ("fixed", 0.125, 2, "0.13"),
        ("fixed", 1.005, 2, "1.01"),
        ("fixed", -2.675, 2, "-2.68"),
        ("fixed", 0.49999, 0, "0"),
        ("fixed", -0.4, 0, "0"),
        ("fixed", -0.0, 2, "0.00"),
        ("fixed", -0.004, 2, "0.00"),
        ("fixed", -0.005, 2, "-0.01"),
        ("fixed", 1e-7, 3, "0.000"),
        ("fixed", 1e-7, 7, "0.0000001"),
        ("fixed", 5e-324, 2, "0.00"),
        ("fixed", 1e21, 1, "1,000,000,000,000,000,000,000.0"),
        ("fixed", 999_999.5, 0, "1,000,000"),
        ("fixed", 999_999.5, -1, "1,000,000"),
        ("fixed", 1_450_000, -5, "1,500,000"),
        ("fixed", 499, -3, "0"),
        ("fixed", 500, -3, "1,000"),
        ("fixed", 4, -3, "0"),
        # The digits of a large number are not lost.
        ("fixed", 1234567890123.45, 1, "1,234,567,890,123.5"),
        ("fixed", 0.1 + 0.2, 17, "0.30000000000000004"),
        # A hair from the half is the half; a millionth is not.
        ("fixed", 0.49999999999999994, 0, "1"),
        ("fixed", 0.499999, 0, "0"),
        ("significant", 1_450_000, 2, "1,500,000"),
        ("significant", 0.0125, 2, "0.013"),
        ("significant", 0.00123, 2, "0.0012"),
        ("significant", 5.0, 2, "5"),
        ("significant", 100.0, 2, "100"),
        ("significant", -0.0, 2, "0"),
        ("significant", 9.9995, 4, "10"),
        ("significant", 99995, 4, "100,000"),
        ("significant", 1e-6, 4, "0.000001"),
        ("significant", 9.9999999e-7, 4, "0.000001"),
        ("significant", 2.5e-7, 4, "2.5e-7"),
        ("significant", -1e21, 4, "-1e+21"),
        ("significant", 999999e15, 4, "1e+21"),
        ("significant", 1.7976931348623157e308, 2, "1.8e+308"),
        ("significant", 5e-324, 3, "5e-324"),
        ("significant", 123456789, 20, "123,456,789"),
    ],
)
def test_numbers_that_are_hard_to_write(call, name, value, digits, text):
    drawn, twin = both(call, [(name, value, digits)])
    assert twin == [text]
    assert drawn == [text]


FINITE = st.floats(allow_nan=False, allow_infinity=False) | st.floats(-1e7, 1e7)
# Few digits, as sentences have them, and now and then many.
DIGITS = st.integers(1, 6) | st.integers(1, 25)


@given(
    st.lists(
        st.tuples(st.just("fixed"), FINITE, st.integers(-6, 6) | st.integers(-30, 30))
        | st.tuples(st.just("significant"), FINITE, DIGITS),
        min_size=1,
        max_size=100,
    )
)
def test_any_number_is_written_alike(call, asked):
    drawn, twin = both(call, asked)
    assert drawn == twin


TOLD = """([name, text, digits]) => {
  try { return launchlabRounding[name](Number(text), digits); }
  catch (error) { return error.message; }
}"""


@pytest.mark.parametrize("name", sorted(ROUNDINGS))
@pytest.mark.parametrize("text", ["NaN", "Infinity", "-Infinity"])
def test_what_is_no_number_is_refused(script, name, text):
    expected = "expected a finite number"
    with pytest.raises(ValueError, match=expected):
        ROUNDINGS[name](float(text), 2)
    assert expected in script.evaluate(TOLD, [name, text, 2])


@pytest.mark.parametrize("digits", [0, -1])
def test_less_than_one_significant_digit_is_refused(script, digits):
    expected = f"digits={digits}, expected at least 1"
    with pytest.raises(ValueError, match=expected):
        significant(1.0, digits)
    assert script.evaluate(TOLD, ["significant", "1", digits]) == expected
