"""What the first cell of an assignment does."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from launchlab import classroom
from tests.conftest import ROOT

HAND_OUT = ROOT / "exercises" / "ensembling"


@pytest.fixture(autouse=True)
def _no_seed(monkeypatch):
    monkeypatch.delenv(classroom.SEED_VARIABLE, raising=False)
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)


@pytest.fixture
def handed_out(tmp_path):
    """A class's folder with one hand-out in it, as `coursework.build --secret-file` makes it."""
    folder = tmp_path / "class" / "exercises" / "ensembling"
    (folder / "tests").mkdir(parents=True)
    (folder / "ensembling.ipynb").write_bytes((HAND_OUT / "ensembling.ipynb").read_bytes())
    (folder / "tests" / "q1.py").write_bytes((HAND_OUT / "tests" / "q1.py").read_bytes())
    (folder / "seed.txt").write_text("17\n")
    return folder


def test_the_seed_of_the_grader_goes_before_that_of_the_hand_out(tmp_path, monkeypatch):
    assert classroom.read_seed(tmp_path) == 0
    (tmp_path / "seed.txt").write_text("17\n")
    assert classroom.read_seed(tmp_path) == 17
    monkeypatch.setenv(classroom.SEED_VARIABLE, "18")
    assert classroom.read_seed(tmp_path) == 18


@pytest.mark.parametrize("text", ["", "x", "-1", "1.5", str(2**31), "1" * 50])
def test_a_seed_that_is_none_is_refused(tmp_path, text):
    (tmp_path / "seed.txt").write_text(text)
    with pytest.raises(ValueError, match=r"seed.txt is .*expected a whole number"):
        classroom.read_seed(tmp_path)


def test_checks_are_found_beside_the_notebook_and_in_the_course(tmp_path):
    (tmp_path / "tests").mkdir()
    test = "from otter.test_files import test_case\nOK_FORMAT = False\nname = 'q1'\npoints = 1\n"
    test += "@test_case()\ndef test_x(x):\n    assert x == 1\n"
    (tmp_path / "tests" / "q1.py").write_text(test)
    x = 1
    grader, seed = classroom.open_assignment("anything", tmp_path)
    assert seed == 0
    assert grader.check("q1", global_env={"x": x}).passed_all
    grader, _ = classroom.open_assignment("ensembling", tmp_path / "tests")
    assert not grader.check("q3", global_env={}).passed_all


def test_a_folder_of_the_students_own_machine_does_not_matter_where_it_is_graded(
    handed_out, monkeypatch
):
    monkeypatch.chdir(handed_out)
    monkeypatch.setenv(classroom.SEED_VARIABLE, "18")
    own = Path.cwd() / "tests"
    monkeypatch.setattr(classroom, "CHECKOUT", handed_out / "nowhere")
    grader, seed = classroom.open_assignment("ensembling", "C:/Users/ada/ensembling")
    assert seed == 18
    assert grader is not None and own.is_dir()


def test_missing_checks_are_said(tmp_path):
    with pytest.raises(FileNotFoundError, match="no checks for 'nothing'"):
        classroom.open_assignment("nothing", tmp_path)


def test_in_its_own_folder_the_seed_is_read_without_a_word(handed_out, monkeypatch, capsys):
    monkeypatch.chdir(handed_out)
    assert classroom.open_assignment("ensembling")[1] == 17
    # Under a name of the student's own, too.
    (handed_out / "ensembling.ipynb").rename(handed_out / "mine (1).ipynb")
    assert classroom.open_assignment("ensembling")[1] == 17
    assert capsys.readouterr() == ("", "")


def test_one_folder_up_is_said_and_not_on_stderr(handed_out, monkeypatch, capsys):
    monkeypatch.chdir(handed_out.parent)
    assert classroom.open_assignment("ensembling")[1] == 0
    said = capsys.readouterr()
    assert "the folder of this notebook was not found" in said.out
    assert "public data (seed 0), perhaps not yours" in said.out
    assert said.err == ""


def test_with_a_seed_of_the_grader_nothing_is_said(handed_out, monkeypatch, capsys):
    monkeypatch.chdir(handed_out.parent)
    monkeypatch.setenv(classroom.SEED_VARIABLE, "18")
    assert classroom.open_assignment("ensembling")[1] == 18
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("told_by", ["Jupyter", "VS Code"])
def test_jupyter_and_vs_code_say_where_the_notebook_is(handed_out, monkeypatch, capsys, told_by):
    monkeypatch.chdir(handed_out.parent)
    notebook = str(handed_out / "ensembling.ipynb")
    if told_by == "Jupyter":
        monkeypatch.setenv("JPY_SESSION_NAME", notebook)
    else:
        variables = {"__vsc_ipynb_file__": notebook}
        monkeypatch.setattr(classroom, "_notebook_variables", lambda: variables)
    assert classroom.open_assignment("ensembling")[1] == 17
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("told", ["", "a kernel's name", "/nowhere/ensembling.ipynb"])
def test_what_is_told_of_another_notebook_is_not_believed(handed_out, monkeypatch, told):
    # A kernel that was started from a notebook inherits the variable.
    monkeypatch.chdir(handed_out)
    assert classroom.notebook_folder("ensembling", {"JPY_SESSION_NAME": told}, {}) == handed_out
    monkeypatch.chdir(handed_out.parent)
    assert classroom.notebook_folder("ensembling", {"JPY_SESSION_NAME": told}, {}) is None


if os.geteuid():

    @pytest.fixture
    def as_a_student(handed_out):
        """What a command begins with, so that it can write nothing there."""
        return []

else:

    @pytest.fixture
    def as_a_student(handed_out, bubblewrap):
        """Root may write where nobody may: the folder is mounted read-only."""
        return ["bwrap", "--dev-bind", "/", "/", "--ro-bind", str(handed_out), str(handed_out)]


def test_a_hand_out_works_offline_and_where_nothing_can_be_written(handed_out, as_a_student):
    """The first cells and a check, from a folder without a checkout around it."""
    script = """
import os, socket
def refuse(*given, **more):
    raise OSError("offline")
socket.socket.connect = refuse
socket.create_connection = refuse
from pathlib import Path
from launchlab import classroom
classroom.CHECKOUT = Path("/nowhere")
grader, SEED = classroom.open_assignment("ensembling")
decompose = lambda predictions, target: (0.0, 0.0, 0.0)
pays = ensemble_error = average_error = ambiguity = ...
print(SEED, grader.check("q1").passed_all)
"""
    every = [handed_out, *handed_out.rglob("*")]
    for path in every:
        path.chmod(0o555 if path.is_dir() else 0o444)
    try:
        ran = subprocess.run(
            [*as_a_student, sys.executable, "-c", script],
            cwd=handed_out,
            capture_output=True,
            text=True,
            env={**os.environ, "PYTHONPATH": str(ROOT), "HOME": str(handed_out)},
        )
    finally:
        for path in every:
            path.chmod(0o755 if path.is_dir() else 0o644)
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.split() == ["17", "False"]


def test_what_is_drawn_hangs_on_the_seed_and_on_the_name_alone():
    choices = {"one": (1, 2, 3), "two": ("a", "b")}
    drawn = [classroom.draw_settings(seed, **choices) for seed in range(200)]
    assert {one["one"] for one in drawn} == {1, 2, 3}
    assert {(one["one"], one["two"]) for one in drawn} == {(a, b) for a in (1, 2, 3) for b in "ab"}
    assert [classroom.draw_settings(seed, two=("a", "b")) for seed in range(200)] == [
        {"two": one["two"]} for one in drawn
    ]
    # Hand-outs in students' hands keep their towns: what a seed draws must not change.
    assert [one["one"] for one in drawn[:8]] == [1, 3, 1, 1, 1, 3, 1, 1]
    with pytest.raises(ValueError, match=r"one=.*expected at least one value"):
        classroom.draw_settings(0, one=())
