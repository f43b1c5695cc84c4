"""Drawings of the book's own as part of the page, so that they take its colours.

A picture that is merely linked knows nothing of the page around it: on a dark page its black lines
would be lost, since only the reader's system, and not the page's own switch, is told to it.
"""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

from docutils import nodes
from markupsafe import escape
from sphinx.application import Sphinx
from sphinx.util import logging

logger = logging.getLogger(__name__)
MOST_BYTES = 15_000
"""A drawing larger than this is no drawing by hand."""

LEAST_TEXT = 0.0305
"""Of a drawing's width: letters of 11 px on a phone, where it takes the whole 360 px."""

PAPER = "background:#fbf8f2"
"""In the style of a drawing's outermost element: what shows the file as a picture, as JupyterLab
does, draws its lines in black, and black on a dark page is lost. In the book's pages it is left
out, since there a drawing takes the page's colours."""

_SVG = "{http://www.w3.org/2000/svg}svg"


def drawing(source: str, alternative: str, name: str) -> str:
    """A drawing as HTML, with its written alternative.

    Parameters
    ----------
    source : str
        An SVG document.
    alternative : str
        What the drawing shows, for those who do not see it.
    name : str
        Of the drawing. Its ids begin with it, since those of two drawings share one page.

    Raises
    ------
    ValueError
        If it is no SVG, is too large, has no ``viewBox``, an id that begins otherwise or text that
        cannot be read on a phone, or if the alternative is empty.
    """
    if not alternative.strip():
        raise ValueError("has no written alternative: expected ![what it shows](FILE.svg)")
    if len(source.encode()) > MOST_BYTES:
        raise ValueError(f"has {len(source.encode()):,} bytes, expected at most {MOST_BYTES:,}")
    try:
        tree = ElementTree.fromstring(source)
    except ElementTree.ParseError as error:
        raise ValueError(f"is no SVG: {error}") from error
    if tree.tag != _SVG or "viewBox" not in tree.attrib:
        raise ValueError("is no SVG with a viewBox")
    width = float(tree.attrib["viewBox"].split()[2])
    for one in tree.iter():
        size = float(one.get("font-size", width))
        if size < LEAST_TEXT * width:
            raise ValueError(
                f"has font-size={size:g} in a width of {width:g}, expected at least "
                f"{LEAST_TEXT * width:.3g}: on a phone it cannot be read"
            )
        if not one.get("id", name).startswith(name):
            raise ValueError(f"has id={one.get('id')!r}, expected one that begins with {name!r}")
    start = source.index("<svg")
    told = f'<svg class="ll-drawing" role="img" aria-label="{escape(alternative)}"'
    return f"{told} {source[start + len('<svg') :].strip().replace(PAPER, '', 1)}"


def inline(app: Sphinx, doctree: nodes.document, name: str) -> None:
    """Put each drawing that a page shows into the page."""
    if app.builder.format != "html":
        return
    for image in list(doctree.findall(nodes.image)):
        if not image["uri"].endswith(".svg") or "://" in image["uri"]:
            continue
        path = Path(app.srcdir, image["uri"])
        try:
            html = drawing(path.read_text(encoding="utf-8"), image.get("alt", ""), path.stem)
        except ValueError as error:
            logger.warning("%s: %s %s", name, image["uri"], error)
            continue
        image.replace_self(nodes.raw("", html, format="html"))
