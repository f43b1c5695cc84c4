"""Points, with what they need: intervals, a path through them, labels beside the marks."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Literal

import altair as alt
import pandas as pd

from launchlab.lab.view.charts.marks import (
    NAMES,
    Chart,
    Declared,
    Domain,
    axis_of,
    field,
    once,
    paint_by,
    shape_by,
)
from launchlab.lab.view.theme import ACCENT, MUTED

Side = Literal["right", "inner", "outer"]


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
    mean: tuple[str, str] | None = None,
    zero: bool = False,
    diagonal: bool = False,
    beyond: bool = False,
    path: str = "",
    label: str = "",
    label_side: Side = "right",
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
    mean : tuple of str, optional
        The same for a solid line in the accent.
    zero : bool
        Whether a thin upright line marks zero.
    diagonal : bool
        Whether a dashed line joins the places where x and y are equal; the domains are then equal.
    beyond : bool
        Whether marks beyond the domain stand at its ends, which then say "≤" and "≥".
    path : str, optional
        Column by whose order a line joins the points.
    label : str, optional
        Column of the text beside a mark; an empty text labels nothing.
    label_side : {"right", "inner", "outer"}
        Where it stands: right of the mark; towards the middle of the domain, so that the domain
        needs no room for it; or away from the other end of its ``interval``.
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
    paint, shape = paint_by(group or y, given), shape_by(group or y, given)
    to_left = {
        "right": "false",
        "inner": f"{field(x)} > {sum(x_domain) / 2}",
        "outer": f"{field(x)} === {field(interval[0])}" if interval else "false",
    }[label_side]

    def tall(frame: pd.DataFrame) -> int:
        return height or (260 if y_domain else 34 * frame[y].nunique())

    def draw(base: alt.Chart, pixels: int) -> alt.TopLevelMixin:
        across = alt.Scale(domain=list(x_domain), nice=False)
        axis = axis_of(ticks)
        at_x = alt.X(f"{x}:Q", scale=across, axis=axis).title(x_title)
        if y_domain:
            up = alt.Scale(domain=list(y_domain), nice=False)
            at_y = alt.Y(f"{y}:Q", scale=up).title(y_title)
            at_y = at_y if y_title else at_y.axis(None)
        else:
            at_y = alt.Y(f"{y}:N").title(y_title or None).sort(None).axis(**NAMES)
        base = base.transform_calculate(paint=paint, shape=shape)
        if beyond:
            low, high = x_domain
            base = base.transform_calculate(inside=f"clamp({field(x)}, {low}, {high})")
            at_x = alt.X("inside:Q", scale=across).title(x_title)
            at_x = at_x.axis(labelExpr=_ends(x_domain))
        painted = alt.Color("paint:N", scale=None)
        layers: list[alt.Chart] = []
        if zero:
            layers.append(once(base).mark_rule(color=MUTED).encode(x=alt.datum(0)))
        if diagonal:
            (low, high), line = x_domain, once(base).mark_rule(color=MUTED, strokeDash=[4, 3])
            start = alt.XDatum(low), alt.YDatum(low)
            layers.append(line.encode(*start, alt.X2Datum(high), alt.Y2Datum(high)))
        if mean:
            place = alt.X(f"{mean[0]}:Q", scale=across, axis=axis).title(x_title)
            layers.append(once(base).mark_rule(color=ACCENT, strokeWidth=2).encode(place))
            word = once(base).mark_text(
                text=mean[1], color=ACCENT, align="left", dx=5, dy=7, fontWeight="bold"
            )
            layers.append(word.encode(place, y=alt.value(0)))
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
                base.mark_text(
                    align="left"
                    if to_left == "false"
                    else alt.expr(f"{to_left} ? 'right' : 'left'"),
                    dx=9 if to_left == "false" else alt.expr(f"{to_left} ? -9 : 9"),
                    dy=-9 if interval or path else 0,
                ).encode(at_x, at_y, alt.Text(f"{label}:N"), painted)
            )
        if upright:
            line = once(base).transform_calculate(name=json.dumps(upright[1], ensure_ascii=False))
            place = alt.X(f"{upright[0]}:Q", scale=across, axis=axis).title(x_title)
            layers.insert(0, line.mark_rule(strokeDash=[5, 4]).encode(place))
            head = line.mark_text(align="left", dx=5, dy=7, color=MUTED)
            layers.append(head.encode(place, alt.Text("name:N"), y=alt.value(0)))
        return alt.layer(*layers).properties(height=pixels)

    return Declared(draw, tall)


def _ends(domain: Domain) -> str:
    """A Vega expression of an axis's labels, where the first and the last stand for all beyond."""
    first, last = domain
    return (
        f"datum.value <= {first} ? '≤ ' + datum.label : "
        f"datum.value >= {last} ? '≥ ' + datum.label : datum.label"
    )
