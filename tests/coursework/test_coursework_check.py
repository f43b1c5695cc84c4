"""A private assignment is tried over a roster's seeds before anybody has it."""

import dataclasses
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coursework import check, grade, sandbox, spec, trial
from coursework.spec import Assignment, Probe, Question
from coursework.trial import World
from tests.coursework import quick, toy

MASTER = """# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
# ---
# %% [raw]
# # ASSIGNMENT CONFIG
# init_cell: false
# export_cell: false
# check_all_cell: false
# run_tests: false

# %%
import os
SEED = int(os.environ["LAUNCHLAB_CLASS_SEED"])

# %% [raw]
# # BEGIN QUESTION
# name: q1
# points: {points}

# %% [markdown]
# Set `total`, `even` and `name`.

# %% [raw]
# # BEGIN SOLUTION

# %%
total = SEED + 1  # SOLUTION
even = SEED % 2 == 0  # SOLUTION
name = "Babbage"  # SOLUTION

# %% [raw]
# # END SOLUTION

# %% [raw]
# # END QUESTION
"""
QUESTIONS = """replace = true
title = "Mine"
[[questions]]
name = "q1"
title = "A"
minutes = 5
[[questions.probes]]
expression = "total"
points = 2
says = "the total"
[[questions.probes]]
expression = "even"
points = 1
says = "whether it is even"
[[questions.probes]]
expression = "name"
points = 1
says = "a name"
"""


@pytest.fixture
def desk(tmp_path, monkeypatch):
    """A folder with a master, a roster and a secret; returns what runs the command."""
    monkeypatch.setattr(sandbox, "run", quick.run)
    (tmp_path / "secret.txt").write_text("a sentence\n")
    (tmp_path / "roster.csv").write_text("student\n" + "".join(f"s{k}\n" for k in range(6)))

    def run(master: str = MASTER, points: str = "4", questions: str = QUESTIONS) -> int:
        (tmp_path / "mine.py").write_text(master.replace("{points}", points))
        (tmp_path / "mine.toml").write_text(questions)
        return check.main(
            [
                *(str(tmp_path / "mine.py"), "--roster", str(tmp_path / "roster.csv"), "--unsafe"),
                *("--secret-file", str(tmp_path / "secret.txt"), "--jobs", "1"),
            ]
        )

    return run


def test_a_good_assignment_is_well_and_its_constants_are_named(desk, capsys):
    assert desk() == 0
    said = capsys.readouterr().out.splitlines()
    assert said[0] == "mine: 6 students"
    lines = [line for line in said if "(seed " in line]
    assert len(lines) == 6 and all(line.endswith(": well") for line in lines)
    assert "q1, 2 points: the total: 6 answers over 6 students" in said
    assert "q1, 1 points: a name: a constant: the same for everyone" in said
    assert "3 of 4 machine-marked points hang on the seed (75 %)" in said
    assert said[-1] == "mine: 6 of 6 well"


@pytest.mark.parametrize(
    ("old", "new", "points", "why"),
    [
        ("SEED + 1  # SOLUTION", "1 / 0  # SOLUTION", "4", "the solution fails in"),
        ("SEED + 1  # SOLUTION", "__import__('gone')  # SOLUTION", "4", "`make book` in the clone"),
        ("total = SEED + 1  #", "total = []  #", "4", "'total' is nothing, expected a value"),
        ("total = SEED + 1  #", "total = None  #", "4", "'total' is nothing, expected a value"),
        ("name = ", "name = 'Babbage'\nname = ", "4", "the stub earns 1 of 1 for a name"),
        (
            "total = SEED + 1  #",
            "total = __import__('secrets').randbits(60)  #",
            "4",
            "q1: the solution earns 0 of 2 for the total: the number is too",
        ),
        ("", "", "3", "points: 3.0 in the master, 4 in the TOML file"),
    ],
)
def test_what_is_wrong_with_an_assignment_is_found_before_students_do(
    desk, capsys, old, new, points, why
):
    # "name = 'x'" outside of the marks stays in the hand-out.
    master = MASTER.replace(old, new, 1) if old else MASTER
    if old == "name = ":
        master = MASTER.replace(
            "# # END SOLUTION\n", "# # END SOLUTION\n\n# %%\nname = 'Babbage'\n"
        )
    assert desk(master, points) == 1
    assert why in capsys.readouterr().out


def test_a_value_of_two_kinds_is_a_fault(desk, capsys):
    two = 'total = SEED if SEED % 2 else "even"  #'
    master = MASTER.replace("total = SEED + 1  #", two)
    assert desk(master) == 1
    assert "the total: 2 kinds of value, expected one" in capsys.readouterr().out


def test_what_cannot_be_tried_is_2(tmp_path, capsys, monkeypatch):
    monkeypatch.delenv("LAUNCHLAB_SECRET", raising=False)
    roster, master = tmp_path / "r.csv", tmp_path / "mine.py"
    roster.write_text("student\n")
    base = ["--roster", str(roster), "--unsafe"]
    for arguments, why in (
        ([str(master), *base], "there is no secret"),
        ([str(master), *base, "--secret-seed", "s"], "there is no such file"),
    ):
        assert check.main(arguments) == 2
        assert why in capsys.readouterr().err
    master.write_text(MASTER)
    assert check.main([str(master), *base, "--secret-seed", "s"]) == 2
    assert "there is no student in it" in capsys.readouterr().err


def test_a_solution_that_fails_its_own_public_check_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr(sandbox, "run", quick.run)
    plan = grade.make_plan("toy", private=toy.make_assignment(tmp_path), secret="s", unsafe=True)
    says = "class Said:\n def __init__(self, text): self.text = text\n def summary(self): "
    says += "return self.text\nclass G:\n def check(self, name): return Said({!r})\ngrader = G()"
    for text, count in (("q1 results: All test cases passed!", 0), ("q1: Test case failed", 1)):
        solution = (*plan.solution, says.format(text))
        tried = check.Try(dataclasses.replace(plan, solution=solution), ("1 + 1",), ("q1",))
        problems = tried.world("ada").problems
        assert len(problems) == count, problems
        assert all("the solution fails its public check" in one for one in problems)


ONE = Assignment(
    "one",
    "One",
    (Question("q1", "Q", 5, (Probe("x", 2, "x", rtol=0, atol=0.5), Probe("y", 1, "y"))),),
)


@given(st.lists(st.integers(-3, 3), min_size=1, max_size=12), st.integers(0, 2))
def test_two_answers_are_different_where_the_grader_says_so(numbers, constant):
    worlds = [World(str(k), k, (float(n), constant)) for k, n in enumerate(numbers)]
    worlds.append(World("broken", 0, (), ("it fails",)))
    first, second = trial.spreads(ONE, worlds)
    assert first.answers == len(set(numbers))
    assert (second.answers, second.constant) == (1, True)
    assert trial.seeded([first, second]) == (2 if len(set(numbers)) > 1 else 0, 3)
    # Within the tolerance two answers are one.
    near = [World(str(k), k, (n / 100, 0)) for k, n in enumerate(numbers)]
    assert trial.spreads(ONE, near)[0].constant


def test_a_value_that_is_not_finite_is_asked_about(desk, capsys):
    # It may be meant: where nothing ever pays, the break-even lies at infinity.
    assert desk(MASTER.replace("SEED + 1  #", "float('inf')  #")) == 0
    assert "the total: not finite for 6 of 6 students: is that meant?" in capsys.readouterr().out


@given(st.recursive(st.floats() | st.none() | st.integers(), lambda x: st.lists(x, max_size=3)))
def test_no_value_that_is_not_finite_gets_through(value):
    flat = json.dumps(value)
    assert trial._finite(value) != any(word in flat for word in ("NaN", "Infinity"))


def test_the_public_folder_adds_nothing_to_itself():
    for name in spec.names():
        assert spec.load(name, spec.ASSIGNMENTS) == spec.load(name)
