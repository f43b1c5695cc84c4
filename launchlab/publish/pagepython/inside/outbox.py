"""The one way out of the interpreter: a line of JSON for each thing that the page gets."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

# The host's worker reads what is written there (front/wasi.js).
_DOOR = Path("/dev/page")
# What a page can still draw; more would only make it stop.
MOST_CHARACTERS = 8_000_000
_MOST_TEXT = 200_000


class TooMuchError(ValueError):
    """Something is too large for the page."""


def send(kind: str, **parts: Any) -> None:
    """Hand something to the page.

    Parameters
    ----------
    kind : str
        ``display``, ``error`` or ``point``.
    **parts
        JSON data.

    Raises
    ------
    TooMuchError
        If it is more than a page can draw.
    ValueError
        If a number in it is not finite.
    """
    line = json.dumps({"type": kind, **parts}, allow_nan=False, default=str)
    if len(line) > MOST_CHARACTERS:
        raise TooMuchError(
            f"this is {len(line) / 1e6:.0f} MB of output, and a page draws at most "
            f"{MOST_CHARACTERS / 1e6:.0f} MB"
        )
    with _DOOR.open("a", encoding="utf-8") as door:
        door.write(line + "\n")


def show(data: dict[str, Any]) -> None:
    """Show a MIME bundle.

    Parameters
    ----------
    data : dict
        MIME type to value; bytes go as base64, as a notebook keeps them.
    """
    plain = {
        kind: base64.b64encode(value).decode() if isinstance(value, bytes) else value
        for kind, value in data.items()
        if value is not None
    }
    text = plain.get("text/plain")
    if isinstance(text, str) and len(text) > _MOST_TEXT:
        plain["text/plain"] = f"{text[:_MOST_TEXT]}\n… ({len(text):,} characters)"
    send("display", data=plain)


_METHODS = {
    "text/html": "_repr_html_",
    "text/markdown": "_repr_markdown_",
    "text/latex": "_repr_latex_",
    "image/svg+xml": "_repr_svg_",
    "image/png": "_repr_png_",
    "application/json": "_repr_json_",
}


def bundle(thing: Any) -> dict[str, Any]:
    """What a notebook would keep of a value: each form that it has."""
    whole = getattr(type(thing), "_repr_mimebundle_", None)
    given = whole(thing, include=None, exclude=None) if whole else None
    # Some return the bundle alone, others with metadata.
    forms = dict(given[0] if isinstance(given, tuple) else given or {})
    if not forms:
        for kind, name in _METHODS.items():
            method = getattr(type(thing), name, None)
            form = method(thing) if method else None
            if form is not None:
                forms[kind] = form
    return {"text/plain": repr(thing), **forms} if "text/plain" not in forms else forms
