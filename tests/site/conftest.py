"""A browser, and the built book on a loopback port."""

import functools
import http.server
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.site import book
from tests.site.visit import Visit


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test of this folder."""
    for item in items:
        if "tests/site/" in item.path.as_posix():
            item.add_marker(pytest.mark.site)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Give a test that asks for it every page, lab or asking page of the built book."""
    for name, find in (
        ("page_path", book.pages),
        ("lab", book.labs),
        ("asking_page", book.asking_pages),
    ):
        if name in metafunc.fixturenames:
            # Without a book there is one case, which fails and says what to do.
            # Lab by lab within a file, so that the tests of one lab can share an open page.
            metafunc.parametrize(name, find() or [None], ids=str, scope="module")


@pytest.fixture(scope="session", autouse=True)
def _is_built() -> None:
    if not book.BUILT.joinpath("index.html").exists():
        pytest.fail(book.NOT_BUILT, pytrace=False)


@pytest.fixture(scope="session")
def address(_is_built: None) -> Iterator[str]:
    """Where the built book is served, with a slash at the end."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

    handler = functools.partial(Quiet, directory=str(book.BUILT))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/"
        server.shutdown()


@pytest.fixture
def visit(browser: Browser, address: str) -> Iterator[Callable[..., Visit]]:
    """Open a page as a new reader; keyword arguments go to the browser's context."""
    contexts = []

    def open_page(path: str, **options: Any) -> Visit:
        options = {"viewport": {"width": 1280, "height": 900}, **options}
        context = browser.new_context(**options)
        contexts.append(context)
        context.set_default_timeout(15_000)
        return Visit(context, address, path)

    yield open_page
    for context in contexts:
        context.close()


class Reader:
    """A reader who stays on a page until a test asks for another one."""

    def __init__(self, browser: Browser, address: str) -> None:
        self.browser = browser
        self.address = address
        self.visit: Visit | None = None
        self.path = ""

    def at(self, path: str) -> Visit:
        """The visit to a page; a new one, with nothing remembered, if the last was elsewhere."""
        if self.visit is None or self.visit.stalled or self.path != path:
            self.leave()
            context = self.browser.new_context(
                viewport={"width": 1280, "height": 900},
                permissions=["clipboard-read", "clipboard-write"],
            )
            context.set_default_timeout(15_000)
            self.visit, self.path = Visit(context, self.address, path), path
        return self.visit

    def leave(self) -> None:
        """End the visit."""
        if self.visit is not None:
            self.visit.context.close()
        self.visit = None


@pytest.fixture(scope="module")
def reader_of_labs(browser: Browser, address: str) -> Iterator[Reader]:
    """Shared by the tests of a page's labs: loading a page costs more than most of them."""
    reader = Reader(browser, address)
    yield reader
    reader.leave()


@pytest.fixture
def opened(reader_of_labs: Reader, lab: book.Lab) -> Visit:
    """A reader with the lab open at its first setting."""
    reader = reader_of_labs.at(lab.page)
    reader.open(lab)
    reader.section(lab).evaluate(
        "section => section.querySelectorAll('details').forEach(one => { one.open = false; })"
    )
    reader.press(reader.button(lab, "Reset"), "Enter")
    reader.errors.clear()
    return reader


@pytest.fixture(scope="module")
def stranger(browser: Browser, address: str) -> Iterator[Reader]:
    """Another reader, for links: tests clear what that browser remembers, not what it loaded."""
    reader = Reader(browser, address)
    yield reader
    reader.leave()
