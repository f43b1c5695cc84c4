"""A matrix whose cells show their numbers."""

from __future__ import annotations

import altair as alt
import pandas as pd

from launchlab.lab.view.charts.marks import NAMES, Chart, Declared, Domain, field
from launchlab.lab.view.numbers import number_format
from launchlab.lab.view.theme import ACCENT, INK


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
    text = field(label) if label else number_format(form).vega(field(value))
    angle = -90 if upright else 0

    def count(frame: pd.DataFrame) -> int:
        return int(frame[y].nunique())

    def draw(base: alt.Chart, rows: int) -> alt.TopLevelMixin:
        base = base.transform_calculate(text=text)
        across = alt.X(f"{x}:N").title(x_title or None).sort(None)
        at_x = across.axis(orient="top", labelAngle=angle)
        at_y = alt.Y(f"{y}:N").title(y_title or None).sort(None).axis(**NAMES)
        # Theme colours are variables, which no scale can mix: opacity makes the tint instead.
        tint = alt.Opacity(f"{value}:Q", legend=None).scale(
            domain=list(domain), range=[0, 0.5], clamp=True
        )
        cells = base.mark_rect(color=ACCENT).encode(at_x, at_y, tint)
        numbers = base.mark_text(color=INK).encode(at_x, at_y, alt.Text("text:N"))
        # The style sheet gives letters an edge in the paper's colour, but these stand on a tint.
        return alt.layer(cells, numbers.properties(name="on_tint")).properties(height=cell * rows)

    return Declared(draw, count)
