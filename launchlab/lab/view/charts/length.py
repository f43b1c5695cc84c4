"""Shapes that measure along x: bars with their values, and ranges under their labels."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt

from launchlab.lab.view.charts.marks import (
    NAMES,
    Chart,
    Declared,
    Domain,
    axis_of,
    field,
    once,
    paint_by,
)
from launchlab.lab.view.numbers import NO_BREAK, number_format
from launchlab.lab.view.theme import ACCENT, INK, MUTED, PAPER


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
    start: str = "",
    ticks: Sequence[float] = (),
    bar: int = 24,
    cut: float | None = None,
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
    start : str, optional
        Column of where a bar begins, if not at zero: its end is its value farther on.
    ticks : sequence of float, optional
        Numbers of the axis, where its domain leaves room that no value can reach.
    bar : int
        Thickness in pixels.
    cut : float, optional
        How long a bar may be drawn, to either side; an arrow in it says that it goes on.

    Returns
    -------
    callable
        Frame -> chart.

    Raises
    ------
    ValueError
        When bars that do not begin at zero are to be cut.
    """
    if cut is not None and start:
        raise ValueError(f"cut={cut}, expected None where bars have a start of their own")
    paint = paint_by(group or name, colours or {})
    written = field(label) if label else number_format(form).vega(field(value))
    if unit and not label:
        written += f" + {json.dumps(NO_BREAK + unit, ensure_ascii=False)}"
    left = f"{field(value)} {'>=' if beside_zero else '<'} 0"

    def draw(base: alt.Chart, rows: int) -> alt.TopLevelMixin:
        base = base.transform_calculate(paint=paint, text=written)
        begins: dict[str, alt.X2] = {}
        if start:
            base = base.transform_calculate(end=f"{field(start)} + {field(value)}")
            begins["x2"] = alt.X2(start)
        if cut is not None:
            base = base.transform_calculate(end=f"clamp({field(value)}, {-cut}, {cut})")
        x = alt.X(f"{value}:Q" if not start and cut is None else "end:Q")
        x = x.title(title).scale(domain=list(domain), nice=False)
        x = x.axis(axis_of(ticks)) if ticks else x
        y = alt.Y(f"{name}:N").title(None).sort(None).axis(**NAMES, ticks=False)
        drawn = base.mark_bar(height=bar)
        drawn = drawn.encode(x, y, alt.Color("paint:N", scale=None), **begins)
        ends = base.mark_text(
            fontWeight="normal" if beside_zero else "bold",
            align=alt.expr(f"{left} ? 'right' : 'left'"),
            dx=alt.expr(f"{left} ? -5 : 5"),
        ).encode(alt.X(datum=0) if beside_zero else x, y, alt.Text("text:N"))
        layers = [drawn, once(base).mark_rule(color=MUTED).encode(x=alt.datum(0)), ends]
        if cut is not None:
            # Marks and no letters: on paper of their own colour letters could not be read.
            to_left = f"{field(value)} < 0"
            arrows = base.transform_filter(f"abs({field(value)}) > {cut}").mark_point(
                shape=alt.expr(f"{to_left} ? 'triangle-left' : 'triangle-right'"),
                xOffset=alt.expr(f"{to_left} ? 9 : -9"),
                color=PAPER,
                filled=True,
                opacity=1,
                size=70,
            )
            layers.append(arrows.encode(x, y))
        if aside:
            second = base.mark_text(align="right", color=MUTED)
            layers.append(second.encode(alt.X(datum=domain[1]), y, alt.Text(f"{aside}:N")))
        return alt.layer(*layers).properties(height=rows * (bar + (16 if bar > 16 else 8)))

    return Declared(draw, len)


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

    def draw(base: alt.Chart, rows: int) -> alt.TopLevelMixin:
        across = alt.Scale(domain=list(domain), nice=False)
        base = base.transform_window(row="row_number()")
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
            once(base.transform_window(back="row_number()", sort=[_descending("row")]), "back")
            .transform_calculate(name=json.dumps(truth[1], ensure_ascii=False))
            .mark_text(color=ACCENT, fontWeight="bold", dy=30)
        )
        layers.append(name.encode(at_x(truth[0]), at_y, alt.Text("name:N")))
        return alt.layer(*layers).properties(height=74 * rows)

    return Declared(draw, len)


def _descending(column: str) -> alt.SortField:
    return alt.SortField(column, order="descending")
