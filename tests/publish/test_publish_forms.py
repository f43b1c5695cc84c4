"""Tags of cells become forms of a page."""

import json

from launchlab.publish.forms import Stretch, fold, mark, stretches


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


def test_what_a_form_says_of_itself_is_said_once_in_a_page():
    cells = [
        cell("code", "'**Answer.** 2'", "answer"),
        cell("markdown", "**Answer.** Two.", "answer"),
        cell("markdown", ["**Hint.**\n", "\n", "- Count."], "hint"),
        cell("markdown", "**Answer.** Three.", "exercise"),
        cell("markdown", fold("**Hint.** Four.\n\n- Five.", "Hint"), "hint"),
        cell("markdown", "### Exercise 2\n\n**2.** Do.", "exercise"),
        cell("markdown", "#### Answer", "answer"),
        cell("markdown", "**Seen in the wild.** Six.", "wild"),
    ]
    marked = json.loads(mark(notebook(*cells)))["cells"]
    shown = [one["source"] for one in marked if not one["source"].startswith("```")]
    assert shown[:4] == ["'**Answer.** 2'", "Two.", "- Count.", "**Answer.** Three."]
    assert shown[4:] == ["Four.\n\n- Five.", "**2.** Do.", "Six."]
