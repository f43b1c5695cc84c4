"""A claim in words: how often it held, how large it is, and the change that ends it.

Nothing here says "always": a count over worlds is a count.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import mean

from launchlab.claims.claim import Result, Statement
from launchlab.rounding import fixed, significant

# Between a number and its unit, so that no line breaks there.
_NBSP = "\N{NO-BREAK SPACE}"
# Effects have four significant digits at most, so an edge below this part of the spread is zero.
_NOTHING = 1e-3
_THOUSANDS = "thousand $"
_CHANCE = 0.7
"""Of the worlds: a coin's heads are more than this share of 20 tosses in 2 % of all cases."""
YES = "(yes)"
"""Unit of an effect that is 1 or 0: a claim that something is so, or is not."""


@dataclass(frozen=True)
class Ending:
    """The assumption under which a claim held in the fewest worlds.

    Parameters
    ----------
    label : str
        What was changed.
    count, total : int
        In how many worlds the claim then held, and of how many.
    """

    label: str
    count: int
    total: int

    @property
    def ends(self) -> bool:
        """Whether it ends the claim: whether that is fewer than half of the worlds."""
        return 2 * self.count < self.total


def fewest(result: Result) -> Ending | None:
    """The assumption under which a claim held in the fewest worlds, if others were tried."""
    tried = [
        Ending(one.label, result.count(one.name), len(result.values(one.name)))
        for one in result.claim.variants
    ]
    return min(tried, key=lambda one: one.count, default=None)


def count(result: Result) -> str:
    """Such as ``20 of 20``."""
    return f"{result.count()} of {len(result.values())}"


def limits(result: Result) -> str:
    """What becomes of the claim under other assumptions: a sentence without capital and full stop.

    Empty if none were tried, or if the claim does not even hold under its own in half of the
    worlds: then it is no assumption that ends it.
    """
    if broken := next(breaks(result), ""):
        return f"with {broken}, in fewer than half"
    least = fewest(result)
    if (least is None or not least.ends) and (stood := next(stays(result), "")):
        return stood
    if least is None or 2 * result.count() < len(result.values()):
        return ""
    # The label's last word may be the value itself, which the table of changes repeats.
    label = re.sub(r"\s*\([-−+.\d]+\)$", "", least.label)
    if least.ends:
        left = f"true in only {least.count}" if least.count else "true in none"
        return f"it stops holding with one change: {label} ({left})"
    if len(result.claim.variants) == 1:
        return f"with one change, in {least.count}: {label}"
    each = f"under each of {len(result.claim.variants)} other assumptions"
    if least.count == least.total:
        return f"in all of them {each}, too"
    return f"in at least {least.count} {each}"


def breaks(result: Result) -> Iterator[str]:
    """From where on the claim holds in fewer than half: ``300,000 sessions a week or more``."""
    for coupling in result.claim.couplings:
        point = result.breaks[coupling.name].point(coupling)
        if point is not None:
            counts = coupling.whole or re.match(r"\{\} (?!times\b)[a-z]+s\b", coupling.label)
            less = "fewer" if counts else "less"
            yield f"{coupling.written(point)} or {'more' if coupling.rises else less}"


def stays(result: Result) -> Iterator[str]:
    """In how many worlds it still holds where a number that did not end it was moved to.

    Such as ``with ads and quality correlated at 0.3, still in 15``: the farthest value is a count
    like any other, and one near 10 is no proof of strength, so it is "with ..., in only 12".
    """
    for coupling in result.claim.couplings:
        found = result.breaks[coupling.name]
        if found.point(coupling) is None:
            last = found.last(coupling)
            held = found.counts[last]
            # Few more than half are what a coin would do as well.
            still = "still in" if held > _CHANCE * len(found.effects) else "in only"
            yield f"with {coupling.written(last)}, {still} {held}"


def moved(result: Result) -> list[dict[str, str]]:
    """What became of the claim as each number was moved, for the table of its opened part."""
    rows = []
    for coupling in result.claim.couplings:
        found = result.breaks[coupling.name]
        point, last = found.point(coupling), found.last(coupling)
        rows.append(
            {
                "usual": coupling.written(coupling.usual),
                "last": f"{coupling.number(last)} ({found.counts[last]})",
                "point": f"{coupling.number(point)} ({found.counts[point]})"
                if point is not None
                else "not in the range tried",
            }
        )
    return rows


def side(claim: Statement, *, unit: bool = True) -> str:
    """Where the claim holds, such as ``more than 10 % of orders lost``.

    Parameters
    ----------
    claim : Statement
    unit : bool, default True
        Whether the whole unit is named, or only its sign ("%", "$").
    """
    if claim.unit == YES:
        return "yes" if claim.low > 0 else "no"
    whole = claim.unit if unit else _sign(claim.unit)
    if math.isinf(claim.high) and not _edge(claim.low):
        return "above 0"
    if math.isinf(claim.low) and not _edge(claim.high):
        # A limit just above 0 is that of a count, which is 0 or more.
        return "exactly 0" if claim.high > 0 else "below 0"
    if math.isinf(claim.high):
        return _beyond("more", "above", significant(_edge(claim.low), 3), whole)
    if math.isinf(claim.low):
        return _beyond("less", "below", significant(_edge(claim.high), 3), whole)
    for step, decimals in ((1.0, 0), (0.1, 1)):  # a band between numbers that count: name those
        if all(math.isclose(edge / step % 1, 0.5) for edge in (claim.low, claim.high)):
            first = fixed(claim.low + step / 2, decimals)
            last = fixed(claim.high - step / 2, decimals)
            return f"{first} to {quantity(last, whole)}" if first != last else quantity(last, whole)
    low, high = (significant(_edge(edge), 3) for edge in (claim.low, claim.high))
    return f"{_minus(low)} to {quantity(high, whole)}"


def _beyond(than: str, side: str, number: str, unit: str) -> str:
    if unit.startswith("("):
        return f"a {spoken(unit)} {side} {_minus(number)}"
    return f"{than} than {quantity(number, unit)}"


def _edge(edge: float) -> float:
    return 0.0 if abs(edge) < 2 * _NOTHING else edge


def _sign(unit: str) -> str:
    return next((sign for sign in ("%", "$") if unit.startswith(sign)), "")


def quantity(number: str, unit: str) -> str:
    """A number with its unit as it is spoken: ``$15 per order``, ``a correlation of 0.92``.

    Thousands of dollars are told as a reader counts money: ``$12,000``, ``−$3.1 million``.

    Parameters
    ----------
    number : str
        As `launchlab.rounding` writes it.
    unit : str
    """
    number = _minus(number)
    minus, size = ("−", number[1:]) if number.startswith("−") else ("", number)
    if unit == YES:
        return f"{number} (1: yes, 0: no)"
    if unit.startswith("("):
        return f"a {spoken(unit)} of {number}"
    if unit.startswith(_THOUSANDS):
        return f"{minus}${_money(1_000 * float(size.replace(',', '')))}" + unit.removeprefix(
            _THOUSANDS
        )
    if unit.startswith("$"):
        return f"{minus}${size}{unit.removeprefix('$')}"
    if size == "1":
        unit = unit.replace("points", "point", 1)
    return f"{number}{_NBSP}{unit}" if unit else number


def _money(dollars: float) -> str:
    return f"{dollars / 1e6:g}{_NBSP}million" if dollars >= 1e6 else f"{dollars:,.0f}"


def spoken(unit: str) -> str:
    """A unit without its brackets: ``(correlation)`` is only the name of a number without one."""
    return unit.removeprefix("(").removesuffix(")")


def _minus(number: str) -> str:
    return number.replace("-", "−")


def size(result: Result) -> str:
    """How large the effect is over worlds, as a sentence."""
    average, deviation = result.spread()
    if result.claim.unit == YES:
        return f"Yes in {count(result)} {result.claim.short}."
    low, high = extremes(result)
    decimals = _decimals(result)
    spread = f"from {low} to {high}, standard deviation " + quantity(
        fixed(deviation, decimals), _money_of(result.claim)
    )
    if low == high:
        spread = "the same in each"
    return (
        f"On average {quantity(fixed(average, decimals), result.claim.unit)}; "
        f"over {result.claim.short} {spread}."
    )


def extremes(result: Result, *, sign: bool = False) -> tuple[str, str]:
    """The lowest and the highest value over worlds.

    Parameters
    ----------
    result : Result
    sign : bool, default False
        Whether they have the sign of their unit ("%", "$") too, or only thousands of dollars.
    """
    values = result.values()
    counts = all(float(value).is_integer() for value in values)
    decimals = 0 if counts else _decimals(result)
    unit = _money_of(result.claim) or (_sign(result.claim.unit) if sign else "")
    low, high = (quantity(fixed(pick(values), decimals), unit) for pick in (min, max))
    return low, high


def _money_of(claim: Statement) -> str:
    """Money has its unit at every number, for they may be thousands and millions."""
    return _THOUSANDS if claim.unit.startswith(_THOUSANDS) else ""


def decimals_for(deviation: float) -> int:
    """To how many decimals numbers are told that vary by so much; negative: to tens, hundreds.

    One significant digit of the spread is all that a reader can use; two if the first is a 1 or
    a 2, where rounding would change it by a quarter.
    """
    if deviation <= 0:
        return 2
    power = math.floor(math.log10(deviation))
    first = deviation / 10.0**power
    return min(6, (first < 3) - power)


def _decimals(result: Result) -> int:
    """To how many decimals a result is told; a share is never told in tens of per cent."""
    decimals = decimals_for(result.spread()[1])
    return max(decimals, 0) if result.claim.unit.startswith("%") else decimals


def noise(result: Result) -> str:
    """What a mixed count means, as a sentence; empty for a count that is not mixed."""
    short = result.claim.short
    return {
        "noise": (
            "The dots lie about as far apart as their own standard errors would put them: "
            f"differences between {short} may be chance."
        ),
        "differs": "The dots lie further apart than their own standard errors would put them: the "
        f"{short} do differ in this.",
    }.get(result.kind(), "")


def caveat(claim: Statement) -> str:
    """What a count over worlds is, and is not, in one sentence."""
    if claim.short == "worlds":
        return "Twenty simulated worlds guard against luck; none of them need be like yours."
    return "Twenty draws from one set of data guard against luck; your data may differ."


def average(result: Result, variant: str = "") -> str:
    """The mean over worlds under some assumptions, without its unit, for tables."""
    return _minus(fixed(mean(result.values(variant)), _decimals(result)))
