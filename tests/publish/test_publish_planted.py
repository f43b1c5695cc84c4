"""Planted failures: a tiny book that must not build, and must say where it broke."""

import shutil
from pathlib import Path

import pytest

import launchlab
from tests.publish.tiny import LAB, MISSING, RAISES, Tiny

pytestmark = pytest.mark.kernel

# MyST-NB counts 10,000 lines to a cell: this is line 4 of cell 1.
BROKEN_PAGES = (
    "reference.ipynb:10004: WARNING: undefined label: 'nowhere'",
    "WARNING: undescribed: an output reports an error: see 'launchlab-error'",
    "loud.ipynb",
    "stderr was found in the cell outputs",
    "heading.ipynb:2000",
    "a cell tagged 'answer' has a heading",
    "WARNING: address: the heading 'Lab: tiny' and the lab 'tiny' have the same address",
)


def add_broken_pages(tiny: Tiny) -> None:
    """A reference that leads nowhere, a chart without words, a complaint, two bad headings."""
    tiny.add("reference", text="See {ref}`nowhere`.")
    tiny.add("undescribed", LAB, "chart(run(1))")
    tiny.add("loud", "import sys\nprint('a complaint', file=sys.stderr)")
    tiny.write("heading", [("markdown", "Words."), ("markdown", "## Two\n\nThree.", "answer")])
    tiny.add("address", LAB, "demo.show()", text="## Lab: tiny")


def test_broken_pages_fail_the_build_by_page(tmp_path):
    tiny = Tiny(tmp_path)
    add_broken_pages(tiny)
    tiny.assert_fails(*BROKEN_PAGES)


def test_broken_notebooks_fail_the_build_by_notebook_and_cell_each_time(tmp_path):
    """With broken pages among them: nothing that a failed build has kept may let the next pass."""
    tiny = Tiny(tmp_path)
    tiny.add("raises", "x = 1", "x / 0")
    tiny.add("point", RAISES, "demo.show()")
    tiny.add("nan", MISSING, "demo.show()")
    tiny.add("sound", LAB, "demo.show()")
    tiny.write("check", [("markdown", "Words."), ("code", "assert 1 == 2, 'so it is'", "check")])
    add_broken_pages(tiny)
    tiny.assert_fails(
        "failed: raises.ipynb, cell 3: ZeroDivisionError: division by zero",
        "failed: point.ipynb, cell 3: ExperimentError: experiment 'tiny' at n=3: KeyError: 'three'",
        "failed: nan.ipynb, cell 3: ExperimentError: experiment 'tiny' at n=3: column 'x': nan",
        "failed: check.ipynb, cell 2: AssertionError: so it is",
        *BROKEN_PAGES,
        attempts=("first", "second"),
    )
    assert "so it is" in tiny.page("check"), "a check that fails shows all the same"


def test_a_package_that_changed_under_cached_outputs_fails_the_build(tmp_path):
    """The notebook stays the same, so only the hash of the package's sources can tell."""
    package = tmp_path / "copy" / "launchlab"
    source = Path(launchlab.__file__).parent
    shutil.copytree(source, package, ignore=shutil.ignore_patterns("__pycache__"))
    number = package / "number.py"
    number.write_text("NUMBER = 1\n")
    folder = tmp_path / "book"
    folder.mkdir()
    tiny = Tiny(folder, package.parent)
    tiny.add("page", LAB, "demo.show()")
    tiny.add("stale", "import launchlab.number\nassert launchlab.number.NUMBER == 1")
    tiny.assert_builds()
    assert "It is 1." in folder.joinpath("_build/html/page.html").read_text(encoding="utf-8")
    number.write_text("NUMBER = 2\n")
    tiny.assert_fails("failed: stale.ipynb, cell 2: AssertionError")
    number.write_text("NUMBER = 1\n")
    tiny.assert_builds()
