"""How numbers are rounded and written, alike in Python and in a page.

Python's formats round a half to the even digit of the binary value, JavaScript's away from zero,
and a sentence that both write then differs between a kernel and its page. Here both follow one
rule: a half is rounded away from zero, on the decimal value, which is the shortest decimal that
reads back as the same float (2.675 at two decimals is 2.68). There is no "-0", and thousands are
set off by commas.

Two languages also differ in the last bits of what they compute (`math.expm1`, say), so that a
half may arrive as a hair less. Before anything is cut off, a number is therefore read to twelve
significant digits, as many as a rule's table keeps.

``rounding.js`` is the twin; every rule's JavaScript may call its `fixed` and `significant`.
"""

from __future__ import annotations

import math
from decimal import MAX_EMAX, MIN_EMIN, ROUND_HALF_UP, Context, Decimal

# What differs only beyond these digits is the same number.
_SAME_DIGITS = 12
# Beyond these powers of ten numbers are written with an exponent, as JavaScript does.
_SMALLEST, _LARGEST = -6, 20


def fixed(value: float, decimals: int = 0) -> str:
    """A number with so many decimals.

    Parameters
    ----------
    value : float
        Finite.
    decimals : int, default 0
        Below zero: rounded to tens (-1), hundreds (-2) and so on.

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
    return f"{_EXACT.plus(rounded):,f}"  # the plus makes 0 of -0


def significant(value: float, digits: int) -> str:
    """A number with at most so many significant digits, without zeros at its end.

    Parameters
    ----------
    value : float
        Finite.
    digits : int
        At least 1.

    Returns
    -------
    str
        With an exponent below 0.000001 and from 1e21 on, as JavaScript writes it.

    Raises
    ------
    ValueError
        If the value is not finite, or ``digits`` is below 1.

    Examples
    --------
    >>> significant(1_450_000, 2), significant(0.0125, 2), significant(5.0, 2)
    ('1,500,000', '0.013', '5')
    """
    if digits < 1:
        raise ValueError(f"digits={digits!r}, expected at least 1")
    rounded = _context(digits).plus(_same(_decimal(value), digits)).normalize(_EXACT)
    if rounded and not _SMALLEST <= rounded.adjusted() <= _LARGEST:
        return f"{rounded:e}"
    return f"{rounded:,f}"


def _context(digits: int) -> Context:
    return Context(prec=digits, rounding=ROUND_HALF_UP, Emin=MIN_EMIN, Emax=MAX_EMAX)


# Has room for every digit of every float, before the point and after it.
_EXACT = _context(1_000)


def _decimal(value: float) -> Decimal:
    """The shortest decimal that reads back as the float."""
    if not math.isfinite(value):
        raise ValueError(f"value={value!r}, expected a finite number")
    return Decimal(repr(float(value)))


def _same(exact: Decimal, kept: int) -> Decimal:
    """What both languages agree on of a number of which so many digits will be kept."""
    return exact if kept >= _SAME_DIGITS else _context(_SAME_DIGITS).plus(exact)
