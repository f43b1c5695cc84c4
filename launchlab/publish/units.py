"""Keep a number and its unit on one line: the space between them does not break."""

from __future__ import annotations

import re

from docutils import nodes
from sphinx.application import Sphinx

from launchlab.lab.view.numbers import NO_BREAK, UNIT

_AFTER_NUMBER = re.compile(rf"(?<=\d) (?={UNIT})")
_AT_THE_START = re.compile(rf"\A (?={UNIT})")
# What is typed there is shown as it was typed.
_VERBATIM = (nodes.literal, nodes.literal_block, nodes.math, nodes.math_block, nodes.raw)


def keep(_: Sphinx, doctree: nodes.document, __: str) -> None:
    """Put a no-break space between numbers and units; a handler of ``doctree-resolved``.

    The number may stand in a node of its own, before the text that begins with its unit: that is
    how a number of the run stands in a sentence.
    """
    for text in list(doctree.findall(nodes.Text)):
        parent = text.parent
        if isinstance(parent, _VERBATIM):
            continue
        said = text.astext()
        kept = _AFTER_NUMBER.sub(NO_BREAK, said)
        place = parent.index(text)
        if place and parent[place - 1].astext()[-1:].isdigit():
            kept = _AT_THE_START.sub(NO_BREAK, kept)
        if kept != said:
            parent.replace(text, nodes.Text(kept))
