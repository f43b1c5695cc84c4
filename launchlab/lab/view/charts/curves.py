"""Lines over one axis, each with its label, and a mark where the reader stands."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import altair as alt

from launchlab.lab.view.charts.marks import (
    Chart,
    Declared,
    Domain,
    axis_of,
    colour,
    field,
    nearest,
    once,
)
from launchlab.lab.view.theme import INK, MUTED

_DASHES = ([1, 0], [7, 4], [2, 3], [9, 3, 2, 3])


@dataclass(frozen=True)
class Line:
    """One line of `lines`.

    Parameters
    ----------
    label : str
        Stands beside the line.
    colour : str
    below : bool or str
        Whether the label stands under the line instead of over it; a column of yes and no, where
        that depends on the state.
    at : float, optional
        Where on the x axis the label ends; left out, at the end of the line. To its left there is
        room above a line that rises, and below one that falls.
    off : int, default 0
        Pixels farther from the line than usual, where a steep one would strike its label through.
    """

    label: str
    colour: str = "ink"
    below: bool | str = False
    at: float | None = None
    off: int = 0


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
    level_above: bool = False,
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
    level_above : bool
        Whether that label stands above the line, at its right end; otherwise below, at its left.
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
    late = f"{field(x)} > {middle:.6g}"

    def draw(base: alt.Chart, nothing: None) -> alt.TopLevelMixin:
        across = alt.Scale(domain=list(x_domain), nice=False, type="log" if log else "linear")
        up = alt.Scale(domain=list(y_domain), nice=False, type="log" if y_log else "linear")
        axis, y_axis = axis_of(ticks, forms[0]), axis_of(y_ticks, forms[1])
        at_x = alt.X(f"{x}:Q", scale=across, axis=axis).title(x_title)
        clipped: dict[str, Any] = {"clip": True} if y_log else {}
        layers: list[alt.Chart] = []
        # Over all lines and rules, none of which then strikes them through.
        words: list[alt.Chart] = []

        def at_y(column: str) -> alt.Y:
            return alt.Y(f"{column}:Q", scale=up, axis=y_axis).title(y_title)

        def named_here(column: str, line: Line) -> alt.Chart:
            others = ", ".join(field(other) for other in drawn if other != column)
            named: alt.Chart = chosen.mark_text(
                text=line.label,
                color=colour(line.colour),
                fontWeight="bold",
                align=alt.expr(f"{late} ? 'right' : 'left'"),
                dx=alt.expr(f"{late} ? -9 : 9"),
                dy=alt.expr(f"{field(column)} >= max({others}) ? -13 : 15"),
            )
            return named

        if level:
            rule = once(base).mark_rule(color=MUTED, strokeDash=[3, 3]).encode(at_y(level[0]))
            side = -1 if level_above else 1
            label = (
                nearest(base, x, x_domain[1 if level_above else 0])
                .transform_calculate(label=json.dumps(level[1], ensure_ascii=False))
                .mark_text(
                    color=MUTED,
                    align="right" if level_above else "left",
                    dx=4 * side,
                    dy=9 * side,
                )
                .encode(at_x, at_y(level[0]), alt.Text("label:N"))
            )
            layers.append(rule)
            words.append(label)
        if here:
            chosen = base.transform_filter(field(here))
            layers.append(chosen.mark_rule(color=INK, strokeWidth=1).encode(at_x))
        for (column, line), dash in zip(drawn.items(), dashes, strict=True):
            paint = colour(line.colour)
            line_mark = base.mark_line(color=paint, strokeDash=dash, **clipped)
            layers.append(line_mark.encode(at_x, at_y(column)))
            if here:
                dot = chosen.mark_point(color=paint, size=90, **clipped)
                layers.append(dot.encode(at_x, at_y(column)))
            if labels_here:
                words.append(named_here(column, line).encode(at_x, at_y(column)))
                continue
            place = x_domain[1] if line.at is None else line.at
            # Where a line has left the plot it bears no label.
            within = f"inrange({field(column)}, {list(y_domain)})"
            seen = base.transform_filter(within) if y_log else base
            words.append(
                nearest(seen, x, place)
                .transform_calculate(label=json.dumps(line.label, ensure_ascii=False))
                .mark_text(
                    color=paint,
                    fontWeight="bold",
                    align="right",
                    dy=alt.expr(_beside(column, line, y_domain, y_log, height)),
                    **clipped,
                )
                .encode(at_x, at_y(column), alt.Text("label:N"))
            )
        return alt.layer(*layers, *words).properties(height=height)

    return Declared(draw)


def _beside(column: str, line: Line, domain: Domain, log: bool, height: int) -> str:
    """How far from its line a label stands: on the other side, where the plot ends on its own."""
    if isinstance(line.below, str):
        under, over = (
            _beside(column, replace(line, below=one), domain, log, height) for one in (True, False)
        )
        return f"{field(line.below)} ? ({under}) : ({over})"
    low, high = (math.log10(end) for end in domain) if log else domain
    room = (18 + line.off) / height * (high - low)
    edge = low + room if line.below else high - room
    edge = 10**edge if log else edge
    asked, other = (15 + line.off, -12) if line.below else (-12 - line.off, 15)
    return f"{field(column)} {'<' if line.below else '>'} {edge:.6g} ? {other} : {asked}"


def _dashes(colours: Sequence[str]) -> list[Any]:
    """A dash for each line: the first of a colour is solid, the next ones are not."""
    return [
        _DASHES[list(colours[:place]).count(name) % len(_DASHES)]
        for place, name in enumerate(colours)
    ]
