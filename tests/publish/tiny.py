"""A tiny book, which is built as the book is."""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import nbformat

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
  extra_extensions: [launchlab.publish.sphinxext]
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
CIRCLE = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">{}<circle r="4"/></svg>'
MISSING = LAB.replace('"x": [n]', '"x": [n if n < 3 else float("nan")]')


class Tiny:
    """A small book in a folder of its own: each page a heading, some text and some cells.

    Parameters
    ----------
    folder : Path
    path : Path, optional
        Where Python looks for modules first.
    """

    def __init__(self, folder: Path, path: Path | None = None) -> None:
        self.folder = folder
        self.path = path
        self.pages: list[str] = []
        folder.joinpath("_config.yml").write_text(CONFIG)

    def add(self, name: str, *code: str, text: str = "Words.") -> None:
        """Add a notebook with a cell for each piece of code."""
        self.write(name, [("markdown", text), *(("code", source) for source in code)])

    def write(self, name: str, cells: Sequence[tuple[str, ...]]) -> None:
        """Add a notebook with such cells below its heading: kind, source, and tags if any."""
        make = {"markdown": nbformat.v4.new_markdown_cell, "code": nbformat.v4.new_code_cell}
        (kind, first, *tags), *others = cells
        if kind == "markdown" and not tags:
            cells = [(kind, f"# {name}\n\n{first}"), *others]
        else:
            cells = [("markdown", f"# {name}"), *cells]
        made = [
            make[kind](source.strip(), metadata={"tags": list(tags)} if tags else {})
            for kind, source, *tags in cells
        ]
        notebook = nbformat.v4.new_notebook(cells=made)
        notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
        nbformat.write(notebook, self.folder / f"{name}.ipynb")
        if name not in self.pages:
            self.pages.append(name)
        root, *chapters = self.pages
        toc = ["format: jb-book", f"root: {root}"] + ["chapters:"] * bool(chapters)
        toc += [f"- file: {chapter}" for chapter in chapters]
        self.folder.joinpath("_toc.yml").write_text("\n".join(toc))

    def command(self, *arguments: str) -> list[str]:
        """A command of the book's build, for this book."""
        return [sys.executable, "-m", "launchlab.publish", *arguments, "--root", str(self.folder)]

    def environment(self) -> dict[str, str]:
        """The environment of such a command."""
        environment = {**os.environ, "OMP_NUM_THREADS": "1"}
        for name in ("LAUNCHLAB_MODE", "LAUNCHLAB_CACHE", "GITHUB_REPOSITORY", "PAGE_PYTHON"):
            environment.pop(name, None)
        if self.path:
            environment["PYTHONPATH"] = str(self.path)
        return environment

    def page(self, name: str) -> str:
        """A page that was built, as HTML."""
        return self.folder.joinpath("_build", "html", f"{name}.html").read_text(encoding="utf-8")

    def build(self) -> tuple[int, str]:
        """Exit code and everything that was printed."""
        ran = subprocess.run(
            self.command("build", "--quiet"),
            capture_output=True,
            text=True,
            env=self.environment(),
            cwd=self.folder,
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
