"""Build the book, serve it, and bring every saved change to the screen."""

from __future__ import annotations

import os
import re
from pathlib import Path

from launchlab.publish import pages

# Apart from the book of `make book`, whose pages are tested as a whole.
HTML = Path("_build", "watch", "html")
DOCTREES = Path("_build", "watch", ".doctrees")
# What builds, editors, tests and notebooks write beside what they read.
_IGNORED = (
    "_build",
    r"\.cache",
    r"\.git",
    r"\.venv",
    r"\.ipynb_checkpoints",
    r"\.hypothesis",
    r"\.[a-z]+_cache",
    "__pycache__",
    r"[^/]+\.egg-info",
)
# Editors save a file beside the file, and otter writes a log where its checks run.
_IGNORED_FILES = (r"\.OTTER_LOG", r"\.~[^/]*", r"[^/]*~", r"\.#[^/]*", r"[^/]*\.sw[px]", r"\d+")


def ignored(root: Path) -> str:
    """The regular expression of paths whose changes are nobody's writing.

    Parameters
    ----------
    root : Path
        Only what lies below it is looked at, for the root itself may lie in a folder of any name.
    """
    folders, files = "|".join(_IGNORED), "|".join(_IGNORED_FILES)
    inside = f"{re.escape(root.as_posix())}/(?:.*/)?"
    return rf"^{inside}(?:(?:{folders})(?:/|$)|(?:{files})$)"


def watch(root: Path, port: int) -> int:
    """Build and serve the book, and build anew what is saved, until interrupted.

    Returns
    -------
    int
        0.

    Raises
    ------
    NoBookError
        If `root` is no folder of a book.
    """
    # Only here, so that building needs no server.
    from sphinx_autobuild.__main__ import main

    pages.write_configuration(root)
    os.environ.update(pages.environment(os.environ))
    options = ["-q", *pages.arguments(root, root / HTML, root / DOCTREES)]
    print(f"Building the book; then it is at http://localhost:{port}. Ctrl-C stops it.", flush=True)
    try:
        main(["--port", str(port), "--re-ignore", ignored(root), *options])
    except KeyboardInterrupt:
        print("\nStopped.")
    return 0
