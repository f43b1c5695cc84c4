"""How a page looks: what does not fit it, what is cut off, what does not stand out."""

from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import ViewportSize

from tests.seed import has_turn
from tests.site import book
from tests.site.axe import violations
from tests.site.book import Lab
from tests.site.visit import Visit

PHONE: ViewportSize = {"width": 360, "height": 740}

TEXTS = """svg => {
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
class Fit:
    """What was seen of a page in one size of window."""

    wide: dict[str, list[str]] = field(default_factory=dict)
    texts: dict[str, list[list[dict[str, Any]]]] = field(default_factory=dict)
    widths: dict[str, tuple[float, float]] = field(default_factory=dict)
    themes: list[str] = field(default_factory=list)
    axe: list[str] = field(default_factory=list)
    # Of the first time that the page was loaded.
    asked: tuple[str, ...] = ()
    vega_scripts: int = 0
    requests: tuple[str, ...] = ()
    errors: tuple[str, ...] = ()

    def measure(self, reader: Visit, when: str) -> None:
        """Write down what is wider than the page, and the theme it has."""
        self.wide[when] = reader.page.evaluate(_TOO_WIDE)
        self.themes.append(reader.page.evaluate("document.documentElement.dataset.theme"))

    def read(self, reader: Visit, when: str, within: str = "body") -> None:
        """Write down every text of every chart that can be seen."""
        charts = reader.page.locator(f"{within} .ll-stage svg").all()
        self.texts[when] = [chart.evaluate(TEXTS) for chart in charts if chart.is_visible()]

    def span(self, reader: Visit, lab: Lab) -> None:
        """Write down how wide a lab's chart is, and its place."""
        section = reader.section(lab)
        chart = section.locator(".ll-stage svg").bounding_box()
        place = section.locator(".ll-chart").bounding_box()
        assert chart and place, f"{lab} is not to be seen"
        self.widths[lab.name] = chart["width"], place["width"]

    def count(self, reader: Visit) -> None:
        """Write down what was loaded up to now, before the page is loaded again."""
        self.asked = tuple(reader.requests)
        # Counted in the page too: a browser answers a second script out of its memory.
        self.vega_scripts = reader.page.locator("script[src*='/vega.js']").count()

    def end(self, reader: Visit) -> None:
        """Write down what was asked for and what failed on the whole way."""
        self.requests, self.errors = tuple(reader.requests), tuple(reader.errors)


def walk(reader: Visit, page: str) -> Fit:
    """Look at a page on a phone: every lab open, every control at both ends, tables, the dark.

    What a control moves is cut off on the phone or nowhere, and colours do not hang on the width:
    so controls are moved here, and the dark is looked at here, and neither at a desk. They are
    moved on half of the pages a day: that each control moves its chart is seen at a desk.
    """
    fit, labs = Fit(), book.labs(page)
    moves = has_turn(book.pages().index(page), 2)
    fit.measure(reader, "before a lab is used")
    for lab in labs:
        reader.open(lab)
    reader.scroll()
    fit.measure(reader, "with every lab open")
    fit.read(reader, "at the first setting")
    for lab in labs:
        fit.span(reader, lab)
        for control in lab.data["controls"] if moves else ():
            for end in (0, 1):
                reader.move(lab, control, end)
                fit.read(reader, f"{lab.name}: {control['name']} at end {end}", lab.selector)
        reader.press(reader.section(lab).locator(".ll-numbers summary"), "Enter")
    fit.measure(reader, "with every table open")
    # As when the reader's system turns dark at dusk.
    reader.page.emulate_media(color_scheme="dark")
    reader.settle()
    fit.measure(reader, "in the dark")
    fit.read(reader, "in the dark")
    fit.count(reader)
    fit.end(reader)
    fit.axe = violations(reader, "dark")
    return fit
