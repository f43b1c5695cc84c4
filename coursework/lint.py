"""Traps in a master that would only show when students hold the hand-out."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator

from coursework.spec import Assignment

_NAME = re.compile(r"^name:\s*(\w+)\s*$", re.MULTILINE)
_POINTS = re.compile(r"^points:\s*([\d.]+)\s*$", re.MULTILINE)


def questions(cells: list[tuple[str, str]]) -> Iterator[tuple[str, float | None]]:
    """Yield name and points of each question of a master, as its cells declare them."""
    for kind, source in cells:
        if kind == "raw" and source.startswith("# BEGIN QUESTION"):
            name, points = _NAME.search(source), _POINTS.search(source)
            yield (name[1] if name else "", float(points[1]) if points else None)


def problems(cells: list[tuple[str, str]], assignment: Assignment) -> list[str]:
    """Return what is wrong with a master, a line each.

    Parameters
    ----------
    cells
        Kind ("raw", "markdown", "code") and source of each cell.
    assignment
        What is graded.
    """
    found = []
    declared = list(questions(cells))
    due = [(one.name, one.points) for one in assignment.questions]
    if [name for name, _ in declared] != [name for name, _ in due]:
        found.append(
            f"the master asks {', '.join(name or '?' for name, _ in declared)}; "
            f"{assignment.name}.toml has {', '.join(name for name, _ in due)}"
        )
    for (name, points), (_, most) in zip(declared, due, strict=False):
        if points != most:
            found.append(f"{name}: points: {points} in the master, {most:g} in the TOML file")
    question, in_tests = "", False
    tests: dict[str, list[str]] = {}
    for kind, source in cells:
        if kind == "raw":
            begins = _NAME.search(source)
            question = begins[1] if source.startswith("# BEGIN QUESTION") and begins else question
            in_tests = source.startswith("# BEGIN TESTS") or (
                in_tests and not source.startswith("# END TESTS")
            )
        if kind == "code":
            found += [f"{question}: {line}" for line in _solution_traps(source)]
        if kind == "code" and in_tests:
            tests.setdefault(question, []).append(source)
    for question, sources in tests.items():
        found += [f"{question}: a test: {line}" for line in _test_traps("\n\n".join(sources))]
    return found


def _solution_traps(source: str) -> Iterator[str]:
    for line in source.splitlines():
        if "# SOLUTION" in line and re.match(r"\s*[\w\s]+,[\w\s,]*=", line):
            yield (
                f"{line.strip()!r}: its stub `a, b = ...` cannot be unpacked; "
                "write one line for each name"
            )


def _test_traps(source: str) -> list[str]:
    """What would be lost among a question's tests, or could not be read, as ruff says it.

    F811 is a test that another one of the same name hides; what only newer Pythons can read is an
    error of syntax, for students may run the oldest that the course supports.
    """
    command = [sys.executable, "-m", "ruff", "check", "--isolated", "--target-version", "py311"]
    ran = subprocess.run(
        [*command, "--select", "F811", "--output-format", "json", "-"],
        input=source,
        capture_output=True,
        text=True,
    )
    if ran.returncode not in (0, 1):
        raise RuntimeError(f"ruff could not read the tests: {ran.stderr.strip()}")
    return [str(one["message"]) for one in json.loads(ran.stdout)]
