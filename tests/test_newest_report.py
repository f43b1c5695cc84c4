"""The weekly report, on made-up runs."""

import sys
from pathlib import Path

from tests import newest_report
from tests.newest_report import Broken, Change

LOCK = """\
altair==6.3.0
appnope==1.0.0 ; sys_platform == 'no-such-platform'
Jupyter_Core==5.0
numpy==2.4.1 ; python_version >= '3'
# a comment
"""
JUNIT = """\
<testsuites><testsuite>
<testcase classname="tests.test_page" name="test_moves[dark]">
  <failure message="AssertionError: the chart | did not change&#10;more">...</failure>
</testcase>
<testcase classname="tests.test_page" name="test_fine" />
<testcase classname="" name="tests/broken.py"><error>ImportError: gone</error></testcase>
<testcase classname="tests.test_page" name="test_left"><skipped/></testcase>
</testsuite></testsuites>
"""
FAILED = [
    Broken(
        "package",
        "tests.test_page::test_moves[dark]",
        "AssertionError: the chart | did not change",
    ),
    Broken("package", "tests/broken.py", "ImportError: gone"),
]


def test_the_lock_is_read_for_this_platform() -> None:
    pins = newest_report.read_lock(LOCK)
    assert pins == {"altair": "6.3.0", "jupyter-core": "5.0", "numpy": "2.4.1"}


def test_the_lock_of_this_repository_pins_what_runs_here() -> None:
    lock = (newest_report.ROOT / "requirements.lock").read_text(encoding="utf-8")
    pins = newest_report.read_lock(lock)
    assert {"altair", "pytest", "jupyter-book"} <= pins.keys()
    assert newest_report.installed().keys() >= {"altair", "pytest"}


def test_changes_name_the_moved_the_new_and_the_gone() -> None:
    found = newest_report.changes({"a": "1", "b": "1", "c": "1"}, {"a": "1", "b": "2", "d": "4"})
    assert found == [
        Change("b", "1", "2"),
        Change("c", "1", None),
        Change("d", None, "4"),
    ]


def test_broken_tests_are_named_with_their_reason(tmp_path: Path) -> None:
    report = tmp_path / "package.xml"
    report.write_text(JUNIT, encoding="utf-8")
    assert newest_report.broken([report]) == FAILED


def test_the_report_says_both(tmp_path: Path) -> None:
    log = "\n".join(f"line {n}" for n in range(100)) + "\n```\nmake: failed"
    text = newest_report.write(
        [Change("b", "1", "2"), Change("d", None, "4")], FAILED, [tmp_path], log
    )
    assert "## Tests that broke: 2" in text
    assert "the chart \\| did not change |" in text
    assert "| b | 1 | 2 |" in text and "| d | (none) | 4 |" in text
    assert "line 99" in text and "line 1\n" not in text
    assert text.count("```") == 2, "the log must not close its own block"


def test_a_run_without_tests_says_so() -> None:
    text = newest_report.write(None, [], [], "No matching distribution")
    assert "No test ran" in text and "could not be installed" in text


def test_a_huge_report_fits_an_issue(tmp_path: Path) -> None:
    many = [Broken("package", f"test_{n}" * 10, "why " * 40) for n in range(999)]
    text = newest_report.write([], many, [tmp_path], "x" * 100_000)
    assert len(text) <= newest_report.LONGEST and text.endswith("```\n")


def test_the_command_prints_the_report(tmp_path: Path, monkeypatch, capsys) -> None:
    (tmp_path / "package.xml").write_text(JUNIT, encoding="utf-8")
    (tmp_path / "lock").write_text("pytest==0.1\n", encoding="utf-8")
    arguments = ["--log", "none", "--lock", "lock", "--reports", "."]
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["newest_report", *arguments])
    newest_report.main()
    shown = capsys.readouterr().out
    assert "| pytest | 0.1 | " in shown and "test_moves" in shown
