"""What a clone is like on a system that writes lines its own way, or has no Python to speak of."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.conftest import ROOT

needs_git = pytest.mark.skipif(
    not (ROOT / ".git").exists() or shutil.which("git") is None, reason="no clone, but a zip"
)


@needs_git
def test_every_text_has_the_same_bytes_on_every_system(tmp_path):
    """Git for Windows asks for CRLF; hand-outs, results and sources are compared as bytes."""
    command = ["git", "-C", ROOT, "-c", "core.autocrlf=true", "-c", "core.eol=crlf"]
    subprocess.run(
        [*command, "checkout-index", "--all", f"--prefix={tmp_path}/"],
        check=True,
        capture_output=True,
    )
    found = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(found) > 200
    spoiled = [path.name for path in found if is_text(path) and b"\r\n" in path.read_bytes()]
    assert spoiled == []


def is_text(path: Path) -> bool:
    return b"\0" not in path.read_bytes()


# ---------------------------------------------------------------- Pythons that are none


def make(folder: Path, *arguments: str, path: Path | None = None) -> subprocess.CompletedProcess:
    """``make`` with a copy of the Makefile, in a folder that has nothing else."""
    shutil.copy(ROOT / "Makefile", folder)
    environment = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    if path is not None:
        environment["PATH"] = f"{path}:{environment['PATH']}"
    return subprocess.run(
        ["make", *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )


@pytest.fixture
def bare(tmp_path):
    """A folder with a project that asks for a package which does not exist."""
    tmp_path.joinpath("requirements.lock").write_text("--no-index\nno-such-package==1.0\n")
    tmp_path.joinpath("pyproject.toml").write_text("")
    return tmp_path


def program(folder: Path, name: str, text: str) -> None:
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)


def test_an_inactive_shim_is_said_to_be_one(bare):
    shims = bare / ".pyenv"
    program(shims, "python3", 'echo "pyenv: python3: command not found" >&2; exit 127')
    ran = make(bare, "book", path=shims)
    (line,) = ran.stderr.splitlines()
    assert "python3 is here but does not start (a shim of pyenv" in line
    assert line.endswith("make PYTHON=python3.11.  Stop.")
    assert ran.stdout == ""


def test_a_python_that_is_not_here_is_named(bare):
    ran = make(bare, "book", "PYTHON=python9")
    (line,) = ran.stderr.splitlines()
    assert "There is no python9 here" in line


def test_a_python_that_is_too_old_is_named(bare):
    program(bare / "old", "python3", 'case "$2" in *"not (3"*) exit 1;; *join*) echo 3.9.1;; esac')
    ran = make(bare, "book", path=bare / "old")
    (line,) = ran.stderr.splitlines()
    assert "python3 is Python 3.9.1; the course needs 3.11, 3.12 or 3.13" in line


def test_python_keeps_what_it_compiles_where_its_surroundings_forbid_it(bare, monkeypatch):
    """In such surroundings each process took five seconds of CPU to import what notebooks need."""
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    shutil.copy(ROOT / "Makefile", bare)
    told = """told: ; @python3 -c 'import sys; print(sys.flags.dont_write_bytecode)'"""
    command = ["make", "--no-print-directory", "--eval", told, "told"]
    ran = subprocess.run(command, cwd=bare, capture_output=True, text=True, check=True)
    assert ran.stdout.splitlines()[-1] == "0"


@pytest.mark.parametrize(
    "first", ["", "uv==0.0.0 ; python_version < '3'\n"], ids=["pip alone", "without uv"]
)
def test_of_an_installation_that_failed_the_reason_is_shown(bare, first):
    lock = bare / "requirements.lock"
    lock.write_text(first + lock.read_text())
    ran = make(bare, "book")
    assert ran.returncode == 2
    lines = ran.stdout.splitlines()
    wanted = "no-such-package==1.0"
    assert any(f"No matching distribution found for {wanted}" in line for line in lines)
    assert lines[-1].startswith("The packages could not be installed: the reason stands above")
    assert "no-such-package" in bare.joinpath(".venv", "pip.log").read_text()
    assert not bare.joinpath(".venv", ".ready").exists()
