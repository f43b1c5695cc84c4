"""The built wheel works by itself: in another environment, in an empty folder, results included."""

import subprocess
import sys
import sysconfig
import textwrap
import venv
from pathlib import Path

import pytest

from tests.conftest import ROOT

SHIPPED = ("launchlab", "pyproject.toml", "README.md", "LICENSE")
# Everything that reads a file of the package: tables, recorded claims, JavaScript, the front end.
SCRIPT = """
    import importlib, pkgutil
    from pathlib import Path
    import launchlab

    assert Path(launchlab.__file__).is_relative_to(Path({home!r})), launchlab.__file__
    for module in pkgutil.walk_packages(launchlab.__path__, "launchlab."):
        if "publish" not in module.name and not module.name.endswith("__main__"):
            importlib.import_module(module.name)

    from launchlab import findings, lab, ratings, serving, zoo
    from launchlab.lab.lives import page, live
    from launchlab.serving import bagged, costs, remedies
    from launchlab.stakeholders import frozen, menu, room

    rows = [len(table()) for table in (
        zoo.zoo_table, serving.latency_table, bagged.bagged_table, remedies.remedies_table,
        costs.member_cost, menu.menu_table, frozen.drift_table, ratings.member_table)]
    assert all(rows), rows
    assert zoo.zoo_scores("tree")[1].order.shape == (1000, 30)
    assert zoo.training_noise("hgb200", "logistic") > 0
    assert len(findings.all_results()) >= 100
    assert "function chosenRow" in room.javascript()
    assert "launchlab" in live.script() and live.front("launchlab.css")
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    """Built from a copy: setuptools leaves its work in the folder it builds."""
    source, built = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("built")
    tracked = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", *SHIPPED],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    for name in filter(None, tracked.stdout.split("\0")):
        if (ROOT / name).is_file():
            target = source / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes((ROOT / name).read_bytes())
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"]
    ran = subprocess.run(
        [*command, "--wheel-dir", str(built), str(source)], capture_output=True, text=True
    )
    assert ran.returncode == 0, ran.stderr
    (found,) = built.glob("launchlab-*.whl")
    return found


def test_the_wheel_works_in_an_empty_folder_of_another_environment(wheel, tmp_path):
    home, folder = tmp_path / "environment", tmp_path / "empty"
    folder.mkdir()
    venv.create(home, with_pip=False)
    python = home / "bin" / "python"
    command = [sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet"]
    ran = subprocess.run([*command, "--no-deps", str(wheel)], capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    # The libraries are this environment's: to install them again would take minutes. Its editable
    # launchlab stays away, since the .pth files of a path that is only added are not read.
    (site,) = home.glob("lib/python*/site-packages")
    site.joinpath("libraries.pth").write_text(sysconfig.get_path("purelib") + "\n")
    script = textwrap.dedent(SCRIPT).format(home=str(home))
    ran = subprocess.run(
        [python, "-I", "-c", script], cwd=folder, capture_output=True, text=True, timeout=300
    )
    assert ran.returncode == 0, ran.stderr
    assert not list(folder.iterdir())
