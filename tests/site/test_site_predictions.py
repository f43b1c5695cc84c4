"""Predict, act, observe: what a reader commits to, by keyboard alone, and what is remembered."""

import pytest

from tests.site import book
from tests.site.axe import violations


def test_the_outcome_waits_for_a_prediction_and_the_verdict_follows_the_controls(visit, asked):
    reader = visit(asked.page)
    section = reader.section(asked)
    section.scroll_into_view_if_needed()
    assert section.locator(".ll-question").is_visible()
    assert not section.locator(".ll-outcome").is_visible()
    assert not section.locator(".ll-controls").is_visible()
    assert asked.data["question"]["text"] in section.locator("legend").inner_text()

    # An empty prediction is refused.
    reader.press(reader.button(asked, "Commit"), "Enter")
    assert section.get_by_role("alert").inner_text().endswith("or skip.")
    assert not section.locator(".ll-outcome").is_visible()
    assert violations(reader, "light", asked.selector) == []

    reader.answer(asked)
    assert violations(reader, "light", asked.selector) == []
    words = set()
    for control in asked.data["controls"]:
        for end in (0, 1):
            reader.move(asked, control, end)
            words.add(section.locator(".ll-verdict").inner_text())
    assert len(words) > 1


def test_a_prediction_is_judged_remembered_asked_for_again_and_skipped(visit, asked):
    reader = visit(asked.page)
    section = reader.section(asked)
    outcome, verdict = section.locator(".ll-outcome"), section.locator(".ll-verdict")
    reader.answer(asked)
    assert outcome.is_visible()
    words = verdict.inner_text()
    assert words.startswith("You predicted ")
    assert reader.page.evaluate("document.activeElement.className") == "ll-sentence"

    reader.page.reload()
    reader.wait(asked)
    assert section.locator(".ll-question").count() == 0
    assert verdict.inner_text() == words

    reader.press(reader.button(asked, "Predict again"), "Enter")
    assert not outcome.is_visible()
    assert reader.page.evaluate("document.activeElement.closest('form') !== null")
    reader.press(reader.button(asked, "Skip"), "Enter")
    assert outcome.is_visible()
    assert not verdict.is_visible()

    reader.page.reload()
    reader.wait(asked)
    assert section.locator(".ll-question").count() == 0
    assert outcome.is_visible()
    assert not verdict.is_visible()
    assert reader.errors == []


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
