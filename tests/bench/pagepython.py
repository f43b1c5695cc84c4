"""Python in the page: what it weighs, how long it takes to begin, and its fits beside native ones.

Only where ``PAGE_PYTHON=1`` is set. Fits alternate with native ones of one thread, in the same
minute, and the quickest of a few counts: on a shared machine only their ratio says something.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median

from playwright.sync_api import Page, sync_playwright

from launchlab.publish.pagepython import site
from tests import browser_path
from tests.conftest import FLAGS, ROOT
from tests.pagepython.conftest import Python, serving

ROUNDS = 3
MEGABIT = 1e6 / 8
_FITS = {
    "decision tree": "DecisionTreeClassifier(random_state=0)",
    "forest of 50": "RandomForestClassifier(50, random_state=0)",
    "boosting of 20": "HistGradientBoostingClassifier(max_iter=20, random_state=0)",
    "logistic regression": "LogisticRegression(max_iter=200)",
}
_FIT = """
import time, warnings
from sklearn.datasets import load_digits
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.tree import DecisionTreeClassifier
warnings.simplefilter("ignore")
X, y = load_digits(return_X_y=True)
took = []
for _ in range(3):
    began = time.perf_counter()
    {model}.fit(X, y)
    took.append(time.perf_counter() - began)
print(min(took))
"""
_LOOP = """
import time
began = time.perf_counter()
total = 0
for number in range(1_000_000):
    total += number * number
print(time.perf_counter() - began)
"""


def measure() -> dict[str, float]:
    """Sizes, starts and ratios; nothing where the extra is absent."""
    browser = browser_path.find()
    if not site.wanted(os.environ) or browser is None:
        return {}
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder)) as served:
        figures = {"Python in the page: to download, MB": served.size / 1e6}
        figures["Python in the page: at 10 Mbit/s, s"] = served.size / (10 * MEGABIT)
        with sync_playwright() as playwright:
            opened = playwright.chromium.launch(executable_path=browser, args=FLAGS)
            context = opened.new_context()
            python = Python(context.new_page(), served.address)
            figures["Python in the page: first start, s"] = python.start()["ready"] / 1e3
            python.page.evaluate("() => python.kept")
            python.page.close()
            python = Python(context.new_page(), served.address)
            figures["Python in the page: second start, s"] = python.start()["ready"] / 1e3
            python.stop()
            again = python.page.evaluate("() => python.times.again")
            figures["Python in the page: stopped and begun anew, s"] = again / 1e3
            figures |= ratios(python)
            figures["Python in the page: its memory, MB"] = memory(python.page)
            opened.close()
    return figures


def memory(page: Page) -> float:
    """Megabytes of the interpreter's own memory."""
    return float(page.evaluate("() => python.memorySize")) / 1e6


def ratios(python: Python) -> dict[str, float]:
    """How many times as long as natively things take, by the medians of some rounds.

    The two sides take turns.
    """
    codes = {name: _FIT.format(model=model) for name, model in _FITS.items()}
    codes["loop of a million"] = _LOOP
    sides: dict[str, Callable[[str], float]] = {
        "native": _native,
        "page": lambda code: float(python.run(code).text),
    }
    found = {}
    for name, code in codes.items():
        times: dict[str, list[float]] = {side: [] for side in sides}
        for _ in range(ROUNDS):
            for side, run in sides.items():
                times[side].append(run(code))
        ratio = median(times["page"]) / median(times["native"])
        found[f"Python in the page: {name}, times native"] = ratio
    return found


def _native(code: str) -> float:
    """A process of its own: libraries settle their threads when they are loaded."""
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    command = [sys.executable, "-c", code]
    ran = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return float(ran.stdout)


if __name__ == "__main__":
    os.environ.setdefault(site.VARIABLE, "1")
    for figure, value in measure().items():
        print(f"{figure:<60}{value:>10.2f}")
    print(f"(the parts are kept in {(ROOT / site.CACHE).relative_to(ROOT)})")
