"""A content-hashed cache of computed points, shared by build, nbval and the tests.

It is used only where ``LAUNCHLAB_CACHE`` names a folder: a reader's kernel always computes.
"""

from __future__ import annotations

import hashlib
import inspect
import os
import platform
import sys
import tempfile
import textwrap
import types
from collections.abc import Callable
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import joblib

CACHE_VARIABLE = "LAUNCHLAB_CACHE"
PACKAGE = Path(__file__).resolve().parents[1]
# Other versions may give other numbers.
_VERSIONS = ("numpy", "pandas", "scipy", "scikit-learn", "altair")
_SOURCES = {".py", ".csv", ".json", ".npz", ".js"}


def package_hash(package: Path = PACKAGE) -> str:
    """Hash of a package's sources and shipped data, and of the versions it runs on.

    Parameters
    ----------
    package : Path
        Folder of the package.

    Returns
    -------
    str
        16 hexadecimal digits.
    """
    digest = hashlib.sha256(f"{platform.python_version()} {versions()}".encode())
    for path in sorted(package.rglob("*")):
        if path.suffix in _SOURCES and "__pycache__" not in path.parts:
            digest.update(path.relative_to(package).as_posix().encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def versions() -> dict[str, str]:
    """Installed versions of the libraries that make the numbers."""
    found = {}
    for name in _VERSIONS:
        try:
            found[name] = version(name)
        except PackageNotFoundError:  # pragma: no cover - all are dependencies
            found[name] = "missing"
    return found


@cache
def _package_hash_once() -> str:
    # A kernel imports the package once, so its sources are read once too.
    return package_hash()


def fingerprint(function: Callable[..., Any]) -> str:
    """Hash of a function's source and of everything outside it that it names.

    Functions and classes of a notebook are followed, data is hashed, and imported modules stand
    for their version (this package: for its sources).

    Parameters
    ----------
    function : callable

    Returns
    -------
    str
        16 hexadecimal digits.
    """
    digest = hashlib.sha256()
    _feed(digest, function, set())
    return digest.hexdigest()[:16]


def _feed(digest: Any, thing: Any, seen: set[int]) -> None:
    if isinstance(thing, types.ModuleType):
        _feed_name(digest, thing.__name__)
        return
    if isinstance(thing, types.FunctionType | type):
        module = getattr(thing, "__module__", None)
        if module not in (None, "__main__") and _installed(str(module)):
            _feed_name(digest, f"{module}.{thing.__qualname__}")
            return
        if id(thing) in seen:
            return
        seen.add(id(thing))
        digest.update(textwrap.dedent(inspect.getsource(thing)).encode())
        if isinstance(thing, types.FunctionType):
            _feed(digest, thing.__defaults__, seen)
            outside = _outside(thing)
            for name in sorted(outside):
                digest.update(name.encode())
                _feed(digest, outside[name], seen)
        return
    if callable(thing) and not hasattr(thing, "__dict__"):
        _feed_name(
            digest, f"{getattr(thing, '__module__', '')}.{getattr(thing, '__name__', thing)}"
        )
        return
    digest.update(str(joblib.hash(thing)).encode())


def _outside(function: types.FunctionType) -> dict[str, Any]:
    """What a function names but does not define: its globals and its closure."""

    def names(code: types.CodeType) -> set[str]:
        # A lambda or a comprehension inside the function has a code object of its own.
        inner = (names(const) for const in code.co_consts if isinstance(const, types.CodeType))
        return set(code.co_names).union(*inner)

    found = {
        name: function.__globals__[name]
        for name in names(function.__code__)
        if name in function.__globals__
    }
    cells = function.__closure__ or ()
    found.update(
        (name, cell.cell_contents)
        for name, cell in zip(function.__code__.co_freevars, cells, strict=True)
    )
    return found


def _installed(module: str) -> bool:
    """Whether a module comes from an installed library or from this package."""
    top = module.split(".")[0]
    if top == PACKAGE.name or top in sys.stdlib_module_names:
        return True
    file = getattr(sys.modules.get(top), "__file__", None)
    return file is not None and "site-packages" in Path(file).parts


def _feed_name(digest: Any, name: str) -> None:
    top = name.split(".")[0]
    digest.update(name.encode())
    if top == PACKAGE.name:
        digest.update(_package_hash_once().encode())
    elif top == "sklearn":
        digest.update(versions()["scikit-learn"].encode())
    elif top in _VERSIONS:
        digest.update(versions()[top].encode())


def cache_folder() -> Path | None:
    """The folder that ``LAUNCHLAB_CACHE`` names, or None."""
    folder = os.environ.get(CACHE_VARIABLE)
    return Path(folder) if folder else None


def load(key: str) -> Any:
    """What was stored under a key, or None; a file that cannot be read counts as absent."""
    folder = cache_folder()
    if folder is None:
        return None
    path = folder / f"{key}.joblib"
    try:
        return joblib.load(path)
    except FileNotFoundError:
        return None
    except Exception:  # A torn or foreign file must cost a recomputation, never the build.
        path.unlink(missing_ok=True)
        return None


def store(key: str, value: Any) -> None:
    """Store a value under a key, in one step so that parallel runs never read half a file."""
    folder = cache_folder()
    if folder is None:
        return
    folder.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=folder, suffix=".part")
    os.close(handle)
    joblib.dump(value, name, compress=3)
    os.replace(name, folder / f"{key}.joblib")
