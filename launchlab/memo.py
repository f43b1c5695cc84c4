"""One cache for every computed thing: grid points, trained scores, menus, claims, notebooks.

A value is kept under a key that holds all it was computed from: the sources of the modules that
its function reaches by imports (without docstrings, comments and paths), the data files these
modules ship and name, the arguments, and the versions of Python and of the libraries that make
numbers. So nothing lists its own dependencies by hand, and nothing is served stale.

The cache is used only where ``LAUNCHLAB_CACHE`` names a folder: a reader's kernel always computes.
With ``LAUNCHLAB_RECHECK`` beside it, functions compute too, and some points of each kept grid are
computed afresh and compared (`lab.declare.recheck`).
"""

from __future__ import annotations

import ast
import contextlib
import dis
import functools
import hashlib
import inspect
import os
import platform
import sys
import tempfile
import types
from collections.abc import Callable, Iterable, Iterator
from dataclasses import fields, is_dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import joblib

CACHE_VARIABLE = "LAUNCHLAB_CACHE"
RECHECK_VARIABLE = "LAUNCHLAB_RECHECK"
PACKAGE = Path(__file__).resolve().parent
# Other versions may give other numbers.
_VERSIONS = ("numpy", "pandas", "scipy", "scikit-learn", "altair", "vl-convert-python")
_LOADS = {"LOAD_GLOBAL", "LOAD_NAME", "LOAD_FROM_DICT_OR_GLOBALS"}
_DATA = {".csv", ".html", ".js", ".json", ".npz"}
_FOLDERS = ("", "results", "templates")

P = ParamSpec("P")
T = TypeVar("T")


# --------------------------------------------------------------------------- what code depends on


def versions() -> dict[str, str]:
    """Installed versions of the libraries that make the numbers."""
    found = {}
    for name in _VERSIONS:
        try:
            found[name] = version(name)
        except PackageNotFoundError:  # pragma: no cover - all are dependencies
            found[name] = "missing"
    return found


def reached(names: Iterable[str], package: Path = PACKAGE) -> str:
    """Hash of all that the named modules reach in this package, and of the versions they run on.

    Parameters
    ----------
    names : iterable of str
        Full names of modules. Of modules outside the package, loose files count (a test's, say);
        installed libraries stand for their versions.
    package : Path
        Folder of the package.

    Returns
    -------
    str
        16 hexadecimal digits. They change with the code of a module reached (not with its
        docstrings, comments or place), with a data file that such a module names and ships in its
        folder, or in ``results`` or ``templates`` there, and with the versions.
    """
    digest = hashlib.sha256(f"{platform.python_version()} {versions()}".encode())
    for name in modules_reached(names, package):
        path = _file_of(name, package)
        if path is not None:
            digest.update(f"{name} {_code(path, path.stat().st_mtime_ns)[0]}".encode())
            for data in _data_of(path):
                digest.update(data.name.encode() + data.read_bytes())
    return digest.hexdigest()[:16]


def modules_reached(names: Iterable[str], package: Path = PACKAGE) -> list[str]:
    """The named modules and all that they import from this package, directly or not, sorted.

    A name imported from a package counts as the module that the package's ``__init__`` takes it
    from, so that a facade ties no two modules together. Imports within functions count.

    Parameters
    ----------
    names : iterable of str
    package : Path
        Folder of the package.
    """
    found: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        path = _file_of(name, package)
        if name in found or path is None:
            continue
        found.add(name)
        for module, names_taken in _code(path, path.stat().st_mtime_ns)[1]:
            base = _absolute(module, name, path)
            waiting += [_origin(base, one, package) for one in names_taken] or [base]
    return sorted(found)


def imports_of(source: str) -> list[str]:
    """Full names of what a piece of source imports: ``from a import b`` gives ``a.b``.

    Parameters
    ----------
    source : str
        Python, as it stands in a module or in a notebook's cells.

    Returns
    -------
    list of str
        Each as `modules_reached` takes it; a name that is no module counts as the module it is
        taken from.
    """
    return [
        _origin(module, one, PACKAGE)
        for module, names_taken in _imports(ast.parse(source))
        for one in (names_taken or ("",))
    ]


def _imports(tree: ast.AST) -> list[tuple[str, tuple[str, ...]]]:
    """(module, names taken from it) of each import; relative modules keep their leading dots."""
    found: list[tuple[str, tuple[str, ...]]] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [(alias.name, ()) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            module = "." * node.level + (node.module or "")
            found.append((module, tuple(alias.name for alias in node.names)))
    return found


@cache
def _code(path: Path, changed: int) -> tuple[str, list[tuple[str, tuple[str, ...]]], list[str]]:
    """Of a module: its code without docstrings and comments, its imports, its string constants.

    ``changed`` is the file's time of change, so that an edited file is read anew.
    """
    tree = ast.parse(path.read_text(encoding="utf-8"))
    imports = _imports(tree)
    for node in ast.walk(tree):
        match node:
            case ast.Module() | ast.ClassDef() | ast.FunctionDef() | ast.AsyncFunctionDef():
                if ast.get_docstring(node, clean=False) is not None:
                    del node.body[0]
    texts = [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    return ast.dump(tree), imports, texts


def _data_of(path: Path) -> Iterator[Path]:
    """Data files that a module names and that lie beside it, or in a folder for them there."""
    named = {text for text in _code(path, path.stat().st_mtime_ns)[2] if Path(text).suffix in _DATA}
    for text in sorted(named):
        for folder in _FOLDERS:
            if "/" not in text and path.parent.joinpath(folder, text).is_file():
                yield path.parent / folder / text


def _file_of(name: str, package: Path) -> Path | None:
    """The source file of a module of the package, or of a loose module; None for a library."""
    top, *rest = name.split(".")
    if top == package.name:
        place = package.joinpath(*rest)
        for path in (place.with_suffix(".py") if rest else place, place / "__init__.py"):
            if path.is_file():
                return path
        return None
    file = getattr(sys.modules.get(name), "__file__", None)
    return None if file is None or _installed(name) or top == "__main__" else Path(file)


def _absolute(module: str, importer: str, path: Path) -> str:
    """The full name of a module as another one imports it."""
    dots = len(module) - len(module.lstrip("."))
    if not dots:
        return module
    parts = importer.split(".")
    # A package's own dot is itself; a module's is the package it lies in.
    above = parts[: len(parts) - dots + (path.name == "__init__.py")]
    return ".".join([*above, *filter(None, [module.lstrip(".")])])


def _origin(module: str, name: str, package: Path) -> str:
    """The module that ``from module import name`` reaches."""
    if not name:
        return module
    if _file_of(f"{module}.{name}", package) is not None:
        return f"{module}.{name}"
    path = _file_of(module, package)
    if path is not None and path.name == "__init__.py":
        for source, names_taken in _code(path, path.stat().st_mtime_ns)[1]:
            if name in names_taken:
                return _origin(_absolute(source, module, path), name, package)
    return module


def fingerprint(function: Callable[..., Any]) -> str:
    """Hash of a function's code and of everything outside it that it names.

    Functions, classes and containers of a notebook are followed, data is hashed, and imported
    modules stand for what they reach in this package, for the sources of loose files, and for
    their version.

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


@cache
def _reached_once(module: str) -> str:
    # A process imports a module once, so what it reaches is read once too.
    return reached([module])


def _stamp(module: str) -> str:
    """What an imported module's numbers depend on: the sources it reaches here, or a version."""
    top = module.split(".")[0]
    if top == PACKAGE.name or not _installed(module):
        return _reached_once(module)
    return versions().get("scikit-learn" if top == "sklearn" else top, "")


# --------------------------------------------------------------------------- what is kept


def cache_folder() -> Path | None:
    """The folder that ``LAUNCHLAB_CACHE`` names, or None."""
    folder = os.environ.get(CACHE_VARIABLE)
    return Path(folder) if folder else None


def recheck_seed() -> str | None:
    """What ``LAUNCHLAB_RECHECK`` holds, or None: the seed of the points that are computed afresh.

    While it is there, no function returns what was kept, for what is computed afresh would rest on
    it.
    """
    return os.environ.get(RECHECK_VARIABLE) or None


def memo(function: Callable[P, T]) -> Callable[P, T]:
    """Keep what a pure function returns, under its arguments and all that it is computed from.

    Parameters
    ----------
    function : callable
        Of a module (not of a notebook: see `fingerprint`), with arguments that can be pickled.

    Returns
    -------
    callable
        The same function; it computes where no cache is named, nothing is kept, or what is kept is
        being rechecked.

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
        if cache_folder() is None or recheck_seed() is not None:
            return function(*args, **kwargs)
        given = signature.bind(*args, **kwargs)
        given.apply_defaults()
        module = _real_name(function.__module__)
        stamp = fingerprint(function) if module == "__main__" else _stamp(module)
        key = key_of(f"{module}.{function.__qualname__}", stamp, dict(given.arguments))
        known: T | None = load(key)
        if known is None:
            known = function(*args, **kwargs)
            store(key, known)
        return known

    return kept


def _real_name(module: str) -> str:
    """A module's full name, also where it runs as a command (``python -m``)."""
    spec = getattr(sys.modules.get(module), "__spec__", None)
    return spec.name if module == "__main__" and spec is not None else module


def key_of(name: str, *parts: Any) -> str:
    """A key that starts with a readable name and changes with every part.

    Parameters
    ----------
    name : str
    *parts
        Whatever can be pickled.
    """
    return f"{name.rpartition('.')[2]}-{joblib.hash((name, parts))[:20]}"


def load(key: str, folder: Path | None = None) -> Any:
    """What was stored under a key, or None; a file that cannot be read counts as absent.

    Parameters
    ----------
    key : str
    folder : Path, optional
        Where to look; the folder that ``LAUNCHLAB_CACHE`` names, if left out.
    """
    folder = folder or cache_folder()
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


def store(key: str, value: Any, folder: Path | None = None) -> None:
    """Store a value under a key, in one step so that parallel runs never read half a file.

    Parameters
    ----------
    key : str
    value
        Whatever can be pickled, but None.
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
