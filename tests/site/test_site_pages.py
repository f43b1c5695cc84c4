"""Every page: nothing from elsewhere, no errors, phones, dark, axe, no script, from a folder."""

import pytest

from tests.seed import has_turn
from tests.site import book
from tests.site.axe import violations
from tests.site.conftest import Once
from tests.site.looks import PHONE, TEXTS, Fit


@pytest.fixture
def fit(look: str, page_path: str, tours: Once, phones: Once) -> Fit:
    """How a page looked in one size of window."""
    found: Fit = phones.of(page_path) if look == "phone" else tours.of(page_path).fit
    return found


in_looks = pytest.mark.parametrize("look", ["phone", "desktop"])


@in_looks
def test_a_page_fits(fit, look):
    assert {when: found for when, found in fit.wide.items() if found} == {}
    assert fit.themes == ["light"] * 3 + ["dark"] * (look == "phone")


@in_looks
def test_no_text_of_a_chart_is_cut_off_and_all_stand_out(fit, page_path):
    assert all(fit.texts.values()) or not book.labs(page_path)
    for when, charts in fit.texts.items():
        for texts in charts:
            shown = [one for one in texts if not one["hidden"]]
            assert shown, when
            assert [one for one in shown if one["out"] > 1] == [], when
            assert [one for one in shown if one["contrast"] < 4.5] == [], when


@in_looks
def test_a_chart_is_as_wide_as_its_place(fit, page_path):
    assert len(fit.widths) == len(book.labs(page_path))
    for name, (chart, place) in fit.widths.items():
        assert abs(chart - place) <= 2, name


@in_looks
def test_axe_finds_nothing(fit):
    assert fit.axe == []


def test_a_page_that_is_opened_in_the_dark_is_dark(visit):
    """From the first paint on; that nothing is lost in the dark is seen on every page above."""
    (lab, *_) = book.labs()
    reader = visit(lab.page, viewport=PHONE, color_scheme="dark")
    assert reader.page.evaluate("document.documentElement.dataset.theme") == "dark"
    reader.open(lab)
    texts = reader.section(lab).locator(".ll-stage svg").evaluate(TEXTS)
    shown = [one for one in texts if not one["hidden"]]
    assert shown
    assert [one for one in shown if one["contrast"] < 4.5] == []
    assert violations(reader, "dark") == []


@in_looks
def test_no_request_leaves_the_site_nothing_fails_and_vega_is_loaded_once(fit, address, page_path):
    inside = (address, "data:", "blob:")
    assert [url for url in fit.requests if not url.startswith(inside)] == []
    assert fit.errors == ()
    assert fit.asked

    asked = [url.rsplit("/", 1)[-1].split("?")[0] for url in fit.asked]
    wanted = int(book.has_charts(page_path))
    assert asked.count("vega.js") == wanted
    assert fit.vega_scripts == wanted
    assert asked.count("launchlab.js") == wanted


def test_the_root_of_the_site_leads_to_the_book(visit, address):
    reader = visit("index.html")
    reader.page.wait_for_url("**/book/index.html")
    assert reader.errors == []
    # Asked for by itself, at a moment of the browser's choice.
    assert reader.page.request.get(f"{address}favicon.ico").ok


def test_the_theme_draws_its_icons_and_searches_no_chart_for_more(visit):
    """Searching each mark that Vega drew took twice as long as drawing it."""
    (lab, *_) = book.labs()
    reader = visit(lab.page)
    reader.open(lab)
    assert reader.page.locator("svg.svg-inline--fa").count() > 0
    reader.page.evaluate(
        """() => {
          const icon = document.createElement("i");
          icon.className = "fa-solid fa-xmark planted";
          document.querySelector("main").append(icon);
        }"""
    )
    reader.settle()
    assert reader.page.locator("i.planted").count() == 1


# ---------------------------------------------------------------- without JavaScript


def test_without_javascript_labs_and_charts_are_pictures_sentences_and_tables(
    plain_desk, page_path
):
    with plain_desk.sit(page_path) as reader:
        for lab in book.labs(page_path):
            section = reader.section(lab)
            picture = section.locator(".ll-chart svg")
            assert picture.is_visible()
            assert picture.bounding_box()["height"] > 100
            assert len(section.locator(".ll-sentence").inner_text()) > 10
            assert section.locator(".ll-sentence").is_visible()
            assert "need JavaScript" in section.inner_text()
            section.locator(".ll-numbers summary").click()
            assert section.locator("table").is_visible()
            assert section.locator("tbody tr").count() > 0
            assert section.locator("input, select, button, form").count() == 0
        for answer in reader.page.locator("details.ll-answer > summary").all():
            answer.click()
        for picture in reader.page.locator("figure.ll-plain").all():
            assert picture.locator("svg").is_visible()
            assert picture.locator("[role=img]").get_attribute("aria-label")


# ---------------------------------------------------------------- from a folder


def test_labs_work_from_a_folder_without_a_server(folder_desk, page_path):
    labs = book.labs(page_path)
    if not labs:
        return  # a page without a lab is only text and pictures
    if not has_turn(book.pages().index(page_path), 3):
        pytest.skip("a third of the pages a day: what differs from a server is the same on all")
    with folder_desk.sit((book.BUILT / page_path).as_uri()) as reader:
        for lab in labs:
            reader.open(lab)
            (control, *_) = lab.data["controls"]
            seen = []
            for end in (0, 1):
                reader.move(lab, control, end)
                seen.append(reader.seen(lab))
            assert seen[0].chart != seen[1].chart
            assert seen[0].sentence != seen[1].sentence
