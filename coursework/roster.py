"""The class: who is in it, and what the LMS calls each of them."""

import re
import unicodedata
from collections import Counter
from pathlib import Path

from coursework import tables, text
from coursework.names import Person, Roster, key


def read_people(path: Path) -> Roster:
    """Read a roster: ours, Canvas's gradebook, or Moodle's list of participants or worksheet.

    Two of one name are told apart by their numbers, which are then a part of their names, here and
    in everything that is made from the roster.

    Raises
    ------
    ValueError
        When there is no column for names, a name is empty, or two students cannot be told apart.
    """
    rows = tables.read(path)
    heads = rows[0].cells if rows else {}
    if {"first", "last"} <= {one for one in ("first", "last") if _has(heads, one)}:
        named = [(row, f"{row.get('first')} {row.get('last')}".strip()) for row in rows]
    else:
        rows = tables.read(path, ("student",))
        named = [(row, row.get("student")) for row in rows]
    # Canvas writes how many points there are into a line of its own.
    named = [one for one in named if not key(one[1]).startswith("points possible")]
    places: dict[tuple[str, str], int] = {}
    numbers: dict[str, int] = {}
    for row, student in named:
        ident = _number(row)
        if not student:
            raise ValueError(f"{path}: a student has no name (line {row.line})")
        before = places.setdefault((key(student), ident), row.line)
        if before != row.line:
            lines = f"lines {before} and {row.line}"
            raise ValueError(f"{path}: {text.name(student)!r} is named twice ({lines})")
        before = numbers.setdefault(ident, row.line) if ident else row.line
        if before != row.line:
            lines = f"lines {before} and {row.line}"
            raise ValueError(f"{path}: the id {ident!r} stands there twice ({lines})")
    count = Counter(key(student) for _, student in named)
    people = []
    for row, student in named:
        ident, called = _number(row), unicodedata.normalize("NFC", text.name(student))
        if count[key(student)] > 1 and not ident:
            raise ValueError(f"{path}: {called!r} is named twice, here without an id ({row.line})")
        unique = f"{called} ({ident})" if count[key(student)] > 1 else called
        people.append(Person(unique, ident, called, row.cells))
    return Roster(people)


def read_roster(path: Path) -> dict[str, str]:
    """Read a roster: student to the LMS's number (an empty text where there is none).

    Raises
    ------
    ValueError
        As ``read_people``.
    """
    return {one.student: one.ident for one in read_people(path).people}


def _has(heads: object, name: str) -> bool:
    return isinstance(heads, dict) and any(alias in heads for alias in tables.ALIASES[name])


def _number(row: tables.Row) -> str:
    """Return the LMS's number; Moodle's worksheet writes "Participant 12", in its own language."""
    ident = text.name(row.get("id"))
    found = re.fullmatch(r"[^\W\d][^\d]*?(\d+)", ident)
    return found[1] if found and (" " in ident or not ident.isascii()) else ident
