"""What conda and Binder are handed: no solver is asked, so its parts are held to pyproject.toml."""

import tomllib
from typing import Any

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

from tests.conftest import ROOT

GIVEN: dict[str, Any] = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
(PIP,) = (one["pip"] for one in GIVEN["dependencies"] if isinstance(one, dict))
FROM_CONDA = [one for one in GIVEN["dependencies"] if isinstance(one, str)]


def test_it_has_the_keys_that_conda_knows_and_no_others():
    assert set(GIVEN) == {"name", "channels", "dependencies"}
    assert GIVEN["name"] == "launchlab"
    # Without the defaults: their terms ask organisations for a licence.
    assert GIVEN["channels"] == ["conda-forge", "nodefaults"]


def test_conda_brings_pip_and_a_python_that_the_package_allows():
    assert [one.split("=")[0] for one in FROM_CONDA] == ["python", "pip"]
    version = FROM_CONDA[0].removeprefix("python=")
    assert SpecifierSet(PROJECT["project"]["requires-python"]).contains(f"{version}.0")


def test_pip_installs_the_package_and_what_notebooks_need_in_the_versions_of_the_lock():
    groups = PROJECT["dependency-groups"]
    names = [Requirement(one).name for one in [*groups["run"], *groups["service"]]]
    assert ["-c requirements.lock", "-e .", *names] == PIP


@pytest.mark.parametrize("name", PIP[2:])
def test_the_lock_knows_the_version(name):
    lines = (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines()
    assert any(line.startswith(f"{name}==") for line in lines)
