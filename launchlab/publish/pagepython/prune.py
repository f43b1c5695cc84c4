"""What of the interpreter is shipped: its code without names, and the libraries that are used."""

from __future__ import annotations

from collections.abc import Iterator
from zipfile import ZipFile

_CUSTOM, _MEMORY = 0, 5
_PAGE = 65_536
# A browser's tab may not survive 2 GB; a MemoryError inside Python it does.
MOST_MEMORY = 1_536 * 2**20

# Libraries that no chapter reaches, nor any library that one does.
_LIBRARIES = """
bs4 charset_normalizer contourpy cycler defusedxml et_xmlfile fontTools formulaic html5lib host
interface_meta isympy kiwisolver lxml matplotlib more_itertools mpl_toolkits mpmath networkx
openpyxl PIL patsy pylab pyparsing pypdf regex reportlab seaborn soupsieve statsmodels sympy
tabulate tlz tomli_w toolz tqdm tzdata webencodings wrapt xlrd xlsxwriter xmltodict yaml _yaml
"""
# Parts of the standard library that need a terminal, a screen, a network or a process.
_STANDARD = """
_pyrepl curses ensurepip ftplib idlelib imaplib lib2to3 mailbox nntplib poplib profiling
pydoc_data smtplib socketserver sqlite3 test tkinter turtle turtledemo venv wsgiref xmlrpc
"""
UNUSED = frozenset(f"{_LIBRARIES} {_STANDARD}".split())
_TESTS = frozenset(["test", "tests"])
# Whose versions somebody asks for.
_DISTRIBUTIONS = """
attrs jinja2 joblib markupsafe narwhals numpy packaging pandas python_dateutil scikit_learn scipy
six threadpoolctl typing_extensions
"""
_VERSIONS = frozenset(_DISTRIBUTIONS.split())
# Large files that only examples of other libraries read.
_LARGE = ("sklearn/datasets/images/",)


def _number(code: bytes, at: int) -> tuple[int, int]:
    """An unsigned LEB128 number, and where it ends."""
    value = shift = 0
    while True:
        byte = code[at]
        at += 1
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            return value, at


def _encoded(value: int) -> bytes:
    parts = bytearray()
    while value > 127:
        parts.append(value & 127 | 128)
        value >>= 7
    return bytes([*parts, value])


def _sections(code: bytes) -> Iterator[tuple[int, bytes]]:
    at = 8
    while at < len(code):
        kind = code[at]
        size, start = _number(code, at + 1)
        at = start + size
        yield kind, code[start:at]


def lean_module(code: bytes, most: int = MOST_MEMORY) -> bytes:
    """A WebAssembly module without the names of its functions, and with a limit of memory.

    Parameters
    ----------
    code : bytes
        A module with one memory of its own.
    most : int
        Bytes that it may ask for.

    Returns
    -------
    bytes

    Raises
    ------
    ValueError
        If it is no WebAssembly, or its memory is declared in a way that is not known here.
    """
    if code[:4] != b"\0asm":
        raise ValueError("the module does not begin as WebAssembly does")
    parts = [code[:8]]
    for kind, body in _sections(code):
        if kind == _CUSTOM:
            continue
        if kind == _MEMORY:
            if body[:2] != b"\x01\x00":
                raise ValueError("the module's memory: expected one, without a limit")
            least, end = _number(body, 2)
            if end != len(body):
                raise ValueError("the module's memory: expected nothing behind its size")
            body = b"\x01\x01" + _encoded(least) + _encoded(most // _PAGE)
        parts += [bytes([kind]), _encoded(len(body)), body]
    return b"".join(parts)


def is_used(name: str) -> bool:
    """Whether a file of the interpreter's library is shipped.

    Parameters
    ----------
    name : str
        Its path in the zip.
    """
    folders = name.split("/")
    if folders[0].split(".")[0] in UNUSED or name.startswith(_LARGE):
        return False
    if folders[0].endswith(".dist-info"):
        # Versions are asked for; long descriptions are not.
        return folders[1] == "METADATA" and folders[0].split("-")[0] in _VERSIONS
    return not _TESTS.intersection(folders[:-1])


def library(shipped: ZipFile) -> dict[str, bytes]:
    """The files of the interpreter's library that are shipped, by their path.

    Parameters
    ----------
    shipped : ZipFile
        ``python-stdlib.zip`` of the wheel: bytecode.
    """
    return {
        name: _headers_only(name, shipped.read(name))
        for name in shipped.namelist()
        if not name.endswith("/") and is_used(name)
    }


def _headers_only(name: str, data: bytes) -> bytes:
    return data.split(b"\n\n")[0] + b"\n" if name.endswith(".dist-info/METADATA") else data
