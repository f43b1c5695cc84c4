"""When a notebook has to be executed anew."""

import nbformat
import pytest

from launchlab.publish import stale


def notebook(*code):
    cells = [nbformat.v4.new_markdown_cell("import launchlab.market")]
    cells += [nbformat.v4.new_code_cell(source) for source in code]
    return nbformat.v4.new_notebook(cells=cells)


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("import numpy", set()),
        ("import launchlab.market.world as w", {"launchlab.market.world"}),
        ("from launchlab import lab", {"launchlab", "launchlab.lab"}),
        ("from launchlab.market import make_world", {"launchlab.market"}),
        (
            "if True:\n    from launchlab import (\n        market,\n    )",
            {"launchlab", "launchlab.market"},
        ),
        ("%load_ext x\nimport launchlab.market", {"launchlab.market"}),
        ("if True:\n    !ls\nimport launchlab.market", {"launchlab.market"}),
        ("print?\n?print\nimport launchlab.market", set()),
        ("%%time\nimport launchlab.market", set()),
        ("import launchlab.market; this is no Python", set()),
        ("from . import market", set()),
        ("import launchlab.nothing, launchlab_else", set()),
    ],
)
def test_what_code_imports_of_the_package(source, found):
    assert stale.imports(notebook("x = 1", source)) == found


def test_the_key_follows_the_modules_that_the_notebook_reaches(tmp_path, monkeypatch):
    path = tmp_path / "one.ipynb"
    monkeypatch.setattr(stale, "reached", lambda names: f"1 {sorted(names)}")
    market = stale.key(path, notebook("import launchlab.market"))
    assert market != stale.key(path, notebook("import launchlab.ratings"))
    assert market == stale.key(path, notebook("import launchlab.market\nx = 1"))
    monkeypatch.setattr(stale, "reached", lambda names: f"2 {sorted(names)}")
    assert market != stale.key(path, notebook("import launchlab.market"))


def test_a_notebook_without_the_package_does_not_hang_on_it():
    assert stale.reached([]) != stale.reached(["launchlab.market"])


def test_the_key_follows_the_recorded_results_that_a_notebook_names(tmp_path, monkeypatch):
    """No module names them: a claim is shown by its name."""
    results = tmp_path / "launchlab" / "findings" / "results"
    results.mkdir(parents=True)
    results.joinpath("peak.json").write_text("1")
    results.joinpath("other.json").write_text("1")
    monkeypatch.setattr(stale, "PACKAGE", tmp_path / "launchlab")
    shown = notebook('claims.show("peak")')
    assert [path.name for path in stale.recorded(shown)] == ["peak.json"]
    first = stale.key(tmp_path / "one.ipynb", shown)
    results.joinpath("other.json").write_text("2")
    assert stale.key(tmp_path / "one.ipynb", shown) == first
    results.joinpath("peak.json").write_text("2")
    assert stale.key(tmp_path / "one.ipynb", shown) != first


def test_the_key_follows_the_checks_beside_a_notebook_and_nothing_else(tmp_path):
    keys = [stale.key(tmp_path / "one.ipynb", notebook("1"))]
    tests = tmp_path / "tests"
    tests.mkdir()
    for path in (tests / "q1.py", tmp_path / "helper.py"):
        path.write_text("1")
        keys.append(stale.key(tmp_path / "one.ipynb", notebook("1")))
    assert len(set(keys)) == 3
    for name in ("two.ipynb", "words.md", ".OTTER_LOG", "written.txt"):
        tmp_path.joinpath(name).write_text("1")
    assert stale.key(tmp_path / "one.ipynb", notebook("1")) == keys[-1]
