"""Sentences and headings declared: a template over the frame, with cases.

``say.js`` (in ``lab/lives/front``) interprets the same data in a page; tests hold the two together.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from launchlab.lab.view.numbers import Format, is_number, near, number_format, shown
from launchlab.lab.view.template import Data, parse, parse_condition

Columns = Mapping[str, list[Any]]

_WHOLE = number_format("d")


@dataclass(frozen=True)
class Say:
    """Text that follows a frame; made by `say`, joined by ``+``.

    Calling it with a frame gives the text.
    """

    pieces: tuple[tuple[Data, ...], ...]
    values: Callable[[pd.DataFrame], Mapping[str, Any]] | None = None

    def __call__(self, frame: pd.DataFrame) -> str:
        """The text for a frame.

        Raises
        ------
        ValueError
            If a place is not in the frame, or does not hold what its format expects.
        """
        columns = {str(name): frame[name].tolist() for name in frame.columns}
        values = dict(self.values(frame)) if self.values else {}
        return interpret(self.public(), columns, values)

    def __add__(self, other: Say | str) -> Say:
        """This text, and then the other one."""
        other = as_say(other)
        if self.values and other.values:
            raise ValueError("two texts with values=, expected one at most")
        return Say(self.pieces + other.pieces, self.values or other.values)

    def public(self) -> list[list[Data]]:
        """What the front end needs (JSON data)."""
        return [list(cases) for cases in self.pieces]


def say(
    template: str,
    *,
    when: Mapping[str, str] | None = None,
    values: Callable[[pd.DataFrame], Mapping[str, Any]] | None = None,
) -> Say:
    """Declare a text over a frame, for a lab's sentence or heading.

    Parameters
    ----------
    template : str
        See `launchlab.lab.view.template` for places and `launchlab.lab.view.numbers` for formats.
    when : mapping of str to str, optional
        Condition to template: the first condition that holds replaces the template. An empty
        template says nothing.
    values : callable, optional
        Frame -> dict of values that no column holds, named like columns. (A rule's JavaScript then
        defines ``values(rows)`` too.)

    Returns
    -------
    Say
        Two of them are joined by ``+``; what stands between is a space, unless the second begins
        with a mark such as a comma.

    Raises
    ------
    ValueError
        If a template or a condition cannot be read.

    Examples
    --------
    >>> import pandas as pd
    >>> frame = pd.DataFrame({"measure": ["clicks", "orders"], "change": [28.04, -7.25]})
    >>> text = say("Clicks {clicks.change:+.1f} %, orders {orders.change:+.1f} %.",
    ...            when={"clicks.change == 0": "Nothing has changed."})
    >>> text(frame)
    'Clicks +28.0\\xa0%, orders −7.3\\xa0%.'
    """
    cases = [
        {"when": parse_condition(condition), "say": parse(text)}
        for condition, text in (when or {}).items()
    ]
    return Say(((*cases, {"when": [], "say": parse(template)}),), values)


def as_say(given: Say | str) -> Say:
    """A template as a `Say`."""
    return given if isinstance(given, Say) else say(given)


def interpret(pieces: list[list[Data]], columns: Columns, values: Mapping[str, Any]) -> str:
    """The text of declared pieces; the Python twin of ``launchlabSay.interpret``.

    Parameters
    ----------
    pieces : list of list of dict
        As `Say.public` returns them.
    columns : mapping of str to list
        The frame.
    values : mapping of str to value
        What else places may name.

    Raises
    ------
    ValueError
        If a place is not there, or does not hold what its format expects.
    """
    text = ""
    for cases in pieces:
        for case in cases:
            if all(_holds(part, columns, values) for part in case["when"]):
                said = _fill(case["say"], columns, values)
                text += " " + said if text and said and not re.match("[,.;:!?)]", said) else said
                break
    return text


def _fill(template: Data, columns: Columns, values: Mapping[str, Any]) -> str:
    text = ""
    for part in template["parts"]:
        if isinstance(part, str):
            text += part
            continue
        try:
            text += _write(part, _find(part, columns, values))
        except ValueError as error:
            raise ValueError(f"template “{template['text']}”: {part['source']}: {error}") from None
    return text


def _write(slot: Data, value: Any) -> str:
    form = Format(**slot["format"]) if slot["format"] else _WHOLE
    if slot["words"]:
        yes, no = slot["words"]
        if isinstance(value, bool):
            return str(yes if value else no)
        number = form.write(value)
        return str(yes if number == "1" else no).replace("#", number)
    if slot["format"]:
        return form.write(value)
    if isinstance(value, str):
        return value
    if not is_number(value):
        raise ValueError(f"{shown(value)}, expected text or a number")
    if not near(value, math.floor(value + 0.5)):
        raise ValueError(f"{shown(value)}, expected a format for it, such as :.1f")
    return form.write(value)


def _holds(part: Data, columns: Columns, values: Mapping[str, Any]) -> bool:
    try:
        left = _find(part["left"], columns, values)
        if part["sign"] in ("is", "not"):
            if not isinstance(left, bool):
                raise ValueError(f"{shown(left)}, expected yes or no (or a comparison)")
            return left is (part["sign"] == "is")
        right = part["right"]
        right = right["value"] if "value" in right else _find(right, columns, values)
        return _compare(left, part["sign"], right)
    except ValueError as error:
        raise ValueError(f"condition “{part['source']}”: {error}") from None


def _compare(left: Any, sign: str, right: Any) -> bool:
    if is_number(left) and is_number(right):
        same, less = near(left, right), left < right
    elif isinstance(left, str) and isinstance(right, str) and sign in ("==", "!="):
        same, less = left == right, False
    else:
        raise ValueError(
            f"{shown(left)} {sign} {shown(right)}, expected two numbers, or == or != of two texts"
        )
    held: dict[str, bool] = {
        "==": same,
        "!=": not same,
        "<": less and not same,
        "<=": less or same,
        ">": not less and not same,
        ">=": not less or same,
    }
    return held[sign]


def _find(place: Data, columns: Columns, values: Mapping[str, Any]) -> Any:
    """The value that a place names."""
    row, column = place["row"], place["column"]
    if row is None and column in values:
        value = values[column]
        return value.item() if hasattr(value, "item") else value
    if column not in columns:
        names = ", ".join(f"“{name}”" for name in columns)
        raise ValueError(f"no column “{column}”, expected one of {names}")
    return columns[column][_row(row, columns)]


def _row(row: str | None, columns: Columns) -> int:
    count = len(next(iter(columns.values())))
    if row in (None, "first"):
        return 0
    if row == "last":
        return count - 1
    assert row is not None
    if row in columns and all(isinstance(value, bool) for value in columns[row]):
        found = [at for at, value in enumerate(columns[row]) if value]
        if len(found) != 1:
            raise ValueError(f"“{row}” is yes in {len(found)} rows, expected one")
    else:
        found = [at for at in range(count) if any(column[at] == row for column in columns.values())]
        if len(found) != 1:
            raise ValueError(f"{len(found)} rows say “{row}”, expected one (or first, or last)")
    return found[0]
