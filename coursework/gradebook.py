"""The grade sheet, read back: what a person decided to look at it needs to know."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from coursework import tables
from coursework.names import Person, Roster

#: The columns that are about no question.
_OTHERS = {
    *("student", "id", "status", "score", "found", "points", "raw", "deduction", "submitted"),
    *("late", "complete", "reason", "decided", "seconds", "file", "assignment"),
}


@dataclass(frozen=True)
class Gradebook:
    """A sheet that `coursework.grade` wrote.

    Parameters
    ----------
    path
        Where it lies.
    rows
        Heading to cell, one for each student.
    questions
        The names of the questions.
    """

    path: Path
    rows: tuple[Mapping[str, str], ...]
    questions: tuple[str, ...]

    def find(self, student: str) -> Mapping[str, str]:
        """Return one student's row.

        Raises
        ------
        ValueError
            When nobody is called so, or several may be meant.
        """
        people = Roster(Person(row["student"].removeprefix("'"), row["id"]) for row in self.rows)
        match = people.find(student.removeprefix("'"))
        if match.sure is None:
            maybe = " or ".join(one.student for one in match.people)
            raise ValueError(f"student is {student!r}: {f'{maybe}?' if maybe else 'nobody here'}")
        return self.rows[people.people.index(match.sure)]


def read(path: Path) -> Gradebook:
    """Read a sheet.

    Raises
    ------
    ValueError, OSError
        When it is not there, or no sheet of ours.
    """
    rows = [row.cells for row in tables.read(path, ("student", "status", "complete", "reason"))]
    heads = list(rows[0]) if rows else []
    questions = [one for one in heads if one not in _OTHERS and not one.endswith("_written")]
    # The headings were read from the back.
    return Gradebook(Path(path), tuple(rows), tuple(reversed(questions)))
