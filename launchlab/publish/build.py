"""Build the book."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path

from launchlab.publish import failures, pages

HTML = Path("_build", "html")
DOCTREES = Path("_build", ".doctrees")
# Stands there from the beginning of a build to its end, and so after one that was interrupted.
UNFINISHED = Path("_build", ".unfinished")


def build(root: Path, *, quiet: bool = False) -> int:
    """Build the book with warnings as errors.

    Parameters
    ----------
    root : Path
        Folder of ``_config.yml`` and ``_toc.yml``.
    quiet : bool
        Whether Sphinx's own progress is left out.

    Returns
    -------
    int
        0, or 1 if anything failed; the last line printed says which.

    Raises
    ------
    NoBookError
        If `root` is no folder of a book.
    """
    started = time.monotonic()
    pages.write_configuration(root)
    forget_unfinished(root)
    failures.write(root, [])
    command = pages.sphinx(
        [*pages.arguments(root, root / HTML, root / DOCTREES), "-W", "--keep-going"]
        + (["-q"] if quiet else [])
    )
    code, _ = pages.run(command, pages.environment(os.environ))
    broken = failures.read(root)
    for line in broken:
        print(f"failed: {line}")
    if code != 0 or broken:
        # Sphinx would take the pages it has read for good, and the next build would pass.
        shutil.rmtree(root / DOCTREES, ignore_errors=True)
    (root / UNFINISHED).unlink(missing_ok=True)
    if code != 0 or broken:
        first = f": {broken[0]}" if broken else "; the warnings above say where"
        print(f"The book was NOT built{first}")
        return 1
    seconds = time.monotonic() - started
    print(f"The book is built ({seconds:.0f} s): {root / HTML / 'index.html'}")
    return 0


def forget_unfinished(root: Path) -> None:
    """Remove what an interrupted build has left, and mark that another one has begun.

    Sphinx takes pages for written that it has only read, and then misses their search index. What
    notebooks showed is kept apart, and stays.
    """
    mark = root / UNFINISHED
    if mark.exists():
        print("The last build was interrupted: its pages are made anew")
        shutil.rmtree(root / DOCTREES, ignore_errors=True)
    mark.parent.mkdir(parents=True, exist_ok=True)
    mark.touch()
