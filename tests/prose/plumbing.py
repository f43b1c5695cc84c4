"""How much of the notebooks' code is plumbing: ``python -m tests.prose.plumbing``.

A line of code is one that is neither blank nor only a comment. It is plumbing if it is one of the
following; a line that is several counts as the first of them.

- *checks and glue*: a cell tagged ``check``, an ``assert``, a call of ``glue``, and its import.
- *JavaScript*: what is assigned to a name with ``JAVASCRIPT`` in it, or written out after
  ``javascript=``.
- *drawing*: a statement that uses Altair (``alt``), and its import.
- *sentences*: a function that writes one, which is a function given as ``sentence=`` or
  ``heading=``, or one whose name ends in ``sentence`` or ``heading``.

A function counts whole. In the declaration of a lab, each argument is looked at alone, for the
declaration itself teaches what the lab is; charts (``lab.charts``) and sentences (``lab.say``) that
are declared are no plumbing either. Nor is what prints or tabulates a result.
"""

from __future__ import annotations

import ast
import json
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from tests.conftest import ROOT

KINDS = ("checks and glue", "JavaScript", "drawing", "sentences")
_SAID = ("sentence", "heading")


def plumbing(cells: Sequence[tuple[str, Sequence[str]]]) -> tuple[Counter[str], int]:
    """Lines of a notebook's code by kind of plumbing, and all of its lines of code.

    Parameters
    ----------
    cells : sequence of (str, sequence of str)
        Source and tags of each code cell.

    Returns
    -------
    lines : Counter
        Over `KINDS`.
    total : int
    """
    trees = [ast.parse(source) for source, _ in cells]
    writers = {name for tree in trees for name in _writers(tree)}
    found: Counter[str] = Counter()
    total = 0
    for (source, tags), tree in zip(cells, trees, strict=True):
        kinds: dict[int, str] = {}
        for kind, node in _pieces(tree, writers):
            for line in range(_start(node), (node.end_lineno or node.lineno) + 1):
                kinds[line] = min(kind, kinds.get(line, kind), key=KINDS.index)
        for number, line in enumerate(source.splitlines(), start=1):
            if line.strip() and not line.lstrip().startswith("#"):
                total += 1
                if "check" in tags or number in kinds:
                    found[KINDS[0] if "check" in tags else kinds[number]] += 1
    return found, total


def _writers(tree: ast.AST) -> Iterator[str]:
    """Names of the functions that are given to labs as writers of sentences."""
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and node.arg in _SAID and isinstance(node.value, ast.Name):
            yield node.value.id


def _pieces(tree: ast.Module, writers: set[str]) -> Iterator[tuple[str, Any]]:
    """Every part of a cell that is plumbing, with its kind; parts may lie within each other."""
    for node in ast.walk(tree):
        if kind := _kind(node, writers):
            yield kind, node
    for statement in tree.body:
        for part in _arguments(statement):
            if any(isinstance(one, ast.Name) and one.id == "alt" for one in ast.walk(part)):
                yield KINDS[2], part


def _kind(node: ast.AST, writers: set[str]) -> str | None:
    """What a node is, but for drawing, which whole statements are."""
    checks, javascript, drawing, sentences = KINDS
    match node:
        case ast.Assert():
            return checks
        case ast.Call() if _calls(node, "glue"):
            return checks
        case ast.Import(names) | ast.ImportFrom(names=names):
            given = {one.asname or one.name for one in names}
            return drawing if "alt" in given else checks if "glue" in given else None
        case ast.Assign(targets) if "JAVASCRIPT" in ast.unparse(targets[0]):
            return javascript
        case ast.keyword("javascript", value) if not isinstance(value, ast.Name):
            return javascript
        case ast.FunctionDef(name) if name in writers or name.endswith(_SAID):
            return sentences
        case ast.keyword("sentence" | "heading", ast.Lambda() | ast.JoinedStr()):
            return sentences
    return None


def _calls(node: ast.AST, function: str) -> bool:
    return isinstance(node, ast.Call) and ast.unparse(node.func) == function


def _arguments(statement: ast.stmt) -> list[Any]:
    """The arguments of a lab's declaration; any other statement is one piece."""
    for node in ast.walk(statement):
        if _calls(node, "lab.Experiment"):
            assert isinstance(node, ast.Call)
            return [*node.args, *node.keywords]
    return [statement]


def _start(node: Any) -> int:
    """A function's first line is that of its first decorator."""
    return min([node.lineno, *(one.lineno for one in getattr(node, "decorator_list", ()))])


def cells_of(path: Path) -> list[tuple[str, list[str]]]:
    """Source and tags of each code cell of a notebook."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return [
        ("".join(cell["source"]), cell["metadata"].get("tags", []))
        for cell in cells
        if cell["cell_type"] == "code"
    ]


def notebooks() -> dict[str, Path]:
    """The book's notebooks, by their address without its ending."""
    book = ROOT / "book"
    found = sorted(book.rglob("*.ipynb"))
    return {
        path.relative_to(book).with_suffix("").as_posix(): path
        for path in found
        if ".ipynb_checkpoints" not in path.parts
    }


def main() -> int:
    """Print one line for each notebook, and the total."""
    counts = {name: plumbing(cells_of(path)) for name, path in notebooks().items()}
    summed = sum((lines for lines, _ in counts.values()), Counter[str]())
    counts["all"] = summed, sum(total for _, total in counts.values())
    wide = max(map(len, counts))
    for name, (lines, total) in counts.items():
        parts = ", ".join(f"{kind} {lines[kind]}" for kind in KINDS if lines[kind])
        share = lines.total() / total if total else 0.0
        print(f"{name:{wide}} {share:6.1%} of {total:5,d}  {parts}".rstrip())
    return 0


if __name__ == "__main__":
    sys.exit(main())
