"""One lab made four ways: ``python -m tests.bench.compare``, from the repository's folder.

Not part of any gate. It makes an environment for Panel under ``.cache/compare``, which needs the
package index; all else runs in the course's own. Figures go to ``.cache/compare.json``; what they
mean is written in ``book/about/comparison.md``.
"""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.bench.compare.subject import GRIDS, ROOT, load, source
from tests.bench.live import Traffic, time_keys
from tests.live import workbench

CACHE = ROOT / ".cache" / "compare"
OURS = "better_later.show()"
CONTROLS = """
import ipywidgets as widgets

members = widgets.SelectionSlider(options=SIZES, value=5, description="Trees")
stragglers = widgets.SelectionSlider(options=[0.2, 0.5, 1, 2, 3], value=1, description="Slow, %")
"""
JUPYTER_CHART = """
alt.JupyterChart.enable_offline()
chart = alt.JupyterChart(
    committee_chart(committee(5, 1)).properties(width=700), embed_options={"renderer": "svg"}
)
sentence = widgets.Label(committee_sentence(committee(5, 1)))

def moved(_):
    frame = committee(members.value, stragglers.value)
    chart.chart = committee_chart(frame).properties(width=700)
    sentence.value = committee_sentence(frame)

members.observe(moved, "value")
stragglers.observe(moved, "value")
widgets.VBox([members, stragglers, chart, sentence])
"""
OUTPUT = """
alt.renderers.enable("svg")

def show(members, stragglers):
    frame = committee(members, stragglers)
    display(committee_chart(frame).properties(width=700))
    print(committee_sentence(frame))

names = {"members": members, "stragglers": stragglers}
widgets.VBox([members, stragglers, widgets.interactive_output(show, names)])
"""

# A slider that changes one number: what the way to a kernel and back costs anybody.
FLOOR = """
number = widgets.HTML("<svg><text y='20'>5</text></svg>")

def moved(_):
    number.value = f"<svg><text y='20'>{members.value}</text></svg>"

members.observe(moved, "value")
widgets.VBox([members, number])
"""


def summary(times: list[float], blanks: int) -> dict[str, Any]:
    """Latency as it is reported."""
    return {
        "p50_ms": round(median(times), 1),
        "p95_ms": round(quantiles(times, n=20)[-1], 1),
        "blanks": blanks,
        "presses": len(times),
    }


def violations(page: Page, context: str | None = None) -> list[str]:
    """Rules of axe that a page or a part of it breaks."""
    found = Axe().run(page, context=context) if context else Axe().run(page)
    return [f"{one['id']} ({one['impact']})" for one in found.response["violations"]]


def sizes(path: Path) -> dict[str, int]:
    """Bytes of a file, as it is and gzipped."""
    data = path.read_bytes()
    return {"bytes": len(data), "gzipped": len(gzip.compress(data, 9))}


# ---------------------------------------------------------------- pages without a kernel


def our_page(grid: str, folder: Path) -> dict[str, Any]:
    """Freeze the lab into a page beside the front end's files."""
    os.environ.pop("LAUNCHLAB_CACHE", None)
    from launchlab.lab.lives import page
    from launchlab.lab.lives.live import front, script
    from launchlab.lab.view import vega

    experiment = load(grid).names["better_later"]
    started = time.process_time()
    section = page.freeze(experiment, experiment.defaults)
    seconds = time.process_time() - started
    shared = {
        "launchlab.js": script(),
        "launchlab.css": front("launchlab.css"),
        "vega.js": vega.bundle(),
    }
    for name, text in shared.items():
        folder.joinpath(name).write_text(text, encoding="utf-8")
    head = '<link rel="stylesheet" href="launchlab.css"><script defer src="launchlab.js"></script>'
    whole = (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Ours</title>{head}'
        f"</head><body><main><h1>Ours</h1>{section}</main></body></html>"
    )
    folder.joinpath("page.html").write_text(whole, encoding="utf-8")
    lab = folder / "section.html"
    lab.write_text(section, encoding="utf-8")
    libraries = [sizes(folder / name)["gzipped"] for name in shared]
    return {
        "build_cpu_s": round(seconds, 2),
        "lab": sizes(lab),
        "libraries_gzipped": sum(libraries),
        "page": folder / "page.html",
    }


def panel_python() -> Path:
    """The interpreter of Panel's environment, made if it is missing."""
    python = CACHE / "bin" / "python"
    if not CACHE.joinpath("ready").exists():
        wanted = Path(__file__).with_name("requirements.txt")
        subprocess.run([sys.executable, "-m", "venv", CACHE], check=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", "-r", wanted], check=True)
        CACHE.joinpath("ready").touch()
    return python


def panel_page(grid: str, folder: Path) -> dict[str, Any]:
    """Let Panel write the lab with every state embedded."""
    made = subprocess.run(
        [panel_python(), "-m", "tests.bench.compare.panel_page", grid, folder],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=True,
        capture_output=True,
        text=True,
    )
    lab, whole = sizes(folder / "linked.html"), sizes(folder / "inline.html")
    return {
        "build_cpu_s": round(json.loads(made.stdout.splitlines()[-1])["build_cpu_s"], 2),
        "lab": lab,
        "libraries_gzipped": whole["gzipped"] - lab["gzipped"],
        "page": folder / "inline.html",
    }


def in_a_page(browser: Browser, made: dict[str, Any], handle: str, host: str) -> dict[str, Any]:
    """Latency, accessibility and requests of a page opened from a file."""
    context = browser.new_context(viewport={"width": 1000, "height": 900})
    page = context.new_page()
    asked: list[str] = []

    def keep_here(route) -> None:
        url = route.request.url
        if url.startswith(("file:", "data:", "blob:")):
            route.continue_()
        else:
            asked.append(url)
            route.abort()

    page.route("**/*", keep_here)
    page.goto(made.pop("page").as_uri())
    page.locator("svg .role-mark").first.wait_for(state="attached")
    axe = violations(page)
    times, blanks = time_keys(page.locator(handle).first, page.locator(host).first, 7)
    found = {
        **made,
        **summary(times, blanks),
        "axe": axe,
        "requests_off_the_machine": len(set(asked)),
    }
    context.close()
    return found


# ---------------------------------------------------------------- JupyterLab, with a kernel


def in_jupyterlab(
    browser: Browser, server: workbench.Server, name: str, cell: str, host: str
) -> dict[str, Any]:
    """Latency, bytes and accessibility of a notebook whose second cell shows the lab."""
    with workbench.profile(browser) as context:
        page = context.new_page()
        traffic = Traffic(page)
        notebook = workbench.Notebook(page, server, f"{name}.ipynb")
        page.evaluate("window.running = jupyterapp.commands.execute('notebook:run-all-cells');null")
        page.evaluate("async () => { await window.running; }")
        area = page.locator(".jp-CodeCell .jp-Cell-outputArea").last
        handle = area.locator(".noUi-handle").first
        handle.wait_for()
        chart = area.locator(host).first
        chart.locator("svg, img").first.wait_for(state="attached")
        page.wait_for_timeout(2000)
        loaded = traffic.total
        area.evaluate("node => { node.id = 'compared'; }")
        axe = violations(page, "#compared")
        before = traffic.total
        times, blanks = time_keys(handle, chart, 8)
        sent = traffic.total - before
        before = traffic.total
        notebook.add_and_run(cell)
        page.wait_for_timeout(2000)
        second = traffic.total - before
        notebook.close()
    return {
        **summary(times, blanks),
        "bytes_per_change": round(sent / (len(times) + 14)),
        "bytes_until_drawn": loaded,
        "bytes_of_a_second_one": second,
        "axe": axe,
    }


def without_kernel(browser: Browser, folder: Path, name: str) -> dict[str, Any]:
    """What a notebook saved with its widgets' state shows as a page, cut off from the network."""
    import nbformat
    from nbclient import NotebookClient
    from nbconvert import HTMLExporter

    notebook = nbformat.read(folder / f"{name}.ipynb", as_version=4)
    NotebookClient(notebook, store_widget_state=True).execute()
    html, _ = HTMLExporter().from_notebook_node(notebook)
    saved = folder / f"{name}.html"
    saved.write_text(html, encoding="utf-8")
    context = browser.new_context(viewport={"width": 1000, "height": 900})
    page = context.new_page()
    page.route(
        "**/*",
        lambda route: route.continue_() if route.request.url.startswith("file:") else route.abort(),
    )
    page.goto(saved.as_uri())
    page.wait_for_timeout(3000)
    found = {
        "page": sizes(saved),
        "controls": page.locator("[role=slider], input[type=range]").count(),
        "charts": page.locator(".jp-OutputArea svg .role-mark, .jp-OutputArea img").count(),
    }
    context.close()
    return found


PAGES: dict[str, tuple[Callable[[str, Path], dict[str, Any]], str, str]] = {
    "ours": (our_page, "input[type=range]", ".ll-chart"),
    "panel": (panel_page, ".noUi-handle", ".bk-panel-models-vega-VegaPlot"),
}
NOTEBOOKS = {
    "ours": (OURS, ".ll-chart"),
    "jupyter_chart": (CONTROLS + JUPYTER_CHART, ".vega-embed"),
    "output": (CONTROLS + OUTPUT, ".widget-output"),
    "floor": (CONTROLS + FLOOR, ".widget-html-content"),
}


def measure_all(folder: Path, browser: Browser) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every way of making the lab, one after the other: its name and its figures."""
    for grid in GRIDS:
        for name, (make, handle, host) in PAGES.items():
            place = folder / f"{grid}-{name}"
            place.mkdir()
            yield (
                f"page, {len(load(grid).states)} points, {name}",
                in_a_page(browser, make(grid, place), handle, host),
            )
    root = folder / "root"
    root.mkdir()
    with workbench.serve(root, folder / "home") as server:
        for name, (cell, host) in NOTEBOOKS.items():
            workbench.write_notebook(root / f"{name}.ipynb", source(), cell)
            yield f"JupyterLab, {name}", in_jupyterlab(browser, server, name, cell, host)
    for name in NOTEBOOKS:
        yield f"saved page, {name}", without_kernel(browser, root, name)


def main() -> None:
    """Measure, write and print."""
    os.environ.pop("LAUNCHLAB_MODE", None)
    out = ROOT / ".cache" / "compare.json"
    out.parent.mkdir(exist_ok=True)
    found: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as temporary, workbench.chromium() as browser:
        for name, figures in measure_all(Path(temporary), browser):
            found[name] = figures
            out.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
            print(name, json.dumps(figures), flush=True)


if __name__ == "__main__":
    main()
