"""Planted failures: a tiny book that must not build, and must say where it broke."""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import nbformat
import pytest

import launchlab

pytestmark = pytest.mark.kernel

CONFIG = """
title: Tiny
only_build_toc_files: true
exclude_patterns: [_build, .cache]
execute:
  execute_notebooks: cache
  allow_errors: false
  timeout: 180
  stderr_output: error
repository:
  url: ""
sphinx:
  extra_extensions: [launchlab.lab.sphinxext]
  config:
    nb_execution_show_tb: true
"""
LAB = """
import altair as alt, pandas as pd
from launchlab import lab
def run(n):
    return pd.DataFrame({"x": [n]})
def chart(frame):
    return alt.Chart(frame).mark_point().encode(alt.X("x:Q").scale(domain=[0, 9]))
demo = lab.Experiment(
    name="tiny", title="Tiny", run=run, chart=chart, description="One point.",
    sentence=lambda frame: f"It is {frame.x[0]}.",
    controls=[lab.Slider("n", "Number", [1, 2, 3], default=1)])
"""
RAISES = LAB.replace("return pd", "if n == 3: raise KeyError('three')\n    return pd")
MISSING = LAB.replace('"x": [n]', '"x": [n if n < 3 else float("nan")]')


class Tiny:
    """A small book in a folder of its own: each page a heading, some text and some cells."""

    def __init__(self, folder: Path, package: Path | None = None) -> None:
        self.folder = folder
        self.package = package
        self.pages: list[str] = []
        folder.joinpath("_config.yml").write_text(CONFIG)

    def add(self, name: str, *code: str, text: str = "Words.") -> None:
        """Add a notebook with a cell for each piece of code."""
        cells = [nbformat.v4.new_markdown_cell(f"# {name}\n\n{text}")]
        cells += [nbformat.v4.new_code_cell(source.strip()) for source in code]
        notebook = nbformat.v4.new_notebook(cells=cells)
        notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
        nbformat.write(notebook, self.folder / f"{name}.ipynb")
        self.pages.append(name)
        root, *chapters = self.pages
        toc = ["format: jb-book", f"root: {root}"] + ["chapters:"] * bool(chapters)
        toc += [f"- file: {chapter}" for chapter in chapters]
        self.folder.joinpath("_toc.yml").write_text("\n".join(toc))

    def build(self) -> tuple[int, str]:
        """Exit code and everything that was printed."""
        environment = {**os.environ, "OMP_NUM_THREADS": "1"}
        for name in ("LAUNCHLAB_MODE", "LAUNCHLAB_CACHE", "GITHUB_REPOSITORY"):
            environment.pop(name, None)
        if self.package:
            environment["PYTHONPATH"] = str(self.package.parent)
        command = [sys.executable, "-m", "launchlab.lab.book", "build", "--quiet"]
        command += ["--root", str(self.folder)]
        ran = subprocess.run(
            command, capture_output=True, text=True, env=environment, cwd=self.folder
        )
        return ran.returncode, ran.stdout + ran.stderr

    def assert_fails(self, *said: str, attempts: Sequence[str] = ("first",)) -> None:
        """The build fails and says so in its last line."""
        for attempt in attempts:
            code, printed = self.build()
            assert code == 1, f"{attempt} build passed:\n{printed}"
            assert "The book is built" not in printed
            last = printed.strip().splitlines()
            assert any(line.startswith("The book was NOT built") for line in last)
            for words in said:
                assert words in printed, f"{attempt} build does not say {words!r}:\n{printed}"

    def assert_builds(self) -> None:
        """The build passes."""
        code, printed = self.build()
        assert code == 0, printed
        assert "The book is built" in printed


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
    tiny = Tiny(folder, package)
    tiny.add("page", LAB, "demo.show()")
    tiny.add("stale", "import launchlab.number\nassert launchlab.number.NUMBER == 1")
    tiny.assert_builds()
    assert "It is 1." in folder.joinpath("_build/html/page.html").read_text(encoding="utf-8")
    number.write_text("NUMBER = 2\n")
    tiny.assert_fails("failed: stale.ipynb, cell 2: AssertionError")
    number.write_text("NUMBER = 1\n")
    tiny.assert_builds()
