"""Collapse in JupyterLab what a chapter's page folds away: plumbing, hints and answers.

JupyterLab shows a cell unless its metadata say otherwise. What the page keeps open (``open-code``)
stays open there too. All other code is collapsed, and of code that answers an exercise so is what
it shows. No metadata collapse text: hints and answers are folded in their own Markdown, as they are
in any other reader of notebooks. A click opens each of them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from launchlab.publish import pages
from launchlab.publish.forms import FOLDS, OPEN_CODE, fold, tags_of, unfold

# JupyterLab's own words for it.
_SOURCE, _OUTPUTS = "source_hidden", "outputs_hidden"


def hidden(cell: dict[str, Any]) -> set[str]:
    """What JupyterLab has to hide of a cell: its source, its outputs, both or nothing."""
    tags = set(tags_of(cell))
    if cell["cell_type"] != "code" or OPEN_CODE in tags:
        return set()
    return {_SOURCE, _OUTPUTS} if tags & set(FOLDS) else {_SOURCE}


def folded(cell: dict[str, Any]) -> str:
    """The text of a cell, as it has to stand in the notebook."""
    source = "".join(cell["source"])
    labels = [FOLDS[tag] for tag in tags_of(cell) if tag in FOLDS]
    if cell["cell_type"] != "markdown" or not labels:
        return source
    return fold(unfold(source, labels[0]), labels[0])


def _metadata(cell: dict[str, Any]) -> dict[str, Any]:
    """The metadata of a cell, as they have to be; all that is not about hiding stays."""
    jupyter = dict(cell["metadata"].get("jupyter", {}))
    wanted = hidden(cell)
    if _SOURCE not in wanted:
        jupyter.pop(_SOURCE, None)
    jupyter.update(dict.fromkeys(sorted(wanted, reverse=True), True))
    others = {name: said for name, said in cell["metadata"].items() if name != "jupyter"}
    return {**others, "jupyter": jupyter} if jupyter else others


def wrong(notebook: dict[str, Any]) -> Iterator[int]:
    """The places of cells that are open and should not be, or are not and should be."""
    for place, cell in enumerate(notebook["cells"]):
        metadata = _metadata(cell)
        if metadata != cell["metadata"] or folded(cell) != "".join(cell["source"]):
            yield place


def collapse(path: Path) -> int:
    """Collapse what a notebook's page folds away; all else in its file stays as it was.

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
        cell = notebook["cells"][place]
        cell["metadata"] = _metadata(cell)
        if (text := folded(cell)) != "".join(cell["source"]):
            cell["source"] = text.splitlines(keepends=True)
    if changed:
        text = json.dumps(notebook, indent=1, ensure_ascii=False)
        path.write_text(text + "\n", encoding="utf-8")
    return len(changed)
