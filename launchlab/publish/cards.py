"""A picture for each page, which other sites show beside a link to it: title, part, and a drawing.

Pictures are drawn from SVG by vl-convert, which Altair's charts need anyway, in the book's own
type. They are kept by their content, so that a build draws only what has changed.
"""

from __future__ import annotations

import hashlib
import html
import io
import re
import shutil
import textwrap
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path

import vl_convert
from markupsafe import Markup
from PIL import Image

from launchlab.lab.view import theme
from launchlab.markup import render

FOLDER = "cards"
"""Where the pictures lie, from the site's root."""

WIDTH, HEIGHT = 1200, 630
"""In pixels: the size that sites which show such pictures ask for."""

_PAPER = "#fbf8f2"
# Where drawn pictures are kept, from the book's root. A number for what the content does not tell.
_KEPT = Path(".cache", "cards")
_EDITION = 1
_COLOURS = 128
# The size of a title's letters, and how many of them a line has room for.
_LINES = ((72, 14), (60, 17), (50, 21))
_MOST_LINES = 4
_DRAWING = re.compile(r'<svg class="ll-drawing".*?</svg>', re.S)
_COLOUR = re.compile(r"var\(--[\w-]+,\s*(?P<light>[^()]+)\)")
_SAID = re.compile(r'^<svg [^>]*?aria-label="([^"]*)"')
_IN_PAGE = re.compile(r' (?:class|role|aria-label|style|width|height)="[^"]*"')
_PLACE = 'x="640" y="90" width="500" height="420"'


def drawing(body: str) -> str:
    """The first drawing of a page, as it stands in its HTML; empty where there is none."""
    found = _DRAWING.search(body)
    return found[0] if found else ""


def alternative(drawn: str, title: str) -> str:
    """What a picture shows, for those who do not see it."""
    said = _SAID.search(drawn)
    return f"{title}. {html.unescape(said[1])}" if said else title


def picture(title: str, part: str, book: str, drawn: str) -> str:
    """A page's picture as SVG.

    Parameters
    ----------
    title, part, book : str
        What the page, its part of the book, and the book are called.
    drawn : str
        From `drawing`; may be empty.
    """
    size, lines = _set(title)
    return render(
        __package__,
        "card.svg",
        width=WIDTH,
        height=HEIGHT,
        paper=_PAPER,
        ink=_light(theme.INK),
        accent=_light(theme.ACCENT),
        muted=_light(theme.MUTED),
        size=size,
        lines=lines,
        part=part,
        book=book,
        drawn=Markup(_fit(drawn)),
    )


def _set(title: str) -> tuple[int, list[str]]:
    """The size of a title's letters, and its lines, none of them much shorter than the others."""
    for size, letters in _LINES:
        lines = textwrap.wrap(title, letters, break_long_words=False)
        if len(lines) <= _MOST_LINES and all(len(line) <= letters for line in lines):
            tries = (textwrap.wrap(title, fewer) for fewer in range(1, letters + 1))
            # The narrowest that takes no more lines, and cuts no word.
            return size, next(
                one for one in tries if len(one) == len(lines) and " ".join(one) == " ".join(lines)
            )
    return size, textwrap.wrap(title, letters, max_lines=_MOST_LINES, placeholder=" …")


def _light(colours: str) -> str:
    """With its fallback in place of each variable, which only a page knows."""
    return _COLOUR.sub(lambda found: found["light"], colours)


def _fit(drawn: str) -> str:
    """A drawing without what it needs in a page only: it fills the place that it is given."""
    if not drawn:
        return ""
    head, rest = drawn.split(">", 1)
    # In the book's pages the accent is more than ink; where nobody knows it, it is ink.
    rest = rest.replace("var(--ll-accent,currentColor)", theme.ACCENT)
    return f"{_IN_PAGE.sub('', head)} {_PLACE}>{_light(rest)}"


@cache
def _bring_type() -> None:
    vl_convert.register_font_directory(str(files(__package__).joinpath("front")))


def draw(svg: str) -> bytes:
    """A picture as PNG."""
    _bring_type()
    drawn = Image.open(io.BytesIO(vl_convert.svg_to_png(svg))).convert("RGB")
    made = io.BytesIO()
    drawn.quantize(_COLOURS, method=Image.Quantize.FASTOCTREE).save(made, "PNG")
    return made.getvalue()


def write(site: Path, root: Path, name: str, svg: str) -> str:
    """Write a page's picture into a site; draw it, where none of this content is kept.

    Parameters
    ----------
    site, root : Path
        Folders of the built site, and of the book.
    name : str
        Of the page, by its path from the site's root without suffix.
    svg : str
        From `picture`.

    Returns
    -------
    str
        The picture's address, seen from the site's root.
    """
    content = f"{_EDITION} {version('vl-convert-python')} {svg}"
    kept = root / _KEPT / f"{hashlib.sha256(content.encode()).hexdigest()[:32]}.png"
    if not kept.is_file():
        kept.parent.mkdir(parents=True, exist_ok=True)
        # A half-written picture must not look like one.
        unfinished = kept.with_suffix(".new")
        unfinished.write_bytes(draw(svg))
        unfinished.replace(kept)
    address = Path(FOLDER, f"{name}.png")
    site.joinpath(address).parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(kept, site / address)
    return address.as_posix()
