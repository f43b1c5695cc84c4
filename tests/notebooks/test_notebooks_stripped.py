"""Every notebook is stripped: no outputs, one kernel's name, cells that can be told apart."""

import json
from pathlib import Path

import pytest

from launchlab.publish import forms
from tests import rerun
from tests.conftest import ROOT

NOTEBOOKS = [ROOT / f"{name}.ipynb" for name in rerun.find(ROOT)]


def test_there_are_notebooks_to_test():
    assert NOTEBOOKS


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_notebook_is_stripped(path: Path):
    notebook = json.loads(path.read_text(encoding="utf-8"))
    for place, cell in enumerate(notebook["cells"], start=1):
        if cell["cell_type"] == "code":
            assert cell["outputs"] == [], f"cell {place} has outputs"
            assert cell["execution_count"] is None, f"cell {place} was counted"
        # JupyterLab reads there what it folds: code, and what lies under the heading of an answer.
        folds = {"jupyter"}
        if cell["cell_type"] == "markdown" and "".join(cell["source"]) == forms.ANSWER:
            folds.add("jp-MarkdownHeadingCollapsed")
        kept = set(cell["metadata"]) - {"tags"} - folds
        assert not kept, f"cell {place} keeps {sorted(kept)} of an editor"
    assert notebook["metadata"]["kernelspec"]["name"] == "python3"
    assert "widgets" not in notebook["metadata"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_cells_have_ids_of_their_own(path: Path):
    notebook = json.loads(path.read_text(encoding="utf-8"))
    assert (notebook["nbformat"], notebook["nbformat_minor"]) >= (4, 5)
    ids = [cell["id"] for cell in notebook["cells"]]
    assert len(set(ids)) == len(ids)
