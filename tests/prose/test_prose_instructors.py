"""The instructor pages leave no chapter and no assignment out."""

import re

import pytest
import yaml

from coursework import spec
from launchlab.publish.index import find_heading
from tests.conftest import ROOT

PAGES = ROOT / "book" / "instructors"
PARTS = (
    "book/objectives/",
    "book/stakeholders/",
    "book/ensembling/",
    "book/software/",
    "book/operations/",
    "book/capstone/",
)
TOC = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
CHAPTERS = [
    chapter["file"]
    for part in TOC["parts"]
    for chapter in part["chapters"]
    if chapter["file"].startswith(PARTS)
]


def text(page: str) -> str:
    return (PAGES / f"{page}.md").read_text(encoding="utf-8")


def test_there_are_chapters():
    assert len(CHAPTERS) >= 16


def test_the_discussion_guide_has_each_chapter_once_in_its_order():
    """By its title: the list of a page's headings would show the path of a link that has none."""
    found = re.findall(r"^### \{doc\}`(.+) </(.+)>`$", text("discussion-guide"), re.MULTILINE)
    assert found == [(find_heading(ROOT / f"{name}.ipynb"), name) for name in CHAPTERS]


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_a_chapter_of_the_guide_has_all_that_is_promised(chapter):
    guide = text("discussion-guide")
    (section,) = re.findall(rf"### {{doc}}`[^`]+ </{chapter}>`\n(.*?)(?=\n##|\Z)", guide, re.DOTALL)
    begun = re.findall(r"^- \*\*(\w+)", section, re.MULTILINE)
    assert begun == ["Open", "Most", "Push", "Ten", "Listen"]


def test_a_full_term_reads_every_chapter():
    """Half a term reads the first three parts, and the full one goes on from there."""
    half, full = text("syllabus").split("## Half a term")[1].split("## A full term")
    half = half.split("**The project.**")[0]
    full = full.split("\n## ")[0]
    reading = ", ".join(re.findall(r"\{minutes\}`([^`]*)`", half + full)).split(", ")
    assert set(CHAPTERS) <= set(reading)
    assert len(reading) == len(set(reading))


@pytest.mark.parametrize("name", spec.names())
def test_every_assignment_has_its_points_and_three_graded_samples(name):
    page, assignment = text("assign-and-grade"), spec.load(name)
    (row,) = re.findall(rf"^\| \{{doc\}}`/exercises/{name}/{name}` .*$", page, re.MULTILINE)
    by_hand = sum(one.written_points for one in assignment.questions)
    assert [cell.strip() for cell in row.split("|")[4:6]] == [
        f"{assignment.points:g}",
        f"{by_hand:g}",
    ]
    samples = page.split(f"for *{name}*")[1].split("\n## ")[0].split("three for")[0]
    marks = re.findall(rf"^:::{{dropdown}} \w+: (\d+) of {by_hand:g}$", samples, re.MULTILINE)
    middling = {6: 4, 8: 5, 10: 6}[by_hand]
    assert [int(mark) for mark in marks[:3]] == [1, middling, by_hand]
    assert f"{{doc}}`/solutions/{name}/{name}`" in samples
