"""The Sphinx extension that freezes experiments into the pages of the book.

It tells kernels that they are being frozen, has the notebooks executed side by side before pages
are read, hands each page with a chart the one script and style sheet, draws formulas as MathML, and
sets the launch buttons when the repository's address is known.
"""

from __future__ import annotations

import glob
import importlib
import json
import os
import re
from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path
from typing import Any

from docutils import nodes
from latex2mathml.converter import convert
from markupsafe import escape
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective, SphinxRole

from launchlab import memo
from launchlab.claims import shown
from launchlab.lab import show
from launchlab.lab.lives import live, page
from launchlab.lab.view import vega
from launchlab.publish import (
    addresses,
    assets,
    cards,
    cite,
    colab,
    definitions,
    execute,
    failures,
    figures,
    forms,
    frames,
    heads,
    icons,
    pages,
    repository,
    runnable,
    status,
    tables,
    units,
)
from launchlab.publish.index import (
    claims_html,
    find_claims,
    find_heading,
    find_labs,
    labs_html,
    ledger_html,
    read_rules,
    rules_html,
    sum_minutes,
)
from launchlab.publish.pagepython import extension as page_python

logger = logging.getLogger(__name__)
FOLDER = "launchlab"
# Before anything is painted: the style sheet is told that labs will come to life, and hides their
# outcomes until questions stand before them, however long the script is on its way. Font Awesome is
# told to draw the theme's icons once: it would search every mark of a chart for icons each time
# that a chart is drawn, and that took longer than drawing it.
_FIRST_SCRIPT = (
    'document.documentElement.classList.add("ll-js");'
    "window.FontAwesomeConfig = { observeMutations: false };"
)
# A script that never comes, or that this browser cannot run, leaves the pictures as they are.
_GIVE_UP = 'document.documentElement.classList.remove("ll-js")'
_SHOWS_LABS = "launchlab-shows-labs"
# Where Sphinx's environment keeps what the terms mean.
_DEFINITIONS = "launchlab_definitions"
_SHOWS_CLAIMS = "launchlab-shows-claims"
_IS_LEDGER = "launchlab-is-ledger"
_SHOWS_SITE = "launchlab-shows-site"
# Where a reader may write a decision down; `decisions.js` looks for the same.
_ASKS_TO_DECIDE = ('class="ll-ticket ll-record', "<em>I ship … because …</em>")


def set_up_kernels(app: Sphinx, config: Any) -> None:
    """Tell kernels that they are being frozen, and where computed points are kept."""
    os.environ[show.MODE_VARIABLE] = "freeze"
    os.environ.setdefault(memo.CACHE_VARIABLE, str(Path(app.srcdir, ".cache", "points")))
    # Raising would end the build at the first broken notebook, before its report is written; with
    # -W the warning fails the build too, and every broken notebook is named.
    config.nb_execution_raise_on_error = False
    config.nb_execution_cache_path = str(Path(app.srcdir, execute.EXECUTED))


def set_up_buttons(app: Sphinx, config: Any) -> None:
    """Take the theme's own launch buttons away, which know three hosts and stop at any other."""
    options = config.html_theme_options
    found = repository.find(options.get("repository_url"), os.environ, Path(app.srcdir))
    options["navbar_persistent"] = []  # a second search box above the first helps nobody
    options["use_download_button"] = True
    options["use_repository_button"] = False
    options.pop("repository_url", None)
    options.pop("launch_buttons", None)
    config.templates_path.insert(0, str(Path(__file__).with_name("templates")))
    if found is None:
        return
    branch = repository.find_branch(os.environ, Path(app.srcdir))

    def add(app: Sphinx, name: str, _template: str, context: dict[str, Any], _doctree: Any) -> None:
        if "header_buttons" in context:
            notebook = name in app.env.found_docs and app.env.doc2path(name).endswith(".ipynb")
            page = f"{name}.ipynb" if notebook else None
            shown = buttons(found, branch, page, on_colab=page is not None and _on_colab(app, page))
            context["header_buttons"][:0] = shown

    # After the theme has made its list.
    app.connect("html-page-context", add, priority=600)


def _on_colab(app: Sphinx, page: str) -> bool:
    """Whether a page's notebook is among those that are made for Colab."""
    notebook = json.loads(Path(app.srcdir, page).read_text(encoding="utf-8"))
    return colab.offered(page, notebook)


def buttons(
    address: str, branch: str, page: str | None, *, on_colab: bool = False
) -> list[dict[str, Any]]:
    """The buttons of a page that lead to its repository, as the theme describes buttons.

    Parameters
    ----------
    address : str
        From `repository.find`.
    branch : str
    page : str, optional
        Path of the page's notebook from the root, if it is one.
    on_colab : bool
        Whether the notebook is made for Colab too.
    """
    source = {
        "type": "link",
        "url": address,
        "tooltip": "Source repository",
        "text": "",
        "icon": repository.icon(address),
        "label": "source-repository-button",
    }
    if page is None:
        return [source]
    binder = {
        "type": "link",
        "text": "Binder",
        "tooltip": "Launch on Binder",
        "icon": "_static/images/logo_binder.svg",
        "url": repository.binder(address, branch, page),
    }
    opened = colab.link(address, page) if on_colab else None
    google = {
        "type": "link",
        "text": "Colab",
        "tooltip": "Launch on Colab",
        "icon": "_static/images/logo_colab.png",
        "url": opened,
    }
    group = {
        "type": "group",
        "tooltip": "Launch interactive content",
        "icon": "fas fa-rocket",
        "buttons": [binder, google] if opened else [binder],
        "label": "launch-buttons",
    }
    return [group, source]


def set_up_site(_app: Sphinx, config: Any) -> None:
    """Let every page name its own address, where that of the site is known."""
    config.html_baseurl = heads.site_address(os.environ) or config.html_baseurl


def write_sitemap(app: Sphinx, error: Exception | None) -> None:
    """Write down all pages for search engines, where the address of the site is known."""
    address = app.config.html_baseurl
    if error is None and address and app.builder.format == "html":
        text = heads.sitemap(address, app.env.found_docs)
        Path(app.outdir, "sitemap.xml").write_text(text, encoding="utf-8")


def write_front_end(app: Sphinx) -> None:
    """Put script, style sheet and Vega where pages ask for them.

    Not through ``_static``: Jupyter Book adds every script there to every page.
    """
    if app.builder.format != "html":
        return
    folder = Path(app.outdir, "_static", FOLDER)
    folder.mkdir(parents=True, exist_ok=True)
    folder.joinpath("launchlab.js").write_text(live.script(), encoding="utf-8")
    for script in ("page.js", "present.js", "decisions.js"):
        folder.joinpath(script).write_text(front(script), encoding="utf-8")
    # Judges what labs have kept, without the labs.
    parts = [live.front(one) for one in ("rounding.js", "prediction.js")]
    text = "\n".join([*parts, front("ledger.js")])
    folder.joinpath("ledger.js").write_text(text, encoding="utf-8")
    folder.joinpath("launchlab.css").write_text(live.front("launchlab.css"), encoding="utf-8")
    looks = "\n".join([*map(front, ("page.css", "present.css", "ledger.css")), shown.style()])
    folder.joinpath("page.css").write_text(looks, encoding="utf-8")
    for name in files(__package__).joinpath("front").iterdir():
        # The type, and the licence that has to come with it.
        if name.name.startswith("book-serif") and not name.name.endswith(".ttf"):
            folder.joinpath(name.name).write_bytes(name.read_bytes())
    folder.joinpath("vega.js").write_text(vega.bundle(), encoding="utf-8")


def front(name: str) -> str:
    """Text of a front-end file that every page gets."""
    return files(__package__).joinpath("front", name).read_text(encoding="utf-8")


def read_definitions(_app: Sphinx, env: Any) -> list[str]:
    """Read what the terms mean; all pages are written anew when one of them means something else.

    Only the definitions have changed then, not the pages that carry them.
    """
    objects = env.get_domain("std").get_objects()
    places = sorted({place for _, _, kind, place, *_ in objects if kind == "term"})
    found = definitions.read(env.get_doctree(place) for place in places)
    before = getattr(env, _DEFINITIONS, found)
    setattr(env, _DEFINITIONS, found)
    return [] if before == found else sorted(env.found_docs)


def add_front_end(
    app: Sphinx, pagename: str, _template: str, context: dict[str, Any], doctree: Any
) -> None:
    """Give a page with a lab or chart the front end; fail on output that must not be published."""
    body = context.get("body", "")
    if page.ERROR_CLASS in body:
        logger.warning("%s: an output reports an error: see %r", pagename, page.ERROR_CLASS)
    for clash in addresses.clashes(body):
        logger.warning("%s: %s", pagename, clash)
    # The storage comes before all that the theme does, and so before its style sheets.
    context["metatags"] = f"<script>{front('storage.js')}</script>{context.get('metatags', '')}"
    # For search engines: what the page is about, in its own words.
    about = "" if doctree is None else heads.description(doctree)
    if about:
        context["metatags"] += f'<meta name="description" content="{escape(about)}">'
        context["metatags"] += social(app, pagename, context.get("title", pagename), about, body)
    context["ll_has_code"] = forms.HAS_CODE in app.env.metadata.get(pagename, {})
    # What has a scene is a chapter, and can be shown to a class.
    context["ll_is_chapter"] = "ll-scene" in body
    app.add_js_file(f"{FOLDER}/page.js", loading_method="defer")
    if context["ll_is_chapter"]:
        app.add_js_file(f"{FOLDER}/present.js", loading_method="defer")
    ledgers = _pages_with(app, _IS_LEDGER)
    if pagename in ledgers:
        app.add_js_file(f"{FOLDER}/ledger.js", loading_method="defer")
    if ledgers and any(mark in body for mark in _ASKS_TO_DECIDE):
        leads: Any = {"data-ledger": app.builder.get_relative_uri(pagename, ledgers[0])}
        app.add_js_file(f"{FOLDER}/decisions.js", loading_method="defer", **leads)
    body = definitions.add(tables.one_head(body), getattr(app.env, _DEFINITIONS))
    body = show_claims(body, _index_of_claims(app, pagename))
    static = Path("_static", FOLDER)
    address = f"{context['pathto'](static.as_posix(), resource=True)}/"
    context["body"] = assets.write(body, Path(app.outdir, static), address)
    if 'class="launchlab' in body or runnable.OFFERS in body:
        app.add_js_file(None, body=_FIRST_SCRIPT)
        app.add_js_file(
            f"{FOLDER}/launchlab.js",
            loading_method="defer",
            onerror=_GIVE_UP,
            onload=f"(window.launchlab||{{}}).mount||{_GIVE_UP}",
        )
    made = frames.make(
        context["body"],
        pagename,
        context.get("title", pagename),
        app.config.html_title,
        first=f"{front('storage.js')}{_FIRST_SCRIPT}",
        give_up=_GIVE_UP,
    )
    frames.write(Path(app.outdir), made)


def social(app: Sphinx, pagename: str, title: str, about: str, body: str) -> str:
    """What a page says to sites that show a card for it; nothing, where it has no address yet.

    Such a site reads nothing but the page's HTML, and asks for the picture by its whole address.
    """
    site = app.config.html_baseurl
    if not site:
        return ""
    root, book = Path(app.srcdir), app.config.html_title
    title = frames.plain(title)
    drawn = cards.drawing(body)
    part = pages.read_parts(root).get(pagename, "")
    svg = cards.picture(title, part, "" if title == book else book, drawn)
    picture = cards.write(Path(app.outdir), root, pagename, svg)
    return heads.social(
        title,
        about,
        f"{site}{pagename}.html",
        f"{site}{picture}",
        cards.alternative(drawn, title),
        book,
    )


def _pages_with(app: Sphinx, mark: str) -> list[str]:
    """The pages whose metadata hold a mark."""
    return [name for name, kept in app.env.metadata.items() if mark in kept]


def _index_of_claims(app: Sphinx, pagename: str) -> str:
    """The address of the page that lists all claims, seen from a page; empty if there is none."""
    lists = _pages_with(app, _SHOWS_CLAIMS)
    return app.builder.get_relative_uri(pagename, lists[0]) if lists else ""


def show_claims(body: str, index: str) -> str:
    """A page's HTML, with what its claims' own HTML cannot know.

    The sentence that says what a count is stands once, under the first claim; and a claim that is
    only named leads to where all of it stands.

    Parameters
    ----------
    body : str
    index : str
        Address of the page that lists all claims, or empty.
    """
    body = body.replace('<p class="ll-caveat" hidden>', '<p class="ll-caveat">', 1)
    body = re.sub(r'<p class="ll-caveat" hidden>.*?</p>', "", body)
    if not index:
        return body
    link = rf'<a class="ll-claim-name" href="{index}#claim-\1">\2</a>'
    return re.sub(r'<span class="ll-claim-name" data-claim="([^"]+)">(.*?)</span>', link, body)


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
        page, root = Path(self.env.doc2path(self.env.docname)), Path(self.env.srcdir)
        folder = f"{page.parent.relative_to(root).as_posix()}/"
        contents = [name.removeprefix(folder) for name in pages.read_contents(root)]
        return [nodes.raw("", labs_html(find_labs(page.parent), contents), format="html")]


class LabFrames(SphinxDirective):
    """``{lab-frames} book``: a table of the pages on which a lab stands alone.

    The argument is the folder of the notebooks, from the book's root.
    """

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Make the table."""
        self.env.metadata[self.env.docname][_SHOWS_LABS] = "yes"
        folder, root = self.arguments[0], Path(self.env.srcdir)
        contents = [name.removeprefix(f"{folder}/") for name in pages.read_contents(root)]
        up = "../" * self.env.docname.count("/")
        text = frames.table(find_labs(root / folder), contents, f"{up}{frames.FOLDER}/")
        return [nodes.raw("", text, format="html")]


class AllClaims(SphinxDirective):
    """``{all-claims} PACKAGE``: a table of every claim that a package declares."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Make the table."""
        self.env.metadata[self.env.docname][_SHOWS_LABS] = "yes"
        self.env.metadata[self.env.docname][_SHOWS_CLAIMS] = "yes"
        package = importlib.import_module(self.arguments[0])
        page = Path(self.env.doc2path(self.env.docname))
        table = claims_html(package.all_results(), find_claims(page.parent))
        return [nodes.raw("", table, format="html")]


class Rules(SphinxDirective):
    """``{rules} PACKAGE 1``: rules, counted from a number, each with the claim it rests on.

    A line of the content is a claim's name, a colon and the rule.
    """

    required_arguments = 2
    has_content = True

    def run(self) -> list[nodes.Node]:
        """Make the list."""
        self.env.metadata[self.env.docname][_SHOWS_LABS] = "yes"
        package = importlib.import_module(self.arguments[0])
        page = Path(self.env.doc2path(self.env.docname))
        try:
            found = [(rule, package.result(name)) for name, rule in read_rules(self.content)]
            text = rules_html(found, find_claims(page.parent), int(self.arguments[1]))
        except ValueError as error:
            logger.warning("rules: %s", error, location=self.get_location())
            return []
        return [nodes.raw("", text, format="html")]


class Ledger(SphinxDirective):
    """``{ledger}``: where a browser writes down what its reader predicted and decided."""

    def run(self) -> list[nodes.Node]:
        """Leave the place that `ledger.js` fills."""
        self.env.metadata[self.env.docname][_SHOWS_LABS] = "yes"
        self.env.metadata[self.env.docname][_IS_LEDGER] = "yes"
        page = Path(self.env.doc2path(self.env.docname))
        return [nodes.raw("", ledger_html(find_labs(page.parent)), format="html")]


class Status(SphinxDirective):
    """``{status} notebooks``, ``claims PACKAGE``, ``labs`` or ``site``: what this build holds."""

    required_arguments = 1
    optional_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Make the table."""
        self.env.metadata[self.env.docname][_SHOWS_LABS] = "yes"
        made = {"notebooks": self._notebooks, "claims": self._claims, "labs": self._labs}
        if self.arguments[0] == "site":
            self.env.metadata[self.env.docname][_SHOWS_SITE] = "yes"
            return [nodes.raw("", status.SITE, format="html")]
        if self.arguments[0] not in made:
            place = self.get_location()
            logger.warning(
                "status %r, expected notebooks, claims, labs or site",
                *self.arguments[:1],
                location=place,
            )
            return []
        return [nodes.raw("", made[self.arguments[0]](), format="html")]

    def _kept(self) -> tuple[execute.Executions, list[execute.Job]]:
        kept = execute.Executions(Path(self.config.nb_execution_cache_path))
        named = pages.read_contents(Path(self.env.srcdir))
        order = {name: place for place, name in enumerate(named)}
        jobs = _jobs(self.env.app, self.env.found_docs)
        return kept, sorted(jobs, key=lambda job: order.get(job.name, len(order)))

    def _address(self, name: str) -> str:
        address: str = self.env.app.builder.get_relative_uri(self.env.docname, name)
        return address

    def _notebooks(self) -> str:
        kept, jobs = self._kept()
        ran = [
            status.Ran(
                self._address(job.name), find_heading(job.path), *(kept.took(job) or (None, None))
            )
            for job in jobs
        ]
        return status.notebooks_html(ran)

    def _claims(self) -> str:
        package = importlib.import_module(self.arguments[1])
        index = "book/claims"
        return status.claims_html(package.all_results(), self._address(index))

    def _labs(self) -> str:
        kept, jobs = self._kept()
        labs = [
            lab
            for job in jobs
            if kept.took(job) is not None
            for lab in status.labs_of(kept.shown(job), self._address(job.name))
        ]
        return status.labs_html(labs, status.read_frame_times())


def measure_site(app: Sphinx, error: Exception | None) -> None:
    """Write the size of the site into the pages that ask for it; only now it is all there."""
    if error is None and app.builder.format == "html":
        for name in _pages_with(app, _SHOWS_SITE):
            path = Path(app.outdir, f"{name}.html")
            if not path.is_file():  # a build of one page reads the others and writes none
                continue
            text = path.read_text(encoding="utf-8")
            path.write_text(text.replace(status.SITE, status.site_html(Path(app.outdir))), "utf-8")


class HowToCite(SphinxDirective):
    """``{how-to-cite}``: an entry for BibTeX, made of what the repository says of itself."""

    def run(self) -> list[nodes.Node]:
        """Make the entry."""
        root = Path(self.env.srcdir)
        self.env.note_dependency(str(root / cite.SOURCE))
        named = repository.find(None, os.environ, root) or ""
        try:
            text = cite.bibtex(cite.read(root), self.config.html_baseurl or named)
        except ValueError as error:
            logger.warning("how-to-cite: %s", error, location=self.get_location())
            return []
        return [nodes.literal_block(text, text, language="bibtex")]


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


def _jobs(app: Sphinx, names: Iterable[str]) -> list[execute.Job]:
    """The notebooks among documents, each with what its execution depends on."""
    paths = {name: Path(app.env.doc2path(name)) for name in sorted(names)}
    found = {name: path for name, path in paths.items() if path.suffix == ".ipynb"}
    return [execute.read_job(name, path) for name, path in found.items()]


def reread_stale(app: Sphinx, env: Any, *_: Any) -> list[str]:
    """Pages whose notebook is as it was, and has to be executed anew all the same.

    One that failed is not among them, so that an author who mends another page does not wait for
    it; it is executed anew when it, or what it depends on, has changed.
    """
    if app.config.nb_execution_mode != "cache":
        return []
    only = os.environ.get(pages.ONLY_VARIABLE)
    if only:
        return [only] if only in env.found_docs else []
    kept = execute.Executions(Path(app.config.nb_execution_cache_path))
    return [job.name for job in _jobs(app, env.found_docs) if kept.find(job) is None]


def execute_notebooks(app: Sphinx, env: Any, names: list[str]) -> None:
    """Execute the notebooks of the pages that are read next, so that MyST-NB finds them done."""
    if app.config.nb_execution_mode != "cache":
        return
    only = os.environ.get(pages.ONLY_VARIABLE)
    if only:
        others = [glob.escape(env.doc2path(name)) for name in env.found_docs if name != only]
        # The other pages are read for their headings and labels alone.
        env.mystnb_config = env.mystnb_config.copy(execution_excludepatterns=tuple(others))
    kept = execute.Executions(Path(app.config.nb_execution_cache_path))
    jobs = _jobs(app, [name for name in names if only in (None, "", name)])
    jobs = [job for job in jobs if kept.find(job) != ""]
    workers = execute.workers()
    if jobs:
        several = f"{len(jobs)} notebooks, {min(workers, len(jobs))} at a time, the longest first"
        say(f"Running {several if len(jobs) > 1 else jobs[0].name}")
    timeout = app.config.nb_execution_timeout
    outcomes = execute.execute(jobs, kept, timeout=timeout, workers=workers, say=say)
    failed = [outcome for outcome in outcomes if outcome.error]
    for outcome in failed:
        logger.warning("%s, %s\n%s", outcome.job.path, outcome.error, outcome.trace)
    failures.write(Path(app.srcdir), [f"{one.job.name}.ipynb, {one.error}" for one in failed])
    if names:
        say(f"Making {len(names)} page{'s' * (len(names) > 1)}")


def say(line: str) -> None:
    """Tell at once how far the build is, also where Sphinx itself is silent."""
    print(line, flush=True)


def reread_lists(_app: Sphinx, env: Any, *_: Any) -> list[str]:
    """Pages that list labs are read anew at each build, since they depend on all others."""
    return [name for name, kept in env.metadata.items() if _SHOWS_LABS in kept]


def leave_thebe_out(
    _app: Sphinx, _name: str, _template: str, context: dict[str, Any], _doctree: Any
) -> None:
    """Take from a page what would connect it with Binder: nothing here asks for it.

    Jupyter Book adds it to every page, and one of its scripts twice, which is an error in each.
    """
    for kind in ("script_files", "css_files"):
        context[kind] = [one for one in context[kind] if "thebe" not in str(one).lower()]


def use_mathml(_app: Sphinx, config: Any) -> None:
    """Draw formulas with the renderer of this extension."""
    config.html_math_renderer = "launchlab_mathml"


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the extension."""
    app.add_html_math_renderer("launchlab_mathml", (_visit_math, None), (_visit_math_block, None))
    app.add_directive("all-labs", AllLabs)
    app.add_directive("all-claims", AllClaims)
    app.add_directive("lab-frames", LabFrames)
    app.add_directive("rules", Rules)
    app.add_directive("how-to-cite", HowToCite)
    app.add_directive("ledger", Ledger)
    app.add_directive("status", Status)
    app.add_role("minutes", Minutes())
    app.connect("env-get-outdated", reread_lists)
    app.connect("env-get-outdated", reread_stale)
    app.connect("env-before-read-docs", execute_notebooks)
    app.add_css_file(f"{FOLDER}/launchlab.css")
    app.add_css_file(f"{FOLDER}/page.css", priority=900)
    app.connect("config-inited", use_mathml)
    app.connect("config-inited", set_up_kernels)
    app.connect("config-inited", set_up_buttons)
    app.connect("config-inited", set_up_site)
    app.connect("build-finished", write_sitemap)
    app.connect("build-finished", icons.cut_icons, priority=400)
    app.connect("build-finished", measure_site)
    app.connect("builder-inited", write_front_end)
    app.connect("doctree-resolved", figures.inline)
    app.connect("doctree-resolved", units.keep)
    app.connect("env-updated", read_definitions)
    app.connect("html-page-context", add_front_end)
    # After all that add scripts to a page.
    app.connect("html-page-context", leave_thebe_out, priority=900)
    forms.setup(app)
    page_python.setup(app)
    runnable.setup(app)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
