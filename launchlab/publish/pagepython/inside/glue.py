"""Stands in for ``myst_nb``: a glued value is shown, as in a notebook."""

from __future__ import annotations

from typing import Any

from launchlab.publish.pagepython.inside import outbox


def glue(name: str, value: Any, display: bool = True) -> None:
    """Show a value that the page's text names."""
    if display:
        outbox.show(outbox.bundle(value))
