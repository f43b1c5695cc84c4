"""How a class did: numbers that hold for any class, and a page that names nobody."""

import random
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coursework import items, report, sheet, spec, tables
from coursework.decisions import Decision
from coursework.marks import LOOK, Mark, Result
from coursework.spec import Assignment, Probe, Question
from tests.site.axe import violations
from tests.site.visit import browsing

ONE = Assignment(
    "one",
    "One <& two>",
    (
        Question("q1", "Easy", 5, (Probe("x", 2, "x"),)),
        Question("q2", "Hard", 5, (Probe("y", 4, "y"),), written_points=6),
    ),
)
STATUSES = st.sampled_from(["graded", *LOOK, "missing"])
MARKS = st.tuples(st.sampled_from([0.0, 2.0]), st.sampled_from([0.0, 4.0]), STATUSES)


def table(*marks: tuple[float, float, str], written=None) -> list[dict[str, str]]:
    results = [
        Result(f"Student {place}", status, "", (Mark("q1", "x", a, 2), Mark("q2", "y", b, 4)))
        for place, (a, b, status) in enumerate(marks)
    ]
    return sheet.rows(results, ONE, written or {})


@given(st.lists(MARKS, max_size=30))
def test_a_zero_that_nobody_decided_says_nothing_about_a_question(marks):
    found = items.about(table(*marks), ONE)
    graded = [(a, b) for a, b, status in marks if status == "graded"]
    easy, hard, memo = found.items
    assert (easy.students, memo.students) == (len(graded), 0)
    assert (memo.name, memo.points, memo.difficulty) == ("q2, written", 6, None)
    if graded:
        assert easy.difficulty == pytest.approx(sum(a for a, _ in graded) / 2 / len(graded))
        assert (hard.full, hard.none) == (
            sum(b == 4 for _, b in graded),
            sum(b == 0 for _, b in graded),
        )
    assert sum(found.statuses.values()) == len(marks)
    assert found.scores == (), "no memo is marked"
    assert found.waiting == sum(status != "missing" for *_, status in marks)


@given(st.lists(st.tuples(st.floats(0, 9), st.floats(0, 9)), max_size=40))
def test_a_correlation_is_one_or_none(pairs):
    one, other = [a for a, _ in pairs], [b for _, b in pairs]
    found = items.correlation(one, other)
    assert found is None or -1.000001 <= found <= 1.000001
    assert items.correlation(one, [3.0] * len(one)) is None
    same = items.correlation(one, one)
    assert same is None or same == pytest.approx(1)


def test_a_question_that_tells_students_apart_is_seen():
    marks = [(2.0, 4.0, "graded")] * 6 + [(0.0, 0.0, "graded")] * 6
    easy, hard, _ = items.about(table(*marks), ONE).items
    assert (easy.discrimination, hard.discrimination) == (pytest.approx(1), pytest.approx(1))
    turned = [(2.0, 0.0, "graded")] * 6 + [(0.0, 4.0, "graded")] * 6
    assert items.about(table(*turned), ONE).items[0].discrimination == pytest.approx(-1)


def test_a_question_is_compared_with_the_rest_and_not_with_itself():
    marks = [(a, b, "graded") for a in (0.0, 2.0) for b in (0.0, 4.0)]
    assert items.about(table(*marks), ONE).items[0].discrimination == pytest.approx(0)


def test_points_decided_for_all_say_nothing_about_where_they_come_from():
    results = [Result("Ada", "crashed", "", (Mark("q1", "x", 0, 2),)), Result("Bob", "graded")]
    for points, count in ((9.0, 1), (None, 2)):
        decided = {"Ada": {"all": Decision("Ada", "all", points, "why", "N.N.")}}
        rows = sheet.rows(results, ONE, {}, decided)
        assert items.about(rows, ONE).items[0].students == count


@pytest.fixture
def graded(tmp_path):
    draw = random.Random(7)
    results, written = [], {}
    for place in range(30):
        skill = draw.random()
        marks = (Mark("q1", "x", 2 * (skill > 0.2), 2), Mark("q2", "y", 4 * (skill > 0.6), 4))
        results.append(Result(f"Student {place}", "graded", "", marks, seconds=3 + 9 * skill))
        written[f"Student {place}"] = {"q2": round(6 * skill)}
    results.append(Result("Mallory", "flagged", "the notebook wrote results after the end"))
    sheet.write(tmp_path / "grades.csv", sheet.rows(results, ONE, written))
    (tmp_path / "one.toml").write_text(
        'title = "One <& two>"\n[[questions]]\nname = "q1"\ntitle = "Easy"\nminutes = 5\n'
        '[[questions.probes]]\nexpression = "x"\npoints = 2\nsays = "x"\n'
        '[[questions]]\nname = "q2"\ntitle = "Hard"\nminutes = 5\nwritten_points = 6\n'
        '[[questions.probes]]\nexpression = "y"\npoints = 4\nsays = "y"\n'
    )
    return tmp_path


def written(folder) -> str:
    base = [str(folder / "grades.csv"), "--assignment", "one", "--private", str(folder)]
    assert report.main([*base, "--out", str(folder / "report.html")]) == 0
    return (folder / "report.html").read_text(encoding="utf-8")


def test_a_page_that_names_nobody_and_asks_nothing(graded):
    page = written(graded)
    assert "One &lt;&amp; two&gt;" in page
    assert "30 graded, 1 flagged. Waiting for a person: 1" in page
    assert "30 scores may go out, of 12 points" in page
    assert page.count("<svg") == 2 and page.count("<tr>") == 4
    assert "Student" not in page and "Mallory" not in page
    assert not re.findall(r"<script|<link|@import|url\(|<img", page)
    assert "var(--ll-ink" in page, "the book's colours, in light and dark"
    assert "A notebook took the grader" in page


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everybody_can_read_it_on_a_phone_too(graded, browser, scheme):
    written(graded)
    size = {"width": 360, "height": 740}
    with browsing(browser, viewport=size, color_scheme=scheme, bypass_csp=True) as context:
        page = context.new_page()
        page.goto((graded / "report.html").as_uri())
        assert page.evaluate("document.documentElement.scrollWidth") <= 360

        class Reader:
            pass

        Reader.page = page
        assert violations(Reader, scheme) == []


def test_an_empty_class_and_another_assignments_sheet(graded, capsys):
    lines = [cells for _, cells in tables.grid((graded / "grades.csv").read_bytes())]
    tables.write(graded / "grades.csv", [lines[0], lines[-1]])
    assert "No score may go out yet." in written(graded)
    name = spec.names()[0]
    assert report.main([str(graded / "grades.csv"), "--assignment", name]) == 2
    assert "another assignment?" in capsys.readouterr().err
    assert report.main([str(graded / "no.csv"), "--assignment", name]) == 2
