"""Definitions in place: what a term of the glossary means, opened beside the word.

Each page carries the definitions of the terms that it uses. The link to the glossary stays what it
is, so that it works without JavaScript; the page's script opens the definition on hover and focus,
and by a finger.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from docutils import nodes

from launchlab.markup import render

# A link that Sphinx has made of a `term` role; in the glossary itself a term is already there.
_LINK = re.compile(
    r'<a class="reference internal" href="(?P<href>[^"#]+#term-(?P<term>[^"]+))">'
    r'(?=<span class="xref std std-term">)'
)


@dataclass(frozen=True)
class Definition:
    """What a term means.

    Parameters
    ----------
    id, href : str
        Of the box on the page, and of its place in the glossary.
    term, meaning : str
        As plain text.
    """

    id: str
    href: str
    term: str
    meaning: str


def read(trees: Iterable[nodes.document]) -> dict[str, tuple[str, str]]:
    """Every term of the glossaries in some pages: its address there, to (term, meaning)."""
    found = {}
    for tree in trees:
        for item in tree.findall(nodes.definition_list_item):
            terms = [one for one in item.children if isinstance(one, nodes.term)]
            (meaning,) = (one for one in item.children if isinstance(one, nodes.definition))
            for term in terms:
                for name in term["ids"]:
                    if name.startswith("term-"):
                        found[name.removeprefix("term-")] = (term.astext(), _plain(meaning))
    return found


def _plain(meaning: nodes.Element) -> str:
    paragraphs = [one.astext() for one in meaning.findall(nodes.paragraph)]
    return " ".join(" ".join(paragraphs).split())


def add(body: str, known: Mapping[str, tuple[str, str]]) -> str:
    """A page's HTML, its terms tied to the definitions that stand at its end.

    Parameters
    ----------
    body : str
    known : mapping
        From `read`.
    """
    used: dict[str, Definition] = {}

    def tie(link: re.Match[str]) -> str:
        name, href = link["term"], link["href"]
        if name not in known:
            return link[0]
        one = used.setdefault(name, Definition(f"definition-{name}", href, *known[name]))
        head = '<a class="reference internal ll-term"'
        return f'{head} href="{href}" aria-describedby="{one.id}">'

    tied = _LINK.sub(tie, body)
    if not used:
        return body
    ordered = [used[name] for name in sorted(used)]
    # As plain text, for the body is HTML already.
    return tied + str(render(__package__, "definitions.html", definitions=ordered))
