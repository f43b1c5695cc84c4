"""Planted failures: notebooks that no longer show what their pages show."""

import dataclasses
import json
import re
import shutil

import joblib
import nbformat
import pytest

from launchlab.publish import execute
from tests import kernel, rerun
from tests.publish.tiny import LAB, Tiny
from tests.seed import run_seed

pytestmark = pytest.mark.kernel

SHORT = ("-q", "--color=no")


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    """A tiny book that is built: two labs, a sentence, a cell that may be made to raise."""
    tiny = Tiny(tmp_path_factory.mktemp("tiny"))
    raises = f"from pathlib import Path\nassert not Path({str(tiny.folder / 'raise')!r}).exists()"
    tiny.add("stale", LAB.replace('"tiny"', '"old"'), "demo.show()")
    tiny.add("drawn", LAB, "demo.show()")
    tiny.add("said", "x = 6", "print('The answer is', 7 * x)")
    tiny.add("raises", raises)
    tiny.assert_builds()
    return tiny


def seen(book, capfd, copies):
    """Exit code of a run, and what it printed."""
    capfd.readouterr()
    code = rerun.run(book.folder, copies, SHORT)
    return code, capfd.readouterr().out


def change(path, old, new):
    """Change what a copy says that its page shows."""
    notebook = nbformat.read(path, as_version=4)
    found = 0
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            for kind, text in output.get("data", {}).items():
                found += old in text
                output["data"][kind] = text.replace(old, new)
            if "text" in output:
                found += old in output["text"]
                output["text"] = output["text"].replace(old, new)
    assert found
    nbformat.write(notebook, path)


def test_notebooks_as_their_pages_show_them_pass_and_fill_an_empty_cache(book, capfd):
    points = book.folder / ".cache" / "points"
    shutil.rmtree(points)
    copies = rerun.copy_all(book.folder, book.pages)
    with_labs = [book.folder / f"{name}.ipynb" for name in ("drawn", "stale")]
    answers = [kernel.place(one, run_seed()) for one in with_labs]
    for one in answers:
        one.unlink(missing_ok=True)
    code, printed = seen(book, capfd, copies)
    # Each lab has been asked in the kernel that had run its notebook.
    assert all(json.loads(one.read_text())["live"]["labs"] == 1 for one in answers)
    assert code == 0, printed
    assert "9 passed" in printed
    kept = {path: joblib.load(path) for path in points.glob("*.joblib")}
    # Beside the grids lies the script that draws.
    grids = [value for path, value in kept.items() if not path.name.startswith("bundle-")]
    assert [[point.state["n"] for point in grid] for grid in grids] == [[1, 2, 3]] * 2


def test_what_differs_is_named_by_notebook_and_cell_or_point(book, capfd):
    (path,) = book.folder.joinpath(".cache", "points").glob("old-*.joblib")
    grid = joblib.load(path)
    place = next(place for place, point in enumerate(grid) if point.state == {"n": 2})
    wrong = grid[place].frame + 5
    joblib.dump(
        [*grid[:place], dataclasses.replace(grid[place], frame=wrong), *grid[place + 1 :]], path
    )
    copies = rerun.copy_all(book.folder, book.pages)
    change(book.folder / rerun.COPIES / "said.ipynb", "42", "43")
    change(book.folder / rerun.COPIES / "drawn.ipynb", "It is 3.", "It is 4.")
    book.folder.joinpath("raise").touch()
    code, printed = seen(book, capfd, copies)
    path.unlink()
    book.folder.joinpath("raise").unlink()
    assert code == 1
    assert "experiment 'old' at n=2: computed afresh, it is not what the cache" in printed
    assert "point.columns.x[0] (2 against 7)" in printed
    failed = re.findall(r"^FAILED \S+?nbval/(\S+)::Cell (\d+)", printed, re.MULTILINE)
    assert sorted(failed) == [
        ("drawn.ipynb", "1"),
        ("raises.ipynb", "0"),
        ("said.ipynb", "1"),
        ("stale.ipynb", "1"),
    ]


def test_a_notebook_without_a_page_says_what_to_run(book):
    later = Tiny(book.folder)
    later.add("said", "x = 7", "print('The answer is', 7 * x)")
    later.add("never", "1")
    with pytest.raises(rerun.NotShownError) as said:
        rerun.copy_all(book.folder, ["drawn", "said", "never"])
    lines = str(said.value).splitlines()
    assert [line.split(":")[0] for line in lines] == ["said.ipynb", "never.ipynb"]
    assert all("run make book" in line for line in lines)


def test_a_notebook_that_failed_says_where(tmp_path):
    book = Tiny(tmp_path)
    book.add("broken", "x")
    job = execute.read_job("broken", tmp_path / "broken.ipynb")
    kept = execute.Executions(tmp_path / execute.EXECUTED)
    kept.keep(execute.Outcome(job, 1.0, "cell 2: NameError: name 'x' is not defined"))
    with pytest.raises(
        rerun.NotShownError, match=r"^broken\.ipynb: cell 2: NameError: .* run make"
    ):
        rerun.copy_all(tmp_path, ["broken"])


def test_what_a_notebook_reads_lies_beside_its_copy_and_nothing_else(tmp_path):
    book = Tiny(tmp_path)
    book.add("one", "1")
    tmp_path.joinpath("tests").mkdir()
    for name in ("tests/q1.py", "helper.py", "written.txt"):
        tmp_path.joinpath(name).touch()
    job = execute.read_job("one", tmp_path / "one.ipynb")
    execute.Executions(tmp_path / execute.EXECUTED).keep(execute.Outcome(job, 1.0))
    (copy,) = rerun.copy_all(tmp_path, ["one"])
    found = {str(path.relative_to(copy.parent)) for path in copy.parent.rglob("*.*")}
    assert found == {"one.ipynb", "tests/q1.py", "helper.py"}


def test_every_notebook_of_the_book_is_run(root):
    names = rerun.find(root)
    assert len(names) > 20
    assert {name.split("/")[0] for name in names} == {"book", "exercises", "solutions"}
