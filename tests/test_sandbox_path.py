"""Where bubblewrap comes from, and what becomes of the tests that need it where there is none."""

import os
import re
import shutil
import subprocess
import sys

import pytest

from tests import patience, sandbox_path
from tests.conftest import ROOT


@pytest.fixture
def bare(monkeypatch):
    """A Linux machine without bubblewrap; what was run on it."""
    ran = []
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(shutil, "which", lambda name: "/bin/x" if name == "apt-get" else None)
    monkeypatch.setattr(subprocess, "run", lambda command, **_: ran.append(command))
    return ran


def test_as_root_on_debian_it_is_installed(bare, monkeypatch):
    monkeypatch.setattr(sandbox_path.os, "geteuid", lambda: 0)
    monkeypatch.setattr(sandbox_path, "is_debian", lambda: True)
    assert sandbox_path.main(["--install"]) == 1, "still not there: nothing was really run"
    assert [command[:2] for command in bare] == [["apt-get", "update"], ["apt-get", "install"]]
    assert bare[1][-1] == "bubblewrap"


def test_others_are_told_the_command(bare, monkeypatch, capsys):
    monkeypatch.setattr(sandbox_path.os, "geteuid", lambda: 1000)
    assert sandbox_path.main(["--install"]) == 1
    assert bare == []
    assert "sudo apt-get install bubblewrap" in capsys.readouterr().err


def test_nothing_is_asked_where_it_cannot_be(bare, monkeypatch):
    monkeypatch.setattr(sys, "platform", "darwin")
    assert sandbox_path.main(["--install"]) == 0
    assert bare == []


PLANTED = """
import pytest
from coursework import sandbox
from coursework.sandbox import modes

def test_asks_for_nothing():
    pass

@pytest.mark.usefixtures("bubblewrap")
@pytest.mark.parametrize("number", range(2))
def test_asks(number):
    pass

@pytest.fixture(scope="module")
def plan(bubblewrap):
    pass

def test_has_a_plan(plan, monkeypatch, request):
    assert request.node.get_closest_marker("sandbox")
    monkeypatch.setattr(modes, "trial", lambda mode: "")
    sandbox.find_mode()
"""
UNASKED = """

def test_finds_a_mode_unasked():
    sandbox.find_mode()

def test_starts_one_unasked():
    sandbox.run(sandbox.Job(("1",), (), 5, 5), "user")
"""


def run(folder, planted, *options, installed=False):
    """How a run of pytest ends on a machine with, or without, a bubblewrap that does nothing."""
    path = folder / "test_planted.py"
    path.write_text(planted)
    programs = folder / "programs"
    programs.mkdir()
    if installed:
        (programs / "bwrap").write_text("#!/bin/sh\n")
        (programs / "bwrap").chmod(0o755)
    command = [sys.executable, "-m", "pytest", str(path), f"--rootdir={folder}", *options]
    return subprocess.run(
        [*command, "-p", "tests.conftest", "-c", str(ROOT / "pyproject.toml")],
        cwd=ROOT,
        env={**os.environ, "PATH": str(programs)},
        capture_output=True,
        text=True,
        timeout=patience.PROGRAM,
        check=False,
    )


on_linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs Linux")


@on_linux
def test_where_it_is_missing_what_needs_it_fails(tmp_path):
    ran = run(tmp_path, PLANTED)
    assert ran.returncode == 1
    assert "1 passed, 3 errors" in ran.stdout, ran.stdout
    assert "Not run for want of bubblewrap: " in ran.stdout


@on_linux
def test_the_quick_tests_leave_it_out_and_one_line_says_how_many(tmp_path):
    # As make runs them: a worker skips, and the lines are another process's.
    ran = run(tmp_path, PLANTED, "--bubblewrap=if-found", "-n", "1")
    assert ran.returncode == 0, ran.stdout
    assert "1 passed, 3 skipped" in ran.stdout
    (line,) = re.findall("^SKIPPED.*", ran.stdout, re.MULTILINE)
    assert line.startswith("SKIPPED [3] ")
    assert "left out for want of bubblewrap: " in line


@on_linux
def test_where_it_is_the_quick_tests_run_it_and_nobody_gets_it_unasked(tmp_path):
    ran = run(tmp_path, PLANTED + UNASKED, "--bubblewrap=if-found", installed=True)
    assert "2 failed, 4 passed" in ran.stdout, ran.stdout
    said = re.findall("^E +Failed: it starts a sandbox: ", ran.stdout, re.MULTILINE)
    assert len(said) == 2, ran.stdout


def test_only_the_quick_tests_may_do_without():
    rules = (ROOT / "Makefile").read_text(encoding="utf-8").replace("\\\n", " ")
    (spared,) = (line for line in rules.splitlines() if "--bubblewrap" in line)
    assert spared.startswith("run-quick = ")
    needs = dict(re.findall("^([a-z-]+):(.*?)##", rules, re.MULTILINE))
    assert "sandbox" not in needs["test-package"].split()
    for goal in ("test", "test-drawn", "bench"):
        assert "sandbox" in needs[goal].split(), goal
