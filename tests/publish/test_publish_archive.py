"""The book as one file."""

import os
import zipfile

import pytest

from launchlab.publish import archive, build
from launchlab.publish.command import main


@pytest.fixture
def root(tmp_path):
    """A folder of a book, with two files for pages."""
    for name in ("_config.yml", "_toc.yml"):
        tmp_path.joinpath(name).touch()
    pages = tmp_path / build.HTML
    pages.joinpath("book").mkdir(parents=True)
    pages.joinpath("index.html").write_text("one")
    pages.joinpath("book", "a.html").write_text("two")
    return tmp_path


def test_all_pages_are_packed_into_one_folder_with_what_to_know(root, capsys):
    assert main(["zip", "--root", str(root)]) == 0
    said = capsys.readouterr().out
    assert said.startswith("The book is packed (0.0 MB): ") and str(archive.ARCHIVE) in said
    with zipfile.ZipFile(root / archive.ARCHIVE) as packed:
        names = packed.namelist()
        assert {name.split("/")[0] for name in names} == {archive.NAME}
        assert [name.split("/", 1)[1] for name in names] == [
            "READ-ME.txt",
            "book/a.html",
            "index.html",
        ]
        assert packed.read(f"{archive.NAME}/book/a.html") == b"two"


def test_the_same_pages_make_the_same_bytes(root):
    first = archive.pack(root).read_bytes()
    os.utime(root / build.HTML / "index.html", (1, 1))
    assert archive.pack(root).read_bytes() == first
    assert sorted(path.name for path in (root / "_build").iterdir()) == [
        "from-leaderboard-to-launch.zip",
        "html",
    ]


@pytest.mark.parametrize("missing", ["unbuilt", "unfinished"])
def test_what_is_not_finished_is_not_packed(root, missing, capsys):
    if missing == "unbuilt":
        (root / build.HTML / "index.html").unlink()
    else:
        (root / build.UNFINISHED).touch()
    assert main(["zip", "--root", str(root)]) == 1
    assert "build it first" in capsys.readouterr().out
    assert not (root / archive.ARCHIVE).exists()
