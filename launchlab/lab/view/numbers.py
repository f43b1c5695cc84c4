"""How a number is to be written: the formats of templates, chart labels and tables.

A format is written much as in Python, but rounds by `launchlab.rounding` and looks as in a
printed book: a true minus, no sign on zero, and a space that does not break before "%".

==========  ===================================================  =====================
``.1f``     one decimal                                          ``1234.5``, ``−0.3``
``,.1f``    the same, thousands separated                        ``1,234.5``
``d``       a whole number (``,d`` with thousands separated)     ``1234``
``.3g``     at most three significant digits                     ``0.0123``
``.1%``     a share as percent                                   ``12.3 %``
``$.2f``    dollars and cents; ``$`` alone is ``$,.0f``          ``$4.20``, ``−$4``
``+.1f``    with a sign, unless it is zero                       ``+2.2``, ``−2.2``
``abs.1f``  without a sign, as in "fell by 2.2 points"           ``2.2``
==========  ===================================================  =====================

``say.js`` (in ``lab/lives/front``) writes numbers by the same formats in a page.
"""

from __future__ import annotations

import math
import re
from dataclasses import asdict, dataclass
from typing import Any

from launchlab.rounding import fixed, significant

MINUS = "\N{MINUS SIGN}"
NO_BREAK = "\N{NO-BREAK SPACE}"
# A unit that no line may part from its number, as a regular expression.
UNIT = r"(?:%|ms|points?)(?!\w)"
KINDS = "'.1f', ',.0f', 'd', '.3g', '.1%' or '$.2f', perhaps with '+' or 'abs' before it"

_FORMAT = re.compile(
    r"(?P<size>abs)?(?P<plus>\+)?(?P<money>\$)?(?P<group>,)?"
    r"(?:\.(?P<digits>\d{1,2})(?P<kind>[fg%])|(?P<whole>d))?\Z"
)
# What two languages compute differs in the last bits, so "whole" and "equal" mean this near.
NEAR = 1e-9


@dataclass(frozen=True)
class Format:
    """A way to write a number; made from text by `number_format`.

    Parameters
    ----------
    kind : {"f", "d", "g", "%"}
    digits : int
        Decimals, or significant digits if ``kind`` is "g".
    plus : bool
        Whether numbers above zero bear a sign.
    size : bool
        Whether the sign is left away.
    group : bool
        Whether thousands are separated by commas.
    money : bool
        Whether it is dollars.
    """

    kind: str
    digits: int
    plus: bool = False
    size: bool = False
    group: bool = False
    money: bool = False

    def write(self, value: Any) -> str:
        """Write a number.

        Raises
        ------
        ValueError
            If it is no finite number, or not whole although ``kind`` is "d".
        """
        if not is_number(value):
            raise ValueError(f"{shown(value)}, expected a finite number")
        size = abs(value)
        if self.kind == "d" and not near(size, math.floor(size + 0.5)):
            raise ValueError(f"{shown(value)}, expected a whole number (or round it: .0f)")
        if self.kind == "g":
            text = significant(size, self.digits)
        else:
            text = fixed(100 * size if self.kind == "%" else size, self.digits)
        if not self.group:
            text = text.replace(",", "")
        if self.kind == "%":
            text += f"{NO_BREAK}%"
        return self.sign(value, text) + ("$" if self.money else "") + text

    def sign(self, value: float, text: str) -> str:
        """The sign of a number of which ``text`` is what is written: none if that is zero."""
        if self.size or not re.search("[1-9]", text):
            return ""
        return MINUS if value < 0 else "+" if self.plus else ""

    def public(self) -> dict[str, Any]:
        """What the front end needs (JSON data)."""
        return asdict(self)

    def vega(self, value: str) -> str:
        """A Vega expression that writes the number which another expression gives.

        Parameters
        ----------
        value : str
            Such as ``datum.change``.
        """
        # Vega rounds the binary value, so a half is moved a hair away from zero first: then it
        # goes up, as everywhere else.
        size = f"abs({value}) * (1 + 4e-12)"
        size = f"100 * {size}" if self.kind == "%" else size
        comma = "," if self.group else ""
        kind = f".{self.digits}r" if self.kind == "g" else f".{self.digits}f"
        text = f"format({size}, '{comma}{kind}')"
        if self.kind == "g":  # "5.00" to three digits is "5"
            text = rf"replace({text}, /(\.\d*?)0+$|\.0*$/, '$1')"
            text = rf"replace({text}, /\.$/, '')"
        end = f" + '{NO_BREAK}%'" if self.kind == "%" else ""
        mark = "$" if self.money else ""
        above = "'+'" if self.plus else "''"
        sign = f"({value} < 0 ? '{MINUS}' : {above})"
        sign = "''" if self.size else f"(test(/[1-9]/, {text}) ? {sign} : '')"
        return f"{sign} + '{mark}' + {text}{end}"


def number_format(text: str) -> Format:
    """The format that a text such as ``+.1f`` means.

    Raises
    ------
    ValueError
        If it is none.
    """
    if text == "$":
        text = "$,.0f"
    found = _FORMAT.match(text)
    if not found or not text or (found["size"] and found["plus"]):
        raise ValueError(f"format '{text}', expected {KINDS}")
    kind, digits = found["kind"] or "d", int(found["digits"] or 0)
    if kind == "g" and digits == 0:
        raise ValueError(f"format '{text}', expected at least one significant digit, as in '.1g'")
    if kind == "%" and found["money"]:
        raise ValueError(f"format '{text}', expected dollars or percent, not both")
    parts = {name: bool(found[name]) for name in ("plus", "size", "group", "money")}
    return Format(kind, digits, **parts)


def plain(value: float, digits: int) -> str:
    """A number in a table: a whole one as it is, another to so many significant digits."""
    whole = float(value).is_integer() and abs(value) < 2**53
    text = fixed(value) if whole else significant(value, digits)
    return text.replace("-", MINUS, 1) if text.startswith("-") else text


def is_number(value: Any) -> bool:
    """Whether a value is a finite number (True and False are none)."""
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def near(one: float, two: float) -> bool:
    """Whether two numbers are equal but for what two languages compute differently."""
    return abs(one - two) <= NEAR * max(1.0, abs(one), abs(two))


def shown(value: Any) -> str:
    """A value as errors show it, the same in both languages."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"“{value}”" if isinstance(value, str) else significant(value, 12)
