"""The index of labs is read from the notebooks."""

import json
import re

import pytest

from launchlab.publish.index import Minutes, find_labs, find_minutes, labs_html, sum_minutes


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
    shown = labs_html([first, second], [])
    assert "The &lt;first&gt;" in shown
    assert "part/one.html#lab-first" in shown
    assert shown.count("predict first") == 1


def test_labs_stand_in_the_order_in_which_chapters_are_read(tmp_path):
    for name in ("a/zoo", "b/first", "a/early", "b/unread"):
        notebook(
            tmp_path / f"{name}.ipynb",
            *(f'lab.Experiment(name="{place}-{name[2:]}", title="T")' for place in "zy"),
        )
    shown = labs_html(find_labs(tmp_path), ["b/first", "a/zoo", "a/early"])
    linked = re.findall(r"#lab-([a-z-]+)", shown)
    chapters = ["first", "zoo", "early", "unread"]
    assert linked == [f"{place}-{name}" for name in chapters for place in "zy"]


def test_two_labs_of_one_name_are_refused(tmp_path):
    for name in ("one", "two"):
        notebook(tmp_path / f"{name}.ipynb", 'lab.Experiment(name="same", title="T")')
    with pytest.raises(ValueError, match="'same': one and two"):
        find_labs(tmp_path)


def test_computed_title_is_refused(tmp_path):
    notebook(tmp_path / "one.ipynb", 'lab.Experiment(name="x", title=f"T{1}")')
    with pytest.raises(ValueError, match="title is not written as plain text"):
        find_labs(tmp_path)


def says(path, *texts):
    path.parent.mkdir(parents=True, exist_ok=True)
    cells = [{"cell_type": "markdown", "source": [text]} for text in texts]
    path.write_text(json.dumps({"cells": cells}))
    return path


def test_a_chapter_says_how_long_it_takes(tmp_path):
    both = says(
        tmp_path / "both.ipynb", "**It takes** about 40 minutes, or 20 if you skip the code."
    )
    one = says(tmp_path / "one.ipynb", "# One", "**It takes** about 30 minutes.")
    assert find_minutes(both) == Minutes(40, 20)
    assert find_minutes(one) == Minutes(30, 30)


def test_an_assignments_questions_are_added_up(tmp_path):
    made = says(
        tmp_path / "a.ipynb",
        "# A\n**It takes** about an hour",
        "## 1. Fit (25 minutes, 4 points)",
        "## 2. A memo (30 minutes)",
        "Wait (90 minutes)",
    )
    assert find_minutes(made) == Minutes(55, 55)


def test_sums_of_pages_and_numbers(tmp_path):
    says(
        tmp_path / "part" / "both.ipynb",
        "**It takes** about 40 minutes, or 20 if you skip the code.",
    )
    assert sum_minutes("part/both, !part/both,15", tmp_path) == 75
    with pytest.raises(ValueError, match=r"no notebook 'none.ipynb' in 'part'"):
        sum_minutes("part/none", tmp_path)
    says(tmp_path / "silent.ipynb", "# Silent")
    with pytest.raises(ValueError, match="silent does not say how many minutes"):
        sum_minutes("silent", tmp_path)
