"""Predict, act, observe: what a reader commits to, by keyboard alone, and what is remembered."""

import pytest

from tests.site import book
from tests.site.axe import violations
from tests.site.visit import Visit


@pytest.fixture(scope="module")
def story(browser, address, asking_page):
    """What one reader of a page meets: asked, refused, judged, remembered, asked again, skipping.

    One visit for all labs of the page, for loading it is most of what each step costs.
    """
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(15_000)
    yield tell(Visit(context, address, asking_page), asking(asking_page))
    context.close()


def asking(page):
    return [lab for lab in book.labs(page) if lab.data["question"]]


def tell(reader, labs):
    """Live through it; return what was seen at each step, by lab, and what axe found."""
    found = {"axe": {}}

    def look(when, what):
        found[when] = {lab.name: what(lab, reader.section(lab)) for lab in labs}

    def parts(_lab, section):
        question, verdict = section.locator(".ll-question"), section.locator(".ll-verdict")
        return {
            "question": question.count() == 1 and question.is_visible(),
            "outcome": section.locator(".ll-outcome").is_visible(),
            "controls": section.locator(".ll-controls").is_visible(),
            "verdict": verdict.inner_text() if verdict.is_visible() else "",
        }

    def refuse(lab, section):
        reader.press(reader.button(lab, "Commit"), "Enter")
        return section.get_by_role("alert").inner_text()

    def answer(lab, section):
        reader.answer(lab)
        return reader.page.evaluate("document.activeElement.className")

    def verdicts(lab, section):
        words = set()
        for control in lab.data["controls"]:
            for end in (0, 1):
                reader.move(lab, control, end)
                words.add(section.locator(".ll-verdict").inner_text())
        return words

    def again(lab, section):
        reader.press(reader.button(lab, "Predict again"), "Enter")
        return reader.page.evaluate("document.activeElement.closest('form') !== null")

    def skip(lab, section):
        reader.press(reader.button(lab, "Skip"), "Enter")

    def reload():
        # Straight to the page: the address has followed the controls.
        reader.page.goto(reader.page.url.split("?")[0])
        for lab in labs:
            reader.wait(lab)

    for lab in labs:
        reader.section(lab).scroll_into_view_if_needed()
    look("at first", parts)
    look("legend", lambda _, section: section.locator("legend").inner_text())
    look("alert", refuse)
    look("refused", parts)
    found["axe"]["refused"] = violations(reader, "light", ".launchlab")
    look("focus", answer)
    look("judged", parts)
    found["axe"]["judged"] = violations(reader, "light", ".launchlab")
    reload()
    look("remembered", parts)
    look("verdicts", verdicts)
    look("focus in form", again)
    look("asked again", parts)
    look("skip", skip)
    look("skipped", parts)
    reload()
    look("skip remembered", parts)
    found["errors"] = reader.errors
    return found


HIDDEN = {"question": True, "outcome": False, "controls": False, "verdict": ""}
OPEN = {"question": False, "outcome": True, "controls": True, "verdict": ""}


def test_the_outcome_waits_for_a_prediction(story, asking_page):
    for lab in asking(asking_page):
        assert lab.data["question"]["text"] in story["legend"][lab.name]
        assert story["at first"][lab.name] == HIDDEN
        # An empty prediction is refused.
        assert story["alert"][lab.name].endswith("or skip.")
        assert story["refused"][lab.name] == HIDDEN


def test_a_prediction_is_judged_and_the_verdict_follows_the_controls(story, asking_page):
    for lab in asking(asking_page):
        seen = story["judged"][lab.name]
        assert seen["verdict"].startswith("You predicted ")
        assert seen == {**OPEN, "verdict": seen["verdict"]}
        assert story["focus"][lab.name] == "ll-sentence"
        assert len(story["verdicts"][lab.name]) > 1


def test_a_prediction_is_remembered_asked_for_again_and_skipped(story, asking_page):
    for lab in asking(asking_page):
        assert story["remembered"][lab.name] == story["judged"][lab.name]
        assert story["focus in form"][lab.name]
        assert story["asked again"][lab.name] == HIDDEN
        assert story["skipped"][lab.name] == OPEN
        assert story["skip remembered"][lab.name] == OPEN
    assert story["errors"] == []


def test_axe_finds_nothing_in_question_refusal_and_verdict(story):
    assert story["axe"] == {"refused": [], "judged": []}


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
