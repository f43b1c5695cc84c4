"""Configuration and table of contents, as Sphinx gets them."""

import pytest

from launchlab.publish import chapter, pages
from tests.conftest import ROOT

TOC = """
format: jb-book
root: book/index
parts:
  - caption: One
    chapters:
      - file: book/part/one
        sections:
          - file: book/part/two
      - file: book/words
"""


@pytest.fixture
def home(tmp_path):
    """A book of three notebooks and a page of text."""
    tmp_path.joinpath("_config.yml").write_text("title: A book\n")
    tmp_path.joinpath("_toc.yml").write_text(TOC)
    for name in ("index.ipynb", "part/one.ipynb", "part/two.ipynb", "words.md"):
        path = tmp_path / "book" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    return tmp_path


def test_the_configuration_is_written_among_the_caches_and_nowhere_else(home):
    before = {path for path in home.iterdir() if path.is_file()}
    folder = pages.write_configuration(home)
    assert folder == home / ".cache" / "sphinx"
    found: dict = {}
    exec(folder.joinpath("conf.py").read_text(encoding="utf-8"), found)
    assert found["html_title"] == "A book"
    assert {path for path in home.iterdir() if path.is_file()} == before


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("_config.yml", "title: [1"),
        ("_config.yml", "- a"),
        ("_toc.yml", "root: [1"),
        ("_toc.yml", "format: jb-book"),
    ],
)
def test_what_jupyter_book_cannot_read_is_named_in_one_line(home, name, text):
    home.joinpath(name).write_text(text)
    with pytest.raises(pages.NoBookError, match=f"{name} cannot be used: .") as said:
        pages.write_configuration(home)
    assert "\n" not in str(said.value)


@pytest.mark.parametrize(
    "asked",
    ["part/two", "two", "book/part/two", "book/part/two.ipynb", "part/two.html", " part/two/ "],
)
def test_a_chapter_may_be_named_as_it_is_known(home, asked):
    assert chapter.find(home, asked) == "book/part/two"


@pytest.mark.parametrize("asked", ["", "three", "words", "part", "o", "book", "../part/one"])
def test_a_chapter_that_is_none_is_said_with_all_there_are(home, asked):
    with pytest.raises(chapter.NoChapterError) as said:
        chapter.find(home, asked)
    assert str(said.value) == f"CH={asked!r}: expected one of index, part/one, part/two"


def test_a_name_that_two_chapters_share_is_refused():
    """An exercise and its solution have one name."""
    with pytest.raises(chapter.NoChapterError, match="CH='stakeholders': expected one of"):
        chapter.find(ROOT, "stakeholders")
    assert chapter.find(ROOT, "exercises/stakeholders/stakeholders").startswith("exercises/")
