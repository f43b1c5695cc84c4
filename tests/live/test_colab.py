"""Chapters in what Colab brings: its versions, and the cell that installs the rest.

Colab itself cannot be had here. What stands in for it is an environment with the versions of
``colab-2026-08.txt``, a package ``google.colab`` that does nothing, and a kernel that has loaded
what Colab's has before the first cell runs. How Colab's own page draws a lab is not seen here.
"""

from __future__ import annotations

import ast
import json
import shutil
import subprocess
import sys
import tarfile
import time
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

from launchlab.publish import colab
from tests import patience
from tests.live.workbench import ROOT
from tests.seed import has_turn

pytestmark = pytest.mark.slow

VERSIONS = Path(__file__).with_name("colab-2026-08.txt")
SHIPPED = ("launchlab", "pyproject.toml", "README.md", "LICENSE")
WIDGET = "application/vnd.jupyter.widget-view+json"
# What a Colab session has loaded before the first cell, or what its page speaks to: a changed one
# would need a new session, or a page that knows it.
STAYS = {
    *("ipykernel", "ipython", "ipywidgets", "jupyter-client", "numpy", "pandas", "scipy"),
    *("tornado", "traitlets"),
}
# Of Colab's own package, what anywidget calls.
OUTPUT = "def enable_custom_widget_manager():\n    pass\n"
LOADED = "import google.colab.output, ipywidgets, numpy, pandas\n"


def read(page: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((ROOT / page).read_text(encoding="utf-8"))
    return found


CHAPTERS = [
    page
    for page in sorted(str(path.relative_to(ROOT)) for path in ROOT.glob("book/**/*.ipynb"))
    if ".ipynb_checkpoints" not in page and colab.offered(page, read(page))
]
# Three or so a day: what differs between them is little, and nbval runs each every day.
TODAY = [page for place, page in enumerate(CHAPTERS) if has_turn(place, 10)]


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package as GitHub packs a repository."""
    tracked = subprocess.run(
        ["git", "ls-files", "-z", "--", *SHIPPED],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    path = tmp_path_factory.mktemp("archive") / "course.tar.gz"
    with tarfile.open(path, "w:gz") as packed:
        for name in filter(None, tracked.stdout.split("\0")):
            if (ROOT / name).is_file():
                packed.add(ROOT / name, f"course/{name}")
    return path


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """An environment with Colab's versions, and a kernel named after it."""
    home = tmp_path_factory.mktemp("colab")
    subprocess.run([sys.executable, "-m", "venv", home / "environment"], check=True)
    python = home / "environment" / "bin" / "python"
    install = [sys.executable, "-m", "uv", "pip", "install", "--quiet", "--python", python]
    subprocess.run([*install, "-r", VERSIONS], check=True)
    (site,) = home.glob("environment/lib/python*/site-packages")
    package = site / "google" / "colab"
    package.mkdir(parents=True)
    package.joinpath("__init__.py").touch()
    package.joinpath("output.py").write_text(OUTPUT, encoding="utf-8")
    startup = home / "ipython" / "profile_default" / "startup"
    startup.mkdir(parents=True)
    startup.joinpath("colab.py").write_text(LOADED, encoding="utf-8")
    kernel = home / "data" / "kernels" / "colab" / "kernel.json"
    kernel.parent.mkdir(parents=True)
    command = [str(python), "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    surroundings = {"IPYTHONDIR": str(home / "ipython"), "LAUNCHLAB_MODE": "live"}
    about = {"argv": command, "display_name": "Colab", "language": "python", "env": surroundings}
    kernel.write_text(json.dumps(about), encoding="utf-8")
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("JUPYTER_PATH", str(home / "data"))
        yield home


def held(home: Path) -> dict[str, str]:
    """The versions of an environment."""
    asked = [home / "environment" / "bin" / "python", "-m", "pip", "list", "--format=json"]
    ran = subprocess.run(asked, capture_output=True, text=True, check=True)
    return {one["name"].lower().replace("_", "-"): one["version"] for one in json.loads(ran.stdout)}


@dataclass
class Session:
    """What the cell of a first chapter did: how long it took, and which versions it changed."""

    seconds: float
    changed: dict[str, tuple[str, str]]
    said: list[Any]


@pytest.fixture(scope="module")
def session(home: Path, archive: Path) -> Session:
    before, started = held(home), time.monotonic()
    made = run(home, archive, "book/objectives/one-score.ipynb", cells=1)
    seconds, after = time.monotonic() - started, held(home)
    changed = {name: (old, after[name]) for name, old in before.items() if after[name] != old}
    return Session(seconds, changed, made.cells[0].outputs)


def run(home: Path, archive: Path, page: str, cells: int | None = None) -> Any:
    """Run a chapter as Colab would, from an empty folder; then move every control of its labs."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    code = colab.source(colab.wanted(read(page), project, archive.as_uri()))
    notebook = nbformat.reads(json.dumps(colab.prepared(read(page), page, code)), as_version=4)
    notebook.cells = notebook.cells[:cells]
    if cells is None:
        check = (ROOT / "tests" / "live_check.py").read_text(encoding="utf-8")
        notebook.cells.append(nbformat.v4.new_code_cell(f"{check}\nprint(check(globals()))"))
    folder = home / "content"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    client = NotebookClient(
        notebook,
        kernel_name="colab",
        timeout=patience.EVENT,
        resources={"metadata": {"path": str(folder)}},
    )
    client.execute()
    return notebook


def test_the_cell_installs_in_silence_and_leaves_alone_what_will_do(session: Session) -> None:
    print(f"{session.seconds:.0f} s: {session.changed}")
    assert session.said == []
    # Colab's own are too old for the package, and pip says so by replacing them.
    assert {"altair", "scikit-learn"} <= session.changed.keys()
    assert not session.changed.keys() & STAYS


@pytest.mark.parametrize("page", TODAY)
@pytest.mark.usefixtures("session")
def test_a_chapter_runs_on_colab_and_its_labs_move(home: Path, archive: Path, page: str) -> None:
    made = run(home, archive, page)
    shown = [one for cell in made.cells for one in cell.get("outputs", ())]
    assert not [one for one in shown if one["output_type"] == "error"]
    moved = ast.literal_eval("".join(made.cells[-1].outputs[-1]["text"]))
    views = [one for one in shown if WIDGET in one.get("data", {})]
    assert len(views) >= moved["labs"]
