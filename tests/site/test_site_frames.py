"""Labs that stand alone, in a frame of another site too: they ask, move, and fit."""

import pytest
from playwright.sync_api import Browser

from tests.seed import run_seed
from tests.site import book
from tests.site.axe import violations
from tests.site.visit import Visit

_EMBED = """([address, sandbox]) => {
  const made = document.createElement("iframe");
  if (sandbox) made.setAttribute("sandbox", sandbox);
  Object.assign(made, { src: address, title: "Lab", width: 360, height: 900 });
  document.body.replaceChildren(made);
}"""

_FORGETS = "Your browser keeps nothing for this frame"


@pytest.fixture(scope="session")
def light_browser(browser: Browser) -> Browser:
    """The whole Chromium: its headless shell answers no click in a frame of another site."""
    return browser


def frame(lab: book.Lab) -> str:
    return f"frames/{lab.name}.html"


def test_every_lab_stands_alone_too_and_leads_back_to_where_it_is():
    labs = book.labs()
    assert labs, book.NOT_BUILT
    for lab in labs:
        text = (book.BUILT / frame(lab)).read_text(encoding="utf-8")
        assert text.count('<section class="launchlab') == 1
        assert f'href="../{lab.page}#lab-{lab.name}"' in text
        assert f'id="lab-{lab.name}"' in book.text(lab.page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_in_a_frame_of_another_site_a_lab_is_asked_and_moves(visit, scheme, address):
    asking = book.asking()
    lab = asking[run_seed() % len(asking)]
    reader: Visit = visit(frame(lab), viewport={"width": 360, "height": 900}, color_scheme=scheme)
    reader.answer(lab)
    (control, *_) = lab.data["controls"]
    seen = []
    for end in (0, 1):
        reader.move(lab, control, end)
        seen.append(reader.seen(lab))
    assert seen[0].sentence != seen[1].sentence or seen[0].chart != seen[1].chart
    wide = reader.page.evaluate("document.documentElement.scrollWidth")
    assert wide <= 360
    assert violations(reader, "light") == []
    if scheme == "dark":
        assert reader.page.evaluate("document.documentElement.dataset.theme") == "dark"
    assert [url for url in reader.requests if not url.startswith((address, "data:"))] == []
    assert not reader.page.get_by_text(_FORGETS).is_visible()
    # The same machine by another name: to a browser a site of its own.
    reader.page.goto(f"{address.replace('127.0.0.1', 'localhost')}genindex.html")
    # The last one has an origin of its own, for which no browser stores anything. For the others
    # it is the browser's choice.
    for sandbox in ("", "allow-scripts allow-same-origin", "allow-scripts"):
        reader.page.evaluate(_EMBED, [address + frame(lab), sandbox])
        inner = reader.page.frame_locator("iframe")
        inner.locator(f"{lab.selector}[data-mounted]").wait_for()
        inner.get_by_role("button", name="Skip").click()
        inner.locator(f"{lab.selector}[data-ready=true]").wait_for()
        assert inner.locator(".ll-sentence").is_visible()
    assert inner.get_by_text(_FORGETS).is_visible()
    assert reader.errors == []
