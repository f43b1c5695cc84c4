r"""The roles of a page, read from Markdown that everybody shows.

A notebook is read in JupyterLab, on Binder and in Colab too, and none of them knows MyST: a role
stands there as it is written, and a glued number is missing. So a notebook says all that in plain
Markdown, and `read` makes roles of it as a page is made:

============================================  =============================================
``[word](../glossary.md#term-word)``          a term of the glossary
``([Hardt, 2015](https://… "@hardt2015"))``   a citation, by the key that the title names
``<data value="name">12</data>``              a number that the notebook glues by that name
``[*A title*](one-score.ipynb)``              a link to a page, which says its title
``<span>\$</span>8``                          eight dollars, and no formula
============================================  =============================================

`launchlab.publish.plain` writes it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path

from docutils.nodes import make_id

# From the book's root.
GLOSSARY = Path("book", "glossary.md")
# Money: see `launchlab.publish.plain.escape_money`.
DOLLAR = r"<span>\$</span>"
_TERM = re.compile(r"\[([^\]]+)\]\([^)\s]*glossary\.md#term-([\w-]+)\)")
_WORK = r'\[[^\]]*\]\(\S+ "@([\w:-]+)"\)'
_WORKS = re.compile(rf"\({_WORK}(?:; {_WORK})*\)")
_NUMBER = re.compile(r'<data value="([^"]+)">[^<]*</data>')
_PAGE = re.compile(r"\[\*([^\]*]+)\*\]\(([^)\s#:]+)\.(?:ipynb|md)\)")


def terms(glossary: str) -> dict[str, str]:
    """The terms of a glossary by the name of their place: ``a-b-test`` to ``A/B test``.

    Parameters
    ----------
    glossary : str
        The source of its page.
    """
    found = re.search(r"^:::\{glossary\}\n(.*?)^:::", glossary, re.DOTALL | re.MULTILINE)
    lines = found[1].splitlines() if found else []
    return {make_id(line): line for line in lines if line and not line[0].isspace()}


def terms_of(root: Path) -> dict[str, str]:
    """The terms of a book's glossary; none where it has no glossary."""
    path = root / GLOSSARY
    return terms(path.read_text(encoding="utf-8")) if path.is_file() else {}


def read(text: str, known: Mapping[str, str]) -> str:
    """Markdown as a page reads it: with the roles that plain Markdown stands for.

    Parameters
    ----------
    text : str
    known : mapping
        From `terms`. A link to a term that is not among them stays a link, and the build warns.
    """

    def of_term(found: re.Match[str]) -> str:
        term = known.get(found[2].lower())
        if term is None:
            return found[0]
        return f"{{term}}`{found[1]}`" if found[1] == term else f"{{term}}`{found[1]} <{term}>`"

    def of_works(found: re.Match[str]) -> str:
        return f"{{cite:p}}`{','.join(re.findall(_WORK, found[0]))}`"

    text = _TERM.sub(of_term, text.replace(DOLLAR, r"\$"))
    text = re.sub(_WORK, r"{cite:t}`\1`", _WORKS.sub(of_works, text))
    return _PAGE.sub(r"{doc}`\2`", _NUMBER.sub(r"{glue:text}`\1`", text))


def read_notebook(text: str, known: Mapping[str, str]) -> str:
    """A notebook as a page reads it.

    Parameters
    ----------
    text : str
        The notebook as JSON.
    known : mapping
        From `terms`.
    """
    notebook = json.loads(text)
    cells = [
        {**cell, "source": read("".join(cell["source"]), known)}
        if cell["cell_type"] == "markdown"
        else cell
        for cell in notebook["cells"]
    ]
    return json.dumps({**notebook, "cells": cells}, ensure_ascii=False)
