"""Every lab of every notebook in a real kernel: each ipywidgets control moved to both ends."""

import nbformat
import pytest

from tests import kernel
from tests.conftest import ROOT
from tests.notebooks.test_notebooks_stripped import NOTEBOOKS
from tests.seed import run_seed

pytestmark = pytest.mark.kernel

WITH_LABS = [path for path in NOTEBOOKS if kernel.asks(path)]
# As the tests of frozen labs have it, which ask about the same run.
SEED = run_seed()


def test_there_are_labs_to_test():
    assert WITH_LABS


@pytest.mark.parametrize("path", WITH_LABS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_control_moves_the_data_in_a_kernel(path):
    notebook = nbformat.read(path, as_version=4)
    code = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    # A claim is shown as HTML, with its strip as a still picture.
    shows = sum(one.count(".show(") - one.count("claims.show(") for one in code)
    live = kernel.ask(path, SEED)["live"]
    assert live["failure"] == ""
    assert live["labs"] >= 1
    assert live["controls"] >= live["labs"]
    assert live["widgets"] >= shows, "a lab or a chart did not become a widget"


DEAD = """
import altair as alt, pandas as pd
from launchlab import lab
demo = lab.Experiment(
    name="dead", title="Dead", run=lambda n: pd.DataFrame({"x": [1]}),
    chart=lambda frame: alt.Chart(frame).mark_point().encode(x="x:Q"),
    sentence=lambda frame: "Nothing moves.", description="One point.",
    controls=[lab.Slider("n", "Number", [1, 2], default=1)])
demo.show()
"""


def test_a_control_that_moves_nothing_is_found(tmp_path, monkeypatch):
    """The check above can fail."""
    monkeypatch.setattr(kernel, "RUNS", tmp_path)
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(DEAD)])
    path = tmp_path / "dead.ipynb"
    nbformat.write(notebook, path)
    failure = kernel.ask(path, SEED)["live"]["failure"]
    assert failure == "dead: n: the data is the same at both ends"


def test_a_changed_notebook_is_run_again(tmp_path, monkeypatch):
    monkeypatch.setattr(kernel, "RUNS", tmp_path)
    path = tmp_path / "one.ipynb"
    answers = []
    monkeypatch.setattr(kernel, "_run", lambda _, __, kept: kept.write_text(str(len(answers))))
    for source, seed in (("1", 1), ("1", 1), ("2", 1), ("2", 2)):
        cells = [nbformat.v4.new_code_cell(source, id="one")]
        nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
        answers.append(kernel.ask(path, seed))
    assert answers == [0, 0, 2, 3]
