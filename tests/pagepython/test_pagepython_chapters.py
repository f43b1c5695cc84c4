"""Chapters run in the page from top to bottom, and show what the book shows.

``make test-page`` runs all that can. They share a browser, which has loaded and imported everything
once; each has a Python of its own.
"""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from launchlab.lab.declare.frame import decode
from launchlab.lab.lives import inpage, live
from launchlab.publish import chapter, runnable
from tests.conftest import ROOT
from tests.pagepython.conftest import Python
from tests.site import book

# These begin, the longest first: no worker is left alone with one at the end.
LONG = (
    # As long as ten others: a million customers in a city, with no more than one core.
    "book/objectives/testing-in-a-crowded-city",
    "book/ensembling/why-ensembles-win",
    "book/objectives/the-score-is-a-proxy",
    "book/ensembling/hard-to-interpret",
    "book/objectives/one-score",
    "book/operations/who-is-served-worse",
    "book/objectives/what-the-log-can-tell",
)
# How far a lab's numbers may lie from the page's, as a share: `exp` and products of matrices differ
# in the last of sixteen digits there. A rule is worked out in JavaScript, and its frames are handed
# over with twelve digits. Every other lab is equal, as the page rounds its numbers.
OF_A_RULE = 1e-11
TOLERANCE = {
    # Customers choose by chance and `exp`; of 5,000 a handful choose otherwise.
    "shared-couriers": 1e-3,
}
_RULE = r'id="lab-{}".*?<script>(\(window\.launchlabRules=.*?)</script>'


def can_run() -> list[str]:
    """Chapters whose metadata do not say that they cannot."""
    return [
        name
        for name in chapter.chapters(ROOT)
        if not runnable.reason((ROOT / f"{name}.ipynb").read_text(encoding="utf-8"))
        and name.startswith("book/")
    ]


def in_turn() -> list[str]:
    """These chapters, in the order in which they begin."""
    return sorted(can_run(), key=lambda name: LONG.index(name) if name in LONG else len(LONG))


def cells(name: str) -> list[str]:
    """The code of a chapter."""
    notebook = json.loads((ROOT / f"{name}.ipynb").read_text(encoding="utf-8"))
    return ["".join(one["source"]) for one in notebook["cells"] if one["cell_type"] == "code"]


def on_the_page(python: Python, lab: book.Lab, state: dict[str, Any]) -> dict[str, Any]:
    """What the page's own script shows of a lab at a state."""
    if "table" in lab.data:
        rule = re.search(_RULE.format(lab.name), book.text(lab.page), re.DOTALL)
        assert rule is not None
        python.page.add_script_tag(content=rule[1])
    evaluate = "([lab, state]) => launchlab.evaluate(lab, state)"
    found: dict[str, Any] = python.page.evaluate(evaluate, [lab.data, state])
    return found


def furthest(found: dict[str, list[Any]], expected: dict[str, list[Any]]) -> float:
    """How far two frames lie apart at most, as a share; infinity where words differ."""
    if {name: len(one) for name, one in found.items()} != {
        name: len(one) for name, one in expected.items()
    }:
        return float("inf")
    pairs = [pair for name in found for pair in zip(found[name], expected[name], strict=True)]
    return max((apart(*pair) for pair in pairs), default=0.0)


def apart(one: Any, other: Any) -> float:
    """How far two values lie apart, as a share of the larger."""
    if one == other:
        return 0.0
    if not all(isinstance(value, int | float) for value in (one, other)):
        return float("inf")
    return abs(one - other) / max(abs(one), abs(other))


def test_two_frames_are_as_far_apart_as_their_furthest_numbers():
    assert furthest({"a": [1, 2.0], "b": ["x", None]}, {"a": [1, 2.0], "b": ["x", None]}) == 0
    assert furthest({"a": [1, 2]}, {"a": [1, 1]}) == 0.5
    assert furthest({"a": [1]}, {"a": [1, 1]}) == furthest({"a": [1]}, {"b": [1]}) == float("inf")
    assert (
        furthest({"a": ["x"]}, {"a": ["y"]}) == furthest({"a": [None]}, {"a": [1]}) == float("inf")
    )


def test_most_chapters_can_run():
    assert set(LONG) <= set(can_run())
    assert len(can_run()) >= len(book_chapters()) - 2


def test_all_chapters_run_the_longest_first():
    assert sorted(in_turn()) == sorted(can_run())
    assert tuple(in_turn()[: len(LONG)]) == LONG


def book_chapters() -> list[str]:
    """All chapters of the book."""
    return [name for name in chapter.chapters(ROOT) if name.startswith("book/")]


@pytest.mark.parametrize("name", in_turn())
def test_a_chapter_runs_and_its_labs_begin_as_in_the_book(visit: Callable[[], Python], name: str):
    if not Path(book.BUILT, "index.html").exists():
        pytest.fail(book.NOT_BUILT, pytrace=False)
    python = visit()
    python.start()
    shown = {}
    for number, code in enumerate(cells(name), 1):
        ran = python.run(code)
        told = [one["traceback"] for one in ran.events if one["type"] == "error"]
        assert ran.ok, f"{name}, code cell {number}:\n{told[0] if told else ''}"
        for one in ran.shown:
            if inpage.LAB_KIND in one:
                shown[one[inpage.LAB_KIND]["name"]] = one[inpage.LAB_KIND]
    labs = book.labs(f"{name}.html")
    assert set(shown) == {lab.name for lab in labs}
    python.page.add_script_tag(content=live.script())
    for lab in labs:
        data = shown[lab.name]
        assert data["controls"] == lab.data["controls"]
        assert data["start"] == lab.data["start"]
        there = on_the_page(python, lab, data["start"])
        allowed = OF_A_RULE if "table" in lab.data else TOLERANCE.get(lab.name, 0)
        assert furthest(decode(data["grid"]), there["columns"]) <= allowed, lab.name
        assert data["sentences"][0] == there["sentence"]
