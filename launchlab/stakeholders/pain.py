"""What somebody misses their own ideal by, in words: each of the five in their own unit.

Percentages of different things do not compare, and two artefacts are loud in percent. So whoever
says what a choice costs somebody says it in what that person reads.
"""

from __future__ import annotations

from launchlab.rounding import fixed
from launchlab.stakeholders.people import Stakeholder

_DECIMALS = {"ml": 1, "sales": 0, "product": 0, "infrastructure": 0, "manager": 2}
# What stands before a number and behind it, in a sentence and in the cell of a matrix.
_SAID = {
    "ml": ("", " orders", ""),
    "sales": ("$", " of ads", ""),
    "product": ("", " ms", " ms"),
    "infrastructure": ("", " artefacts", ""),
    "manager": ("$", " million a year", " M"),
}
_ONE = {"infrastructure": " artefact"}
_NOTHING = 1e-9


def in_own_unit(who: Stakeholder, amount: float) -> str:
    """An amount of what one of the five reads, as a sentence says it.

    Parameters
    ----------
    who : Stakeholder
        One of the five.
    amount : float

    Returns
    -------
    str
        Such as ``"55.4 orders"``; ``"nothing"`` for 0, ``"less than 1 ms"`` for what
        rounds to 0.

    Raises
    ------
    ValueError
        If it is none of the five, for only they have words here.
    """
    before, after, _ = _words(who)
    if abs(amount) < _NOTHING:
        return "nothing"
    number = _number(who, amount)
    if float(number) == 0:  # a loss, though a smaller one than the number can say
        number, before = (
            fixed(10.0 ** -_DECIMALS[who.name], _DECIMALS[who.name]),
            f"less than {before}",
        )
    return before + number + (_ONE.get(who.name, after) if number == "1" else after)


def in_a_cell(who: Stakeholder, amount: float) -> str:
    """The same, as short as the cell of a matrix needs it: ``"43 ms"``, ``"$0.34 M"``, ``"0"``."""
    before, _, after = _words(who)
    return "0" if abs(amount) < _NOTHING else before + _number(who, amount) + after


def _words(who: Stakeholder) -> tuple[str, str, str]:
    if who.name not in _SAID:
        raise ValueError(f"who={who.name!r}: expected one of {', '.join(_SAID)}")
    return _SAID[who.name]


def _number(who: Stakeholder, amount: float) -> str:
    return fixed(amount, _DECIMALS[who.name])
