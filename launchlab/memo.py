"""One cache for every computed thing: grid points, trained scores, menus, claims, notebooks.

A value is kept under a key made from everything it was computed from: the sources of the modules
that its function reaches through imports (without docstrings, comments and paths), the data files
that those modules ship and name, the arguments, and the versions of Python and of the libraries
that affect the numbers. Nothing lists its dependencies by hand, and nothing stale is served.

The cache is used only when ``LAUNCHLAB_CACHE`` names a folder; a reader's kernel always computes.
With ``LAUNCHLAB_RECHECK`` beside it, functions compute too, and some points of each cached grid are
computed again and compared (`lab.declare.recheck`). What one notebook of such a run computes, the
others of that run find in the folder that ``LAUNCHLAB_AFRESH`` names, which begins empty.
"""

from __future__ import annotations

import contextlib
import copy
import dis
import functools
import hashlib
import inspect
import os
import sys
import tempfile
import types
from collections.abc import Callable, Iterable
from dataclasses import fields, is_dataclass
from functools import cache
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import joblib

from launchlab.reach import PACKAGE, installed, reached, versions

CACHE_VARIABLE = "LAUNCHLAB_CACHE"
RECHECK_VARIABLE = "LAUNCHLAB_RECHECK"
AFRESH_VARIABLE = "LAUNCHLAB_AFRESH"
_LOADS = {"LOAD_GLOBAL", "LOAD_NAME", "LOAD_FROM_DICT_OR_GLOBALS"}

P = ParamSpec("P")
T = TypeVar("T")


def fingerprint(function: Callable[..., Any]) -> str:
    """Hash of a function's code and of everything outside the function that it names.

    A notebook's functions, classes and containers are followed, and data is hashed. An imported
    module counts by what it reaches in this package, by its source if it is a loose file, and by
    its version if it is a library.

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
    """Add a thing to the digest; ``seen`` stops cycles, and keeps what was visited alive."""
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
        if installed(module):
            return [f"{module}.{thing.__qualname__}", _stamp(module)]
        return _parts_of_class(thing) if isinstance(thing, type) else _parts_of_function(thing)
    if isinstance(thing, types.CodeType):
        # Bytecode, not source: inspect may cut a lambda's source off after its first line.
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
    if hasattr(thing, "__dict__") and not installed(type(thing).__module__):
        return [type(thing), vars(thing)]
    if hasattr(thing, "random_state") and type(thing).__module__.startswith("scipy.stats"):
        # A distribution such as norm holds numpy's global random state, another one in each run.
        rested = copy.deepcopy(thing)
        rested.random_state = 0
        return [str(joblib.hash(rested))]
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


def _feed_module(digest: Any, module: types.ModuleType) -> None:
    digest.update(f"module {module.__name__} {_stamp(module.__name__)};".encode())
    file = getattr(module, "__file__", None)
    if file is not None and not installed(module.__name__):
        digest.update(Path(file).read_bytes())


@cache
def _reached_once(module: str) -> str:
    # A process imports a module once, so what it reaches is read once too.
    return reached([module])


def _stamp(module: str) -> str:
    """What an imported module's numbers depend on: the sources it reaches here, or a version."""
    top = module.split(".")[0]
    if top == PACKAGE.name or not installed(module):
        return _reached_once(module)
    return versions().get("scikit-learn" if top == "sklearn" else top, "")


# --------------------------------------------------------------------------- what is kept


def cache_folder() -> Path | None:
    """The folder that ``LAUNCHLAB_CACHE`` names, or None."""
    return _named(CACHE_VARIABLE)


def _named(variable: str) -> Path | None:
    folder = os.environ.get(variable)
    return Path(folder) if folder else None


def recheck_seed() -> str | None:
    """What ``LAUNCHLAB_RECHECK`` holds, or None: the seed of the points that are computed afresh.

    While it is there, no function returns what an earlier run has kept, for what is computed afresh
    would rest on it.
    """
    return os.environ.get(RECHECK_VARIABLE) or None


def _folder_of_functions() -> Path | None:
    if cache_folder() is None or recheck_seed() is None:
        return cache_folder()
    return _named(AFRESH_VARIABLE)


def memo(function: Callable[P, T]) -> Callable[P, T]:
    """Cache what a pure function returns, keyed by its arguments and by everything it depends on.

    Parameters
    ----------
    function : callable
        Defined in a module (for one in a notebook see `fingerprint`), with arguments that can be
        pickled.

    Returns
    -------
    callable
        The same function; it computes if no cache is named, if the value is not in the cache, or
        if what is in the cache is being rechecked and no notebook of this run has computed it.

    Examples
    --------
    >>> @memo
    ... def double(number):
    ...     return 2 * number
    >>> double(21)
    42
    """
    signature = inspect.signature(function)

    @functools.wraps(function)
    def kept(*args: P.args, **kwargs: P.kwargs) -> T:
        folder = _folder_of_functions()
        if folder is None:
            return function(*args, **kwargs)
        given = signature.bind(*args, **kwargs)
        given.apply_defaults()
        module = _real_name(function.__module__)
        stamp = fingerprint(function) if module == "__main__" else _stamp(module)
        key = key_of(f"{module}.{function.__qualname__}", stamp, dict(given.arguments))
        known: T | None = load(key, folder)
        if known is None:
            known = function(*args, **kwargs)
            store(key, known, folder)
        return known

    return kept


def _real_name(module: str) -> str:
    """A module's full name, even when it runs as a command (``python -m``)."""
    spec = getattr(sys.modules.get(module), "__spec__", None)
    return spec.name if module == "__main__" and spec is not None else module


def key_of(name: str, *parts: Any) -> str:
    """A key that starts with a readable name and changes with every part.

    Parameters
    ----------
    name : str
    *parts
        Anything that can be pickled.
    """
    return f"{name.rpartition('.')[2]}-{joblib.hash((name, parts))[:20]}"


def load(key: str, folder: Path | None = None) -> Any:
    """What was stored under a key, or None; a file that cannot be read counts as absent.

    Parameters
    ----------
    key : str
    folder : Path, optional
        Where to look; by default the folder that ``LAUNCHLAB_CACHE`` names.
    """
    folder = folder or cache_folder()
    if folder is None:
        return None
    path = folder / f"{key}.joblib"
    try:
        return joblib.load(path)
    except FileNotFoundError:
        return None
    except Exception:  # A damaged file may cost a recomputation, but must never stop the build.
        path.unlink(missing_ok=True)
        return None


def store(key: str, value: Any, folder: Path | None = None) -> None:
    """Store a value under a key, atomically, so that parallel runs never read half a file.

    Parameters
    ----------
    key : str
    value
        Anything that can be pickled, except None.
    folder : Path, optional
        As for `load`.
    """
    folder = folder or cache_folder()
    if folder is None:
        return
    folder.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=folder, suffix=".part")
    os.close(handle)
    joblib.dump(value, name, compress=3)
    os.replace(name, folder / f"{key}.joblib")
