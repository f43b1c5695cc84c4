"""``make bench``: one table of speed and size, checked against the budgets.

Times are generous, because machines differ and are shared; bytes are exact. The table goes to the
terminal and to ``bench.txt``, the figures to ``bench.json``.
"""

from __future__ import annotations

import importlib.util
import json
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from tests import browser_path
from tests.bench import build, page

ROOT = Path(__file__).resolve().parents[2]
# Name of a figure to the most it may be.
BUDGETS = {
    # A frame of a screen at 60 Hz: no lab may miss one as a rule.
    "slider to paint, worst p50, ms": 16.7,
    "slider to paint, worst p95, ms": 50,
    "script of a change, worst p50, ms": 12,
    "heaviest lab, gzipped KB": 50,
    "heaviest page beyond the theme, gzipped KB": 150,
    "cold build, s": 480,
    "notebook, median s": 12,
    "notebook, slowest s": 60,
    "a setting anew, worst lab, ms": 500,
    "a whole grid, worst lab, s of processor": 15,
    "import launchlab.lab (warm), s": 3,
    "grader: processor s above the notebook's own": 1.5,
    # What the button says, rounded.
    "Python in the page: to download, MB": 42.5,
}


def import_seconds() -> float:
    """Seconds a fresh interpreter takes for ``import launchlab.lab``, the best of three."""
    command = [sys.executable, "-c", "import launchlab.lab"]
    times = []
    for _ in range(3):
        started = time.monotonic()
        subprocess.run(command, check=True)
        times.append(time.monotonic() - started)
    return min(times)


def optional(module: str) -> Callable[[], dict[str, float]] | None:
    """A benchmark that not every state of the repository has."""
    try:
        if importlib.util.find_spec(module) is None:
            return None
    except ModuleNotFoundError:
        return None
    found = importlib.import_module(module)
    return getattr(found, "measure", None) or getattr(found, "bench", None)


def main() -> int:
    """Measure, print, write, and compare with the budgets."""
    browser = browser_path.find()
    if browser is None:
        print("bench: no browser; make test installs one or says how")
        return 1
    figures: dict[str, float] = {"import launchlab.lab (warm), s": import_seconds()}
    totals, labs = page.measure(ROOT / "_build" / "html", browser)
    figures["slider to paint, worst p50, ms"] = max(row["paint_p50_ms"] for row in labs)
    figures["slider to paint, worst p95, ms"] = max(row["paint_p95_ms"] for row in labs)
    figures["script of a change, worst p50, ms"] = max(row["script_p50_ms"] for row in labs)
    figures["heaviest lab, gzipped KB"] = max(row["gzipped"] for row in labs) / 1e3
    figures |= totals
    with tempfile.TemporaryDirectory() as folder:
        seconds, notebooks = build.measure(ROOT, Path(folder, "book"))
    figures |= seconds
    figures["notebook, median s"] = median(notebooks.values())
    figures["notebook, slowest s"] = max(notebooks.values())
    for module in (
        "tests.bench.live",
        "launchlab.market.bench",
        "tests.bench.grading",
        "tests.bench.pagepython",
    ):
        measure = optional(module)
        if measure is not None:
            figures |= measure()

    lines = [f"{platform.machine()}, Python {platform.python_version()}", ""]
    lines.append(f"{'figure':<52}{'measured':>10}{'budget':>9}")
    for name, value in figures.items():
        budget = BUDGETS.get(name)
        over = "  OVER" if budget is not None and value > budget else ""
        lines.append(f"{name:<52}{value:>10.2f}{budget if budget else '':>9}{over}")
    lines += [
        "",
        f"{'lab':<24}{'bytes':>9}{'gzipped':>9}{'paint p50':>11}{'p95 ms':>8}{'script':>8}",
    ]
    for row in labs:
        lines.append(
            f"{row['lab']:<24}{row['bytes']:>9,}{row['gzipped']:>9,}"
            f"{row['paint_p50_ms']:>11.1f}{row['paint_p95_ms']:>8.1f}"
            f"{row['script_p50_ms']:>8.1f}"
        )
    lines += ["", f"{'notebook':<60}{'seconds':>8}"]
    lines += [f"{name:<60}{value:>8.1f}" for name, value in sorted(notebooks.items())]
    table = "\n".join(lines)
    print(table)
    (ROOT / "bench.txt").write_text(table + "\n", encoding="utf-8")
    kept = {"figures": figures, "labs": labs, "notebooks": notebooks}
    (ROOT / "bench.json").write_text(json.dumps(kept, indent=1), encoding="utf-8")
    # What a machine cannot measure (no JupyterLab, no bubblewrap) has no figure.
    over = [name for name, budget in BUDGETS.items() if figures.get(name, 0) > budget]
    print(f"\nOver budget: {', '.join(over)}" if over else "\nAll budgets kept; see bench.txt")
    return 1 if over else 0


if __name__ == "__main__":
    sys.exit(main())
