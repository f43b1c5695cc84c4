"""The page on which a class's written parts are marked, in a browser and without one."""

import csv
import json
import re
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coursework import build, marking, rubric, sheet, spec, written
from coursework.marking import Marked, Shown
from coursework.reading import MOST_LETTERS, Text, read_whole
from coursework.rubric import Criterion
from coursework.spec import Assignment, Probe, Question
from coursework.written import PROMPT, Asked
from tests.conftest import ROOT
from tests.site.axe import violations
from tests.site.visit import at_home

ONE = Assignment(
    "one", "One & two", (Question("q1", "A memo", 5, (Probe("x", 1, "x"),), written_points=6),)
)
HANDED = (
    Text("a-00", "# One"),
    Text("a-01", "## A memo\n\nWrite."),
    Text("a-02", PROMPT),
    Text("a-03", "## The end"),
)
ASKED = Asked("q1", "A memo", 6, "## A memo\n\nWrite.", "a-02", "A *good* one.")
WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cf", "Cn"]), min_size=1, max_size=40)
MINE = WORDS.filter(
    lambda said: said.strip() and said.strip() not in {one.source for one in HANDED}
)


# Whose words ----------------------------------------------------------------------------------


# What each assignment asks a person to write, where it is not a memo alone.
WRITTEN = {
    "operations": ("## 6. The post-mortem",),
    "capstone": ("## 1. The record", "## 7. The memo"),
}


def test_the_written_questions_of_the_course_are_found_in_its_hand_outs():
    for name in spec.names():
        handed, solution = (
            read_whole((ROOT / kind / name / f"{name}.ipynb").read_bytes()).texts
            for kind in ("exercises", "solutions")
        )
        found = written.questions(spec.load(name), handed, solution)
        heads = WRITTEN.get(name, ("## 6. A memo",))
        assert len(found) == len(heads)
        for asked, head in zip(found, heads, strict=True):
            assert asked.says.startswith(head) and len(asked.model) > 300
            assert not asked.model.startswith(":") and not asked.model.endswith(":")
            assert written.answer(asked, handed, handed) == ("", "nothing written was found")
            own = [Text(one.ident, "Mine.") if one.ident == asked.ident else one for one in handed]
            assert written.answer(asked, handed, own) == ("Mine.", "")
        criteria = rubric.read(name)
        most = {
            question: sum(len(one.levels) - 1 for one in them)
            for question, them in criteria.items()
        }
        assert most == {asked.name: asked.points for asked in found}


@given(MINE, st.sampled_from(["in its place", "in a cell below", "in the question's", "elsewhere"]))
def test_an_answer_is_found_wherever_it_was_written(said, place):
    cells = list(HANDED)
    if place == "in its place":
        cells[2] = Text("a-02", said)
    elif place == "in a cell below":
        cells.insert(3, Text("9f", said))
    elif place == "in the question's":
        cells[1] = Text("a-01", f"{cells[1].source}\n\n{said}")
    else:
        cells.append(Text("9f", said))
    # An editor of another format forgets what cells are called.
    for known in (cells, [Text("", one.source) for one in cells]):
        found, note = written.answer(ASKED, HANDED, known)
        assert found.split() == said.split()
        assert bool(note) == (place == "elsewhere")


def test_a_notebook_is_read_with_its_texts_and_bounded():
    def cell(kind, source, **more):
        return {"cell_type": kind, "metadata": {}, "source": source, **more}

    cells = [
        cell("markdown", ["one\n", "two"], id="m1"),
        cell("code", "x = 1", id="c1"),
        cell("markdown", {"not": "a text"}, id=7),
        cell("raw", "y" * (2 * MOST_LETTERS)),
        cell("markdown", "lost"),
    ]
    made = read_whole(json.dumps({"cells": cells, "nbformat": 4}).encode())
    assert made.cells == ("x = 1",) and made.problem == ""
    assert [one.ident for one in made.texts] == ["m1", "7", ""]
    assert made.texts[0].source == "one\ntwo" and made.texts[1].source == ""
    assert sum(len(one.source) for one in made.texts) == MOST_LETTERS


# The rubric -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("q1 = 3", "q1 is 3, expected tables, written [[q1]]"),
        ("[[q1]]\nname = 'a'", "q1 has name, expected name and levels"),
        ("[[q1]]\nname = ''\nlevels = ['a']", "q1: name is '', expected a text"),
        ("[[q1]]\nname = 'a'\nlevels = [1]", "q1: levels is [1], expected a list of texts"),
        ("[[q1", "Expected"),
    ],
)
def test_a_bad_rubric_is_named(tmp_path, content, message):
    (tmp_path / "r.toml").write_text(content)
    with pytest.raises(ValueError, match=r"r\.toml: ") as caught:
        rubric.read("one", tmp_path / "r.toml")
    assert message in str(caught.value)
    assert rubric.read("nowhere") == {}


@pytest.mark.parametrize("name", spec.names())
def test_the_rubrics_say_what_the_page_for_instructors_says(name):
    page = (ROOT / "book/instructors/assign-and-grade.md").read_text(encoding="utf-8")
    found = rubric.read(name)
    assert {one.name for one in spec.load(name).questions if one.written_points} == set(found)
    for one in (criterion for criteria in found.values() for criterion in criteria):
        # Where there are two, the page says of the first which it belongs to.
        head = rf"\| \*\*{re.escape(one.name)}\*\*( \(record\))? \| "
        assert re.search(head + re.escape(" | ".join(one.levels)) + r" \|", page), one.name


# The page -------------------------------------------------------------------------------------

CRITERIA = (Criterion("numbers", ("none", "some", "all")),)
HOSTILE = "<script>document.title = 'owned'</script><img src=x onerror=\"document.title='owned'\">"


def made(*shown: Shown) -> str:
    return marking.page(ONE, [Marked(ASKED, CRITERIA, shown)])


def person(student: str, said: str = "A memo.", given: str = "") -> Shown:
    return Shown(student, said, "", f"{student}/one.ipynb", student, given)


@given(st.text(max_size=60), st.text(max_size=200))
def test_whatever_a_student_writes_is_text(student, said):
    page = made(person(student, f"{HOSTILE}{said}"))
    assert page.count("<script>") == 1 and "<img" not in page
    assert "&lt;script&gt;document.title" in page


def test_the_page_asks_nothing_of_anybody():
    page = made(person("Ada"))
    assert "default-src &#39;none&#39;" in page
    assert not re.findall(r"(?:src|href)=|https?://|@import|url\(", page)


@pytest.fixture
def desk(browser, tmp_path, request):
    """Open a page of six students; what it says, asks for and downloads is seen."""
    students = ("Ada Lovelace", "Alan; Turing", 'Grace "H" Hopper', "José Muñoz", "Li Wei", "'=1+1")
    (tmp_path / "marking.html").write_text(
        made(*(person(one, f"{one}\n\n{HOSTILE}") for one in students)), encoding="utf-8"
    )
    # Only axe comes in from outside.
    strict = "everybody_can_read" not in request.node.name
    options = {"accept_downloads": True, "bypass_csp": not strict}
    with at_home(browser, tmp_path / "profile", **options) as context:
        asked: list[str] = []
        context.on("request", lambda request: asked.append(request.url))
        page = context.new_page()
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto((tmp_path / "marking.html").as_uri())
        yield SimpleNamespace(page=page, students=students, folder=tmp_path, context=context)
        assert errors == []
        assert {url.split(":")[0] for url in asked} <= {"file", "blob"}
        assert page.title() == "One & two: marking"


def saved(desk) -> list[list[str]]:
    with desk.page.expect_download() as download:
        desk.page.get_by_role("button", name="Save marks.csv").click()
    assert download.value.suggested_filename == "marks.csv"
    download.value.save_as(desk.folder / "marks.csv")
    with (desk.folder / "marks.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def test_a_class_is_marked_by_keyboard_and_the_grader_reads_it(desk):
    page = desk.page
    page.get_by_label("Points").first.focus()
    for typed in ("6", "4,5", "0"):
        page.keyboard.type(typed)
        page.keyboard.press("Enter")
    assert page.locator("#progress").inner_text() == "3 of 6 marked, not saved yet"
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("1")
    lines = saved(desk)
    assert lines == [
        ["student", "question", "points"],
        ["Ada Lovelace", "q1", "6"],
        ["Alan; Turing", "q1", "4.5"],
        ['Grace "H" Hopper', "q1", "1"],
    ]
    assert page.locator("#progress").inner_text() == "3 of 6 marked, saved"
    read = sheet.read_written(desk.folder / "marks.csv", ONE)
    assert read['Grace "H" Hopper'] == {"q1": 1.0}


def test_a_file_is_loaded_and_what_is_not_about_the_page_is_kept(desk):
    content = "Student;Question;Points\r\nJosé Muñoz;q1;2,5\r\nSomebody else;q1;3\r\n"
    (desk.folder / "old.csv").write_text(content, encoding="utf-8-sig")
    desk.page.locator("#load").set_input_files(desk.folder / "old.csv")
    desk.page.get_by_text("1 rows are not about this page").wait_for()
    assert saved(desk)[1:] == [["Somebody else", "q1", "3"], ["José Muñoz", "q1", "2.5"]]
    (desk.folder / "no.csv").write_text("a,b\n1,2\n")
    desk.page.locator("#load").set_input_files(desk.folder / "no.csv")
    desk.page.get_by_text("This is no marks.csv").wait_for()
    assert saved(desk)[1:] == [["Somebody else", "q1", "3"], ["José Muñoz", "q1", "2.5"]]


@pytest.mark.parametrize("typed", ["7", "-1", "x", "1e0", "1,5,5"])
def test_what_are_no_points_is_said_and_not_saved(desk, typed):
    field = desk.page.get_by_label("Points").first
    field.fill(typed)
    assert field.get_attribute("aria-invalid") == "true"
    assert "expected a number from 0" in desk.page.locator("#said").inner_text()
    desk.page.get_by_role("button", name="Save marks.csv").click()
    assert desk.page.evaluate("document.activeElement.value") == typed


def test_what_is_not_saved_is_kept_and_leaving_asks_first(desk):
    page = desk.page
    page.get_by_label("Points").nth(1).click()
    page.keyboard.type("3")
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.reload()
    assert asked == ["beforeunload"]
    assert page.get_by_label("Points").nth(1).input_value() == "3"
    assert page.locator("#progress").inner_text() == "1 of 6 marked, not saved yet"
    saved(desk)
    page.reload()
    assert asked == ["beforeunload"], "what is saved asks nothing"
    assert page.locator("#progress").inner_text() == "0 of 6 marked", (
        "and is kept in the file alone"
    )


def test_without_storage_it_works_too(desk):
    desk.context.add_init_script(
        "Object.defineProperty(window, 'localStorage', { get() { throw new Error('blocked'); } });"
    )
    desk.page.reload()
    desk.page.get_by_label("Points").first.fill("2")
    assert saved(desk)[1:] == [["Ada Lovelace", "q1", "2"]]


def test_only_those_not_marked_yet(desk):
    desk.page.get_by_label("Points").first.fill("2")
    desk.page.get_by_label("only those not marked yet").check()
    assert desk.page.get_by_role("article").count() == 5


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everybody_can_read_it(desk, scheme):
    desk.page.emulate_media(color_scheme=scheme)
    desk.page.get_by_label("Points").first.fill("9")
    assert violations(desk, scheme) == []


def test_it_fits_a_phone(desk):
    desk.page.set_viewport_size({"width": 360, "height": 740})
    assert desk.page.evaluate("document.documentElement.scrollWidth") <= 360


# The command ----------------------------------------------------------------------------------


def handed_in(folder, student: str, memo: str) -> None:
    whole = json.loads((ROOT / "exercises/objectives/objectives.ipynb").read_bytes())
    for cell in whole["cells"]:
        if "".join(cell["source"]) == PROMPT:
            cell["source"] = memo
    (folder / student).mkdir(parents=True)
    (folder / student / "objectives.ipynb").write_text(json.dumps(whole), encoding="utf-8")


def test_a_class_from_what_it_handed_in_to_a_page(tmp_path, capsys):
    folder = tmp_path / "in"
    handed_in(folder, "Ada Lovelace", f"Ada's memo. {HOSTILE}")
    handed_in(folder, "Grace Hopper", "Grace's memo.")
    (folder / "Bob Smith").mkdir()
    (folder / "Bob Smith" / "memo.pdf").write_bytes(b"%PDF")
    (tmp_path / "marks.csv").write_text(
        "student,question,points\nLOVELACE; Ada,q6,5\nX,q6,1\n".replace(";", "")
    )
    (tmp_path / "roster.csv").write_text("student\nAda Lovelace\nGrace Hopper\nBob Smith\n")
    out = tmp_path / "page.html"
    base = [str(folder), "--assignment", "objectives", "--out", str(out)]
    base += ["--roster", str(tmp_path / "roster.csv")]
    assert marking.main(base) == 0
    page = out.read_text(encoding="utf-8")
    assert page.count("<article") == 3 and "Ada&#39;s memo. &lt;script" in page
    assert "the notebook could not be read: memo.pdf: no notebook" in page
    assert "who gives up" not in page and "guardrail" in page
    (tmp_path / "marks.csv").write_text("student,question,points\nada LOVELACE,q6,5\nX,q6,1\n")
    assert marking.main([*base, "--written", str(tmp_path / "marks.csv")]) == 1
    assert 'data-student="Ada Lovelace" data-question="q6" data-most="6" value="5"' in (
        out.read_text(encoding="utf-8")
    )
    assert "marks for nobody here: X" in capsys.readouterr().out
    assert marking.main([*base[:1], "--assignment", "nothing"]) == 2
    assert marking.main([str(tmp_path / "nowhere"), *base[1:]]) == 2
    assert "Traceback" not in capsys.readouterr().err


def test_the_prompt_is_the_one_that_the_build_knows():
    assert build._PROMPT == PROMPT
