"""Build and serve the book: ``python -m launchlab.publish build|serve``."""

from __future__ import annotations

import argparse
import contextlib
import functools
import http.server
import json
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

REPORTS = Path("_build", "html", "reports")
# Jupyter Book has no `python -m`, and its script is not on the path outside the environment.
_JUPYTER_BOOK = "from jupyter_book.cli.main import main; main()"
_ERROR = re.compile(r"[\w.]*(Error|Exception|Interrupt|Warning)\w*: ")
_ANSI = re.compile(r"\x1b\[[0-9;]*m")


def failures(root: Path) -> list[str]:
    """What failed in the last build, a line for each notebook: its path, cell and error.

    Parameters
    ----------
    root : Path
        Folder of ``_config.yml``.
    """
    found = []
    for report in sorted(root.joinpath(REPORTS).rglob("*.err.log")):
        text = _ANSI.sub("", report.read_text(encoding="utf-8"))
        name = report.relative_to(root / REPORTS).as_posix().removesuffix(".err.log")
        notebook = root / f"{name}.ipynb"
        lines = [line for line in text.splitlines() if line.strip()]
        errors = [line for line in lines if _ERROR.match(line)]
        message = (errors or lines or ["no message"])[-1]
        cell = _failed_cell(notebook, text)
        found.append(f"{notebook.relative_to(root)}{cell}: {message}")
    return found


def _failed_cell(notebook: Path, report: str) -> str:
    """``, cell N`` for the code cell whose source the report quotes (counted from 1)."""
    if not notebook.exists():
        return ""
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    line = "-" * 18  # the report quotes the cell between two of them
    for number, cell in enumerate(cells, start=1):
        source = "".join(cell["source"]).strip()
        if cell["cell_type"] != "code":
            continue
        # Of a cell that took too long, the report shows only the first lines, as a list.
        start = repr(source.splitlines()[:2])[:-1] if source else "no source"
        if f"{line}\n{source}\n{line}" in report or f"{line}\n{start}" in report:
            return f", cell {number}"
    return ""


def _run(command: list[str], environment: dict[str, str]) -> int:
    """Run a command and pass on what it complains of, but for what is no complaint."""
    with subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env=environment,
        text=True,
        errors="replace",
    ) as running:
        assert running.stderr is not None
        for line in running.stderr:
            # Each kernel says it, of a connection that does not leave this machine.
            if "running over TCP without encryption" not in line:
                print(line, end="", file=sys.stderr, flush=True)
    return running.returncode


def build(root: Path, *, quiet: bool = False) -> int:
    """Build the book with warnings as errors.

    Parameters
    ----------
    root : Path
        Folder of ``_config.yml`` and ``_toc.yml``.
    quiet : bool
        Whether Sphinx's progress is left out.

    Returns
    -------
    int
        0, or 1 if anything failed; the last line printed says which.
    """
    started = time.monotonic()
    reports = root / REPORTS
    for old in reports.rglob("*.err.log") if reports.exists() else ():
        old.unlink()
    command = [sys.executable, "-c", _JUPYTER_BOOK, "build", str(root), "-W", "--keep-going"]
    command += ["-q"] if quiet else []
    # Two numerical libraries with a thread for each core wait for each other on a busy machine.
    environment = {"OMP_NUM_THREADS": "1", **os.environ}
    code = _run(command, environment)
    broken = failures(root)
    for line in broken:
        print(f"failed: {line}")
    if code != 0 or broken:
        # Sphinx would take the pages it has read for good, and the next build would pass.
        shutil.rmtree(root / "_build" / ".doctrees", ignore_errors=True)
        first = f": {broken[0]}" if broken else "; the warnings above say where"
        print(f"The book was NOT built{first}")
        return 1
    seconds = time.monotonic() - started
    print(f"The book is built ({seconds:.0f} s): {root / '_build' / 'html' / 'index.html'}")
    return 0


def serve(root: Path, port: int) -> int:
    """Serve the built book on this machine until interrupted.

    Returns
    -------
    int
        0, or 1 if there is nothing to serve or the port is taken.
    """
    folder = root / "_build" / "html"
    if not folder.joinpath("index.html").exists():
        print("Nothing to serve: build the book first (make book)")
        return 1

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            """Keep the terminal for the address."""

    handler = functools.partial(Quiet, directory=str(folder))
    try:
        server = http.server.ThreadingHTTPServer(("127.0.0.1", port), handler)
    except OSError as error:
        print(f"Port {port} cannot be used ({error.strerror}): make serve PORT=8001")
        return 1
    print(f"The book is at http://localhost:{server.server_address[1]}", flush=True)
    with server, contextlib.suppress(KeyboardInterrupt):
        server.serve_forever()
    return 0


def main(arguments: list[str] | None = None) -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m launchlab.publish", description=__doc__)
    parser.add_argument("command", choices=["build", "serve"])
    parser.add_argument("--root", type=Path, default=Path.cwd())
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--quiet", action="store_true")
    asked = parser.parse_args(arguments)
    root = asked.root.resolve()
    if asked.command == "build":
        return build(root, quiet=asked.quiet)
    return serve(root, asked.port)
