"""A content-hashed cache of computed points, shared by build, nbval and the tests.

It is used only where ``LAUNCHLAB_CACHE`` names a folder: a reader's kernel always computes.
"""

from __future__ import annotations

import contextlib
import dis
import functools
import hashlib
import os
import platform
import sys
import tempfile
import types
from collections.abc import Callable, Collection, Iterable
from dataclasses import fields, is_dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import joblib

CACHE_VARIABLE = "LAUNCHLAB_CACHE"
PACKAGE = Path(__file__).resolve().parents[1]
# Other versions may give other numbers.
_VERSIONS = ("numpy", "pandas", "scipy", "scikit-learn", "altair", "vl-convert-python")
_LOADS = {"LOAD_GLOBAL", "LOAD_NAME", "LOAD_FROM_DICT_OR_GLOBALS"}
_SOURCES = {".py", ".csv", ".json", ".npz", ".js"}


def package_hash(package: Path = PACKAGE, only: Collection[str] = ()) -> str:
    """Hash of a package's sources and shipped data, and of the versions it runs on.

    Parameters
    ----------
    package : Path
        Folder of the package.
    only : collection of str, optional
        Names of the files to hash, where not all of them matter.

    Returns
    -------
    str
        16 hexadecimal digits.
    """
    digest = hashlib.sha256(f"{platform.python_version()} {versions()}".encode())
    for path in sorted(package.rglob("*")):
        if path.suffix not in _SOURCES or "__pycache__" in path.parts:
            continue
        if not only or path.name in only:
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
    """Hash of a function's code and of everything outside it that it names.

    Functions, classes and containers of a notebook are followed, data is hashed, and imported
    modules stand for their version (this package and loose files: for their sources).

    Parameters
    ----------
    function : callable

    Returns
    -------
    str
        16 hexadecimal digits.
    """
    digest = hashlib.sha256()
    _feed(digest, function, {})
    return digest.hexdigest()[:16]


def _feed(digest: Any, thing: Any, seen: dict[int, Any]) -> None:
    """Add a thing to the digest; ``seen`` holds (and keeps alive) what may refer to itself."""
    if isinstance(thing, types.ModuleType):
        _feed_module(digest, thing)
        return
    if isinstance(thing, str | bytes | int | float | complex | None):
        digest.update(f"{type(thing).__name__} {thing!r};".encode())
        return
    if id(thing) in seen:
        return
    seen[id(thing)] = thing
    parts = _parts(thing)
    if parts is None:
        digest.update(str(joblib.hash(thing)).encode())
        return
    digest.update(f"{type(thing).__name__}(".encode())
    for part in parts:
        _feed(digest, part, seen)
    digest.update(b")")


def _parts(thing: Any) -> Iterable[Any] | None:
    """What a thing is made of, in a fixed order; None for plain data."""
    if isinstance(thing, types.FunctionType | type):
        module = str(thing.__module__)
        if _installed(module):
            return [f"{module}.{thing.__qualname__}", _stamp(module)]
        return _parts_of_class(thing) if isinstance(thing, type) else _parts_of_function(thing)
    if isinstance(thing, types.CodeType):
        # Code rather than source: the source of a lambda may end at its first line.
        return [thing.co_code, thing.co_names, thing.co_varnames, thing.co_consts]
    if isinstance(thing, functools.partial):
        return [thing.func, thing.args, thing.keywords]
    if isinstance(thing, types.MethodType):
        return [thing.__func__, thing.__self__]
    if isinstance(thing, property):
        return [thing.fget]
    if isinstance(thing, staticmethod | classmethod) or hasattr(thing, "cache_info"):
        return [thing.__wrapped__]
    if isinstance(thing, dict):
        return [part for pair in thing.items() for part in pair]
    if isinstance(thing, list | tuple):
        return thing
    if isinstance(thing, set | frozenset):
        return sorted(map(repr, thing))
    if is_dataclass(thing):
        return [type(thing), *(getattr(thing, field.name) for field in fields(thing))]
    if callable(thing) and not hasattr(thing, "__dict__"):  # built in
        return [str(getattr(thing, "__module__", "")), str(getattr(thing, "__name__", thing))]
    if hasattr(thing, "__dict__") and not _installed(type(thing).__module__):
        return [type(thing), vars(thing)]
    return None


def _parts_of_function(function: types.FunctionType) -> list[Any]:
    outside = _outside(function)
    return [
        function.__code__,
        function.__defaults__,
        function.__kwdefaults__,
        [(name, outside[name]) for name in sorted(outside)],
    ]


def _parts_of_class(kind: type) -> list[Any]:
    own = {
        name: value
        for name, value in vars(kind).items()
        if isinstance(value, types.FunctionType) or not name.startswith(("__", "_abc_"))
    }
    return [kind.__qualname__, kind.__bases__, own]


def _outside(function: types.FunctionType) -> dict[str, Any]:
    """What a function names but does not define: its globals and its closure."""

    def names(code: types.CodeType) -> set[str]:
        # A lambda or a comprehension inside the function has a code object of its own.
        inner = (names(const) for const in code.co_consts if isinstance(const, types.CodeType))
        loaded = (one.argval for one in dis.get_instructions(code) if one.opname in _LOADS)
        return set(loaded).union(*inner)

    found = {
        name: function.__globals__[name]
        for name in names(function.__code__)
        if name in function.__globals__
    }
    for name, cell in zip(function.__code__.co_freevars, function.__closure__ or (), strict=True):
        with contextlib.suppress(ValueError):  # a cell that is not filled yet
            found[name] = cell.cell_contents
    return found


def _installed(module: str) -> bool:
    """Whether a module comes from an installed library or from this package."""
    top = module.split(".")[0]
    if top == "__main__":  # which may have the file of whatever launched the kernel
        return False
    if top == PACKAGE.name or top in sys.stdlib_module_names:
        return True
    file = getattr(sys.modules.get(top), "__file__", None)
    return file is not None and "site-packages" in Path(file).parts


def _feed_module(digest: Any, module: types.ModuleType) -> None:
    digest.update(f"module {module.__name__} {_stamp(module.__name__)};".encode())
    file = getattr(module, "__file__", None)
    if file is not None and not _installed(module.__name__):
        digest.update(Path(file).read_bytes())


def _stamp(module: str) -> str:
    """What an imported module's numbers depend on: this package's sources, or a version."""
    top = module.split(".")[0]
    if top == PACKAGE.name:
        return _package_hash_once()
    return versions().get("scikit-learn" if top == "sklearn" else top, "")


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
