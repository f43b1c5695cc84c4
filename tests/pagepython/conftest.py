"""A site with Python in it, and a browser that has loaded it once."""

import functools
import http.server
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from launchlab.publish.pagepython import site
from tests import patience
from tests.conftest import ROOT
from tests.site.visit import browsing

# One that stops a cell, or waits for the last of an event, waits for a whole first start.
LIMIT_MS = patience.PROGRAM * 1000
# As the page of a chapter closes its doors when the button is pressed.
_PAGE = """<!doctype html><title>Python</title><link rel="icon" href="data:,"><body>
<meta http-equiv="Content-Security-Policy" content="default-src 'self' data: blob: 'unsafe-inline'
'unsafe-eval'"><script src="_static/page-python/runtime.js"></script>"""
START = """async () => {
  window.stages = [];
  window.python = launchlab.pagePython.create({ base: "_static/page-python/" });
  await python.start({ onProgress: (one) => stages.push(one) });
  return python.times;
}"""
RUN = """async (code) => {
  const events = [], began = performance.now();
  const { ok, stopped } = await python.run(code, { onEvent: (event) => events.push(event) });
  return { ok, stopped: !!stopped, events, ms: performance.now() - began };
}"""


class Site(NamedTuple):
    """A served site: its address with a slash at the end, what it was asked, bytes to load."""

    address: str
    asked: list[str]
    size: int


class Ran(NamedTuple):
    """What came of a cell."""

    ok: bool
    stopped: bool
    events: list[dict[str, Any]]
    ms: float

    @property
    def text(self) -> str:
        """All that was printed."""
        return "".join(one["text"] for one in self.events if one["type"] == "stream")

    @property
    def errors(self) -> list[str]:
        """The names of its errors."""
        return [one["name"] for one in self.events if one["type"] == "error"]

    @property
    def shown(self) -> list[dict[str, Any]]:
        """The bundles that it showed."""
        return [one["data"] for one in self.events if one["type"] == "display"]


class Python:
    """Python in a page of the site."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.requests: list[str] = []
        self.failures: list[str] = []
        page.set_default_timeout(LIMIT_MS)
        page.on("request", lambda one: self.requests.append(one.url))
        page.on("pageerror", lambda error: self.failures.append(str(error)))
        page.goto(address)
        # From here on what is asked for is asked for by Python.
        self.requests.clear()

    def start(self) -> dict[str, Any]:
        """Start it, and say how long that took."""
        times: dict[str, Any] = self.page.evaluate(START)
        return times

    def run(self, code: str) -> Ran:
        """Run a cell."""
        return Ran(**self.page.evaluate(RUN, code))

    def stop(self) -> None:
        """Stop it, and wait until it has begun anew."""
        self.page.evaluate("() => python.stop()")


@contextmanager
def serving(folder: Path) -> Iterator[Site]:
    """Make a site with Python in a folder, and serve it."""
    size = site.install(folder, ROOT / site.CACHE)
    folder.joinpath("index.html").write_text(_PAGE, encoding="utf-8")
    asked: list[str] = []

    class Hearing(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            asked.append(self.requestline)

    handler = functools.partial(Hearing, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield Site(f"http://127.0.0.1:{server.server_address[1]}/", asked, size)
        server.shutdown()


@pytest.fixture(scope="session")
def python_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site with Python in it, served."""
    if not site.wanted(os.environ):
        pytest.skip(f"Python in the page is an extra: {site.VARIABLE}=1 is not set")
    with serving(tmp_path_factory.mktemp("site")) as served:
        yield served


@pytest.fixture(scope="session")
def reader(browser: Browser, python_site: Site) -> Iterator[BrowserContext]:
    """A browser that keeps what it has loaded."""
    with browsing(browser) as context:
        yield context


@pytest.fixture(scope="session")
def first(reader: BrowserContext, python_site: Site) -> Python:
    """The first visit: everything is loaded, and kept."""
    python = Python(reader.new_page(), python_site.address)
    python.start()
    python.page.evaluate("() => python.kept")
    return python


@pytest.fixture
def visit(
    reader: BrowserContext, python_site: Site, first: Python
) -> Iterator[Callable[[], Python]]:
    """Later visits, closed when the test ends."""
    opened: list[Python] = []

    def open_page() -> Python:
        opened.append(Python(reader.new_page(), python_site.address))
        return opened[-1]

    yield open_page
    for one in opened:
        one.page.close()


@pytest.fixture
def python(visit: Callable[[], Python]) -> Python:
    """A fresh Python in a page of its own."""
    one = visit()
    one.start()
    return one
