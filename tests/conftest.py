"""What all tests share: the folder of the book, and how much hypothesis tries."""

import os
import re
import shutil
import signal
import sys
from collections import Counter
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from playwright.sync_api import Browser, sync_playwright
from xdist.scheduler import LoadScopeScheduling

from coursework import sandbox
from coursework.sandbox import start
from tests import browser_path
from tests.seed import VARIABLE, run_seed

ROOT = Path(__file__).resolve().parents[1]
# Files whose few tests take long, in about so many seconds.
LONG = {
    # Where Python in the page is not asked for, most of these two is skipped.
    "tests/pagepython/test_pagepython_chapters.py": 120.0,
    "tests/pagepython/test_pagepython_runs.py": 60.0,
    "tests/coursework/test_coursework_masters.py": 113.0,
    "tests/publish/test_publish_planted.py": 50.0,
    "tests/publish/test_publish_interrupted.py": 35.0,
    "tests/publish/test_publish_watch.py": 36.0,
    "tests/publish/test_publish_living.py": 25.0,
    "tests/coursework/test_coursework_batch.py": 25.0,
    "tests/coursework/test_coursework_archives.py": 15.0,
    "tests/test_patience.py": 23.0,
    "tests/coursework/test_coursework_hostile.py": 30.0,
    "tests/notebooks/test_notebooks_rerun.py": 30.0,
    "tests/coursework/test_coursework_sandbox.py": 60.0,
    "tests/coursework/test_coursework_time.py": 90.0,
}

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]

# No deadline: the machines that run this are shared, and a slow example is no wrong one. The seed
# decides what is drawn; where CI is set, hypothesis would otherwise draw the same for every seed.
settings.register_profile(
    "launchlab", deadline=None, max_examples=60, print_blob=True, derandomize=False
)
settings.load_profile("launchlab")


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Settle the seed before workers start, so that all agree on it over midnight too."""
    # A shell makes what it starts in the background deaf to Ctrl-C, and all that starts from there:
    # tests that press it would wait for ever.
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        os.environ[VARIABLE] = str(run_seed())
    except ValueError as error:
        raise pytest.UsageError(str(error)) from None
    if config.getoption("hypothesis_seed") is None:
        config.option.hypothesis_seed = os.environ[VARIABLE]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Offer the tests that another seed can change, and those that a machine is equipped for."""
    parser.addoption(
        "--drawn", action="store_true", help="only tests that draw, by hypothesis or the run's seed"
    )
    parser.addoption(
        "--bubblewrap",
        choices=["demanded", "if-found"],
        default="demanded",
        help="where it is missing: tests that need it fail, or they are left out and counted",
    )


def draws(item: pytest.Item) -> bool:
    """Whether a test of another seed is another test: those of a module that asks for the seed."""
    return hasattr(getattr(item, "obj", None), "hypothesis") or hasattr(
        getattr(item, "module", None), run_seed.__name__
    )


def pytest_report_header() -> str:
    """Say how the draws of this run are repeated."""
    return f"{VARIABLE}={run_seed()}  (make test {VARIABLE}={run_seed()} repeats these draws)"


def scope_of(nodeid: str) -> str:
    """The page of the book that a test is about, or else its file."""
    page = re.search(r"\[([^#\]]+\.html)", nodeid)
    return page[1] if page else nodeid.split("::")[0]


class ByPage(LoadScopeScheduling):
    """Give a worker whole pages of the book, or else whole files.

    The tests of one page share what a kernel computed for it and the lab they have open; those of
    other files share trained models. (xdist's own groups are not honoured under pytest 9.)
    """

    def _split_scope(self, nodeid: str) -> str:
        return scope_of(nodeid)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Use it where whole scopes are asked for."""
    return ByPage(config, log) if config.getvalue("dist") == "loadscope" else None


@pytest.hookimpl(tryfirst=True)
def pytest_handlecrashitem(crashitem: str, sched: Any) -> None:
    """Let a crash stand: pytest-rerunfailures would hide it, and start the test that hangs again.

    A worker crashes when the watchdog ends it. Rerun are tests of a page that is drawn no more.
    """
    sched.config.failures_db.set_test_reruns(crashitem, 0)


def pytest_itemcollected(item: pytest.Item) -> None:
    """Mark what needs a browser, the built book or bubblewrap: the quick tests can do without."""
    asked = set(getattr(item, "fixturenames", ()))
    if {"browser", "_is_built"} & asked:
        item.add_marker("site")
    if "bubblewrap" in asked:
        item.add_marker("sandbox")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Refuse a sandbox to a test that does not ask for ``bubblewrap``.

    Where bubblewrap is installed nobody would notice, and where it is missing the test would fail.
    """
    with pytest.MonkeyPatch.context() as patch:
        if item.get_closest_marker("sandbox") is None:
            patch.setattr(start, "command", _refuse_sandbox)
            # What another test has found out must not spare this one the attempt.
            sandbox.find_mode.cache_clear()
        return (yield)


def _refuse_sandbox(*_given: object) -> None:
    pytest.fail('it starts a sandbox: @pytest.mark.usefixtures("bubblewrap")')


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Begin with what takes longest, so that no worker is left alone with it at the end."""
    if config.getoption("drawn"):
        left = [item for item in items if not draws(item)]
        config.hook.pytest_deselected(items=left)
        items[:] = [item for item in items if draws(item)]
    if config.getoption("dist", "no") != "loadscope":
        return
    scopes = [scope_of(item.nodeid) for item in items]
    tests = Counter(scopes)

    def seconds(scope: str) -> float:
        if scope in LONG:
            return LONG[scope]
        return tests[scope] * (0.8 if scope.endswith(".html") else 0.05)

    order = sorted(range(len(items)), key=lambda place: -seconds(scopes[place]))
    items[:] = [items[place] for place in order]


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Look for bubblewrap before a test that asks for it."""
    if item.get_closest_marker("sandbox") is not None:
        demand_bubblewrap(spared=item.config.getoption("bubblewrap") == "if-found")


def demand_bubblewrap(*, spared: bool) -> None:
    """Fail where bubblewrap is missing; or skip, for one reason at one place.

    So -ra tells in one line how many are skipped. Of a fixture that skips, it tells each test.
    """
    if not sys.platform.startswith("linux"):
        pytest.skip("bubblewrap needs Linux")
    if shutil.which("bwrap") is None:
        missing = f"for want of bubblewrap: {sandbox.how_to_install()}"
        if spared:
            pytest.skip(f"left out {missing}")
        pytest.fail(f"Not run {missing}", pytrace=False)


@pytest.fixture(scope="session")
def root() -> Path:
    """Folder of ``_config.yml``."""
    return ROOT


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for each worker."""
    path = browser_path.find()
    if path is None:
        pytest.fail(f"No browser: {browser_path.how_to_install()}", pytrace=False)
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def light_browser(browser: Browser) -> Iterator[Browser]:
    """What draws pages for less: Chromium's headless shell, or Chromium where there is none."""
    path = browser_path.light()
    if path == browser_path.find():
        yield browser
        return
    opened = browser.browser_type.launch(executable_path=path, args=FLAGS)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def bubblewrap() -> None:
    """What a test asks for that starts a sandbox, or a plan that does: ``demand_bubblewrap``."""
