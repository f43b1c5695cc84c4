"""Every page: nothing from elsewhere, no errors, phones, dark, no JavaScript, from a folder."""

import pytest

from tests.site import book

PHONE = {"width": 360, "height": 740}
DESKTOP = {"width": 1280, "height": 900}
# Colours do not hang on the width, so the dark is looked at once.
LOOKS = [(PHONE, "light"), (PHONE, "dark"), (DESKTOP, "light")]


def use_everything(reader, page_path: str) -> None:
    """Scroll through a page, open every lab and move its controls."""
    labs = book.labs(page_path)
    for lab in labs:
        reader.open(lab)
        for control in lab.data["controls"]:
            for end in (0, 1):
                reader.move(lab, control, end)
    reader.scroll()


def test_no_request_leaves_the_site_nothing_fails_and_vega_is_loaded_once(
    visit, address, page_path
):
    reader = visit(page_path)
    use_everything(reader, page_path)
    inside = (address, "data:", "blob:")
    assert [url for url in reader.requests if not url.startswith(inside)] == []
    assert reader.errors == []
    assert reader.requests

    asked = [url.rsplit("/", 1)[-1].split("?")[0] for url in reader.requests]
    wanted = int(book.has_charts(page_path))
    assert asked.count("vega.js") == wanted
    # Counted in the page too: a browser answers a second script out of its memory.
    assert reader.page.locator("script[src*='/vega.js']").count() == wanted
    assert asked.count("launchlab.js") == wanted


def test_the_root_of_the_site_leads_to_the_book(visit, address):
    reader = visit("index.html")
    reader.page.wait_for_url("**/book/index.html")
    assert reader.errors == []
    # Asked for by itself, at a moment of the browser's choice.
    assert reader.page.request.get(f"{address}favicon.ico").ok


# ---------------------------------------------------------------- light, dark, phones

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


def assert_readable(reader, where: str) -> None:
    """No text of a chart is cut off, and all of it stands out from the ground."""
    charts = reader.page.locator(".ll-stage svg")
    for place in range(charts.count()):
        chart = charts.nth(place)
        if not chart.is_visible():
            continue
        texts = [one for one in chart.evaluate(_TEXTS) if not one["hidden"]]
        assert texts, where
        assert [one for one in texts if one["out"] > 1] == [], where
        assert [one for one in texts if one["contrast"] < 4.5] == [], where


@pytest.mark.parametrize(("size", "scheme"), LOOKS, ids=lambda one: str(one)[-7:])
def test_a_page_fits_and_its_charts_are_readable(visit, page_path, size, scheme):
    reader = visit(page_path, viewport=size, color_scheme=scheme)
    assert_fits(reader, "before a lab is used")
    assert reader.page.evaluate("document.documentElement.dataset.theme") == scheme
    for lab in book.labs(page_path):
        reader.open(lab)
    reader.scroll()
    assert_fits(reader, "with every lab open")
    assert_readable(reader, "at the first setting")
    for lab in book.labs(page_path):
        # What a control moves is cut off on the phone or nowhere.
        for control in lab.data["controls"] if (size, scheme) == (PHONE, "light") else ():
            for end in (0, 1):
                reader.move(lab, control, end)
                assert_readable(reader, f"{lab.name}: {control['name']} at end {end}")
        reader.section(lab).locator(".ll-numbers summary").click()
    assert_fits(reader, "with every table open")


# The theme's column scrolls on its own, so a page that is wide enough may still hold what is not.
_TOO_WIDE = """() => {
  const wide = [document.documentElement, ...document.querySelectorAll("main, main .bd-article")]
    .filter(box => box.scrollWidth > box.clientWidth);
  const limit = document.documentElement.clientWidth + 1;
  const out = [...document.querySelectorAll(".launchlab, .launchlab *")].filter(part =>
    !part.closest("table, svg") && part.getBoundingClientRect().right > limit);
  return [...wide, ...out].map(part => `${part.tagName}.${part.className}`);
}"""


def assert_fits(reader, when: str) -> None:
    assert reader.page.evaluate(_TOO_WIDE) == [], when


def test_a_chart_is_as_wide_as_its_place(visit, lab):
    for size in (PHONE, DESKTOP):
        reader = visit(lab.page, viewport=size)
        section = reader.open(lab)
        chart = section.locator(".ll-stage svg").bounding_box()
        place = section.locator(".ll-chart").bounding_box()
        assert abs(chart["width"] - place["width"]) <= 2


# ---------------------------------------------------------------- without JavaScript


def test_without_javascript_a_lab_is_a_picture_a_sentence_and_a_table(visit, lab):
    reader = visit(lab.page, java_script_enabled=False)
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


def test_without_javascript_plain_charts_are_pictures(visit, page_path):
    reader = visit(page_path, java_script_enabled=False)
    for picture in reader.page.locator("figure.ll-plain").all():
        assert picture.locator("svg").is_visible()
        assert picture.locator("[role=img]").get_attribute("aria-label")


# ---------------------------------------------------------------- from a folder


def test_a_lab_works_from_a_folder_without_a_server(visit, lab):
    reader = visit((book.BUILT / lab.page).as_uri())
    reader.open(lab)
    (control, *_) = lab.data["controls"]
    seen = []
    for end in (0, 1):
        reader.move(lab, control, end)
        seen.append(reader.seen(lab))
    assert seen[0].chart != seen[1].chart
    assert seen[0].sentence != seen[1].sentence
