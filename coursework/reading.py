"""Read the code cells of a notebook that anybody may have written.

A file of a few megabytes can be made to take gigabytes and minutes to read.
So it is read by a child process with limits of memory and time, and only what
is needed is kept: the sources of the code cells, and what stands between them. This
module needs nothing but the standard library, as the child is this very file.
"""

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass
from typing import Any

#: A larger file is no notebook of this course's.
MOST_BYTES = 10 * 1024 * 1024
# What makes two readers of a file see two notebooks, if it stands twice in one object.
_ONCE = {"cells", "worksheets", "cell_type", "source", "input"}
# The only other keys whose values matter.
_KEPT = {*_ONCE, "nbformat", "id"}
#: Of texts so much is kept: for a person to read, and more than anybody writes.
MOST_TEXTS, MOST_LETTERS = 400, 100_000


@dataclass(frozen=True)
class Bounds:
    """What reading one notebook may take.

    Parameters
    ----------
    megabytes
        Of memory, for the child process.
    seconds
        Of the processor.
    clock_seconds
        Of the clock on the wall: a last resort.
    cells
        How many code cells there may be.
    """

    megabytes: int = 1024
    seconds: int = 20
    clock_seconds: float = 600.0
    cells: int = 2000


@dataclass(frozen=True)
class Text:
    """A cell of text.

    Parameters
    ----------
    ident
        The cell's id; an empty text where it has none.
    source
        What stands in it.
    """

    ident: str
    source: str


@dataclass(frozen=True)
class Notebook:
    """What is kept of a notebook.

    Parameters
    ----------
    cells
        The sources of its code cells; empty when something is wrong.
    texts
        The cells of text, in their order.
    problem
        What is wrong, in words, or an empty text.
    """

    cells: tuple[str, ...] = ()
    texts: tuple[Text, ...] = ()
    problem: str = ""


class _NotANotebookError(Exception):
    """Says in words what is wrong."""


def read_notebook(content: bytes, bounds: Bounds | None = None) -> tuple[tuple[str, ...], str]:
    """Return the sources of a notebook's code cells, and what is wrong with it.

    The kernel that it names does not matter: its code is run as Python.

    Parameters
    ----------
    content
        The file: JSON in UTF-8, UTF-16 or UTF-32, of any of Jupyter's formats from 2 on.
    bounds
        The defaults of ``Bounds``, if left out.

    Returns
    -------
    cells
        Empty when something is wrong. Half characters (lone surrogates) have become U+FFFD.
    problem
        In words, or an empty text.
    """
    found = read_whole(content, bounds)
    return found.cells, found.problem


def read_whole(content: bytes, bounds: Bounds | None = None) -> Notebook:
    """Return what is kept of a notebook, cells of text included.

    Parameters
    ----------
    content, bounds
        See `read_notebook`.
    """
    bounds = bounds or Bounds()
    if len(content) > MOST_BYTES:
        return Notebook(problem=f"more than {MOST_BYTES // 2**20} MB")
    if not content.strip():
        return Notebook(problem="the file is empty")
    with tempfile.TemporaryFile() as file:
        file.write(content)
        file.seek(0)
        try:
            ran = subprocess.run(
                [sys.executable, "-I", "-S", "-B", __file__, json.dumps(asdict(bounds))],
                stdin=file,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                timeout=bounds.clock_seconds,
                check=False,
                # As large as it may be, the answer is a little larger than the file.
                env={"PYTHONHASHSEED": "0"},
            )
        except subprocess.TimeoutExpired:
            return Notebook(problem=f"could not be read within {bounds.clock_seconds:g} s")
    try:
        found = json.loads(ran.stdout)
        texts = tuple(Text(ident, source) for ident, source in found["texts"])
        return Notebook(tuple(found["cells"]), texts, found["problem"])
    except (ValueError, KeyError, TypeError):
        return Notebook(
            problem=f"takes more than {bounds.seconds} s or {bounds.megabytes} MB to read, "
            "expected a notebook"
        )


def _sources(content: bytes, most: int) -> tuple[list[str], list[tuple[str, str]]]:
    """Return the sources of the code cells, and those of text with their ids; or raise."""
    encoding = json.detect_encoding(content)
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        raise _NotANotebookError(f"a byte at {error.start} that is no {encoding}") from None
    try:
        whole = json.loads(
            text,
            object_pairs_hook=_needed,
            # No number matters but that of the format; some take minutes to be understood.
            parse_int=lambda digits: int(digits) if len(digits) < 9 else 0,
            parse_float=lambda digits: 0.0,
            parse_constant=lambda name: 0.0,
        )
    except json.JSONDecodeError as error:
        raise _NotANotebookError(f"{error.msg} in line {error.lineno}") from None
    except RecursionError:
        raise _NotANotebookError("nested too deeply") from None
    if not isinstance(whole, dict):
        raise _NotANotebookError("expected an object")
    sources: list[str] = []
    texts: list[tuple[str, str]] = []
    left = MOST_LETTERS
    for cell in _cells(whole):
        if not isinstance(cell, dict):
            raise _NotANotebookError("a cell is no object")
        if cell.get("cell_type") == "code":
            sources.append(_source(cell.get("source", cell.get("input", ""))))
        elif len(texts) < MOST_TEXTS and left > 0:
            # A text that cannot be read costs the code nothing.
            source = _text(cell.get("source", ""), left)
            left -= len(source)
            texts.append((str(cell.get("id", ""))[:100], source))
        if len(sources) > most:
            raise _NotANotebookError(f"more than {most} code cells")
    return sources, texts


def _needed(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Keep of an object what matters, and refuse to choose between two."""
    kept: dict[str, Any] = {}
    for key, value in pairs:
        if key in _KEPT:
            if key in kept and key in _ONCE:
                raise _NotANotebookError(f"the key {key!r} stands twice")
            kept[key] = value
    return kept


def _cells(whole: dict[str, Any]) -> list[Any]:
    if isinstance(whole.get("cells"), list):
        return list(whole["cells"])
    sheets = whole.get("worksheets")
    if not isinstance(sheets, list):
        raise _NotANotebookError("there are no cells")
    cells: list[Any] = []
    for sheet in sheets:
        # Formats 2 and 3 know sheets; no program has ever made a second one.
        if not isinstance(sheet, dict) or not isinstance(sheet.get("cells"), list):
            raise _NotANotebookError("a sheet has no cells")
        cells += sheet["cells"]
    return cells


def _source(source: Any) -> str:
    lines = [source] if isinstance(source, str) else source
    if not isinstance(lines, list) or not all(isinstance(line, str) for line in lines):
        raise _NotANotebookError("a cell's source is no text")
    return _whole("".join(lines))


def _text(source: Any, most: int) -> str:
    lines = [source] if isinstance(source, str) else source
    known = lines if isinstance(lines, list) else []
    return _whole("".join(line for line in known if isinstance(line, str))[:most])


def _whole(text: str) -> str:
    """Return a text without half characters."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _limit(megabytes: int, seconds: int) -> None:
    """Bound what this process may use, where the system can."""
    try:
        import resource
    except ImportError:  # Windows
        return
    for which, most in (
        (resource.RLIMIT_AS, megabytes << 20),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_CORE, 0),
    ):
        hard = resource.getrlimit(which)[1]
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        try:
            resource.setrlimit(which, (most, most))
        except (ValueError, OSError):  # macOS knows no limit of address space
            continue


def _main() -> None:
    """Be the child: read a notebook from standard input, write its cells as JSON."""
    bounds = Bounds(**json.loads(sys.argv[1]))
    _limit(bounds.megabytes, bounds.seconds)
    cells: list[str] = []
    texts: list[tuple[str, str]] = []
    try:
        cells, texts = _sources(sys.stdin.buffer.read(), bounds.cells)
        problem = "" if cells else "there is no code in it"
    except _NotANotebookError as error:
        problem = f"not a notebook: {error}"
    except MemoryError:
        problem = f"takes more than {bounds.megabytes} MB to read, expected a notebook"
    sys.stdout.write(json.dumps({"cells": cells, "texts": texts, "problem": problem}))
    sys.stdout.flush()
    # Taking a million objects apart again would only take time.
    os._exit(0)


if __name__ == "__main__":
    _main()
