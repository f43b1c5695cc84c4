"""Build one page of the book, and check it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

from launchlab.publish import failures, pages

FOLDER = Path("_build", "chapter")


class NoChapterError(pages.UsageError):
    """There is no such chapter."""


def chapters(root: Path) -> list[str]:
    """Every notebook of the book's table of contents, by its path from the root without suffix."""
    names = pages.read_contents(root)
    return [name for name in names if (root / f"{name}.ipynb").is_file()]


def find(root: Path, asked: str) -> str:
    """The chapter that somebody means.

    Parameters
    ----------
    root : Path
    asked : str
        Such as ``objectives/one-score``, ``book/objectives/one-score.ipynb`` or ``one-score``.

    Returns
    -------
    str
        Its path from the root, without suffix.

    Raises
    ------
    NoChapterError
        If it means none or several; the message names all there are.
    """
    wanted = asked.strip().removesuffix(".ipynb").removesuffix(".html").strip("/")
    known = chapters(root)
    for name in (wanted, f"book/{wanted}"):
        if name in known:
            return name
    found = [name for name in known if wanted and name.endswith(f"/{wanted}")]
    if len(found) == 1:
        return found[0]
    listed = ", ".join(name.removeprefix("book/") for name in known)
    raise NoChapterError(f"CH={asked!r}: expected one of {listed}")


def build(root: Path, name: str) -> int:
    """Build one page: its notebook is executed if need be, the others are read without outputs.

    Parameters
    ----------
    root : Path
        Folder of ``_config.yml`` and ``_toc.yml``.
    name : str
        From `find`.

    Returns
    -------
    int
        0, or 1 if anything failed; the last line says where the page is, or what failed.
    """
    started = time.monotonic()
    pages.write_configuration(root)
    failures.write(root, [])
    source = root / f"{name}.ipynb"
    options = pages.arguments(root, root / FOLDER / "html", root / FOLDER / ".doctrees")
    environment = pages.environment(os.environ) | {pages.ONLY_VARIABLE: name}
    print(f"Building {name}", flush=True)
    # Warnings of other pages are no failure of this one: what they show was not computed.
    code, said = pages.run(pages.sphinx(["-q", *options, str(source)]), environment, about=source)
    broken = failures.read(root)
    if code or broken or said:
        first = f": {broken[0]}" if broken else "; the warnings above say where"
        print(f"The page was NOT built{first}")
        return 1
    page = root / FOLDER / "html" / f"{name}.html"
    print(f"The page is built ({time.monotonic() - started:.0f} s): {page}", flush=True)
    return 0


def check(root: Path, name: str) -> int:
    """Check one page that was built: its notebook run again, and the tests of pages.

    Returns
    -------
    int
        0, or 1 if anything failed; the last line says what.
    """
    started = time.monotonic()
    environment = pages.environment(os.environ)
    quiet = ["-q", "--no-header"]
    runs = {
        "notebook": (
            [sys.executable, "-m", "tests.rerun", "--only", name, *quiet],
            environment,
        ),
        "page": (
            [sys.executable, "-m", "pytest", *quiet, "tests/site", "-k", f"{name}.html"],
            # All that a page has, and not what has its turn today.
            environment | {"LAUNCHLAB_BUILT": str(root / FOLDER / "html"), "EVERYTHING": "1"},
        ),
    }
    failed = []
    for kind, (command, given) in runs.items():
        print(f"== {kind}", flush=True)
        if subprocess.run(command, cwd=root, env=given, check=False).returncode:
            failed.append(kind)
    seconds = time.monotonic() - started
    if failed:
        print(f"Checks FAILED: {' and '.join(failed)} of {name} ({seconds:.0f} s)")
        return 1
    print(f"Checks passed: notebook and page of {name} ({seconds:.0f} s)")
    return 0
