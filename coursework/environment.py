"""What a graded notebook can import, and what has to be the same for a result to be the same."""

import functools
import hashlib
import platform
import re
import sys
from importlib import metadata
from pathlib import Path

from coursework import sandbox

#: Failures that say more about where a notebook ran than about what its student knows.
_ELSEWHERE = re.compile(
    r"\b(ModuleNotFoundError|ImportError|FileNotFoundError|ConnectionError|ConnectionRefusedError"
    r"|URLError|HTTPError|gaierror|PackageNotFoundError)\b"
)
_FOLDERS = ("coursework", "launchlab")


@functools.cache
def packages() -> tuple[str, ...]:
    """Return the packages that a notebook may count on, as pip calls them."""
    try:
        wanted = metadata.requires("launchlab") or []
    except metadata.PackageNotFoundError:
        wanted = []
    names = {found[0] for one in wanted if (found := re.match(r"[\w.-]+", one))}
    there = {one for one in {*names, "launchlab", "matplotlib"} if _version(one)}
    return tuple(sorted(there))


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return ""


@functools.cache
def versions() -> str:
    """Return a text that changes with Python, any package, the course or the grader."""
    digest = hashlib.sha256(platform.python_version().encode())
    installed = {(one.metadata["Name"] or "", one.version) for one in metadata.distributions()}
    digest.update(repr(sorted(installed)).encode())
    root = Path(sandbox.CHECKOUT)
    for path in sorted(path for name in _FOLDERS for path in (root / name).rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:24]


def missing_here(error: str) -> str:
    """Say what to do where the solution itself cannot import something; else an empty text."""
    if not re.search(r"\b(ModuleNotFoundError|ImportError)\b", error):
        return ""
    return (
        f". Nothing is wrong with the solution: the Python that grades, {sys.executable}, lacks "
        "what it imports. `make book` in the clone installs that, and .venv/bin/python has it"
    )


def not_their_own(errors: tuple[str, ...]) -> str:
    """Say what went wrong because of where a notebook ran.

    Parameters
    ----------
    errors
        What cells and probes said.

    Returns
    -------
    str
        In words, with the packages that there are; an empty text where nothing of the kind is.
    """
    found = next((one for one in errors if _ELSEWHERE.search(one)), "")
    if not found:
        return ""
    if "ModuleNotFoundError" in found or "ImportError" in found:
        return f"{found} (the grader's environment has {', '.join(packages())})"
    return f"{found} (the grader has the notebook alone, and no network)"
