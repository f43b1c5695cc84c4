"""The house: its drawing and its contract name the rooms there are, and a subject is only that."""

import ast
import re
import subprocess
import sys
import tomllib

import pytest
from packaging.requirements import Requirement

ROOMS = "launchlab"
SUBJECTS = (
    "calls",
    "capstone",
    "evaluation",
    "interpret",
    "leaderboard",
    "market",
    "operations",
    "ratings",
    "serving",
    "software",
    "stakeholders",
    "zoo",
)


@pytest.fixture(scope="module")
def rooms(root) -> set[str]:
    """Packages and modules that lie directly in the package."""
    found = {path.parent.name for path in root.glob(f"{ROOMS}/*/__init__.py")}
    return found | {path.stem for path in root.glob(f"{ROOMS}/[a-z]*.py")}


def test_the_contract_of_imports_names_every_room(root, rooms):
    (layers, *_) = tomllib.loads(root.joinpath("pyproject.toml").read_text())["tool"][
        "importlinter"
    ]["contracts"]
    named = [name.strip() for line in layers["layers"] for name in line.split("|")]
    assert sorted(named) == sorted(rooms)


def test_the_drawing_in_contributing_names_every_room(root, rooms):
    text = root.joinpath("CONTRIBUTING.md").read_text(encoding="utf-8")
    (drawing,) = re.findall(r"```text\n(.*?)```", text, re.DOTALL)
    assert len(drawing.splitlines()) <= 25
    assert not [name for name in rooms - {"classroom"} if not re.search(rf"\b{name}\b", drawing)]


def test_the_table_in_the_readme_names_every_folder(root, rooms):
    text = root.joinpath("README.md").read_text(encoding="utf-8")
    folders = {name for name in rooms if root.joinpath(ROOMS, name).is_dir()}
    assert not [name for name in folders if f"`{ROOMS}/{name}/`" not in text]


def test_what_the_package_imports_at_once_comes_with_its_wheel(root):
    """Commands that need the repository anyway may ask for more."""
    project = tomllib.loads(root.joinpath("pyproject.toml").read_text(encoding="utf-8"))["project"]
    declared = {Requirement(one).name.replace("-", "_") for one in project["dependencies"]}
    # Modules that are named otherwise than what brings them; ipywidgets brings the last two.
    brought = {"launchlab", "sklearn", "vl_convert", "IPython", "traitlets"}
    missing = []
    for path in sorted(root.glob(f"{ROOMS}/**/*.py")):
        name = path.relative_to(root).as_posix()
        if name.startswith(f"{ROOMS}/publish/") or name == f"{ROOMS}/software/releases.py":
            continue
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            found = [one.name for one in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.module and not node.level:
                found.append(node.module)
            tops = {one.split(".")[0] for one in found}
            missing += [(name, top) for top in tops - declared - brought - sys.stdlib_module_names]
    assert missing == []


def test_importing_a_subject_leaves_altairs_theme_alone():
    imports = ", ".join(f"launchlab.{name}" for name in SUBJECTS)
    source = (
        "import altair as alt; before = alt.theme.active, alt.renderers.active\n"
        f"import {imports}, launchlab.stakeholders.room, launchlab.stakeholders.phones, sys\n"
        "assert (alt.theme.active, alt.renderers.active) == before\n"
        "assert 'launchlab.lab' not in sys.modules\n"
        "from launchlab import lab\n"
        "assert alt.theme.active == 'launchlab'"
    )
    ran = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
