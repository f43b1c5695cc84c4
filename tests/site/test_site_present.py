"""Presenting a chapter: one thing at a time, by keys, and back to where one was."""

import pytest

from tests.seed import has_turn
from tests.site import axe, book

HERE = ".ll-present-bar span"
# What can be seen of the page beside the bar: texts and pictures with a size.
VISIBLE = """() => [...document.querySelectorAll(
    'article.bd-article :is(h1, h2, p, svg, .launchlab, .ll-claim, .ll-exercise)')]
  .filter(one => one.offsetParent !== null || one.getClientRects().length > 0).length"""
WIDER = "() => document.documentElement.scrollWidth > document.documentElement.clientWidth + 1"
CHAPTERS = [page for page in book.pages() if "ll-scene" in book.text(page)] or [None]


@pytest.fixture
def chapter() -> str:
    """A chapter with a lab, a claim and an exercise."""
    marks = ('class="launchlab', '<details class="ll-claim"', "ll-exercise")
    (page, *_) = [one for one in CHAPTERS if all(mark in book.text(one) for mark in marks)]
    return page


def begin(page) -> int:
    """Begin by keyboard; how many things will be shown."""
    page.locator(".ll-present-button:visible").focus()
    page.keyboard.press("Enter")
    return int(page.locator(HERE).inner_text().split(" of ")[1])


@pytest.mark.parametrize("path", CHAPTERS)
def test_every_chapter_is_shown_one_thing_at_a_time(sit, path):
    if not has_turn(CHAPTERS.index(path), 3):
        pytest.skip("a third of the chapters a day: one script shows them all")
    page = sit(path).page
    whole = page.evaluate(VISIBLE)
    many = begin(page)
    seen = []
    for place in range(many):
        assert page.locator(HERE).inner_text() == f"{place + 1} of {many}"
        seen.append(page.evaluate(VISIBLE))
        assert not page.evaluate(WIDER), f"{place + 1} is wider than the screen"
        page.keyboard.press("ArrowRight")
    assert min(seen) > 0, f"nothing is seen at {seen.index(0) + 1}"
    assert max(seen) < whole
    for kind in ("h1", ".launchlab", ".ll-claim", ".ll-drawing", ".ll-exercise"):
        assert page.locator(f"article {kind}").count() <= many
    page.keyboard.press("Escape")
    assert page.evaluate(VISIBLE) == whole
    assert page.locator(".ll-present-bar").count() == 0


def test_keys_of_a_field_stay_the_fields(sit, chapter):
    page = sit(chapter).page
    many = begin(page)
    for key, place in (("End", many), ("PageDown", many), ("ArrowLeft", many - 1), ("Home", 1)):
        page.keyboard.press(key)
        assert page.locator(HERE).inner_text() == f"{place} of {many}"
    fields = page.locator("article .launchlab input:visible")
    for _ in range(many):
        if not fields.count():
            page.keyboard.press(" ")
    assert fields.count(), "no lab asks anything"
    told = page.locator(HERE).inner_text()
    fields.first.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Home")
    assert page.locator(HERE).inner_text() == told
    page.get_by_role("button", name="Next").click()
    assert page.locator(HERE).inner_text() != told


def test_it_ends_where_it_was_and_begins_there_again(sit, chapter):
    page = sit(chapter).page
    begin(page)
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    told = page.locator(HERE).inner_text()
    page.get_by_role("button", name="Leave").click()
    assert page.evaluate("window.scrollY") > 0
    assert page.evaluate("document.activeElement.classList.contains('ll-present-button')")
    page.keyboard.press("Enter")
    assert page.locator(HERE).inner_text() in (told, told.replace("5 of", "4 of"))


def test_an_address_begins_it(sit, chapter):
    page = sit(f"{chapter}#present").page
    page.locator(HERE).wait_for()
    assert page.locator(HERE).inner_text().startswith("1 of ")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everybody_can_follow_it(visit, chapter, scheme):
    reader = visit(chapter, bypass_csp=True, color_scheme=scheme)
    many = begin(reader.page)
    for _ in range(min(many, 6)):
        assert axe.violations(reader, scheme) == []
        reader.page.keyboard.press("ArrowRight")
