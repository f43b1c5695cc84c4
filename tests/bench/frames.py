"""Record how long each lab's frames take: ``python -m tests.bench.frames``.

The page about a build shows the record, which is committed: on a machine that builds a book, no
time would be a lab's own. Make it anew where nothing else runs; how busy it was stands in it.
"""

from __future__ import annotations

import datetime
import os
import platform
import sys

from playwright.sync_api import sync_playwright

from launchlab.publish import status
from tests import browser_path
from tests.bench import page
from tests.conftest import ROOT


def main() -> int:
    """Measure every lab of the built book, and write the record."""
    browser = browser_path.find()
    if browser is None:
        print("frames: no browser; make test installs one or says how")
        return 1
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser, args=page.ARGUMENTS)
        version = chromium.version.split(".")[0]
        chromium.close()
    load = os.getloadavg()[0]
    _, labs = page.measure(ROOT / "_build" / "html", browser)
    found = status.FrameTimes(
        on=datetime.date.today().isoformat(),
        where=f"Chromium {version}, {platform.machine()}, {os.cpu_count()} cores, load {load:.0f}",
        labs={
            row["lab"]: (round(row["script_p50_ms"], 1), round(row["paint_p95_ms"], 1))
            for row in labs
        },
    )
    status.FRAME_TIMES.write_text(found.text(), encoding="utf-8")
    print(f"{len(labs)} labs: {status.FRAME_TIMES.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
