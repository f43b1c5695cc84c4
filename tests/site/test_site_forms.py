"""What a page does beside its labs: code on a switch, definitions in place, claims, print."""

import json
import re

import pytest

from tests.site import book
from tests.site.looks import PHONE

# What a browser does that blocks a site's data.
BLOCKED = """for (const name of ["localStorage", "sessionStorage"]) {
  Object.defineProperty(window, name, { get() { throw new DOMException("no", "SecurityError"); } });
}"""
SHOWN = ".ll-definition:popover-open"


def pages_with(mark: str) -> list[str]:
    """The pages of the built book whose HTML holds a mark; None, and so a failure, without any."""
    return [page for page in book.pages() if mark in book.text(page)]


@pytest.fixture
def code_page() -> str:
    (page, *_) = pages_with('class="ll-fold ll-code"')
    return page


@pytest.fixture
def term_page() -> str:
    (page, *_) = pages_with(" ll-term")
    return page


@pytest.fixture
def claim_page() -> str:
    (page, *_) = pages_with('<details class="ll-claim"')
    return page


# ---------------------------------------------------------------- charts


EDGES = """lab => [...lab.querySelectorAll('.ll-chart svg .mark-text.role-mark')].map(group => {
  const text = group.querySelector("text"), style = text && getComputedStyle(text);
  return text && [group.classList.contains("on_tint_marks"),
    style.paintOrder.startsWith("stroke") && style.stroke !== "none"];
}).filter(Boolean)"""


@pytest.mark.parametrize("tinted", [False, True])
def test_a_line_stops_short_of_the_letters_of_a_label_but_on_a_tint(visit, tinted):
    name = "eight-gates" if tinted else "how-busy"
    (lab,) = (one for one in book.labs() if one.name == name)
    edges = visit(lab.page).open(lab).evaluate(EDGES)
    assert [tinted, not tinted] in edges
    assert all(on_tint != edged for on_tint, edged in edges)


# ---------------------------------------------------------------- code


def open_folds(page) -> list[bool]:
    found: list[bool] = page.evaluate(
        "() => [...document.querySelectorAll('details.ll-code')].map(one => one.open)"
    )
    return found


def test_one_switch_shows_all_code_and_the_next_page_remembers(visit, code_page):
    page = visit(code_page).page
    switch = page.locator(".ll-code-switch:visible")
    assert not any(open_folds(page))
    switch.focus()
    page.keyboard.press("Enter")
    assert switch.get_attribute("aria-pressed") == "true"
    assert all(open_folds(page))
    page.reload()
    assert all(open_folds(page)), "forgotten"
    page.locator(".ll-code-switch:visible").click()
    assert not any(open_folds(page))
    page.reload()
    assert not any(open_folds(page)), "folding is forgotten"


def test_without_a_script_code_opens_by_hand(plain_desk, code_page):
    with plain_desk.sit(code_page) as reader:
        assert reader.page.locator(".ll-code-switch:visible").count() == 0
        fold = reader.page.locator("details.ll-code").first
        assert not fold.locator("pre").first.is_visible()
        fold.locator("summary").press("Enter")
        assert fold.locator("pre").first.is_visible()


def test_every_cells_code_is_folded_or_open_on_purpose(code_page):
    inputs = re.findall(r'<div class="cell([^"]*)">\s*<div class="cell_input', book.text(code_page))
    assert [one for one in inputs if "tag_open-code" not in one and "ll-solved" not in one] == []


# ---------------------------------------------------------------- definitions


def test_a_term_opens_its_definition_on_hover_and_focus_and_escape_closes_it(visit, term_page):
    page = visit(term_page).page
    term = page.locator("a.ll-term").first
    term.hover()
    page.wait_for_selector(SHOWN)
    meaning = page.locator(SHOWN).inner_text()
    assert meaning.startswith(page.locator(SHOWN).locator("b").inner_text())
    page.mouse.move(1, 1)
    page.wait_for_selector(SHOWN, state="hidden")
    term.focus()
    page.wait_for_selector(SHOWN)
    assert page.locator(SHOWN).inner_text() == meaning
    page.keyboard.press("Escape")
    page.wait_for_selector(SHOWN, state="hidden")
    assert page.evaluate("document.activeElement.classList.contains('ll-term')")


def test_a_definition_stays_while_the_pointer_is_in_it_and_lies_within_the_window(visit, term_page):
    page = visit(term_page).page
    terms = page.locator("a.ll-term")
    for number in range(min(5, terms.count())):
        terms.nth(number).scroll_into_view_if_needed()
        terms.nth(number).hover()
        page.wait_for_selector(SHOWN)
        box, size = page.locator(SHOWN).bounding_box(), page.viewport_size
        assert box and size
        assert box["x"] >= 0 and box["x"] + box["width"] <= size["width"]
        page.locator(SHOWN).hover()
        page.wait_for_timeout(400)  # longer than it would take to close
        assert page.locator(SHOWN).is_visible()
        page.mouse.move(1, 1)
        page.wait_for_selector(SHOWN, state="hidden")


def test_a_finger_opens_a_definition_and_the_page_stays(visit, term_page):
    reader = visit(term_page, viewport=PHONE, has_touch=True)
    before = reader.page.url
    reader.page.locator("a.ll-term").first.tap()
    reader.page.wait_for_selector(SHOWN)
    assert reader.page.url == before
    reader.page.locator(f"{SHOWN} a").tap()
    reader.page.wait_for_url("**/glossary.html#term-*")


def test_without_a_script_a_term_leads_to_the_glossary(plain_desk, term_page):
    with plain_desk.sit(term_page) as reader:
        assert reader.page.locator(".ll-definition:visible").count() == 0
        reader.page.locator("a.ll-term").first.press("Enter")
        reader.page.wait_for_url("**/glossary.html#term-*")


# ---------------------------------------------------------------- claims


def test_a_claim_opens_by_keyboard_without_a_script(plain_desk, claim_page):
    with plain_desk.sit(claim_page) as reader:
        claim = reader.page.locator("details.ll-claim").first
        strip = claim.locator("summary svg")
        assert strip.is_visible()
        assert 50 <= strip.bounding_box()["height"] <= 64
        assert not claim.locator(".ll-more").is_visible()
        claim.locator("summary").press("Enter")
        assert claim.locator(".ll-more svg").is_visible()
        assert "standard error" in claim.locator(".ll-more").inner_text()


@pytest.mark.parametrize("page", pages_with('<details class="ll-claim"') or [None])
def test_what_a_count_is_stands_once_a_page(page):
    assert book.text(page).count('class="ll-caveat"') == 1


@pytest.mark.parametrize("size", [PHONE, {"width": 1280, "height": 900}])
def test_no_word_of_a_strip_sticks_out(visit, claim_page, size):
    reader = visit(claim_page, viewport=size)
    page = reader.page
    page.evaluate("document.querySelectorAll('.ll-claim').forEach(one => { one.open = true; })")
    reader.settle()
    out = page.evaluate(
        """() => [...document.querySelectorAll(".ll-strip text")].filter(text => {
          const at = text.getBoundingClientRect();
          const box = text.ownerSVGElement.getBoundingClientRect();
          return at.left < box.left - 1 || at.right > box.right + 1;
        }).map(text => text.textContent)"""
    )
    assert out == []


# ---------------------------------------------------------------- blocked storage


def test_with_the_sites_data_blocked_theme_search_menu_and_code_still_work(visit, code_page):
    reader = visit("search.html")
    reader.context.add_init_script(BLOCKED)
    page = reader.page
    page.goto(reader.page.url.replace("search.html", code_page))
    theme = "document.documentElement.dataset.theme"
    before = page.evaluate(theme)
    for _ in range(3):  # from automatic to light, to dark
        page.locator("button.theme-switch-button:visible").first.click()
    assert page.evaluate("document.documentElement.dataset.mode")
    assert page.evaluate(theme) != before or page.evaluate(theme) in ("light", "dark")
    page.keyboard.press("Control+k")
    page.wait_for_selector("#pst-search-dialog[open]")
    page.keyboard.press("Escape")
    page.locator(".ll-code-switch:visible").click()
    assert all(open_folds(page))
    page.set_viewport_size(PHONE)
    page.locator("button.primary-toggle:visible").first.click()
    page.wait_for_selector("#pst-primary-sidebar-modal[open]")
    assert [one for one in reader.errors if "SecurityError" in one or one == "no"] == []


# ---------------------------------------------------------------- print


def test_a_page_prints_light_open_and_no_wider_than_the_paper(visit, claim_page):
    reader = visit(claim_page, color_scheme="dark", viewport={"width": 794, "height": 1123})
    page = reader.page
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    page.emulate_media(media="print")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert page.locator("details.ll-claim:not([open])").count() == 0
    ground, ink = page.evaluate(
        """() => [getComputedStyle(document.body).backgroundColor,
                  getComputedStyle(document.querySelector("article p")).color]"""
    )
    assert ground == "rgb(255, 255, 255)"
    assert max(map(int, re.findall(r"\d+", ink)[:3])) < 80
    page.evaluate("document.querySelectorAll('.ll-code').forEach(one => { one.open = true; })")
    wide = page.evaluate(
        """() => [...document.querySelectorAll("article pre")]
          .filter(code => code.scrollWidth > code.clientWidth + 1).map(code => code.textContent)"""
    )
    assert wide == []
    inks = page.evaluate(
        """() => [...document.querySelectorAll("article pre, article pre span")]
          .map(one => getComputedStyle(one).color)"""
    )
    assert set(inks) == {ink}, "code is printed in colours of the dark"
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert page.locator("details.ll-claim[open]").count() == 0
    assert len(page.pdf(format="A4")) > 20_000


# ---------------------------------------------------------------- type


def test_text_is_set_in_the_books_own_type_about_66_characters_wide(visit, code_page):
    reader = visit(code_page)
    page = reader.page
    page.evaluate("document.fonts.ready")
    loaded = page.evaluate(
        """() => [...document.fonts].filter(face => face.status === "loaded")
          .map(face => [face.family.replaceAll('"', ""), face.weight, face.style].join(" "))"""
    )
    assert "Book Serif 400 normal" in loaded
    sizes = {path.name: path.stat().st_size for path in book.BUILT.rglob("book-serif*.woff2")}
    assert sizes and sum(sizes.values()) < 60_000, json.dumps(sizes)
    width = page.evaluate(
        """() => {
          const text = [...document.querySelectorAll("article section > p")]
            .find(one => one.textContent.length > 200);
          const range = document.createRange();
          range.selectNodeContents(text);
          const lines = new Set([...range.getClientRects()].map(box => Math.round(box.bottom / 8)));
          return text.textContent.length / lines.size;
        }"""
    )
    assert 55 <= width <= 72
