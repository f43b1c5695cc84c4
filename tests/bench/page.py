"""What a reader of the page feels: bytes, time to ready, slider to paint, and the script in it."""

from __future__ import annotations

import functools
import gzip
import http.server
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from playwright.sync_api import Page, sync_playwright

from tests import patience

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
SECTION = re.compile(r'<section class="launchlab.*?</section>', re.DOTALL)
STEPS = 60

# The browser paints after the frame's callbacks; the message comes once the painting is done.
_PAINT = """
async ([id, steps]) => {
  const controls = document.getElementById(id).querySelector(".ll-controls");
  const input = controls.querySelector("input[type=range]")
    || controls.querySelector("input[type=checkbox], select");
  const kind = input.type === "range" ? "input" : "change";
  const move = (step) => {
    if (input.type === "checkbox") {
      input.checked = !input.checked;
    } else if (input.type === "range") {
      const before = input.value;
      if (step % 2) input.stepDown(); else input.stepUp();
      if (input.value === before) { if (step % 2) input.stepUp(); else input.stepDown(); }
    } else {
      input.selectedIndex = (input.selectedIndex + 1) % input.options.length;
    }
  };
  const times = [];
  const scripts = [];
  for (let step = 0; step < steps; step += 1) {
    move(step);
    // A frame's callbacks run in the order in which they were asked for: one before the lab's and
    // one after it, and what the lab's leaves to promises is done in between.
    let begun = 0;
    requestAnimationFrame(() => { begun = performance.now(); });
    const started = performance.now();
    input.dispatchEvent(new Event(kind, { bubbles: true }));
    const handled = performance.now() - started;
    await new Promise((done) => requestAnimationFrame(() => {
      scripts.push(handled + performance.now() - begun);
      const channel = new MessageChannel();
      channel.port1.onmessage = done;
      channel.port2.postMessage(0);
    }));
    times.push(performance.now() - started);
    await new Promise((done) => setTimeout(done, 20));
  }
  return [times, scripts];
}
"""


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve a folder on a free loopback port; gives the address."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            """Say nothing."""

    handler = functools.partial(Quiet, directory=str(folder))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


def zipped(text: str | bytes) -> int:
    """Size in bytes after gzip, as a web server would send it."""
    return len(gzip.compress(text.encode() if isinstance(text, str) else text, mtime=0))


def lab_bytes(html: str) -> dict[str, tuple[int, int]]:
    """Raw and gzipped bytes of each frozen lab of a page, by name."""
    found = {}
    for section in SECTION.findall(html):
        name = re.search(r'id="lab-([^"]+)"', section)
        if name:
            found[name[1]] = (len(section.encode()), zipped(section))
    return found


def _open(page: Page, address: str) -> float:
    """Open a page, pass its questions, and return milliseconds until its first lab is ready."""
    page.goto(address)
    page.evaluate("document.querySelectorAll('.ll-question .ll-quiet').forEach((b) => b.click())")
    page.locator("section.launchlab").first.scroll_into_view_if_needed()
    page.wait_for_selector("section.launchlab[data-ready]", timeout=patience.EVENT * 1000)
    milliseconds: float = page.evaluate("performance.now()")
    return milliseconds


def measure(site: Path, browser: str) -> tuple[dict[str, float], list[dict[str, Any]]]:
    """Measure every page with a lab.

    Parameters
    ----------
    site : Path
        The built book.
    browser : str
        Chromium.

    Returns
    -------
    totals : dict
        Name (with unit) to figure.
    labs : list of dict
        One row for each lab.
    """
    # The pages on which a lab stands alone hold the same labs once more.
    found = (path for path in sorted(site.rglob("*.html")) if path.parent != site / "frames")
    pages = [path for path in found if 'id="lab-' in path.read_text()]
    front = [site / "_static" / "launchlab" / name for name in ("launchlab.js", "launchlab.css")]
    front_bytes = sum(zipped(path.read_bytes()) for path in front)
    labs: list[dict[str, Any]] = []
    ready: list[float] = []
    heaviest = 0
    with served(site) as address, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser, args=ARGUMENTS)
        for path in pages:
            html = path.read_text()
            heaviest = max(heaviest, sum(z for _, z in lab_bytes(html).values()) + front_bytes)
            context = chromium.new_context(viewport={"width": 1280, "height": 900})
            page = context.new_page()
            name = path.relative_to(site).as_posix()
            ready.append(_open(page, f"{address}/{name}"))
            for lab, (raw, small) in lab_bytes(html).items():
                section = page.locator(f"#lab-{lab}")
                section.scroll_into_view_if_needed()
                page.wait_for_selector(f"#lab-{lab}[data-ready]")
                times, scripts = page.evaluate(_PAINT, [f"lab-{lab}", STEPS])
                labs.append(
                    {
                        "lab": lab,
                        "bytes": raw,
                        "gzipped": small,
                        "paint_p50_ms": median(times),
                        "paint_p95_ms": quantiles(times, n=20)[-1],
                        "script_p50_ms": median(scripts),
                    }
                )
            context.close()
        chromium.close()
    vega = site / "_static" / "launchlab" / "vega.js"
    totals = {
        "heaviest page beyond the theme, gzipped KB": heaviest / 1e3,
        "Vega, once a site, gzipped KB": zipped(vega.read_bytes()) / 1e3,
        "page ready (median over pages), ms": median(ready),
    }
    return totals, labs
