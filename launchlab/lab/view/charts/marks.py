"""What the shapes share: colours by name, fields, axes, and rows that are drawn once."""

from __future__ import annotations

import json
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt
import pandas as pd

from launchlab.lab.view.people import PEOPLE
from launchlab.lab.view.theme import ACCENT, INK, MUTED, STONE

Chart = Callable[[pd.DataFrame], alt.TopLevelMixin]
Domain = tuple[float, float]

_NEUTRAL = {"ink": INK, "accent": ACCENT, "muted": MUTED, "stone": STONE}
# A long name takes two lines, for on a phone it would take the plot's place.
_CUT = "lastindexof(slice(datum.label, 0, 12), ' ')"
NAMES: dict[str, Any] = {
    "labelLimit": 140,
    "labelExpr": f"length(datum.label) > 13 && {_CUT} > 0 ? "
    f"[slice(datum.label, 0, {_CUT}), slice(datum.label, {_CUT} + 1)] : datum.label",
}


def _nothing(frame: pd.DataFrame) -> None:
    """A reading of a frame's values, for a shape that needs none."""


@dataclass(frozen=True)
class Declared:
    """A chart that is given, beside a frame to draw, all that it may know of the frame's values.

    Frames with the same columns and types of which the same is read are drawn by one specification:
    that of the first need not be made again for the others, which takes a tenth of a second each.

    Parameters
    ----------
    draw : callable
        Chart of the frame, and what was read -> chart with its marks.
    reads : callable
        Frame -> what is read, such as its number of rows. Raises ValueError for a frame that cannot
        be drawn.
    """

    draw: Callable[[alt.Chart, Any], alt.TopLevelMixin]
    reads: Callable[[pd.DataFrame], Hashable] = _nothing

    def __call__(self, frame: pd.DataFrame) -> alt.TopLevelMixin:
        """The chart of a frame."""
        return self.draw(alt.Chart(frame), self.reads(frame))

    def drawn_by(self, frame: pd.DataFrame) -> Hashable:
        """What the specification of a frame's chart rests on."""
        types = tuple((name, str(kind)) for name, kind in frame.dtypes.items())
        return types, self.reads(frame)


def colour(name: str) -> str:
    """The theme's colour of a name: one of the five, ink, accent, muted or stone.

    Raises
    ------
    ValueError
        For any other name.
    """
    if name in PEOPLE:
        return PEOPLE[name].colour
    if name not in _NEUTRAL:
        known = ", ".join([*_NEUTRAL, *PEOPLE])
        raise ValueError(f"colour={name!r}, expected one of {known}")
    return _NEUTRAL[name]


def axis_of(ticks: Sequence[float], form: str = "") -> alt.Axis:
    """An axis with the given numbers, written as Vega writes them in ``form``."""
    given: dict[str, Any] = {"values": list(ticks)} if ticks else {}
    if form:
        given["format"] = form
    return alt.Axis(**given)


def field(column: str) -> str:
    """A column of the row at hand, as a Vega expression."""
    return f"datum[{json.dumps(column, ensure_ascii=False)}]"


def lookup(column: str, chosen: Mapping[Any, Any], rest: Any) -> str:
    """A Vega expression: what is chosen for the column's value, or else the rest."""
    expression = json.dumps(rest)
    for value, found in reversed(list(chosen.items())):
        asked = f"{field(column)} === {json.dumps(value, ensure_ascii=False)}"
        expression = f"{asked} ? {json.dumps(found)} : {expression}"
    return expression


def paint_by(column: str, colours: Mapping[Any, str]) -> str:
    """The colour of the column's value, as a Vega expression; ink where none is given."""
    return lookup(column, {value: colour(name) for value, name in colours.items()}, INK)


def shape_by(column: str, colours: Mapping[Any, str]) -> str:
    """The shape of the column's value, as a Vega expression: a person's own, else a circle."""
    people = {value: PEOPLE[name].shape for value, name in colours.items() if name in PEOPLE}
    return lookup(column, people, "circle")


def once(base: alt.Chart, row: str = "") -> alt.Chart:
    """One row alone, for what is drawn once: a mark for each row would be drawn on top of it."""
    if not row:
        row, base = "only", base.transform_window(only="row_number()")
    one: alt.Chart = base.transform_filter(f"{field(row)} === 1")
    return one


def nearest(base: alt.Chart, x: str, place: float) -> alt.Chart:
    """The one row that stands nearest to a place on the x axis."""
    return (
        base.transform_calculate(gap=f"abs({field(x)} - {place})")
        .transform_window(near="row_number()", sort=[alt.SortField("gap")])
        .transform_filter("datum.near === 1")
    )
