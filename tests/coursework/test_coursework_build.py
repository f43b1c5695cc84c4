"""Hand-outs and solutions are what their masters make, and traps are found before students do."""

import json

import pytest

from coursework import build, lint, spec
from coursework.seeds import class_seed
from coursework.spec import Assignment, Probe, Question, SpecError
from tests.conftest import ROOT

NAME = "ensembling"


@pytest.fixture(scope="module")
def made():
    return build.make(NAME)


def test_what_is_committed_is_what_the_masters_make():
    for name in spec.names():
        assert build.stale(ROOT, build.make(name)) == []


def test_no_solution_in_a_hand_out_and_no_probe_anywhere(made):
    hand_out = made[f"exercises/{NAME}/{NAME}.ipynb"].decode()
    assert "np.linalg.solve" not in hand_out
    assert "SOLUTION" not in hand_out
    probes = [probe for one in spec.load(NAME).questions for probe in one.probes]
    for where, content in made.items():
        assert "# SOLUTION" not in content.decode(), where
        long = [one.expression for one in probes if len(one.expression) > 30]
        assert not [one for one in long if one in content.decode()], where


@pytest.mark.parametrize("name", spec.names())
def test_each_hand_out_says_that_only_its_notebook_is_read(name):
    text = (ROOT / "exercises" / name / f"{name}.ipynb").read_text(encoding="utf-8")
    assert "Only this notebook is read" in text


def test_a_change_of_what_is_built_is_found(made, tmp_path):
    build.write(tmp_path, made)
    assert build.stale(tmp_path, made) == []
    where = f"exercises/{NAME}/{NAME}.ipynb"
    (tmp_path / where).write_bytes(made[where].replace(b"memo", b"note"))
    (tmp_path / f"exercises/{NAME}/tests/q9.py").write_text("")
    (tmp_path / f"solutions/{NAME}/{NAME}.ipynb").unlink()
    assert build.stale(tmp_path, made) == [
        f"{where} is not what its master makes",
        f"solutions/{NAME}/{NAME}.ipynb is missing",
        f"exercises/{NAME}/tests/q9.py is made by no master",
    ]
    build.write(tmp_path, made)
    assert build.stale(tmp_path, made) == []


def test_a_class_gets_data_of_its_own_and_with_a_roster_each_student(tmp_path, capsys):
    roster = tmp_path / "roster.csv"
    roster.write_text("student\nada\ngrace\n")
    out = tmp_path / "class"
    command = [NAME, "--secret-seed", "s", "--roster", str(roster), "--out", str(out)]
    assert build.main(command) == 0
    said = capsys.readouterr().out
    assert f"{NAME}: 2 hand-outs in {out / 'students'}, each a folder and a zip to send" in said
    assert f"under {out / 'solutions' / NAME}" in said
    seeds = {
        who: int((out / "students" / who / "exercises" / NAME / "seed.txt").read_text())
        for who in ("ada", "grace")
    }
    assert seeds == {who: class_seed("s", NAME, who) for who in ("ada", "grace")}
    assert (out / "solutions" / NAME / f"{NAME}.ipynb").is_file()
    assert not (out / "students" / "ada" / "solutions").exists()
    roster.write_text("student\n../eve\n../../eve\n")
    assert build.main(command) == 2
    assert "expected a name that can be a folder" in capsys.readouterr().err


def test_private_questions_stand_in_place_of_the_public_ones(tmp_path):
    private = tmp_path / "private"
    private.mkdir()
    master = (spec.ASSIGNMENTS / f"{NAME}.py").read_text(encoding="utf-8")
    (private / f"{NAME}.py").write_text(master.replace("n_neighbors=8", "n_neighbors=9"))
    files = build.make(NAME, private)
    assert b"n_neighbors=9" in files[f"exercises/{NAME}/{NAME}.ipynb"]


def test_probes_can_be_added_to_the_public_questions(made, tmp_path):
    first = spec.load(NAME).questions[0]
    head = f'title = "T"\n[[questions]]\nname = "{first.name}"\ntitle = "T"\nminutes = 1\n'
    probe = '[[questions.probes]]\nexpression = "1 + 1"\npoints = 3\nsays = "a sum"\n'
    (tmp_path / f"{NAME}.toml").write_text(head + probe)
    assert build.make(NAME, tmp_path) == made, "on top of the points that the hand-out names"
    assert spec.load(NAME, tmp_path).questions[0].points == first.points + 3
    (tmp_path / f"{NAME}.toml").write_text(head.replace(first.name, "q99") + probe)
    with pytest.raises(SpecError, match=r"has .*q99"):
        build.make(NAME, tmp_path)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--secret-seed", "s"], "need --out"),
        (["--roster", "r.csv", "--out", "x"], "--roster needs --secret-file"),
        (["nothing"], "there is no assignment 'nothing'"),
    ],
)
def test_what_cannot_be_built_is_said(arguments, message, capsys):
    assert build.main(arguments) == 2
    assert message in capsys.readouterr().err


# ---------------------------------------------------------------- traps


def master(code: str = "y = 3  # SOLUTION", test: str = "", points: float = 2) -> list:
    tests = [("raw", "# BEGIN TESTS"), ("code", test), ("raw", "# END TESTS")] if test else []
    return [
        ("raw", f"# BEGIN QUESTION\nname: q1\npoints: {points:g}"),
        ("raw", "# BEGIN SOLUTION"),
        ("code", code),
        ("raw", "# END SOLUTION"),
        *tests,
        ("raw", "# END QUESTION"),
    ]


ONE = Assignment("one", "One", (Question("q1", "Q", 5, (Probe("y", 2, "y"),)),))


def test_a_master_without_traps():
    cells = master(test='def test_a(y):\n    assert y == 3, f"y is {y}"')
    assert lint.problems(cells, ONE) == []


@pytest.mark.parametrize(
    ("cells", "problem"),
    [
        (master("a, b = 1, 2  # SOLUTION"), "cannot be unpacked"),
        (
            master(test="def test_a(y): pass\n\n\ndef test_a(y): pass"),
            "Redefinition of unused `test_a`",
        ),
        (
            master(test="def test_a(y):\n    assert y, f'y is {names['y']}'"),
            "Cannot reuse outer quote character in f-strings on Python 3.11",
        ),
        (master(points=3), "q1: points: 3.0 in the master, 2 in the TOML file"),
        (master()[:0], "the master asks ; one.toml has q1"),
    ],
)
def test_each_trap_is_found(cells, problem):
    assert problem in "; ".join(lint.problems(cells, ONE))


def test_a_master_that_does_not_agree_with_its_questions_is_refused(tmp_path):
    (tmp_path / f"{NAME}.toml").write_text(
        'replace = true\ntitle = "T"\n[[questions]]\nname = "q1"\ntitle = "A"\nminutes = 1\n'
        "written_points = 1\n"
    )
    with pytest.raises(SpecError, match=r"has q1"):
        build.make(NAME, tmp_path)


def test_ids_are_stable_and_outputs_empty(made):
    for where in (f"exercises/{NAME}/{NAME}.ipynb", f"solutions/{NAME}/{NAME}.ipynb"):
        cells = json.loads(made[where])["cells"]
        ids = [cell["id"] for cell in cells]
        assert len(set(ids)) == len(ids)
        assert all(cell["id"].endswith(f"-{k:02d}") for k, cell in enumerate(cells))
        assert not any(cell.get("outputs") for cell in cells)
