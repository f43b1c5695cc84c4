"""From what came out of a sandbox to a mark. Pure: nothing is run here."""

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from coursework import environment, text
from coursework.compare import compare, reworded
from coursework.sandbox import Ran
from coursework.sandbox.inside.plain import MOST_BYTES
from coursework.spec import Assignment, Probe
from coursework.submissions import Submission

Status = Literal["graded", "crashed", "timed out", "unreadable", "flagged", "unmatched", "missing"]
#: A person looks before such a mark goes out; it is never a silent zero.
LOOK = ("crashed", "timed out", "unreadable", "flagged", "unmatched")
_CELLS = {"ready", "cell", "error", "late", "starved", "finished"}
_ANSWERS = {"ask", "probe", "value", "problem", "late", "starved", "end"}
# The longest honest line is an answer, or the 500 characters of an error.
_LONGEST = MOST_BYTES + 1000


@dataclass(frozen=True)
class Found:
    """What a run says, after its form was checked.

    Parameters
    ----------
    answers
        Number of a probe to ``{"value": ...}`` or ``{"problem": ...}``.
    errors
        A line for each cell that failed.
    late
        Whether a cell or an answer took longer than it may.
    starved
        Whether the clock alone says so of one.
    ended
        Whether the run came to its end.
    suspicious
        What no honest run writes, or an empty text.
    """

    answers: Mapping[int, Mapping[str, Any]]
    errors: tuple[str, ...]
    late: bool
    starved: bool
    ended: bool
    suspicious: str


@dataclass(frozen=True)
class Mark:
    """What one probe earned.

    Parameters
    ----------
    question, says
        Which question, and what the value is.
    points, most
        What it earned, and what it could.
    reason
        Why it earned less; empty where it is right.
    """

    question: str
    says: str
    points: float
    most: float
    reason: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "reason", text.line(self.reason))


@dataclass(frozen=True)
class Result:
    """One student's result. Whatever made it, its texts can be shown: they are cleaned here.

    Parameters
    ----------
    student, ident, where, late
        As the submission has them.
    status
        See ``LOOK`` for those at which a person looks.
    reason
        In words.
    marks
        One for each probe.
    log
        What the notebook printed.
    seconds
        How long it took.
    starved
        Whether only the clock on the wall was against it, so that it is to be run again.
    doubtful
        Whether it is not sure that a *missing* student has handed in nothing.
    """

    student: str
    status: Status
    reason: str = ""
    marks: tuple[Mark, ...] = ()
    ident: str = ""
    where: str = ""
    late: bool = False
    log: str = ""
    seconds: float = 0.0
    starved: bool = False
    doubtful: bool = False

    def __post_init__(self) -> None:
        for name, clean in (("student", text.name), ("ident", text.name), ("where", text.line)):
            object.__setattr__(self, name, clean(getattr(self, name)))
        object.__setattr__(self, "reason", text.line(self.reason))
        object.__setattr__(self, "log", text.block(self.log))

    @property
    def score(self) -> float:
        """Points of the probes, between 0 and what there are."""
        most = sum(mark.most for mark in self.marks)
        return min(max(sum(mark.points for mark in self.marks), 0.0), most)


def probes(assignment: Assignment) -> list[tuple[str, Probe]]:
    """Return all probes in their order, each with its question's name."""
    return [(one.name, probe) for one in assignment.questions for probe in one.probes]


def parse(results: bytes, count: int) -> Found:
    """Read what the runner wrote, as what a student may have written.

    Parameters
    ----------
    results
        One JSON object a line.
    count
        How many probes were asked.
    """
    answers: dict[int, dict[str, Any]] = {}
    errors: list[str] = []
    late = starved = finished = ended = False
    suspicious = ""
    for line in results.splitlines():
        try:
            said = json.loads(line) if len(line) <= _LONGEST else None
        except (ValueError, RecursionError):
            suspicious = suspicious or "a result that is no JSON"
            continue
        if not isinstance(said, dict) or not said:
            suspicious = suspicious or "a result that was not asked for"
            continue
        if ended:
            suspicious = suspicious or "results after the end"
        elif set(said) - (_ANSWERS if finished else _CELLS):
            # Who has seen a question must have nowhere to write it.
            suspicious = suspicious or "a result that was not asked for"
        elif "probe" in said:
            place = said["probe"]
            if type(place) is not int or not 0 <= place < count or place in answers:
                suspicious = suspicious or "an answer that was not asked for"
            else:
                answers[place] = said
        elif "error" in said:
            errors.append(f"cell {said.get('cell')}: {str(said['error'])[:300]}")
        finished = finished or "finished" in said
        ended = ended or (finished and "end" in said)
        late = late or said.get("late") is True
        starved = starved or said.get("starved") is True
    return Found(answers, tuple(errors), late, starved, ended, suspicious)


def starved(ran: Ran, assignment: Assignment) -> bool:
    """Say whether a run has lost something to the clock on the wall alone."""
    return ran.starved or parse(ran.results, len(probes(assignment))).starved


def expected_values(ran: Ran, assignment: Assignment) -> list[Any]:
    """Return the solution's values, one for each probe.

    Raises
    ------
    ValueError
        When the solution's notebook fails or a probe has no value: the message
        says which. Nobody can be graded against that.
    """
    asked = probes(assignment)
    found = parse(ran.results, len(asked))
    if ran.killed or not found.ended:
        raise ValueError(f"the solution did not come to its end: {ran.killed or ran.log[-500:]}")
    if found.errors:
        first = found.errors[0]
        raise ValueError(f"the solution fails in {first}{environment.missing_here(first)}")
    values = []
    for place, (question, probe) in enumerate(asked):
        answer = found.answers.get(place, {})
        if "value" not in answer:
            why = answer.get("problem", "no answer")
            raise ValueError(f"{question}: the solution has no {probe.expression!r}: {why}")
        values.append(answer["value"])
    return values


def judge(
    submission: Submission,
    ran: Ran,
    assignment: Assignment,
    expected: Sequence[Any],
    given: Sequence[str] = (),
) -> Result:
    """Give each probe its points and the submission its status.

    Parameters
    ----------
    submission
        What was handed in.
    ran
        What came out of its sandbox.
    assignment
        What was asked.
    expected
        The solution's values.
    given
        Cells that run elsewhere: where they fail, it is not the student's doing.
    """
    asked = probes(assignment)
    found = parse(ran.results, len(asked))
    marks = []
    for place, (question, probe) in enumerate(asked):
        answer = found.answers.get(place, {"problem": "was not reached"})
        if "value" in answer:
            verdict = compare(expected[place], answer["value"], probe)
            right, reason = verdict.right, verdict.reason
        else:
            right, reason = False, reworded(answer.get("problem", "no answer"), probe)
        marks.append(Mark(question, probe.says, probe.points if right else 0, probe.points, reason))
    status, reason = _status(found, ran)
    if status == "graded" and any(mark.points < mark.most for mark in marks):
        # Points may be missing for a reason that is not the student's: nobody has decided that.
        blame = environment.not_their_own((*found.errors, *(mark.reason for mark in marks)))
        blame = blame or _given_fails(found.errors, submission.cells, given)
        if blame:
            status, reason = "flagged", blame
    return Result(
        submission.student,
        status,
        reason,
        tuple(marks),
        submission.ident,
        submission.where,
        submission.late,
        ran.log,
        ran.seconds,
        status == "timed out" and (ran.starved or found.starved),
    )


def _given_fails(errors: Sequence[str], cells: Sequence[str], given: Sequence[str]) -> str:
    """Say which given cell failed before the student's own work began, if one did."""
    known = {cell.strip() for cell in given}
    for error in errors:
        place = re.match(r"cell (\d{1,6}):", error)
        before = cells[: int(place[1])] if place else ()
        if before and all(cell.strip() in known for cell in before):
            return f"a cell that was handed out failed: {error}"
    return ""


def _status(found: Found, ran: Ran) -> tuple[Status, str]:
    if found.suspicious:
        return "flagged", f"the notebook wrote {found.suspicious}"
    if "results" in ran.killed:
        return "flagged", ran.killed
    if ran.killed:
        late = "longer" in ran.killed or "did not start" in ran.killed
        return ("timed out" if late else "crashed"), ran.killed
    if not found.ended:
        cells = f" ({found.errors[-1]})" if found.errors else ""
        return "crashed", f"the process ended with code {ran.code} before its answers{cells}"
    if found.late:
        places = [place + 1 for place, one in found.answers.items() if one.get("late") is True]
        said = [f"too late: answer {', '.join(map(str, places))}"] if places else []
        return "timed out", "; ".join([*found.errors, *said])
    return "graded", "; ".join(found.errors)


def unreadable(submission: Submission, assignment: Assignment) -> Result:
    """Return the result of what cannot be run."""
    marks = tuple(
        Mark(question, probe.says, 0.0, probe.points, "the notebook could not be read")
        for question, probe in probes(assignment)
    )
    return Result(
        submission.student,
        "unreadable",
        submission.problem,
        marks,
        submission.ident,
        submission.where,
        submission.late,
    )


def rounded(points: float) -> str:
    """Write points as short as they are exact to a hundredth."""
    if not math.isfinite(points):
        raise ValueError(f"points is {points!r}, expected a finite number")
    return f"{points:.2f}".rstrip("0").rstrip(".")
