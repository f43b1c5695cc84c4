"""An address that the book once had leads on, to the right page and place."""

import functools
import http.server
import re
import threading

import pytest

from launchlab.publish.index import find_labs
from tests.conftest import ROOT
from tests.site.visit import browsing

OLD = "book/objectives/offline-and-online.html"
MOVED = ROOT / "book" / "_root" / OLD
CHAPTERS = ("what-the-log-can-tell", "the-winners-gains", "testing-in-a-crowded-city")
LABS = {"from-logs": 0, "winner-and-clock": 1, "gains-against-gains": 1, "many-ab-tests": 2}
PLACES = {
    "": 0,
    "#lab-how-far-can-a-log-see": 0,
    "#nonsense": 0,
    "#what-waiting-costs-the-experiments": 1,
    "#do-offline-gains-predict-online-gains": 1,
    "#when-does-the-leaderboard-s-winner-stop-being-the-product-s": 1,
    "#why-an-a-b-test-still-misleads-in-a-marketplace": 2,
    "#the-a-b-test-how-many-sessions": 2,
}


@pytest.fixture(scope="module")
def old_site(tmp_path_factory):
    """The old page between three blank ones, served; no book is needed."""
    root = tmp_path_factory.mktemp("site")
    for name in (OLD, *(f"book/objectives/{chapter}.html" for chapter in CHAPTERS)):
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(MOVED.read_bytes() if name == OLD else b"<!doctype html><title>x</title>")

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

    handler = functools.partial(Quiet, directory=str(root))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/{OLD}"
        server.shutdown()


def test_each_old_address_leads_to_its_place(browser, old_site):
    asked = {place: CHAPTERS[where] for place, where in PLACES.items()}
    for lab, where in LABS.items():
        asked[f"#lab-{lab}"] = asked[f"?{lab}.x=3"] = CHAPTERS[where]
        asked[f"?{lab}.x=3#lab-{lab}"] = CHAPTERS[where]
    with browsing(browser) as context:
        page = context.new_page()
        for rest, chapter in asked.items():
            page.goto("about:blank")
            page.goto(old_site + rest)
            page.wait_for_url(re.compile(r"/(?!offline)[a-z-]+\.html"))
            assert page.url.endswith(f"/{chapter}.html{rest}")


def test_without_scripts_it_leads_on_and_names_all_three(browser, old_site):
    with browsing(browser, java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(old_site)
        page.wait_for_url(f"**/{CHAPTERS[0]}.html")
    text = MOVED.read_text(encoding="utf-8")
    assert re.findall(r'<a href="([a-z-]+)\.html">', text) == list(CHAPTERS)


def test_each_lab_still_stands_on_the_page_that_it_is_looked_for_on():
    found = {lab.name: lab.page for lab in find_labs(ROOT / "book")}
    assert {lab: found[lab] for lab in LABS} == {
        lab: f"objectives/{CHAPTERS[where]}" for lab, where in LABS.items()
    }
