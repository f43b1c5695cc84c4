"""The course's own code as the page's interpreter finds it: ``launchlab``, Altair, stand-ins."""

from __future__ import annotations

from importlib.metadata import distribution, version
from pathlib import Path

from launchlab.reach import PACKAGE

INSIDE = Path(__file__).with_name("inside")
# Pure Python that the interpreter's own library lacks; taken from this environment, so the versions
# are those of the book's lock.
PURE = ("altair", "jsonschema", "jsonschema-specifications", "referencing")
# Modules that only a kernel has, or that are compiled, and what stands in for them.
STAND_INS = {
    "IPython/__init__.py": "ipython.py",
    "IPython/display.py": "display.py",
    "myst_nb/__init__.py": "glue.py",
    "rpds.py": "rpds.py",
}
# What builds, draws and records: nothing that a cell can reach.
_LEFT_OUT = ("publish/", "lab/lives/front/", "lab/lives/live.py", "__pycache__/")
_NOT_SHIPPED = {".pyc", ".so", ".woff2"}


def files() -> dict[str, bytes]:
    """Every file of the course's zip, by its path there.

    Returns
    -------
    dict
        Sorted by path.
    """
    found = {**_pure(), **_own()}
    for path, source in STAND_INS.items():
        found[path] = INSIDE.joinpath(source).read_bytes()
    return dict(sorted(found.items()))


def _pure() -> dict[str, bytes]:
    found = {}
    for name in PURE:
        held = distribution(name)
        for one in held.files or ():
            path = one.as_posix()
            if path.startswith("..") or one.suffix in _NOT_SHIPPED or "tests" in one.parts:
                continue
            if ".dist-info" in path and one.name != "METADATA" and "licenses" not in one.parts:
                continue
            # A widget for notebooks, and its script.
            if path.startswith("altair/jupyter/js"):
                continue
            found[path] = Path(str(held.locate_file(one))).read_bytes()
    return found


def _own() -> dict[str, bytes]:
    found = {}
    for path in sorted(PACKAGE.rglob("*")):
        name = path.relative_to(PACKAGE).as_posix()
        if path.is_file() and path.suffix not in _NOT_SHIPPED and _is_own(name):
            found[f"{PACKAGE.name}/{name}"] = path.read_bytes()
    # The way to what runs inside.
    for folder in ("publish", "publish/pagepython", "publish/pagepython/inside"):
        found[f"{PACKAGE.name}/{folder}/__init__.py"] = b""
    for path in INSIDE.glob("*.py"):
        found[f"{PACKAGE.name}/publish/pagepython/inside/{path.name}"] = path.read_bytes()
    head = f"Metadata-Version: 2.1\nName: launchlab\nVersion: {version('launchlab')}\n"
    found["launchlab.dist-info/METADATA"] = head.encode()
    return found


def _is_own(name: str) -> bool:
    if any(name.startswith(part) or f"/{part}" in name for part in _LEFT_OUT):
        return False
    # What makes a shipped result takes minutes to hours, and the result is there.
    return not name.rpartition("/")[2].startswith("make_")
