"""Every lab of the built book, and two chapters' own Python, in Firefox: ``make test-firefox``.

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
from tests.bench.page import served
from tests.conftest import ROOT
from tests.pagepython.conftest import RUN, START, serving
from tests.site import book

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


# Skip the questions of a page, move each control of its labs to both ends, and say what stays.
_LABS = """async (expected) => {
  const wait = async (what, until) => {
    for (let left = 1200; !until(); left -= 1) {
      if (!left) throw new Error(`${what}: not in a minute`);
      await new Promise((done) => setTimeout(done, 50));
    }
  };
  const frames = () => new Promise((done) =>
    requestAnimationFrame(() => requestAnimationFrame(done)));
  const all = () => document.querySelectorAll("section.launchlab");
  // Firefox may say that a page is complete while another one is still there.
  await wait(`${expected} labs`, () => all().length === expected);
  const still = [];
  let labs = 0, controls = 0;
  for (const lab of all()) {
    lab.scrollIntoView();
    await wait(lab.id, () => lab.dataset.mounted);
    lab.querySelectorAll(".ll-question .ll-quiet").forEach((skip) => skip.click());
    await wait(lab.id, () => lab.dataset.ready);
    const seen = () => [".ll-stage svg", ".ll-sentence"].map((part) =>
      lab.querySelector(part).outerHTML);
    const reset = [...lab.querySelectorAll(".ll-controls button")].find((one) =>
      one.textContent === "Reset");
    const inputs = lab.querySelectorAll(
      ".ll-controls input[type=range], .ll-controls input[type=checkbox], .ll-controls select");
    labs += 1;
    for (const input of inputs) {
      controls += 1;
      const ends = [];
      for (const end of [0, 1]) {
        if (input.type === "checkbox") input.checked = Boolean(end);
        else if (input.type === "range") input.value = end ? input.max : input.min;
        else input.selectedIndex = end ? input.options.length - 1 : 0;
        input.dispatchEvent(new Event("input", { bubbles: true }));
        input.dispatchEvent(new Event("change", { bubbles: true }));
        await frames();
        ends.push(seen());
      }
      const named = `${lab.id}, ${input.id || input.name}`;
      if (ends[0][0] === ends[1][0]) still.push(`${named}: the picture stays`);
      if (ends[0][1] === ends[1][1]) still.push(`${named}: the sentence stays`);
      reset.click();
      await frames();
    }
  }
  return { labs, controls, still };
}"""


def use_labs(one: Firefox) -> list[str]:
    """Move every control of every lab of the built book, and say which moves nothing."""
    wrong, labs, controls = [], 0, 0
    with served(book.BUILT) as address:
        for page in book.pages():
            if not book.labs(page):
                continue
            one.open(f"{address}/{page}")
            try:
                found = one.evaluate(_LABS, len(book.labs(page)))
            except RuntimeError as error:
                wrong.append(f"{page}: {error}")
                continue
            wrong += [f"{page}: {still}" for still in found["still"]]
            labs, controls = labs + found["labs"], controls + found["controls"]
    print(f"{labs} labs, {controls} controls moved to both ends", flush=True)
    return wrong


def main() -> int:
    """Walk every lab and two chapters.

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
            serving(Path(folder)) as home,
            firefox() as one,
        ):
            one.open(home.address)
            print(one.evaluate("() => navigator.userAgent"))
            wrong += use_labs(one)
            one.open(home.address)
            for start in ("first", "second"):
                one.open(home.address)
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
