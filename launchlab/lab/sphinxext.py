"""The Sphinx extension that freezes experiments into the pages of the book.

It tells kernels that they are being frozen, keys the execution cache by the package's sources,
hands each page with a chart the one script and style sheet, draws formulas as MathML, and sets
the launch buttons when the repository's address is known.
"""

from __future__ import annotations

import importlib
import os
from pathlib import Path
from typing import Any

from docutils import nodes
from latex2mathml.converter import convert
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective, SphinxRole

from launchlab.lab import page, points, repository, show, vega
from launchlab.lab.index import claims_html, find_claims, find_labs, labs_html, sum_minutes
from launchlab.lab.live import front

logger = logging.getLogger(__name__)
FOLDER = "launchlab"
# Before anything is painted: the style sheet is told that labs will come to life. And Font Awesome
# is told to draw the theme's icons once: it would search every mark of a chart for icons each time
# that a chart is drawn, and that took longer than drawing it.
_FIRST_SCRIPT = (
    'document.documentElement.classList.add("ll-js");'
    "window.FontAwesomeConfig = { observeMutations: false };"
)
_SHOWS_LABS = "launchlab-shows-labs"


def set_up_kernels(app: Sphinx, config: Any) -> None:
    """Tell kernels that they are being frozen, and where computed points are kept."""
    os.environ[show.MODE_VARIABLE] = "freeze"
    os.environ.setdefault(points.CACHE_VARIABLE, str(Path(app.srcdir, ".cache", "points")))
    # Raising would end the build at the first broken notebook, before its report is written; with
    # -W the warning fails the build too, and every broken notebook is named.
    config.nb_execution_raise_on_error = False
    # jupyter-cache looks at the notebook alone; a changed package must not show stale numbers.
    config.nb_execution_cache_path = str(
        Path(app.srcdir, ".cache", "notebooks", points.package_hash())
    )


def set_up_buttons(app: Sphinx, config: Any) -> None:
    """Show the buttons that need the repository's address only when it is known."""
    options = config.html_theme_options
    found = repository.find(options.get("repository_url"), os.environ, Path(app.srcdir))
    options["navbar_persistent"] = []  # a second search box above the first helps nobody
    options["use_download_button"] = found is not None
    if found is None:
        options.pop("launch_buttons", None)
        return
    options["repository_url"] = found
    options["repository_branch"] = os.environ.get("GITHUB_REF_NAME") or "main"
    options["use_repository_button"] = True
    options["launch_buttons"] = {
        "notebook_interface": "jupyterlab",
        "binderhub_url": "https://mybinder.org",
    }


def write_front_end(app: Sphinx) -> None:
    """Put script, style sheet and Vega where pages ask for them.

    Not through ``_static``: Jupyter Book adds every script there to every page.
    """
    if app.builder.format != "html":
        return
    folder = Path(app.outdir, "_static", FOLDER)
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("launchlab.js", "launchlab.css"):
        folder.joinpath(name).write_text(front(name), encoding="utf-8")
    folder.joinpath("vega.js").write_text(vega.bundle(), encoding="utf-8")


def add_front_end(
    app: Sphinx, pagename: str, _template: str, context: dict[str, Any], _doctree: Any
) -> None:
    """Give a page with a lab or chart the front end; fail on output that must not be published."""
    body = context.get("body", "")
    if page.ERROR_CLASS in body:
        logger.warning("%s: an output reports an error: see %r", pagename, page.ERROR_CLASS)
    if 'class="launchlab' in body:
        app.add_js_file(None, body=_FIRST_SCRIPT)
        app.add_js_file(f"{FOLDER}/launchlab.js", loading_method="defer")


def mathml(latex: str, display: str) -> str:
    """A formula as MathML."""
    text: str = convert(latex, display=display)
    return text


def _visit_math(self: Any, node: Any) -> None:
    self.body.append(mathml(node.astext(), "inline"))
    raise nodes.SkipNode


def _visit_math_block(self: Any, node: Any) -> None:
    # On a phone a long formula scrolls sideways; the keyboard must reach it to do so.
    self.body.append(f'<div class="math-block" tabindex="0">{mathml(node.astext(), "block")}</div>')
    raise nodes.SkipNode


class AllLabs(SphinxDirective):
    """``{all-labs}``: a list of every lab in the notebooks beside the page, with links."""

    def run(self) -> list[nodes.Node]:
        """Make the list."""
        self.env.metadata[self.env.docname][_SHOWS_LABS] = "yes"
        page = Path(self.env.doc2path(self.env.docname))
        return [nodes.raw("", labs_html(find_labs(page.parent)), format="html")]


class AllClaims(SphinxDirective):
    """``{all-claims} PACKAGE``: a table of every claim that a package declares."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Make the table."""
        self.env.metadata[self.env.docname][_SHOWS_LABS] = "yes"
        package = importlib.import_module(self.arguments[0])
        page = Path(self.env.doc2path(self.env.docname))
        table = claims_html(package.all_results(), find_claims(page.parent))
        return [nodes.raw("", table, format="html")]


class Minutes(SphinxRole):
    """``{minutes}`PAGE, PAGE, 15``` : how long these take together.

    A page is a path without suffix from the book's root; with a ``!`` before it, the time of who
    skips the code. What a page takes it says itself. A number stands for so many minutes.
    """

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Add the minutes up."""
        self.env.metadata[self.env.docname][_SHOWS_LABS] = "yes"
        try:
            total = sum_minutes(self.text, Path(self.env.srcdir))
        except ValueError as error:
            logger.warning("minutes: %s", error, location=self.get_location())
            total = 0
        return [nodes.Text(f"{total:,}")], []


def reread_lists(_app: Sphinx, env: Any, *_: Any) -> list[str]:
    """Pages that list labs are read anew at each build, since they depend on all others."""
    return [name for name, kept in env.metadata.items() if _SHOWS_LABS in kept]


def use_mathml(_app: Sphinx, config: Any) -> None:
    """Draw formulas with the renderer of this extension."""
    config.html_math_renderer = "launchlab_mathml"


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the extension."""
    app.add_html_math_renderer("launchlab_mathml", (_visit_math, None), (_visit_math_block, None))
    app.add_directive("all-labs", AllLabs)
    app.add_directive("all-claims", AllClaims)
    app.add_role("minutes", Minutes())
    app.connect("env-get-outdated", reread_lists)
    app.add_css_file(f"{FOLDER}/launchlab.css")
    app.connect("config-inited", use_mathml)
    app.connect("config-inited", set_up_kernels)
    app.connect("config-inited", set_up_buttons)
    app.connect("builder-inited", write_front_end)
    app.connect("html-page-context", add_front_end)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
