"""What a page's head says to those who find it: a description, and where the page stands."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote
from xml.sax.saxutils import escape

from docutils import nodes

SITE_VARIABLE = "LAUNCHLAB_SITE"
"""Names the address at which the book is published, where it is known."""

MOST_LETTERS = 160
"""Of a description: what is longer, search engines cut off."""

_LEAST_LETTERS = 40
_QUOTES = {'"': "&quot;"}
_ADDRESS = re.compile(r"https?://[\w-]+(\.[\w-]+)*(:\d+)?(/[\w.~%-]+)*/?\Z", re.ASCII)


def description(doctree: Any) -> str:
    """The first paragraph of a page's own text, short enough for a list of what was found.

    What is in a box (who speaks in a scene, what one will be able to do) is no such paragraph.

    Parameters
    ----------
    doctree : docutils document

    Returns
    -------
    str
        Empty where the page has no such paragraph.
    """
    for paragraph in doctree.findall(nodes.paragraph):
        text = " ".join(_words(paragraph).split())
        if isinstance(paragraph.parent, nodes.section) and len(text) >= _LEAST_LETTERS:
            return shorten(text)
    return ""


def _words(paragraph: nodes.paragraph) -> str:
    """The text of a paragraph, without the source of a drawing in it."""
    texts = paragraph.findall(nodes.Text)
    return "".join(str(text) for text in texts if not isinstance(text.parent, nodes.raw))


def shorten(text: str) -> str:
    """A text, or as many of its words as are no longer than a description may be."""
    if len(text) <= MOST_LETTERS:
        return text
    return f"{text[:MOST_LETTERS].rsplit(' ', 1)[0].rstrip(',;:.')} …"


def site_address(environment: Mapping[str, str]) -> str:
    """Where the book is published, with a slash at the end; empty where nobody says so.

    Raises
    ------
    ValueError
        If what the environment says is no address.
    """
    said = environment.get(SITE_VARIABLE, "").strip()
    if said and not _ADDRESS.match(said):
        raise ValueError(
            f"{SITE_VARIABLE}={said!r}, expected an address such as https://host/folder/"
        )
    return f"{said.removesuffix('/')}/" if said else ""


def social(title: str, about: str, address: str, picture: str, alternative: str, book: str) -> str:
    """What a page says to sites that show a card beside a link to it.

    Parameters
    ----------
    title, about : str
        What the page is called, and what it is about.
    address, picture : str
        Of the page and its picture, from ``https`` on: such sites know no other.
    alternative : str
        What the picture shows, for those who do not see it.
    book : str
    """
    said = {
        "og:type": "article",
        "og:site_name": book,
        "og:title": title,
        "og:description": about,
        "og:url": address,
        "og:image": picture,
        "og:image:alt": alternative,
    }
    tags = [
        f'<meta property="{name}" content="{escape(text, _QUOTES)}">' for name, text in said.items()
    ]
    return "".join([*tags, '<meta name="twitter:card" content="summary_large_image">'])


def sitemap(address: str, names: Iterable[str]) -> str:
    """A site's pages, as search engines read them.

    Parameters
    ----------
    address : str
        From `site_address`, not empty.
    names : iterable of str
        Pages by their path from the root, without suffix.
    """
    places = [f"<url><loc>{escape(address + quote(name))}.html</loc></url>" for name in names]
    head = '<?xml version="1.0" encoding="UTF-8"?>'
    urls = "\n".join(sorted(places))
    return (
        f'{head}\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{urls}\n</urlset>\n'
    )
