"""Templates and conditions, read once into plain data that both languages interpret.

A *place* names a value of a frame:

``{column}``
    in the first row;
``{row.column}``
    in another one. ``row`` is ``first``, ``last``, the name of a column of yes and no (the one row
    that says yes: ``{here.accuracy}``), or a text that stands in exactly one row
    (``{clicks.change}``, ``{value over 26 weeks.change}``).

A template is text with places in braces. After a colon stands the format of a number (see
`launchlab.lab.view.numbers`); after bars, two wordings: ``{n|member|members}`` takes the first if
the number is written "1", ``{rings|rings|stays silent}`` if the column says yes. ``#`` in a wording
is the number itself: ``{n|One member|# members}``. Braces themselves are written twice.
The space after a number does not break.

A condition is ``place``, ``not place``, or a comparison of a place with a number, a quoted text or
another place (``== != < <= > >=``); several are joined by ``and``. Numbers that differ by less
than a billionth are equal.
"""

from __future__ import annotations

import re
from typing import Any

from launchlab.lab.view.numbers import NO_BREAK, UNIT, number_format

Data = dict[str, Any]

_PIECE = re.compile(r"\{\{|\}\}|\{[^{}]*\}|[{}]|[^{}]+")
_COMPARED = re.compile(r"(.*?)(==|!=|<=|>=|<|>)(.*)\Z", re.DOTALL)
_NUMBER = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?\Z")
_QUOTED = re.compile(r"'([^']*)'|\"([^\"]*)\"\Z")


def parse(text: str) -> Data:
    """Read a template.

    Parameters
    ----------
    text : str

    Returns
    -------
    dict
        ``text``, and ``parts``: each a text, or a slot with ``row`` (None: the first), ``column``,
        ``format`` and ``words``.

    Raises
    ------
    ValueError
        If it cannot be read; the message names the template, the place and what was expected.
    """
    parts: list[Any] = []
    for found in _PIECE.findall(text):
        if found in ("{{", "}}"):
            parts.append(found[0])
        elif found in ("{", "}"):
            raise ValueError(f"template “{text}”: a lone {found}, expected a pair (or {found * 2})")
        elif found.startswith("{"):
            parts.append(_slot(text, found))
        else:
            glued = bool(parts) and _ends_in_number(parts[-1]) and re.match(r" \S", found)
            found = NO_BREAK + found[1:] if glued else found
            parts.append(re.sub(rf"(?<=\d) (?={UNIT})", NO_BREAK, found))
    return {"text": text, "parts": parts}


def _ends_in_number(part: Any) -> bool:
    if isinstance(part, str) or part["format"] is None or part["words"]:
        return False
    return not part["format"]["money"] and part["format"]["kind"] != "%"


def _slot(text: str, source: str) -> Data:
    try:
        head, *words = source[1:-1].split("|")
        name, colon, spec = head.partition(":")
        if len(words) not in (0, 2):
            raise ValueError(f"{len(words)} wordings, expected two, as in {{n|member|members}}")
        form = number_format(spec).public() if colon else None
        if form and words and not any("#" in one for one in words):
            raise ValueError("a format without a number, expected # in a wording")
        words = [re.sub("# (?=\\S)", f"#{NO_BREAK}", one) for one in words]
        return {**_place(name), "source": source, "format": form, "words": words or None}
    except ValueError as error:
        raise ValueError(f"template “{text}”: {source}: {error}") from None


def _place(name: str) -> Data:
    row, dot, column = name.strip().rpartition(".")
    if not column or (dot and not row):
        raise ValueError(f"the place “{name}”, expected column or row.column")
    return {"row": row or None, "column": column}


def parse_condition(text: str) -> list[Data]:
    """Read a condition: a list of parts which all have to hold.

    Raises
    ------
    ValueError
        If it cannot be read.
    """
    try:
        return [_part(part.strip()) for part in re.split(r"\sand\s", text)]
    except ValueError as error:
        raise ValueError(f"condition “{text}”: {error}") from None


def _part(text: str) -> Data:
    compared = _COMPARED.match(text)
    if not compared:
        negated = text.startswith("not ")
        return {
            "source": text,
            "left": _place(text.removeprefix("not ")),
            "sign": "not" if negated else "is",
        }
    left, sign, right = compared.groups()
    return {"source": text, "left": _place(left), "sign": sign, "right": _side(right.strip())}


def _side(text: str) -> Data:
    if _NUMBER.match(text):
        return {"value": float(text)}
    quoted = _QUOTED.match(text)
    if quoted:
        return {"value": quoted[1] if quoted[1] is not None else quoted[2]}
    return _place(text)
