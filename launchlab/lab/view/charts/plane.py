"""Configurations in a plane of two measures, and what is chosen among them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt

from launchlab.lab.view.charts.marks import Chart, Declared, Domain, colour, field, lookup, once
from launchlab.lab.view.people import PEOPLE
from launchlab.lab.view.theme import ACCENT, INK, MUTED, STONE


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

    def draw(base: alt.Chart, nothing: None) -> alt.TopLevelMixin:
        paint = alt.condition(field(strong), alt.value(ACCENT), alt.value(STONE))
        points = base.mark_point(filled=False, clip=True).encode(
            at_x(x),
            at_y(y),
            stroke=paint,
            fill=paint,
            fillOpacity=alt.condition(field(hollow), alt.value(0), alt.value(1)),
            size=alt.condition(field(strong), alt.value(80), alt.value(30)),
        )
        used = base.transform_filter(f"{field(share)} > 0")
        # Whichever of them came into the mixture last, they lie upon each other in one order.
        in_turn = alt.Order(f"{x}:Q")
        spokes = used.mark_rule(color=INK).encode(
            at_x(x), at_y(y), alt.X2(mean[0]), alt.Y2(mean[1]), in_turn
        )
        large = alt.Size(f"{share}:Q", legend=None).scale(domain=[0, 100], range=[60, 300])
        members = used.mark_point(color=INK, shape="diamond").encode(
            at_x(x), at_y(y), large, in_turn
        )
        average = used.mark_point(color=INK, shape="cross", size=260).encode(
            at_x(f"mean({mean[0]})"), at_y(f"mean({mean[1]})")
        )
        bounds = (
            bound(base, x_bound[1], x=at_x(f"min({x_bound[0]})")),
            bound(base, y_bound[1], y=at_y(f"min({y_bound[0]})")),
        )
        return alt.layer(points, *bounds, spokes, members, average).properties(height=height)

    return Declared(draw)


def front(
    x: str,
    y: str,
    mark: str,
    *,
    x_domain: Domain,
    x_title: str,
    y_domain: Domain,
    y_title: str,
    looks: Mapping[str, tuple[str, str, int]],
    key: Sequence[str],
    joined: str,
    chosen: str,
    line: tuple[str, str, str, str],
    named: Sequence[tuple[str, str, str, str, str]] = (),
    height: int = 320,
) -> Chart:
    """Points of several kinds, a dotted line that joins some, and the chosen one on its line.

    Parameters
    ----------
    x, y : str
        Columns.
    mark : str
        Column of a point's kind.
    x_domain, y_domain : tuple of float
    x_title, y_title : str
        Of the axes, with their units.
    looks : mapping of str to tuple
        Kind to its colour, shape ("circle" or "cross") and size in square pixels.
    key : sequence of str
        Kinds that are explained in the lower left corner.
    joined : str
        Column of yes and no: the points that the dotted line joins.
    chosen : str
        Column of yes and no: a ring, and the straight line through it.
    line : tuple of str
        Columns of the straight line's ends: x, y, x and y.
    named : sequence of tuple of str
        More rings: a column of yes and no, the columns of x and y, the name, and the colour. A
        name stands to the left of its ring, one in the accent to the right.
    height : int
        In pixels.

    Returns
    -------
    callable
        Frame -> chart.
    """
    across, up = (alt.Scale(domain=list(ends), nice=False) for ends in (x_domain, y_domain))
    paints, shapes, sizes = zip(*looks.values(), strict=True)
    kinds = list(looks)
    marks = (
        alt.Color(f"{mark}:N", legend=None).scale(
            domain=kinds, range=[colour(one) for one in paints]
        ),
        alt.Shape(f"{mark}:N", legend=None).scale(domain=kinds, range=list(shapes)),
        # Not by a scale of names: Vega-Lite divides the first two sizes among all of them.
        alt.Size("area:Q", scale=None),
        alt.Angle("turn:Q", scale=None),
    )
    area = lookup(mark, dict(zip(kinds, sizes, strict=True)), 0)
    # An upright cross is too near to a circle where both are small.
    turn = lookup(mark, {kind: 45 for kind in kinds if looks[kind][1] == "cross"}, 0)

    def at(column: str, other: str) -> tuple[alt.X, alt.Y]:
        return (
            alt.X(f"{column}:Q", scale=across).title(x_title),
            alt.Y(f"{other}:Q", scale=up).title(y_title),
        )

    def ring(base: alt.Chart, paint: str, size: int) -> alt.Chart:
        drawn: alt.Chart = base.mark_point(
            size=size, filled=False, strokeWidth=2, color=colour(paint)
        )
        return drawn

    def draw(base: alt.Chart, nothing: None) -> alt.TopLevelMixin:
        hull = base.transform_filter(field(joined))
        best = base.transform_filter(field(chosen))
        through = best.mark_rule(color=ACCENT, strokeWidth=2, clip=True)
        layers = [
            hull.mark_line(color=MUTED, strokeWidth=1.2, strokeDash=[2, 3]).encode(*at(x, y)),
            base.transform_calculate(area=area, turn=turn).mark_point().encode(*at(x, y), *marks),
            through.encode(*at(line[0], line[1]), alt.X2(line[2]), alt.Y2(line[3])),
            ring(best, "ink", 330).encode(*at(x, y)),
        ]
        for where, column, other, name, paint in named:
            there = base.transform_filter(field(where))
            side: dict[str, Any] = {"align": "right", "dx": -9, "fontWeight": "bold"}
            if paint == "accent":
                side = {"align": "left", "dx": 9}
            word = there.mark_text(text=name, color=colour(paint), **side)
            layers += [
                ring(there, paint, 100).encode(*at(column, other)),
                word.encode(*at(column, other)),
            ]
        for row, kind in enumerate(key):
            paint, shape, _ = looks[kind]
            sign = "✖" if shape == "cross" else "●"
            word = once(base).mark_text(align="left", color=colour(paint), text=f"{sign} {kind}")
            layers.append(word.encode(x=alt.value(8), y=alt.value(0.56 * height + 18 * row)))
        return alt.layer(*layers).properties(height=height)

    return Declared(draw)
