"""Rosters, written marks, sheets and pages: bad input is named, nothing runs in a spreadsheet."""

import pytest

from coursework import marks, sheet
from coursework.marks import Mark, Result
from coursework.spec import Assignment, Probe, Question

PROBES = (Probe("x", 2, "the number x"),)
ONE = Assignment("one", "One & two", (Question("q1", "Q", 5, PROBES, written_points=3),))


def result(student="ada", status="graded", points=2.0, **more) -> Result:
    return Result(student, status, marks=(Mark("q1", "the number x", points, 2.0),), **more)


def test_the_score_waits_for_a_person_and_so_does_the_written_part():
    rows = sheet.rows([result(), result("eve", "flagged")], ONE, {"ada": {"q1": 2.5}})
    ada, eve = rows
    assert (ada["score"], ada["reason"]) == ("4.5", "")
    assert (eve["score"], eve["found"]) == ("", "2")
    assert eve["reason"] == "written part not marked yet: q1"


def test_a_score_is_never_below_nothing_or_above_what_there_is():
    assert result(points=-5.0).score == 0
    assert result(points=50.0).score == 2


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)"])
def test_a_name_is_no_formula(name):
    (row,) = sheet.rows([result(name)], ONE)
    assert row["student"] == f"'{name}"


def test_a_page_says_the_whole_mark_and_whether_it_is_whole():
    assert "<b>4.5 of 5 points</b>" in sheet.feedback(result(), ONE, {"q1": 2.5})
    assert "2 of 5 points so far: not all is marked yet" in sheet.feedback(result(), ONE)
    nothing = Result("bob", "missing", "nothing was handed in")
    assert "so far" not in sheet.feedback(nothing, ONE)
    looked = sheet.feedback(result("eve", "flagged"), ONE, {"q1": 2.5})
    assert "of 5 points" not in looked
    assert "A person will look at it before it counts." in looked


def test_a_page_shows_marks_and_no_markup_of_the_students():
    page = sheet.feedback(result("<b>ada</b>", log="<script>alert(1)</script>"), ONE)
    assert "<script>" not in page
    assert "&lt;b&gt;ada" in page
    assert "2 of 2" in page
    assert "One &amp; two" in page


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("student,question\nada,q1\n", "no column 'points'"),
        ("student,question,points\nada,q2,1\n", "expected a question with a written part: q1"),
        ("student,question,points\nada,q1,4\n", "points is '4', expected 0 to 3"),
        ("student,question,points\nada,q1,nan\n", "points is 'nan', expected 0 to 3"),
        ("student,question,points\nada,q1,1\nada,q1,2\n", "is marked twice"),
    ],
)
def test_bad_marks_are_refused(tmp_path, text, message):
    (tmp_path / "marks.csv").write_text(text)
    with pytest.raises(ValueError, match=message):
        sheet.read_written(tmp_path / "marks.csv", ONE)


def test_a_roster_and_a_bad_one(tmp_path):
    path = tmp_path / "roster.csv"
    path.write_text("\ufeffstudent,id\nada,1\ngrace,\n", encoding="utf-8")
    assert sheet.read_roster(path) == {"ada": "1", "grace": ""}
    path.write_text("student\nada\nada\n")
    with pytest.raises(ValueError, match="'ada' is named twice"):
        sheet.read_roster(path)
    path.write_text("student,id\nada,1\nADA,\n")
    with pytest.raises(ValueError, match="'ADA' is named twice, here without an id"):
        sheet.read_roster(path)
    path.write_text("student,id\nada,1\nada,2\n")
    assert sheet.read_roster(path) == {"ada (1)": "1", "ada (2)": "2"}
    path.write_text("student,id\nada,1\ngrace,1\n")
    with pytest.raises(ValueError, match="the id '1' stands there twice"):
        sheet.read_roster(path)
    path.write_text("student,id\n ,1\n")
    with pytest.raises(ValueError, match="a student has no name"):
        sheet.read_roster(path)
    path.write_text("who\nada\n")
    with pytest.raises(ValueError, match="no column 'student'"):
        sheet.read_roster(path)


@pytest.mark.parametrize(
    ("results", "suspicious"),
    [
        (b'{"end": true}\n{"probe": 0, "value": 1}\n', "results after the end"),
        (b'{"probe": 7, "value": 1}\n', "an answer that was not asked for"),
        (b'{"probe": 0, "value": 1}\n{"probe": 0, "value": 2}\n', "an answer that was not asked"),
        (b'{"probe": true, "value": 1}\n', "an answer that was not asked for"),
        (b'{"grade": 100}\n', "a result that was not asked for"),
        (b"[" * 100_000 + b"\n", "a result that is no JSON"),
        (b"\xff\n", "a result that is no JSON"),
    ],
)
def test_what_no_honest_run_writes_is_seen(results, suspicious):
    finished = b'{"finished": true}\n'
    assert marks.parse(finished + results, 1).suspicious.startswith(suspicious)
    assert marks.parse(results, 1).suspicious, "and no answer is due before the last cell"


def test_an_honest_run():
    lines = [
        b'{"ready": true}',
        b'{"cell": 1}',
        b'{"cell": 1, "error": "E", "late": true}',
        b'{"finished": true}',
        b'{"probe": 0, "value": NaN}',
        b'{"end": true}',
    ]
    found = marks.parse(b"\n".join(lines) + b"\n", 1)
    assert (found.suspicious, found.ended, found.late) == ("", True, True)
    assert found.errors == ("cell 1: E",)
