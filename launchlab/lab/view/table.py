"""Tables as a book sets them: heads with units, numbers right-aligned, perhaps a tint by value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from markupsafe import Markup

from launchlab.lab.view.numbers import is_number, number_format, plain
from launchlab.markup import render

# The share of the accent's colour in the cell with the largest number.
_STRONGEST = 0.45


class Table:
    """A table to show as the last line of a cell, the same in a kernel and in the page.

    Its classes keep JupyterLab from reading what stands between two prices as a formula.
    """

    def __init__(self, html: Markup, text: str) -> None:
        self._html = html
        self._text = text

    def _repr_html_(self) -> str:
        return self._html

    def __repr__(self) -> str:
        return self._text


def table(
    frame: pd.DataFrame,
    columns: Mapping[str, str] | None = None,
    *,
    formats: Mapping[str, str] | None = None,
    digits: int = 3,
    heat: Sequence[str] = (),
    by_row: bool = False,
    caption: str = "",
) -> Table:
    """Typeset a frame.

    Parameters
    ----------
    frame : DataFrame
        Of text, numbers, and yes and no; its index is not shown. A gap is shown as a dash.
    columns : mapping of str to str, optional
        Column to its head, with the unit: ``{"ms": "time, ms"}``. Left out, all columns are shown
        under their own names.
    formats : mapping of str to str, optional
        Column to the format of its numbers (see `launchlab.lab.view.numbers`).
    digits : int
        Significant digits of numbers without a format; whole ones are shown whole.
    heat : sequence of str
        Columns whose cells are tinted, the more the larger the number.
    by_row : bool, default False
        Whether a number is held against the others of its row, and not of its column.
    caption : str
        What the table shows.

    Returns
    -------
    Table

    Raises
    ------
    ValueError
        If the frame lacks a column, a format is none, or a heat column holds no numbers.
    """
    heads = dict(columns) if columns else {str(name): str(name) for name in frame.columns}
    given = formats or {}
    for name in (*heads, *given, *heat):
        if name not in frame.columns:
            known = ", ".join(map(repr, frame.columns))
            raise ValueError(f"table: no column {name!r}, expected one of {known}")
    plain_values = {name: [_value(value) for value in frame[name]] for name in (*heads, *heat)}
    tinted = {name: _tints(name, plain_values[name]) for name in heat}
    if by_row:
        across = zip(*(plain_values[name] for name in heat), strict=True)
        by_rows = zip(*(_tints(", ".join(heat), row) for row in across), strict=True)
        tinted = {name: list(tints) for name, tints in zip(heat, by_rows, strict=True)}
    columns_of_cells = []
    for name in heads:
        values = plain_values[name]
        texts = [_text(name, value, given.get(name), digits) for value in values]
        tints = tinted.get(name, [None] * len(values))
        right = any(map(is_number, values))
        columns_of_cells.append([(*cell, right) for cell in zip(texts, tints, strict=True)])
    rows = list(zip(*columns_of_cells, strict=True))
    named = [(text, bool(rows) and rows[0][place][2]) for place, text in enumerate(heads.values())]
    html = render(__package__, "table.html", heads=named, rows=rows, caption=caption)
    lines = [list(heads.values()), *([cell[0] for cell in row] for row in rows)]
    return Table(html, "\n".join(" | ".join(line) for line in lines))


def _value(value: Any) -> Any:
    """A plain Python value; None for a gap."""
    value = value.item() if hasattr(value, "item") else value
    return None if pd.api.types.is_scalar(value) and pd.isna(value) else value


def _text(name: str, value: Any, form: str | None, digits: int) -> str:
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if not is_number(value):
        return str(value)
    try:
        return number_format(form).write(value) if form else plain(value, digits)
    except ValueError as error:
        raise ValueError(f"table: column {name!r}: {error}") from None


def _tints(name: str, values: Sequence[Any]) -> list[str | None]:
    """A share of the accent for each cell: none for the smallest number, most for the largest."""
    numbers = [value for value in values if is_number(value)]
    if not numbers:
        raise ValueError(f"table: heat={name!r} holds no numbers")
    low, wide = min(numbers), max(numbers) - min(numbers)
    return [
        f"{100 * _STRONGEST * (value - low) / wide if wide else 0:.0f}%"
        if is_number(value)
        else None
        for value in values
    ]
