"""How numbers are rounded and written, the same in Python and in a page's JavaScript.

Python's formats and JavaScript's `toFixed` round ties differently, so a sentence written by both
would differ between a kernel and the page. Here both follow one rule: a half is rounded away from
zero, judged on the decimal value, which is the shortest decimal that reads back as the same float
(2.675 to two decimals is 2.68). There is no "-0", and thousands are separated by commas.

The two languages also differ in the last bits of what they compute (`math.expm1`, say), so a half
may arrive a hair low. Before rounding, a number is therefore taken to twelve significant digits,
as many as a rule's table keeps.

``rounding.js`` (in ``lab/lives/front``) is the JavaScript twin; every rule may call its `fixed`
and `significant`.
"""

from __future__ import annotations

import math
from decimal import MAX_EMAX, MIN_EMIN, ROUND_HALF_UP, Context, Decimal

# Numbers that differ only beyond this many significant digits are treated as equal.
_SAME_DIGITS = 12
# Beyond these powers of ten a number is written with an exponent, as in JavaScript.
_SMALLEST, _LARGEST = -6, 20


def fixed(value: float, decimals: int = 0) -> str:
    """Write a number to a given number of decimals.

    Parameters
    ----------
    value : float
        Finite.
    decimals : int, default 0
        Negative: round to tens (-1), hundreds (-2) and so on.

    Returns
    -------
    str

    Raises
    ------
    ValueError
        If the value is not finite.

    Examples
    --------
    >>> fixed(1234.5), fixed(0.125, 2), fixed(-0.4), fixed(1_450_000, -5)
    ('1,235', '0.13', '0', '1,500,000')
    """
    exact = _decimal(value)
    place = Decimal((0, (1,), -decimals))
    rounded = _same(exact, exact.adjusted() + 1 + decimals).quantize(place, context=_EXACT)
    return f"{_EXACT.plus(rounded):,f}"  # plus() turns -0 into 0


def significant(value: float, digits: int) -> str:
    """Write a number to at most a given number of significant digits, without trailing zeros.

    Parameters
    ----------
    value : float
        Finite.
    digits : int
        At least 1.

    Returns
    -------
    str
        With an exponent below 0.000001 and from 1e21 up, as in JavaScript.

    Raises
    ------
    ValueError
        If the value is not finite, or ``digits`` is below 1.

    Examples
    --------
    >>> significant(1_450_000, 2), significant(0.0125, 2), significant(5.0, 2)
    ('1,500,000', '0.013', '5')
    """
    rounded = _significant(value, digits).normalize(_EXACT)
    if rounded and not _SMALLEST <= rounded.adjusted() <= _LARGEST:
        return f"{rounded:e}"
    return f"{rounded:,f}"


def to_significant(value: float, digits: int) -> float:
    """The float nearest to what `significant` writes; NaN stays NaN.

    Parameters
    ----------
    value : float
        Finite or NaN.
    digits : int
        At least 1.

    Returns
    -------
    float

    Examples
    --------
    >>> to_significant(1.005, 3), to_significant(-0.0, 2)
    (1.01, 0.0)
    """
    return value if math.isnan(value) else float(_significant(value, digits)) + 0.0


def _significant(value: float, digits: int) -> Decimal:
    if digits < 1:
        raise ValueError(f"digits={digits!r}, expected at least 1")
    return _context(digits).plus(_same(_decimal(value), digits))


def _context(digits: int) -> Context:
    return Context(prec=digits, rounding=ROUND_HALF_UP, Emin=MIN_EMIN, Emax=MAX_EMAX)


# Enough precision for every digit of any float, on both sides of the decimal point.
_EXACT = _context(1_000)


def _decimal(value: float) -> Decimal:
    """The shortest decimal that reads back as the float."""
    if not math.isfinite(value):
        raise ValueError(f"value={value!r}, expected a finite number")
    return Decimal(repr(float(value)))


def _same(exact: Decimal, kept: int) -> Decimal:
    """The number cut to the digits both languages agree on, unless as many will be kept."""
    return exact if kept >= _SAME_DIGITS else _context(_SAME_DIGITS).plus(exact)
