"""Plain Markdown instead of what only Jupyter Book understands: roles, and money.

Who writes a chapter may write roles. `write` makes of them what `launchlab.publish.roles` reads
back, brings numbers, titles and sources up to date, and marks each dollar that is money:
JupyterLab takes what stands between two dollar signs for a formula.
"""

from __future__ import annotations

import ast
import json
import os.path
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

from docutils.nodes import make_id
from markdown_it import MarkdownIt
from mdit_py_plugins.dollarmath import dollarmath_plugin
from pybtex.database import Entry, parse_file

from launchlab.publish import execute, pages, roles
from launchlab.publish.index import find_heading

# From the book's root.
WORKS = Path("book", "references.bib")
ROLE = re.compile(r"\{(doc|term|cite:p|cite:t|glue:text)\}`([^`]+)`")
_NAMED = re.compile(r"(.+?)\s*<([^<>]+)>", re.DOTALL)
_MONEY = re.compile(rf"{re.escape(roles.DOLLAR)}|\\?\$")
_DATA = re.compile(r'<data value="[^"]*">.*?</data>', re.DOTALL)
_GLUED = "application/papermill.record/text/plain"


def escape_money(text: str) -> str:
    r"""Markdown with ``<span>\$</span>`` for each dollar sign that begins or ends no formula.

    JupyterLab looks for formulas twice: in the Markdown, where a backslash stops it, and in what
    was made of it, where no formula goes beyond a tag. In the words for an image the backslash
    is enough.

    Parameters
    ----------
    text : str
    """
    if "$" not in text:
        return text
    # A number of the run is never part of a formula: two of them would make one of all between.
    text = _DATA.sub(lambda found: _MONEY.sub(lambda _: roles.DOLLAR, found[0]), text)
    formulas = sorted({f"${one}$" for one in _formulas(text)}, key=len, reverse=True)
    code = [r"```.*?```", r"`[^`]*`", r"\$\$.*?\$\$", re.escape(roles.DOLLAR)]
    kept = "|".join([*code, *map(re.escape, formulas)])
    image = r"!\[[^\]]*\]\([^)]*\)"

    def safe(found: re.Match[str]) -> str:
        if found[1] is not None:
            return found[1]
        return re.sub(r"\\?\$", r"\\$", found[2]) if found[2] is not None else roles.DOLLAR

    return re.sub(rf"({kept})|({image})|\\?\$", safe, text, flags=re.DOTALL)


@cache
def _parser() -> MarkdownIt:
    # Formulas as _config.yml has them.
    return MarkdownIt("commonmark").enable("table").use(dollarmath_plugin, allow_space=False)


def _formulas(text: str) -> Iterator[str]:
    for block in _parser().parse(text):
        for one in block.children or ():
            if one.type == "math_inline":
                yield one.content


def glued(notebook: Any) -> dict[str, str]:
    """What an executed notebook glues, by name, as its page says it."""
    found = {}
    for cell in notebook["cells"]:
        for output in cell.get("outputs", ()):
            name = output.get("metadata", {}).get("scrapbook", {}).get("name")
            text = "".join(output.get("data", {}).get(_GLUED, ""))
            if name and text:
                found[name] = str(ast.literal_eval(text)) if text[0] in "'\"" else text
    return found


@dataclass(frozen=True)
class Work:
    """What a citation says, and where its work can be read.

    Parameters
    ----------
    who, year : str
        ``year`` may be empty.
    address : str
        Empty where the bibliography knows none.
    """

    who: str
    year: str
    address: str


def work(entry: Entry) -> Work:
    """What a citation of an entry of the bibliography says."""
    people = entry.persons.get("author") or entry.persons.get("editor") or []
    names = [" ".join(map(str, [*one.rich_prelast_names, *one.rich_last_names])) for one in people]
    who = f"{names[0]} et al." if len(names) > 2 or "others" in names else " and ".join(names)
    told = entry.fields
    for name, start in (("url", ""), ("doi", "https://doi.org/"), ("eprint", _ARXIV)):
        if name in told:
            return Work(who, told.get("year", ""), f"{start}{told[name]}")
    return Work(who, told.get("year", ""), "")


_ARXIV = "https://arxiv.org/abs/"


@dataclass(frozen=True)
class Known:
    """What the text of one notebook may speak of.

    Parameters
    ----------
    root, path : Path
        The book's folder, and the notebook.
    terms : mapping
        From `roles.terms`.
    works : mapping
        By their keys in the bibliography.
    numbers : mapping
        What the notebook glues, by name.
    """

    root: Path
    path: Path
    terms: Mapping[str, str]
    works: Mapping[str, Work]
    numbers: Mapping[str, str]

    def link(self, target: Path) -> str:
        """The way from the notebook to a file, as a link has it."""
        return Path(os.path.relpath(target, self.path.parent)).as_posix()


def plain(text: str, known: Known) -> str:
    """Markdown without roles, and with money that is no formula.

    Parameters
    ----------
    text : str
        Of one cell: with roles, plain already, or both.
    known : Known

    Raises
    ------
    UsageError
        If it names what there is not: a term, a work, a number, or a page.
    """
    makers = {"doc": _page, "term": _term, "glue:text": _number, "cite:p": _works, "cite:t": _work}
    asked = roles.read(text, known.terms)
    made = ROLE.sub(lambda one: makers[one[1]](one[2], known), asked)
    return escape_money(made)


def _unknown(what: str, name: str, known: Known) -> pages.UsageError:
    place = known.path.relative_to(known.root).as_posix()
    return pages.UsageError(f"{place}: expected the name of {what}, got {name!r}")


def _page(said: str, known: Known) -> str:
    named = _NAMED.fullmatch(said)
    name = named[2] if named else said
    folder = known.root if name.startswith("/") else known.path.parent
    for suffix in (".ipynb", ".md"):
        target = folder / f"{name.lstrip('/')}{suffix}"
        if target.is_file():
            text = named[1] if named else f"*{_title(target)}*"
            return f"[{text}]({known.link(target)})"
    raise _unknown("a page", name, known)


def _title(path: Path) -> str:
    if path.suffix == ".ipynb":
        return find_heading(path)
    found = re.search(r"^# (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return re.sub(r"[*`]", "", found[1]) if found else path.stem


def _term(said: str, known: Known) -> str:
    named = _NAMED.fullmatch(said)
    text, name = (named[1], named[2]) if named else (said, said)
    place = make_id(name)
    if place not in known.terms:
        raise _unknown("a term of the glossary", name, known)
    return f"[{text}]({known.link(known.root / roles.GLOSSARY)}#term-{place})"


def _number(name: str, known: Known) -> str:
    if name not in known.numbers:
        raise _unknown("what the notebook glues", name, known)
    return f'<data value="{name}">{escape(known.numbers[name], quote=False)}</data>'


def _cited(key: str, form: str, known: Known) -> str:
    if key not in known.works:
        raise _unknown("a work of the bibliography", key, known)
    one = known.works[key]
    year = form.format(one.year) if one.year else ""
    address = one.address or known.link(known.root / WORKS)
    # A bracket would end the link.
    address = f"<{address}>" if re.search(r"[()]", address) else address
    return f'[{one.who}{year}]({address} "@{key}")'


def _works(said: str, known: Known) -> str:
    keys = [key.strip() for key in said.split(",")]
    return f"({'; '.join(_cited(key, ', {}', known) for key in keys)})"


def _work(said: str, known: Known) -> str:
    return _cited(said, " ({})", known)


def know(root: Path, path: Path) -> Known:
    """What the text of a notebook may speak of.

    Parameters
    ----------
    root : Path
        The book's folder.
    path : Path
        Of the notebook.

    Raises
    ------
    UsageError
        If the notebook glues numbers and no build has executed it as it stands.
    """
    job = execute.read_job(path.relative_to(root).with_suffix("").as_posix(), path)
    kept = execute.Executions(root / execute.EXECUTED)
    done = kept.find(job) == ""
    glues = any("glue(" in one.source for one in job.notebook.cells if one.cell_type == "code")
    if glues and not done:
        raise pages.UsageError(
            f"{job.name}: expected a notebook that was executed as it stands, to read its numbers; "
            f"run `make chapter CH={job.name.removeprefix('book/')}` first"
        )
    entries = parse_file(str(root / WORKS)).entries
    return Known(
        root,
        path,
        roles.terms_of(root),
        {key: work(entry) for key, entry in entries.items()},
        glued(kept.shown(job)) if done else {},
    )


def write(root: Path, path: Path) -> int:
    """Make the Markdown of a notebook plain, and nothing else; all else in its file stays.

    Parameters
    ----------
    root, path : Path
        The book's folder, and the notebook.

    Returns
    -------
    int
        How many cells were changed.

    Raises
    ------
    UsageError
        If there is no such notebook in the book, or its numbers are not known: see `know`.
    """
    try:
        notebook = json.loads(path.read_text(encoding="utf-8"))
        path.relative_to(root), notebook["cells"]
    except (OSError, ValueError, KeyError, TypeError):
        raise pages.UsageError(f"{path.as_posix()}: expected the path of a notebook") from None
    known, changed = know(root, path), 0
    for cell in notebook["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] == "markdown" and (made := plain(source, known)) != source:
            cell["source"] = made.splitlines(keepends=True)
            changed += 1
    if changed:
        pages.write_notebook(path, notebook)
    return changed
