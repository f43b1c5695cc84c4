"""Find every lab and claim of the book, for its index pages: read from the notebooks."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from launchlab.claims import wording
from launchlab.claims.claim import Result
from launchlab.markup import render


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


def _cells(path: Path) -> tuple[list[dict[str, str]], str]:
    """A notebook's cells, and its first heading."""
    cells = [
        {"kind": cell["cell_type"], "source": "".join(cell["source"])}
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]
    ]
    texts = "\n".join(cell["source"] for cell in cells if cell["kind"] == "markdown")
    heading = re.search(r"^# (.+)$", texts, re.MULTILINE)
    return cells, heading[1].strip() if heading else path.stem


def find_heading(path: Path) -> str:
    """A notebook's first heading, without marks of emphasis."""
    return re.sub(r"[*`]", "", _cells(path)[1])


def _labs_of(path: Path, page: str) -> list[Listed]:
    cells, chapter = _cells(path)
    found = []
    for cell in cells:
        source = cell["source"]
        if cell["kind"] != "code" or "Experiment(" not in source:
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


@dataclass(frozen=True)
class Minutes:
    """How long a notebook takes, as it says itself.

    Parameters
    ----------
    whole : int
        Minutes.
    without_code : int
        Minutes for who skips the code; the same where the notebook does not tell them apart.
    """

    whole: int
    without_code: int


def find_minutes(path: Path) -> Minutes:
    """How long a notebook takes.

    A chapter says it at its beginning ("**It takes** about 40 minutes, or 20 if you skip the
    code"), an assignment in the heading of each question ("(25 minutes, 4 points)").

    Parameters
    ----------
    path : Path

    Returns
    -------
    Minutes

    Raises
    ------
    ValueError
        If there is no such notebook, or it does not say.
    """
    if not path.is_file():
        raise ValueError(f"there is no notebook {path.name!r} in {path.parent.name!r}")
    cells, _ = _cells(path)
    texts = "\n".join(cell["source"] for cell in cells if cell["kind"] == "markdown")
    questions = re.findall(r"^## .*\((\d+) minutes", texts, re.MULTILINE)
    if questions:
        total = sum(map(int, questions))
        return Minutes(total, total)
    said = re.search(
        r"\*\*It takes\*\* about (\d+) minutes(?:, or (\d+) if you skip the code)?", texts
    )
    if not said:
        raise ValueError(f"{path.stem} does not say how many minutes it takes")
    return Minutes(int(said[1]), int(said[2] or said[1]))


def sum_minutes(items: str, root: Path) -> int:
    """How long several notebooks and other things take together.

    Parameters
    ----------
    items : str
        Separated by commas: a notebook's path from `root` without suffix, after a ``!`` the time of
        who skips the code; or a whole number of minutes.
    root : Path

    Returns
    -------
    int

    Raises
    ------
    ValueError
        If a notebook is missing or does not say how long it takes.
    """
    total = 0
    for item in map(str.strip, items.split(",")):
        if item.isdecimal():
            total += int(item)
            continue
        said = find_minutes(root / f"{item.removeprefix('!')}.ipynb")
        total += said.without_code if item.startswith("!") else said.whole
    return total


def labs_html(labs: Sequence[Listed], contents: Sequence[str]) -> str:
    """The index as an HTML list by chapter, each lab with a link that leads to it.

    Parameters
    ----------
    labs : sequence of Listed
        Their pages are taken relative to the page that shows the list.
    contents : sequence of str
        Pages in the order in which they are read; those that it leaves out come last.
    """
    place = {page: number for number, page in enumerate(contents)}
    # Sorting keeps the labs of a page in the order of its cells.
    labs = sorted(labs, key=lambda lab: (place.get(lab.page, len(place)), lab.page))
    pages = [(page, list(group)) for page, group in groupby(labs, key=lambda lab: lab.page)]
    return render(__package__, "labs.html", pages=pages)


def ledger_html(labs: Sequence[Listed]) -> str:
    """The place for a reader's ledger, with the address of each lab.

    Parameters
    ----------
    labs : sequence of Listed
        Their pages are taken relative to the page that shows the ledger.
    """
    places = {lab.name: f"{lab.page}.html#lab-{lab.name}" for lab in labs}
    chapters = {lab.page.rsplit("/", 1)[-1]: lab.chapter for lab in labs}
    # Only here: the evening behind it takes most of a second to import, for each build of a page.
    from launchlab.operations.drill_page import PROMPTS

    asked = {name: question for name, question, _ in PROMPTS}
    return render(__package__, "ledger.html", places=places, chapters=chapters, asked=asked)


@dataclass(frozen=True)
class Place:
    """Where a claim is shown.

    Parameters
    ----------
    page : str
        Path of its notebook without suffix, relative to the searched folder.
    chapter : str
        The notebook's first heading.
    """

    page: str
    chapter: str


def claims_of(source: str, call: str) -> list[str]:
    """The names in every ``claims.CALL("NAME", ...)`` of a cell's code, in their order."""
    try:
        tree = ast.parse(source)
    except SyntaxError:
        # A magic, or a mistake: running the cell will tell.
        return []
    return [
        word.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func) == f"claims.{call}"
        for word in node.args
        if isinstance(word, ast.Constant) and isinstance(word.value, str)
    ]


def find_claims(folder: Path) -> dict[str, Place]:
    """Where each claim is shown, by its name: first in text, else in a chapter's closing table.

    Parameters
    ----------
    folder : Path
        Its notebooks are searched for ``claims.show("NAME")`` and ``claims.table("NAME", ...)``.
    """
    found: dict[str, dict[str, Place]] = {"show": {}, "table": {}}
    for path in sorted(folder.rglob("*.ipynb")):
        if ".ipynb_checkpoints" in path.parts:
            continue
        cells, chapter = _cells(path)
        place = Place(path.relative_to(folder).with_suffix("").as_posix(), chapter)
        for cell in cells:
            for call, places in found.items():
                if cell["kind"] == "code" and "claims." in cell["source"]:
                    for name in claims_of(cell["source"], call):
                        places.setdefault(name, place)
    return found["table"] | found["show"]


def claims_html(results: Sequence[Result], shown: dict[str, Place]) -> str:
    """All claims as an HTML table: how often each holds, how large, under what else, and where not.

    Claims of one chapter stand together; those that no chapter shows come last.

    Parameters
    ----------
    results : sequence of Result
    shown : dict
        From `find_claims`; pages relative to the page that shows the table.
    """

    def place(result: Result) -> tuple[bool, str, str]:
        name = result.claim.name
        return name not in shown, shown[name].page if name in shown else "", name

    def row(result: Result) -> dict[str, object]:
        return {
            "name": result.claim.name,
            "statement": result.claim.statement,
            "count": wording.count(result),
            "size": wording.size(result),
            "ends": [
                *(f"fewer than half with {one}" for one in wording.breaks(result)),
                *wording.stays(result),
            ],
            "others": [f"{one.label}: {result.count(one.name)}" for one in result.claim.variants],
        }

    grouped = groupby(sorted(results, key=place), lambda one: shown.get(one.claim.name))
    chapters = [(where, [row(one) for one in group]) for where, group in grouped]
    return render(__package__, "claims.html", chapters=chapters)


def read_rules(lines: Sequence[str]) -> list[tuple[str, str]]:
    """Rules as an author writes them, a line each: a claim's name, a colon, the rule.

    Parameters
    ----------
    lines : sequence of str

    Returns
    -------
    list of (str, str)
        The claim's name, and the rule.

    Raises
    ------
    ValueError
        For a line of another form.
    """
    rules = []
    for line in filter(str.strip, lines):
        name, colon, rule = map(str.strip, line.partition(":"))
        if not (colon and rule and re.fullmatch(r"[a-z0-9-]+", name)):
            raise ValueError(f"the rule {line!r}, expected a claim's name, a colon and the rule")
        rules.append((name, rule))
    return rules


def rules_html(rules: Sequence[tuple[str, Result]], shown: dict[str, Place], first: int) -> str:
    """Rules as a numbered list: beside each how often its claim holds, and where it breaks.

    Parameters
    ----------
    rules : sequence of (str, Result)
        Each with the claim it rests on.
    shown : dict
        From `find_claims`; pages relative to the page that shows the list.
    first : int
        Number of the first of them.

    Raises
    ------
    ValueError
        If no chapter shows a rule's claim.
    """
    for rule, result in rules:
        if result.claim.name not in shown:
            raise ValueError(f"no chapter shows {result.claim.name!r}, the claim of {rule!r}")
    rows = [
        {
            "rule": rule,
            "name": result.claim.name,
            "statement": result.claim.statement,
            "count": wording.count(result),
            "worlds": result.claim.short,
            "limits": wording.limits(result) or "tried under no other assumption",
            "place": shown[result.claim.name],
        }
        for rule, result in rules
    ]
    return render(__package__, "rules.html", first=first, rows=rows)
