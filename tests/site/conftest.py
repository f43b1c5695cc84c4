"""A browser, and the built book on a loopback port."""

import functools
import http.server
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.site import book, looks
from tests.site import tour as tour_of
from tests.site.visit import Desk, NoFramesError, Visit, browsing


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
def visit(light_browser: Browser, address: str) -> Iterator[Callable[..., Visit]]:
    """Open a page as a new reader; keyword arguments go to the browser's context."""
    with ExitStack() as contexts:
        yield lambda path, **options: Visit(
            contexts.enter_context(browsing(light_browser, **options)).new_page(), address, path
        )


class Reader:
    """A reader who stays on a page until a test asks for another one."""

    def __init__(self, browser: Browser, address: str) -> None:
        self.browser = browser
        self.address = address
        self.visit: Visit | None = None
        self.path = ""
        self.contexts = ExitStack()

    def at(self, path: str) -> Visit:
        """The visit to a page; a new one, with nothing remembered, if the last was elsewhere."""
        if self.visit is None or self.visit.stalled or self.path != path:
            self.leave()
            context = self.contexts.enter_context(browsing(self.browser))
            self.visit, self.path = Visit(context.new_page(), self.address, path), path
        return self.visit

    def leave(self) -> None:
        """End the visit."""
        self.contexts.close()
        self.visit = None


@pytest.fixture(scope="module")
def reader(light_browser: Browser, address: str) -> Iterator[Reader]:
    """Shared by tests that only ask a page's script: loading a page costs more than they do."""
    one = Reader(light_browser, address)
    yield one
    one.leave()


class Once:
    """What is found on a page, found once for all tests of a worker; so is its failure."""

    def __init__(self, find: Callable[[str], Any]) -> None:
        self.find = find
        self.found: dict[str, Any] = {}
        self.failed: dict[str, Exception] = {}

    def of(self, page: str) -> Any:
        """What is found on a page.

        Raises
        ------
        Exception
            What finding it raised, again for each test; a page that was drawn no more is tried
            anew.
        """
        if page in self.failed:
            raise self.failed[page]
        if page not in self.found:
            try:
                self.found[page] = self.find(page)
            except NoFramesError:
                raise
            except Exception as error:
                self.failed[page] = error
                raise
        return self.found[page]


@pytest.fixture(scope="session")
def desk(light_browser: Browser, address: str) -> Iterator[Desk]:
    """Where readers sit down one after the other."""
    one = Desk(light_browser, address, permissions=["clipboard-read", "clipboard-write"])
    yield one
    one.leave()


@pytest.fixture
def sit(desk: Desk) -> Iterator[Callable[[str], Visit]]:
    """Open a page at the desk, as a reader who knows nothing yet, until the test ends.

    Like `visit`, at a third of its cost, for who needs no context of their own.
    """
    with ExitStack() as seat:
        yield lambda path: seat.enter_context(desk.sit(path))


@pytest.fixture(scope="session")
def plain_desk(light_browser: Browser, address: str) -> Iterator[Desk]:
    """The same without JavaScript."""
    one = Desk(light_browser, address, java_script_enabled=False)
    yield one
    one.leave()


@pytest.fixture(scope="session")
def folder_desk(browser: Browser, address: str) -> Iterator[Desk]:
    """One for pages that come from a folder, of which the headless shell complains."""
    one = Desk(browser, address)
    yield one
    one.leave()


@pytest.fixture(scope="session")
def tours(desk: Desk) -> Once:
    """A reader's way through each page, at a desk."""
    return Once(lambda page: tour_of.take(desk, page))


@pytest.fixture
def tour(tours: Once, request: pytest.FixtureRequest) -> tour_of.Tour:
    """What was seen on the page that a test is about, or that its lab stands on."""
    given = request.node.callspec.params
    page = given["lab"].page if "lab" in given else given.get("page_path", given.get("asking_page"))
    found: tour_of.Tour = tours.of(page)
    return found


@pytest.fixture(scope="session")
def phones(desk: Desk) -> Once:
    """A walk through each page, on a phone."""

    def walk(page: str) -> looks.Fit:
        with desk.sit(page, looks.PHONE) as reader:
            return looks.walk(reader, page)

    return Once(walk)
