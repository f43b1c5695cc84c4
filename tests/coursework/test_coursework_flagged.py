"""From what is flagged to a decision that is followed, by the commands that are printed."""

import csv
import re
import shlex
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coursework import decide, flagged, gradebook, marks, sandbox, sheet, tables, text
from coursework.marks import Mark, Result
from coursework.spec import Assignment, Probe, Question
from tests.coursework import quick, toy

ONE = Assignment("one", "One", (Question("q1", "Q", 5, (Probe("x", 2, "x"),)),))


@pytest.fixture
def room(tmp_path, monkeypatch):
    monkeypatch.setattr(sandbox, "run", quick.run)
    return quick.Classroom(tmp_path)


def rows(room) -> dict[str, dict[str, str]]:
    with room.out.open(encoding="utf-8-sig", newline="") as file:
        return {line["student"]: line for line in csv.DictReader(file)}


def test_each_printed_command_settles_its_student(room, capsys):
    names = ("Ada Lovelace", 'Eve "the" Hopper', "Li Wei", "=1+1", "-x O'Neil", "--by")
    for name in names[1:]:
        room.hand_in(name, "import nowhere", toy.START, toy.TOTAL)
    room.hand_in(names[0])
    marked = "student,question,points\n" + "".join(
        '"{}",q2,2\n'.format(name.replace('"', '""')) for name in names
    )
    written = room.write("marks.csv", marked)
    assert room.grade("--written", written) == 1
    capsys.readouterr()
    assert flagged.main([str(room.out)]) == 1
    said = capsys.readouterr().out.splitlines()
    assert said[-1] == "5 of 6 to look at"
    assert said.count("- what to do: Run it where it was written, and decide what it earns.") == 5
    commands = [line.removeprefix("- then: ") for line in said if line.startswith("- then: ")]
    for command in commands:
        python, module, name, *words = shlex.split(command)
        assert Path(python).samefile(sys.executable)
        assert (module, name) == ("-m", "coursework.decide")
        assert decide.main(words) == 0
    assert room.grade("--written", written) == 0
    assert {name: row["score"] for name, row in rows(room).items()} == {
        "Ada Lovelace": "6",
        **{text.cell(name): "3" for name in names[1:]},
    }
    assert flagged.main([str(room.out)]) == 0


def test_so_does_the_command_for_who_is_late_by_nobody_knows_how_much(room, capsys):
    for name in ("ada", "bob", "eve"):
        room.hand_in(name)
    base = ["--policy", room.write("p.toml", "due = 2027-05-03T12:00:00Z\nat_most_days = 1\n")]
    base += ["--submitted", room.write("s.csv", "student,submitted\nada,2027-06-01 12:00\n")]
    marked = "student,question,points\n" + "".join(f"{n},q2,2\n" for n in ("ada", "bob", "eve"))
    base += ["--written", room.write("marks.csv", marked)]
    assert room.grade(*base) == 1
    capsys.readouterr()
    assert flagged.main([str(room.out)]) == 1
    said = capsys.readouterr().out
    assert said.count("Find out when it was handed in") == 2
    assert said.count("later than the policy allows") == 1
    for line in re.findall("^- then: (.*)$", said, re.MULTILINE):
        assert decide.main(shlex.split(line)[3:]) == 0
    assert room.grade(*base) == 0
    assert {row["score"] for row in rows(room).values()} == {"6"}


@pytest.mark.parametrize("status", [*marks.LOOK, "missing"])
@pytest.mark.parametrize(
    "reason",
    [
        "the notebook wrote results after the end",
        "nobody says when it was handed in: give --submitted",
        "handed in twice under different names: a; b",
        "the grader failed: OSError: x",
        "cell 1: ModuleNotFoundError: x (the grader's environment has altair)",
        "what nobody has foreseen",
        "",
    ],
)
def test_for_whatever_is_to_be_looked_at_there_is_something_to_do(tmp_path, status, reason):
    one = Result("Ada", status, reason, (Mark("q1", "x", 0, 2),), doubtful=status == "missing")
    sheet.write(tmp_path / "grades.csv", sheet.rows([one, Result("Bob", "graded")], ONE))
    (case,) = flagged.cases(gradebook.read(tmp_path / "grades.csv"))
    assert (case.student, case.status) == ("Ada", status)
    assert case.todo.endswith(".") and case.command.isprintable()
    assert " -m coursework." in case.command
    if status == "flagged" and reason.startswith("the notebook wrote"):
        assert "talk to the student" in case.todo


def test_who_handed_in_nothing_needs_no_look(tmp_path):
    sheet.write(tmp_path / "g.csv", sheet.rows([Result("Ada", "missing", "nothing")], ONE))
    assert list(flagged.cases(gradebook.read(tmp_path / "g.csv"))) == []


def test_every_status_that_asks_for_a_person_has_its_advice():
    assert set(flagged._BY_STATUS) == {*marks.LOOK, "missing"}


# Decide ---------------------------------------------------------------------------------------


@pytest.fixture
def graded(tmp_path):
    found = [
        Result(name, "flagged", "why", (Mark("q1", "x", 1, 2),), ident=str(place))
        for place, name in enumerate(("Ada Lovelace", "John Smith (7)", "John Smith (8)"))
    ]
    sheet.write(tmp_path / "grades.csv", sheet.rows(found, ONE))
    return tmp_path


def decided(folder) -> list[list[str]]:
    return [cells for _, cells in tables.grid((folder / "decisions.csv").read_bytes())]


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["Nobody", "all", "1", "w", "--by", "N"], "student is 'Nobody': nobody here"),
        (["John Smith", "all", "1", "w", "--by", "N"], "nobody here|or"),
        (
            ["Ada Lovelace", "q9", "1", "w", "--by", "N"],
            "question is 'q9', expected one of: q1, all",
        ),
        (["Ada Lovelace", "q1", "x", "w", "--by", "N"], "points is 'x', expected 0 to 2, or found"),
        (["Ada Lovelace", "q1", "2.5", "w", "--by", "N"], "points is '2.5', expected 0 to 2"),
        (["Ada Lovelace", "q1", "nan", "w", "--by", "N"], "points is 'nan', expected 0 to 2"),
        (["Ada Lovelace", "q1", "1", " ", "--by", "N"], "reason is empty"),
        (["Ada Lovelace", "q1", "1", "w", "--by", "\t"], "by is empty"),
    ],
)
def test_what_could_not_be_followed_is_not_written(graded, capsys, words, why):
    assert decide.main([str(graded / "grades.csv"), *words]) == 2
    said = capsys.readouterr().err
    assert said.startswith("Nothing was decided: ") and re.search(
        re.escape(why).replace("\\|", "|"), said
    )
    assert not (graded / "decisions.csv").exists()


def test_a_file_that_excel_saved_keeps_its_lines_and_its_columns(graded, capsys):
    before = "Student;Note;Question;Points;Reason;By whom\r\nJosé;x;q1;1,5;Grund;N.N.\r\n"
    (graded / "decisions.csv").write_bytes(before.encode("cp1252"))
    words = ["LOVELACE, Ada", "ALL", "1,5", 'she; said "so"', "--by", "M.M."]
    assert decide.main([str(graded / "grades.csv"), *words]) == 0
    assert decided(graded) == [
        ["Student", "Note", "Question", "Points", "Reason", "By whom", "assignment"],
        ["José", "x", "q1", "1,5", "Grund", "N.N.", ""],
        ["Ada Lovelace", "", "all", "1,5", 'she; said "so"', "M.M.", ONE.name],
    ]
    assert decide.main([str(graded / "grades.csv"), *words]) == 2
    assert "row 3 decides that already: change it there" in capsys.readouterr().err
    (graded / "decisions.csv").write_text("student,points\n")
    assert decide.main([str(graded / "grades.csv"), *words]) == 2
    assert "there is no column 'question'" in capsys.readouterr().err


def test_no_sheet_no_decision(tmp_path, capsys):
    assert decide.main([str(tmp_path / "no.csv"), "a", "all", "1", "w", "--by", "N"]) == 2
    assert flagged.main([str(tmp_path / "no.csv")]) == 2
    (tmp_path / "x.csv").write_text("a,b\n1,2\n")
    assert flagged.main([str(tmp_path / "x.csv")]) == 2
    assert "Traceback" not in capsys.readouterr().err


@given(st.text(max_size=60), st.text(max_size=60))
def test_no_reason_breaks_the_file(tmp_path_factory, reason, by):
    folder = tmp_path_factory.mktemp("desk")
    sheet.write(folder / "grades.csv", sheet.rows([Result("Ada", "flagged", "w")], ONE))
    words = [str(folder / "grades.csv"), "Ada", "q1", "found", f"r{reason}", f"--by=b{by}"]
    assert decide.main(words) == 0
    (head, row) = decided(folder)
    assert len(row) == len(head) and row[:3] == ["Ada", "q1", "found"]
