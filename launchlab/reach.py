"""What code depends on: the modules it reaches, the data they ship, the versions it runs on.

Read from the sources, without importing anything, so that a change is seen before it is loaded.
"""

from __future__ import annotations

import ast
import hashlib
import platform
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent
# Different versions may give different numbers.
_VERSIONS = ("numpy", "pandas", "scipy", "scikit-learn", "altair", "vl-convert-python")
_DATA = {".css", ".csv", ".html", ".js", ".json", ".npz"}
_FOLDERS = ("", "results", "templates")


def versions() -> dict[str, str]:
    """Installed versions of the libraries that affect the numbers."""
    found = {}
    for name in _VERSIONS:
        try:
            found[name] = version(name)
        except PackageNotFoundError:  # pragma: no cover - all are dependencies
            found[name] = "missing"
    return found


def reached(names: Iterable[str], package: Path = PACKAGE) -> str:
    """Hash everything the named modules reach in this package, and the versions they run on.

    Parameters
    ----------
    names : iterable of str
        Full names of modules. Outside the package, only loose files (a test's, say) count;
        installed libraries count by version alone.
    package : Path
        Folder of the package.

    Returns
    -------
    str
        16 hexadecimal digits. They change with the code of any module reached (not with its
        docstrings, comments or path), with any data file that such a module names and that lies
        beside it or in its ``results`` or ``templates`` folder, and with the versions.
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
    """The named modules and everything they import from this package, directly or not, sorted.

    A name imported from a package counts as the module that the package's ``__init__`` takes it
    from, so that importing through a facade does not pull in the rest of the facade. Imports
    inside functions count too.

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
    """Full names of what some source imports: ``from a import b`` gives ``a.b``.

    Parameters
    ----------
    source : str
        Python, from a module or from a notebook's cells.

    Returns
    -------
    list of str
        In the form `modules_reached` takes; a name that is not a module is replaced by the module
        it comes from.
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
    """A module's code without docstrings and comments, its imports and its string constants.

    ``changed`` is the file's modification time, so that an edited file is read again.
    """
    tree = ast.parse(path.read_text(encoding="utf-8"))
    imports = _imports(tree)
    for node in ast.walk(tree):
        # Docstrings, and the strings that stand under constants to describe them, do nothing.
        for name in ("body", "orelse", "finalbody"):
            block = getattr(node, name, None)
            if isinstance(block, list):
                block[:] = [one for one in block if not _is_text(one)]
    texts = [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    return ast.dump(tree), imports, texts


def _is_text(statement: ast.AST) -> bool:
    """Whether a statement is nothing but a string."""
    match statement:
        case ast.Expr(value=ast.Constant(value=str())):
            return True
    return False


def _data_of(path: Path) -> Iterator[Path]:
    """Data files that a module names, found beside it or in its ``results`` or ``templates``."""
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
    return None if file is None or installed(name) or top == "__main__" else Path(file)


def _absolute(module: str, importer: str, path: Path) -> str:
    """The full name of a module that another module imports, perhaps relatively."""
    dots = len(module) - len(module.lstrip("."))
    if not dots:
        return module
    parts = importer.split(".")
    # One dot means the package itself in an __init__.py, and the enclosing package in a module.
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


def installed(module: str) -> bool:
    """Whether a module comes from an installed library or from this package."""
    top = module.split(".")[0]
    if top == "__main__":  # its file may be that of the program that launched the kernel
        return False
    if top == PACKAGE.name or top in sys.stdlib_module_names:
        return True
    file = getattr(sys.modules.get(top), "__file__", None)
    return file is not None and "site-packages" in Path(file).parts
