"""A real JupyterLab in a real Chromium, for the tests and benchmarks of the live side.

The server is a process of its own on a loopback port, with a token, and with folders of its own
for everything that Jupyter keeps about a user. The page is driven through Playwright; JupyterLab
shows its application object to the page, so that "Run All" needs no menu to be found.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Locator, Page, sync_playwright

from tests import patience
from tests.browser_path import find

ROOT = Path(__file__).resolve().parents[2]
SHOTS = ROOT / ".cache" / "shots"
NOTEBOOKS = ("book", "exercises", "solutions")
# What a clone holds and a notebook starts: the service of the chapter about it.
BESIDE = ("service",)
THEMES = {"light": "JupyterLab Light", "dark": "JupyterLab Dark"}


def copy_notebooks(folder: Path) -> Path:
    """Copy the notebooks, and what they show, into a folder that becomes the server's root."""
    ignored = shutil.ignore_patterns(".ipynb_checkpoints", "__pycache__", ".*_cache")
    for name in (*NOTEBOOKS, *BESIDE):
        shutil.copytree(ROOT / name, folder / name, ignore=ignored)
    return folder


def write_notebook(path: Path, *sources: str) -> Path:
    """Write a notebook of code cells."""
    cells = [
        {
            "cell_type": "code",
            "id": f"cell-{number}",
            "metadata": {},
            "execution_count": None,
            "outputs": [],
            "source": source.strip("\n"),
        }
        for number, source in enumerate(sources)
    ]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook = {
        "cells": cells,
        "metadata": {"kernelspec": kernel},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    path.write_text(json.dumps(notebook), encoding="utf-8")
    return path


def environment(home: Path, **more: str) -> dict[str, str]:
    """The surroundings of a server that knows nothing of this user, and labs that are live."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("LAUNCHLAB_", "JUPYTER", "COVERAGE_", "PYTEST_"))
    }
    folders = {
        "HOME": "user",
        "IPYTHONDIR": "ipython",
        "JUPYTER_CONFIG_DIR": "config",
        "JUPYTER_DATA_DIR": "data",
        "JUPYTER_RUNTIME_DIR": "runtime",
        "JUPYTERLAB_SETTINGS_DIR": "settings",
        "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
    }
    for name, folder in folders.items():
        home.joinpath(folder).mkdir(parents=True, exist_ok=True)
        kept[name] = str(home / folder)
    return {**kept, **more}


def say_no_to_news(home: Path) -> None:
    """Answer JupyterLab's question whether it may ask the network for news."""
    path = home / "settings" / "@jupyterlab/apputils-extension/notification.jupyterlab-settings"
    path.parent.mkdir(parents=True, exist_ok=True)
    values = {"fetchNews": "false", "checkForUpdates": False}
    path.write_text(json.dumps(values), encoding="utf-8")


def free_port() -> int:
    """A loopback port that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass
class Server:
    """A JupyterLab that answers."""

    url: str
    token: str
    process: subprocess.Popen[bytes]
    log: Path
    home: Path

    def send(self, method: str, path: str, body: object = None) -> Any:
        """The JSON that the server's API answers; None where it answers nothing."""
        request = urllib.request.Request(
            self.url + path,
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"token {self.token}", "Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=patience.EVENT) as answer:
            return json.loads(answer.read() or b"null")


@contextmanager
def serve(
    root: Path,
    home: Path,
    *,
    command: Sequence[str] = (sys.executable, "-m", "jupyterlab"),
    options: Sequence[str] = (),
    base: str = "/",
    config: Path | None = ROOT / "jupyter_lab_config.py",
    env: dict[str, str] | None = None,
) -> Iterator[Server]:
    """Run JupyterLab over a folder until the block ends.

    Parameters
    ----------
    root : Path
        Folder that JupyterLab shows.
    home : Path
        Folder for all that Jupyter keeps about a user.
    command : sequence of str
        What starts JupyterLab.
    options : sequence of str
        Further options of its command line.
    base : str
        The server's base address.
    config : Path, optional
        How JupyterLab starts; None leaves that, and whether it asks about news, to the
        environment.
    env : dict, optional
        The surroundings; made from ``home`` when left out.
    """
    port, token = free_port(), secrets.token_hex(16)
    if config:
        say_no_to_news(home)
    log = home / "server.log"
    line = [
        *command,
        "--no-browser",
        "--ip=127.0.0.1",
        f"--port={port}",
        "--ServerApp.port_retries=0",
        f"--IdentityProvider.token={token}",
        f"--ServerApp.base_url={base}",
        "--expose-app-in-browser",
        *([f"--config={config}"] if config else []),
        *(["--allow-root"] if os.geteuid() == 0 else []),
        *options,
    ]
    with log.open("wb") as out:
        process = subprocess.Popen(
            line,
            cwd=root,
            env=env or environment(home),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
        )
    server = Server(f"http://127.0.0.1:{port}{base}", token, process, log, home)
    try:
        _await_answer(server)
        yield server
    finally:
        process.terminate()  # the server ends its kernels itself
        try:
            process.wait(timeout=patience.EVENT)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _await_answer(server: Server) -> None:
    until = time.monotonic() + patience.EVENT
    while True:
        try:
            server.send("GET", "api/status")
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            ended = server.process.poll() is not None
            if ended or time.monotonic() > until:
                said = server.log.read_text(encoding="utf-8", errors="replace")[-3000:]
                why = "ended" if ended else "does not answer"
                raise RuntimeError(f"JupyterLab {why}:\n{said}") from None
            time.sleep(0.1)
        else:
            return


@contextmanager
def chromium() -> Iterator[Browser]:
    """A Chromium that asks nothing of the network by itself."""
    path = find()
    if path is None:
        raise FileNotFoundError("no Chromium here: `make browser` says how to get one")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield browser
        browser.close()


# Sums up what happens to one chart: every change of its picture, and every moment without one.
WATCH = """
(box) => {
  const host = box.querySelector('.ll-chart');
  const drawn = () => {
    const svg = host.querySelector('svg');
    return Boolean(svg) && svg.getBoundingClientRect().width > 0 &&
      Boolean(svg.querySelector('.role-mark :is(path[d]:not([d=""]), text, line)'));
  };
  const watch = { changes: 0, blanks: 0, frames: 0 };
  const look = () => { if (!drawn()) watch.blanks += 1; };
  const observer = new MutationObserver(() => { watch.changes += 1; look(); });
  observer.observe(host,
    { childList: true, subtree: true, attributes: true, characterData: true });
  let going = true;
  const tick = () => { watch.frames += 1; look(); if (going) requestAnimationFrame(tick); };
  tick();
  box.launchlabWatch = watch;
  box.launchlabEnd = () => { going = false; observer.disconnect(); return watch; };
}
"""

_RUN_STATE = """
() => {
  const panel = window.jupyterapp?.shell.currentWidget;
  const kernel = panel?.sessionContext?.session?.kernel;
  return Boolean(kernel) && panel.content.model && kernel.status === 'idle';
}
"""


class Control:
    """One control of a live lab, moved by keyboard alone."""

    def __init__(self, lab: Lab, locator: Locator) -> None:
        self.lab = lab
        self.locator = locator
        self.page = locator.page
        self.kind: str = locator.evaluate("node => node.tagName.toLowerCase()")
        self.label: str = locator.evaluate(
            "node => node.closest('.widget-inline-hbox').innerText.trim().split('\\n')[0]"
        )

    @property
    def value(self) -> str:
        """What the control stands at, as the page says it."""
        found: str = self.locator.evaluate(
            """node => node.tagName === 'SELECT' ? String(node.selectedIndex)
              : node.type === 'checkbox' ? String(node.checked)
              : node.getAttribute('aria-valuenow')"""
        )
        return found

    @property
    def keys(self) -> list[str]:
        """Keys that move the control through its range, whatever it stands at."""
        if self.kind == "select":
            return ["End", "ArrowUp", "Home", "ArrowDown"]
        if self.kind == "input":
            return ["Space", "Space"]
        return ["Home", "ArrowRight", "ArrowUp", "End", "ArrowLeft", "ArrowDown"]

    def press(self, key: str) -> bool:
        """Press a key; if that moves the control wait for the lab; say whether it did."""
        before, computed = self.value, self.lab.computed
        self.locator.focus()
        self.page.keyboard.press(key)
        if self.value == before:
            return False
        self.lab.await_computed(computed)
        return True


class Lab:
    """One live lab in an open notebook."""

    def __init__(self, box: Locator) -> None:
        self.box = box
        self.page = box.page
        self.output = box.locator("xpath=ancestor::*[contains(@class, 'jp-OutputArea-output')][1]")

    @property
    def computed(self) -> int:
        """How often the lab has computed anew."""
        return int(self.box.get_attribute("data-computed") or 0)

    @property
    def svg(self) -> str:
        """Markup of the chart."""
        text: str = self.box.locator(".ll-chart svg").evaluate("node => node.outerHTML")
        return text

    @property
    def sentence(self) -> str:
        """The sentence under the chart."""
        return self.box.locator(".ll-sentence").inner_text()

    @property
    def failure(self) -> str:
        """The error beneath the chart; empty when none is shown."""
        place = self.box.locator(".ll-failure")
        return place.inner_text() if place.is_visible() else ""

    @property
    def controls(self) -> list[Control]:
        """The controls, in their order."""
        found = self.output.locator(
            ".noUi-handle, .widget-dropdown select, .widget-checkbox input[type=checkbox]"
        )
        return [Control(self, found.nth(number)) for number in range(found.count())]

    def await_computed(self, after: int) -> None:
        """Wait until the lab has computed more often than it had."""
        self.page.wait_for_function(
            "([box, after]) => Number(box.dataset.computed || 0) > after",
            arg=[self.box.element_handle(), after],
            timeout=patience.EVENT * 1000,
        )

    def picture(self, name: str) -> None:
        """Leave a picture for people to look at: no check sees a clipped label."""
        title = re.sub(r"\W+", "-", self.output.locator("b").first.inner_text()).strip("-").lower()
        SHOTS.mkdir(parents=True, exist_ok=True)
        self.output.screenshot(path=SHOTS / f"{name}-{title[:40]}.png")

    def watch(self) -> None:
        """Begin to watch the chart."""
        self.box.evaluate(WATCH)

    def watched(self) -> dict[str, int]:
        """End watching: changes, blanks and frames seen."""
        seen: dict[str, int] = self.box.evaluate("box => box.launchlabEnd()")
        return seen


class Notebook:
    """A notebook open in JupyterLab."""

    def __init__(self, page: Page, server: Server, path: str) -> None:
        self.page = page
        self.server = server
        self.path = path
        # A workspace of its own, or JupyterLab would open the notebooks of other tests beside it.
        place = f"lab/workspaces/{secrets.token_hex(4)}/tree/{path}"
        self.opened = page.goto(f"{server.url}{place}?token={server.token}")
        self.await_idle()

    def close(self) -> None:
        """Shut the kernel down and leave."""
        self.page.evaluate("() => jupyterapp.shell.currentWidget.sessionContext.shutdown()")
        self.page.close()

    def await_idle(self) -> None:
        """Wait until the notebook is open and its kernel has nothing to do."""
        self.page.wait_for_function(_RUN_STATE, timeout=patience.EVENT * 1000)

    def _command(self, name: str) -> None:
        self.page.evaluate(f"window.running = jupyterapp.commands.execute({name!r}); null")

    def run_all(self) -> None:
        """Run All, and wait for the end."""
        self._command("notebook:run-all-cells")
        self._finish()

    def restart_and_run_all(self) -> None:
        """Restart Kernel and Run All, say yes with the Enter key, and wait for the end."""
        self._command("notebook:restart-run-all")
        self.page.locator(".jp-Dialog .jp-mod-accept").wait_for(timeout=patience.EVENT * 1000)
        self.page.keyboard.press("Enter")
        self._finish()

    def _finish(self) -> None:
        self.page.evaluate("() => window.running")
        self.await_idle()
        self.await_charts()
        errors = self.errors
        if errors:
            raise AssertionError(f"{self.path}: a cell raised:\n" + "\n".join(errors))

    def await_charts(self) -> None:
        """Wait until every chart of the notebook is drawn."""
        self.page.wait_for_function(
            """() => [...jupyterapp.shell.currentWidget.node.querySelectorAll('.ll-live')]
              .every((box) => box.dataset.ready)""",
            timeout=patience.EVENT * 1000,
        )

    def add_and_run(self, source: str) -> None:
        """Add a code cell at the end, run it alone, and wait for its charts."""
        self.page.evaluate(
            """async (source) => {
              const { content } = jupyterapp.shell.currentWidget;
              const { sharedModel } = content.model;
              const last = sharedModel.cells.length;
              sharedModel.insertCell(last, { cell_type: 'code', source });
              content.activeCellIndex = last;
              await jupyterapp.commands.execute('notebook:run-cell');
            }""",
            source,
        )
        self.await_idle()
        self.await_charts()

    def switch_to(self, path: str) -> None:
        """Open another notebook beside this one, or come back to it."""
        self.page.evaluate(
            """async (path) => {
              await jupyterapp.commands.execute('docmanager:open', { path });
            }""",
            path,
        )
        self.page.wait_for_function(
            "path => jupyterapp.shell.currentWidget?.context?.path === path", arg=path
        )
        self.await_idle()

    def set_theme(self, theme: str) -> None:
        """Change JupyterLab's theme, light or dark."""
        self.page.evaluate(
            "name => jupyterapp.commands.execute('apputils:change-theme', { theme: name })",
            THEMES[theme],
        )
        light = str(theme == "light").lower()
        self.page.locator(f"body[data-jp-theme-light={light}]").wait_for(state="attached")

    @property
    def errors(self) -> list[str]:
        """What cells raised."""
        found: list[str] = self.page.evaluate(
            """() => [...jupyterapp.shell.currentWidget.content.model.cells]
              .filter((cell) => cell.type === 'code')
              .flatMap((cell) => cell.outputs.toJSON())
              .filter((output) => output.output_type === 'error')
              .map((error) => error.ename + ': ' + error.evalue)"""
        )
        return found

    @property
    def counts(self) -> list[int]:
        """The execution counts of the code cells."""
        found: list[int] = self.page.evaluate(
            """() => [...jupyterapp.shell.currentWidget.content.model.cells]
              .filter((cell) => cell.type === 'code' && cell.sharedModel.source.trim())
              .map((cell) => cell.executionCount)"""
        )
        return found

    @property
    def boxes(self) -> Locator:
        """The live labs and plain charts of the notebook in front."""
        return self.page.locator(".jp-NotebookPanel:not(.lm-mod-hidden) .ll-live")

    @property
    def labs(self) -> list[Lab]:
        """The labs, plain charts left out."""
        found = [Lab(self.boxes.nth(number)) for number in range(self.boxes.count())]
        return [lab for lab in found if lab.box.locator(".ll-numbers").count()]

    @property
    def plain_charts(self) -> int:
        """How many charts stand outside a lab, drawn."""
        drawn = [
            self.boxes.nth(number).locator(".ll-chart svg .role-mark").count()
            for number in range(self.boxes.count())
        ]
        return sum(bool(count) for count in drawn) - len(self.labs)


def count_controls(path: Path) -> int:
    """How many controls a notebook's sources declare."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    sources = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    return sum(
        len(re.findall(r"\blab\.(?:Slider|Choice|Toggle|Range)\(", source)) for source in sources
    )


@contextmanager
def profile(browser: Browser) -> Iterator[BrowserContext]:
    """A fresh browser profile, which fails in the end if it asked anything of another machine."""
    fresh = browser.new_context(viewport={"width": 1280, "height": 900})
    fresh.set_default_timeout(patience.EVENT * 1000)
    asked: list[str] = []

    def look(url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme in ("http", "https", "ws", "wss") and parts.hostname != "127.0.0.1":
            asked.append(url)

    fresh.on("request", lambda request: look(request.url))
    fresh.on("page", lambda page: page.on("websocket", lambda socket: look(socket.url)))
    yield fresh
    fresh.close()
    if asked:
        raise AssertionError(f"requests left this machine: {asked}")
