"""What goes out in bulk has the names by which Canvas and Moodle find their students."""

import io
import re
import zipfile

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from coursework import build, handout, layout, pack, sandbox
from tests.coursework import quick, toy


def canvas_takes(name: str) -> tuple[str, str] | None:
    """Read a name as Canvas's upload of graded files does: the first two numbers between ``_``."""
    file = name.rsplit("/", 1)[-1]
    numbers = [part for part in file.split("_") if re.fullmatch(r"[0-9]+", part)]
    if file.startswith("._") or file.split("_")[-1].startswith("link") or len(numbers) < 2:
        return None
    return numbers[0], numbers[1]


def moodle_takes(name: str) -> str | None:
    """Read a name as Moodle's upload of feedback does: at most five parts between ``_``."""
    parts = name.split("_", 4)
    if name[:1] in (".", "~") or len(parts) < 5 or not re.fullmatch(r"[0-9]+", parts[1]):
        return None
    return parts[1] if (parts[2], parts[3]) == ("assignsubmission", "file") and parts[4] else None


NAMES = st.text(
    st.characters(
        exclude_categories=["Cs", "Cc", "Cf", "Cn", "Zl", "Zp"], exclude_characters="/\\"
    ),
    min_size=1,
    max_size=30,
).filter(str.strip)
NUMBERS = st.integers(1, 10**7).map(str)
SQUEEZED = st.text(st.characters(categories=["Ll"]), min_size=1, max_size=20)


@given(SQUEEZED, NUMBERS, NUMBERS, st.sampled_from(["", "_LATE"]), NAMES)
def test_canvas_finds_each_student(student, ident, attachment, late, file):
    where = f"wrapper/{student}{late}_{ident}_{attachment}_{file}"
    name = pack.page_name(where, "canvas")
    assert canvas_takes(name) == (ident, attachment)
    assert name.endswith(f"_{pack.PAGE}")
    assert pack.page_name(f"anon_aB3dE_{attachment}_{file}", "canvas") == "", "nobody can be found"


@example("Ada_Maria Lovelace", "17", "file", True, "toy.ipynb")
@example("._ Ada", "17", "file", False, "toy.ipynb")
@example("~.", "17", "onlinetext", True, "toy.ipynb")
@given(NAMES, NUMBERS, st.sampled_from(["file", "onlinetext"]), st.booleans(), NAMES)
def test_moodle_finds_each_student(student, ident, kind, folder, file):
    # A name that ends as Moodle's own part does would be two students at once.
    if layout.moodle(f"{student}_{ident}_assignsubmission_file_").student != student:
        return
    top = f"{student}_{ident}_assignsubmission_{kind}_"
    name = pack.page_name(f"{top}/{file}" if folder else f"{top}{file}", "moodle")
    assert moodle_takes(name) == ident


@given(st.dictionaries(NAMES, st.binary(max_size=50), max_size=5))
def test_a_zip_holds_what_was_put_in_and_is_the_same_again(files):
    made = pack.zipped(files)
    assert made == pack.zipped(dict(reversed(files.items())))
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        assert sorted(archive.namelist()) == sorted(files)
        assert archive.testzip() is None


@pytest.fixture
def room(tmp_path, monkeypatch):
    monkeypatch.setattr(sandbox, "run", quick.run)
    return quick.Classroom(tmp_path)


def test_only_pages_of_whoever_has_a_score_are_packed(room, capsys):
    with zipfile.ZipFile(room.folder / "class.zip", "w") as archive:
        for name, cells in (
            ("lovelaceada_17_200_toy.ipynb", toy.SOLUTION),
            ("smithbob_LATE_18_201_toy-1.ipynb", toy.SOLUTION),
            ("hoppergrace_19_202_toy.ipynb", ("import nowhere",)),
        ):
            archive.writestr(name, toy.notebook(*cells))
    marks = room.write("m.csv", "student,question,points\nlovelaceada,q2,2\nsmithbob,q2,1\n")
    pages = str(room.folder / "pages")
    more = ["--written", marks, "--feedback", pages]
    assert room.grade(*more, "--lms", "canvas", submissions="class.zip") == 1
    assert "2 pages" in capsys.readouterr().out
    with zipfile.ZipFile(room.folder / "pages-canvas.zip") as archive:
        held = {canvas_takes(name): archive.read(name).decode() for name in archive.namelist()}
    assert set(held) == {("17", "200"), ("18", "201")}
    assert "lovelaceada" in held["17", "200"] and "smithbob" in held["18", "201"]
    assert room.grade(*more, "--lms", "moodle", submissions="class.zip") == 1
    assert "2 pages are in" in capsys.readouterr().out
    assert not (room.folder / "pages-moodle.zip").exists()


def test_each_student_of_a_roster_gets_a_zip(tmp_path):
    plain = b'{"cells": [{"cell_type": "markdown", "source": ["# Toy"]}]}'
    files = {
        "exercises/toy/toy.ipynb": plain,
        "exercises/toy/tests/q1.py": b"OK = True",
        "solutions/toy/toy.ipynb": b"secret",
    }
    build.build_class(tmp_path, "toy", files, "s", ["Ada Lovelace", "Bob O. Smith"])
    for student in ("Ada Lovelace", "Bob O. Smith"):
        with zipfile.ZipFile(tmp_path / "students" / f"{student}-toy.zip") as archive:
            held = {name: archive.read(name) for name in archive.namelist()}
        seed = build.class_seed("s", "toy", student)
        assert held == {
            "toy/toy.ipynb": handout.told(plain, seed),
            "toy/tests/q1.py": b"OK = True",
            "toy/seed.txt": f"{seed}\n".encode(),
        }
