"""A claim's pictures: a dot for each world, on a strip and, larger, with standard errors.

Both are static SVG that stretches to its place without stretching its text: horizontal places are
percentages of the width, vertical ones pixels. Colours are the theme's CSS variables.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from launchlab.claims import wording
from launchlab.claims.claim import Result
from launchlab.markup import render
from launchlab.rounding import significant

STRIP_HEIGHT = 64
# The foot of the dots, below which two numbers stand.
_FOOT = 49
_DOT = 4.2
# Dots nearer to each other than this part of the width are stacked.
_NEAR = 2.2
_ROW = 7


@dataclass(frozen=True)
class Axis:
    """Where values stand on a strip.

    Parameters
    ----------
    low, high : float
        Values at its left and right end.
    """

    low: float
    high: float

    @classmethod
    def around(cls, values: Sequence[float]) -> Axis:
        """An axis that shows all of some values, with room at both ends."""
        low, high = min(values), max(values)
        room = 0.07 * (high - low) or max(abs(high), 1.0)
        return cls(low - room, high + room)

    def at(self, value: float) -> float:
        """Place of a value, in percent of the width."""
        part = (min(max(value, self.low), self.high) - self.low) / (self.high - self.low)
        return round(100 * part, 2)

    def ticks(self) -> list[float]:
        """About five round values within."""
        rough = (self.high - self.low) / 4
        power = 10.0 ** math.floor(math.log10(rough))
        step = next(times * power for times in (1, 2, 2.5, 5, 10) if times * power >= rough)
        first = math.ceil(self.low / step)
        return [step * place for place in range(first, math.floor(self.high / step) + 1)]


def _edges(result: Result) -> list[float]:
    return [edge for edge in (result.claim.low, result.claim.high) if math.isfinite(edge)]


def _band(result: Result, axis: Axis) -> dict[str, object]:
    """Where the claim holds, and where its words stand: where there is more room for them."""
    left, right = axis.at(result.claim.low), axis.at(result.claim.high)
    label = wording.side(result.claim, unit=False)
    # Beside the line within the band; at the outer end where the band is narrow.
    if right == 100:
        near = left < 60
        at, anchor, shift = (left, "start", 5) if near else (left, "end", -5)
    else:
        near = right > 40
        at, anchor, shift = (right, "end", -5) if near else (right, "start", 5)
    onward = label if near else f"{label} →" if right == 100 else label
    backward = "← " if not near and right != 100 else ""
    return {
        "x": left,
        "width": round(right - left, 2),
        "label": f"{backward}holds: {onward}",
        "at": at,
        "anchor": anchor,
        "shift": shift,
    }


def _stack(places: Sequence[float]) -> list[float]:
    """How far above or below the middle each dot stands, in dots; places in ascending order."""
    heights: list[float] = []
    group: list[float] = []

    def close() -> None:
        heights.extend(number - (len(group) - 1) / 2 for number in range(len(group)))
        group.clear()

    for place in places:
        if group and place - group[0] > _NEAR:
            close()
        group.append(place)
    close()
    return heights


# Numbers nearer to each other than this part of the width become one.
_APART = 24.0


def _numbers(result: Result, low: float, high: float) -> list[dict[str, object]]:
    """What the lowest and the highest dot stand for, below them; places in percent."""
    if result.claim.unit == wording.YES:
        return []
    least, most = wording.extremes(result, sign=True)
    if least == most:
        return [{"x": low, "text": least}]
    if high - low < _APART:
        return [{"x": min(max((low + high) / 2, 12), 88), "text": f"{least} to {most}"}]
    return [{"x": low, "text": least}, {"x": high, "text": most}]


def describe(result: Result) -> str:
    """The strip in words, for those who cannot see it."""
    one = result.claim.short.removesuffix("s")
    said = (
        f"{len(result.values())} dots, one for each {one}; {result.count()} lie where the claim "
        f"holds: {wording.side(result.claim)}."
    )
    if result.claim.unit == wording.YES:
        return said
    least, most = wording.extremes(result, sign=True)
    return f"{said} They reach from {least} to {most}."


def strip(result: Result) -> Markup:
    """A dot for each world beside the line that decides, about 60 pixels high.

    Below the lowest and the highest stands what they are.
    """
    values = sorted(result.values())
    axis = Axis.around([*values, *_edges(result)])
    places = [axis.at(value) for value in values]
    heights = _stack(places)
    top, middle = 16, (16 + _FOOT) / 2
    tallest = max(map(abs, heights)) or 1
    step = min(2 * _DOT + 0.6, (_FOOT - middle - _DOT) / tallest)
    dots = [
        {"x": place, "y": round(middle + step * up, 1), "holds": result.claim.holds(value)}
        for place, up, value in zip(places, heights, values, strict=True)
    ]
    return render(
        __package__,
        "strip.svg",
        height=STRIP_HEIGHT,
        top=top,
        foot=_FOOT,
        said=describe(result),
        band=_band(result, axis),
        edges=[axis.at(edge) for edge in _edges(result)],
        radius=_DOT,
        dots=dots,
        numbers=_numbers(result, places[0], places[-1]),
    )


def plot(result: Result) -> Markup:
    """The same dots one above the other, with standard errors, on an axis with numbers."""
    effects = sorted(result.effects[""].values(), key=lambda effect: effect.value)
    reach = [edge for one in effects for edge in (one.value - one.error, one.value + one.error)]
    axis = Axis.around([*reach, *_edges(result)])
    foot = 16 + _ROW * (len(effects) + 1)
    rows = [
        {
            "y": foot - _ROW * (number + 1),
            "x": axis.at(one.value),
            "from": axis.at(one.value - one.error),
            "to": axis.at(one.value + one.error),
            "holds": result.claim.holds(one.value),
        }
        for number, one in enumerate(effects)
    ]
    # A number right at an end would stick out.
    ticks = [tick for tick in axis.ticks() if 3 <= axis.at(tick) <= 97]
    return render(
        __package__,
        "plot.svg",
        height=foot + 20,
        top=16,
        foot=foot,
        said=f"{describe(result)} A bar through each dot: its standard error.",
        band=_band(result, axis),
        edges=[axis.at(edge) for edge in _edges(result)],
        radius=_DOT - 1,
        rows=rows,
        ticks=[
            {"x": axis.at(tick), "text": significant(tick, 4).replace("-", "−")} for tick in ticks
        ],
    )
