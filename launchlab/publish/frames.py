"""A page for each lab, to be shown in a frame: the lab, its sentence and table, its chapter's name.

A learning management system shows such a page within one of its own. What a chapter has around its
labs, menus and search and notes, would leave no room there.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

from markupsafe import Markup

from launchlab.markup import render
from launchlab.publish.index import Listed

FOLDER = "frames"
"""Where the pages lie, from the site's root."""

_LAB = re.compile(r'<section class="launchlab[^>]*? id="lab-(?P<name>[^"]+)".*?</section>', re.S)
_TITLE = re.compile(r'<p class="ll-title"[^>]*>(.*?)</p>', re.S)
_STYLE = """
body { margin: 0; padding: 0.5rem; background: var(--ll-paper); color: var(--ll-ink);
  font: 1rem/1.5 var(--ll-sans); }
main { max-width: 52rem; margin: 0 auto; }
section.launchlab { margin: 0; border: 0; padding: 0.5rem; }
a { color: var(--ll-accent); }
a:focus-visible { outline: 3px solid var(--ll-accent); outline-offset: 2px; }
table { border-collapse: collapse; }
th, td { padding: 0.15rem 0.6rem; border-bottom: 1px solid var(--ll-line); }
.ll-from { margin: 0.5rem; font-size: 0.9em; }
html:not(.ll-forgets) .ll-nothing-kept { display: none; }
"""
# A frame has no switch for the dark: it follows its reader's system.
_THEME = (
    'if (matchMedia("(prefers-color-scheme: dark)").matches) '
    'document.documentElement.dataset.theme = "dark";'
)


def make(
    body: str, page: str, chapter: str, book: str, *, first: str, give_up: str
) -> dict[str, str]:
    """The pages of all labs in a page.

    Parameters
    ----------
    body : str
        The HTML of the page's text.
    page : str
        Its path from the site's root, without suffix.
    chapter, book : str
        What the page and the book are called.
    first : str
        Script that runs before anything is painted.
    give_up : str
        Script for when the labs' own does not come.

    Returns
    -------
    dict
        The HTML of each, by the lab's name.
    """
    found: dict[str, str] = {}
    for lab in _LAB.finditer(body):
        title = _TITLE.search(lab[0])
        assert title is not None, lab["name"]
        found[lab["name"]] = render(
            __package__,
            "frame.html",
            name=lab["name"],
            title=plain(title[1]),
            section=Markup(lab[0]),
            page=page,
            chapter=plain(chapter),
            book=book,
            style=Markup(_STYLE),
            first=Markup(first + _THEME),
            give_up=give_up,
        )
    return found


def plain(text: str) -> str:
    """Text that was HTML."""
    return html.unescape(re.sub(r"<[^>]+>", "", text))


def write(site: Path, made: dict[str, str]) -> None:
    """Write pages from `make` into a site's folder."""
    for name, text in made.items():
        site.joinpath(FOLDER).mkdir(parents=True, exist_ok=True)
        site.joinpath(FOLDER, f"{name}.html").write_text(text, encoding="utf-8")


def table(labs: Sequence[Listed], contents: Sequence[str], folder: str) -> str:
    """All these pages as an HTML table, chapter by chapter.

    Parameters
    ----------
    labs : sequence of Listed
    contents : sequence of str
        Pages in the order in which they are read; those that it leaves out come last.
    folder : str
        Address of the pages' folder, seen from the page with the table; with a slash at its end.
    """
    place = {page: number for number, page in enumerate(contents)}
    labs = sorted(labs, key=lambda lab: (place.get(lab.page, len(place)), lab.page))
    pages = [(page, list(group)) for page, group in groupby(labs, key=lambda lab: lab.page)]
    return render(__package__, "frames.html", pages=pages, folder=folder)
