"""Predict, act, observe: what a reader commits to, by keyboard alone, and what is remembered."""

import pytest

from tests.site import book
from tests.site.axe import violations

HIDDEN = {"question": True, "outcome": False, "controls": False, "verdict": ""}
OPEN = {"question": False, "outcome": True, "controls": True, "verdict": ""}


def test_the_outcome_waits_for_a_prediction(tour, asking_page):
    story = tour.story
    for lab in book.asking(asking_page):
        assert lab.data["question"]["text"] in story["legend"][lab.name]
        assert story["at first"][lab.name] == HIDDEN
        # An empty prediction is refused.
        assert story["alert"][lab.name].endswith("or skip.")
        assert story["refused"][lab.name] == HIDDEN


def test_a_prediction_is_judged_and_the_verdict_follows_the_controls(tour, asking_page):
    story = tour.story
    for lab in book.asking(asking_page):
        seen = story["judged"][lab.name]
        assert seen["verdict"].startswith("You predicted ")
        assert seen == {**OPEN, "verdict": seen["verdict"]}
        assert story["focus"][lab.name] == "ll-sentence"
        assert len(story["verdicts"][lab.name]) > 1


def test_a_prediction_is_remembered_asked_for_again_and_skipped(tour, asking_page):
    story = tour.story
    for lab in book.asking(asking_page):
        assert story["remembered"][lab.name] == story["judged"][lab.name]
        assert story["focus in form"][lab.name]
        assert story["asked again"][lab.name] == HIDDEN
        assert story["skipped"][lab.name] == OPEN
        assert story["skip remembered"][lab.name] == OPEN
    assert tour.fit.errors == ()


def test_axe_finds_nothing_in_question_refusal_and_verdict(tour, asking_page):
    assert tour.axe == {"refused": []}
    # The whole page, with every verdict on it.
    assert all(seen["verdict"] for seen in tour.story["judged"].values())
    assert tour.fit.axe == []


def test_verdict_and_refusal_stand_out_in_the_dark(visit):
    """Their colours are the same in every lab."""
    (asked, *_) = book.asking()
    reader = visit(asked.page, color_scheme="dark")
    reader.press(reader.button(asked, "Commit"), "Enter")
    assert violations(reader, "dark", asked.selector) == []
    reader.answer(asked)
    assert violations(reader, "dark", asked.selector) == []


@pytest.mark.parametrize("stored", ['"gone"', "{}", "not json", "[1]", "true", ""])
def test_what_is_remembered_of_an_older_question_harms_nothing(visit, stored):
    (asked, *_) = book.asking()
    reader = visit(asked.page)
    remember = "([key, text]) => localStorage.setItem(key, text)"
    reader.page.evaluate(remember, [f"launchlab:{asked.name}", stored])
    reader.page.reload()
    section = reader.open(asked)
    assert not section.locator(".ll-verdict").is_visible()
    assert reader.errors == []


def test_a_browser_that_stores_nothing_still_predicts(visit):
    (asked, *_) = book.asking()
    reader = visit(asked.page)
    refuse = "Object.defineProperty(window, 'localStorage', { get() { throw new Error('no'); } })"
    reader.context.add_init_script(refuse)
    reader.page.reload()
    reader.answer(asked)
    assert reader.section(asked).locator(".ll-verdict").is_visible()
