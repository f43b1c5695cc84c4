"""The finder of the browser, on made-up machines."""

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests import browser_path


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine with an empty search path and an empty home."""
    (tmp_path / "bin").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("LAUNCHLAB_CHROMIUM", raising=False)
    monkeypatch.delenv("PLAYWRIGHT_BROWSERS_PATH", raising=False)
    monkeypatch.setattr(browser_path, "MAC_APPS", ())
    return tmp_path


def program(path: Path) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    return str(path)


def test_a_bare_machine_has_none(bare: Path) -> None:
    assert browser_path.find() is None


def test_the_variable_wins(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(bare / "bin/chromium")
    named = program(bare / "elsewhere/chrome")
    monkeypatch.setenv("LAUNCHLAB_CHROMIUM", named)
    assert browser_path.find() == named


def test_a_wrong_variable_is_not_passed_over(
    bare: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    program(bare / "bin/chromium")
    monkeypatch.setenv("LAUNCHLAB_CHROMIUM", str(bare / "gone"))
    assert browser_path.main(["--install"]) == 1
    assert "gone" in capsys.readouterr().err


def test_the_newest_of_playwright(bare: Path) -> None:
    store = bare / ".cache/ms-playwright"
    program(store / "chromium-999/chrome-linux/chrome")
    newest = program(store / "chromium-1200/chrome-linux64/chrome")
    program(store / "chromium_headless_shell-1200/chrome-linux/headless_shell")
    assert browser_path.find() == newest
    system = program(bare / "bin/chromium")
    assert browser_path.find() == system


def test_the_shell_goes_with_the_chromium_of_the_machine(
    bare: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shell = program(bare / "bin/chromium-headless-shell")
    assert browser_path.find() is None
    assert browser_path.light() is None
    chromium = program(bare / "bin/chromium")
    assert browser_path.find() == chromium
    assert browser_path.light() == shell
    named = program(bare / "elsewhere/chrome")
    monkeypatch.setenv("LAUNCHLAB_CHROMIUM", named)
    assert browser_path.light() == named
    # As make hands the one it has found on.
    monkeypatch.setenv("LAUNCHLAB_CHROMIUM", chromium)
    assert browser_path.light() == shell


def test_what_cannot_run_is_no_browser(bare: Path) -> None:
    path = bare / "bin/chromium"
    program(path)
    path.chmod(0o644)
    assert browser_path.find() is None


@pytest.mark.parametrize(
    ("debian", "command"),
    [
        (True, "sudo apt-get install chromium"),
        (False, "/bin/playwright install chromium"),
    ],
)
def test_one_line_with_one_command(
    bare: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    debian: bool,
    command: str,
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr(browser_path, "is_debian", lambda: debian)
    monkeypatch.setattr(browser_path, "install", lambda: pytest.fail("not root"))
    assert browser_path.main(["--install"]) == 1
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.endswith(command + "\n") and shown.err.count("\n") == 1


@pytest.mark.parametrize("asked", [True, False])
def test_root_on_debian_installs_when_asked(
    bare: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    asked: bool,
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(browser_path, "is_debian", lambda: True)
    monkeypatch.setattr(browser_path, "install", lambda: program(bare / "bin/chromium"))
    assert browser_path.main(["--install"] if asked else []) == (0 if asked else 1)
    assert capsys.readouterr().out == (f"{bare}/bin/chromium\n" if asked else "")


@pytest.mark.parametrize(
    ("known", "packages"), [(0, ("chromium", "chromium-headless-shell")), (1, ("chromium",))]
)
def test_what_is_installed_is_what_the_release_has(
    monkeypatch: pytest.MonkeyPatch, known: int, packages: tuple[str, ...]
) -> None:
    asked: list[tuple[str, ...]] = []

    def run(command: Sequence[str], **_: object) -> subprocess.CompletedProcess[str]:
        asked.append(tuple(command))
        return subprocess.CompletedProcess(command, known if command[0] == "apt-cache" else 0)

    monkeypatch.setattr(subprocess, "run", run)
    browser_path.install()
    assert asked[0] == ("apt-get", "update", "--quiet")
    assert asked[-1] == (*browser_path.APT_GET, "--quiet", *packages, "fonts-liberation")
