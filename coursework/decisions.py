"""What a person has decided. It stands above whatever the grader found, on every run.

``decisions.csv`` has the columns ``student``, ``question`` (or ``all``), ``points`` (or ``found``,
for what the grader found), ``reason``, ``by`` and ``assignment``. It is only ever read. Lines of
another assignment say nothing; a line without one counts for each that is graded beside the file.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from coursework import tables, text
from coursework.names import Roster
from coursework.spec import Assignment

ALL, FOUND = "all", "found"


@dataclass(frozen=True)
class Decision:
    """One line.

    Parameters
    ----------
    student
        As the file names the student.
    question
        A question's name, or ``all``.
    points
        What it gives, the written part included; None for what was found.
    reason, by
        Why, and who says so.
    where
        The line, for what is said about it.
    """

    student: str
    question: str
    points: float | None
    reason: str
    by: str
    where: str = ""

    @property
    def says(self) -> str:
        """In words, for the sheet."""
        given = FOUND if self.points is None else f"{self.points:g}"
        return f"{self.question}: {given} by {self.by}: {self.reason}"


#: Student, as the sheet has the name, to question (or ``all``) to what was decided.
Decided = Mapping[str, Mapping[str, Decision]]


def read(path: Path, assignment: Assignment) -> tuple[list[Decision], list[str]]:
    """Read decisions.

    Parameters
    ----------
    path
        A CSV.
    assignment
        Whose questions are meant.

    Returns
    -------
    decisions
        The rows that can be followed.
    bad
        For each other row, which it is and what is wrong with it.

    Raises
    ------
    ValueError
        When the file is no table, or a column is missing.
    """
    most = {one.name: one.points for one in assignment.questions} | {ALL: assignment.points}
    good, bad = [], []
    for row in tables.read(path, ("student", "question", "points", "reason", "by")):
        if row.get("assignment") not in ("", assignment.name):
            continue
        student, question = row.get("student"), row.get("question").casefold()
        where = text.line(f"{path.name}, line {row.line} ({student or '?'}, {question or '?'})")
        points, problem = _points(row.get("points"), most.get(question, 0.0))
        if not student:
            problem = "it names no student"
        elif question not in most:
            problem = f"expected a question or {ALL}: {', '.join(most)}"
        elif not row.get("reason") or not row.get("by"):
            problem = "expected a reason and by whom"
        if problem:
            bad.append(f"{where}: {problem}")
        else:
            said = text.line(row.get("reason")), text.line(row.get("by"))
            good.append(Decision(student, question, points, *said, where))
    return good, bad


def _points(given: str, most: float) -> tuple[float | None, str]:
    if given.casefold() == FOUND:
        return None, ""
    try:
        points = tables.number(given)
    except ValueError:
        points = math.nan
    if 0 <= points <= most:
        return points, ""
    return None, f"points is {given!r}, expected 0 to {most:g}, or {FOUND}"


def of_students(
    decisions: Sequence[Decision], people: Roster
) -> tuple[dict[str, dict[str, Decision]], list[str]]:
    """Give each decision to its student.

    Parameters
    ----------
    decisions
        As read.
    people
        Everybody in the sheet.

    Returns
    -------
    decided
        By the sheet's names.
    bad
        Those that are nobody's for sure, and those that contradict each other: neither counts.
    """
    found: dict[str, dict[str, list[Decision]]] = {}
    bad = []
    for one in decisions:
        match = people.find(one.student.removeprefix("'"))
        if match.sure is None:
            maybe = " or ".join(person.student for person in match.people)
            bad.append(f"{one.where}: {f'may be {maybe}' if maybe else 'nobody is called so'}")
        else:
            found.setdefault(match.sure.student, {}).setdefault(one.question, []).append(one)
    decided: dict[str, dict[str, Decision]] = {}
    for student, by_question in found.items():
        for question, several in by_question.items():
            if len({one.points for one in several}) > 1:
                bad += [f"{one.where}: it is decided twice" for one in several]
            else:
                decided.setdefault(student, {})[question] = several[-1]
    return decided, bad
