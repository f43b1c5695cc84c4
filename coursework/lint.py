"""Traps in a master that would only show when students hold the hand-out."""

import ast
import re
from collections.abc import Iterator

from coursework.spec import Assignment

_NESTED = "an f-string with its own quotes inside: Python 3.11 cannot read it"
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
    seen: dict[str, str] = {}
    question, in_tests = "", False
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
            found += [f"{question}: {line}" for line in _test_traps(source, question, seen)]
    return found


def _solution_traps(source: str) -> Iterator[str]:
    for line in source.splitlines():
        if "# SOLUTION" in line and re.match(r"\s*[\w\s]+,[\w\s,]*=", line):
            yield (
                f"{line.strip()!r}: its stub `a, b = ...` cannot be unpacked; "
                "write one line for each name"
            )


def _test_traps(source: str, question: str, seen: dict[str, str]) -> Iterator[str]:
    try:
        tree = ast.parse(source)
    except SyntaxError as error:
        # Python 3.11 says so itself; newer ones read it, and students' 3.11 then does not.
        nested = "f-string" in str(error)
        yield _NESTED if nested else f"a test that is no Python: {error}"
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test"):
            key = f"{question} {node.name}"
            if key in seen:
                yield f"two tests are called {node.name!r}: the first would be lost"
            seen[key] = question
        if isinstance(node, ast.JoinedStr) and _nests(ast.get_source_segment(source, node) or ""):
            yield _NESTED


def _nests(text: str) -> bool:
    """Whether an f-string holds its own quotes between braces."""
    match = re.match(r"[rRfF]*('''|\"\"\"|'|\")", text)
    if match is None:
        return False
    return any(match[1] in part for part in re.findall(r"\{([^{}]*)\}", text))
