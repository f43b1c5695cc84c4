"""GitHub's workflows: a planted failure makes each of their gates fail.

The shell steps are run here as a runner does, with stand-ins for the programs that they call.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from launchlab.publish import colab
from tests import patience

ROOT = Path(__file__).resolve().parents[1]
WORKFLOWS = ROOT / ".github" / "workflows"
SERVES = 'echo "The book is at http://localhost:8123"; exec sleep 60'
EVERY_CHAPTER = (("test", "make test-page"), ("weekly", "make test-page, on the newest versions"))
READ_ONLY = {"contents": "read"}
GOOD_PAGE = "<title>From Leaderboard to Launch</title>"


def read(name: str) -> dict[Any, Any]:
    found: dict[Any, Any] = yaml.safe_load((WORKFLOWS / f"{name}.yml").read_text("utf-8"))
    return found


def triggers(name: str) -> dict[str, Any]:
    found: dict[str, Any] = read(name)[True]  # YAML reads the key `on` as a truth value
    return found


def step(name: str, title: str) -> dict[str, Any]:
    """The step of a workflow that bears a name."""
    jobs = read(name)["jobs"].values()
    return next(one for job in jobs for one in job["steps"] if one.get("name") == title)


class Runner:
    """Runs a step's script in a folder, before all else finding the stand-ins put there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.programs = folder / "programs"
        self.programs.mkdir()
        self.env = {
            **os.environ,
            "PATH": f"{self.programs}:{os.environ['PATH']}",
            "GITHUB_REPOSITORY": "someone/course",
            "GITHUB_SERVER_URL": "https://github.com",
            "GITHUB_RUN_ID": "42",
            "GITHUB_STEP_SUMMARY": str(folder / "summary.md"),
            "LABEL": "newest-versions",
        }

    def put(self, program: str, script: str) -> None:
        """Put a stand-in in place of a program."""
        path = self.programs / program
        path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        path.chmod(0o755)

    def run(self, one: dict[str, Any]) -> subprocess.CompletedProcess[str]:
        """Run a step; a runner stops at the first error, and with `shell: bash` also in a pipe."""
        flags = ["--noprofile", "--norc", "-eo", "pipefail"] if one.get("shell") else ["-e"]
        script = self.folder / "step.sh"
        script.write_text(one["run"], encoding="utf-8")
        return subprocess.run(
            ["bash", *flags, str(script)],
            cwd=self.folder,
            env=self.env,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=patience.EVENT,
            check=False,
        )


@pytest.fixture
def runner(tmp_path: Path) -> Runner:
    return Runner(tmp_path)


def test_they_run_when_they_should() -> None:
    assert {"push", "pull_request"} <= triggers("test").keys()
    assert triggers("pages")["push"] == {"branches": ["main"]}
    assert triggers("weekly")["schedule"]
    commands = [one.get("run") for one in read("test")["jobs"]["commands"]["steps"]]
    assert "make test" in commands
    assert any("make test-live" in command for command in commands if command)
    assert any("make serve" in command for command in commands if command)
    assert "NEWEST=1" in step("weekly", "make test, on the newest versions")["run"]
    assert "make test-live" in (ROOT / ".ci" / "run").read_text("utf-8")
    # Twice what they take on two idle cores, and no more.
    for name, title in EVERY_CHAPTER:
        assert step(name, title)["timeout-minutes"] <= 12


@pytest.mark.parametrize(("name", "title"), EVERY_CHAPTER)
@pytest.mark.parametrize("code", [0, 2])
def test_a_red_chapter_in_the_page_is_a_red_step(
    runner: Runner, name: str, title: str, code: int
) -> None:
    runner.put("make", f'echo "make $*"; exit {code}')
    ran = runner.run(step(name, title))
    assert ran.returncode == code
    assert "make test-page" in ran.stdout


@pytest.mark.parametrize(
    ("seconds", "red", "runs", "passes"),
    [
        (0, "nothing", ["test", "test-page", "test-live"], True),
        (0, "test", ["test", "test-page", "test-live"], False),
        (0, "test-page", ["test", "test-page", "test-live"], False),
        (0, "test-live", ["test", "test-page", "test-live"], False),
        (1_920, "nothing", ["test", "test-page"], True),
        (2_060, "nothing", ["test"], True),
        (2_060, "test", ["test"], False),
    ],
)
def test_the_gate_runs_what_there_is_time_for(
    runner: Runner, seconds: int, red: str, runs: list[str], passes: bool
) -> None:
    gate = runner.folder / ".ci" / "run"
    gate.parent.mkdir()
    shutil.copy(ROOT / ".ci" / "run", gate)
    runner.put("make", f'echo "$*" >> asked.log; [ "$*" != {red} ]')
    ran = subprocess.run(
        ["bash", str(gate)],
        # Where a shell finds its clock in the environment, it goes on from there.
        env=runner.env | {"SECONDS": str(seconds)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=patience.EVENT,
        check=False,
    )
    assert (ran.returncode == 0) == passes, ran.stdout + ran.stderr
    assert (runner.folder / "asked.log").read_text().split() == runs


@pytest.mark.parametrize(
    ("name", "title"), [("test", "make test"), ("weekly", "make test, on the newest versions")]
)
@pytest.mark.parametrize("code", [0, 2])
def test_a_red_make_test_is_a_red_step(runner: Runner, name: str, title: str, code: int) -> None:
    runner.put("make", f'echo "make $*"; exit {code}')
    ran = runner.run(step(name, title))
    assert ran.returncode == code
    assert "make test" in ran.stdout


@pytest.mark.parametrize("code", [0, 2])
def test_a_red_make_test_live_is_a_red_step(runner: Runner, code: int) -> None:
    (runner.folder / "tests" / "live").mkdir(parents=True)
    runner.put("make", f'test "$*" = test-live && exit {code}; exit 99')
    assert runner.run(step("test", "make test-live")).returncode == code


@pytest.mark.parametrize(
    ("make", "page", "passes"),
    [
        (SERVES, GOOD_PAGE, True),
        (SERVES, "<title>Directory listing</title>", False),
        ("exit 2", GOOD_PAGE, False),
        ('echo "The book is at http://localhost:8123"', GOOD_PAGE, False),
        ('echo "Serving"; exec sleep 60', GOOD_PAGE, False),
    ],
    ids=["serves", "another page", "does not build", "ends at once", "does not say where"],
)
def test_make_serve_must_serve_say_where_and_keep_on(
    runner: Runner, make: str, page: str, passes: bool
) -> None:
    # The server writes its number down, so that the test can end it; a runner's job does that.
    runner.put("make", f"echo $$ > server.pid\n{make}")
    runner.put("curl", f"until [ -s server.pid ]; do :; done; echo '{page}' > page.html")
    runner.put("cat", f'{shutil.which("sleep")} 0.5; exec {shutil.which("cat")} "$@"')
    try:
        ran = runner.run(step("test", "make serve"))
    finally:
        number = int((runner.folder / "server.pid").read_text())
        subprocess.run(["kill", str(number)], stderr=subprocess.DEVNULL, check=False)
    assert (ran.returncode == 0) == passes, ran.stdout + ran.stderr


@pytest.mark.parametrize("address", ["someone/course", "nowhere"])
def test_a_book_without_launch_buttons_is_not_published(runner: Runner, address: str) -> None:
    page = runner.folder / "_build" / "html" / "book" / "index.html"
    page.parent.mkdir(parents=True)
    page.write_text(f"<a href='https://github.com/{address}'>Binder</a>", encoding="utf-8")
    ran = runner.run(step("pages", "Launch buttons point at this repository"))
    assert (ran.returncode == 0) == (address == "someone/course")
    assert set(read("pages")["jobs"]["deploy"]["needs"]) == {"build", "colab"}


def test_the_chapters_for_colab_become_the_branch_that_links_lead_to(runner: Runner) -> None:
    job = read("pages")["jobs"]["colab"]
    assert job["needs"] == "build" and job["permissions"] == {"contents": "write"}
    assert "contents" not in read("pages")["jobs"]["deploy"]["permissions"]
    there = runner.folder / "there.git"
    subprocess.run(["git", "init", "--quiet", "--bare", there], check=True)
    where = "https://x-access-token:secret@github.com/someone/course"
    push = step("pages", "Push the chapters for Colab")
    settings = {"KEY_0": f"url.{there}.insteadOf", "VALUE_0": where, "COUNT": "1"}
    runner.env |= {f"GIT_CONFIG_{name}": value for name, value in settings.items()}
    runner.env |= {"TOKEN": "secret", "GITHUB_SHA": "abc"}
    asked = ["git", "-C", str(there), "ls-tree", "-r", "--name-only", colab.BRANCH]
    for chapter in ("one", "two"):  # the second publication replaces the first
        folder = runner.folder / chapter
        (folder / "book").mkdir(parents=True)
        (folder / "book" / f"{chapter}.ipynb").write_text("{}", encoding="utf-8")
        ran = runner.run({**push, "run": f"cd {chapter}\n{push['run']}"})
        assert ran.returncode == 0, ran.stderr
        assert "secret" not in ran.stdout + ran.stderr
        found = subprocess.run(asked, capture_output=True, text=True, check=True).stdout
        assert found.split() == [f"book/{chapter}.ipynb"]


@pytest.mark.parametrize(
    ("tag", "date", "says"),
    [
        ("v1.2.3", "2027-01-31", ""),
        ("v1.2.30", "2027-01-31", "pyproject.toml has another version than the tag v1.2.30"),
        ("v1.2.3", "2027-02-01", "CITATION.cff has another date than the commit of v1.2.3"),
    ],
)
def test_a_release_names_its_tag_and_its_day(
    runner: Runner, tag: str, date: str, says: str
) -> None:
    (runner.folder / "pyproject.toml").write_text('[project]\nversion = "1.2.3"\n', "utf-8")
    (runner.folder / "CITATION.cff").write_text(
        "version: 1.2.3\ndate-released: 2027-01-31\n", "utf-8"
    )
    runner.env |= {"GITHUB_REF_NAME": tag}
    # As after a checkout, in a repository whose newest commit is of that day.
    runner.put("git", f'test "$*" = "log -1 --format=%cs" && echo {date}')
    ran = runner.run(step("release", "The tag is the version"))
    assert (ran.returncode == 0) == (says == ""), ran.stderr
    assert says in ran.stdout


def test_a_release_is_tested_and_holds_the_wheel_and_the_book(runner: Runner) -> None:
    assert triggers("release")["push"] == {"tags": ["v[0-9]+.[0-9]+.[0-9]+"]}
    jobs = read("release")["jobs"]
    commands = [one.get("run", "") for one in jobs["build"]["steps"]]
    assert {"make test-package", "make zip"} <= set(commands)
    assert any("pip wheel" in command for command in commands)
    # What runs the repository's own code may not write to it.
    assert "permissions" not in jobs["build"] and read("release")["permissions"] == READ_ONLY
    assert jobs["publish"]["needs"] == "build"
    assert not any("checkout" in one.get("uses", "") for one in jobs["publish"]["steps"])
    (runner.folder / "dist").mkdir()
    for name in ("a.whl", "b.zip"):
        (runner.folder / "dist" / name).touch()
    runner.env |= {"GITHUB_REF_NAME": "v1.2.3"}
    runner.put("gh", 'echo "$*" >> gh.log')
    assert runner.run(step("release", "Publish")).returncode == 0
    asked = (runner.folder / "gh.log").read_text(encoding="utf-8")
    assert asked.startswith("release create v1.2.3 dist/a.whl dist/b.zip --verify-tag")


def test_a_pull_request_s_book_can_be_looked_at_and_gets_no_secret(runner: Runner) -> None:
    text = (WORKFLOWS / "preview.yml").read_text("utf-8")
    assert list(triggers("preview")) == ["pull_request"] and "secrets." not in text
    assert read("preview")["permissions"] == READ_ONLY
    assert all("permissions" not in job for job in read("preview")["jobs"].values())
    # A title or branch of somebody else's in a script would be a command of theirs.
    scripts = [one.get("run", "") for one in read("preview")["jobs"]["book"]["steps"]]
    assert "make book" in scripts and not any("${{" in script for script in scripts)
    runner.env |= {"URL": "https://example.org/artifact"}
    assert runner.run(step("preview", "Say where it is")).returncode == 0
    said = (runner.folder / "summary.md").read_text(encoding="utf-8")
    assert "[The book of this pull request](https://example.org/artifact)" in said
    assert "open `index.html`" in said


REPORT = """<testsuites><testsuite><testcase classname="tests.test_planted" name="test_breaks">
<failure message="AssertionError: planted">planted</failure></testcase></testsuite></testsuites>"""


@pytest.fixture
def broken_week(runner: Runner) -> Runner:
    """A runner after a red weekly run: the tests' report, the log, and a stand-in for `gh`."""
    (runner.folder / "tests").mkdir()
    shutil.copy(ROOT / "tests" / "newest_report.py", runner.folder / "tests")
    (runner.folder / "requirements.lock").write_text("pytest==0.1\n", encoding="utf-8")
    reports = runner.folder / ".cache" / "reports"
    reports.mkdir(parents=True)
    (reports / "package.xml").write_text(REPORT, encoding="utf-8")
    (runner.folder / "run.log").write_text("make: *** [test] Error 1\n", encoding="utf-8")
    python = runner.folder / ".cache" / "newest" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n', encoding="utf-8")
    python.chmod(0o755)
    return runner


def asked_of_gh(runner: Runner, number: str) -> None:
    """A `gh` that notes what it is asked, and knows of one open issue, or of none."""
    answer = f'[ "$1 $2" = "issue list" ] && echo "{number}"'
    runner.put("gh", f'echo "$*" >> gh.log\n{answer}\ntrue')


@pytest.mark.parametrize("number", ["", "7"], ids=["first week", "another week"])
def test_a_red_week_opens_one_report_that_names_what_broke(
    broken_week: Runner, number: str
) -> None:
    asked_of_gh(broken_week, number)
    report = step("weekly", "Report what broke")
    assert report["if"] == "failure()"
    ran = broken_week.run(report)
    assert ran.returncode == 0, ran.stderr
    text = (broken_week.folder / "report.md").read_text(encoding="utf-8")
    assert "tests.test_planted::test_breaks" in text
    assert "AssertionError: planted" in text
    assert "| pytest | 0.1 | " in text
    assert "actions/runs/42" in text
    assert "planted" in (broken_week.folder / "summary.md").read_text(encoding="utf-8")
    asked = (broken_week.folder / "gh.log").read_text(encoding="utf-8")
    assert ("issue create" in asked) == (number == "")
    assert ("issue edit 7" in asked) == (number == "7")


def test_a_report_is_written_even_when_nothing_could_be_installed(broken_week: Runner) -> None:
    shutil.rmtree(broken_week.folder / ".cache")
    asked_of_gh(broken_week, "")
    ran = broken_week.run(step("weekly", "Report what broke"))
    assert ran.returncode == 0, ran.stderr
    text = (broken_week.folder / "report.md").read_text(encoding="utf-8")
    assert "make: *** [test] Error 1" in text


@pytest.mark.parametrize("number", ["", "7"])
def test_a_green_week_closes_the_report(runner: Runner, number: str) -> None:
    asked_of_gh(runner, number)
    close = step("weekly", "Close the report")
    assert close["if"] == "success()"
    assert runner.run(close).returncode == 0
    asked = (runner.folder / "gh.log").read_text(encoding="utf-8")
    assert ("issue close 7" in asked) == (number == "7")
