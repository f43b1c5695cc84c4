"""What a reader with a kernel feels: key to chart in a real JupyterLab, and bytes over the wire.

One key press at a time, on the slider of a chapter's first lab, in Chromium. The clock is the
page's: it starts at the key's own event and stops at the last change that the key makes in the
chart.
"""

from __future__ import annotations

import importlib.util
import tempfile
from collections.abc import Iterable
from pathlib import Path
from statistics import median, quantiles

from playwright.sync_api import Locator, Page

NOTEBOOK = "book/objectives/the-score-is-a-proxy.ipynb"
WARM_UP = 14
PRESSES = 98
# The chart has come to rest when nothing in it has changed for so long.
QUIET_MS = 250

# Presses are timed in the page, so that the way from here to the browser does not count.
_CLOCK = """
([host, quiet]) => {
  const root = host.shadowRoot || host;
  const clock = { pressed: 0, last: 0, times: [], blanks: 0 };
  window.launchlabClock = clock;
  window.addEventListener('keydown', () => { clock.pressed = performance.now(); clock.last = 0; },
    true);
  new MutationObserver(() => {
    clock.last = performance.now();
    if (!root.querySelector('svg, img, canvas')) clock.blanks += 1;
  }).observe(root, { childList: true, subtree: true, attributes: true, characterData: true });
  clock.rest = () => new Promise((done, fail) => {
    const started = performance.now();
    const look = () => {
      const now = performance.now();
      if (clock.last && now - clock.last > quiet) {
        clock.times.push(clock.last - clock.pressed);
        done();
      } else if (now - started > 20000) fail(new Error('the key changed nothing in the chart'));
      else setTimeout(look, 20);
    };
    look();
  });
}
"""


class Traffic:
    """Bytes that go over the websockets of a page, in both directions."""

    def __init__(self, page: Page) -> None:
        self.total = 0
        page.on("websocket", self._listen)

    def _listen(self, socket: object) -> None:
        for event in ("framesent", "framereceived"):
            socket.on(event, self._count)  # type: ignore[attr-defined]

    def _count(self, data: bytes | str) -> None:
        self.total += len(data if isinstance(data, bytes) else data.encode())


def there_and_back(levels: int) -> Iterable[str]:
    """Arrow keys that walk a slider of so many levels from its first to its last and back.

    Raises
    ------
    ValueError
        If there is nowhere to walk: it is no slider.
    """
    if levels < 2:
        raise ValueError(f"levels={levels!r}, expected a slider with two or more")
    while True:
        yield from ["ArrowRight"] * (levels - 1)
        yield from ["ArrowLeft"] * (levels - 1)


def time_keys(
    handle: Locator, host: Locator, levels: int, presses: int = PRESSES, warm_up: int = WARM_UP
) -> tuple[list[float], int]:
    """Milliseconds from key to chart, and how often the chart was gone in between.

    Parameters
    ----------
    handle : Locator
        A slider's handle; it has so many ``levels``, and the walk starts at its first.
    host : Locator
        What holds the chart.
    presses, warm_up : int
        Timed presses, and those before them that are not counted.
    """
    page = handle.page
    handle.focus()
    page.keyboard.press("Home")
    host.evaluate(f"(host, quiet) => ({_CLOCK})([host, quiet])", QUIET_MS)
    # The way home is no part of the measure.
    page.evaluate("quiet => new Promise((done) => setTimeout(done, 4 * quiet))", QUIET_MS)
    keys = there_and_back(levels)
    for _, key in zip(range(warm_up + presses), keys, strict=False):
        handle.press(key)
        page.evaluate("() => window.launchlabClock.rest()")
    times: list[float] = page.evaluate("() => window.launchlabClock.times")
    blanks: int = page.evaluate("() => window.launchlabClock.blanks")
    return times[warm_up:], blanks


def measure() -> dict[str, float]:
    """Key to chart and bytes, in a JupyterLab started for it; empty without a browser."""
    from tests.browser_path import find

    if find() is None or importlib.util.find_spec("jupyterlab") is None:
        print("bench: no browser or no JupyterLab, so the live side is not measured")
        return {}
    from tests.live import workbench

    with tempfile.TemporaryDirectory() as folder:
        root = workbench.copy_notebooks(Path(folder, "root"))
        with (
            workbench.serve(root, Path(folder, "home")) as server,
            workbench.chromium() as browser,
            workbench.profile(browser) as context,
        ):
            page = context.new_page()
            traffic = Traffic(page)
            notebook = workbench.Notebook(page, server, NOTEBOOK)
            notebook.run_all()
            loaded = traffic.total
            lab = notebook.labs[0]
            lab.output.get_by_role("button", name="Skip").press("Enter")
            lab.box.wait_for(state="visible")
            handle = lab.controls[0].locator
            levels = int(float(handle.get_attribute("aria-valuemax") or 0)) + 1
            before = traffic.total
            times, _ = time_keys(handle, lab.box.locator(".ll-chart"), levels)
            sent = traffic.total - before
            notebook.close()
    return {
        "live: key to chart, p50, ms": median(times),
        "live: key to chart, p95, ms": quantiles(times, n=20)[-1],
        "live: websocket per change, KB": sent / (WARM_UP + PRESSES) / 1e3,
        "live: websocket until the chart stands, KB": loaded / 1e3,
    }


if __name__ == "__main__":
    for name, value in measure().items():
        print(f"{name:<52}{value:>10.2f}")
