"""From any archive one student is one row, with his or her own notebook or the reason why not."""

import io
import itertools
import os
import re
import struct
import unicodedata
import warnings
import zipfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coursework import archives, submissions, text
from coursework.names import Person, Roster, key
from tests.coursework import quick
from tests.coursework.toy import notebook


@pytest.fixture(scope="module", autouse=True)
def _each_read_once():
    with quick.each_read_once():
        yield


STUDENTS = ("Ada Lovelace", "José Muñoz", "王小明", "O’Brien Pat", "Lee_Ann van Dyk", "Bob Smith")
ROSTER = Roster(Person(name, str(100 + at)) for at, name in enumerate(STUDENTS))


def work(name: str) -> bytes:
    return notebook(f"mine = {name!r}")


def cells(one) -> str:
    return one.cells[0] if one.cells else one.problem


def canvas(name: str, number: str, late: str = "") -> str:
    return re.sub(r"[^\w]", "", "".join(name.split()[::-1])).lower() + f"{late}_{number}_9{number}_"


def moodle(name: str, number: str, late: str = "") -> str:
    return f"{name}_{number}_assignsubmission_file_"


LAYOUTS = {
    "canvas": lambda name, number: canvas(name, number) + "toy.ipynb",
    "canvas, late": lambda name, number: canvas(name, number, "_LATE") + "toy.ipynb",
    "canvas, small late": lambda name, number: canvas(name, number, "_late") + "toy-1.ipynb",
    "moodle": lambda name, number: moodle(name, number) + "/toy.ipynb",
    "moodle, flat": lambda name, number: moodle(name, number) + "toy.ipynb",
    "moodle, groups": lambda name, number: "Group 1-" + moodle(name, number) + "/toy.ipynb",
    "moodle, deep": lambda name, number: moodle(name, number)[:-1] + "/my work/src/toy.ipynb",
    "folders": lambda name, number: f"{name}/toy.ipynb",
    "folders, deep": lambda name, number: f"{name}/a/b/other name.ipynb",
    "files": lambda name, number: f"{name}.ipynb",
    "files, last name first": lambda name, number: f"{', '.join(name.split(' ', 1)[::-1])}.ipynb",
}
CLUTTER = {
    "none": (),
    "a Mac's": ("__MACOSX/._x", "__MACOSX/x/._toy.ipynb", ".DS_Store", "x/.DS_Store", "._a.ipynb"),
    "Windows's": ("Thumbs.db", "desktop.ini"),
    "Jupyter's": (".ipynb_checkpoints/toy-checkpoint.ipynb",),
}


def flags_off(content: bytes, spoil: bytes = b"") -> bytes:
    """A zip in which no name is said to be UTF-8; some bytes of names may be spoilt."""
    out = bytearray(content)
    for mark, at in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        for found in re.finditer(re.escape(mark), content):
            (flags,) = struct.unpack_from("<H", out, found.start() + at)
            struct.pack_into("<H", out, found.start() + at, flags & ~0x800)
    return bytes(out)


def zipped(files) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that a name is there twice
        for name, content in files:
            archive.writestr(name, content)
    return out.getvalue()


def graded(path, **more):
    found, ignored = submissions.read(path, "toy", ROSTER, **more)
    return {one.student: one for one in submissions.by_roster(found, ROSTER)}, ignored


def is_each_their_own(rows) -> bool:
    return {name: cells(one) for name, one in rows.items()} == {
        name: f"mine = {name!r}" for name in STUDENTS
    }


@pytest.mark.parametrize("layout", LAYOUTS)
def test_each_student_is_one_row_in_every_layout_and_however_it_was_packed(tmp_path, layout):
    ways = itertools.product(
        ("", "toy/", "x/y/submissions/"), ("/", "\\"), ("NFC", "NFD"), (True, False), CLUTTER
    )
    path = tmp_path / "class.zip"
    for wrap, slash, form, flagged, clutter in ways:
        names = [LAYOUTS[layout](one.student, one.ident) for one in ROSTER.people]
        files = [
            (unicodedata.normalize(form, wrap + name).replace("/", slash), work(student))
            for name, student in zip(names, STUDENTS, strict=True)
        ]
        content = zipped([*files, *((name, b"\0\5") for name in CLUTTER[clutter])])
        path.write_bytes(content if flagged else flags_off(content))
        rows, _ = graded(path)
        assert is_each_their_own(rows), (wrap, slash, form, flagged, clutter, rows)
        assert not any(one.flag or one.unmatched for one in rows.values())


@pytest.mark.parametrize("layout", [name for name in LAYOUTS if "moodle" not in name])
def test_the_same_as_a_folder(tmp_path, layout):
    for wrap in ("one/", "two/toy/"):
        for one in ROSTER.people:
            file = tmp_path / wrap / LAYOUTS[layout](one.student, one.ident)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(work(one.student))
        assert is_each_their_own(graded(tmp_path / wrap)[0])


@pytest.mark.parametrize("lms", [canvas, moodle])
@pytest.mark.parametrize("other", [canvas, moodle])
@pytest.mark.parametrize("size", [1, 2, 6])
def test_no_file_name_takes_another_students_row(tmp_path, lms, other, size):
    """Bob Smith writes into his file's name what the other LMS, or his own, writes for another."""
    for victim, flat in itertools.product(STUDENTS[:size], (True, False)):
        who = ROSTER.find(victim).sure
        forged = f"{other(who.student, who.ident)}.ipynb"
        folder = "" if lms is canvas or flat else "/"
        files = [(lms("Bob Smith", "105") + folder + forged, work("Bob Smith"))]
        files += [
            (lms(one, ROSTER.find(one).sure.ident) + folder + "toy.ipynb", work(one))
            for one in STUDENTS[: size - 1]
        ]
        (tmp_path / "class.zip").write_bytes(zipped(files))
        rows, _ = graded(tmp_path / "class.zip")
        assert cells(rows["Bob Smith"]) == "mine = 'Bob Smith'"
        assert set(rows) == {"Bob Smith", *STUDENTS[: size - 1]}
        assert all(cells(rows[one]) == f"mine = {one!r}" for one in STUDENTS[: size - 1])


def test_a_whole_folder_of_forged_names_is_one_students(tmp_path):
    files = [(f"{one}/toy.ipynb", work(one)) for one in STUDENTS[:4]]
    files += [(f"Bob Smith/smithada_{at}_{at}_toy.ipynb", work("forged")) for at in range(100, 160)]
    (tmp_path / "class.zip").write_bytes(zipped(files))
    rows, _ = graded(tmp_path / "class.zip")
    assert {name: cells(one) for name, one in rows.items() if name != "Bob Smith"} == {
        name: f"mine = {name!r}" for name in STUDENTS[:4]
    }


def test_one_file_called_as_an_lms_would_call_it_is_nobody_elses(tmp_path):
    files = [(f"{one}.ipynb", work(one)) for one in STUDENTS]
    files.append(("somebody_100_9100_toy.ipynb", work("forged")))
    (tmp_path / "class.zip").write_bytes(zipped(files))
    rows, _ = graded(tmp_path / "class.zip")
    forged = rows.pop("somebody_100_9100_toy")
    assert forged.unmatched == "not on the roster"
    assert is_each_their_own(rows)
    assert not any(one.flag for one in rows.values())


@pytest.mark.parametrize("flagged", [True, False])
def test_without_a_roster_names_are_read_as_they_were_written(tmp_path, flagged):
    content = zipped([(f"{one}.ipynb", work(one)) for one in STUDENTS])
    (tmp_path / "class.zip").write_bytes(content if flagged else flags_off(content))
    found, _ = submissions.read(tmp_path / "class.zip", "toy")
    assert {one.student for one in found} == set(STUDENTS)


def test_where_names_are_hidden_each_is_still_one_row(tmp_path):
    canvas_names = ["anon_aB3dE_600_toy.ipynb", "anon_aB3dE_700_toy-1.ipynb"]
    canvas_names += ["LATE_anon_Zz9yX_601_toy.ipynb", "anon_12345_602_toy.ipynb"]
    (tmp_path / "c.zip").write_bytes(zipped([(name, work(name)) for name in canvas_names]))
    found, _ = submissions.read(tmp_path / "c.zip", "toy")
    assert [(one.student, one.late, cells(one)) for one in found] == [
        ("anon_12345", False, f"mine = {canvas_names[3]!r}"),
        ("anon_Zz9yX", True, f"mine = {canvas_names[2]!r}"),
        ("anon_aB3dE", False, f"mine = {canvas_names[1]!r}"),
    ]
    moodle_names = [f"Participant_{at}_assignsubmission_file_/toy.ipynb" for at in (11, 12)]
    (tmp_path / "m.zip").write_bytes(zipped([(name, work(name)) for name in moodle_names]))
    found, _ = submissions.read(tmp_path / "m.zip", "toy")
    assert [(one.student, one.ident) for one in found] == [
        ("Participant (11)", "11"),
        ("Participant (12)", "12"),
    ]


GOOD = work("Ada Lovelace")
TOY = "Ada Lovelace/toy.ipynb"
ENCRYPTED = "encrypted"


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        ([("Ada Lovelace/toy.html", b"<p>")], "toy.html: no notebook"),
        ([("Ada Lovelace/toy.pdf", b"%PDF")], "toy.pdf: no notebook"),
        ([("Ada Lovelace.docx", b"PK")], "Ada Lovelace.docx: no notebook"),
        ([("Ada Lovelace.txt", b"here it is")], "Ada Lovelace.txt: no notebook"),
        ([("Ada Lovelace/toy.ipynb/", b"")], "the folder is empty"),
        ([("Ada Lovelace/", b"")], "Ada Lovelace: the folder is empty"),
        ([("Ada Lovelace/work.zip", b"PK\3\4 broken")], "work.zip: a broken zip: "),
        ([("Ada Lovelace/work.zip", zipped([("a.txt", b"")]))], "a zip with no notebook in it"),
        ([("Ada Lovelace/work.rar", b"Rar!")], "work.rar: no notebook"),
        ([(TOY, b"")], "the file is empty"),
        ([(TOY, GOOD[:-30])], "not a notebook: "),
        ([("../" + TOY, GOOD)], "its name leads out of the zip"),
        ([("/" + TOY, GOOD)], "its name leads out of the zip"),
        ([("C:\\class\\..\\" + TOY, GOOD)], "its name leads out of the zip"),
        ([(TOY, b" " * (archives.MOST_BYTES + 1))], "more than 10 MB"),
    ],
)
def test_what_cannot_be_graded_is_a_row_with_its_reason(tmp_path, files, reason):
    others = [(f"{one}/toy.ipynb", work(one)) for one in STUDENTS[1:]]
    (tmp_path / "class.zip").write_bytes(zipped([*files, *others]))
    found, _ = submissions.read(tmp_path / "class.zip", "toy", ROSTER)
    mine = [one for one in found if key(one.called) == "ada lovelace" or one.problem]
    assert len(mine) == 1, found
    assert reason in mine[0].problem and mine[0].cells == ()
    assert len(found) == len(STUDENTS)


def test_a_locked_a_spoilt_and_a_lying_member_cost_nobody_else_anything(tmp_path):
    names = [f"{one}/toy.ipynb" for one in STUDENTS]
    content = bytearray(zipped([(n, work(one)) for n, one in zip(names, STUDENTS, strict=True)]))
    heads = [found.start() for found in re.finditer(re.escape(b"PK\x01\x02"), content)]
    content[heads[0] + 8] |= 1  # says that it is encrypted
    (local,) = struct.unpack_from("<L", content, heads[1] + 42)
    content[local + 60] ^= 255  # its content is not what was packed
    struct.pack_into("<H", content, heads[2] + 10, 99)  # a method that nobody knows
    struct.pack_into("<L", content, heads[3] + 42, len(content))  # lies beyond the end
    spoilt = content.index(b"van Dyk/toy", heads[0])
    content[spoilt] = 0xFF  # no UTF-8, whatever the zip says of it
    content[heads[4] + 9] |= 8
    (tmp_path / "class.zip").write_bytes(content)
    found, _ = submissions.read(tmp_path / "class.zip", "toy", ROSTER)
    assert len(found) == len(STUDENTS)
    assert [one.student for one in found if not one.problem] == ["Bob Smith"]
    ada = next(one for one in found if one.student == "Ada Lovelace")
    assert ada.problem == "encrypted: it cannot be read without its password"


@pytest.mark.parametrize("name", ["class.zip", "x/y.zip"])
def test_one_name_that_is_no_utf8_is_one_row(tmp_path, name):
    content = bytearray(zipped([(f"{one}.ipynb", work(one)) for one in STUDENTS]))
    for found in re.finditer("José".encode(), bytes(content)):
        content[found.start() + 3 : found.start() + 5] = b"\xe9("
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)
    found, _ = submissions.read(path, "toy", ROSTER)
    assert [cells(one) for one in found if one.student.startswith("Jos")] == ["mine = 'José Muñoz'"]
    assert len(found) == len(STUDENTS)


@pytest.mark.parametrize(
    "name",
    [
        "toy.ipynb",
        "toy.IPYNB",
        "toy.ipynb.txt",
        "toy.ipynb.json",
        "toy.ipynb (1)",
        "toy.txt",
        "toy",
        "toy.json",
        "toy.ipynb.html",
        ".ipynb",
        "Übung 3.Ipynb",
    ],
)
@pytest.mark.parametrize("deep", [0, 1, 2])
def test_what_can_be_read_is_read(tmp_path, name, deep):
    content, called = work("Ada Lovelace"), name
    for _ in range(deep):
        content, called = zipped([(f"my work/{called}", content)]), "work.zip"
    files = [(f"{one}/toy.ipynb", work(one)) for one in STUDENTS[1:]]
    files.append((f"Ada Lovelace/{called}", content))
    (tmp_path / "class.zip").write_bytes(zipped(files))
    rows, _ = graded(tmp_path / "class.zip")
    ada = rows["Ada Lovelace"]
    inside = ".ipynb" in name.casefold()
    if deep == 0 or (deep == 1 and inside):
        assert cells(ada) == "mine = 'Ada Lovelace'"
    else:
        assert ada.problem or cells(ada) == "mine = 'Ada Lovelace'"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
def test_a_notebook_that_an_editor_has_saved_anew_is_read(tmp_path, encoding):
    mark = "\ufeff" if encoding == "utf-16-le" else ""
    saved = mark + work("Ada Lovelace").decode()
    (tmp_path / "Ada Lovelace.ipynb").write_bytes(saved.encode(encoding))
    assert cells(graded(tmp_path)[0]["Ada Lovelace"]) == "mine = 'Ada Lovelace'"


@pytest.mark.parametrize("mine", ["toy.ipynb", "toy (1).ipynb", "toy-2.ipynb", "toy_v2.IPYNB"])
@pytest.mark.parametrize("other", ["scratch.ipynb", "Untitled.ipynb", "zz.ipynb", "a.ipynb"])
@pytest.mark.parametrize("newer", [True, False])
def test_the_assignments_own_notebook_counts_beside_another(tmp_path, mine, other, newer):
    folder = tmp_path / "Ada Lovelace"
    folder.mkdir()
    (folder / mine).write_bytes(work("Ada Lovelace"))
    (folder / other).write_bytes(notebook("1 + 1"))
    os.utime(folder / other, (2e9, 2e9) if newer else (1, 1))
    rows, ignored = graded(tmp_path)
    assert (cells(rows["Ada Lovelace"]), rows["Ada Lovelace"].flag) == (
        "mine = 'Ada Lovelace'",
        "",
    )
    assert [one.reason for one in ignored] == [
        f"Ada Lovelace/{mine} is called as the assignment is"
    ]


def test_where_it_is_not_clear_which_one_is_meant_a_person_looks(tmp_path):
    def flag(*files) -> str:
        (tmp_path / "class.zip").write_bytes(zipped(files))
        return graded(tmp_path / "class.zip")[0]["Ada Lovelace"].flag

    other = notebook("1 + 1")
    assert "none of several" in flag((TOY + "x.ipynb", GOOD), ("Ada Lovelace/b.ipynb", other))
    assert flag((TOY + "x.ipynb", GOOD), ("Ada Lovelace/b.ipynb", GOOD)) == ""
    assert "not clear" in flag((TOY, GOOD), (TOY, other))
    assert flag((TOY, GOOD), (TOY, GOOD)) == ""
    assert "not clear" in flag((TOY, GOOD), ("Ada Lovelace/old/toy.ipynb", other))
    assert "handed in" in flag((TOY, GOOD), ("ADA  LOVELACE/toy-1.ipynb", other))
    assert "twice" in flag((TOY, GOOD), ("Lovelace, Ada/toy.ipynb", other))


@pytest.mark.parametrize(
    ("attempt", "due"), [("last", "third"), ("first", "first"), ("on time", "second")]
)
def test_which_attempt_counts_is_a_policy(tmp_path, attempt, due):
    files = [
        ("lovelaceada_100_900_toy.ipynb", notebook("first")),
        ("lovelaceada_100_901_toy-1.ipynb", notebook("second")),
        ("lovelaceada_LATE_100_902_toy-2.ipynb", notebook("third")),
        ("smithbob_105_903_toy.ipynb", work("Bob Smith")),
    ]
    (tmp_path / "class.zip").write_bytes(zipped(files))
    rows, ignored = graded(tmp_path / "class.zip", attempt=attempt)
    ada = rows["Ada Lovelace"]
    assert (cells(ada), ada.flag, ada.late) == (due, "", attempt == "last")
    assert len(ignored) == 2


def test_two_of_one_name_and_a_stranger(tmp_path):
    roster = Roster(Person(f"John Smith ({one})", one, "John Smith") for one in ("17", "18"))
    files = [(f"John Smith_{one}_assignsubmission_file_/toy.ipynb", GOOD) for one in (17, 18, 19)]
    (tmp_path / "class.zip").write_bytes(zipped(files))
    found, _ = submissions.read(tmp_path / "class.zip", "toy", roster)
    rows = submissions.by_roster(found, roster)
    assert [(one.student, bool(one.unmatched)) for one in rows] == [
        ("John Smith (17)", False),
        ("John Smith (18)", False),
        ("John Smith (19)", True),
    ]
    assert rows[2].maybe == ("John Smith (17)", "John Smith (18)")


@given(
    st.lists(
        st.tuples(
            st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40).filter(
                lambda name: name.split("\0")[0]  # zipfile writes no others
            )
            | st.sampled_from(["../a.ipynb", "a/../b", "C:\\x", "/", "a//b.ipynb", "x" * 9000]),
            st.sampled_from([GOOD, b"", b"{", b"PK\3\4", zipped([("a.ipynb", GOOD)])]),
        ),
        max_size=6,
    ),
    st.booleans(),
)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_no_archive_of_any_names_is_more_than_rows_and_reasons(tmp_path_factory, files, flagged):
    path = tmp_path_factory.getbasetemp() / "any.zip"
    content = zipped(files)
    path.write_bytes(content if flagged else flags_off(content))
    before = sorted(os.listdir(path.parent))
    found, _ = submissions.read(path, "toy", ROSTER)
    rows = submissions.by_roster(found, ROSTER)
    assert len({one.student for one in rows}) == len(rows)
    assert all(one.cells or one.problem for one in rows)
    assert all(len(one.student) <= 140 and text.line(one.student) == one.student for one in rows)
    assert sorted(os.listdir(path.parent)) == before


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_no_spoilt_zip_is_more_than_an_error_in_one_sentence(tmp_path_factory, data):
    content = bytearray(zipped([(f"{one}/toy.ipynb", work(one)) for one in STUDENTS]))
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    path = tmp_path_factory.getbasetemp() / "spoilt.zip"
    path.write_bytes(content[: data.draw(st.integers(len(content) - 40, len(content)))])
    said, found = str(path), []
    try:
        found, _ = submissions.read(path, "toy", ROSTER)
    except ValueError as error:
        said = str(error)
    assert said.startswith(str(path))
    assert all(one.cells or one.problem for one in found)
