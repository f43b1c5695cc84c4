"""Every lab of every notebook in a real kernel: each ipywidgets control moved to both ends."""

import os
import re

import nbformat
import pytest
from nbclient import NotebookClient

from tests.conftest import ROOT
from tests.notebooks.test_notebooks_stripped import NOTEBOOKS

pytestmark = pytest.mark.kernel

# Found by its text, so that notebooks without a lab cost no kernel here (nbval runs them too).
WITH_LABS = [path for path in NOTEBOOKS if "Experiment(" in path.read_text(encoding="utf-8")]
CHECK = (
    "import sys as _sys\n"
    f"_sys.path.insert(0, {str(ROOT)!r})\n"
    "from tests.notebooks.live_check import check as _check\n"
    "_check(dict(globals()))"
)


@pytest.fixture
def live(monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment of a reader's kernel: live, and without a cache."""
    monkeypatch.setenv("LAUNCHLAB_MODE", "live")
    monkeypatch.delenv("LAUNCHLAB_CACHE", raising=False)
    monkeypatch.setenv("OMP_NUM_THREADS", "1")


def run(notebook, folder) -> str:
    """Run a notebook with the check as its last cell; return what the check prints."""
    notebook.cells.append(nbformat.v4.new_code_cell(CHECK))
    resources = {"metadata": {"path": str(folder)}}
    NotebookClient(notebook, timeout=300, resources=resources).execute()
    return "".join(one.text for one in notebook.cells[-1].outputs if one.output_type == "stream")


def test_there_are_labs_to_test():
    assert WITH_LABS


@pytest.mark.parametrize("path", WITH_LABS, ids=lambda path: path.relative_to(ROOT).as_posix())
@pytest.mark.usefixtures("live")
def test_every_control_moves_the_data_in_a_kernel(path):
    notebook = nbformat.read(path, as_version=4)
    shows = sum(cell.source.count(".show(") for cell in notebook.cells if cell.cell_type == "code")
    printed = run(notebook, path.parent)
    labs, controls = map(int, re.fullmatch(r"(\d+) labs, (\d+) controls\n", printed).groups())
    assert labs >= 1
    assert controls >= labs
    widgets = [
        output
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        if "application/vnd.jupyter.widget-view+json" in output.get("data", {})
    ]
    assert len(widgets) >= shows, "a lab or a chart did not become a widget"
    assert os.environ["LAUNCHLAB_MODE"] == "live"


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


@pytest.mark.usefixtures("live")
def test_a_control_that_moves_nothing_is_found(tmp_path):
    """The check above can fail."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(DEAD)])
    with pytest.raises(Exception, match="dead: n: the data is the same at both ends"):
        run(notebook, tmp_path)
