"""Two chapters of the book in Firefox: ``make test-firefox``.

Playwright wants a Firefox of its own, so Debian's is driven over WebDriver BiDi, the protocol that
it speaks by itself. Not among the tests: it is walked before a release, and noted.
"""

from __future__ import annotations

import itertools
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import websocket

from launchlab.lab.lives import inpage
from launchlab.publish.pagepython import site
from tests import patience
from tests.conftest import ROOT
from tests.pagepython.conftest import RUN, START, serving

NAMES = ("firefox", "firefox-esr")
CHAPTERS = ("book/objectives/one-score", "book/ensembling/why-ensembles-win")
_LISTENS = re.compile(r"WebDriver BiDi listening on (ws://\S+)")


class Firefox:
    """A Firefox that listens."""

    def __init__(self, address: str) -> None:
        self.socket = websocket.create_connection(
            f"{address}/session", timeout=patience.PROGRAM, suppress_origin=True
        )
        self.numbers = itertools.count(1)
        self.ask("session.new", capabilities={})
        (self.page, *_) = self.ask("browsingContext.getTree")["contexts"]

    def ask(self, method: str, **parameters: Any) -> Any:
        """Send a command, and return its answer.

        Raises
        ------
        RuntimeError
            If Firefox refuses it.
        """
        number = next(self.numbers)
        self.socket.send(json.dumps({"id": number, "method": method, "params": parameters}))
        while True:
            told = json.loads(self.socket.recv())
            if told.get("id") == number:
                if told["type"] == "error":
                    raise RuntimeError(f"{method}: {told['message']}")
                return told["result"]

    def open(self, address: str) -> None:
        """Go to a page."""
        context = self.page["context"]
        self.ask("browsingContext.navigate", context=context, url=address, wait="complete")

    def evaluate(self, function: str, *given: Any) -> Any:
        """Call a function of JSON data in the page, and return the JSON data that it returns."""
        arguments = ", ".join(map(json.dumps, given))
        told = self.ask(
            "script.evaluate",
            expression=f"(async () => JSON.stringify(await ({function})({arguments}) ?? null))()",
            target={"context": self.page["context"]},
            awaitPromise=True,
        )
        if told["type"] == "exception":
            raise RuntimeError(told["exceptionDetails"]["text"])
        return json.loads(told["result"]["value"])


@contextmanager
def firefox() -> Iterator[Firefox]:
    """Start the Firefox that is installed, and end it.

    Raises
    ------
    FileNotFoundError
        If there is none.
    """
    program = next(filter(None, map(shutil.which, NAMES)), None)
    if program is None:
        raise FileNotFoundError("No Firefox: sudo apt-get install firefox-esr")
    with tempfile.TemporaryDirectory() as profile:
        command = [program, "--headless", "--remote-debugging-port=0", "--profile", profile]
        with subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
        ) as running:
            assert running.stderr is not None
            try:
                found = next(filter(None, map(_LISTENS.search, running.stderr)))
                yield Firefox(found[1])
            finally:
                running.terminate()


def walk(one: Firefox, name: str) -> list[str]:
    """Run a chapter, and say what went wrong."""
    notebook = json.loads((ROOT / f"{name}.ipynb").read_text(encoding="utf-8"))
    codes = ["".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code"]
    wrong, labs, took = [], 0, 0.0
    for number, code in enumerate(codes, 1):
        ran = one.evaluate(RUN, code)
        took += ran["ms"] / 1e3
        shown = [event["data"] for event in ran["events"] if event["type"] == "display"]
        labs += sum(inpage.LAB_KIND in data for data in shown)
        if not ran["ok"]:
            told = [event for event in ran["events"] if event["type"] == "error"]
            wrong.append(
                f"{name}, code cell {number}: {told[0]['message'] if told else 'no error'}"
            )
    print(f"{name}: {len(codes) - len(wrong)} of {len(codes)} cells, {labs} labs, {took:.0f} s")
    return wrong


def main() -> int:
    """Walk two chapters.

    Returns
    -------
    int
        0, or 1 if there is no Firefox or a cell failed.
    """
    os.environ.setdefault(site.VARIABLE, "1")
    wrong = []
    try:
        with (
            tempfile.TemporaryDirectory() as folder,
            serving(Path(folder)) as served,
            firefox() as one,
        ):
            one.open(served.address)
            print(one.evaluate("() => navigator.userAgent"))
            for start in ("first", "second"):
                one.open(served.address)
                times = one.evaluate(START)
                print(f"{start} start: {times['ready'] / 1e3:.1f} s", flush=True)
                one.evaluate("() => python.kept.then(() => 0)")
            for name in CHAPTERS:
                wrong += walk(one, name)
                one.evaluate("() => python.stop()")
            again = one.evaluate("() => python.times.again")
            print(f"stopped and begun anew: {again / 1e3:.1f} s")
    except FileNotFoundError as error:
        print(error)
        return 1
    for line in wrong:
        print(f"failed: {line}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
