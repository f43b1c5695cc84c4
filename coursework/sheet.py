"""The grade sheet, an LMS's columns, and a page for each student."""

import csv
import html
import math
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from coursework.marks import LOOK, Result, rounded
from coursework.spec import Assignment

COLUMNS = Path(__file__).with_name("columns.toml")
Written = Mapping[str, Mapping[str, float]]


def read_roster(path: Path) -> dict[str, str]:
    """Read a roster: student to the LMS's number (an empty text where there is none).

    Raises
    ------
    ValueError
        When there is no column ``student``, a name is empty, or a name or a number stands there
        twice.
    """
    found: dict[str, str] = {}
    for row in _rows(path, ("student",)):
        student, ident = row["student"], row.get("id") or ""
        if not student:
            raise ValueError(f"{path}: a student has no name")
        if student in found:
            raise ValueError(f"{path}: {student!r} is named twice")
        if ident and ident in found.values():
            raise ValueError(f"{path}: the id {ident!r} stands there twice")
        found[student] = ident
    return found


def read_written(path: Path, assignment: Assignment) -> dict[str, dict[str, float]]:
    """Read a person's marks for the written parts: student to question to points.

    Raises
    ------
    ValueError
        When a column is missing, a question has no written part, or points are
        no number from 0 to what the question gives.
    """
    most = {one.name: one.written_points for one in assignment.questions if one.written_points}
    found: dict[str, dict[str, float]] = {}
    for row in _rows(path, ("student", "question", "points")):
        where = f"{path}: {row['student']}, {row['question']}"
        if row["question"] not in most:
            raise ValueError(f"{where}: expected a question with a written part: {', '.join(most)}")
        try:
            points = float(row["points"])
        except ValueError:
            points = math.nan
        if not 0 <= points <= most[row["question"]]:
            raise ValueError(
                f"{where}: points is {row['points']!r}, expected 0 to {most[row['question']]:g}"
            )
        of_student = found.setdefault(row["student"], {})
        if row["question"] in of_student:
            raise ValueError(f"{where}: is marked twice")
        of_student[row["question"]] = points
    return found


def _rows(path: Path, needed: Sequence[str]) -> Iterable[dict[str, str]]:
    with Path(path).open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        missing = [name for name in needed if name not in (reader.fieldnames or ())]
        if missing:
            raise ValueError(f"{path}: there is no column {missing[0]!r}")
        for row in reader:
            yield {key: (value or "").strip() for key, value in row.items() if key is not None}


def rows(
    results: Sequence[Result], assignment: Assignment, written: Written | None = None
) -> list[dict[str, str]]:
    """Return the sheet, one row for each student.

    Parameters
    ----------
    results
        In the order of the sheet.
    assignment
        What was asked.
    written
        A person's marks. While some are missing, ``score`` holds what is there
        and ``reason`` says so.

    Returns
    -------
    list of dict
        ``score`` is empty where a person has to look; ``found`` is what the
        grader found even then. Texts that a spreadsheet would run as a formula
        begin with an apostrophe.
    """
    table = []
    for result in results:
        own = (written or {}).get(result.student, {})
        by_question = {one.name: 0.0 for one in assignment.questions}
        for mark in result.marks:
            by_question[mark.question] += mark.points
        due = [one.name for one in assignment.questions if one.written_points]
        open_parts = [name for name in due if name not in own]
        total = result.score + sum(own.values())
        reasons = [result.reason] if result.reason else []
        if open_parts and result.status != "missing":
            reasons.append(f"written part not marked yet: {', '.join(open_parts)}")
        row = {
            "student": result.student,
            "id": result.ident,
            "status": result.status,
            "score": "" if result.status in LOOK else rounded(total),
            "found": rounded(total),
            "points": rounded(assignment.points),
            **{name: rounded(points) for name, points in by_question.items()},
            **{f"{name}_written": rounded(own[name]) if name in own else "" for name in due},
            "late": "late" if result.late else "",
            "reason": "; ".join(reasons),
            "file": result.where,
        }
        table.append({key: _harmless(value) for key, value in row.items()})
    return table


def _harmless(text: str) -> str:
    """Keep a spreadsheet from running what a student has called a file."""
    line = " ".join(text.split())
    return f"'{line}" if line[:1] in ("=", "+", "-", "@") else line


def systems() -> list[str]:
    """Return the names of the LMSs in ``columns.toml``."""
    return sorted(tomllib.loads(COLUMNS.read_text(encoding="utf-8")))


def for_lms(table: Sequence[Mapping[str, str]], lms: str, title: str) -> list[dict[str, str]]:
    """Return the sheet in the columns of an LMS, as ``columns.toml`` says.

    Raises
    ------
    ValueError
        When the file knows no such LMS.
    """
    maps = tomllib.loads(COLUMNS.read_text(encoding="utf-8"))
    if lms not in maps:
        raise ValueError(f"lms is {lms!r}, expected one of: {', '.join(sorted(maps))}")
    out = []
    for row in table:
        share = f"{100 * float(row['score']) / float(row['points']):.1f}" if row["score"] else ""
        filled = {**row, "title": title, "percent": share}
        out.append({key.format(**filled): text.format(**filled) for key, text in maps[lms].items()})
    return out


def write(path: Path, table: Sequence[Mapping[str, str]]) -> None:
    """Write rows as CSV, whole or not at all."""
    new = path.with_name(f"{path.name}.new")
    with new.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(table[0]) if table else ["student"])
        writer.writeheader()
        writer.writerows(table)
    new.replace(path)


def feedback(result: Result, assignment: Assignment, own: Mapping[str, float] | None = None) -> str:
    """Return a student's page (HTML): what each part earned and why, and what was printed."""
    text = html.escape
    own = own or {}
    look = " A person will look at it before it counts." if result.status in LOOK else ""
    parts = [
        "<!doctype html><html lang=en><meta charset=utf-8>",
        '<meta name=viewport content="width=device-width, initial-scale=1">',
        f"<title>{text(assignment.title)}: {text(result.student)}</title>",
        "<style>body{font:1rem/1.5 sans-serif;max-width:44rem;margin:2rem auto;padding:0 1rem}"
        "td,th{text-align:left;padding:.2rem .8rem .2rem 0;vertical-align:top}"
        "pre{overflow-x:auto;background:#f3f4f5;color:#222;padding:.5rem}</style>",
        f"<h1>{text(assignment.title)}</h1>",
        f"<p>{text(result.student)}: {text(result.status)}. {text(result.reason)}{look}</p>",
    ]
    for question in assignment.questions:
        marks = [mark for mark in result.marks if mark.question == question.name]
        parts.append(f"<h2>{text(question.name)}: {text(question.title)}</h2>")
        parts.append("<table><tr><th>what<th>points<th>why")
        parts += [
            f"<tr><td>{text(mark.says)}<td>{rounded(mark.points)} of {rounded(mark.most)}"
            f"<td>{text(mark.reason) or 'right'}"
            for mark in marks
        ]
        if question.written_points:
            given = rounded(own[question.name]) if question.name in own else "not marked yet"
            parts.append(f"<tr><td>written part<td>{given} of {rounded(question.written_points)}")
        parts.append("</table>")
    if result.log:
        parts.append(f"<h2>What your notebook printed</h2><pre>{text(result.log[-8000:])}</pre>")
    return "\n".join(parts) + "\n"
