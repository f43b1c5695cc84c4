"""What an assignment does in a student's world before anybody has it. Pure: nothing is run here."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from coursework import marks
from coursework.compare import compare
from coursework.sandbox import Ran
from coursework.spec import FRESH, Assignment, Probe, Question
from coursework.submissions import Submission

_PASSED = "All test cases passed"


@dataclass(frozen=True)
class World:
    """One student's data, tried.

    Parameters
    ----------
    student, seed
        Whose, and from which seed.
    values
        The solution's answers, one for each probe; none where it has none.
    problems
        What is wrong, a line each.
    """

    student: str
    seed: int
    values: tuple[Any, ...] = ()
    problems: tuple[str, ...] = ()


@dataclass(frozen=True)
class Spread:
    """How a probe's right answer differs over a class.

    Parameters
    ----------
    question, probe
        Which.
    answers
        How many different ones there are, as the grader compares them.
    kinds
        How many kinds of value there are; more than one is a fault.
    endless
        For how many students a number in it is not finite: it may be meant, as where no size of
        business pays, or be an accident.
    """

    question: str
    probe: Probe
    answers: int
    kinds: int
    endless: int = 0

    @property
    def constant(self) -> bool:
        """Whether one answer is right for everybody."""
        return self.answers == 1

    @property
    def fresh(self) -> bool:
        """Whether the grader draws the numbers that it asks with."""
        return FRESH in self.probe.expression


def with_checks(assignment: Assignment, checked: Sequence[str]) -> Assignment:
    """Return the assignment with a question more: what its public checks say.

    Parameters
    ----------
    assignment
        What is graded.
    checked
        The questions that have public checks.
    """
    asked = tuple(
        Probe(f'grader.check("{name}").summary()', 1, f"the public check of {name}", seconds=60)
        for name in checked
    )
    more = (Question("public_checks", "Public checks", 1, asked),) if asked else ()
    return replace(assignment, questions=(*assignment.questions, *more))


def solved(ran: Ran, assignment: Assignment, checked: Sequence[str]) -> tuple[list[Any], list[str]]:
    """Return the solution's values, and what is wrong with them or with what its checks say.

    Parameters
    ----------
    ran
        The solution, run with the questions of `with_checks`.
    assignment, checked
        As given to it.

    Raises
    ------
    ValueError
        When the solution fails or has no value: the message says which.
    """
    values = marks.expected_values(ran, with_checks(assignment, checked))
    asked = marks.probes(assignment)
    problems = [
        f"{question}: the solution's {probe.expression!r} is nothing, expected a value"
        for (question, probe), value in zip(asked, values, strict=False)
        if value is None or value == []
    ]
    problems += [
        f"{name}: the solution fails its public check: {str(said)[:300]}"
        for name, said in zip(checked, values[len(asked) :], strict=True)
        if _PASSED not in str(said)
    ]
    return values[: len(asked)], problems


def graded(
    ran: Ran, assignment: Assignment, values: Sequence[Any], *, who: str, due: float
) -> list[str]:
    """Say what is wrong where a notebook does not earn what it should.

    Parameters
    ----------
    ran
        The notebook, run.
    assignment
        What is graded.
    values
        The solution's.
    who
        What the notebook is called in words: *the solution*, *the stub*.
    due
        What it should earn: all machine-marked points, or none.
    """
    result = marks.judge(Submission(who, ""), ran, assignment, values)
    if result.status != "graded":
        return [f"{who} is {result.status}: {result.reason}"]
    wrong = [one for one in result.marks if bool(one.points) != bool(due)]
    said = [
        f"{one.question}: {who} earns {one.points:g} of {one.most:g} for {one.says}"
        + (f": {one.reason}" if one.reason else "")
        for one in wrong
    ]
    return said + [f"{who} fails in {result.reason}"] * bool(result.reason)


def spreads(assignment: Assignment, worlds: Iterable[World]) -> list[Spread]:
    """Say for each probe how many different answers a class has.

    Worlds in which the solution has no answers do not count. Two answers are one where the grader
    would take either for the other.
    """
    rows = [one.values for one in worlds if one.values]
    out = []
    for place, (question, probe) in enumerate(marks.probes(assignment)):
        found: list[Any] = []
        for row in rows:
            value = row[place]
            if not any(compare(other, value, probe).right for other in found):
                found.append(value)
        kinds = {_kind(row[place]) for row in rows}
        endless = sum(not _finite(row[place]) for row in rows)
        out.append(Spread(question, probe, len(found), len(kinds), endless))
    return out


def seeded(found: Sequence[Spread]) -> tuple[float, float]:
    """Return how many machine-marked points hang on the seed, and how many there are."""
    hang = sum(one.probe.points for one in found if one.answers > 1)
    return hang, sum(one.probe.points for one in found)


def _finite(value: Any) -> bool:
    """Say whether all numbers in a value are finite."""
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return all(map(_finite, inside)) and not (isinstance(value, float) and not math.isfinite(value))


def _kind(value: Any) -> str:
    """Return the kind of a value, as far as every student's must be the same."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return type(value).__name__
    return "number"
