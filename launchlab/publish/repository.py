"""Find the address of the repository that the book is built from, if there is one."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path

_WEB = re.compile(r"https://[\w.-]+/[\w.-]+/[\w.-]+\Z")


def web_address(remote: str) -> str | None:
    """The web address for a git remote or setting, or None if it has none.

    Parameters
    ----------
    remote : str
        ``https://host/owner/name(.git)`` or ``git@host:owner/name.git``.

    Returns
    -------
    str or None
        Without credentials: a remote may hold a token, a page must not.
    """
    text = remote.strip().removesuffix("/").removesuffix(".git")
    text = re.sub(r"\A(?:ssh://)?git@([\w.-]+)[:/]", r"https://\1/", text)
    text = re.sub(r"\Ahttps://[^@/]*@", "https://", text)
    return text if _WEB.match(text) else None


def find(setting: str | None, environment: Mapping[str, str], folder: Path) -> str | None:
    """The repository's web address, from the setting, the workflow or git, in that order.

    Parameters
    ----------
    setting : str, optional
        ``repository: url`` of ``_config.yml``.
    environment : mapping
        Environment variables; GitHub's workflows set two that name the repository.
    folder : Path
        Where git is asked for the remote called origin.

    Returns
    -------
    str or None

    Raises
    ------
    ValueError
        If the setting is given but is no address.
    """
    if setting:
        address = web_address(setting)
        if address is None:
            shown = re.sub(r"//.*@", "//", setting)  # a build's log is public too
            raise ValueError(
                f"repository url={shown!r}, expected an address such as https://host/owner/name"
            )
        return address
    if environment.get("GITHUB_REPOSITORY"):
        server = environment.get("GITHUB_SERVER_URL", "https://github.com")
        return web_address(f"{server}/{environment['GITHUB_REPOSITORY']}")
    command = ["git", "-C", os.fspath(folder), "remote", "get-url", "origin"]
    try:
        asked = subprocess.run(command, capture_output=True, text=True, timeout=10, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return web_address(asked.stdout) if asked.returncode == 0 else None
