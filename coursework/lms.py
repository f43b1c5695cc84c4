"""What goes back into an LMS: only what was decided, in the form that its importer takes."""

import re
import tomllib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from coursework import tables, text
from coursework.names import Person, Roster, key

COLUMNS = Path(__file__).with_name("columns.toml")
#: "Grade" and "Feedback comments" in some of Moodle's languages; others are told by what is below.
_GRADE = ("grade", "bewertung", "note", "calificación", "valutazione", "cijfer", "ocena", "nota")
_COMMENTS = (
    "feedback comments",
    "feedback als kommentar",
    "feedback par commentaires",
    "comentarios de retroalimentación",
)


def _maps() -> dict[str, dict[str, str]]:
    return tomllib.loads(COLUMNS.read_text(encoding="utf-8"))


def systems() -> list[str]:
    """Return the names of the LMSs in ``columns.toml``."""
    return sorted(name for name in _maps() if " " not in name)


def _fields(row: Mapping[str, str], title: str, more: Mapping[str, str]) -> dict[str, str]:
    score = row["score"] if row["complete"] else ""
    filled: dict[str, str] = defaultdict(str)
    filled |= {key(head).replace(" ", "_"): text.cell(value) for head, value in more.items()}
    share = f"{100 * float(score) / float(row['points']):.1f}" if score else ""
    off = row.get("deduction", "")
    off = f"{off} points off: {row['late']}." if off not in ("", "0") else ""
    said = " ".join(part for part in (off, row["reason"], row["decided"]) if part)
    comment = f"{row['status']}. {said}".strip() if score else ""
    return (
        filled
        | dict(row)
        | {"title": title, "score": score, "percent": share, "comment": text.cell(comment)}
    )


def for_lms(
    table: Sequence[Mapping[str, str]], lms: str, title: str, people: Roster | None = None
) -> list[list[str]]:
    """Return the sheet in the columns of an LMS, as ``columns.toml`` says.

    Parameters
    ----------
    table
        The sheet's rows.
    lms
        Which.
    title
        What the LMS calls the assignment.
    people
        The roster, for what the LMS asks beside name and number.

    Returns
    -------
    list of list of str
        The headings first.

    Raises
    ------
    ValueError
        When the file knows no such LMS.
    """
    maps = _maps()
    if lms not in systems():
        raise ValueError(f"lms is {lms!r}, expected one of: {', '.join(systems())}")
    more = {one.student: one.more for one in (people or Roster()).people}
    points = table[0]["points"] if table else ""
    heads = {head.replace("{title}", title): value for head, value in maps[lms].items()}
    out = [list(heads)]
    if first := maps.get(f"{lms} first"):
        first = {head.replace("{title}", title): value for head, value in first.items()}
        out.append([first.get(head, "").replace("{points}", points) for head in heads])
    for row in table:
        filled = _fields(row, title, more.get(row["student"], {}))
        # Without a number nobody can be told by it.
        cells = [
            value if filled["id"] else value.replace("Participant {id}", "")
            for value in heads.values()
        ]
        out.append([value.format_map(filled) for value in cells])
    return out


# Moodle's own worksheet ---------------------------------------------------------------------


@dataclass(frozen=True)
class _Columns:
    """Where things stand in a worksheet."""

    ident: int
    grade: int
    most: str
    comments: int | None


def _find(heads: Sequence[str], body: Sequence[Sequence[str]], asked: str) -> _Columns:
    """Find the columns of a worksheet in a language that nobody has told."""
    columns = [[row[place] for row in body] for place in range(len(heads))]
    named = [key(head) for head in heads]
    numbered = [
        place
        for place, cells in enumerate(columns)
        if all(re.fullmatch(r"\D+\d+", cell) for cell in cells)
        and len({re.sub(r"\d+$", "", cell) for cell in cells}) == 1
        and len(set(cells)) == len(cells)
    ]
    if not body or not numbered:
        raise ValueError("it has no column of participants' numbers: is it Moodle's worksheet?")
    comments = next((named.index(head) for head in _COMMENTS if head in named), None)
    # What may be earned stands behind what was: the same number in every line.
    pairs = [
        place - 1
        for place in range(numbered[0] + 2, len(heads))
        if len(set(columns[place])) == 1
        and _is_number(columns[place][0])
        and all(cell in ("", "-") or _is_number(cell) for cell in columns[place - 1])
    ]
    if asked:
        grades = [place for place, head in enumerate(named) if head == key(asked)]
    else:
        known = [place for place, head in enumerate(named) if head in _GRADE]
        grades = known if len(known) == 1 else [one for one in known if one in pairs] or pairs
    if len(grades) != 1:
        shown = ", ".join(repr(head) for head in heads)
        raise ValueError(f"which column holds the grade? Say it with --grade-column: {shown}")
    most = columns[grades[0] + 1][0] if grades[0] in pairs else ""
    return _Columns(numbered[0], grades[0], most, comments)


def _is_number(cell: str) -> bool:
    return re.fullmatch(r"\d+([.,]\d+)?", cell) is not None


def worksheet(
    path: Path, table: Sequence[Mapping[str, str]], title: str, asked: str = ""
) -> tuple[list[list[str]], list[str]]:
    """Fill in the worksheet that Moodle exports, whatever the language of its headings.

    Parameters
    ----------
    path
        The worksheet, as Moodle or a spreadsheet has saved it.
    table
        The sheet's rows.
    title
        The assignment's.
    asked
        The heading of the column for grades, where it cannot be found out.

    Returns
    -------
    worksheet
        The same lines; what stood there and is nobody's in the sheet is as it was.
    said
        What a person has to look at.

    Raises
    ------
    ValueError
        When it is not to be understood.
    """
    try:
        lines = [cells for _, cells in tables.grid(Path(path).read_bytes())]
        width = max((len(cells) for cells in lines), default=0)
        heads, *body = [[*cells, *[""] * (width - len(cells))] for cells in lines] or [[]]
        found = _find(heads, body, asked)
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from error
    rows = {row["student"]: row for row in table}
    people = Roster(Person(row["student"], row["id"], _alone(row)) for row in table)
    filled, used = [], set()
    for cells in body:
        row = _whose(cells, found, people, rows)
        if row is not None:
            used.add(row["student"])
            cells = _with(cells, found, _fields(row, title, {}), row["status"] != "missing")
        filled.append(list(cells))
    said = [
        f"not in the worksheet: {row['student']}" for row in table if row["student"] not in used
    ]
    points = table[0]["points"] if table else ""
    if found.most and points and tables.number(found.most) != float(points):
        said.append(
            f"Moodle's maximum is {found.most}, the assignment's {points}: change it in Moodle "
            "before you import; nothing was scaled"
        )
    return [heads, *filled], said


def _alone(row: Mapping[str, str]) -> str:
    """Return a name without the number that tells it from its namesake's."""
    return row["student"].removesuffix(f" ({row['id']})")


def _whose(
    cells: Sequence[str], found: _Columns, people: Roster, rows: Mapping[str, Mapping[str, str]]
) -> Mapping[str, str] | None:
    ident = re.sub(r"^\D*", "", cells[found.ident])
    others = [
        cell
        for place, cell in enumerate(cells)
        if place not in (found.ident, found.grade, found.comments) and re.search(r"[^\W\d_]", cell)
    ]
    # The name first: a roster's numbers may be other ones than Moodle's.
    for name in others:
        if named := people.find(name, "", loose=False).sure:
            return rows[named.student]
    numbered = people.find("", ident, loose=False)
    return rows[numbered.sure.student] if numbered.sure else None


def _with(
    cells: Sequence[str], found: _Columns, fields: Mapping[str, str], handed_in: bool
) -> list[str]:
    out = list(cells)
    # A grade that Moodle has for somebody who handed in nothing here was decided there.
    if fields["score"] or handed_in:
        out[found.grade] = fields["score"]
    if found.comments is not None and fields["comment"]:
        out[found.comments] = fields["comment"]
    return out
