"""One JupyterLab and one Chromium for the tests of the live side."""

from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from tests import patience
from tests.live import workbench
from tests.site.visit import NoFramesError, draws


def pytest_configure() -> None:
    """Let a shared machine take its time."""
    expect.set_options(timeout=patience.EVENT * 1000)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let a second worker begin with what needs no Binder, while the first one installs it.

    xdist's worksteal gives each worker a part of the list, from its beginning to its end.
    """
    binder = [item for item in items if "test_binder" in item.nodeid]
    others = [item for item in items if "test_binder" not in item.nodeid]
    half = min(len(items) // 2, len(binder))
    items[:] = [*binder[:half], *others, *binder[half:]]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, Any, Any]:
    """Say so when a test has failed because the browser had stopped drawing its page."""
    try:
        return (yield)
    except Exception as error:
        context = getattr(item, "funcargs", {}).get("context")
        for page in context.pages if context else ():
            if not draws(page):
                raise NoFramesError(f"no frame of {page.url}") from error
        raise


@pytest.fixture(scope="session")
def notebooks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the book's notebooks, which JupyterLab may save over."""
    return workbench.copy_notebooks(tmp_path_factory.mktemp("root"))


@pytest.fixture(scope="session")
def server(notebooks: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[workbench.Server]:
    """A running JupyterLab over the copy."""
    with workbench.serve(notebooks, tmp_path_factory.mktemp("home")) as running:
        yield running


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A running Chromium."""
    with workbench.chromium() as running:
        yield running


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A fresh browser profile; the test fails if it asked anything of another machine."""
    with workbench.profile(browser) as fresh:
        yield fresh
