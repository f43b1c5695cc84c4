"""Every page: nothing from elsewhere, no errors, phones, dark, axe, no script, from a folder."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser

from tests.site import book
from tests.site.axe import violations
from tests.site.visit import Visit

PHONE = {"width": 360, "height": 740}
DESKTOP = {"width": 1280, "height": 900}
LOOKS = [(PHONE, "light"), (DESKTOP, "light")]
# Where controls are moved: what a control moves is cut off on the phone or nowhere.
# Colours do not hang on the width, so the dark is looked at once, there too.
MOVED = (PHONE, "light")


_TEXTS = """svg => {
  const box = svg.getBoundingClientRect();
  const paper = element => {
    for (let at = element; at; at = at.parentElement) {
      const colour = getComputedStyle(at).backgroundColor;
      if (!/^rgba\\(.*, 0\\)$/.test(colour) && colour !== "transparent") return colour;
    }
    return "rgb(255, 255, 255)";
  };
  const numbers = colour => colour.match(/[\\d.]+/g).map(Number);
  const light = colour => {
    const [r, g, b] = numbers(colour).slice(0, 3).map(part => {
      const s = part / 255;
      return s <= 0.04045 ? s / 12.92 : ((s + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = light(paper(svg));
  return [...svg.querySelectorAll("text")].filter(text => text.textContent.trim()).map(text => {
    const at = text.getBoundingClientRect();
    const style = getComputedStyle(text);
    const ink = light(style.fill);
    const hidden = Number(style.opacity) === 0;
    const out = Math.max(box.left - at.left, at.right - box.right, box.top - at.top,
                         at.bottom - box.bottom);
    const contrast = (Math.max(ink, ground) + 0.05) / (Math.min(ink, ground) + 0.05);
    return { text: text.textContent, hidden, out, contrast, width: at.width };
  });
}"""


# The theme's column scrolls on its own, so a page that is wide enough may still hold what is not.
_TOO_WIDE = """() => {
  const wide = [document.documentElement, ...document.querySelectorAll("main, main .bd-article")]
    .filter(box => box.scrollWidth > box.clientWidth);
  const limit = document.documentElement.clientWidth + 1;
  const out = [...document.querySelectorAll(".launchlab, .launchlab *")].filter(part =>
    !part.closest("table, svg") && part.getBoundingClientRect().right > limit);
  return [...wide, ...out].map(part => `${part.tagName}.${part.className}`);
}"""


@dataclass
class Walk:
    """A reader's walk through one page, and what was seen on it.

    Tests of one page in one look share it, for opening a page with all its labs is most of what
    they would each do.
    """

    reader: Visit
    look: tuple[dict[str, int], str]
    wide: dict[str, list[str]] = field(default_factory=dict)
    texts: dict[str, list[list[dict]]] = field(default_factory=dict)
    widths: dict[str, tuple[float, float]] = field(default_factory=dict)
    themes: list[str] = field(default_factory=list)
    axe: list[str] = field(default_factory=list)
    requests: tuple[str, ...] = ()
    errors: tuple[str, ...] = ()

    def measure(self, when: str) -> None:
        """Write down what is wider than the page, and the theme it has."""
        self.wide[when] = self.reader.page.evaluate(_TOO_WIDE)
        self.themes.append(self.reader.page.evaluate("document.documentElement.dataset.theme"))

    def read(self, when: str, within: str = "body") -> None:
        """Write down every text of every chart that can be seen."""
        charts = self.reader.page.locator(f"{within} .ll-stage svg").all()
        self.texts[when] = [chart.evaluate(_TEXTS) for chart in charts if chart.is_visible()]


def take(walk: Walk, page_path: str) -> None:
    """Open every lab, move its controls where that is asked, open every table."""
    reader, labs = walk.reader, book.labs(page_path)
    walk.measure("before a lab is used")
    for lab in labs:
        reader.open(lab)
    reader.scroll()
    walk.measure("with every lab open")
    walk.read("at the first setting")
    for lab in labs:
        section = reader.section(lab)
        chart = section.locator(".ll-stage svg").bounding_box()
        place = section.locator(".ll-chart").bounding_box()
        walk.widths[lab.name] = chart["width"], place["width"]
        for control in lab.data["controls"] if walk.look == MOVED else ():
            for end in (0, 1):
                reader.move(lab, control, end)
                walk.read(f"{lab.name}: {control['name']} at end {end}", lab.selector)
        reader.press(section.locator(".ll-numbers summary"), "Enter")
    walk.measure("with every table open")
    if walk.look == MOVED:
        # As when the reader's system turns dark at dusk.
        reader.page.emulate_media(color_scheme="dark")
        reader.settle()
        walk.measure("in the dark")
        walk.read("in the dark")
    walk.requests, walk.errors = tuple(reader.requests), tuple(reader.errors)
    # The dark is searched on the phone, the light on the desktop.
    walk.axe = violations(reader, walk.themes[-1])


@pytest.fixture(scope="module")
def walk(
    browser: Browser, address: str, page_path: str, look: tuple[dict[str, int], str]
) -> Iterator[Walk]:
    """One walk through a page in one look."""
    size, scheme = look
    context = browser.new_context(viewport=size, color_scheme=scheme)
    context.set_default_timeout(15_000)
    try:
        found = Walk(Visit(context, address, page_path), look)
        take(found, page_path)
        yield found
    finally:
        context.close()


in_looks = pytest.mark.parametrize("look", LOOKS, ids=["phone", "desktop"], scope="module")


@in_looks
def test_a_page_fits(walk):
    assert {when: found for when, found in walk.wide.items() if found} == {}
    assert walk.themes == ["light"] * 3 + ["dark"] * (walk.look == MOVED)


@in_looks
def test_no_text_of_a_chart_is_cut_off_and_all_stand_out(walk, page_path):
    assert all(walk.texts.values()) or not book.labs(page_path)
    for when, charts in walk.texts.items():
        for texts in charts:
            shown = [one for one in texts if not one["hidden"]]
            assert shown, when
            assert [one for one in shown if one["out"] > 1] == [], when
            assert [one for one in shown if one["contrast"] < 4.5] == [], when


@in_looks
def test_a_chart_is_as_wide_as_its_place(walk, page_path):
    assert len(walk.widths) == len(book.labs(page_path))
    for name, (chart, place) in walk.widths.items():
        assert abs(chart - place) <= 2, name


@in_looks
def test_axe_finds_nothing(walk):
    assert walk.axe == []


def test_a_page_that_is_opened_in_the_dark_is_dark(visit):
    """From the first paint on; that nothing is lost in the dark is seen on every page above."""
    (lab, *_) = book.labs()
    reader = visit(lab.page, viewport=PHONE, color_scheme="dark")
    assert reader.page.evaluate("document.documentElement.dataset.theme") == "dark"
    reader.open(lab)
    texts = reader.section(lab).locator(".ll-stage svg").evaluate(_TEXTS)
    shown = [one for one in texts if not one["hidden"]]
    assert shown
    assert [one for one in shown if one["contrast"] < 4.5] == []
    assert violations(reader, "dark") == []


@in_looks
def test_no_request_leaves_the_site_nothing_fails_and_vega_is_loaded_once(walk, address, page_path):
    inside = (address, "data:", "blob:")
    assert [url for url in walk.requests if not url.startswith(inside)] == []
    assert walk.errors == ()
    assert walk.requests

    asked = [url.rsplit("/", 1)[-1].split("?")[0] for url in walk.requests]
    wanted = int(book.has_charts(page_path))
    assert asked.count("vega.js") == wanted
    # Counted in the page too: a browser answers a second script out of its memory.
    assert walk.reader.page.locator("script[src*='/vega.js']").count() == wanted
    assert asked.count("launchlab.js") == wanted


def test_the_root_of_the_site_leads_to_the_book(visit, address):
    reader = visit("index.html")
    reader.page.wait_for_url("**/book/index.html")
    assert reader.errors == []
    # Asked for by itself, at a moment of the browser's choice.
    assert reader.page.request.get(f"{address}favicon.ico").ok


# ---------------------------------------------------------------- without JavaScript


def test_without_javascript_labs_and_charts_are_pictures_sentences_and_tables(visit, page_path):
    reader = visit(page_path, java_script_enabled=False)
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
    for picture in reader.page.locator("figure.ll-plain").all():
        assert picture.locator("svg").is_visible()
        assert picture.locator("[role=img]").get_attribute("aria-label")


# ---------------------------------------------------------------- from a folder


def test_labs_work_from_a_folder_without_a_server(visit, page_path):
    labs = book.labs(page_path)
    if not labs:
        return  # a page without a lab is only text and pictures
    reader = visit((book.BUILT / page_path).as_uri())
    for lab in labs:
        reader.open(lab)
        (control, *_) = lab.data["controls"]
        seen = []
        for end in (0, 1):
            reader.move(lab, control, end)
            seen.append(reader.seen(lab))
        assert seen[0].chart != seen[1].chart
        assert seen[0].sentence != seen[1].sentence


def test_no_formula_is_prose(page_path):
    """Two dollar signs in a sentence are two prices, and no formula."""
    formulas = re.findall(r"<math.*?</math>", book.text(page_path), re.DOTALL)
    assert [one for one in formulas if re.search(r"(<mi[^>]*>\w</mi>\s*){5}", one)] == []


def test_no_table_is_left_as_bars(page_path):
    assert re.findall(r"<p>\s*\|[^<]*", book.text(page_path)) == []
