"""The forms of a page: what a cell's tags make of it.

A chapter has to read well raw in JupyterLab too, so its boxes are no directives but *tags* of
cells. `mark` sets marks around tagged cells as a notebook is read; once Sphinx has a tree of the
page, `GatherForms` puts what stands between two marks into a box, and folds code away.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.transforms import SphinxTransform
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from launchlab.lab.view.people import PEOPLE
from launchlab.publish import roles

logger = logging.getLogger(__name__)

# Each makes a box of one Markdown cell; what stands above it, if its text does not say so itself.
BOXES = {
    "scene": "",
    "standing": "Where we stand",
    "objectives": "",
    "record": "Decision record",
    "wild": "Seen in the wild",
    "exercise": "",
    "doors": "",
}
# Cells of one kind in a row are folded together, code and text alike.
FOLDS = {"hint": "Hint", "answer": "Answer"}
OPEN_CODE = "open-code"
CHECK = "check"
TAGS = frozenset({*BOXES, *FOLDS, OPEN_CODE, CHECK})
# Set in the metadata of a page that has code behind a toggle.
HAS_CODE = "launchlab-has-code"
# MyST-NB's own count: so many lines a cell, from the first one on.
_LINES_A_CELL = 10_000
_BEGIN, _END = "launchlab-begin", "launchlab-end"
# What folds in the notebook itself: a hint in its own Markdown, an answer under a heading, since
# JupyterLab shows again what code prints as soon as it runs, unless it stands under such a one.
_FOLD, _FOLD_END = "<details><summary><b>{}</b></summary>\n\n", "\n\n</details>"
ANSWER = "#### Answer"
# The next exercise ends what the heading of an answer folds.
EXERCISE = "### Exercise {}\n\n"
_EXERCISE = re.compile(r"### Exercise \d+\n+")


class Begin(nodes.Invisible, nodes.Element):  # type: ignore[misc]
    """Where a form begins; stands in the tree until its form is gathered."""


class End(nodes.Invisible, nodes.Element):  # type: ignore[misc]
    """Where a form ends."""


class Box(nodes.General, nodes.Element):  # type: ignore[misc]
    """What stands in a ticket or a plain box."""


class Fold(nodes.General, nodes.Element):  # type: ignore[misc]
    """What can be unfolded: a hint, an answer, or the code of cells."""


@dataclass(frozen=True)
class Stretch:
    """Cells that make one form.

    Parameters
    ----------
    kind : str
        Their tag.
    first, last : int
        Their places in the notebook.
    """

    kind: str
    first: int
    last: int


def tags_of(cell: dict[str, Any]) -> list[str]:
    """The tags of a cell of a notebook."""
    return list(cell.get("metadata", {}).get("tags", []))


def stretches(cells: Sequence[dict[str, Any]]) -> list[Stretch]:
    """The forms of a notebook's cells, in their order."""
    found: list[Stretch] = []
    for place, cell in enumerate(cells):
        for kind in tags_of(cell):
            if kind in FOLDS and found and (found[-1].kind, found[-1].last) == (kind, place - 1):
                found[-1] = Stretch(kind, found[-1].first, place)
            elif kind in FOLDS or (kind in BOXES and cell["cell_type"] == "markdown"):
                found.append(Stretch(kind, place, place))
    return found


def label_of(one: Stretch) -> str:
    """What a form begins with in the notebook: there nothing else says what it is.

    JupyterLab knows nothing of forms. In a page the ticket or the fold says it.
    """
    if one.kind == "answer":
        return ANSWER
    if one.kind in FOLDS:
        return _FOLD.format(FOLDS[one.kind]).strip()
    label = BOXES.get(one.kind)
    return f"**{label}.**" if label else ""


def fold(text: str, label: str) -> str:
    """Text that every reader of notebooks folds away behind its label.

    Parameters
    ----------
    text : str
        With or without the label before it.
    label : str
        Such as ``Hint``.
    """
    inside = text.removeprefix(f"**{label}.**").strip()
    return f"{_FOLD.format(label)}{inside}{_FOLD_END}"


def bare(cell: dict[str, Any], kind: str) -> str:
    """The text of a cell without what it says of its form in the notebook."""
    source = "".join(cell["source"])
    label = FOLDS.get(kind) or BOXES.get(kind)
    if kind == "exercise":
        return _EXERCISE.sub("", source, count=1)
    if not label or cell["cell_type"] != "markdown":
        return source
    start = _FOLD.format(label)
    if kind in FOLDS and source.startswith(start) and source.endswith(_FOLD_END):
        return source[len(start) : -len(_FOLD_END)]
    return source.removeprefix(f"**{label}.**").lstrip() if source.startswith("**") else source


def is_heading(cell: dict[str, Any]) -> bool:
    """Whether a cell is the heading under which JupyterLab folds an answer away."""
    return "answer" in tags_of(cell) and "".join(cell["source"]).strip() == ANSWER


def mark(text: str) -> str:
    """A notebook with marks around its tagged cells, for Sphinx to read.

    Marks are cells of Markdown. What a form says of itself is left out of its cells. Code cells
    stay as they are, so what they showed when they were executed still belongs to them; and
    each line keeps the number that warnings give it.

    Parameters
    ----------
    text : str
        The notebook as JSON.
    """
    notebook = json.loads(text)
    cells = notebook["cells"]
    found = stretches(cells)
    if not found:
        return text
    begins, ends = {one.first: one for one in found}, {one.last: one for one in found}
    kinds = {k: one.kind for one in found for k in range(one.first, one.last + 1)}
    marked: list[dict[str, Any]] = []
    lines: list[int] = []
    for place, cell in enumerate(cells):
        line = (place + 1) * _LINES_A_CELL
        if place in begins:
            marked.append(_mark(_BEGIN, begins[place].kind, place, notebook))
            lines.append(line)
        if not is_heading(cell):
            said = bare(cell, kinds[place]) if place in kinds else cell["source"]
            marked.append({**cell, "source": said})
            lines.append(line)
        if place in ends:
            marked.append(_mark(_END, ends[place].kind, place, notebook))
            lines.append(line)
    metadata = {**notebook["metadata"], "source_map": lines}
    return json.dumps({**notebook, "cells": marked, "metadata": metadata}, ensure_ascii=False)


def _mark(directive: str, kind: str, place: int, notebook: dict[str, Any]) -> dict[str, Any]:
    cell = {"cell_type": "markdown", "metadata": {}, "source": f"```{{{directive}}} {kind}\n```"}
    # From notebooks of version 4.5 on, every cell has a name of its own.
    named = (notebook["nbformat"], notebook["nbformat_minor"]) >= (4, 5)
    return {**cell, "id": f"{directive}-{place}"} if named else cell


class _Mark(SphinxDirective):
    """A mark that `mark` has set."""

    required_arguments = 1
    node: type[nodes.Element]

    def run(self) -> list[nodes.Node]:
        """Put the mark into the tree."""
        one = self.node(kind=self.arguments[0])
        self.set_source_info(one)
        return [one]


class BeginForm(_Mark):
    """The beginning of a form."""

    node = Begin


class EndForm(_Mark):
    """The end of a form."""

    node = End


class GatherForms(SphinxTransform):
    """Put tagged cells into their forms, take checks away, and fold code."""

    # After the tree is whole, before Sphinx gathers titles and targets from it.
    default_priority = 300

    def apply(self, **_: Any) -> None:
        """Do so for the page that has just been read."""
        exercise = 0
        for begin in list(self.document.findall(Begin)):
            exercise += begin["kind"] == "exercise"
            self._gather(begin, exercise)
        for end in list(self.document.findall(End)):
            end.parent.remove(end)
        for cell in list(_cells(self.document)):
            if f"tag_{CHECK}" in cell["classes"] and not _failed(cell):
                cell.parent.remove(cell)
        folded = str(getattr(self.config, "launchlab_folded", ""))
        if self.env.docname.startswith(folded) and self._fold_code():
            self.env.metadata[self.env.docname][HAS_CODE] = "yes"

    def _gather(self, begin: nodes.Element, exercise: int) -> None:
        kind, parent = begin["kind"], begin.parent
        start = parent.index(begin)
        ends = (place for place in range(start, len(parent)) if isinstance(parent[place], End))
        end = next(ends, None)
        if end is None:
            logger.warning(
                "a cell tagged %r has a heading: expected bold text instead", kind, location=begin
            )
            parent.remove(begin)
            return
        inside = parent.children[start + 1 : end]
        form: nodes.Element
        if kind in FOLDS:
            form = Fold(kind=kind, label=FOLDS[kind], number=exercise)
            for cell in _cells(*inside):
                cell["classes"].append("ll-solved")
        else:
            form = Box(kind=kind, label=BOXES[kind])
        form += inside
        if kind == "scene":
            _name_speakers(form)
        parent[start : end + 1] = [form]

    def _fold_code(self) -> bool:
        """Fold the code of cells; a cell that shows nothing is folded with the next one."""
        folded = False
        before: Fold | None = None
        for cell in list(_cells(self.document)):
            cell.attributes.pop("hide_mode", None)
            source = cell[0] if cell.children else None
            if (
                {f"tag_{OPEN_CODE}", "ll-solved"} & set(cell["classes"])
                or not isinstance(source, nodes.Element)
                or source.get("nb_element") != "cell_code_source"
            ):
                before = None
                continue
            folded = True
            # Of a claim's cell nobody misses the code; the page's switch shows it with all other.
            kind = "code ll-of-claim" if _shows_claims_only(source) else "code"
            fold = Fold(kind=kind, label="Code", number=0)
            cell.replace(source, fold)
            fold += source
            if before is not None and _follows(before.parent, cell):
                silent = before.parent
                fold[0:0] = before.children
                silent.parent.remove(silent)
            before = fold if len(cell) == 1 else None
        return folded


def _cells(*trees: nodes.Node) -> Iterator[nodes.Element]:
    for tree in trees:
        for one in tree.findall(nodes.container):
            if one.get("nb_element") == "cell_code":
                yield one


def _shows_claims_only(source: nodes.Element) -> bool:
    lines = [line for line in source.astext().splitlines() if line.strip()]
    return bool(lines) and lines[0].startswith(("claims.show(", "claims.table("))


def _failed(cell: nodes.Element) -> bool:
    """Whether a cell shows an error: its author wants to see it, also that of a check."""
    return any("traceback" in one["classes"] for one in cell.findall(nodes.literal_block))


def _follows(first: nodes.Element, second: nodes.Element) -> bool:
    parent = first.parent
    return parent is second.parent and parent.index(first) + 1 == parent.index(second)


def _name_speakers(scene: nodes.Element) -> None:
    """Give each paragraph that one of the five speaks their icon and colour."""
    for paragraph in scene.findall(nodes.paragraph):
        # MyST may put an empty text before the first word.
        first = next((one for one in paragraph.children if one.astext()), None)
        if not isinstance(first, nodes.strong):
            continue
        said = first.astext().rstrip(":").casefold()
        for name, person in PEOPLE.items():
            if person.label.casefold() == said:
                paragraph["classes"] += ["ll-says", f"ll-{name}"]
                paragraph.insert(0, nodes.raw("", person.drawing(), format="html"))


def visit_box(self: Any, node: nodes.Element) -> None:
    """Open a box."""
    kind, label = node["kind"], node["label"]
    ticket = "" if kind in ("objectives", "exercise", "doors") else "ll-ticket "
    name = label or kind.capitalize()
    self.body.append(f'<div class="{ticket}ll-{kind}" role="group" aria-label="{name}">\n')
    if label:
        self.body.append(f'<p class="ll-label" aria-hidden="true">{label}</p>\n')


def depart_box(self: Any, _node: nodes.Element) -> None:
    """Close a box."""
    self.body.append("</div>\n")


def visit_fold(self: Any, node: nodes.Element) -> None:
    """Open what can be unfolded."""
    number = node["number"]
    which = f'<span class="visually-hidden"> of exercise {number}</span>' if number else ""
    kind, label = node["kind"], node["label"]
    self.body.append(f'<details class="ll-fold ll-{kind}"><summary>{label}{which}</summary>\n')


def depart_fold(self: Any, _node: nodes.Element) -> None:
    """Close what can be unfolded."""
    self.body.append("</details>\n")


def _pass(_self: Any, _node: nodes.Element) -> None:
    """Other builders, such as that of translations, show what is inside."""


def mark_source(app: Any, name: str, content: list[str]) -> None:
    """Set the marks, and the roles that plain Markdown stands for, as Sphinx reads a page."""
    if content[0].lstrip().startswith("{"):
        try:
            known = roles.terms_of(Path(app.srcdir))
            content[0] = mark(roles.read_notebook(content[0], known))
        except (json.JSONDecodeError, KeyError, TypeError):
            # A page that begins with a brace and is no notebook: its own reader says what is wrong.
            logger.debug("%s is no notebook", name)


def setup(app: Any) -> None:
    """Register the forms."""
    app.add_config_value("launchlab_folded", "", "env", [str])
    app.add_directive(_BEGIN, BeginForm)
    app.add_directive(_END, EndForm)
    for mark_node in (Begin, End):
        app.add_node(mark_node, html=(_pass, _pass))
    app.add_node(Box, html=(visit_box, depart_box))
    app.add_node(Fold, html=(visit_fold, depart_fold))
    app.add_transform(GatherForms)
    app.connect("source-read", mark_source)
