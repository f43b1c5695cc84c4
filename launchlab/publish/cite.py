"""How the book is cited: what ``CITATION.cff`` says, as BibTeX."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

SOURCE = "CITATION.cff"


def read(root: Path) -> dict[str, Any]:
    """What the repository says of itself.

    Parameters
    ----------
    root : Path
        Its folder.

    Raises
    ------
    ValueError
        If it says too little for a citation.
    """
    found = yaml.safe_load((root / SOURCE).read_text(encoding="utf-8"))
    missing = {"title", "authors", "version", "date-released"} - set(found)
    if missing:
        raise ValueError(f"{SOURCE} has no {' and no '.join(sorted(missing))}")
    return dict(found)


def bibtex(said: Mapping[str, Any], address: str) -> str:
    """An entry of the kind ``misc``, which every style of BibTeX knows.

    Parameters
    ----------
    said : mapping
        From `read`.
    address : str
        Of the book, or of its repository; empty where neither is known.
    """
    released = str(said["date-released"])
    title, _, subtitle = said["title"].partition(": ")
    fields = {
        "author": " and ".join(_author(one) for one in said["authors"]),
        "title": f"{{{title}}}" + (f": {subtitle}" if subtitle else ""),
        "year": released[:4],
        "version": str(said["version"]),
        "doi": said.get("doi", ""),
        "url": address,
        "note": f"Version {said['version']} of {released}",
    }
    key = re.sub(r"[^a-z]+", "-", title.lower())
    lines = (f"  {name:<7} = {{{text}}}," for name, text in fields.items() if text)
    return "\n".join([f"@misc{{{key},", *lines, "}"])


def _author(one: Mapping[str, str]) -> str:
    """A person as BibTeX sorts them; a group as one name."""
    if "name" in one:
        return f"{{{one['name']}}}"
    return f"{one['family-names']}, {one['given-names']}"
