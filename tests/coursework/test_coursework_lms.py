"""What goes back: a checker restates what the importers of Canvas and Moodle ask of a file."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coursework import lms, sheet, tables
from coursework.decisions import Decision
from coursework.marks import Mark, Result
from coursework.names import Person, Roster
from coursework.spec import Assignment, Probe, Question

PROBES = (Probe("x", 2, "the number x"),)
ONE = Assignment("one", "One & two", (Question("q1", "Q", 5, PROBES, written_points=3),))
CLASS = ("Ada Lovelace", "Bob Smith", "José Muñoz", "Eve Hopper", "Mary Jackson")
RESULTS = [
    Result(student, status, reason, (Mark("q1", "x", 2, 2),), ident=str(11 + place))
    for place, (student, status, reason) in enumerate(
        zip(
            CLASS,
            ("graded", "graded", "flagged", "crashed", "missing"),
            ("", "", "the notebook wrote results after the end", "ended", "nothing was handed in"),
            strict=True,
        )
    )
]
WRITTEN = {"Ada Lovelace": {"q1": 1.5}}
DECIDED = {"José Muñoz": {"all": Decision("José Muñoz", "all", 4.0, "talked to him", "N.N.")}}
#: Who has a decided score: marked by machine and hand, or decided by a person.
DUE = {"11": "3.5", "13": "4"}


def table(results=RESULTS):
    return sheet.rows(results, ONE, WRITTEN, DECIDED)


def parsed(path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def canvas_takes(lines: list[list[str]]) -> dict[str, str]:
    """Read a gradebook as Canvas does: number of a student to the grade; or fail."""
    head, *body = lines
    # The columns about the student end with the section, and SIS numbers may come before it.
    about = 3
    if "SIS Login ID" in head[2]:
        about = 4
    elif "SIS User ID" in head[2] and "SIS Login ID" in head[3]:
        about = 5
    assert len(head) > 3 and "Student" in head[0] and "ID" in head[1], head
    assert "Section" in head[about - 1], head
    assert len(head) == about + 1, "one assignment"
    grades = {}
    for line in body:
        assert len(line) == len(head)
        if "Points Possible" in line[0]:
            assert float(line[about]) > 0
            continue
        assert line[1].isdigit(), "whose number is no number is nobody"
        assert line[1] not in grades
        assert line[about] == "" or float(line[about]) >= 0
        grades[line[1]] = line[about]
    return grades


def moodle_takes(lines: list[list[str]], language) -> dict[str, str]:
    """Read a worksheet as Moodle does, in its language; number of a participant to the grade."""
    head, *body = lines
    places = [head.index(language[name]) for name in ("Identifier", "Grade", "modified")]
    grades = {}
    for line in body:
        assert len(line) == len(head), "a line that is too short or too long ends the import"
        number = line[places[0]][len(language["Participant "]) :]
        assert number.isdigit()
        grades[number] = line[places[1]]
    return grades


ENGLISH = {
    "Identifier": "Identifier",
    "Participant ": "Participant ",
    "Full name": "Full name",
    "Status": "Status",
    "Grade": "Grade",
    "Maximum": "Maximum Grade",
    "changed": "Grade can be changed",
    "handed": "Last modified (submission)",
    "modified": "Last modified (grade)",
    "comments": "Feedback comments",
}
GERMAN = dict(
    zip(
        ENGLISH,
        [
            "ID",
            "Teilnehmer/in",
            "Vollständiger Name",
            "Status",
            "Bewertung",
            "Bestwertung",
            "Änderbar",
            "Zuletzt geändert (Abgabe)",
            "Zuletzt geändert (Bewertung)",
            "Feedback als Kommentar",
        ],
        strict=True,
    )
)
JAPANESE = dict(
    zip(
        ENGLISH,
        ("ID", "参加者", "姓名", "状態", "評点", "最大評点", "変更可", "提出日", "評定日", "講評"),
        strict=True,
    )
)
MADE_UP = {name: f"~{chr(ord('a') + at)}" for at, name in enumerate(ENGLISH)}
LANGUAGES = (ENGLISH, GERMAN, JAPANESE, MADE_UP)


def moodle_exports(language, most="5.00", blind=False, grades=None) -> list[list[str]]:
    """A worksheet as Moodle exports it, with a stranger in it and the class in another order."""
    heads = [head for name, head in language.items() if name != "Participant "]
    lines = []
    for number, student in ((99, "A Stranger"), *reversed([*zip(range(11, 16), CLASS)])):  # noqa: B905
        grade = (grades or {}).get(str(number), "")
        person = [f"{language['Participant ']}{number}", student, "Submitted"]
        lines.append([*person, grade, most, "Yes", "Monday, 3 May 2027, 1:02 PM", "-", ""])
    out = [heads, *lines]
    return [[cell for at, cell in enumerate(line) if not (blind and at == 1)] for line in out]


def saved(tmp_path, lines, encoding="utf-8", separator=","):
    out = io.StringIO()
    csv.writer(out, delimiter=separator).writerows(lines)
    (tmp_path / "worksheet.csv").write_bytes(out.getvalue().encode(encoding))
    return tmp_path / "worksheet.csv"


def test_canvas_takes_the_sheet_and_gets_only_what_was_decided(tmp_path):
    people = Roster(
        Person(one.student, one.ident, "", {"sis login id": f"u{one.ident}", "section": "A"})
        for one in RESULTS
    )
    rows = lms.for_lms(table(), "canvas", "One & two (99)", people)
    tables.write(tmp_path / "canvas.csv", rows, mark=False)
    lines = parsed(tmp_path / "canvas.csv")
    assert lines[0] == (
        ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "One & two (99)"]
    )
    assert lines[1] == ["    Points Possible", "", "", "", "", "5"]
    assert lines[2] == ["Ada Lovelace", "11", "", "u11", "A", "3.5"]
    grades = canvas_takes(lines)
    assert {number: grade for number, grade in grades.items() if grade} == DUE
    assert len(grades) == len(CLASS)
    assert canvas_takes(lms.for_lms(table(), "canvas", "T")) == grades, "without a roster too"


def test_moodle_takes_the_sheet_and_gets_only_what_was_decided(tmp_path):
    rows = lms.for_lms(table(), "moodle", "T")
    tables.write(tmp_path / "moodle.csv", rows, mark=False)
    lines = parsed(tmp_path / "moodle.csv")
    assert lines[0] == (
        ["Identifier", "Full name", "Grade", "Last modified (grade)", "Feedback comments"]
    )
    grades = moodle_takes(lines, ENGLISH)
    assert {number: grade for number, grade in grades.items() if grade} == DUE
    assert [line[4] for line in lines[1:] if not line[2]] == ["", "", ""]
    (stranger,) = lms.for_lms(table([Result("X", "flagged")]), "moodle", "T")[1:]
    assert stranger[0] == "", "no number is better than half of one"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("blind", [False, True])
@pytest.mark.parametrize(
    ("encoding", "separator"), [("utf-8", ","), ("utf-8-sig", ";"), ("utf-16", "\t")]
)
def test_moodles_own_worksheet_is_filled_in(tmp_path, language, blind, encoding, separator):
    exported = moodle_exports(language, blind=blind, grades={"99": "1.00", "15": "2.00"})
    path = saved(tmp_path, exported, encoding, separator)
    filled, said = lms.worksheet(path, table(), "T")
    assert said == []
    grades = moodle_takes(filled, language)
    # What Moodle has for a stranger, and for who handed in nothing here, was decided there.
    assert {number: grade for number, grade in grades.items() if grade} == (
        DUE | {"99": "1.00", "15": "2.00"}
    )
    place = 2 if blind else 3
    for before, after in zip(exported, filled, strict=True):
        assert [before[at] for at in range(len(before) - 1) if at != place] == (
            [after[at] for at in range(len(after) - 1) if at != place]
        ), "everything else is as Moodle had it"


def test_a_name_finds_its_line_where_the_numbers_are_other_ones(tmp_path):
    results = [Result(name, "graded", marks=RESULTS[0].marks, ident="7") for name in CLASS[:1]]
    results.append(Result("Smith, Bob", "graded", marks=(Mark("q1", "x", 0, 2),), ident="11"))
    written = {"Ada Lovelace": {"q1": 3.0}, "Smith, Bob": {"q1": 0.0}}
    path = saved(tmp_path, moodle_exports(ENGLISH))
    filled, said = lms.worksheet(path, sheet.rows(results, ONE, written), "T")
    assert moodle_takes(filled, ENGLISH) | {"11": "5", "12": "0"} == moodle_takes(filled, ENGLISH)
    assert said == []


def test_two_of_one_name_get_their_own_grades(tmp_path):
    results = [
        Result(f"John Smith ({n})", "graded", marks=(Mark("q1", "x", n - 11, 2),), ident=str(n))
        for n in (11, 12)
    ]
    lines = moodle_exports(ENGLISH)
    for line in lines[1:]:
        line[1] = "John Smith"
    rows = sheet.rows(results, ONE, {one.student: {"q1": 1.0} for one in results})
    filled, _ = lms.worksheet(saved(tmp_path, lines), rows, "T")
    grades = moodle_takes(filled, ENGLISH)
    assert {number: grade for number, grade in grades.items() if grade} == {"11": "1", "12": "2"}


def test_what_a_person_has_to_see_about_a_worksheet_is_said(tmp_path):
    path = saved(tmp_path, moodle_exports(MADE_UP, most="100.00"))
    stranger = Result("Nobody There", "graded", ident="55")
    _, said = lms.worksheet(path, table([*RESULTS, stranger]), "T")
    assert said[0] == "not in the worksheet: Nobody There"
    assert said[1].startswith("Moodle's maximum is 100.00, the assignment's 5")
    scale = [line[:4] + line[5:] for line in moodle_exports(MADE_UP)]
    with pytest.raises(ValueError, match="which column holds the grade"):
        lms.worksheet(saved(tmp_path, scale), table(), "T")
    filled, _ = lms.worksheet(saved(tmp_path, scale), table(), "T", MADE_UP["Grade"])
    assert DUE.items() <= moodle_takes(filled, MADE_UP).items()
    for text in ("", "Student,Grade\nAda,1\n", "\0\0"):
        (tmp_path / "no.csv").write_text(text)
        with pytest.raises(ValueError, match=r"no.csv: it has no column of participants' numbers"):
            lms.worksheet(tmp_path / "no.csv", table(), "T")


@given(
    st.sampled_from(["graded", "flagged", "crashed", "unmatched", "missing", "timed out"]),
    st.booleans(),
    st.sampled_from([None, "q1", "all"]),
    st.sampled_from([None, 0.0, 2.0]),
)
def test_a_score_leaves_only_when_nobody_has_anything_left_to_do(status, marked, what, points):
    one = Result("Ada", status, marks=(Mark("q1", "x", 2, 2),), ident="7")
    decided = {"Ada": {what: Decision("Ada", what, points, "why", "N.N.")}} if what else {}
    rows = sheet.rows([one], ONE, {"Ada": {"q1": 1.0}} if marked else {}, decided)
    looked = status == "graded" or what is not None  # q1 is the only question
    written = marked or (what is not None and points is not None)
    (grade,) = canvas_takes(lms.for_lms(rows, "canvas", "T")).values()
    assert bool(grade) == (looked and written)
    if grade:
        assert float(grade) == (3.0 if what is None or points is None else points)


def test_an_lms_that_nobody_knows():
    with pytest.raises(ValueError, match="lms is 'x', expected one of: canvas, moodle"):
        lms.for_lms(table(), "x", "T")
    assert lms.systems() == ["canvas", "moodle"]
