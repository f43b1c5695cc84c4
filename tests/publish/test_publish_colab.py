"""The chapters as Colab opens them, and the cell that they begin with."""

import json
import subprocess
import sys
import tomllib
from importlib import metadata, util
from types import ModuleType, SimpleNamespace

import pytest
from packaging.requirements import Requirement

from launchlab.publish import colab, sphinxext
from tests.conftest import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PACKAGES = {
    "launchlab": "launchlab @ https://github.com/me/course/archive/v1.tar.gz",
    "myst_nb": "myst-nb>=1.3",
}
CHAPTERS = sorted(
    path.relative_to(ROOT).as_posix()
    for path in ROOT.glob("book/**/*.ipynb")
    if ".ipynb_checkpoints" not in path.parts
)


def read(page: str) -> dict:
    return json.loads((ROOT / page).read_text(encoding="utf-8"))


def notebook(*cells: tuple[str, str]) -> dict:
    made = [{"cell_type": kind, "metadata": {}, "source": [text]} for kind, text in cells]
    return {"cells": made, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


# ---------------------------------------------------------------- the cell


@pytest.fixture
def asked(monkeypatch) -> list[list[str]]:
    """What pip was asked for; it installs nothing, and says that all went well."""
    calls: list[list[str]] = []

    def run(command, **_):
        calls.append(command)
        return SimpleNamespace(returncode=0, stderr="")

    monkeypatch.setattr(subprocess, "run", run)
    return calls


@pytest.fixture
def in_colab(monkeypatch, asked) -> list[list[str]]:
    """Colab before the package is there."""
    monkeypatch.setitem(sys.modules, "google.colab", ModuleType("google.colab"))
    monkeypatch.setattr(util, "find_spec", lambda name: None)
    return asked


def run_cell() -> None:
    exec(compile(colab.source(PACKAGES), "cell", "exec"), {"__name__": "__main__"})


def test_elsewhere_the_cell_imports_nothing_asks_for_nothing_and_says_nothing(
    asked, monkeypatch, capfd
):
    monkeypatch.setattr(util, "find_spec", lambda name: pytest.fail("searched the disk"))
    before = set(sys.modules)
    run_cell()
    assert asked == [] and set(sys.modules) == before
    assert capfd.readouterr() == ("", "")


def test_on_colab_pip_is_asked_once_and_upgrades_nothing_that_will_do(in_colab, capfd):
    run_cell()
    (command,) = in_colab
    assert command == [sys.executable, "-m", "pip", "install", "--quiet", *PACKAGES.values()]
    assert capfd.readouterr() == ("", "")


def test_only_what_is_missing_is_asked_for(in_colab, monkeypatch):
    monkeypatch.setattr(util, "find_spec", lambda name: object() if name == "launchlab" else None)
    run_cell()
    assert in_colab[0][5:] == ["myst-nb>=1.3"]
    monkeypatch.setattr(util, "find_spec", lambda name: object())
    run_cell()
    assert len(in_colab) == 1, "nothing is missing"


def test_what_pip_complains_of_is_said_without_a_traceback(in_colab, monkeypatch):
    failed = SimpleNamespace(returncode=1, stderr="No space left on device")
    monkeypatch.setattr(subprocess, "run", lambda command, **_: failed)
    with pytest.raises(SystemExit, match=r"could not install .*\nNo space left on device"):
        run_cell()


def test_a_session_that_had_loaded_another_version_is_asked_to_start_anew(in_colab, monkeypatch):
    monkeypatch.setattr(metadata, "version", lambda name: f"another {name}")
    with pytest.raises(SystemExit, match=r"another .*numpy.*Restart session"):
        run_cell()


# ---------------------------------------------------------------- the notebooks


@pytest.mark.parametrize("page", CHAPTERS)
def test_what_a_chapter_imports_is_installed_or_comes_with_colab(page):
    held = [*PROJECT["project"]["dependencies"], *PROJECT["dependency-groups"]["run"]]
    # Modules are named otherwise than what brings them; Colab's kernel is IPython.
    brought = {Requirement(one).name.replace("-", "_") for one in held}
    brought |= {"sklearn", "IPython", "launchlab", *sys.stdlib_module_names}
    content = read(page)
    if not colab.offered(page, content):
        assert page == "book/software/from-notebook-to-service.ipynb", "it needs the clone"
        return
    assert {name.split(".")[0] for name in colab._imported(content)} <= brought


def test_a_chapter_gets_the_libraries_that_it_imports_and_no_others():
    content = read("book/software/tests-without-answers.ipynb")
    wanted = colab.wanted(content, PROJECT, "https://x")
    assert wanted.keys() == {"launchlab", "hypothesis", "myst_nb", "pandera"}
    assert wanted["launchlab"] == "launchlab @ https://x"
    assert wanted["myst_nb"].startswith("myst-nb>=")
    without = colab.wanted(notebook(("code", "import numpy")), PROJECT, "y")
    assert without == {"launchlab": "launchlab @ y"}


@pytest.mark.parametrize(
    ("page", "code", "offered"),
    [
        ("book/a.ipynb", "import numpy", True),
        ("exercises/a.ipynb", "import numpy", False),
        ("book/a.ipynb", "1 + 1", False),
        ("book/a.ipynb", "%matplotlib inline", False),
        ("book/a.ipynb", "from launchlab.software.running import running_service", False),
        ("book/a.ipynb", "from launchlab.software import running", False),
    ],
)
def test_only_chapters_that_need_no_clone_are_offered(page, code, offered):
    assert colab.offered(page, notebook(("code", code))) == offered


def test_the_cell_comes_first_and_drawings_are_named_by_address():
    text = "![one](figures/a.svg) ![two](../b.svg) ![three](https://host/c.svg) [link](d.md)"
    given = notebook(("markdown", text), ("code", "s = '![x](y.svg)'"))
    made = colab.prepared(given, "book/part/one.ipynb", "import sys\n", "https://raw")
    assert [one["cell_type"] for one in made["cells"]] == ["code", "markdown", "code"]
    assert made["cells"][0]["source"] == ["import sys\n"]
    assert "".join(made["cells"][1]["source"]) == (
        "![one](https://raw/book/part/figures/a.svg) ![two](https://raw/book/b.svg) "
        "![three](https://host/c.svg) [link](d.md)"
    )
    assert made["cells"][2] == given["cells"][1]
    assert given["cells"][0]["source"] == [text], "the notebook itself stays as it is"


# ---------------------------------------------------------------- the branch and the links


@pytest.fixture
def course(tmp_path):
    """A repository on GitHub, with one chapter and one exercise."""
    pages = {
        "_config.yml": "repository:\n  url: ''\n",
        "pyproject.toml": '[project]\nname = "launchlab"\nversion = "1.2"\n'
        '[dependency-groups]\nrun = ["myst-nb>=1.3"]\n',
        "book/part/one.ipynb": json.dumps(notebook(("code", "from myst_nb import glue"))),
        "book/part/.ipynb_checkpoints/one.ipynb": json.dumps(notebook(("code", "import re"))),
        "exercises/two.ipynb": json.dumps(notebook(("code", "import re"))),
    }
    for name, text in pages.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    git(tmp_path, "init")
    git(tmp_path, "remote", "add", "origin", "git@github.com:me/course.git")
    return tmp_path


def git(folder, *arguments: str) -> str:
    who = ["-c", "user.name=Someone", "-c", "user.email=someone@example.org"]
    command = ["git", "-C", str(folder), *who, *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def commit(folder) -> str:
    git(folder, "add", ".")
    git(folder, "commit", "--message", "One")
    return git(folder, "rev-parse", "HEAD")


@pytest.mark.parametrize("tagged", [True, False])
def test_a_chapter_asks_for_the_state_that_it_belongs_to(course, tagged):
    state = commit(course)
    git(course, "tag", "v1.1")
    if tagged:
        git(course, "tag", "v1.2")
        state = "v1.2"
    (made,) = colab.make(course, {})
    assert made == course / "_build" / "colab" / "book" / "part" / "one.ipynb"
    code = "".join(json.loads(made.read_text("utf-8"))["cells"][0]["source"])
    assert f'"launchlab @ https://github.com/me/course/archive/{state}.tar.gz"' in code
    assert '"myst_nb": "myst-nb>=1.3"' in code


def test_what_colab_cannot_open_is_said_in_a_sentence(course):
    with pytest.raises(colab.NoAddressError, match="me/course, without a commit"):
        colab.make(course, {})
    commit(course)
    git(course, "remote", "set-url", "origin", "https://codeberg.org/me/course")
    with pytest.raises(colab.NoAddressError, match=r"GitHub.*codeberg\.org"):
        colab.make(course, {})
    git(course, "remote", "remove", "origin")
    with pytest.raises(colab.NoAddressError, match="nowhere"):
        colab.make(course, {})


def test_a_button_leads_to_the_branch_where_there_is_one():
    on_github, page = "https://github.com/me/course", "book/part/one.ipynb"

    def names(address: str, on_colab: bool) -> list[str]:
        group = sphinxext.buttons(address, "main", page, on_colab=on_colab)[0]
        return [one["text"] for one in group["buttons"]]

    assert names(on_github, True) == ["Binder", "Colab"]
    assert names(on_github, False) == ["Binder"]
    assert names("https://gitlab.com/me/course", True) == ["Binder"]
    assert colab.link(on_github, page) == (
        "https://colab.research.google.com/github/me/course/blob/colab/book/part/one.ipynb"
    )
