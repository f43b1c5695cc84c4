"""What the first cell of an assignment does."""

import pytest

from launchlab import classroom


@pytest.fixture(autouse=True)
def _no_seed(monkeypatch):
    monkeypatch.delenv(classroom.SEED_VARIABLE, raising=False)


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


def test_missing_checks_are_said(tmp_path):
    with pytest.raises(FileNotFoundError, match="no checks for 'nothing'"):
        classroom.open_assignment("nothing", tmp_path)
