"""The index of labs is read from the notebooks."""

import json

import pytest

from launchlab.lab.index import find_labs, labs_html


def notebook(path, *sources):
    cells = [{"cell_type": "markdown", "source": ["# A chapter\n", "Text"]}]
    cells += [{"cell_type": "code", "source": [source]} for source in sources]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"cells": cells}))


def test_finds_names_titles_and_questions(tmp_path):
    notebook(
        tmp_path / "part" / "one.ipynb",
        'a = lab.Experiment(name="first", title="The <first>", run=f)',
        'b = lab.Experiment(name="second", title="Second", question=lab.Question("?", truth=t))',
    )
    first, second = find_labs(tmp_path)
    assert (first.page, first.name, first.chapter) == ("part/one", "first", "A chapter")
    assert (first.predicts, second.predicts) == (False, True)
    shown = labs_html([first, second])
    assert "The &lt;first&gt;" in shown
    assert "part/one.html#lab-first" in shown
    assert shown.count("predict first") == 1


def test_two_labs_of_one_name_are_refused(tmp_path):
    for name in ("one", "two"):
        notebook(tmp_path / f"{name}.ipynb", 'lab.Experiment(name="same", title="T")')
    with pytest.raises(ValueError, match="'same': one and two"):
        find_labs(tmp_path)


def test_computed_title_is_refused(tmp_path):
    notebook(tmp_path / "one.ipynb", 'lab.Experiment(name="x", title=f"T{1}")')
    with pytest.raises(ValueError, match="title is not written as plain text"):
        find_labs(tmp_path)
