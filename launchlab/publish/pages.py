"""Make pages with Sphinx, from Jupyter Book's configuration."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from jupyter_book.config import get_final_config
from sphinx_external_toc.parsing import parse_toc_yaml

# Of kernels that run when the build is interrupted, and end by themselves.
_PATIENCE = 20.0
CONFIGURATION = Path(".cache", "sphinx")
# Names the one page whose notebook is executed, where only one is wanted (see `chapter`).
ONLY_VARIABLE = "LAUNCHLAB_ONLY"
# Paths in the configuration begin at the book's root, where no file shall be made.
_SETUP = """

def setup(app):
    app.confdir = app.srcdir
"""


class UsageError(ValueError):
    """What was asked for cannot be done, for a reason that is one sentence."""


class NoBookError(UsageError):
    """A folder cannot be built."""


def check_root(root: Path) -> None:
    """Refuse a folder that is no book.

    Raises
    ------
    NoBookError
    """
    missing = [name for name in ("_config.yml", "_toc.yml") if not (root / name).is_file()]
    if missing:
        raise NoBookError(f"root={str(root)!r}: expected a folder with {' and '.join(missing)}")


def read_contents(root: Path) -> list[str]:
    """The pages of ``_toc.yml`` in their order, each by its path from the root without suffix.

    Raises
    ------
    NoBookError
        If it is no table of contents.
    """
    try:
        contents = parse_toc_yaml(root / "_toc.yml")
    except Exception as error:  # The parser of the table has one of its own, that of YAML others.
        raise NoBookError(f"_toc.yml cannot be used: {' '.join(str(error).split())}") from error
    return [str(name).removesuffix(".ipynb") for name in contents]


def read_parts(root: Path) -> dict[str, str]:
    """What the part is called that each page of ``_toc.yml`` belongs to; pages of none are absent.

    Parameters
    ----------
    root : Path
        Its folder. A page is named as in `read_contents`.
    """
    front = parse_toc_yaml(root / "_toc.yml").root
    return {
        str(name).removesuffix(".ipynb"): part.caption
        for part in front.subtrees
        for name in part.items
        if part.caption
    }


def write_configuration(root: Path) -> Path:
    """Write what Jupyter Book makes of ``_config.yml`` as Sphinx's ``conf.py``.

    Jupyter Book's own command writes it beside ``_config.yml``; here it goes among the caches.

    Parameters
    ----------
    root : Path
        Folder of ``_config.yml`` and ``_toc.yml``.

    Returns
    -------
    Path
        Folder of the ``conf.py``.

    Raises
    ------
    NoBookError
        If there is no such folder, or Jupyter Book refuses the configuration.
    """
    check_root(root)
    read_contents(root)
    given = {"external_toc_path": "_toc.yml", "latex_individualpages": False}
    try:
        found, _ = get_final_config(
            user_yaml=root / "_config.yml", sourcedir=root, cli_config=given
        )
    except Exception as error:  # A parser's, a validator's: each has its own.
        said = " ".join(str(error).split())
        raise NoBookError(f"_config.yml cannot be used: {said}") from error
    lines = ["# Made from _config.yml at each build: changes belong there."]
    lines += [f"{name} = {found[name]!r}" for name in sorted(found)]
    folder = root / CONFIGURATION
    folder.mkdir(parents=True, exist_ok=True)
    folder.joinpath("conf.py").write_text("\n".join(lines) + _SETUP, encoding="utf-8")
    return folder


def arguments(root: Path, out: Path, doctrees: Path) -> list[str]:
    """What Sphinx is told in every build, but for its warnings.

    Parameters
    ----------
    root : Path
    out : Path
        Folder for the pages.
    doctrees : Path
        Folder for what Sphinx keeps of them.
    """
    return ["-b", "html", "-c", str(root / CONFIGURATION), "-d", str(doctrees), str(root), str(out)]


def environment(given: Mapping[str, str]) -> dict[str, str]:
    """The environment of a build."""
    # Two numerical libraries with a thread for each core wait for each other on a busy machine.
    return {"OMP_NUM_THREADS": "1", **given}


def run(
    command: Sequence[str], environment: Mapping[str, str], *, about: Path | None = None
) -> tuple[int, list[str]]:
    """Run a command and pass on what it complains of.

    Ctrl-C ends it and all that it started, without a word of theirs.

    Parameters
    ----------
    command : sequence of str
    environment : mapping
    about : Path, optional
        Leave out the warnings about any other file.

    Returns
    -------
    code : int
        Its exit code.
    complaints : list of str
        The lines that were passed on.
    """
    complaints = []
    wanted = True
    # In a group of its own, so that Ctrl-C reaches it through here alone, and once.
    with subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env=dict(environment),
        text=True,
        errors="replace",
        process_group=0,
    ) as running:
        assert running.stderr is not None
        try:
            for line in running.stderr:
                if about is not None and "WARNING: " in line:
                    # The lines that follow a warning belong to it.
                    wanted = str(about) in line
                if wanted:
                    complaints.append(line)
                    print(line, end="", file=sys.stderr, flush=True)
        except BaseException:
            _end(running)
            raise
    return running.returncode, complaints


def _end(running: subprocess.Popen[str]) -> None:
    """End a command and its group: with time to put kernels away, then without."""
    for sent, seconds in ((signal.SIGINT, _PATIENCE), (signal.SIGKILL, None)):
        try:
            os.killpg(running.pid, sent)
        except ProcessLookupError:
            return
        try:
            running.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            continue
        return


def sphinx(options: Sequence[str]) -> list[str]:
    """The command that runs Sphinx in this environment."""
    return [sys.executable, "-m", "sphinx", "build", *options]


def write_notebook(path: Path, notebook: dict[str, Any]) -> None:
    """Write a notebook in the form in which notebooks are committed."""
    path.write_text(json.dumps(notebook, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
