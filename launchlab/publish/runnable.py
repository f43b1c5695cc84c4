"""Which chapters offer to run their code in the page, and what they need for it.

Python in the page is an extra: with ``PAGE_PYTHON=1`` a build has it, without it no page changes.
A notebook that cannot run there says why in its metadata: ``{"launchlab": {"page_python": "…"}}``.
"""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path
from typing import Any

from docutils import nodes
from markupsafe import Markup

from launchlab.markup import render
from launchlab.publish import forms
from launchlab.publish.pagepython.extension import CONFIGURED

FOLDER = "page-python"
# In the page of a chapter that offers it.
OFFERS = 'class="ll-run"'
# The page that says what can be expected of it.
LIMITS = "book/page-python"
_CELLS = ("run-output.js", "run-lab.js", "run-cells.js")


def reason(notebook: str) -> str:
    """Why the code of a notebook cannot run in a page; empty if it can.

    Parameters
    ----------
    notebook : str
        As JSON.

    Raises
    ------
    ValueError
        If its metadata say anything but a sentence.
    """
    ours = json.loads(notebook)["metadata"].get("launchlab", {})
    found = ours.get("page_python", "")
    if not isinstance(found, str) or (found and not found.endswith(".")):
        raise ValueError(f"page_python={found!r}, expected a sentence that says why not")
    return found


def offer(base: str, limits: str, megabytes: int, why: str = "") -> Markup:
    """The button of a chapter, or the reason why there is none.

    Parameters
    ----------
    base : str
        Address of the folder of Python, seen from the page.
    limits : str
        Address of the page about its limits.
    megabytes : int
        How much a first click loads.
    why : str
        From `reason`.
    """
    return render(__package__, "run.html", base=base, limits=limits, megabytes=megabytes, why=why)


def add_offer(app: Any, doctree: nodes.document, docname: str) -> None:
    """Put the button under a chapter's objectives."""
    if not getattr(app.config, CONFIGURED) or app.builder.format != "html":
        return
    boxes = [one for one in doctree.findall(forms.Box) if one["kind"] == "objectives"]
    path = Path(app.env.doc2path(docname))
    if not boxes or path.suffix != ".ipynb":
        return
    limits = app.builder.get_relative_uri(docname, LIMITS)
    why = reason(path.read_text(encoding="utf-8"))
    base = f"{'../' * docname.count('/')}_static/{FOLDER}/"
    html = str(offer(base, limits, _megabytes(Path(app.outdir)), why))
    place = boxes[0].parent
    place.insert(place.index(boxes[0]) + 1, nodes.raw("", html, format="html"))


def _megabytes(out: Path) -> int:
    """What a first click loads: the parts that lie beside the pages."""
    parts = out.joinpath("_static", FOLDER).glob("*.bin")
    return round(sum(part.stat().st_size for part in parts) / 1e6)


def add_scripts(
    app: Any, _name: str, _template: str, context: dict[str, Any], _doctree: Any
) -> None:
    """Give a page with the button what shows it; the rest is loaded by a click."""
    if OFFERS not in context.get("body", ""):
        return
    app.add_css_file("launchlab/run.css", priority=901)
    app.add_js_file(f"{FOLDER}/runtime.js", loading_method="defer")
    app.add_js_file("launchlab/run-page.js", loading_method="defer")


def scripts() -> dict[str, str]:
    """What a page with the button asks for, besides Python itself: name to text."""
    alone = ("run.css", "run-page.js", "editor.js", "editor-LICENSES.txt")
    cells = "\n".join(map(_front, _CELLS))
    return {name: _front(name) for name in alone} | {_CELLS[-1]: cells}


def write(app: Any) -> None:
    """Put the scripts where the pages ask for them."""
    if not getattr(app.config, CONFIGURED) or app.builder.format != "html":
        return
    folder = Path(app.outdir, "_static", "launchlab")
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in scripts().items():
        folder.joinpath(name).write_text(text, encoding="utf-8")


def _front(name: str) -> str:
    return files(__package__).joinpath("front", name).read_text(encoding="utf-8")


def setup(app: Any) -> None:
    """Register it."""
    app.connect("builder-inited", write)
    app.connect("doctree-resolved", add_offer)
    app.connect("html-page-context", add_scripts)
