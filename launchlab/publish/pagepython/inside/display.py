"""Stands in for ``IPython.display``: what a page needs of it."""

from __future__ import annotations

from typing import Any

from launchlab.publish.pagepython.inside import outbox

__all__ = ["HTML", "JSON", "SVG", "Latex", "Markdown", "clear_output", "display"]


class _Text:
    kind = "text/plain"

    def __init__(self, data: Any = None, **_: Any) -> None:
        self.data = data

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        return {"text/plain": repr(self), self.kind: self.data}


class HTML(_Text):
    """Shown as HTML."""

    kind = "text/html"


class Markdown(_Text):
    """Shown as Markdown."""

    kind = "text/markdown"


class Latex(_Text):
    """Shown as a formula."""

    kind = "text/latex"


class SVG(_Text):
    """Shown as a drawing."""

    kind = "image/svg+xml"


class JSON(_Text):
    """Shown as data."""

    kind = "application/json"


def display(*things: Any, raw: bool = False, **_: Any) -> None:
    """Show values, or MIME bundles where they are ``raw``."""
    for thing in things:
        outbox.show(thing if raw else outbox.bundle(thing))


def clear_output(wait: bool = False) -> None:
    """Do nothing: the page keeps what a cell showed until it runs again."""
