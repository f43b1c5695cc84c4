"""Predict, act, observe: what a reader commits to, by keyboard alone, and what is remembered."""

import json
from contextlib import contextmanager

import pytest

from launchlab.lab.lives import prediction
from tests.site import book
from tests.site.axe import violations
from tests.site.visit import browsing

HIDDEN = {"question": True, "outcome": False, "controls": False, "verdict": "", "reflect": False}
OPEN = {"question": False, "outcome": True, "controls": True, "verdict": "", "reflect": True}


def test_the_outcome_waits_for_a_prediction(tour, asking_page):
    story = tour.story
    for lab in book.asking(asking_page):
        assert lab.data["question"]["text"] in story["legend"][lab.name]
        assert story["at first"][lab.name] == HIDDEN
        # An empty prediction is refused.
        assert story["alert"][lab.name].endswith("or skip.")
        assert story["refused"][lab.name] == HIDDEN


def test_a_number_out_of_range_is_refused_with_the_range(tour, asking_page):
    for lab in book.asking(asking_page):
        question, said = lab.data["question"], tour.story["out of range"][lab.name]
        if question["values"]:
            continue
        span = prediction.span(question["low"], question["high"], question["unit"])
        assert f"Write a number from {span}, or skip: {question['high'] + 1} lies" in said


def test_a_prediction_is_judged_once_at_the_setting_that_was_asked_about(tour, asking_page):
    """Whatever control is moved later, and whatever preset pressed."""
    story = tour.story
    for lab in book.asking(asking_page):
        seen, asked = story["judged"][lab.name], lab.data["question"]
        said = asked["values"][0] if asked["values"] else asked["low"]
        verdict = prediction.verdict(prediction.record(asked, said, None))
        assert seen == {**OPEN, "verdict": verdict}
        assert verdict.endswith(f"Asked at: {asked['words']}.")
        assert story["focus"][lab.name] == "ll-sentence"
        assert story["verdicts"][lab.name] == {verdict}
        assert story["moved"][lab.name] == seen


def test_a_verdict_names_its_setting_as_the_controls_do(sit):
    (asked, *_) = [lab for lab in book.asking() if lab.data["question"]["low"] is not None]
    reader = sit(asked.page)
    reader.answer(asked)
    section, shown = reader.section(asked), []
    for control in asked.data["controls"]:
        output = section.locator(f"output[for='{asked.name}-{control['name']}']")
        shown.append(f"{control['label']}: {output.inner_text()}")
    assert section.locator(".ll-verdict").inner_text().endswith(f"Asked at: {'; '.join(shown)}.")


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


KEY = "launchlab:predictions"
STORE = "([key, text]) => localStorage.setItem(key, text)"


def record_of(asked, **changes):
    """What a store holds of the first option, or the lowest number, with some of it changed."""
    question = asked.data["question"]
    said = question["values"][0] if question["values"] else question["low"]
    return {**prediction.record(question, said, "fairly"), **changes}


def stored(reader):
    """What the browser keeps."""
    return json.loads(reader.page.evaluate("key => localStorage.getItem(key)", KEY))


def come_back_with(sit, asked, text):
    """Open a lab's page in a browser that has kept a text of an earlier visit."""
    reader = sit(asked.page)
    reader.page.evaluate(STORE, [KEY, text])
    reader.page.reload()
    reader.section(asked).locator(".ll-front > *").first.wait_for()
    return reader


def test_a_prediction_is_kept_as_a_record_under_one_key(sit):
    (asked, *others) = book.asking()
    (other,) = [lab for lab in others if lab.page == asked.page][:1]
    reader = sit(asked.page)
    reader.section(asked).get_by_label("fairly sure").check()
    reader.answer(asked)
    reader.open(other)  # skipped
    kept = stored(reader)
    assert kept == {
        "schema": prediction.SCHEMA,
        "predictions": {
            asked.name: record_of(asked),
            other.name: prediction.record(other.data["question"], None, None),
        },
    }
    assert "(fairly sure)" in reader.section(asked).locator(".ll-verdict").inner_text()
    reader.press(reader.button(asked, "Predict again"), "Enter")
    assert list(stored(reader)["predictions"]) == [other.name]


@pytest.mark.parametrize(
    "text",
    ['"gone"', "{}", "not json", "[1]", "true", "null", "", '{"schema":1,"predictions":[]}'],
)
def test_a_store_that_is_broken_harms_nothing(sit, text):
    (asked, *_) = book.asking()
    reader = come_back_with(sit, asked, text)
    reader.answer(asked)
    assert reader.section(asked).locator(".ll-verdict").is_visible()
    assert asked.name in stored(reader)["predictions"]
    assert reader.errors == []


@pytest.mark.parametrize(
    "changes",
    [
        {"schema": 0},
        {"question": "Another one?"},
        {"words": "Another: setting"},
        {"truth": -1},
        {"truth": None},
        {"truth": "a word", "said": "a word"},
        {"said": {}},
        {"said": True},
        {"unit": None},
        {"tolerance": "wide"},
        {"sure": "toString"},
    ],
    ids=str,
)
def test_a_record_of_another_question_or_a_broken_one_is_asked_for_again(sit, changes):
    (asked, *_) = book.asking()
    records = {asked.name: record_of(asked, **changes), "gone": record_of(asked, lab="gone")}
    text = json.dumps({"schema": 1, "predictions": records})
    reader = come_back_with(sit, asked, text)
    reader.answer(asked)
    kept = stored(reader)["predictions"]
    assert kept[asked.name] == record_of(asked, sure=None)
    assert kept["gone"] == records["gone"]
    assert reader.errors == []


def test_fields_that_a_later_edition_added_are_left_alone(sit):
    (asked, *_) = book.asking()
    text = json.dumps({"schema": 1, "predictions": {asked.name: record_of(asked, later=[1])}})
    reader = come_back_with(sit, asked, text)
    assert reader.section(asked).locator(".ll-verdict").is_visible()
    assert stored(reader) == json.loads(text)


def test_a_store_of_a_later_schema_is_neither_read_nor_written(sit):
    (asked, *_) = book.asking()
    text = json.dumps({"schema": 2, "predictions": {asked.name: record_of(asked)}})
    reader = come_back_with(sit, asked, text)
    reader.answer(asked)
    assert reader.section(asked).locator(".ll-verdict").is_visible()
    assert stored(reader) == json.loads(text)
    assert reader.errors == []


REFUSE = "Object.defineProperty(window, 'localStorage', { get() { throw new Error('no'); } })"
FULL = "Storage.prototype.setItem = () => { throw new Error('full'); }"


@pytest.mark.parametrize("script", [REFUSE, FULL], ids=["refuses", "full"])
def test_a_browser_that_stores_nothing_still_predicts(visit, script):
    (asked, *_) = book.asking()
    reader = visit(asked.page)
    reader.context.add_init_script(script)
    reader.page.reload()
    reader.answer(asked)
    verdict = reader.section(asked).locator(".ll-verdict")
    assert verdict.is_visible()
    reader.press(reader.button(asked, "Predict again"), "Enter")
    reader.answer(asked)
    assert verdict.is_visible()


# ---------------------------------------------------------------- a slow line


@contextmanager
def without_script(browser, address, asked, answer):
    """A page whose script is on its way: ``answer`` gets the request for it."""
    with browsing(browser) as context:
        page = context.new_page()
        page.route("**/launchlab/launchlab.js*", answer)
        page.goto(address + asked.page, wait_until="commit")
        # All of the page is there, and the scripts that wait for that are next.
        page.wait_for_function("document.readyState !== 'loading'")
        yield page


def test_the_question_stands_before_its_outcome_while_the_script_is_on_its_way(browser, address):
    (asked, *_) = book.asking()
    held = []
    with without_script(browser, address, asked, lambda route: held.append(route)) as page:
        outcomes = page.locator("section[data-asks] .ll-outcome")
        assert outcomes.count() == len(book.asking(asked.page))
        # However long it takes: all that is timed has come to its end.
        page.evaluate("document.getAnimations().forEach(one => one.finish())")
        assert page.locator(f"{asked.selector} .ll-waiting").is_visible()
        assert not any(one.is_visible() for one in outcomes.all())
        held[0].continue_()
        page.locator(f"{asked.selector} form.ll-question").wait_for()
        assert page.locator(".ll-waiting").count() == 0
        assert not any(one.is_visible() for one in outcomes.all())


@pytest.mark.parametrize("body", [None, "not a script", "throw new Error('old browser')"], ids=str)
def test_an_outcome_shows_where_the_script_never_comes_or_cannot_run(browser, address, body):
    (asked, *_) = book.asking()

    def answer(route):
        if body is None:
            route.abort()
        else:
            route.fulfill(body=body, content_type="text/javascript")

    with without_script(browser, address, asked, answer) as page:
        page.locator(f"{asked.selector} .ll-outcome").wait_for()
        assert page.locator(f"{asked.selector} .ll-chart svg").is_visible()


def test_a_lab_that_fails_shows_its_picture_and_harms_no_other(visit):
    (asked, other, *_) = book.asking()
    assert asked.page == other.page
    reader = visit(asked.page)
    spoil = """selector => addEventListener('readystatechange', () => {
      document.querySelector(`${selector} .ll-data`).textContent = '{';
    }, { once: true, capture: true })"""
    reader.context.add_init_script(f"({spoil})({json.dumps(asked.selector)})")
    reader.page.reload()
    assert reader.section(asked).locator(".ll-outcome").is_visible()
    reader.answer(other)
    assert reader.section(other).locator(".ll-verdict").is_visible()
    assert len(reader.errors) == 1
