"""The grade sheet, and a page for each student."""

import html
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from coursework import tables, text
from coursework.decisions import ALL, Decision
from coursework.marks import LOOK, Result, rounded
from coursework.names import Roster
from coursework.policy import Lateness
from coursework.roster import read_roster as read_roster
from coursework.spec import Assignment

Written = Mapping[str, Mapping[str, float]]
_NOBODY: Mapping[str, Decision] = {}
_IN_TIME = Lateness()


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
    for row in tables.read(path, ("student", "question", "points")):
        student, question, given = row.get("student"), row.get("question"), row.get("points")
        where = text.line(f"{path}: line {row.line}: {student}, {question}")
        if question not in most:
            raise ValueError(f"{where}: expected a question with a written part: {', '.join(most)}")
        try:
            points = tables.number(given)
        except ValueError:
            points = math.nan
        if not 0 <= points <= most[question]:
            raise ValueError(f"{where}: points is {given!r}, expected 0 to {most[question]:g}")
        of_student = found.setdefault(student, {})
        if question in of_student:
            raise ValueError(f"{where}: is marked twice")
        of_student[question] = points
    return found


def written_of_students(
    written: Written, people: Roster
) -> tuple[dict[str, dict[str, float]], list[str]]:
    """Give each mark to its student.

    Parameters
    ----------
    written
        As read.
    people
        Everybody in the sheet.

    Returns
    -------
    written
        By the sheet's names.
    bad
        Names that are nobody's for sure, or twice the same student's: their marks do not count.
    """
    found: dict[str, dict[str, float]] = {}
    spelled: dict[str, list[str]] = {}
    for name in written:
        match = people.find(name.removeprefix("'"))
        spelled.setdefault(match.sure.student if match.sure else "", []).append(name)
    bad = spelled.pop("", [])
    for student, names in spelled.items():
        questions = [question for name in names for question in written[name]]
        if len(set(questions)) < len(questions):
            bad += [f"{name} (marked twice)" for name in names]
        else:
            found[student] = {q: points for name in names for q, points in written[name].items()}
    return found, bad


@dataclass(frozen=True)
class Standing:
    """Where a student stands once machine, marker and decisions are put together.

    Parameters
    ----------
    status, reason
        Of the result, or *decided*, with what is still to be done.
    total
        Points that were found or given so far.
    settled
        Whether no person has to look at what the machine found.
    complete
        Whether the total may go out.
    by_question
        What each question earned by machine, or by decision.
    decided
        What was decided, by whom and why.
    raw, deduction
        The total before what being late costs, and that.
    """

    status: str
    reason: str
    total: float
    settled: bool
    complete: bool
    by_question: Mapping[str, float]
    decided: str
    raw: float
    deduction: float


def standing(
    result: Result,
    assignment: Assignment,
    own: Mapping[str, float] | None = None,
    decided: Mapping[str, Decision] | None = None,
    late: Lateness = _IN_TIME,
) -> Standing:
    """Put machine, marker and decisions together.

    Parameters
    ----------
    result
        What the grader found.
    assignment
        What was asked.
    own
        The marks for the student's written parts.
    decided
        Question, or ``all``, to what a person has decided.
    late
        What being late costs. Points that a person has decided for ``all`` stand above it, too.
    """
    own, decided = own or {}, decided or _NOBODY
    by_question = {one.name: 0.0 for one in assignment.questions}
    for mark in result.marks:
        by_question[mark.question] += mark.points
    due = [one.name for one in assignment.questions if one.written_points]
    fixed = {
        name: one.points
        for name, one in decided.items()
        if name != ALL and one.points is not None and name in by_question
    }
    whole = decided[ALL].points if ALL in decided else None
    by_question |= fixed
    total = sum(by_question.values())
    total += sum(points for name, points in own.items() if name not in fixed)
    if not fixed and whole is None:
        total = result.score + sum(own.values())
    todo = [name for name in due if name not in own and name not in fixed]
    todo = [] if whole is not None else todo
    settled = result.status not in (*LOOK, "missing") or ALL in decided
    settled = settled or all(name in decided for name in by_question)
    reasons = [result.reason] if result.reason else []
    if todo and (result.status != "missing" or settled):
        reasons.append(f"written part not marked yet: {', '.join(todo)}")
    status = "decided" if ALL in decided or (decided and settled) else result.status
    raw, deduction = total if whole is None else whole, 0.0
    if whole is None and result.status != "missing":
        raw = round(raw, 2)
        deduction = late.deduction(raw)
        if late.look:
            settled, status = False, "flagged" if settled else status
            reasons.insert(0, late.look)
    return Standing(
        status,
        "; ".join(reasons),
        raw - deduction,
        settled,
        settled and not todo,
        by_question,
        "; ".join(one.says for one in decided.values()),
        raw,
        deduction,
    )


def rows(
    results: Sequence[Result],
    assignment: Assignment,
    written: Written | None = None,
    decided: Mapping[str, Mapping[str, Decision]] | None = None,
    late: Mapping[str, Lateness] | None = None,
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
    decided
        A person's decisions.
    late
        Student to what being late costs. With it the sheet has the columns ``raw`` and
        ``deduction``, and ``score`` is what is left.

    Returns
    -------
    list of dict
        ``score`` is empty where a person has to look; ``found`` is what the
        grader found even then; ``complete`` says whether the score may go out. Texts that a
        spreadsheet would run as a formula begin with an apostrophe.
    """
    table = []
    for result in results:
        own = (written or {}).get(result.student, {})
        timed = (late or {}).get(result.student, _IN_TIME)
        now = standing(result, assignment, own, (decided or {}).get(result.student), timed)
        due = [one.name for one in assignment.questions if one.written_points]
        look = not now.settled and not (result.status == "missing" and not result.doubtful)
        row = {
            "student": result.student,
            "id": result.ident,
            "status": now.status,
            "score": "" if look else rounded(now.total),
            "found": rounded(result.score + sum(own.values())),
            "points": rounded(assignment.points),
            **{name: rounded(points) for name, points in now.by_question.items()},
            **{f"{name}_written": rounded(own[name]) if name in own else "" for name in due},
            **(_timed(now, timed) if late is not None else {}),
            "late": timed.says or ("late" if result.late else ""),
            "complete": "yes" if now.complete else "",
            "reason": now.reason,
            "decided": now.decided,
            "seconds": "" if result.status == "missing" else f"{result.seconds:.1f}",
            "file": result.where,
            "assignment": assignment.name,
        }
        table.append({key: text.cell(value) for key, value in row.items()})
    return table


def _timed(now: Standing, late: Lateness) -> dict[str, str]:
    return {
        "raw": rounded(now.raw),
        "deduction": "" if late.days is None else rounded(now.deduction),
        "submitted": late.at.isoformat(" ", "minutes") if late.at else "",
    }


def refuse_another(path: Path, name: str) -> None:
    """Refuse to write over the sheet of another assignment.

    Raises
    ------
    ValueError
        When ``path`` is one.
    """
    if not path.is_file():
        return
    try:
        others = {row.get("assignment") for row in tables.read(path)} - {"", name}
    except (OSError, ValueError):
        return  # no table of ours
    if others:
        raise ValueError(
            f"--out is {path}, which holds the sheet of {others.pop()!r}: expected a file of its "
            f"own for {name!r}, such as one in a folder of that name"
        )


def write(path: Path, table: Sequence[Mapping[str, str]]) -> None:
    """Write rows as CSV, whole or not at all."""
    heads = list(table[0]) if table else ["student"]
    tables.write(path, [heads, *([row[head] for head in heads] for row in table)])


def feedback(
    result: Result,
    assignment: Assignment,
    own: Mapping[str, float] | None = None,
    decided: Mapping[str, Decision] | None = None,
    late: Lateness | None = None,
) -> str:
    """Return a student's page (HTML): what each part earned and why, and what was printed."""
    escape = html.escape
    own, decided = own or {}, decided or _NOBODY
    now = standing(result, assignment, own, decided, late or _IN_TIME)
    look = now.status in LOOK and not now.settled
    wait = " A person will look at it before it counts." if look else ""
    parts = [
        "<!doctype html><html lang=en><meta charset=utf-8>",
        '<meta name=viewport content="width=device-width, initial-scale=1">',
        f"<title>{escape(assignment.title)}: {escape(result.student)}</title>",
        "<style>body{font:1rem/1.5 sans-serif;max-width:44rem;margin:2rem auto;padding:0 1rem}"
        "td,th{text-align:left;padding:.2rem .8rem .2rem 0;vertical-align:top}"
        "pre{overflow-x:auto;background:#f3f4f5;color:#222;padding:.5rem}</style>",
        f"<h1>{escape(assignment.title)}</h1>",
        f"<p>{escape(result.student)}: {escape(now.status)}. {escape(result.reason)}{wait}</p>",
    ]
    for one in decided.values():
        given = "" if one.points is None else f"{rounded(one.points)} points. "
        what = "All" if one.question == ALL else one.question
        parts.append(f"<p>{escape(what)}, decided by {escape(one.by)}: {given}{escape(one.reason)}")
    most = rounded(assignment.points)
    if late and now.complete:
        parts.append(
            f"<p>{rounded(now.raw)} points, {rounded(now.deduction)} off "
            f"({escape(late.says) or 'on time'}): <b>{rounded(now.total)} of {most}</b>"
        )
    elif now.complete:
        parts.append(f"<p><b>{rounded(now.total)} of {most} points</b>")
    elif not look and now.status != "missing":
        parts.append(f"<p>{rounded(now.total)} of {most} points so far: not all is marked yet")
    for question in assignment.questions:
        marks = [mark for mark in result.marks if mark.question == question.name]
        parts.append(f"<h2>{escape(question.name)}: {escape(question.title)}</h2>")
        parts.append("<table><tr><th>what<th>points<th>why")
        parts += [
            f"<tr><td>{escape(mark.says)}<td>{rounded(mark.points)} of {rounded(mark.most)}"
            f"<td>{escape(mark.reason) or 'right'}"
            for mark in marks
        ]
        if question.written_points:
            given = rounded(own[question.name]) if question.name in own else "not marked yet"
            parts.append(f"<tr><td>written part<td>{given} of {rounded(question.written_points)}")
        parts.append("</table>")
    if result.log:
        parts.append(f"<h2>What your notebook printed</h2><pre>{escape(result.log[-8000:])}</pre>")
    return "\n".join(parts) + "\n"
