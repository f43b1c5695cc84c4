"""The built book as one file, for a reader without a network: it is read from a folder."""

from __future__ import annotations

import os
import zipfile
from pathlib import Path

from launchlab.publish import build, pages

NAME = "from-leaderboard-to-launch"
ARCHIVE = Path("_build", f"{NAME}.zip")
# So that the same book makes the same file: the earliest that the format can write down.
_WHEN = (1980, 1, 1, 0, 0, 0)
READ_ME = """\
From Leaderboard to Launch, to be read without a network

Unpack this file, on a disk or a stick, and open index.html in a browser. No server and no network
is needed: the labs move, for their numbers are in the pages.

A browser gives a page from a folder less than one from a server:
- The search finds pages and leads to them. In Chromium it shows no excerpt, because it may not read
  what it lists; in Firefox 153 we saw excerpts.
- What you predict and decide is kept by the browser. Take another browser, and your ledger is
  empty; its page writes the ledger to a file, and reads it back.
- A browser that takes each file for a site of its own shows an empty ledger. In Chromium and in
  Firefox 153 we saw it filled; Safari we did not try.
- Buttons that lead to Binder or to the repository need a network.

With Python, a server takes one line, in this folder: python3 -m http.server 8000
Then open http://localhost:8000
"""


class NotBuiltError(pages.UsageError):
    """There is no finished book to pack."""


def pack(root: Path) -> Path:
    """Pack the built book.

    Parameters
    ----------
    root : Path
        Folder of ``_config.yml``.

    Returns
    -------
    Path
        The archive. It holds one folder, and always the same bytes for the same pages.

    Raises
    ------
    NotBuiltError
        If the book is not built, or a build was interrupted.
    """
    folder, archive = root / build.HTML, root / ARCHIVE
    if not (folder / "index.html").is_file() or (root / build.UNFINISHED).exists():
        raise NotBuiltError("There is no finished book to pack: build it first, with make book")
    # A half-written archive must not look like one.
    unfinished = archive.with_suffix(".new")
    write(folder, unfinished)
    os.replace(unfinished, archive)
    return archive


def write(folder: Path, archive: Path) -> None:
    """Pack the pages that lie in a folder, whatever their state; see `pack`."""
    found = sorted(path for path in folder.rglob("*") if path.is_file())
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        _add(packed, "READ-ME.txt", READ_ME.encode())
        for path in found:
            _add(packed, path.relative_to(folder).as_posix(), path.read_bytes())


def _add(packed: zipfile.ZipFile, name: str, content: bytes) -> None:
    entry = zipfile.ZipInfo(f"{NAME}/{name}", _WHEN)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    packed.writestr(entry, content)
