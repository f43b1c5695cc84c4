"""Show an experiment or a chart: live in a kernel, frozen for the page, or from within one."""

from __future__ import annotations

import os
from typing import Any

import altair as alt
from IPython.display import display

from launchlab.lab.declare.declaration import Declaration
from launchlab.lab.lives import inpage, page
from launchlab.lab.view.theme import responsive, theme

MODE_VARIABLE = "LAUNCHLAB_MODE"
MODES = ("live", "freeze", "page")


def mode() -> str:
    """How ``LAUNCHLAB_MODE`` asks for experiments to be shown.

    Returns
    -------
    {"live", "freeze", "page"}
        ``freeze`` while the book is built (the Sphinx extension sets it and kernels inherit it),
        and where tests run notebooks as the build does; ``page`` in the interpreter that runs in
        a reader's browser (`launchlab.publish.pagepython`).

    Raises
    ------
    ValueError
        For any other value.
    """
    found = os.environ.get(MODE_VARIABLE, "live")
    if found not in MODES:
        raise ValueError(f"{MODE_VARIABLE}={found!r}, expected one of {', '.join(MODES)}")
    return found


def show(experiment: Declaration, state: dict[str, Any]) -> None:
    """Display an experiment, starting from a checked state."""
    if mode() == "live":
        # Imported only where needed, because widgets take half a second.
        from launchlab.lab.lives.live import LiveLab

        display(LiveLab(experiment, state).view)
        return
    if mode() == "page":
        kept = {inpage.LAB_KIND: inpage.first(experiment, state), "text/plain": repr(experiment)}
        display(kept, raw=True)
        return
    html = page.freeze(experiment, state)
    # Jupyter Book prefers a widget over HTML: emit the HTML alone.
    display({"text/html": html, "text/plain": repr(experiment)}, raw=True)


def chart_bundle(spec: dict[str, Any]) -> dict[str, Any]:
    """MIME bundle of a plain Altair chart."""
    if mode() == "live":
        from launchlab.lab.lives.live import bundle, plain_chart

        return bundle(plain_chart(spec))
    if mode() == "page":
        return {inpage.CHART_KIND: responsive(spec), "text/plain": "<Altair chart>"}
    return {"text/html": page.freeze_chart(spec), "text/plain": "<Altair chart>"}


def use_in_altair() -> None:
    """Make Altair use the book's theme, and show its charts through this module."""

    def renderer(spec: dict[str, Any], **_: Any) -> dict[str, Any]:
        return chart_bundle(spec)

    alt.theme.register("launchlab", enable=True)(theme)
    alt.renderers.register("launchlab", renderer)
    alt.renderers.enable("launchlab")
    alt.data_transformers.disable_max_rows()
