"""The chapters as Colab opens them: with a first cell that installs what Colab lacks.

Colab opens a notebook alone, from a repository on GitHub, and without the course's package. The
committed notebooks know neither the repository's address nor the commit that they belong to, and
their readers on the page and in JupyterLab need no such cell; so copies are made with it when the
book is published, and the workflow pushes them to a branch of their own (`BRANCH`).
"""

from __future__ import annotations

import ast
import json
import os
import posixpath
import re
import shutil
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from launchlab.publish import pages, repository

BRANCH = "colab"
FOLDER = Path("_build", "colab")
OPENS = "https://colab.research.google.com/github"
CELL = "for-colab"
# Starts what lies in service/, which a notebook alone does not bring.
_NEEDS_CLONE = "launchlab.software.running"
_IMAGE = re.compile(r"(!\[[^\]]*\]\()(?![a-z]+:|/)([^)\s]+)(\))", re.IGNORECASE)
# Cheap where it does nothing: one look into a dictionary. pip leaves alone what satisfies it. Colab
# loads some packages before any cell runs; should pip have changed one, only a new session sees it.
_SOURCE = """\
# @title On Colab, install what this chapter needs (a minute)
import sys

if "google.colab" in sys.modules:
    import importlib.util
    import subprocess
    from importlib import metadata

    wanted = {
WANTED
    }
    missing = [wanted[name] for name in wanted if importlib.util.find_spec(name) is None]
    if missing:
        names = ("ipywidgets", "numpy", "pandas", "scipy", "traitlets")
        loaded = {name: sys.modules[name].__version__ for name in names if name in sys.modules}
        pip = [sys.executable, "-m", "pip", "install", "--quiet", *missing]
        done = subprocess.run(pip, capture_output=True, text=True)
        if done.returncode:
            raise SystemExit(f"pip could not install what this chapter needs:\\n{done.stderr}")
        importlib.invalidate_caches()
        changed = [name for name, old in loaded.items() if metadata.version(name) != old]
        if changed:
            raise SystemExit(
                f"Installed, but Colab had loaded another {' and '.join(changed)}: "
                "choose Runtime > Restart session, then Runtime > Run all."
            )
"""


class NoAddressError(pages.UsageError):
    """Nobody could install the package from where it lies."""


def link(address: str, page: str) -> str | None:
    """The link that opens a notebook on Colab.

    Parameters
    ----------
    address : str
        From `launchlab.publish.repository.web_address`.
    page : str
        Path of a notebook from the repository's root.

    Returns
    -------
    str or None
        None where Colab opens nothing: on every host but GitHub.
    """
    if repository.host(address) != "github.com":
        return None
    whole = address.split("/", 3)[3]
    return f"{OPENS}/{whole}/blob/{BRANCH}/{quote(page)}"


def offered(page: str, notebook: Mapping[str, Any]) -> bool:
    """Whether a notebook is one that runs on Colab: a chapter with code that needs no clone.

    Parameters
    ----------
    page : str
        Its path from the repository's root.
    notebook : mapping
        As JSON has it.
    """
    if not page.startswith("book/"):
        return False
    modules = set(_imported(notebook))
    return bool(modules) and _NEEDS_CLONE not in modules


def wanted(notebook: Mapping[str, Any], project: Mapping[str, Any], package: str) -> dict[str, str]:
    """What pip is asked for, by module: the course's package, and what else a notebook imports.

    Parameters
    ----------
    notebook : mapping
        As JSON has it.
    project : mapping
        ``pyproject.toml``; what notebooks may import stands in its group ``run``.
    package : str
        Where the package is installed from: an address or a file.
    """
    known = {
        canonicalize_name(Requirement(one).name): one for one in project["dependency-groups"]["run"]
    }
    found = {"launchlab": f"launchlab @ {package}"}
    for module in sorted({name.split(".")[0] for name in _imported(notebook)}):
        if canonicalize_name(module) in known:
            found[module] = known[canonicalize_name(module)]
    return found


def source(packages: Mapping[str, str]) -> str:
    """The code of the cell that installs packages on Colab.

    Parameters
    ----------
    packages : mapping
        From `wanted`.
    """
    lines = "\n".join(f"        {json.dumps(k)}: {json.dumps(v)}," for k, v in packages.items())
    return _SOURCE.replace("WANTED", lines).strip()


def prepared(
    notebook: Mapping[str, Any], page: str, code: str, folder: str | None = None
) -> dict[str, Any]:
    """A copy of a notebook with the cell before all others.

    Parameters
    ----------
    notebook : mapping
        As JSON has it.
    page : str
        Its path from the repository's root.
    code : str
        From `source`.
    folder : str, optional
        Address of the repository's root, under which drawings lie. Colab finds none by their path.
    """
    cell = {
        "cell_type": "code",
        "execution_count": None,
        "id": CELL,
        "metadata": {"cellView": "form"},
        "outputs": [],
        "source": code.splitlines(keepends=True),
    }
    cells = [dict(one) for one in notebook["cells"]]
    for one in cells:
        if folder and one["cell_type"] == "markdown":
            text = "".join(one["source"])
            place = posixpath.dirname(page)

            one["source"] = _with_whole_addresses(text, f"{folder}/", place).splitlines(True)
    return {**notebook, "cells": [cell, *cells]}


def make(root: Path, environment: Mapping[str, str] = os.environ) -> list[Path]:
    """Write the chapters for Colab into `FOLDER`, as they will lie on their branch.

    Parameters
    ----------
    root : Path
        Folder of ``_config.yml``.
    environment : mapping
        Environment variables; GitHub's workflows name the repository there.

    Returns
    -------
    list of Path
        What was written.

    Raises
    ------
    NoAddressError
        If the repository lies not on GitHub, or has no commit.
    """
    setting = yaml.safe_load((root / "_config.yml").read_text(encoding="utf-8"))
    address = repository.find(setting.get("repository", {}).get("url"), environment, root)
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    state = repository.find_state(root, f"v{project['project']['version']}")
    if address is None or link(address, "") is None or state is None:
        raise NoAddressError(
            f"Colab opens notebooks only from GitHub, and the repository is {address or 'nowhere'}"
            + ("" if state else ", without a commit")
        )
    package = f"{address}/archive/{state}.tar.gz"
    raw = f"https://raw.githubusercontent.com/{address.split('/', 3)[3]}/{state}"
    folder = root / FOLDER
    shutil.rmtree(folder, ignore_errors=True)
    written = []
    for path in sorted(root.glob("book/**/*.ipynb")):
        page = path.relative_to(root).as_posix()
        notebook = json.loads(path.read_text(encoding="utf-8"))
        if ".ipynb_checkpoints" in path.parts or not offered(page, notebook):
            continue
        code = source(wanted(notebook, project, package))
        target = folder / page
        target.parent.mkdir(parents=True, exist_ok=True)
        text = json.dumps(prepared(notebook, page, code, raw), indent=1, ensure_ascii=False)
        target.write_text(text + "\n", encoding="utf-8")
        written.append(target)
    about = f"Chapters of {address} for Colab, made from {state}. They are made anew, not edited."
    (folder / "README.md").write_text(about + "\n", encoding="utf-8")
    return written


def _with_whole_addresses(text: str, root: str, place: str) -> str:
    """Markdown whose drawings are named by address instead of by their path from a folder."""

    def whole(found: re.Match[str]) -> str:
        return f"{found[1]}{root}{posixpath.normpath(posixpath.join(place, found[2]))}{found[3]}"

    return _IMAGE.sub(whole, text)


def _imported(notebook: Mapping[str, Any]) -> Iterator[str]:
    """The modules that the code of a notebook imports, in full."""
    for cell in notebook["cells"]:
        if cell["cell_type"] != "code":
            continue
        try:
            tree = ast.parse("".join(cell["source"]))
        except SyntaxError:  # such as a magic; a mistake is named where the notebook is executed
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                yield from (one.name for one in node.names)
            if isinstance(node, ast.ImportFrom) and node.module and not node.level:
                yield node.module
                # A module may be imported from its package.
                yield from (f"{node.module}.{one.name}" for one in node.names)
