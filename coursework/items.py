"""How a class did, question by question. Pure: a sheet in, numbers out."""

import math
import re
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from coursework.spec import Assignment

#: Below so many students a correlation says little.
ENOUGH = 10


@dataclass(frozen=True)
class Item:
    """A question's machine-marked part, or its written one.

    Parameters
    ----------
    name, title
        Such as ``q1``, or ``q6, written``.
    points
        What it gives.
    students
        Of how many it is known.
    difficulty
        What share of its points they earned on average; None where nothing is known.
    discrimination
        The correlation of its points with those of all the rest: near 0, it does not tell those
        who know from those who do not. None where either is the same for everybody.
    full, none
        How many earned all of it, and nothing.
    """

    name: str
    title: str
    points: float
    students: int
    difficulty: float | None
    discrimination: float | None
    full: int
    none: int


@dataclass(frozen=True)
class ClassReport:
    """What there is to be said about a class.

    Parameters
    ----------
    items
        The questions.
    scores
        Of whoever has one that may go out.
    statuses
        How many students have which.
    waiting
        How many have no score that may go out, although they handed in something.
    seconds
        How long each notebook took in the grader.
    points
        What there is to be earned.
    """

    items: tuple[Item, ...]
    scores: tuple[float, ...]
    statuses: Mapping[str, int]
    waiting: int
    seconds: tuple[float, ...]
    points: float


def about(rows: Sequence[Mapping[str, str]], assignment: Assignment) -> ClassReport:
    """Say how a class did.

    Parameters
    ----------
    rows
        The grade sheet's.
    assignment
        What was asked.

    Returns
    -------
    ClassReport
        Of the questions only those count whose notebooks were graded in full: a zero that nobody
        decided says nothing about a question.
    """
    graded = [row for row in rows if _known(row)]
    parts = [
        (one.name, one.name, one.title, one.probe_points)
        for one in assignment.questions
        if one.probe_points
    ]
    parts += [
        (f"{one.name}_written", f"{one.name}, written", one.title, one.written_points)
        for one in assignment.questions
        if one.written_points
    ]
    earned = {column: [_number(row.get(column, "")) for row in graded] for column, *_ in parts}
    items = tuple(
        _item(name, title, points, earned[column], _rest(earned, column))
        for column, name, title, points in parts
    )
    statuses: dict[str, int] = {}
    for row in rows:
        statuses[row["status"]] = statuses.get(row["status"], 0) + 1
    handed_in = [row for row in rows if row["status"] != "missing"]
    times = [_number(row.get("seconds", "")) for row in handed_in]
    return ClassReport(
        items,
        tuple(float(row["score"]) for row in handed_in if row["complete"] and row["score"]),
        statuses,
        sum(not row["complete"] for row in handed_in),
        tuple(one for one in times if one is not None),
        assignment.points,
    )


def _known(row: Mapping[str, str]) -> bool:
    """Say whether a row's questions hold what its student earned."""
    # Points for all say nothing about where they come from.
    whole = re.search(r"(^|; )all: (?!found)", row.get("decided", ""))
    return row["status"] == "graded" or (row["status"] == "decided" and not whole)


def _number(cell: str) -> float | None:
    try:
        found = float(cell)
    except ValueError:
        return None
    return found if math.isfinite(found) else None


def _rest(earned: Mapping[str, Sequence[float | None]], column: str) -> list[float]:
    """Return for each student what all the other parts gave."""
    others = [values for name, values in earned.items() if name != column]
    return [sum(one or 0.0 for one in row) for row in zip(*others, strict=True)]


def _item(
    name: str, title: str, points: float, values: Sequence[float | None], rest: Sequence[float]
) -> Item:
    known = [(one, other) for one, other in zip(values, rest, strict=False) if one is not None]
    if not rest:
        known = [(one, 0.0) for one in values if one is not None]
    mine = [one for one, _ in known]
    return Item(
        name,
        title,
        points,
        len(mine),
        statistics.fmean(mine) / points if mine else None,
        correlation(mine, [other for _, other in known]),
        sum(one >= points for one in mine),
        sum(one <= 0 for one in mine),
    )


def correlation(one: Sequence[float], other: Sequence[float]) -> float | None:
    """Return Pearson's correlation; None where one of the two does not vary."""
    if len(one) < 2 or max(one) == min(one) or max(other) == min(other):
        return None
    try:
        return statistics.correlation(one, other)
    except statistics.StatisticsError:
        # What varies by less than a float can tell.
        return None
