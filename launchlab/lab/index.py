"""Find every lab of the book, for its index page: read from the notebooks, never from memory."""

from __future__ import annotations

import ast
import html
import json
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Listed:
    """A lab as the index shows it.

    Parameters
    ----------
    page : str
        Path of its notebook without suffix, relative to the searched folder.
    chapter : str
        The notebook's first heading.
    name, title : str
        As declared.
    predicts : bool
        Whether it asks for a prediction.
    """

    page: str
    chapter: str
    name: str
    title: str
    predicts: bool


def find_labs(folder: Path) -> list[Listed]:
    """Every ``lab.Experiment(name=..., title=...)`` in the notebooks below a folder.

    Parameters
    ----------
    folder : Path

    Returns
    -------
    list of Listed
        In the order of paths and cells.

    Raises
    ------
    ValueError
        If a name or title is not written as plain text, or two labs share a name: an address such
        as ``#lab-NAME`` could then mean either.
    """
    found: list[Listed] = []
    for path in sorted(folder.rglob("*.ipynb")):
        if ".ipynb_checkpoints" not in path.parts:
            found.extend(_labs_of(path, path.relative_to(folder).with_suffix("").as_posix()))
    names = [lab.name for lab in found]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        pages = " and ".join(lab.page for lab in found if lab.name == twice[0])
        raise ValueError(f"two labs are called {twice[0]!r}: {pages}")
    return found


def _labs_of(path: Path, page: str) -> list[Listed]:
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    texts = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown"]
    lines = (line for text in texts for line in text.splitlines())
    chapter = next((line[2:].strip() for line in lines if line.startswith("# ")), page)
    found = []
    for cell in cells:
        source = "".join(cell["source"])
        if cell["cell_type"] != "code" or "Experiment(" not in source:
            continue
        for node in ast.walk(ast.parse(source)):
            if not (isinstance(node, ast.Call) and ast.unparse(node.func).endswith("Experiment")):
                continue
            given = {word.arg: word.value for word in node.keywords}
            texts = []
            for what in ("name", "title"):
                value = given.get(what)
                if not (isinstance(value, ast.Constant) and isinstance(value.value, str)):
                    raise ValueError(f"{page}: an Experiment's {what} is not written as plain text")
                texts.append(value.value)
            found.append(Listed(page, chapter, texts[0], texts[1], "question" in given))
    return found


def labs_html(labs: list[Listed]) -> str:
    """The index as an HTML list by chapter, each lab with a link that leads to it.

    Parameters
    ----------
    labs : list of Listed
        Their pages are taken relative to the page that shows the list.
    """
    parts = []
    chapter = None
    for lab in labs:
        if lab.page != chapter:
            parts.append("</ul>" if chapter is not None else "")
            link = f'<a href="{lab.page}.html">{html.escape(lab.chapter)}</a>'
            parts.append(f"<p><b>{link}</b></p><ul>")
            chapter = lab.page
        asks = " (predict first)" if lab.predicts else ""
        link = f'<a href="{lab.page}.html#lab-{lab.name}">{html.escape(lab.title)}</a>'
        parts.append(f"<li>{link}{asks}</li>")
    return "".join(parts) + ("</ul>" if labs else "")
