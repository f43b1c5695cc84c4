"""The usual shapes of a lab's chart, each declared in a call that gives ``frame -> chart``.

Only data changes between two states of a lab, so every domain is given and fixed. What follows the
state is a label: those that show numbers write them as sentences do (see
`launchlab.lab.view.numbers`). A shape has no title: a lab's ``heading`` stands above it.

A colour is the short name of one of the five (``"sales"``), for what is theirs and nothing else,
or ``"ink"`` (what counts), ``"accent"`` (what it is compared with), ``"muted"`` or ``"stone"``.
Any other callable that makes an Altair chart of a frame is as good a chart.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt
import pandas as pd

from launchlab.lab.view.numbers import NO_BREAK, number_format
from launchlab.lab.view.people import PEOPLE
from launchlab.lab.view.theme import ACCENT, INK, MUTED, STONE

Chart = Callable[[pd.DataFrame], alt.TopLevelMixin]
Domain = tuple[float, float]

_NEUTRAL = {"ink": INK, "accent": ACCENT, "muted": MUTED, "stone": STONE}
# A long name takes two lines, for on a phone it would take the plot's place.
_CUT = "lastindexof(slice(datum.label, 0, 12), ' ')"
_NAMES: dict[str, Any] = {
    "labelLimit": 140,
    "labelExpr": f"length(datum.label) > 12 && {_CUT} > 0 ? "
    f"[slice(datum.label, 0, {_CUT}), slice(datum.label, {_CUT} + 1)] : datum.label",
}
_DASHES = ([1, 0], [7, 4], [2, 3], [9, 3, 2, 3])


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


def bars(
    value: str,
    name: str,
    *,
    domain: Domain,
    title: str,
    form: str = ".1f",
    unit: str = "",
    colours: Mapping[str, str] | None = None,
    bar: int = 24,
) -> Chart:
    """Horizontal bars, one for each row in the frame's order, with their values at their ends.

    Parameters
    ----------
    value, name : str
        Columns: the bar's length, and what it is called.
    domain : tuple of float
        Ends of the axis; they leave room for the values.
    title : str
        Of the axis, with its unit.
    form : str
        How a value is written.
    unit : str
        Written after a value.
    colours : mapping, optional
        Name of a bar to its colour; the others are ink.
    bar : int
        Thickness in pixels.

    Returns
    -------
    callable
        Frame -> chart.
    """
    paint = _paint(name, colours or {})
    text = number_format(form).vega(_field(value))
    if unit:
        text += f" + {json.dumps(NO_BREAK + unit, ensure_ascii=False)}"
    left = f"{_field(value)} < 0"

    def chart(frame: pd.DataFrame) -> alt.TopLevelMixin:
        base = alt.Chart(frame).transform_calculate(paint=paint, text=text)
        x = alt.X(f"{value}:Q").title(title).scale(domain=list(domain), nice=False)
        y = alt.Y(f"{name}:N").title(None).sort(None).axis(**_NAMES, ticks=False)
        drawn = base.mark_bar(height=bar).encode(x, y, alt.Color("paint:N", scale=None))
        ends = base.mark_text(
            fontWeight="bold",
            align=alt.expr(f"{left} ? 'right' : 'left'"),
            dx=alt.expr(f"{left} ? -5 : 5"),
        ).encode(x, y, alt.Text("text:N"))
        zero = base.mark_rule(color=MUTED).encode(x=alt.datum(0))
        return alt.layer(drawn, zero, ends).properties(height=len(frame) * (bar + 16))

    return chart


@dataclass(frozen=True)
class Line:
    """One line of `lines`.

    Parameters
    ----------
    label : str
        Stands beside the line.
    colour : str
    below : bool
        Whether the label stands under the line instead of over it.
    at : float, optional
        Where on the x axis the label ends; left out, at the end of the line. To its left there is
        room above a line that rises, and below one that falls.
    """

    label: str
    colour: str = "ink"
    below: bool = False
    at: float | None = None


def lines(
    x: str,
    series: Mapping[str, Line | str],
    *,
    x_domain: Domain,
    x_title: str,
    y_domain: Domain,
    y_title: str,
    here: str = "",
    level: tuple[str, str] | None = None,
    log: bool = False,
    ticks: Sequence[float] = (),
    y_log: bool = False,
    y_ticks: Sequence[float] = (),
    forms: tuple[str, str] = ("", ""),
    height: int = 260,
) -> Chart:
    """Lines over one axis, each with its label, and a mark where the reader stands.

    Parameters
    ----------
    x : str
        Column of the horizontal axis.
    series : mapping of str to Line or str
        Column of each line to the line, or to its label. Dashes tell lines of one colour apart.
    x_domain, y_domain : tuple of float
    x_title, y_title : str
        Of the axes, with their units.
    here : str, optional
        Column of yes and no: an upright rule and dots where it says yes.
    level : tuple of str, optional
        A column with the height of a level line, and the line's label.
    log : bool
        Whether the horizontal axis is logarithmic; ``ticks`` are then its numbers.
    ticks : sequence of float
    y_log : bool
        The same for the vertical axis, with ``y_ticks``; what leaves its domain is not drawn.
    y_ticks : sequence of float
    forms : tuple of str
        How Vega writes the numbers of the two axes, such as ``"~s"`` for 10k and 1M.
    height : int
        In pixels.

    Returns
    -------
    callable
        Frame -> chart.
    """
    drawn = {
        column: line if isinstance(line, Line) else Line(line) for column, line in series.items()
    }
    dashes = _dashes([line.colour for line in drawn.values()])

    def chart(frame: pd.DataFrame) -> alt.TopLevelMixin:
        across = alt.Scale(domain=list(x_domain), nice=False, type="log" if log else "linear")
        up = alt.Scale(domain=list(y_domain), nice=False, type="log" if y_log else "linear")
        axis, y_axis = _axis(ticks, forms[0]), _axis(y_ticks, forms[1])
        at_x = alt.X(f"{x}:Q", scale=across, axis=axis).title(x_title)
        clipped: dict[str, Any] = {"clip": True} if y_log else {}
        base = alt.Chart(frame)
        layers = []

        def at_y(column: str) -> alt.Y:
            return alt.Y(f"{column}:Q", scale=up, axis=y_axis).title(y_title)

        if level:
            rule = base.mark_rule(color=MUTED, strokeDash=[3, 3]).encode(at_y(level[0]))
            label = (
                _nearest(base, x, x_domain[0])
                .transform_calculate(label=json.dumps(level[1], ensure_ascii=False))
                .mark_text(color=MUTED, align="left", dx=4, dy=9)
                .encode(at_x, at_y(level[0]), alt.Text("label:N"))
            )
            layers += [rule, label]
        if here:
            chosen = base.transform_filter(_field(here))
            layers.append(chosen.mark_rule(color=INK, strokeWidth=1).encode(at_x))
        for (column, line), dash in zip(drawn.items(), dashes, strict=True):
            paint = colour(line.colour)
            line_mark = base.mark_line(color=paint, strokeDash=dash, **clipped)
            layers.append(line_mark.encode(at_x, at_y(column)))
            if here:
                dot = chosen.mark_point(color=paint, size=90, **clipped)
                layers.append(dot.encode(at_x, at_y(column)))
            place = x_domain[1] if line.at is None else line.at
            layers.append(
                _nearest(base, x, place)
                .transform_calculate(label=json.dumps(line.label, ensure_ascii=False))
                .mark_text(
                    color=paint,
                    fontWeight="bold",
                    align="right",
                    dy=15 if line.below else -12,
                    **clipped,
                )
                .encode(at_x, at_y(column), alt.Text("label:N"))
            )
        return alt.layer(*layers).properties(height=height)

    return chart


def points(
    x: str,
    y: str,
    *,
    x_domain: Domain,
    x_title: str,
    y_title: str = "",
    y_domain: Domain | None = None,
    interval: tuple[str, str] | None = None,
    path: str = "",
    label: str = "",
    group: str = "",
    colours: Mapping[str, str] | None = None,
    ticks: Sequence[float] = (),
    height: int | None = None,
) -> Chart:
    """Points, with what they need: intervals, a path through them, labels beside the marks.

    Parameters
    ----------
    x, y : str
        Columns. Without ``y_domain`` the column ``y`` holds names, one row of marks each.
    x_domain, y_domain : tuple of float
    x_title, y_title : str
        Of the axes, with their units.
    interval : tuple of str, optional
        Columns of the low and the high end of a bar along x.
    path : str, optional
        Column by whose order a line joins the points.
    label : str, optional
        Column of the text beside a mark; an empty text labels nothing.
    group : str, optional
        Column that decides colour and shape.
    colours : mapping, optional
        Value of ``group`` (or without it of ``y``) to its colour; one of the five has its shape.
    ticks : sequence of float, optional
        Numbers of the horizontal axis, where its domain has room for labels beyond them.
    height : int, optional
        In pixels; 260, or 34 for each name.

    Returns
    -------
    callable
        Frame -> chart.
    """
    given = dict(colours or {})
    paint, shape = _paint(group or y, given), _shape(group or y, given)

    def chart(frame: pd.DataFrame) -> alt.TopLevelMixin:
        across = alt.Scale(domain=list(x_domain), nice=False)
        axis = _axis(ticks)
        at_x = alt.X(f"{x}:Q", scale=across, axis=axis).title(x_title)
        if y_domain:
            up = alt.Scale(domain=list(y_domain), nice=False)
            at_y = alt.Y(f"{y}:Q", scale=up).title(y_title)
        else:
            at_y = alt.Y(f"{y}:N").title(y_title or None).sort(None).axis(**_NAMES)
        base = alt.Chart(frame).transform_calculate(paint=paint, shape=shape)
        painted = alt.Color("paint:N", scale=None)
        layers: list[alt.Chart] = []
        if path:
            layers.append(
                base.mark_line(color=MUTED, strokeWidth=1.5).encode(
                    at_x, at_y, alt.Order(f"{path}:Q")
                )
            )
        if interval:
            low, high = interval
            layers.append(
                base.mark_rule(strokeWidth=2).encode(
                    alt.X(f"{low}:Q", scale=across, axis=axis).title(x_title),
                    alt.X2(high),
                    at_y,
                    painted,
                )
            )
        layers.append(
            base.mark_point(size=80).encode(at_x, at_y, painted, alt.Shape("shape:N", scale=None))
        )
        if label:
            layers.append(
                base.mark_text(align="left", dx=9, dy=-9 if interval else 0).encode(
                    at_x, at_y, alt.Text(f"{label}:N"), painted
                )
            )
        tall = height or (260 if y_domain else 34 * frame[y].nunique())
        return alt.layer(*layers).properties(height=tall)

    return chart


def mixture(
    x: str,
    y: str,
    share: str,
    mean: tuple[str, str],
    *,
    x_domain: Domain,
    x_title: str,
    y_domain: Domain,
    y_title: str,
    x_bound: tuple[str, str],
    y_bound: tuple[str, str],
    strong: str,
    hollow: str,
    height: int = 300,
) -> Chart:
    """Points of which some are mixed, each joined to their average, and two bounds on it.

    Parameters
    ----------
    x, y : str
        Columns.
    share : str
        Column of a point's share in the mixture: those above 0 are joined to the average, the
        larger the share the larger the mark.
    mean : tuple of str
        Columns of the average along x and y, the same in every row.
    x_domain, y_domain : tuple of float
        What lies outside is not drawn.
    x_title, y_title : str
        Of the axes, with their units.
    x_bound, y_bound : tuple of str
        A column, the same in every row, and whose bound it is, by the short name of one of the
        five: a dashed line, with the name at its end.
    strong, hollow : str
        Columns of yes and no: points in the accent, and points that are mere rings.
    height : int
        In pixels.

    Returns
    -------
    callable
        Frame -> chart.
    """
    across, up = (alt.Scale(domain=list(ends), nice=False) for ends in (x_domain, y_domain))

    def at_x(field: str) -> alt.X:
        return alt.X(f"{field}:Q", scale=across).title(x_title)

    def at_y(field: str) -> alt.Y:
        return alt.Y(f"{field}:Q", scale=up).title(y_title)

    def bound(base: alt.Chart, who: str, **place: Any) -> Any:
        person = PEOPLE[who]
        # What is the same in every row is one mark: a lab that moves draws each of them anew.
        line = base.mark_rule(color=person.colour, strokeDash=[4, 3]).encode(**place)
        end = {"y": alt.datum(y_domain[1])} if "x" in place else {"x": alt.datum(x_domain[0])}
        # To the left of an upright line: to its right a phone may have no room.
        side: dict[str, Any] = (
            {"align": "right", "dx": -5} if "x" in place else {"align": "left", "dx": 5}
        )
        name = base.mark_text(
            text=person.label, color=person.colour, fontWeight="bold", dy=8, **side
        )
        return alt.layer(line, name.encode(**place, **end))

    def chart(frame: pd.DataFrame) -> alt.TopLevelMixin:
        base = alt.Chart(frame)
        paint = alt.condition(_field(strong), alt.value(ACCENT), alt.value(STONE))
        points = base.mark_point(filled=False, clip=True).encode(
            at_x(x),
            at_y(y),
            stroke=paint,
            fill=paint,
            fillOpacity=alt.condition(_field(hollow), alt.value(0), alt.value(1)),
            size=alt.condition(_field(strong), alt.value(80), alt.value(30)),
        )
        used = base.transform_filter(f"{_field(share)} > 0")
        spokes = used.mark_rule(color=INK).encode(
            at_x(x), at_y(y), alt.X2(mean[0]), alt.Y2(mean[1])
        )
        large = alt.Size(f"{share}:Q", legend=None).scale(domain=[0, 100], range=[60, 300])
        members = used.mark_point(color=INK, shape="diamond").encode(at_x(x), at_y(y), large)
        average = used.mark_point(color=INK, shape="cross", size=260).encode(
            at_x(f"mean({mean[0]})"), at_y(f"mean({mean[1]})")
        )
        bounds = (
            bound(base, x_bound[1], x=at_x(f"min({x_bound[0]})")),
            bound(base, y_bound[1], y=at_y(f"min({y_bound[0]})")),
        )
        return alt.layer(points, *bounds, spokes, members, average).properties(height=height)

    return chart


def heat(
    x: str,
    y: str,
    value: str,
    *,
    domain: Domain,
    x_title: str = "",
    y_title: str = "",
    form: str = ".1f",
    cell: int = 30,
) -> Chart:
    """A matrix whose cells show their numbers, the stronger the tint the higher.

    Parameters
    ----------
    x, y, value : str
        Columns: names across and down, and the number.
    domain : tuple of float
        The numbers with no tint and with the strongest.
    x_title, y_title : str
    form : str
        How a number is written.
    cell : int
        Height of a row in pixels.

    Returns
    -------
    callable
        Frame -> chart.
    """
    text = number_format(form).vega(_field(value))

    def chart(frame: pd.DataFrame) -> alt.TopLevelMixin:
        base = alt.Chart(frame).transform_calculate(text=text)
        at_x = alt.X(f"{x}:N").title(x_title or None).sort(None).axis(orient="top", labelAngle=0)
        at_y = alt.Y(f"{y}:N").title(y_title or None).sort(None).axis(**_NAMES)
        # Theme colours are variables, which no scale can mix: opacity makes the tint instead.
        tint = alt.Opacity(f"{value}:Q", legend=None).scale(
            domain=list(domain), range=[0, 0.5], clamp=True
        )
        cells = base.mark_rect(color=ACCENT).encode(at_x, at_y, tint)
        numbers = base.mark_text(color=INK).encode(at_x, at_y, alt.Text("text:N"))
        return alt.layer(cells, numbers).properties(height=cell * frame[y].nunique())

    return chart


def _axis(ticks: Sequence[float], form: str = "") -> alt.Axis:
    given: dict[str, Any] = {"values": list(ticks)} if ticks else {}
    if form:
        given["format"] = form
    return alt.Axis(**given)


def _field(column: str) -> str:
    return f"datum[{json.dumps(column, ensure_ascii=False)}]"


def _lookup(column: str, chosen: Mapping[str, str], rest: str) -> str:
    """A Vega expression: what is chosen for the column's value, or else the rest."""
    expression = json.dumps(rest)
    for value, found in reversed(list(chosen.items())):
        asked = f"{_field(column)} === {json.dumps(value, ensure_ascii=False)}"
        expression = f"{asked} ? {json.dumps(found)} : {expression}"
    return expression


def _paint(column: str, colours: Mapping[str, str]) -> str:
    return _lookup(column, {value: colour(name) for value, name in colours.items()}, INK)


def _shape(column: str, colours: Mapping[str, str]) -> str:
    people = {value: PEOPLE[name].shape for value, name in colours.items() if name in PEOPLE}
    return _lookup(column, people, "circle")


def _dashes(colours: Sequence[str]) -> list[Any]:
    """A dash for each line: the first of a colour is solid, the next ones are not."""
    return [
        _DASHES[list(colours[:place]).count(name) % len(_DASHES)]
        for place, name in enumerate(colours)
    ]


def _nearest(base: alt.Chart, x: str, place: float) -> alt.Chart:
    """The one row that stands nearest to a place on the x axis."""
    return (
        base.transform_calculate(gap=f"abs({_field(x)} - {place})")
        .transform_window(near="row_number()", sort=[alt.SortField("gap")])
        .transform_filter("datum.near === 1")
    )
