"""Folders and zips of submissions: nothing followed, nothing unpacked, nothing lost."""

import json
import os
import zipfile

import pytest

from coursework import archives, submissions


def notebook(*cells: str, **more) -> bytes:
    made = [
        {"cell_type": "code", "id": f"c{i}", "metadata": {}, "source": cell, "outputs": []}
        | {"execution_count": None}
        for i, cell in enumerate(cells)
    ]
    metadata = more.pop("metadata", {})
    return json.dumps(
        {"cells": made, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    ).encode()


def zipped(path, files):
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files:
            archive.writestr(name, content)
    return path


def test_a_folder_of_files_and_of_folders(tmp_path):
    (tmp_path / "ada.ipynb").write_bytes(notebook("x = 1"))
    (tmp_path / "grace").mkdir()
    (tmp_path / "grace" / "renamed by me.ipynb").write_bytes(notebook("x = 2", "y = 3"))
    (tmp_path / "notes.txt").write_text("hello")
    found, ignored = submissions.read(tmp_path)
    assert [(one.student, one.cells) for one in found] == [
        ("ada", ("x = 1",)),
        ("grace", ("x = 2", "y = 3")),
    ]
    assert [(one.where, one.reason) for one in ignored] == [("notes.txt", "no notebook")]


def test_a_download_from_canvas(tmp_path):
    path = zipped(
        tmp_path / "canvas.zip",
        [
            ("lovelaceada_17_200_objectives.ipynb", notebook("old")),
            ("lovelaceada_17_201_objectives-1.ipynb", notebook("new")),
            ("hoppergrace_LATE_18_202_objectives.ipynb", notebook("late")),
        ],
    )
    found, ignored = submissions.read(path)
    grace, ada = found
    assert (ada.student, ada.ident, ada.late, ada.cells) == ("lovelaceada", "17", False, ("new",))
    assert (grace.student, grace.ident, grace.late) == ("hoppergrace", "18", True)
    assert [one.where for one in ignored] == ["lovelaceada_17_200_objectives.ipynb"]
    assert ignored[0].reason == "lovelaceada_17_201_objectives-1.ipynb is later"


def test_two_students_of_one_name_are_both_there(tmp_path):
    path = zipped(
        tmp_path / "canvas.zip",
        [
            ("smithjohn_17_200_objectives.ipynb", notebook("first")),
            ("smithjohn_18_201_objectives.ipynb", notebook("second")),
        ],
    )
    found, ignored = submissions.read(path)
    assert [(one.student, one.cells) for one in found] == [
        ("smithjohn (17)", ("first",)),
        ("smithjohn (18)", ("second",)),
    ]
    assert ignored == []


def test_the_roster_knows_students_by_name_or_by_number(tmp_path):
    path = zipped(
        tmp_path / "canvas.zip",
        [
            ("lovelaceada_17_200_objectives.ipynb", notebook("x")),
            ("hopper_18_201_objectives.ipynb", notebook("x")),
            ("stranger_19_202_objectives.ipynb", notebook("x")),
        ],
    )
    found, _ = submissions.read(path)
    roster = {"Lovelace, Ada": "17", "hopper": "", "Noether, Emmy": "18"}
    named = [one.student for one in submissions.by_roster(found, roster)]
    assert named == ["hopper", "Lovelace, Ada", "stranger"]


def test_a_download_from_moodle(tmp_path):
    path = zipped(
        tmp_path / "moodle.zip",
        [
            ("Ada Lovelace_12345_assignsubmission_file_/objectives.ipynb", notebook("x")),
            ("Grace Hopper_12346_assignsubmission_file_objectives.ipynb", notebook("y")),
        ],
    )
    found, _ = submissions.read(path)
    assert [(one.student, one.ident) for one in found] == [
        ("Ada Lovelace", "12345"),
        ("Grace Hopper", "12346"),
    ]


def test_links_are_not_followed(tmp_path):
    secret = tmp_path / "secret.ipynb"
    secret.write_bytes(notebook("secret"))
    folder = tmp_path / "all"
    (folder / "ada").mkdir(parents=True)
    (folder / "ada" / "link.ipynb").symlink_to(secret)
    (folder / "grace").symlink_to(tmp_path)
    found, ignored = submissions.read(folder)
    assert [(one.student, one.cells, one.problem) for one in found] == [
        ("ada", (), "a link or device, not a file"),
        ("grace", (), "grace: a link, not followed"),
    ]
    assert ignored == []


def test_a_zip_that_leads_out_of_itself_and_one_with_a_link(tmp_path):
    path = tmp_path / "bad.zip"
    link = zipfile.ZipInfo("eve.ipynb")
    link.external_attr = 0o120777 << 16
    zipped(
        path,
        [
            ("../../outside.ipynb", notebook("x")),
            ("/etc/absolute.ipynb", notebook("x")),
            (link, "/etc/passwd"),
            ("__MACOSX/._ada.ipynb", b"resource fork"),
            ("ada.ipynb", notebook("x")),
        ],
    )
    found, ignored = submissions.read(path)
    assert [(one.student, one.problem) for one in found] == [
        ("ada", ""),
        ("etc", "its name leads out of the zip"),
        ("eve", "a link or device, not a file"),
        ("outside", "its name leads out of the zip"),
    ]
    assert {one.reason for one in ignored} == {"a hidden file"}
    assert os.listdir(tmp_path) == ["bad.zip"]


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "the file is empty"),
        (b" \n", "the file is empty"),
        (notebook("x = 1")[:-20], "not a notebook: "),
        (b"[1, 2]", "not a notebook: "),
        (b"\xff\xfe\x00", "not a notebook: a byte at 2"),
        (b"[" * 100_000, "not a notebook: "),
        (b'{"cells": 3, "nbformat": 4, "nbformat_minor": 5}', "not a notebook: "),
        (notebook(), "there is no code in it"),
    ],
)
def test_what_is_no_notebook_is_kept_with_its_problem(tmp_path, content, problem):
    (tmp_path / "ada.ipynb").write_bytes(content)
    ((ada,), ignored) = submissions.read(tmp_path)
    assert ada.cells == ()
    assert ada.problem.startswith(problem)
    assert ignored == []


def test_too_large_a_file_is_not_read(tmp_path, monkeypatch):
    monkeypatch.setattr(archives, "MOST_BYTES", 1_000_000)
    (tmp_path / "big.ipynb").write_bytes(b" " * 1_000_001)
    ((big,), _) = submissions.read(tmp_path)
    assert big.problem == "1 MB, expected at most 0 MB"
    path = zipped(tmp_path / "big.zip", [("big.ipynb", b" " * 1_000_001)])
    ((big,), _) = submissions.read(path)
    assert big.problem == "more than 0 MB"


def test_a_foreign_kernel_does_not_matter():
    content = notebook("x = 1", metadata={"kernelspec": {"name": "ir", "display_name": "R"}})
    assert submissions.code_cells(content) == (("x = 1",), "")


def test_a_name_that_is_no_utf8_can_be_printed(tmp_path):
    (tmp_path / os.fsdecode(b"ad\xe9.ipynb")).write_bytes(notebook("x"))
    ((ada,), _) = submissions.read(tmp_path)
    assert ada.student == "ad\\xe9"
    assert ada.cells == ("x",)


def test_what_is_not_there_is_said(tmp_path):
    with pytest.raises(FileNotFoundError, match="no such folder or zip"):
        submissions.read(tmp_path / "nothing")
    (tmp_path / "text.zip").write_text("no zip")
    with pytest.raises(ValueError, match="expected a folder or a zip"):
        submissions.read(tmp_path / "text.zip")
