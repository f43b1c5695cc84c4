"""The ledger: what a browser kept is told, taken along as a file, erased, and brought back."""

import json
import re

import pytest

from tests.site import axe, book
from tests.site.looks import PHONE

PAGE = "book/ledger.html"
KEYS = ("launchlab:predictions", "launchlab:decisions", "launchlab:drill")
TICKET = {"seed": 17, "answers": {"happened": "Minutes became seconds."}}
WORDS = "I ship the small one,\nbecause <b>it</b> answers in time."


@pytest.fixture
def record_page() -> str:
    """A chapter with a decision record."""
    (page, *_) = [one for one in book.pages() if 'class="ll-ticket ll-record' in book.text(one)]
    return page


def ask_kept(page) -> dict[str, object]:
    read = "keys => keys.map(key => JSON.parse(localStorage.getItem(key)))"
    return dict(zip(KEYS, page.evaluate(read, list(KEYS)), strict=True))


@pytest.fixture
def full(visit, record_page):
    """A reader at their ledger, who has predicted, decided, and held a post-mortem."""
    (asked, *_) = book.asking()
    reader = visit(asked.page)
    page = reader.page
    reader.section(asked).get_by_label("fairly sure").check()
    reader.answer(asked)
    page.goto(reader.address + record_page)
    page.get_by_label("Yours, in your words").first.fill(WORDS)
    store = json.dumps({"schema": 1, "tickets": [TICKET]})
    page.evaluate("([key, text]) => localStorage.setItem(key, text)", [KEYS[2], store])
    page.goto(reader.address + PAGE)
    page.locator(".ll-ledger-bar").wait_for()
    return reader


def said(page) -> str:
    return page.locator(".ll-ledger [role=status]").inner_text()


def load(page, name, text) -> None:
    """Bring a file back."""
    file = {"name": name, "mimeType": "application/json", "buffer": text.encode()}
    before = said(page)
    page.get_by_label("Bring back a file").set_input_files(file)
    page.wait_for_function(
        "before => document.querySelector('.ll-ledger [role=status]').textContent !== before",
        arg=before,
    )


def save(page) -> str:
    """Save as a file, by keyboard."""
    with page.expect_download() as coming:
        page.get_by_role("button", name="Save as a file").press("Enter")
    assert re.fullmatch(r"ledger-\d{4}-\d\d-\d\d\.json", coming.value.suggested_filename)
    return coming.value.path().read_text(encoding="utf-8")


def erase(page) -> None:
    before = ask_kept(page)
    page.get_by_role("button", name="Erase all of it").press("Enter")
    assert ask_kept(page) == before, "the first press erases nothing"
    page.get_by_role("button", name="Really erase? Press once more").press("Enter")


def test_it_tells_what_was_predicted_decided_and_written_down(full):
    text = full.page.locator(".ll-ledger").inner_text()
    (asked, *_) = book.asking()
    question = asked.data["question"]["text"]
    assert question[0].upper() + question[1:] in text
    assert "(fairly sure)" in text
    assert re.search(r"fairly sure\s+[01] of 1\s+somewhere from \d+ to \d+ %", text)
    assert WORDS in text, "as it was written, and no HTML of it"
    for part in ("Friday evening 17", "What happened?", "Minutes became seconds."):
        assert part in text
    link = full.page.locator(".ll-ledger-list a").first
    link.press("Enter")
    full.page.wait_for_url(f"**/{asked.page}{asked.selector}")
    assert full.errors == []


def test_it_is_saved_erased_and_brought_back(full):
    page, before = full.page, ask_kept(full.page)
    text, shown = save(page), page.locator(".ll-ledger-body").inner_html()
    erase(page)
    assert said(page) == "Erased. This browser keeps nothing of it."
    assert ask_kept(page) == dict.fromkeys(KEYS)
    assert "Nothing yet" in page.locator(".ll-ledger-body").inner_text()
    load(page, "ledger.json", text)
    assert said(page) == "Brought back: 1 prediction, 1 decision, 1 post-mortem."
    assert ask_kept(page) == before
    assert page.locator(".ll-ledger-body").inner_html() == shown
    load(page, "again.json", "{}")
    load(page, "ledger.json", text)
    assert ask_kept(page) == before, "nothing is there twice"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("no ledger", "This is no ledger: the file is not JSON."),
        ("[]", "This is no ledger of this book."),
        ('{"format": "launchlab-ledger", "schema": 1}', "This is no ledger of this book."),
        ('{"format": "launchlab-ledger", "schema": 2, "kept": {}}', "A later edition of the book"),
        (
            json.dumps({"format": "launchlab-ledger", "schema": 1, "kept": {KEYS[0]: [1]}}),
            "The file's predictions cannot be read.",
        ),
    ],
)
def test_a_file_that_cannot_be_read_changes_nothing(full, text, why):
    before = ask_kept(full.page)
    load(full.page, "broken.json", text)
    assert said(full.page).startswith(why)
    assert said(full.page).endswith("Nothing was changed.")
    assert ask_kept(full.page) == before


def test_records_that_are_broken_or_of_another_edition_are_left_alone(full):
    page = full.page
    broken = {"schema": 1, "predictions": {"one": 1, "two": {"said": 3}}}
    later = {"schema": 9, "decisions": {"a/b#1": {"text": "later"}}}
    for key, store in zip(KEYS, (broken, later), strict=False):
        write = "([key, text]) => localStorage.setItem(key, text)"
        page.evaluate(write, [key, json.dumps(store)])
    page.reload()
    assert page.locator(".ll-ledger-body").inner_text().count("Nothing yet") == 2
    assert ask_kept(page)[KEYS[1]] == later
    assert full.errors == []


def test_a_decision_is_there_when_its_page_is_opened_again_and_gone_when_emptied(sit, record_page):
    page = sit(record_page).page
    page.get_by_label("Yours, in your words").first.fill("Wait.")
    page.reload()
    field = page.get_by_label("Yours, in your words").first
    assert field.input_value() == "Wait."
    field.fill("")
    assert ask_kept(page)[KEYS[1]] == {"schema": 1, "decisions": {}}
    assert page.locator(".ll-yours a").first.get_attribute("href").endswith("ledger.html")


def test_where_nothing_can_be_stored_it_is_said(visit, record_page):
    reader = visit(record_page)
    reader.context.add_init_script("Storage.prototype.setItem = () => { throw new Error('full'); }")
    reader.page.reload()
    reader.page.get_by_label("Yours, in your words").first.fill("Wait.")
    assert (
        "copy it before you leave"
        in reader.page.locator(".ll-yours [role=status]").first.inner_text()
    )


def test_everybody_can_read_it_on_a_phone_and_in_the_dark(full):
    page = full.page
    assert axe.violations(full, "light") == []
    page.set_viewport_size(PHONE)
    wide = "() => document.documentElement.scrollWidth > document.documentElement.clientWidth + 1"
    assert not page.evaluate(wide)
    page.emulate_media(color_scheme="dark")
    page.reload()
    page.locator(".ll-ledger-bar").wait_for()
    assert axe.violations(full, "dark") == []
    page.emulate_media(media="print")
    assert not page.locator(".ll-ledger-bar").is_visible()


def test_without_a_script_it_says_what_it_needs(plain_desk):
    with plain_desk.sit(PAGE) as reader:
        assert "needs JavaScript" in reader.page.locator(".ll-ledger").inner_text()
