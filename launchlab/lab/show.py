"""Show an experiment or a chart in the life that is being lived: live, frozen or checked."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from IPython.display import display

from launchlab.lab import page

if TYPE_CHECKING:
    from launchlab.lab.experiment import Experiment

MODE_VARIABLE = "LAUNCHLAB_MODE"
MODES = ("live", "freeze", "check")


def mode() -> str:
    """The life that ``LAUNCHLAB_MODE`` asks for.

    Returns
    -------
    {"live", "freeze", "check"}
        ``freeze`` while the book is built (the Sphinx extension sets it and kernels inherit it);
        ``check`` under the tests, where every point is computed and nothing is drawn.

    Raises
    ------
    ValueError
        For any other value.
    """
    found = os.environ.get(MODE_VARIABLE, "live")
    if found not in MODES:
        raise ValueError(f"{MODE_VARIABLE}={found!r}, expected one of {', '.join(MODES)}")
    return found


def show(experiment: Experiment, state: dict[str, Any]) -> None:
    """Display an experiment, starting from a checked state."""
    if mode() == "live":
        from launchlab.lab.live import LiveLab

        display(LiveLab(experiment, state).view)
        return
    # Frozen and checked lives compute the same things, so that a check finds what a build would.
    html = page.freeze(experiment, state)
    if mode() == "freeze":
        # Jupyter Book prefers a widget over HTML: emit the HTML alone.
        display({"text/html": html, "text/plain": repr(experiment)}, raw=True)
    else:
        print(f"checked {experiment.name}")


def chart_bundle(spec: dict[str, Any]) -> dict[str, Any]:
    """MIME bundle of a plain Altair chart."""
    if mode() == "live":
        from launchlab.lab.live import plain_chart

        bundle: dict[str, Any] = plain_chart(spec)._repr_mimebundle_()
        return bundle
    return {"text/html": page.freeze_chart(spec), "text/plain": "<Altair chart>"}
