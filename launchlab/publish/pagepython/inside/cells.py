"""Run cells in one namespace, as a notebook's kernel does."""

from __future__ import annotations

import ast
import builtins
import gc
import importlib
import io
import json
import linecache
import random
import sys
import time
import traceback
from typing import Any

from launchlab.publish.pagepython.inside import outbox

_MOST_TRACEBACK = 20_000
# What nearly every chapter imports, directly or not.
_USUAL = (
    "numpy",
    "pandas",
    "altair",
    "scipy.stats",
    "scipy.optimize",
    "sklearn.datasets",
    "sklearn.ensemble",
    "sklearn.linear_model",
    "sklearn.metrics",
    "sklearn.model_selection",
    "sklearn.neighbors",
    "sklearn.pipeline",
    "sklearn.preprocessing",
    "sklearn.tree",
    "launchlab.lab",
    "launchlab.findings",
    "launchlab.market",
    "launchlab.zoo",
    "launchlab.stakeholders",
    "IPython.display",
    "myst_nb",
)
_counted = 0


def begin() -> None:
    """Let `print` reach the page line by line, and fill what this system lacks."""
    builtins.input = _no_input
    if not hasattr(time, "thread_time"):
        # There is one thread.
        time.thread_time = time.process_time
    for stream in (sys.stdout, sys.stderr):
        assert isinstance(stream, io.TextIOWrapper)
        # Half a character must not end a cell.
        stream.reconfigure(line_buffering=True, errors="backslashreplace")


def prepare() -> None:
    """Import what chapters use, so that a copy of the memory has it."""
    for name in _USUAL:
        importlib.import_module(name)
    gc.collect()


def shake() -> None:
    """Seed anew what was seeded by chance, in a copy of another interpreter's memory."""
    import numpy as np

    random.seed()
    np.random.seed()  # noqa: NPY002  # the state that a cell without a seed would use


def _no_input(*_: Any) -> str:
    raise RuntimeError("input() waits for a keyboard, and Python in the page has none")


def run(source: str) -> None:
    """Run a cell; what its last line is worth is shown, and an error goes to the page.

    Parameters
    ----------
    source : str
    """
    global _counted
    _counted += 1
    name = f"<cell {_counted}>"
    # Without a time of change the lines stay there, for tracebacks and for `inspect`.
    linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
    space = vars(sys.modules["__main__"])
    try:
        last = _execute(source, name, space)
        if last is not None:
            builtins._ = last  # type: ignore[attr-defined]
            outbox.show(outbox.bundle(last))
    except BaseException as error:  # A cell may raise anything, and the next one runs all the same.
        _tell(error, name)
    finally:
        for stream in (sys.stdout, sys.stderr):
            _flush(stream)


def _execute(source: str, name: str, space: dict[str, Any]) -> Any:
    tree = ast.parse(source, name)
    last = tree.body[-1] if tree.body else None
    shown = isinstance(last, ast.Expr) and not source.rstrip().endswith(";")
    body = tree.body[:-1] if shown else tree.body
    exec(compile(ast.Module(body, tree.type_ignores), name, "exec", dont_inherit=True), space)
    if not shown:
        return None
    assert isinstance(last, ast.Expr)
    return eval(compile(ast.Expression(last.value), name, "eval", dont_inherit=True), space)


def _flush(stream: Any) -> None:
    # A cell may have put anything in the place of a stream.
    try:
        stream.flush()
    except Exception:
        return


def _tell(error: BaseException, name: str) -> None:
    """Hand an error to the page, with the lines of cells and what they called."""
    kind = type(error).__name__
    try:
        inner = error.__traceback__
        while inner is not None and inner.tb_frame.f_code.co_filename != name:
            inner = inner.tb_next
        lines = traceback.format_exception(type(error), error, inner)
        text, message = "".join(lines).rstrip(), str(error)
    except BaseException as another:
        text = message = f"({kind}, which {type(another).__name__} kept from being told)"
    if len(text) > _MOST_TRACEBACK:
        half = _MOST_TRACEBACK // 2
        text = f"{text[:half]}\n…\n{text[-half:]}"
    outbox.send("error", name=kind, message=message[:_MOST_TRACEBACK], traceback=text)


def point(name: str, state: str) -> None:
    """Compute one state of a lab that a cell has shown, and hand it to the page.

    Parameters
    ----------
    name : str
    state : str
        JSON object: control name to value.
    """
    from launchlab.lab.lives import inpage

    try:
        outbox.send("point", point=inpage.point(name, json.loads(state)))
    except BaseException as error:  # As in a cell.
        _tell(error, "")
