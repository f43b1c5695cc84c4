"""What a page folds away is collapsed in JupyterLab."""

import json

import pytest

from launchlab.publish import command


def cell(kind, *tags, **metadata):
    made = {"cell_type": kind, "metadata": {**metadata}, "source": ["é = 1"]}
    if tags:
        made["metadata"]["tags"] = list(tags)
    return made


def test_what_a_page_folds_is_collapsed_and_nothing_else_changes(tmp_path, capsys):
    cells = [
        cell("code"),
        cell("code", "check"),
        cell("code", "open-code", jupyter={"source_hidden": True, "outputs_hidden": True}),
        cell("code", "answer", jupyter={"source_hidden": True}),
        cell("markdown", "scene"),
        {**cell("markdown", "exercise"), "source": "**1.** Do."},
        {**cell("markdown", "hint"), "source": "**Hint.** Try."},
        {**cell("markdown", "answer"), "source": ["**Answer.** é.\n", "\n", "- Two."]},
        {**cell("code", "answer"), "source": "print(1)"},
    ]
    notebook = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    path = tmp_path / "one.ipynb"
    path.write_text(json.dumps(notebook, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    assert command.main(["collapse", str(path)]) == 0
    hidden = {"jupyter": {"source_hidden": True}}
    cells[0]["metadata"] = hidden
    cells[1]["metadata"] = {"tags": ["check"], **hidden}
    cells[2]["metadata"] = {"jupyter": {"outputs_hidden": True}, "tags": ["open-code"]}
    cells[3]["metadata"] = {"tags": ["answer"]}
    cells[5]["source"] = ["### Exercise 1\n", "\n", "**1.** Do."]
    hint = "<details><summary><b>Hint</b></summary>\n\nTry.\n\n</details>"
    cells[6]["source"] = hint.splitlines(keepends=True)
    cells[7]["source"] = ["é.\n", "\n", "- Two."]
    metadata = {"jp-MarkdownHeadingCollapsed": True, "tags": ["answer"]}
    heading = {"cell_type": "markdown", "metadata": metadata, "source": ["#### Answer"]}
    notebook["cells"] = [*cells[:3], heading, *cells[3:7], heading, *cells[7:]]
    assert json.loads(path.read_text(encoding="utf-8")) == notebook
    assert "é" in path.read_text(encoding="utf-8")
    assert "9 cells changed" in capsys.readouterr().out
    before = path.read_bytes()
    assert command.main(["collapse", str(path)]) == 0
    assert path.read_bytes() == before


@pytest.mark.parametrize("text", [None, "no JSON", "[]"])
def test_what_is_no_notebook_is_refused_in_one_sentence(tmp_path, capsys, text):
    path = tmp_path / "one.ipynb"
    if text is not None:
        path.write_text(text, encoding="utf-8")
    assert command.main(["collapse", str(path)]) == 1
    assert capsys.readouterr().out.strip().endswith("expected the path of a notebook")
