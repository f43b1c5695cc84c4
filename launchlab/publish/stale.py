"""What an execution of a notebook depends on, as one short key."""

from __future__ import annotations

import ast
import contextlib
import hashlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat

from launchlab import reach

RESULTS = reach.PACKAGE / "findings" / "results"
# Beside a hand-out lie the checks that it runs.
_BESIDE = ("*.py", "tests/*.py")
# A line that only IPython understands: a magic, a command of the shell, a question.
_MAGIC = re.compile(r"^(\s*)[%!?].*$", re.MULTILINE)


def imports(notebook: Any) -> frozenset[str]:
    """The modules of this package that a notebook's code cells import.

    Parameters
    ----------
    notebook : nbformat.NotebookNode

    Returns
    -------
    frozenset of str
        Full names. A cell that is no Python (a magic, a mistake) imports nothing: running it will
        tell.
    """
    found = (name for source in _sources(notebook) for name in reach.imports_of(source))
    return frozenset(name for name in found if name.split(".")[0] == reach.PACKAGE.name)


def claims_shown(notebook: Any) -> list[Path]:
    """The recorded results that a notebook's code cells name: those of the claims it shows."""
    texts = {
        node.value
        for source in _sources(notebook)
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    return [path for path in sorted(RESULTS.glob("*.json")) if path.stem in texts]


def _sources(notebook: Any) -> Iterator[str]:
    """The code cells that are Python, without magics."""
    for cell in notebook.cells:
        if cell.cell_type == "code" and not cell.source.startswith("%%"):
            source = _MAGIC.sub(r"\1pass", cell.source)
            with contextlib.suppress(SyntaxError):
                ast.parse(source)
                yield source


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
    digest = hashlib.sha256(reach.reached(imports(notebook)).encode())
    for recorded in claims_shown(notebook):
        digest.update(recorded.name.encode() + recorded.read_bytes())
    for one in beside(path):
        digest.update(one.name.encode() + b"\0" + one.read_bytes())
    return digest.hexdigest()[:16]


def beside(path: Path) -> list[Path]:
    """The files beside a notebook, and in the folder of checks there, that it may read."""
    return [one for pattern in _BESIDE for one in sorted(path.parent.glob(pattern))]


def read(path: Path) -> Any:
    """A notebook as MyST-NB reads it."""
    return nbformat.reads(path.read_text(encoding="utf-8"), as_version=4)  # type: ignore[no-untyped-call]
