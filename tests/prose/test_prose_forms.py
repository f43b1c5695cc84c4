"""What a chapter looks like: one scene, few claims, a drawing, answers, little open code.

The chapters that stand as they stood before these rules are listed below. The list only shrinks: a
chapter that meets all of them has to leave it.
"""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from launchlab.publish import collapse, forms
from launchlab.publish.index import claims_of
from tests.conftest import ROOT

MOST_CLAIMS = 3
MOST_WORDS = 80
MOST_LINES = 20
MOST_STANDING = 45
STANDING = ("Runs today", "Signed", "Open")
SPEAKERS = "ML engineers|Sales|Product|Infrastructure|Manager"


def chapters() -> list[str]:
    parts = ("objectives", "stakeholders", "ensembling", "software", "operations", "capstone")
    found = (path for part in parts for path in (ROOT / "book" / part).glob("*.ipynb"))
    return sorted(path.relative_to(ROOT / "book").with_suffix("").as_posix() for path in found)


def read(chapter: str) -> list[dict[str, Any]]:
    text = Path(ROOT, "book", f"{chapter}.ipynb").read_text(encoding="utf-8")
    cells: list[dict[str, Any]] = json.loads(text)["cells"]
    return [{**cell, "source": "".join(cell["source"])} for cell in cells]


def faults(cells: list[dict[str, Any]]) -> Iterator[str]:
    """What a chapter still has to be changed in."""

    def tagged(kind: str) -> list[dict[str, Any]]:
        return [cell for cell in cells if kind in forms.tags_of(cell)]

    code = [cell["source"] for cell in cells if cell["cell_type"] == "code"]
    text = "\n".join(cell["source"] for cell in cells if cell["cell_type"] == "markdown")
    claims = [name for source in code for name in claims_of(source, "show")]
    if len(claims) > MOST_CLAIMS:
        yield f"{len(claims)} claims in the text, expected at most {MOST_CLAIMS}"
    if not re.search(r"!\[[^\]]{20,}\]\(\S*figures/\S+\.svg\)", text):
        yield "no figure with a written alternative, expected ![...](figures/NAME.svg)"
    if len(tagged("scene")) != 1:
        yield f"{len(tagged('scene'))} scenes, expected 1"
    for cell in tagged("scene"):
        words = len(re.findall(r"\w[\w'’.%-]*", cell["source"]))
        if words > MOST_WORDS:
            yield f"a scene of {words} words, expected at most {MOST_WORDS}"
        spoken = re.findall(rf"^\*\*({SPEAKERS}):\*\*", cell["source"], re.MULTILINE)
        if len(set(spoken)) < 2:
            yield f"a scene in which {spoken} speak, expected two or three of the five"
    for cell in tagged("standing"):
        yield from _standing(cell["source"])
    if len(tagged("wild")) > 1:
        yield "more than one 'wild'"
    yield from _exercises(cells)
    for cell in tagged("open-code"):
        yield from _open_code(cell["source"])
    for place in collapse.wrong({"cells": cells}):
        yield f"cell {place} is open in JupyterLab and should not be, or the other way round"


def _standing(source: str) -> Iterator[str]:
    """What is wrong with a ticket that says where the story stands."""
    said = source.removeprefix("**Where we stand.**")
    if tuple(re.findall(r"\*\*([^*:]+):\*\*", said)) != STANDING:
        yield f"a 'standing' that does not say {STANDING}, in this order"
    words = len(re.findall(r"\w[\w'’.%-]*", said))
    if words > MOST_STANDING:
        yield f"a 'standing' of {words} words, expected at most {MOST_STANDING}"


def _exercises(cells: list[dict[str, Any]]) -> Iterator[str]:
    found = forms.stretches(cells)
    kinds = [one.kind for one in found if one.kind in ("exercise", *forms.FOLDS)]
    if "exercise" not in kinds:
        yield "no exercise"
    asked = "".join({"exercise": "e", "hint": "h", "answer": "a"}[kind] for kind in kinds)
    if not re.fullmatch(r"(e(h?)+a)*", asked):
        yield f"exercises, hints and answers follow as {kinds}, expected an answer to each"
    answers = [cells[one.first : one.last + 1] for one in found if one.kind == "answer"]
    if answers and all(any(cell["cell_type"] == "code" for cell in one) for one in answers):
        yield "each exercise needs code, expected one to be answered by head or by letter"


def _open_code(source: str) -> Iterator[str]:
    start = source.splitlines()[0]
    if len([line for line in source.splitlines() if line.strip()]) > MOST_LINES:
        yield f"open code of more than {MOST_LINES} lines: {start!r}"
    tree = ast.parse(source)
    # In a test that a chapter teaches to write, the assert is what is taught.
    taught = {
        node
        for test in ast.walk(tree)
        if isinstance(test, ast.FunctionDef) and test.name.startswith("test_")
        for node in ast.walk(test)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Assert) and node not in taught:
            yield f"an assert in open code: {start!r}"
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "glue":
            yield f"glue in open code: {start!r}"


def unlabelled(cells: list[dict[str, Any]]) -> Iterator[str]:
    """Forms that JupyterLab would show without saying what they are."""
    for one in forms.stretches(cells):
        texts = [c["source"] for c in cells[one.first : one.last + 1] if c["cell_type"] != "code"]
        label = forms.label_of(one)
        if texts and not texts[0].startswith(label):
            yield f"a cell tagged {one.kind!r} begins with {texts[0][:12]!r}, expected {label!r}"


@pytest.mark.parametrize("chapter", chapters())
def test_a_chapter_has_its_forms(chapter):
    assert list(faults(read(chapter))) == []


def openings() -> list[str]:
    """The first chapter of each part."""
    parts = yaml.safe_load(Path(ROOT, "_toc.yml").read_text(encoding="utf-8"))["parts"]
    first = (part["chapters"][0]["file"].removeprefix("book/") for part in parts)
    return [name for name in first if name in chapters()]


@pytest.mark.parametrize("chapter", chapters())
def test_each_part_opens_with_where_the_story_stands_and_nothing_else_does(chapter):
    cells = read(chapter)
    places = [k for k, cell in enumerate(cells) if "standing" in forms.tags_of(cell)]
    assert places == ([2] if chapter in openings() else [])


def test_six_parts_have_an_opening():
    assert len(openings()) == 6


@pytest.mark.parametrize("chapter", chapters())
def test_a_form_says_what_it_is_in_jupyterlab_too(chapter):
    assert list(unlabelled(read(chapter))) == []


def test_a_form_that_does_not_say_what_it_is_is_named():
    assert list(unlabelled([cell(TRY, "hint"), cell("#### Answer", "answer")])) == []
    (said,) = unlabelled([cell("1", "answer", kind="code"), cell("Two.", "answer")])
    assert said == "a cell tagged 'answer' begins with 'Two.', expected '#### Answer'"


def cell(source: str, *tags: str, kind: str = "markdown") -> dict[str, Any]:
    plumbing = kind == "code" and not {"open-code", "answer"} & set(tags)
    metadata = {"jupyter": {"source_hidden": True}} if plumbing else {}
    return {"cell_type": kind, "source": source, "metadata": {"tags": list(tags), **metadata}}


SCENE = cell("**Sales:** Yes.\n\n**Manager:** No.", "scene")
FIGURE = cell("![A drawing of what happens here](figures/one.svg)")
TRY = forms.fold("Try.", "Hint")
ASKED = [cell("**1.** Do.", "exercise"), cell(TRY, "hint"), cell("Done.", "answer")]
EXERCISE = [{**one, "source": "".join(one["source"])} for one in collapse.collapsed(ASKED)]
SOUND = [SCENE, FIGURE, *EXERCISE]


def test_a_chapter_with_its_forms_has_no_fault():
    assert list(faults(SOUND)) == []


def test_one_exercise_is_answered_without_code():
    computed = cell("print(1)", "answer", kind="code")
    assert list(faults([*SOUND[:2], *EXERCISE, computed])) == [
        "each exercise needs code, expected one to be answered by head or by letter"
    ]
    another = [cell("**2.** Say.", "exercise"), cell("So.", "answer")]
    said = list(faults([*SOUND[:2], *EXERCISE, computed, *another]))
    assert not [one for one in said if "needs code" in one]


@pytest.mark.parametrize(
    ("planted", "said"),
    [
        ([cell("claims.show('a')", kind="code")] * 4, "4 claims in the text"),
        ([cell("**Sales:** " + "word " * 80 + "\n\n**Product:** x", "scene")], "2 scenes"),
        ([cell("One.", "wild"), cell("Two.", "wild")], "more than one 'wild'"),
        ([cell("**Runs today:** x **Open:** y", "standing")], "does not say"),
        ([cell("**Open:** " + "word " * 45, "standing")], "a 'standing' of 46 words"),
        ([cell("**2.** Do.", "exercise")], "expected an answer to each"),
        ([cell("x = 1\n" * 21, "open-code", kind="code")], "more than 20 lines"),
        ([cell("assert x", "open-code", kind="code")], "an assert in open code"),
        ([cell("glue('a', 1)", "open-code", kind="code")], "glue in open code"),
        ([{**cell("x", kind="code"), "metadata": {}}], "is open in JupyterLab"),
        (ASKED, "is open in JupyterLab"),
        ([*EXERCISE[:2], cell("x", "answer", kind="code")], "is open in JupyterLab"),
    ],
)
def test_a_fault_is_named(planted, said):
    assert [one for one in faults([*SOUND, *planted]) if said in one]


@pytest.mark.parametrize(
    ("left", "said"),
    [(SOUND[1:], "0 scenes"), ([SCENE, *EXERCISE], "no figure"), (SOUND[:2], "no exercise")],
)
def test_what_is_missing_is_named(left, said):
    assert [one for one in faults(left) if said in one]


def colours_of_people(cells: list[dict[str, Any]]) -> set[str]:
    """The colours of the five that cells import as colours, and not as those of a person."""
    code = "\n".join(cell["source"] for cell in cells if cell["cell_type"] == "code")
    imported = re.findall(r"from launchlab\.lab\.view\.theme import (\([^)]*\)|.*)", code)
    return set(re.findall(r"\b(?:BLUE|ORANGE|GREEN|GREY|PURPLE)\b", " ".join(imported)))


@pytest.mark.parametrize("chapter", chapters())
def test_the_colours_of_the_five_mean_people_alone(chapter):
    assert colours_of_people(read(chapter)) == set()


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("from launchlab.lab.view.theme import BLUE, INK", {"BLUE"}),
        ("from launchlab.lab.view.theme import (\n    ACCENT,\n    GREY,\n)", {"GREY"}),
        ("from launchlab.lab.view.theme import ACCENT, INK", set()),
        ("from launchlab.lab.view.people import PEOPLE\nBLUE = 1", set()),
    ],
)
def test_a_colour_that_is_taken_is_found(source, found):
    assert colours_of_people([cell(source, kind="code")]) == found
