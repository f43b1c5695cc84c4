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
import math
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
    "labelExpr": f"length(datum.label) > 13 && {_CUT} > 0 ? "
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
    label: str = "",
    colours: Mapping[Any, str] | None = None,
    group: str = "",
    beside_zero: bool = False,
    aside: str = "",
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
    label : str, optional
        Column of the texts at the ends of the bars, in place of their values.
    colours : mapping, optional
        Name of a bar to its colour, or value of ``group``; the others are ink.
    group : str, optional
        Column that decides a bar's colour, where its name does not.
    beside_zero : bool
        Whether the values stand on the empty side of zero. There is always room for them there.
    aside : str, optional
        Column of a second text, at the right edge.
    bar : int
        Thickness in pixels.

    Returns
    -------
    callable
        Frame -> chart.
    """
    paint = _paint(group or name, colours or {})
    written = _field(label) if label else number_format(form).vega(_field(value))
    if unit and not label:
        written += f" + {json.dumps(NO_BREAK + unit, ensure_ascii=False)}"
    left = f"{_field(value)} {'>=' if beside_zero else '<'} 0"

    def chart(frame: pd.DataFrame) -> alt.TopLevelMixin:
        base = alt.Chart(frame).transform_calculate(paint=paint, text=written)
        x = alt.X(f"{value}:Q").title(title).scale(domain=list(domain), nice=False)
        y = alt.Y(f"{name}:N").title(None).sort(None).axis(**_NAMES, ticks=False)
        drawn = base.mark_bar(height=bar).encode(x, y, alt.Color("paint:N", scale=None))
        ends = base.mark_text(
            fontWeight="bold",
            align=alt.expr(f"{left} ? 'right' : 'left'"),
            dx=alt.expr(f"{left} ? -5 : 5"),
        ).encode(alt.X(datum=0) if beside_zero else x, y, alt.Text("text:N"))
        layers = [drawn, _once(base).mark_rule(color=MUTED).encode(x=alt.datum(0)), ends]
        if aside:
            second = base.mark_text(align="right", color=MUTED)
            layers.append(second.encode(alt.X(datum=domain[1]), y, alt.Text(f"{aside}:N")))
        return alt.layer(*layers).properties(height=len(frame) * (bar + (16 if bar > 16 else 8)))

    return chart


def ranges(
    low: str,
    high: str,
    value: str,
    *,
    label: str,
    domain: Domain,
    title: str,
    truth: tuple[str, str],
    truth_range: tuple[str, str] | None = None,
) -> Chart:
    """Estimates under their labels: a bar from low to high, a tick in it, and the truth beside it.

    Parameters
    ----------
    low, high, value : str
        Columns: the bar's ends, and the tick. A bar that leaves the domain is cut off there.
    label : str
        Column of the text above a bar.
    domain : tuple of float
    title : str
        Of the axis, with its unit.
    truth : tuple of str
        A column with what is true, and what it is called.
    truth_range : tuple of str, optional
        Columns of the truth's own low and high end.

    Returns
    -------
    callable
        Frame -> chart.
    """

    def chart(frame: pd.DataFrame) -> alt.TopLevelMixin:
        across = alt.Scale(domain=list(domain), nice=False)
        base = alt.Chart(frame).transform_window(row="row_number()")
        at_y = alt.Y("row:O").axis(None)

        def at_x(column: str) -> alt.X:
            return alt.X(f"{column}:Q", scale=across).title(title)

        layers: list[alt.Chart] = []
        if truth_range:
            near = base.mark_bar(height=46, opacity=0.2, color=ACCENT, clip=True)
            layers.append(near.encode(at_x(truth_range[0]), alt.X2(truth_range[1]), at_y))
        band = base.mark_bar(height=13, opacity=0.3, color=INK, clip=True)
        layers += [
            band.encode(at_x(low), alt.X2(high), at_y),
            base.mark_tick(color=ACCENT, thickness=2, height=40).encode(at_x(truth[0]), at_y),
            base.mark_tick(color=INK, thickness=3, height=21).encode(at_x(value), at_y),
            base.mark_text(align="left", dy=-25).encode(
                alt.X(datum=domain[0]), at_y, alt.Text(f"{label}:N")
            ),
        ]
        name = (
            _once(base.transform_window(back="row_number()", sort=[_descending("row")]), "back")
            .transform_calculate(name=json.dumps(truth[1], ensure_ascii=False))
            .mark_text(color=ACCENT, fontWeight="bold", dy=30)
        )
        layers.append(name.encode(at_x(truth[0]), at_y, alt.Text("name:N")))
        return alt.layer(*layers).properties(height=74 * len(frame))

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
    labels_here: bool = False,
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
    labels_here : bool
        Whether the labels stand at the dots of ``here``: above the uppermost one, under the others.
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
    middle = math.sqrt(x_domain[0] * x_domain[1]) if log else sum(x_domain) / 2
    late = f"{_field(x)} > {middle:.6g}"

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

        def named_here(column: str, line: Line) -> alt.Chart:
            others = ", ".join(_field(other) for other in drawn if other != column)
            named: alt.Chart = chosen.mark_text(
                text=line.label,
                color=colour(line.colour),
                fontWeight="bold",
                align=alt.expr(f"{late} ? 'right' : 'left'"),
                dx=alt.expr(f"{late} ? -9 : 9"),
                dy=alt.expr(f"{_field(column)} >= max({others}) ? -13 : 15"),
            )
            return named

        if level:
            rule = _once(base).mark_rule(color=MUTED, strokeDash=[3, 3]).encode(at_y(level[0]))
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
            if labels_here:
                layers.append(named_here(column, line).encode(at_x, at_y(column)))
                continue
            place = x_domain[1] if line.at is None else line.at
            # Where a line has left the plot it bears no label.
            within = f"inrange({_field(column)}, {list(y_domain)})"
            seen = base.transform_filter(within) if y_log else base
            layers.append(
                _nearest(seen, x, place)
                .transform_calculate(label=json.dumps(line.label, ensure_ascii=False))
                .mark_text(
                    color=paint,
                    fontWeight="bold",
                    align="right",
                    dy=alt.expr(_beside(column, line.below, y_domain, y_log, height)),
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
    thick: tuple[str, str] | None = None,
    upright: tuple[str, str] | None = None,
    beyond: bool = False,
    path: str = "",
    label: str = "",
    group: str = "",
    colours: Mapping[Any, str] | None = None,
    size: int = 80,
    ticks: Sequence[float] = (),
    height: int | None = None,
) -> Chart:
    """Points, with what they need: intervals, a path through them, labels beside the marks.

    Parameters
    ----------
    x, y : str
        Columns. Without ``y_domain`` the column ``y`` holds names, one row of marks each. With it
        and without a title, y only keeps the marks apart, and has no axis.
    x_domain, y_domain : tuple of float
    x_title, y_title : str
        Of the axes, with their units.
    interval : tuple of str, optional
        Columns of the low and the high end of a bar along x.
    thick : tuple of str, optional
        Columns of the ends of a second, thicker bar.
    upright : tuple of str, optional
        A column with the place of a dashed upright line, and the line's label.
    beyond : bool
        Whether marks beyond the domain stand at its ends, which then say "≤" and "≥".
    path : str, optional
        Column by whose order a line joins the points.
    label : str, optional
        Column of the text beside a mark; an empty text labels nothing.
    group : str, optional
        Column that decides colour and shape.
    colours : mapping, optional
        Value of ``group`` (or without it of ``y``) to its colour; one of the five has its shape.
    size : int
        Of a mark, in square pixels.
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
            at_y = at_y if y_title else at_y.axis(None)
        else:
            at_y = alt.Y(f"{y}:N").title(y_title or None).sort(None).axis(**_NAMES)
        base = alt.Chart(frame).transform_calculate(paint=paint, shape=shape)
        if beyond:
            low, high = x_domain
            base = base.transform_calculate(inside=f"clamp({_field(x)}, {low}, {high})")
            at_x = alt.X("inside:Q", scale=across).title(x_title)
            at_x = at_x.axis(labelExpr=_ends(x_domain))
        painted = alt.Color("paint:N", scale=None)
        layers: list[alt.Chart] = []
        if path:
            layers.append(
                base.mark_line(color=MUTED, strokeWidth=1.5).encode(
                    at_x, at_y, alt.Order(f"{path}:Q")
                )
            )
        for ends, width in ((interval, 2), (thick, 5)):
            if ends:
                layers.append(
                    base.mark_rule(strokeWidth=width, clip=True).encode(
                        alt.X(f"{ends[0]}:Q", scale=across, axis=axis).title(x_title),
                        alt.X2(ends[1]),
                        at_y,
                        painted,
                    )
                )
        layers.append(
            base.mark_point(size=size, clip=bool(thick)).encode(
                at_x, at_y, painted, alt.Shape("shape:N", scale=None)
            )
        )
        if label:
            layers.append(
                base.mark_text(align="left", dx=9, dy=-9 if interval else 0).encode(
                    at_x, at_y, alt.Text(f"{label}:N"), painted
                )
            )
        if upright:
            line = _once(base).transform_calculate(name=json.dumps(upright[1], ensure_ascii=False))
            place = alt.X(f"{upright[0]}:Q", scale=across, axis=axis).title(x_title)
            layers.insert(0, line.mark_rule(strokeDash=[5, 4]).encode(place))
            head = line.mark_text(align="left", dx=5, dy=7, color=MUTED)
            layers.append(head.encode(place, alt.Text("name:N"), y=alt.value(0)))
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
    known_by: Sequence[str],
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
    known_by : sequence of str
        Columns that together tell the points apart, in every state: when a control moves, the page
        changes the marks it has, and does not draw all of them anew.
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
        # Points that are known by the same would fall together in the page, and be gone.
        if frame.duplicated(list(known_by)).any():
            raise ValueError(f"known_by={list(known_by)}: expected columns that differ in each row")
        base = alt.Chart(frame)
        paint = alt.condition(_field(strong), alt.value(ACCENT), alt.value(STONE))
        points = base.mark_point(filled=False, clip=True).encode(
            at_x(x),
            at_y(y),
            stroke=paint,
            fill=paint,
            fillOpacity=alt.condition(_field(hollow), alt.value(0), alt.value(1)),
            size=alt.condition(_field(strong), alt.value(80), alt.value(30)),
            key=alt.Key("known_by:N"),
        )
        together = " + '/' + ".join(_field(one) for one in known_by)
        points = points.transform_calculate(known_by=together)
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
    label: str = "",
    upright: bool = False,
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
    label : str, optional
        Column of the texts in the cells, in place of their numbers: for numbers of several units.
    upright : bool
        Whether the names across stand upright, which leaves them room on a phone.
    cell : int
        Height of a row in pixels.

    Returns
    -------
    callable
        Frame -> chart.
    """
    text = _field(label) if label else number_format(form).vega(_field(value))
    angle = -90 if upright else 0

    def chart(frame: pd.DataFrame) -> alt.TopLevelMixin:
        base = alt.Chart(frame).transform_calculate(text=text)
        across = alt.X(f"{x}:N").title(x_title or None).sort(None)
        at_x = across.axis(orient="top", labelAngle=angle)
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


def _beside(column: str, below: bool, domain: Domain, log: bool, height: int) -> str:
    """How far from its line a label stands: on the other side, where the plot ends on its own."""
    low, high = (math.log10(end) for end in domain) if log else domain
    room = 18 / height * (high - low)
    edge = low + room if below else high - room
    edge = 10**edge if log else edge
    asked, other = (15, -12) if below else (-12, 15)
    return f"{_field(column)} {'<' if below else '>'} {edge:.6g} ? {other} : {asked}"


def _field(column: str) -> str:
    return f"datum[{json.dumps(column, ensure_ascii=False)}]"


def _lookup(column: str, chosen: Mapping[Any, str], rest: str) -> str:
    """A Vega expression: what is chosen for the column's value, or else the rest."""
    expression = json.dumps(rest)
    for value, found in reversed(list(chosen.items())):
        asked = f"{_field(column)} === {json.dumps(value, ensure_ascii=False)}"
        expression = f"{asked} ? {json.dumps(found)} : {expression}"
    return expression


def _paint(column: str, colours: Mapping[Any, str]) -> str:
    return _lookup(column, {value: colour(name) for value, name in colours.items()}, INK)


def _shape(column: str, colours: Mapping[Any, str]) -> str:
    people = {value: PEOPLE[name].shape for value, name in colours.items() if name in PEOPLE}
    return _lookup(column, people, "circle")


def _dashes(colours: Sequence[str]) -> list[Any]:
    """A dash for each line: the first of a colour is solid, the next ones are not."""
    return [
        _DASHES[list(colours[:place]).count(name) % len(_DASHES)]
        for place, name in enumerate(colours)
    ]


def _ends(domain: Domain) -> str:
    """A Vega expression of an axis's labels, where the first and the last stand for all beyond."""
    first, last = domain
    return (
        f"datum.value <= {first} ? '≤ ' + datum.label : "
        f"datum.value >= {last} ? '≥ ' + datum.label : datum.label"
    )


def _descending(column: str) -> alt.SortField:
    return alt.SortField(column, order="descending")


def _once(base: alt.Chart, row: str = "") -> alt.Chart:
    """One row alone, for what is drawn once: a mark for each row would be drawn on top of it."""
    if not row:
        row, base = "only", base.transform_window(only="row_number()")
    one: alt.Chart = base.transform_filter(f"{_field(row)} === 1")
    return one


def _nearest(base: alt.Chart, x: str, place: float) -> alt.Chart:
    """The one row that stands nearest to a place on the x axis."""
    return (
        base.transform_calculate(gap=f"abs({_field(x)} - {place})")
        .transform_window(near="row_number()", sort=[alt.SortField("gap")])
        .transform_filter("datum.near === 1")
    )
