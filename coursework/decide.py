"""Record a decision: ``python -m coursework.decide grades.csv WHO QUESTION POINTS WHY --by ME``.

It becomes a line of ``decisions.csv`` beside the sheet, which the next grading follows. Whatever
stands in that file stays in it.
"""

import argparse
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from coursework import gradebook, tables, text
from coursework.decisions import ALL, FOUND
from coursework.names import key

_HEADS = ("student", "question", "points", "reason", "by", "assignment")


def line(book: gradebook.Gradebook, asked: argparse.Namespace) -> dict[str, str]:
    """Return the decision, checked against the sheet.

    Raises
    ------
    ValueError
        When it could not be followed: the message names what, and what was expected.
    """
    row = book.find(asked.student)
    question = key(asked.question)
    if question not in (*book.questions, ALL):
        known = ", ".join((*book.questions, ALL))
        raise ValueError(f"question is {asked.question!r}, expected one of: {known}")
    points, most = asked.points.strip(), float(row.get("points") or "inf")
    if key(points) != FOUND:
        try:
            given = tables.number(points)
        except ValueError:
            given = -1.0
        if not 0 <= given <= most:
            raise ValueError(f"points is {points!r}, expected 0 to {most:g}, or {FOUND}")
    for name in ("reason", "by"):
        if not text.line(getattr(asked, name)):
            raise ValueError(f"{name} is empty, expected a text")
    student = row["student"].removeprefix("'")
    said = {"reason": text.line(asked.reason), "by": text.line(asked.by)}
    said["assignment"] = row.get("assignment", "")
    return {"student": student, "question": question, "points": points, **said}


def added(path: Path, new: Mapping[str, str]) -> list[list[str]]:
    """Return the lines of a file of decisions with one more.

    Raises
    ------
    ValueError
        When the file is no such table, or decides the same already.
    """
    lines = [cells for _, cells in tables.grid(path.read_bytes())] if path.is_file() else []
    lines = lines or [list(_HEADS)]
    if "assignment" not in map(key, lines[0]):
        # A file from before decisions knew it: what it decided goes on counting.
        lines[0] = [*lines[0], "assignment"]
        lines[1:] = [[*cells, *[""] * (len(lines[0]) - len(cells))] for cells in lines[1:]]
    heads = [key(head) for head in lines[0]]
    places = {}
    for name in _HEADS:
        known = [at for at, head in enumerate(heads) if head in tables.ALIASES.get(name, (name,))]
        if not known:
            raise ValueError(f"{path}: there is no column {name!r}, only {', '.join(lines[0])}")
        places[name] = known[0]
    for number, cells in enumerate(lines[1:], start=2):
        own = {name: key(cells[at]) if at < len(cells) else "" for name, at in places.items()}
        same = all(own[name] == key(new[name]) for name in ("student", "question"))
        # A line without an assignment counts for each of them.
        same = same and own["assignment"] in ("", key(new["assignment"]))
        if same:
            raise ValueError(f"{path}: row {number} decides that already: change it there")
    row = [""] * len(heads)
    for name, place in places.items():
        row[place] = text.cell(new[name])
    return [*lines, row]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line.

    Returns
    -------
    int
        0 when the decision stands in the file, 2 when it does not.
    """
    parser = argparse.ArgumentParser(prog="python -m coursework.decide", description=__doc__)
    parser.add_argument("sheet", type=Path, help="the grade sheet, such as grades.csv")
    parser.add_argument("student", help="as the sheet has the name")
    parser.add_argument("question", help=f"a question, or {ALL}")
    parser.add_argument("points", help=f"a number, or {FOUND} for what the grader found")
    parser.add_argument("reason", help="why")
    parser.add_argument("--by", required=True, help="who decides")
    parser.add_argument("--decisions", type=Path, help="the file (or decisions.csv beside it)")
    asked = parser.parse_args(arguments)
    path = asked.decisions or asked.sheet.with_name("decisions.csv")
    try:
        new = line(gradebook.read(asked.sheet), asked)
        tables.write(path, added(path, new))
    except (ValueError, OSError) as error:
        text.say(f"Nothing was decided: {error}", sys.stderr)
        return 2
    said = f"{new['student']}, {new['question']}: {new['points']}"
    text.say(f"{said}: in {path}. The next grading follows it.", sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main())
