"""Tables that people write: read as Excel, Numbers, Canvas and Moodle save them; written for all.

The encoding, the separator, the line ends and the headings are found out, since nobody who saves a
table is asked for them.
"""

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from coursework.names import key

#: Headings that mean the same, the first being ours.
ALIASES: Mapping[str, tuple[str, ...]] = {
    "student": ("student", "name", "full name", "student name", "fullname", "vollständiger name"),
    "first": ("first name", "given name", "firstname", "vorname", "prénom", "nombre"),
    "last": ("last name", "surname", "family name", "lastname", "nachname", "nom", "apellido(s)"),
    "id": ("id", "identifier", "lms id", "canvas id", "user id", "number", "id number"),
    "question": ("question", "part", "q"),
    "points": ("points", "score", "mark", "marks", "grade"),
    "submitted": ("submitted", "submitted at", "last modified (submission)", "handed in"),
    "file": ("file", "filename"),
    "reason": ("reason", "why", "comment"),
    "by": ("by", "by whom", "who", "decided by", "marker"),
}
_KNOWN = {alias for several in ALIASES.values() for alias in several}


@dataclass(frozen=True)
class Row:
    """A line of a table.

    Parameters
    ----------
    line
        Its number, as an editor shows it.
    cells
        Heading, in small letters, to text.
    """

    line: int
    cells: Mapping[str, str]

    def get(self, heading: str) -> str:
        """Return what stands under a heading, by any of its names; an empty text where nothing."""
        for alias in ALIASES.get(heading, (heading,)):
            if self.cells.get(alias):
                return self.cells[alias]
        return ""


def decoded(content: bytes) -> str:
    """Return a text file as text, however it was saved; its lines end with a line feed."""
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        text = content.decode("utf-16", "replace")
    elif content[:400:2].count(0) * 3 > len(content[:400:2]):
        text = content.decode("utf-16-be", "replace")
    elif content[1:400:2].count(0) * 3 > len(content[1:400:2]) > 0:
        text = content.decode("utf-16-le", "replace")
    else:
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = _western(content)
    return text.replace("\0", "").replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff")


def _western(content: bytes) -> str:
    """Return a text from Windows or an old Macintosh: where letters are small letters, not signs.

    ``charset-normalizer`` was tried for this: for it a roster of one Muñoz is Central European.
    """

    def fit(text: str) -> int:
        return sum(sign.isalpha() + sign.islower() for sign in text if not sign.isascii())

    windows, mac = content.decode("cp1252", "replace"), content.decode("mac_roman")
    old = b"\r" in content and b"\n" not in content
    if fit(mac) + old > fit(windows):
        return mac
    return windows if "\ufffd" not in windows else content.decode("latin-1")


def _separator(text: str) -> tuple[str, str]:
    """Return the separator, and the text without the line in which Excel names it."""
    if found := re.match(r'"?sep=(.)"?[;,\t]*\n', text, re.IGNORECASE):
        return found[1], text[found.end() :]
    first = text.lstrip("\n").split("\n", 1)[0]

    def fit(separator: str) -> tuple[int, int]:
        heads = next(csv.reader([first], delimiter=separator), [])
        return sum(key(head) in _KNOWN for head in heads), len(heads)

    return max(",;\t|", key=fit), text


def grid(content: bytes) -> list[tuple[int, list[str]]]:
    """Return the lines of a table that are not blank, each with its number.

    Raises
    ------
    ValueError
        When it is no table.
    """
    separator, text = _separator(decoded(content))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    lines: list[tuple[int, list[str]]] = []
    try:
        for row in reader:
            cells = [cell.strip() for cell in row]
            if any(cells):
                lines.append((reader.line_num, cells))
    except csv.Error as error:
        raise ValueError(f"line {reader.line_num}: {error}") from error
    return lines


def read(path: Path, needed: Sequence[str] = ()) -> list[Row]:
    """Read a table with headings.

    Parameters
    ----------
    path
        A CSV.
    needed
        Headings that must be there, under any of their names.

    Raises
    ------
    ValueError
        When one is missing, or the file is no table.
    """
    path = Path(path)
    try:
        lines = grid(path.read_bytes())
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from error
    heads = [key(head) for head in lines[0][1]] if lines else []
    for name in needed:
        if not set(ALIASES.get(name, (name,))) & set(heads):
            found = ", ".join(repr(head) for head in heads[:12]) or "none at all"
            raise ValueError(f"{path}: there is no column {name!r}, only {found}")
    return [
        Row(number, dict(zip(heads[::-1], _filled(cells, len(heads))[::-1], strict=True)))
        for number, cells in lines[1:]
    ]


def _filled(cells: Sequence[str], width: int) -> list[str]:
    return [*cells[:width], *[""] * (width - len(cells))]


def number(text: str) -> float:
    """Return a number as people write it, with a point or a comma.

    Raises
    ------
    ValueError
        When it is none.
    """
    return float(text.strip().replace(",", ".", 1) if "." not in text else text)


def write(path: Path, rows: Sequence[Sequence[str]], *, mark: bool = True) -> None:
    """Write a table whole or not at all, every field quoted.

    Parameters
    ----------
    path
        Where.
    rows
        The headings first.
    mark
        Whether to begin with the mark by which Excel knows UTF-8. An LMS needs none.
    """
    new = path.with_name(f"{path.name}.new")
    encoding = "utf-8-sig" if mark else "utf-8"
    with new.open("w", encoding=encoding, newline="", errors="backslashreplace") as file:
        csv.writer(file, quoting=csv.QUOTE_ALL).writerows(rows)
    new.replace(path)
