"""Collapse in JupyterLab what a chapter's page folds away: plumbing, hints and answers.

JupyterLab shows a cell unless its metadata say otherwise. What the page keeps open (``open-code``)
stays open there too; all other code is collapsed. A hint is folded in its own Markdown, as it is in
any other reader of notebooks. An answer, with all that its code shows, lies under a heading that is
collapsed, down to the heading of the next exercise. A click opens each of them, and the page leaves
those headings out.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from launchlab.publish import forms, pages

# JupyterLab's own words for it.
_SOURCE, _HEADING = "source_hidden", "jp-MarkdownHeadingCollapsed"


def is_plumbing(cell: dict[str, Any]) -> bool:
    """Whether a cell is code that no reader of the chapter has to see."""
    shown = {forms.OPEN_CODE, *forms.FOLDS}
    return cell["cell_type"] == "code" and not shown & set(forms.tags_of(cell))


def _metadata(cell: dict[str, Any]) -> dict[str, Any]:
    metadata = dict(cell["metadata"])
    if is_plumbing(cell) != bool(metadata.get("jupyter", {}).get(_SOURCE, False)):
        jupyter = dict(metadata.pop("jupyter", {}))
        jupyter.pop(_SOURCE, None)
        jupyter |= {_SOURCE: True} if is_plumbing(cell) else {}
        metadata |= {"jupyter": jupyter} if jupyter else {}
    return metadata


def _text(cell: dict[str, Any], exercise: int) -> str:
    tags = forms.tags_of(cell)
    if cell["cell_type"] == "markdown":
        if "exercise" in tags:
            return forms.EXERCISE.format(exercise) + forms.bare(cell, "exercise")
        if "hint" in tags:
            return forms.fold(forms.bare(cell, "hint"), forms.FOLDS["hint"])
        if "answer" in tags:
            return forms.bare(cell, "answer")
    return "".join(cell["source"])


def collapsed(cells: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The cells of a notebook, as JupyterLab has to be given them.

    Parameters
    ----------
    cells : sequence of dict
        As they stand in the notebook; cells that are right already stay what they are.
    """
    own = [cell for cell in cells if not forms.is_heading(cell)]
    answers = {one.first for one in forms.stretches(own) if one.kind == "answer"}
    made: list[dict[str, Any]] = []
    exercise = 0
    for place, cell in enumerate(own):
        exercise += "exercise" in forms.tags_of(cell)
        if place in answers:
            made.append(_heading(cell))
        text = _text(cell, exercise)
        right = text == "".join(cell["source"])
        source = cell["source"] if right else text.splitlines(keepends=True)
        made.append({**cell, "metadata": _metadata(cell), "source": source})
    return made


def _heading(before: dict[str, Any]) -> dict[str, Any]:
    metadata = {_HEADING: True, "tags": ["answer"]}
    # From notebooks of version 4.5 on, every cell has a name of its own.
    named = {"id": f"answer-{before['id']}"[:64]} if "id" in before else {}
    return {"cell_type": "markdown", **named, "metadata": metadata, "source": [forms.ANSWER]}


def wrong(notebook: dict[str, Any]) -> Iterator[int]:
    """The place of the first cell that is open and should not be, or is not and should be."""
    cells, made = notebook["cells"], collapsed(notebook["cells"])
    for place, (cell, wanted) in enumerate(zip(cells, made, strict=False)):
        same = "".join(cell["source"]) == "".join(wanted["source"])
        if not same or cell["metadata"] != wanted["metadata"]:
            yield place
            return


def collapse(path: Path) -> int:
    """Collapse what a notebook's page folds away; all else in its file stays as it was.

    Parameters
    ----------
    path : Path

    Returns
    -------
    int
        How many cells were changed or added.

    Raises
    ------
    UsageError
        If there is no such notebook.
    """
    try:
        notebook = json.loads(path.read_text(encoding="utf-8"))
        cells = collapsed(notebook["cells"])
    except (OSError, ValueError, KeyError, TypeError):
        raise pages.UsageError(f"{path.as_posix()}: expected the path of a notebook") from None
    changed = sum(cell not in notebook["cells"] for cell in cells)
    if changed:
        pages.write_notebook(path, {**notebook, "cells": cells})
    return changed
