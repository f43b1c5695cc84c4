"""A class from what was handed in to its sheet, with everything wrong that may be wrong."""

import csv
import dataclasses
import json
import os
import unicodedata

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coursework import environment, grade, handout, journal, sandbox, text
from coursework.marks import Mark, Result
from coursework.seeds import class_seed
from coursework.submissions import Submission
from tests.coursework import quick, toy

SECRET = ("--secret-seed", "s")


@pytest.fixture
def room(tmp_path, monkeypatch):
    monkeypatch.setattr(sandbox, "run", quick.run)
    return quick.Classroom(tmp_path)


@pytest.fixture
def once():
    """Each notebook is read once, however many classes hand it in."""
    with quick.each_read_once():
        yield


def rows(room, name="grades.csv") -> dict[str, dict[str, str]]:
    with (room.folder / name).open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.DictReader(file))
    by_name = {line.get("student", line.get("Student", "")): line for line in lines}
    assert len(by_name) == len(lines), "one student, one row"
    return by_name


# Codes, and no zero that nobody decided -----------------------------------------------------


def test_a_complete_sheet_is_0_something_to_look_at_1_and_nothing_2(room, capsys):
    written = room.write("marks.csv", "student,question,points\nada,q2,2\n")
    assert room.grade() == 2
    assert "no submission was found" in capsys.readouterr().err
    assert not room.out.exists()
    room.hand_in("ada")
    assert room.grade() == 1, "the written part is not marked"
    assert room.grade("--written", written) == 0
    room.hand_in("eve", "import nowhere")
    assert room.grade("--written", written) == 1
    for more in (["--written", "nowhere.csv"], ["--roster", "nowhere.csv"], ["--regrade", "x"]):
        assert room.grade(*more) == 2
    assert room.grade(submissions="nowhere.zip") == 2
    capsys.readouterr()
    room.write("broken.zip", "PK\3\4 broken")
    assert room.grade(submissions="broken.zip") == 2
    assert "Traceback" not in capsys.readouterr().err


def test_a_sheet_that_cannot_be_written_is_said_before_anything_runs(room, monkeypatch, capsys):
    room.hand_in("ada")
    monkeypatch.setattr(sandbox, "run", lambda *a, **k: pytest.fail("it ran"))
    base = [str(room.folder / "in"), "--assignment", "toy", "--unsafe"]
    base += ["--private", str(room.folder / "private"), "--out"]
    assert grade.main([*base, str(room.folder)]) == 2
    assert grade.main([*base, str(room.folder / "nowhere" / "g.csv")]) == 2
    said = capsys.readouterr().err
    assert "expected a file such as grades.csv" in said and "there is no folder" in said


def test_whatever_was_handed_in_has_a_row_a_status_and_no_score_in_the_lms(room, capsys):
    names = ["Ada Lovelace", "Bob Smith", "José Muñoz", "Eve Hopper", "Mary Jackson", "Li Wei"]
    roster = room.write(
        "roster.csv", "Name,ID\n" + "".join(f"{name},{at}\n" for at, name in enumerate(names, 11))
    )
    folder = room.folder / "in"
    room.hand_in("ada  LOVELACE")
    room.hand_in(unicodedata.normalize("NFD", "Muñoz, José"), file="toy.ipynb.txt")
    room.hand_in("Eve Hopper", "import matplotlib_of_mars as plt", *toy.SOLUTION[:2])
    room.hand_in("A Stranger")
    (folder / "Bob Smith").mkdir()
    (folder / "Bob Smith" / "toy.pdf").write_bytes(b"%PDF")
    (folder / "Li Wei").mkdir()
    assert room.grade("--roster", roster, *SECRET, "--lms", "canvas") == 1
    table = rows(room)
    assert {name: (row["status"], row["score"]) for name, row in table.items()} == {
        "Ada Lovelace": ("graded", "4"),
        "José Muñoz": ("graded", "4"),
        "Eve Hopper": ("flagged", ""),
        "A Stranger": ("unmatched", ""),
        "Bob Smith": ("unreadable", ""),
        "Li Wei": ("unreadable", ""),
        # With a stranger about, nobody can say that she has handed in nothing.
        "Mary Jackson": ("missing", ""),
    }
    assert "No module named 'matplotlib_of_mars'" in table["Eve Hopper"]["reason"]
    assert "has altair" in table["Eve Hopper"]["reason"]
    assert "numpy" in table["Eve Hopper"]["reason"]
    assert table["Bob Smith"]["reason"].startswith("toy.pdf: no notebook")
    assert "unmatched: 1" in table["Mary Jackson"]["reason"]
    canvas = rows(room, "grades-canvas.csv")
    assert {name for name, row in canvas.items() if row["Toy"]} == {"    Points Possible"}
    assert set(canvas) == {*table, "    Points Possible"}
    assert "not on the roster: A Stranger" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("cells", "status"),
    [
        (("import nowhere", *toy.SOLUTION), "graded"),  # nothing was lost by it
        (("import nowhere", toy.START, toy.TOTAL), "flagged"),
        (("from os import nowhere", toy.START), "flagged"),
        (("open('data.csv')", toy.START, toy.TOTAL), "flagged"),
        (("def mean(values):\n    import nowhere", toy.START, toy.TOTAL), "flagged"),
        (("1 / 0", toy.START, toy.TOTAL), "graded"),
        ((toy.START, "total = later", toy.NAME), "graded"),
    ],
)
def test_points_lost_to_the_environment_are_not_lost_yet(room, cells, status):
    room.hand_in("ada", *cells)
    room.grade()
    assert rows(room)["ada"]["status"] == status


def test_another_notebook_that_earns_nothing_is_no_zero(room):
    room.hand_in("ada", "1 + 1", file="Untitled3.ipynb")
    room.hand_in("bob", "1 + 1")
    room.hand_in("eve", toy.START, toy.TOTAL, file="my own name.ipynb")
    (room.folder / "in" / "mary.ipynb").write_bytes(toy.notebook("1 + 1"))
    room.grade()
    table = rows(room)
    assert {name: row["status"] for name, row in table.items()} == {
        "ada": "flagged",
        "bob": "graded",  # the right name, and nothing in it
        "eve": "graded",
        "mary": "graded",  # a folder of files, each with a student's name
    }
    assert table["ada"]["reason"].startswith("is Untitled3.ipynb the right notebook?")


def test_a_cell_that_was_handed_out_and_fails_is_nobodys_fault(room):
    given = toy.START + "\nassert os.environ.get('NOWHERE') != 'here'"
    solution = room.folder / "private" / "solutions" / "toy" / "toy.ipynb"
    solution.write_bytes(toy.notebook(given, *toy.SOLUTION[1:]))
    plan = grade.make_plan("toy", private=room.folder / "private", unsafe=True)
    expected = grade._expected(plan, 0)
    os.environ["NOWHERE"] = "here"
    try:
        for cells, status in (((given, toy.TOTAL), "flagged"), (("x = 1", given), "graded")):
            one = Submission("ada", "toy.ipynb", cells)
            _, result = grade._grade_one(plan, one, expected, "key")
            assert result.status == status
    finally:
        del os.environ["NOWHERE"]


# The batch ends in a sheet ------------------------------------------------------------------

HOSTILE = st.lists(
    st.sampled_from(
        ["\ud800", "\x1b[2J", "\x1b]0;x\x07", "\u202e", "\0", "\r\n", "=1+1", ";=1", '"', "x" * 999]
    )
    | st.characters(exclude_categories=()),
    max_size=8,
).map("".join)


@given(HOSTILE)
@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_no_text_of_one_student_stops_forges_or_bloats_the_sheet(tmp_path_factory, once, said):
    folder = tmp_path_factory.mktemp("class")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sandbox, "run", quick.run)
        room = quick.Classroom(folder)
        room.hand_in("aaa")
        room.hand_in("mallory", f"LOG = {said!r} * 9", f"raise ValueError({said!r} * 9)")
        room.hand_in("zzz")
        again = [room.grade("--lms", "moodle", "--feedback", str(folder / "pages")) for _ in "12"]
    assert again == [1, 1], "and the journal holds nothing that stops the next run"
    table = rows(room)
    assert set(table) == {"aaa", "mallory", "zzz"}
    assert [table[name]["found"] for name in table] == ["4", "0", "4"]
    reason = table["mallory"]["reason"]
    assert text.cell(reason) == reason and len(reason) < 700
    assert len(list((folder / "pages").iterdir())) == 3


def test_the_terminal_gets_clean_text_too(room, capsys):
    bad = "\x1b[2J\u202e\ud800 all graded A"
    room.hand_in("mallory", f"raise ModuleNotFoundError({bad!r})")
    room.hand_in("eve\x1b[31m")
    assert room.grade() == 1
    said = capsys.readouterr()
    for shown in (said.out, said.err):
        assert not {"\x1b", "\u202e", "\ud800"} & set(shown)
    assert "look at mallory: flagged" in said.out


def test_a_solution_that_fails_for_one_students_data_flags_that_student(room):
    roster = room.write("roster.csv", "student\nada\neve\n")
    plan = grade.make_plan(
        "toy", private=room.folder / "private", secret="s", per_student=True, unsafe=True
    )
    fails = f"assert int(os.environ['LAUNCHLAB_CLASS_SEED']) != {plan.seed('eve')}"
    solution = room.folder / "private" / "solutions" / "toy" / "toy.ipynb"
    solution.write_bytes(toy.notebook(toy.START, fails, *toy.SOLUTION[1:]))
    room.hand_in("ada")
    room.hand_in("eve")
    assert room.grade("--roster", roster, *SECRET) == 1
    table = rows(room)
    assert (table["ada"]["status"], table["eve"]["status"]) == ("graded", "flagged")
    assert "the solution fails" in table["eve"]["reason"]


def test_one_student_found_twice_on_the_roster_is_flagged_and_so_are_two_who_may_be_meant(room):
    roster = room.write("roster.csv", "student,id\nAda Lovelace,1\nJohn Smith,2\nJohn Smith,3\n")
    room.hand_in("Ada Lovelace")
    room.hand_in("Lovelace, Ada", toy.START)
    room.hand_in("john smith")
    assert room.grade("--roster", roster, *SECRET) == 1
    table = rows(room)
    assert {name: (row["status"], row["score"]) for name, row in table.items()} == {
        "Ada Lovelace": ("flagged", ""),
        "john smith": ("unmatched", ""),
        "John Smith (2)": ("flagged", ""),
        "John Smith (3)": ("flagged", ""),
    }
    assert "Ada Lovelace/toy.ipynb; Lovelace, Ada/toy.ipynb" in table["Ada Lovelace"]["reason"]


# Decisions last -----------------------------------------------------------------------------

HEAD = "Student,Question,Points,Reason,By whom\n"


def test_a_decision_stands_above_everything_and_is_merged_on_every_run(room, capsys):
    room.hand_in("Ada Lovelace")
    room.hand_in("Eve", "import nowhere")
    room.hand_in("Bob", toy.START)
    room.hand_in("Mary")
    marks = room.write(
        "marks.csv", "student,question,points\nAda Lovelace,q2,1\nEve,q2,2\nMary,q2,0\n"
    )
    room.write(
        "decisions.csv",
        HEAD + '"Lovelace, ADA",q1,1.5,copied a cell,N.N.\nEve,all,"3,5",matplotlib,N.N.\n'
        "Bob,all,0,never came,N.N.\nMary,q2,found,looked at it,N.N.\n",
    )
    for _ in "12":
        assert (
            room.grade("--written", marks, "--lms", "canvas", "--feedback", str(room.out) + "p")
            == 0
        )
        table = rows(room)
        assert {name: row["score"] for name, row in table.items()} == {
            "Ada Lovelace": "3.5",  # 1.5 decided, 1 found in q2, 1 written
            "Eve": "3.5",
            "Bob": "0",
            "Mary": "4",
        }
        assert table["Eve"]["status"] == "decided"
        assert table["Eve"]["found"] == "2", "what was found stands beside it"
        assert table["Eve"]["decided"] == "all: 3.5 by N.N.: matplotlib"
        canvas = rows(room, "grades-canvas.csv")
        assert (canvas["Eve"]["Toy"], canvas["Bob"]["Toy"]) == ("3.5", "0")
    pages = {page.name[:3]: page.read_text() for page in (room.folder / "grades.csvp").iterdir()}
    assert "All, decided by N.N.: 3.5 points. matplotlib" in pages["Eve"]
    assert "A person will look" not in pages["Eve"]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("Nobody,all,1,why,N.N.", "nobody is called so"),
        (",all,1,why,N.N.", "it names no student"),
        ("ada,q9,1,why,N.N.", "expected a question or all: q1, q2, all"),
        ("ada,,1,why,N.N.", "expected a question or all"),
        ("ada,q1,4,why,N.N.", "points is '4', expected 0 to 3, or found"),
        ("ada,all,6.5,why,N.N.", "points is '6.5', expected 0 to 6, or found"),
        ("ada,all,-1,why,N.N.", "points is '-1'"),
        ("ada,all,nan,why,N.N.", "points is 'nan'"),
        ("ada,all,,why,N.N.", "points is ''"),
        ("ada,all,1,,N.N.", "expected a reason and by whom"),
        ("ada,all,1,why,", "expected a reason and by whom"),
        ("ada,all,1,why", "expected a reason and by whom"),
        ("ada,q1,1,why,N.N.\nADA,q1,2,why,M.M.", "it is decided twice"),
    ],
)
def test_a_bad_decision_is_named_and_costs_no_other(room, capsys, line, why):
    room.hand_in("ada")
    room.hand_in("eve")
    decided = room.write("d.csv", HEAD + f"{line}\neve,all,1,why,N.N.\n")
    assert room.grade("--decisions", decided) == 1
    said = capsys.readouterr().out
    assert "not followed: d.csv, line 2" in said and why in said
    table = rows(room)
    assert (table["ada"]["score"], table["ada"]["decided"]) == ("4", "")
    assert table["eve"]["score"] == "1"


def test_decisions_without_a_column_stop_before_anything_runs(room, capsys):
    room.hand_in("ada")
    assert room.grade("--decisions", room.write("d.csv", "student,question,points\n")) == 2
    assert "there is no column 'reason'" in capsys.readouterr().err


def test_moodles_worksheet_from_the_command_line(room, capsys):
    folder = room.folder / "in" / "Ada Lovelace_17_assignsubmission_file_"
    folder.mkdir()
    (folder / "toy.ipynb").write_bytes(toy.notebook(*toy.SOLUTION))
    marks = room.write("marks.csv", "student,question,points\nAda Lovelace,q2,2\n")
    head = "ID,Vollständiger Name,Status,Bewertung,Bestwertung,Zuletzt geändert (Bewertung)"
    sheet = room.write("w.csv", f'{head}\nTeilnehmer/in17,"Lovelace, Ada",,,"6,00",-\n')
    assert room.grade("--written", marks, "--worksheet", sheet) == 0
    content = (room.folder / "grades-moodle.csv").read_bytes().decode("utf-8")
    assert list(csv.reader(content.splitlines())) == [
        head.split(","),
        ["Teilnehmer/in17", "Lovelace, Ada", "", "6", "6,00", "-"],
    ]
    assert room.grade("--worksheet", sheet, "--lms", "canvas") == 2
    assert room.grade("--worksheet", str(room.folder / "nowhere.csv")) == 2
    capsys.readouterr()
    # What is no worksheet costs no sheet of ours.
    assert room.grade("--written", marks, "--worksheet", marks) == 1
    assert "no sheet for Moodle" in capsys.readouterr().out
    assert rows(room)["Ada Lovelace"]["score"] == "6"


# The journal --------------------------------------------------------------------------------


def test_the_journals_key_holds_whatever_a_result_hangs_on(room, monkeypatch):
    plan = grade.make_plan("toy", private=room.folder / "private", unsafe=True)
    one = Submission("ada", "toy.ipynb", ("x = 1",), digest="1")
    others = [
        dataclasses.replace(plan, mode="user"),
        dataclasses.replace(plan, mode="root"),
        dataclasses.replace(plan, limits=dataclasses.replace(plan.limits, processes=7)),
        dataclasses.replace(plan, solution=("x = 2",)),
        dataclasses.replace(plan, tests={}),
        # The secret counts through the seed that is made from it.
        dataclasses.replace(plan, fresh=plan.fresh + 1),
    ]
    keys = {each.key(one, 0) for each in (plan, *others)}
    keys |= {plan.key(one, 1), plan.key(dataclasses.replace(one, cells=("x = 2",)), 0)}
    before = len(keys)
    monkeypatch.setattr(environment, "versions", lambda: "another numpy")
    keys.add(plan.key(one, 0))
    assert (before, len(keys)) == (len(others) + 3, len(others) + 4)


@pytest.mark.parametrize(
    ("status", "reason", "kept"),
    [
        ("graded", "", True),
        ("flagged", "the notebook wrote results after the end", True),
        ("unreadable", "not a notebook", True),
        ("timed out", "took longer than 1 s", False),
        ("crashed", "ended with code 137", False),
        ("flagged", "the grader failed: OSError", False),
    ],
)
def test_what_a_busy_machine_may_have_done_is_not_kept(tmp_path, status, reason, kept):
    made = Result("ada", status, reason, (Mark("q1", "x", 1, 2, "why"),))
    journal.keep(tmp_path / "a.json", made)
    assert journal.kept(tmp_path / "a.json") == (made if kept else None)


@given(st.binary(max_size=60) | st.sampled_from([b"[]", b"{}", b"null", b'{"marks": 1}']))
def test_a_journal_that_was_cut_off_is_no_result(tmp_path_factory, content):
    path = tmp_path_factory.getbasetemp() / "cut.json"
    path.write_bytes(content)
    assert journal.kept(path) is None


def test_a_run_that_timed_out_is_run_again_and_who_is_regraded_too(room, monkeypatch):
    for student in ("ada", "bob"):
        room.hand_in(student)
    room.hand_in("eve", "LATE = True")
    ran = []
    monkeypatch.setattr(
        sandbox, "run", lambda job, *a, **k: ran.append(job.cells) or quick.run(job, *a, **k)
    )
    assert room.grade() == 1
    assert rows(room)["eve"]["status"] == "timed out"
    ran.clear()
    assert room.grade() == 1
    assert ran == [toy.SOLUTION, ("LATE = True",)]
    ran.clear()
    assert room.grade("--regrade", "Ada", "--regrade", "bob") == 1
    assert len(ran) == 4


def test_a_journal_that_cannot_be_written_costs_time_and_nothing_else(room, monkeypatch):
    room.hand_in("ada")

    def full(*_):
        raise OSError("No space left on device")

    monkeypatch.setattr(journal, "keep", full)
    assert room.grade() == 1
    assert rows(room)["ada"]["found"] == "4"


def test_kept_results_are_plain_json(room):
    room.hand_in("mallory", "raise ValueError('\\ud800')")
    room.grade()
    (path,) = (room.folder / "grades.csv.journal").glob("*.json")
    assert json.loads(path.read_bytes())["reason"] == "cell 1: ValueError: \\ud800"


# Whose data, whose decision, whose sheet -----------------------------------------------------


def test_who_is_graded_on_other_data_than_were_handed_out_is_looked_at(room, capsys):
    """A roster that writes a name differently gives another seed, and marks would be wrong."""
    roster = room.write("roster.csv", "student\nAda Lovelace\nBob Smith\n")
    seed = {name: class_seed("s", "toy", name) for name in ("Ada Lovelace", "Bob Smith")}
    for name in seed:
        told = handout.told(toy.notebook(*toy.SOLUTION, text="# Toy"), seed[name])
        path = room.folder / "in" / name / "toy.ipynb"
        path.parent.mkdir()
        path.write_bytes(told)
    marks = room.write("marks.csv", "student,question,points\nAda Lovelace,q2,2\nBob Smith,q2,2\n")
    more = ("--written", marks, "--roster")
    assert room.grade(*more, roster, *SECRET) == 0
    assert {row["status"] for row in rows(room).values()} == {"graded"}
    spelled = room.write("canvas.csv", 'student\n"Lovelace, Ada"\nBob Smith\n')
    assert room.grade(*more, spelled, *SECRET) == 1
    found = rows(room)
    (ada,) = (row for name, row in found.items() if "Ada" in name)
    assert (ada["status"], ada["score"]) == ("flagged", "")
    assert f"handed out with the data of seed {seed['Ada Lovelace']} and is graded" in ada["reason"]
    assert found["Bob Smith"]["status"] == "graded"
    for other in (("--secret-seed", "t"), ()):
        assert room.grade(*more, roster, *other) == 1
        assert {row["status"] for row in rows(room).values()} == {"flagged"}
    capsys.readouterr()


def test_a_decision_counts_for_its_own_assignment_alone(room, capsys):
    room.hand_in("ada")
    head = "student,question,points,reason,by,assignment\n"
    room.write("decisions.csv", head + "ada,all,1,why,N,software\n")
    room.grade()
    assert rows(room)["ada"]["decided"] == ""
    room.write("decisions.csv", head + "ada,all,1,why,N,toy\nada,q9,1,why,N,software\n")
    assert room.grade() == 0
    assert (rows(room)["ada"]["score"], rows(room)["ada"]["assignment"]) == ("1", "toy")
    # Files from before they knew it.
    room.write("decisions.csv", "student,question,points,reason,by\nada,all,2,why,N\n")
    assert room.grade() == 0
    assert rows(room)["ada"]["score"] == "2"
    capsys.readouterr()


def test_the_sheet_of_another_assignment_is_not_written_over(room, capsys):
    room.hand_in("ada")
    before = "student,status,complete,reason,assignment\nada,graded,yes,,software\n"
    room.write("grades.csv", before)
    assert room.grade() == 2
    assert "which holds the sheet of 'software': expected a file of its own for 'toy'" in (
        capsys.readouterr().err
    )
    assert room.out.read_text() == before
    room.write("grades.csv", "no sheet of ours")
    assert room.grade() == 1
