"""Where bubblewrap comes from."""

import shutil
import subprocess
import sys

import pytest

from tests import sandbox_path


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
