"""What an execution of a notebook depends on, as one short key."""

from __future__ import annotations

import ast
import hashlib
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import nbformat

from launchlab.lab.points import PACKAGE, package_hash

# Beside a hand-out lie the checks that it runs.
_BESIDE = ("*.py", "tests/*.py")
# A line that only IPython understands: a magic, a command of the shell, a question.
_MAGIC = re.compile(r"^(\s*)[%!?].*$", re.MULTILINE)


def reached(names: Iterable[str]) -> str:
    """Hash of what the named modules of this package reach.

    Parameters
    ----------
    names : iterable of str
        Such as ``launchlab.market.menu``.
    """
    return package_hash() if set(names) else ""


def imports(notebook: Any) -> frozenset[str]:
    """The modules of this package that a notebook's code cells import.

    Parameters
    ----------
    notebook : nbformat.NotebookNode

    Returns
    -------
    frozenset of str
        Dotted names of modules. A cell that is no Python (a magic, a mistake) imports nothing:
        running it will tell.
    """
    found: set[str] = set()
    for cell in notebook.cells:
        if cell.cell_type == "code":
            found.update(_imports_of(cell.source))
    return frozenset(found)


def recorded(notebook: Any) -> list[Path]:
    """The recorded results of this package that a notebook's code cells name, as claims are shown.

    Parameters
    ----------
    notebook : nbformat.NotebookNode
    """
    trees = [_parse(cell.source) for cell in notebook.cells if cell.cell_type == "code"]
    named = {
        node.value
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    return sorted(path for path in PACKAGE.glob("*/results/*.json") if path.stem in named)


def _imports_of(source: str) -> Iterable[str]:
    for node in ast.walk(_parse(source)):
        if isinstance(node, ast.Import):
            names = [one.name for one in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            # A name that is imported may be a module itself.
            names = [node.module, *(f"{node.module}.{one.name}" for one in node.names)]
        else:
            continue
        yield from (name for name in names if _is_module(name))


def _parse(source: str) -> ast.Module:
    """A cell's syntax tree, without magics."""
    if source.startswith("%%"):
        return ast.Module(body=[], type_ignores=[])
    text = _MAGIC.sub(r"\1pass", source)
    try:
        return ast.parse(text)
    except SyntaxError:
        return ast.Module(body=[], type_ignores=[])


def _is_module(name: str) -> bool:
    top, *inner = name.split(".")
    if top != PACKAGE.name:
        return False
    place = PACKAGE.joinpath(*inner)
    return place.is_dir() or place.with_suffix(".py").is_file()


def key(path: Path, notebook: Any) -> str:
    """What an execution of a notebook depends on, beside its own code cells.

    The code cells themselves are what jupyter-cache finds an execution by.

    Parameters
    ----------
    path : Path
        Of the notebook.
    notebook : nbformat.NotebookNode

    Returns
    -------
    str
        16 hexadecimal digits. Another key means that the notebook must be executed anew.
    """
    digest = hashlib.sha256(reached(imports(notebook)).encode())
    beside = [found for pattern in _BESIDE for found in sorted(path.parent.glob(pattern))]
    for file in [*beside, *recorded(notebook)]:
        digest.update(file.name.encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()[:16]


def read(path: Path) -> Any:
    """A notebook as MyST-NB reads it."""
    return nbformat.reads(path.read_text(encoding="utf-8"), as_version=4)  # type: ignore[no-untyped-call]
