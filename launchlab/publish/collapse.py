"""Collapse a chapter's plumbing in JupyterLab: the code that its page folds away.

JupyterLab shows a cell's code unless its metadata say otherwise. What the page keeps open
(``open-code``) and what answers an exercise stay open there too; all other code is collapsed, and a
click opens it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from launchlab.publish import pages
from launchlab.publish.forms import FOLDS, OPEN_CODE, tags_of

# JupyterLab's own word for it.
_HIDDEN = "source_hidden"


def is_plumbing(cell: dict[str, Any]) -> bool:
    """Whether a cell is code that no reader of the chapter has to see."""
    return cell["cell_type"] == "code" and not {OPEN_CODE, *FOLDS} & set(tags_of(cell))


def is_collapsed(cell: dict[str, Any]) -> bool:
    """Whether JupyterLab shows a cell collapsed."""
    return bool(cell["metadata"].get("jupyter", {}).get(_HIDDEN, False))


def wrong(notebook: dict[str, Any]) -> Iterator[int]:
    """The places of cells that are collapsed and should not be, or should be and are not."""
    for place, cell in enumerate(notebook["cells"]):
        if is_plumbing(cell) != is_collapsed(cell):
            yield place


def collapse(path: Path) -> int:
    """Collapse a notebook's plumbing, and nothing else; all else in its file stays as it was.

    Parameters
    ----------
    path : Path

    Returns
    -------
    int
        How many cells were changed.

    Raises
    ------
    UsageError
        If there is no such notebook.
    """
    try:
        notebook = json.loads(path.read_text(encoding="utf-8"))
        changed = list(wrong(notebook))
    except (OSError, ValueError, KeyError, TypeError):
        raise pages.UsageError(f"{path.as_posix()}: expected the path of a notebook") from None
    for place in changed:
        metadata = notebook["cells"][place]["metadata"]
        jupyter = dict(metadata.get("jupyter", {}))
        jupyter.pop(_HIDDEN, None)
        if is_plumbing(notebook["cells"][place]):
            jupyter[_HIDDEN] = True
        metadata.pop("jupyter", None)
        if jupyter:
            metadata["jupyter"] = jupyter
    if changed:
        text = json.dumps(notebook, indent=1, ensure_ascii=False)
        path.write_text(text + "\n", encoding="utf-8")
    return len(changed)
