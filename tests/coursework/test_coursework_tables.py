"""Rosters and marks as spreadsheets, editors and LMSs save them."""

import csv
import io
import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coursework import roster, sheet, tables
from coursework.spec import Assignment, Probe, Question

ONE = Assignment(
    "one", "One", (Question("q1", "Q", 5, (Probe("x", 2, "the number x"),), written_points=3),)
)
CLASS = {"José Muñoz": "12", "Lovelace, Ada": "13", 'Grace "Amazing" Hopper': ""}
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "mac_roman")
SEPARATORS = (",", ";", "\t", "|")
ENDS = ("\n", "\r\n", "\r")
HEADS = (("student", "id"), ("Student", "ID"), ("NAME", "Id"), (" Name ", "ID number"))
HEADS += (("Full name", "Identifier"),)


def saved(lines, separator, end) -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=separator, lineterminator=end).writerows(lines)
    return out.getvalue()


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_roster_is_read_however_it_was_saved(tmp_path, encoding):
    for separator, end, heads in itertools.product(SEPARATORS, ENDS, HEADS):
        written = saved([heads, *CLASS.items()], separator, end)
        blank = f"{end}{separator}{end}{end}"
        (tmp_path / "roster.csv").write_bytes((written + blank).encode(encoding))
        assert roster.read_roster(tmp_path / "roster.csv") == CLASS, (separator, end, heads)


def test_a_roster_from_an_old_macintosh_with_nuls_and_excels_own_line(tmp_path):
    path = tmp_path / "roster.csv"
    path.write_bytes("student,id\rJosé Muñoz,12\r".encode("mac_roman"))
    assert roster.read_roster(path) == {"José Muñoz": "12"}
    path.write_bytes(b"student,id\nA\0da,1\n\0\0\n")
    assert roster.read_roster(path) == {"Ada": "1"}
    path.write_bytes(b'"sep=;"\r\nstudent;id\r\nAda, Countess;1\r\n')
    assert roster.read_roster(path) == {"Ada, Countess": "1"}


def test_what_canvas_and_moodle_export_is_a_roster(tmp_path):
    path = tmp_path / "roster.csv"
    path.write_text(
        "Student,ID,SIS User ID,SIS Login ID,Section,Toy (99)\n"
        '"    Points Possible",,,,,7\n"Muñoz, José",12,s1,jm,A,\n',
        encoding="utf-8",
    )
    (one,) = roster.read_people(path).people
    assert (one.student, one.ident, one.more["sis login id"]) == ("Muñoz, José", "12", "jm")
    path.write_text("First name,Last name,ID number,Email\nAda,Lovelace,7,a@b.c\n")
    assert roster.read_roster(path) == {"Ada Lovelace": "7"}
    path.write_text("Identifier,Full name,Grade\nParticipant 11,Ada Lovelace,\n")
    assert roster.read_roster(path) == {"Ada Lovelace": "11"}
    path.write_text("Identifier,Full name\nTeilnehmer/in 11,Ada Lovelace\n", encoding="utf-8")
    assert roster.read_roster(path) == {"Ada Lovelace": "11"}


def test_names_are_the_same_whichever_unicode_form_they_are_saved_in(tmp_path):
    for name in ("José  Muñoz", "Jose\u0301 Mun\u0303oz", "José\u00a0Muñoz"):
        (tmp_path / "roster.csv").write_text(f"student\n{name}\n", encoding="utf-8")
        assert roster.read_roster(tmp_path / "roster.csv") == {"José Muñoz": ""}


@given(st.binary(max_size=300))
@settings(max_examples=300)
def test_no_file_is_more_than_an_error_in_one_sentence(tmp_path_factory, content):
    path = tmp_path_factory.getbasetemp() / "any.csv"
    path.write_bytes(content)
    for read in (roster.read_roster, lambda path: sheet.read_written(path, ONE)):
        said = str(path)
        try:
            read(path)
        except ValueError as error:
            said = str(error)
        assert said.startswith(str(path))


@pytest.mark.parametrize("separator", SEPARATORS)
@pytest.mark.parametrize("points", ["1.5", "1,5", " 1,5 "])
def test_marks_have_points_or_commas(tmp_path, points, separator):
    written = saved([("Name", "Question", "Points"), ("Ada", "q1", points)], separator, "\n")
    (tmp_path / "marks.csv").write_text(written)
    assert sheet.read_written(tmp_path / "marks.csv", ONE) == {"Ada": {"q1": 1.5}}


def test_a_line_is_named_by_its_number(tmp_path):
    (tmp_path / "marks.csv").write_text("student,question,points\nada,q1,1\n\neve,q1,x\n")
    with pytest.raises(ValueError, match=r"line 4: eve, q1: points is 'x', expected 0 to 3"):
        sheet.read_written(tmp_path / "marks.csv", ONE)


def test_a_table_is_written_whole_or_not_at_all(tmp_path):
    path = tmp_path / "a.csv"
    tables.write(path, [["a"], ["1"]])
    before = path.read_bytes()
    with pytest.raises(csv.Error):
        tables.write(path, [["a"], None])
    assert path.read_bytes() == before
