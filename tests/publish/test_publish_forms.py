"""Tags of cells become forms of a page."""

import json
import re

import pytest

from launchlab.publish.forms import Stretch, mark, stretches
from tests.publish.tiny import Tiny


def cell(kind, source, *tags):
    return {"cell_type": kind, "source": source, "metadata": {"tags": list(tags)}, "id": "x"}


def notebook(*cells):
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


def test_folds_in_a_row_are_one_and_boxes_are_not():
    cells = [
        cell("markdown", "one", "exercise"),
        cell("markdown", "two", "exercise"),
        cell("markdown", "try", "hint"),
        cell("markdown", "so", "answer"),
        cell("code", "1 + 1", "answer"),
        cell("code", "2", "scene"),  # of code nothing makes a ticket
        cell("markdown", "so", "answer"),
    ]
    assert stretches(cells) == [
        Stretch("exercise", 0, 0),
        Stretch("exercise", 1, 1),
        Stretch("hint", 2, 2),
        Stretch("answer", 3, 4),
        Stretch("answer", 6, 6),
    ]


def test_every_mark_is_a_cell_with_a_name_of_its_own():
    cells = [cell("markdown", text, "exercise") for text in ("one", "two")]
    marked = json.loads(mark(notebook(*cells)))["cells"]
    names = [one["id"] for one in marked if one["source"].startswith("```")]
    assert len(set(names)) == len(names) == 4


def test_marks_leave_code_and_the_numbers_of_lines_alone():
    cells = [cell("code", "1"), cell("markdown", "so", "answer"), cell("code", "2", "answer")]
    marked = json.loads(mark(notebook(*cells)))
    assert [one for one in marked["cells"] if one["cell_type"] == "code"] == [cells[0], cells[2]]
    assert marked["metadata"]["source_map"] == [10_000, 20_000, 20_000, 30_000, 30_000]


def test_the_marks_of_two_exercises_have_names_of_their_own():
    """nbformat warns of a name that stands twice, and a warning fails the build."""
    cells = [cell("markdown", str(place), "exercise") for place in range(3)]
    marks = [one["id"] for one in json.loads(mark(notebook(*cells)))["cells"] if one["id"] != "x"]
    assert len(set(marks)) == len(marks) == 6


def test_a_notebook_without_forms_stays_as_it_is():
    text = notebook(cell("code", "1", "open-code"), cell("markdown", "words"))
    assert mark(text) is text


# ---------------------------------------------------------------- in a page

CELLS = [
    ("markdown", "**Sales:** Where do my advertisers stand?\n\n**Product:** Wait.", "scene"),
    ("markdown", "**You will be able to** read.", "objectives"),
    ("code", "import math"),
    ("code", "quiet = 2"),
    ("code", "print('shown by', 'folded code')"),
    ("code", "print('open')", "open-code"),
    ("code", "assert quiet == 2\nprint('nobody sees a check')", "check"),
    ("markdown", "We ship *nothing*.", "record"),
    ("markdown", "It was seen.", "wild"),
    ("markdown", "**1.** Count to two.", "exercise"),
    ("markdown", "Begin with one.", "hint"),
    ("markdown", "It is this:", "answer"),
    ("code", "print(1, quiet)", "answer"),
    ("markdown", "After the answer."),
]


@pytest.fixture(scope="module")
def page(tmp_path_factory) -> str:
    """A page with every form, as HTML of its article."""
    tiny = Tiny(tmp_path_factory.mktemp("forms"))
    tiny.write("forms", CELLS)
    tiny.assert_builds()
    (article,) = re.findall(r"<article.*?</article>", tiny.page("forms"), re.DOTALL)
    return article


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", "", html).split())


def test_a_scene_is_a_ticket_whose_speakers_have_icon_and_colour(page):
    (scene,) = re.findall(r'<div class="ll-ticket ll-scene".*?</div>', page, re.DOTALL)
    assert re.findall(r'<p class="ll-says ll-(\w+)">\s*<svg class="ll-icon"', scene) == [
        "sales",
        "product",
    ]
    assert "Where do my advertisers stand?" in words(scene)


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("ll-objectives", "You will be able to read."),
        ("ll-ticket ll-record", "Decision record We ship nothing."),
        ("ll-ticket ll-wild", "Seen in the wild It was seen."),
        ("ll-exercise", "1. Count to two."),
    ],
)
def test_boxes_hold_their_cell(page, kind, said):
    (box,) = re.findall(rf'<div class="{kind}".*?</div>', page, re.DOTALL)
    assert words(box) == said


def test_hint_and_answer_are_folded_and_the_answers_code_is_not_folded_twice(page):
    (hint,) = re.findall(r'<details class="ll-fold ll-hint">.*?</details>', page, re.DOTALL)
    assert words(hint) == "Hint of exercise 1 Begin with one."
    (answer,) = re.findall(r'<details class="ll-fold ll-answer">.*?</details>', page, re.DOTALL)
    assert words(answer) == "Answer of exercise 1 It is this: print ( 1 , quiet ) 1 2".replace(
        "print ( 1 , quiet )", "print(1, quiet)"
    )
    assert "After the answer." not in answer
    assert answer.count("<details") == 1


def test_code_is_folded_except_open_code_and_silent_cells_share_a_toggle(page):
    folds = re.findall(r'<details class="ll-fold ll-code">.*?</details>', page, re.DOTALL)
    assert [words(one) for one in folds] == [
        "Code import math quiet = 2 print('shown by', 'folded code')"
    ]
    # In sight: what folded code prints, and open code with what it prints.
    rest = re.sub(r"<details.*?</details>", "", page, flags=re.DOTALL)
    assert "shown by folded code" in words(rest)
    assert "print('open')" in words(rest)


def test_a_check_runs_and_does_not_show(page):
    assert "nobody sees" not in page


@pytest.mark.kernel
def test_a_changed_tag_makes_the_page_anew(tmp_path):
    tiny = Tiny(tmp_path)
    tiny.write("tags", [("markdown", "Words."), ("code", "print('twice')")])
    tiny.assert_builds()
    assert "ll-code" in tiny.page("tags")
    tiny.write("tags", [("markdown", "Words."), ("code", "print('twice')", "open-code")])
    tiny.assert_builds()
    assert "ll-code" not in tiny.page("tags")
    assert "twice" in words(tiny.page("tags"))


@pytest.mark.kernel
def test_a_check_that_fails_shows(tmp_path):
    tiny = Tiny(tmp_path)
    tiny.write("fails", [("markdown", "Words."), ("code", "assert 1 == 2, 'so it is'", "check")])
    code, printed = tiny.build()
    assert code == 1 and "failed: fails.ipynb, cell 2: AssertionError: so it is" in printed
    assert "so it is" in tiny.page("fails")


@pytest.mark.kernel
def test_a_heading_in_a_form_fails_the_build_and_names_cell_and_tag(tmp_path):
    tiny = Tiny(tmp_path)
    tiny.write("heading", [("markdown", "Words."), ("markdown", "## Two\n\nThree.", "answer")])
    tiny.assert_fails("heading.ipynb:2000", "a cell tagged 'answer' has a heading")
