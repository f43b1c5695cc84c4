"""``make lab`` opens JupyterLab on the book's first page, laid out for reading."""

import os
import re
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, expect

from tests import patience
from tests.live import workbench
from tests.live.workbench import ROOT


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """The address that ``make lab`` prints."""
    workbench.say_no_to_news(tmp_path)
    flags = f"--no-browser --ip=127.0.0.1 --port={workbench.free_port()}"
    log = tmp_path / "make.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            ["make", "lab", f"LAB_FLAGS={flags}"],
            cwd=ROOT,
            env=workbench.environment(tmp_path),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            start_new_session=True,
        )
    try:
        until = time.monotonic() + patience.EVENT
        while True:
            said = log.read_text(encoding="utf-8", errors="replace")
            found = re.search(r"http://127\.0\.0\.1:\d+/lab\S+token=\w+", said)
            if found:
                break
            assert process.poll() is None, f"make lab ended:\n{said}"
            assert time.monotonic() < until, f"make lab says no address:\n{said}"
            time.sleep(0.1)
        yield found[0]
    finally:
        os.killpg(process.pid, signal.SIGTERM)  # its own session: make and JupyterLab
        try:
            process.wait(timeout=patience.EVENT)
        except subprocess.TimeoutExpired:
            # Seen on a busy machine: JupyterLab waits for a kernel. How it ends is not what is
            # tested; the kernel ends by itself when its parent is gone.
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(timeout=patience.EVENT)


def test_it_opens_on_the_first_page_and_shows_it(address: str, context: BrowserContext) -> None:
    assert "/lab/tree/book/index.ipynb" in address
    page = context.new_page()
    page.goto(address)
    heading = page.locator(".jp-NotebookPanel h1", has_text="From Leaderboard to Launch")
    expect(heading).to_be_in_viewport()
    expect(page.locator("#jp-main-dock-panel .lm-TabBar-tab")).to_have_count(1)
    expect(page.locator(".jp-DirListing-item", has_text="index.ipynb")).to_be_visible()
    expect(page.locator(".jp-Dialog")).to_have_count(0)
    panel = page.locator(".jp-NotebookPanel").bounding_box()
    assert panel is not None
    assert panel["width"] > 0.6 * 1280
    assert panel["height"] > 0.8 * 900
