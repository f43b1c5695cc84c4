"""A test that hangs is named, and ends the run."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests import patience
from tests.conftest import ROOT

HANGS = """
import threading

def test_passes():
    pass

def test_hangs():
    threading.Event().wait()

def test_comes_later():
    pass
"""
SIDE_BY_SIDE = ["-n", "1", "--max-worker-restart=0", "--dist"]


def test_the_watchdog_waits_longer_than_any_test_does():
    ini = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["pytest"]
    assert ini["ini_options"]["faulthandler_timeout"] == patience.TEST
    assert patience.EVENT < patience.PROGRAM < patience.TEST


@pytest.mark.parametrize(
    "options",
    [[], [*SIDE_BY_SIDE, "loadscope"], [*SIDE_BY_SIDE, "loadfile"], [*SIDE_BY_SIDE, "worksteal"]],
    ids=lambda options: options[-1] if options else "alone",
)
def test_a_test_that_hangs_is_named_and_ends_the_run(tmp_path: Path, options: list[str]):
    path = tmp_path / "test_planted.py"
    path.write_text(HANGS)
    command = [sys.executable, "-m", "pytest", str(path), f"--rootdir={tmp_path}", *options]
    command += ["-p", "tests.conftest", "-c", str(ROOT / "pyproject.toml")]
    command += ["-o", "faulthandler_timeout=3"]
    ran = subprocess.run(
        command,
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=patience.PROGRAM,
        check=False,
    )
    said = ran.stdout + ran.stderr
    assert ran.returncode == 1, said
    assert "in test_hangs" in said
    assert "2 passed" not in said
    if options:
        assert "test_planted.py::test_hangs" in ran.stdout
        assert "INTERNALERROR" not in said
