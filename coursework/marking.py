"""One page to mark the written parts of a class: ``python -m coursework.marking SUBMISSIONS ...``.

All answers to a question stand side by side, the rubric beside them. The page is one file, asks
nothing of any server, and gives what was marked back as ``marks.csv``.
"""

import argparse
import base64
import hashlib
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from markupsafe import Markup

from coursework import roster, rubric, sheet, spec, submissions, text, written
from coursework.build import ROOT
from coursework.marks import rounded
from coursework.names import Person, Roster
from coursework.reading import Text, read_whole
from coursework.rubric import Criterion
from coursework.spec import Assignment
from coursework.submissions import Submission
from coursework.written import Answer, Asked
from launchlab.markup import render

_TEMPLATES = Path(__file__).with_name("templates")


@dataclass(frozen=True)
class Shown:
    """A student's answer, as the page shows it.

    Parameters
    ----------
    student, said, note, where
        See `written.Answer`.
    saved_as
        The name that ``marks.csv`` will have.
    given
        The points that were given before.
    """

    student: str
    said: str
    note: str
    where: str
    saved_as: str
    given: str = ""


@dataclass(frozen=True)
class Marked:
    """A written question with all its answers.

    Parameters
    ----------
    asked
        The question.
    criteria
        The rubric's.
    answers
        One for each student.
    """

    asked: Asked
    criteria: Sequence[Criterion]
    answers: Sequence[Shown]

    @property
    def points(self) -> str:
        """What it gives, as it is written."""
        return rounded(self.asked.points)


def page(assignment: Assignment, questions: Sequence[Marked]) -> str:
    """Return the page (HTML).

    Parameters
    ----------
    assignment
        What was asked.
    questions
        With their answers; every text is escaped.
    """
    style, script = (
        (_TEMPLATES / f"marking.{kind}").read_text(encoding="utf-8") for kind in ("css", "js")
    )
    # Nothing is fetched, and of scripts and styles only these two count.
    policy = f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'"
    students = [(one.asked.name, each.saved_as) for one in questions for each in one.answers]
    key = hashlib.sha256(repr((assignment.name, students)).encode()).hexdigest()[:16]
    return render(
        __package__ or "coursework",
        "marking.html",
        title=assignment.title,
        policy=policy,
        style=Markup(style),
        script=Markup(script),
        key=f"marking-{key}",
        questions=questions,
    )


def _hash(content: str) -> str:
    digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
    return f"sha256-{digest}"


def together(
    asked: Sequence[Asked],
    handed: Sequence[Text],
    found: Sequence[Submission],
    rubrics: Mapping[str, Sequence[Criterion]],
    given: sheet.Written,
) -> list[Marked]:
    """Put each question together with all its answers.

    Parameters
    ----------
    asked, handed
        The written questions, and the hand-out's cells of text.
    found
        What was handed in.
    rubrics
        Question to criteria.
    given
        The marks that were given before, by student.
    """
    out = []
    for one in asked:
        answers = [
            _shown(_answer(one, handed, each), one.name, given.get(each.student, {}))
            for each in found
        ]
        out.append(Marked(one, rubrics.get(one.name, ()), answers))
    return out


def _answer(asked: Asked, handed: Sequence[Text], one: Submission) -> Answer:
    where = text.line(one.where)
    if one.problem:
        return Answer(one.student, "", f"the notebook could not be read: {one.problem}", where)
    said, note = written.answer(asked, handed, one.texts)
    notes = [part for part in (note, one.flag, one.unmatched) if part]
    return Answer(one.student, said, "; ".join(notes), where)


def _shown(answer: Answer, question: str, given: Mapping[str, float]) -> Shown:
    name = text.name(answer.student)
    points = rounded(given[question]) if question in given else ""
    return Shown(name, answer.said, answer.note, answer.where, text.cell(name), points)


def _texts(name: str, kind: str, private: Path | None) -> tuple[Text, ...]:
    """Return the cells of text of the hand-out or the solution."""
    bases = [base for base in (private, ROOT) if base is not None]
    paths = [base / kind / name / f"{name}.ipynb" for base in bases]
    path = next((one for one in paths if one.is_file()), None)
    if path is None:
        raise ValueError(f"there is no {paths[-1]} (python -m coursework.build)")
    return read_whole(path.read_bytes()).texts


def _questions(asked: argparse.Namespace, assignment: Assignment) -> tuple[list[Marked], list[str]]:
    """Read everything; return also the marks that are nobody's."""
    name = assignment.name
    people = roster.read_people(asked.roster) if asked.roster else Roster()
    found, _ = submissions.read(asked.submissions, name, people, asked.attempt)
    found = submissions.by_roster(found, people) if people else found
    if not found:
        raise ValueError(f"{asked.submissions}: no submission was found in it")
    given = sheet.read_written(asked.written, assignment) if asked.written else {}
    everybody = Roster(Person(one.student, one.ident) for one in found)
    own, nobody = sheet.written_of_students(given, everybody)
    handed = _texts(name, "exercises", asked.private)
    solution = _texts(name, "solutions", asked.private)
    due = written.questions(assignment, handed, solution)
    if not due:
        raise ValueError(f"the assignment {name!r} has no written part")
    return together(due, handed, found, rubric.read(name, asked.rubric), own), nobody


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line.

    Returns
    -------
    int
        0 when the page is written, 1 when somebody must look, 2 when there is no page.
    """
    parser = argparse.ArgumentParser(prog="python -m coursework.marking", description=__doc__)
    parser.add_argument("submissions", type=Path, help="as for python -m coursework.grade")
    parser.add_argument("--assignment", required=True, help=f"one of: {', '.join(spec.names())}")
    parser.add_argument("--out", type=Path, default=Path("marking.html"), help="the page")
    parser.add_argument("--roster", type=Path, help="CSV: student, id")
    parser.add_argument("--written", type=Path, help="marks that were given before")
    parser.add_argument("--rubric", type=Path, help="TOML: your criteria")
    parser.add_argument("--private", type=Path, help="folder of private questions")
    parser.add_argument(
        "--attempt", choices=("last", "first", "on time"), default="last", help="which one counts"
    )
    asked = parser.parse_args(arguments)
    try:
        assignment = spec.load(asked.assignment, asked.private)
        questions, nobody = _questions(asked, assignment)
        made = page(assignment, questions)
        asked.out.write_text(made, encoding="utf-8", errors="replace")
    except (ValueError, OSError) as error:
        text.say(f"There is no page: {error}", sys.stderr)
        return 2
    for name in nobody:
        text.say(f"marks for nobody here: {name}", sys.stdout)
    count = sum(len(one.answers) for one in questions)
    text.say(f"{count} answers are in {asked.out}: open it in a browser", sys.stdout)
    return 1 if nobody else 0


if __name__ == "__main__":
    sys.exit(main())
