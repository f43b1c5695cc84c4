"""What is wrong with a request, in one sentence that helps whoever sent it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

STATUS = {
    400: "the request is no JSON that can be read",
    404: "there is nothing at {path}, expected /rank, /ready, /health, /version or /metrics",
    405: "{method} {path} is not offered, expected POST for /rank and GET for all else",
}


def short(value: object) -> str:
    """A value as it may stand in an answer: printable, and no longer than 40 characters."""
    text = ascii(value)
    return text if len(text) <= 40 else text[:37] + "..."


def field(name: str) -> str:
    """A field's name; one that is none is quoted, for it came with the request."""
    return name if name.isascii() and name.isidentifier() and len(name) <= 40 else short(name)


def place(where: Sequence[int | str]) -> str:
    """A field's address: ``offers[3].eta_minutes``."""
    path = ""
    for step in where:
        path += f"[{step}]" if isinstance(step, int) else f".{field(step)}"
    return path.lstrip(".") or "the session"


def sentence(errors: Sequence[Any]) -> str:
    """The first of pydantic's errors, and how many more there are."""
    first, *more = errors
    kind, where = first["type"], place(first["loc"][1:])
    if kind == "json_invalid":
        said = "the request is no JSON that can be read"
    elif kind == "missing":
        said = f"{where} is missing"
    elif kind == "extra_forbidden":
        said = f"{where} is no field of a session: is it misspelt?"
    elif kind == "value_error":
        said = f"{where}: {first['ctx']['error']}"
    else:
        said = f"{where}={short(first.get('input'))}: {first['msg'][0].lower()}{first['msg'][1:]}"
    return said + (f" (and {len(more)} more)" if more else "")
