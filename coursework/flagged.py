"""What is left to look at: ``python -m coursework.flagged grades.csv``.

For each student: why, what to do about it, and the command that records what was decided.
"""

import argparse
import re
import shlex
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from coursework import gradebook, text
from coursework.marks import LOOK

#: What a reason holds, and what is to be done; the first that fits counts.
_ADVICE = (
    (r"^the notebook wrote", "It wrote what no honest notebook writes: talk to the student."),
    (r"give --submitted", "Find out when it was handed in, and grade again with --submitted."),
    (
        r"handed out with the data of seed",
        "Grade again with the roster and the secret that it was built with.",
    ),
    (r"yours to decide", "It is later than the policy allows: decide what it counts."),
    (r"calls it late", "The LMS and the file disagree: find out, and grade with --submitted."),
    (r"times or extensions", "Leave one of the two lines, and grade again."),
    (r"another attempt may be better", "Look at both attempts, and decide which one counts."),
    (r"handed in twice|handed in as ", "Ask the student which notebook is meant, and decide."),
    (
        r"right notebook|which notebook|several notebooks",
        "Ask the student which notebook is meant.",
    ),
    (
        r"one of several who|^may be ",
        "Find out who it was, and correct the name on what was handed in.",
    ),
    (r"^the grader failed", "It is our fault, not the student's: grade this student again."),
    (r"the solution fails", "The solution fails on this student's data: mend it, and grade again."),
    (r"handed out failed", "A cell that you handed out failed: look at it, and decide."),
    (r"environment has|notebook alone", "Run it where it was written, and decide what it earns."),
)
_BY_STATUS = {
    "timed out": "Look at what takes so long; grade it again alone, or decide.",
    "crashed": "Look at which cell ends the process; grade it again, or decide.",
    "unreadable": "Ask for the notebook itself, put it in place and grade again, or decide.",
    "unmatched": "Find out who it is, and correct the name on what was handed in.",
    "missing": "Somebody unmatched may be this student: look at those first.",
    "flagged": "Look at the notebook, and decide.",
}
_AGAIN = re.compile(r"^the grader failed")
_UNTIMED = re.compile("give --submitted|yours to decide|times or extensions|calls it late")


@dataclass(frozen=True)
class Case:
    """One student to look at.

    Parameters
    ----------
    student, status
        Who, and how it stands.
    why
        In the grader's words.
    todo
        What to do.
    command
        What records the decision, or brings the student's notebook through the grader again.
    """

    student: str
    status: str
    why: str
    todo: str
    command: str


def cases(book: gradebook.Gradebook) -> Iterator[Case]:
    """Yield whom a person has to look at, in the order of the sheet."""
    for row in book.rows:
        doubtful = row["status"] == "missing" and not row["score"]
        if row["status"] in LOOK or doubtful:
            yield _case(row, book.path)


def _case(row: Mapping[str, str], path: Path) -> Case:
    student, status, why = row["student"].removeprefix("'"), row["status"], row["reason"]
    parts = [part.strip() for part in why.split(";")]
    fits = (
        said for said, part in ((said, p) for said in _ADVICE for p in parts) if _fits(said, part)
    )
    known = next(fits, None)
    todo = known[1] if known and status != "unmatched" else _BY_STATUS[status]
    if any(_AGAIN.search(part) for part in parts) or status in ("timed out", "crashed"):
        command = f"{_python()} -m coursework.grade ... --regrade {shlex.quote(student)}"
    elif status in ("unmatched", "missing"):
        command = f"correct the name, and run {_python()} -m coursework.grade again"
    else:
        # Where the time is in question, only a number settles it.
        points = row.get("raw", "0") if any(map(_UNTIMED.search, parts)) else "found"
        # A name may begin as an option does.
        words = [str(path), "--by", "N.N.", "--", student, "all", points, "why it counts"]
        command = f"{_python()} -m coursework.decide {' '.join(map(shlex.quote, words))}"
    return Case(student, status, why, todo, command)


def _python() -> str:
    """Return the Python that runs this, as one types it here: there the course is installed."""
    own, here = Path(sys.executable), Path.cwd()
    return shlex.quote(str(own.relative_to(here) if own.is_relative_to(here) else own))


def _fits(said: tuple[str, str], part: str) -> bool:
    return re.search(said[0], part) is not None


def unmarked(book: gradebook.Gradebook) -> list[str]:
    """Return the students whose written parts nobody has marked yet."""
    return [row["student"] for row in book.rows if "written part not marked yet" in row["reason"]]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line.

    Returns
    -------
    int
        0 when nobody is left to look at, 1 when somebody is, 2 when there is no sheet.
    """
    parser = argparse.ArgumentParser(prog="python -m coursework.flagged", description=__doc__)
    parser.add_argument("sheet", type=Path, help="the grade sheet, such as grades.csv")
    asked = parser.parse_args(arguments)
    try:
        book = gradebook.read(asked.sheet)
    except (ValueError, OSError) as error:
        text.say(f"Nothing was read: {error}", sys.stderr)
        return 2
    found = list(cases(book))
    for one in found:
        text.say(f"{one.student}: {one.status}", sys.stdout)
        text.say(f"- why: {one.why}", sys.stdout)
        text.say(f"- what to do: {one.todo}", sys.stdout)
        text.say(f"- then: {one.command}", sys.stdout)
    waiting = unmarked(book)
    if waiting:
        text.say(f"written parts not marked yet: {len(waiting)}", sys.stdout)
    text.say(f"{len(found)} of {len(book.rows)} to look at", sys.stdout)
    return 1 if found or waiting else 0


if __name__ == "__main__":
    sys.exit(main())
