"""Planted failures: a tiny book that must not build, and must say where it broke."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

import launchlab
from tests.publish.tiny import LAB, MISSING, RAISES, Tiny

pytestmark = pytest.mark.kernel

# MyST-NB counts 10,000 lines to a cell: this is line 4 of cell 1.
BROKEN_PAGES = (
    "reference.ipynb:10004: WARNING: undefined label: 'nowhere'",
    "WARNING: undescribed: an output reports an error: see 'launchlab-error'",
)


def add_broken_pages(tiny: Tiny) -> None:
    """A cross reference that leads nowhere, and a chart without a text alternative."""
    tiny.add("reference", text="See {ref}`nowhere`.")
    tiny.add("undescribed", LAB, "chart(run(1))")


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
    add_broken_pages(tiny)
    tiny.assert_fails(
        "failed: raises.ipynb, cell 3: ZeroDivisionError: division by zero",
        "failed: point.ipynb, cell 3: ExperimentError: experiment 'tiny' at n=3: KeyError: 'three'",
        "failed: nan.ipynb, cell 3: ExperimentError: experiment 'tiny' at n=3: column 'x': nan",
        *BROKEN_PAGES,
        attempts=("first", "second"),
    )


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


RUNS = """
from pathlib import Path
with Path("runs.txt").open("a") as runs:
    print("x", file=runs)
print("still here")
"""


def test_a_notebook_is_executed_once_and_again_only_for_its_code(tmp_path):
    """Before its page is read, and then by nobody else."""
    tiny = Tiny(tmp_path)
    tiny.add("counted", RUNS, text="One word.")
    tiny.add("other", "print('other')")

    def built() -> tuple[int, str]:
        tiny.assert_builds()
        page = tmp_path.joinpath("_build/html/counted.html").read_text(encoding="utf-8")
        assert "still here" in page
        return len(tmp_path.joinpath("runs.txt").read_text().split()), page

    assert built()[0] == 1
    path = tmp_path / "counted.ipynb"
    path.write_text(path.read_text().replace("One word.", "Two words."))
    runs, page = built()
    assert (runs, "Two words." in page) == (1, True)
    path.write_text(path.read_text().replace("still here", "still here, changed"))
    assert built()[0] == 2


def test_a_line_is_said_for_each_notebook_as_it_ends(tmp_path):
    tiny = Tiny(tmp_path)
    tiny.add("one", "1")
    tiny.add("two", "2")
    code, printed = tiny.build()
    assert code == 0, printed
    assert re.search(r"^1 of 2 (one|two) \d+\.\d s$", printed, re.MULTILINE)
    assert re.search(r"^2 of 2 (one|two) \d+\.\d s$", printed, re.MULTILINE)
    assert "encryption" not in printed, "kernels complain of what is none"
    assert " of " not in tiny.build()[1]


def test_what_a_cell_complains_of_fails_the_build(tmp_path):
    tiny = Tiny(tmp_path)
    tiny.add("loud", "import sys\nprint('a complaint', file=sys.stderr)")
    tiny.assert_fails("loud.ipynb", "stderr was found in the cell outputs")


def test_a_book_from_any_host_is_built_with_buttons_that_work(tmp_path):
    tiny = Tiny(tmp_path)
    tiny.add("one", "1")
    for command in (["init"], ["remote", "add", "origin", "git@codeberg.org:me/book.git"]):
        subprocess.run(["git", "-C", tmp_path, *command], check=True, capture_output=True)
    tiny.assert_builds()
    page = tmp_path.joinpath("_build/html/one.html").read_text(encoding="utf-8")
    assert 'href="https://codeberg.org/me/book"' in page
    link = "https://mybinder.org/v2/git/https%3A%2F%2Fcodeberg.org%2Fme%2Fbook/main"
    assert f'href="{link}?urlpath=lab%2Ftree%2Fone.ipynb"' in page
    # A server may send a notebook as text, which a browser then shows.
    (download,) = re.findall(r"<a href=[^>]*btn-download-source-button[^>]*>", page)
    assert " download " in download
    assert "_blank" not in download
