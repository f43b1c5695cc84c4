"""When a notebook has to be executed anew."""

import nbformat
import pytest

from launchlab import reach
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
        ("from launchlab import lab", {"launchlab.lab"}),
        ("from launchlab.market import make_world", {"launchlab.market.world"}),
        (
            "if True:\n    from launchlab import (\n        market,\n    )",
            {"launchlab.market"},
        ),
        ("%load_ext x\nimport launchlab.market", {"launchlab.market"}),
        ("if True:\n    !ls\nimport launchlab.market", {"launchlab.market"}),
        ("print?\n?print\nimport launchlab.market", set()),
        ("%%time\nimport launchlab.market", set()),
        ("import launchlab.market; this is no Python", set()),
        ("from . import market", set()),
        ("import launchlab.nothing, launchlab_else", {"launchlab.nothing"}),
    ],
)
def test_what_code_imports_of_the_package(source, found):
    assert stale.imports(notebook("x = 1", source)) == found


def test_the_key_follows_the_modules_that_the_notebook_reaches(tmp_path, monkeypatch):
    path = tmp_path / "one.ipynb"
    monkeypatch.setattr(reach, "reached", lambda names: f"1 {sorted(names)}")
    market = stale.key(path, notebook("import launchlab.market"))
    assert market != stale.key(path, notebook("import launchlab.ratings"))
    assert market == stale.key(path, notebook("import launchlab.market\nx = 1"))
    monkeypatch.setattr(reach, "reached", lambda names: f"2 {sorted(names)}")
    assert market != stale.key(path, notebook("import launchlab.market"))


def test_a_notebook_without_the_package_does_not_hang_on_it():
    assert reach.modules_reached(stale.imports(notebook("import numpy"))) == []


def test_the_key_follows_the_claims_that_the_notebook_shows(tmp_path, monkeypatch):
    for name in ("shown", "other"):
        tmp_path.joinpath(f"{name}.json").write_text("1")
    monkeypatch.setattr(stale, "RESULTS", tmp_path)
    shows = notebook('claims.show("shown")')
    before = stale.key(tmp_path / "one.ipynb", shows)
    tmp_path.joinpath("other.json").write_text("2")
    assert stale.key(tmp_path / "one.ipynb", shows) == before
    tmp_path.joinpath("shown.json").write_text("2")
    assert stale.key(tmp_path / "one.ipynb", shows) != before


def test_only_chapters_that_name_the_ratings_reach_them(root):
    """Every chapter that showed a claim reached every finding, and so every subject."""
    reaching = set()
    for path in root.glob("book/**/*.ipynb"):
        reached = reach.modules_reached(stale.imports(stale.read(path)))
        assert not path.stem.startswith("the-netflix") or "launchlab.ratings.world" in reached
        if any(name.startswith("launchlab.ratings") for name in reached):
            reaching.add(path.stem)
    assert reaching == {"the-netflix-prize", "error-prone-to-deploy"}


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
