"""What a page loads only when its reader asks for it: made, and written, when the page is.

Some HTML names it: ``data-ll-asset="launchlab.serving.forest:asset"``, a function that returns a
file's name and text. The page gets the file's address and size in its place.
"""

from __future__ import annotations

import importlib
import re
from pathlib import Path

_ASKED = re.compile(r'data-ll-asset="(?P<module>launchlab[\w.]*):(?P<function>\w+)"')


def write(body: str, folder: Path, address: str) -> str:
    """Write what a page's HTML names, and tell the page where it lies.

    Parameters
    ----------
    body : str
        The HTML of the page's text.
    folder : Path
        Where the files are written, if there are any.
    address : str
        Of that folder, seen from the page; with a slash at its end.

    Returns
    -------
    str
        The HTML, with an address and a number of bytes for each file.
    """

    def place(asked: re.Match[str]) -> str:
        name, text = getattr(importlib.import_module(asked["module"]), asked["function"])()
        folder.mkdir(parents=True, exist_ok=True)
        folder.joinpath(name).write_text(text, encoding="utf-8")
        return f'data-ll-asset="{address}{name}" data-ll-bytes="{len(text.encode())}"'

    return _ASKED.sub(place, body)
