"""Find the address of the repository that the book is built from, and what leads to it."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

# A host (with a dot: no nickname out of somebody's ssh configuration), with a port if need be, then
# two names or more (of a person, of groups within groups).
_WEB = re.compile(r"https://[\w-]+(?:\.[\w-]+)+(?::\d+)?(?:/~?[\w.-]+){2,}\Z", re.ASCII)
# ssh://git@host:2222/owner/name, or git@host:owner/name; who logs in there is the host's affair.
_SSH = re.compile(r"\Assh://(?:[\w.-]+@)?([\w.-]+)(?::\d+)?/", re.ASCII)
_SCP = re.compile(r"\A[\w.-]+@([\w.-]+):/?", re.ASCII)
BINDER = "https://mybinder.org/v2"


def web_address(remote: str) -> str | None:
    """The web address for a git remote or setting, or None if it has none.

    Parameters
    ----------
    remote : str
        ``https://host/owner/name(.git)``, ``ssh://git@host:port/owner/name`` or
        ``git@host:owner/name.git``. A path or ``http://`` has no address that readers could use.

    Returns
    -------
    str or None
        Without credentials: a remote may hold a token, a page must not.
    """
    text = remote.strip().removesuffix("/").removesuffix(".git")
    text = _SCP.sub(r"https://\1/", _SSH.sub(r"https://\1/", text))
    text = re.sub(r"\Ahttps://[^@/]*@", "https://", text)
    parts = text.split("/")
    return text if _WEB.match(text) and not {".", ".."} & set(parts) else None


def host(address: str) -> str:
    """The host of a web address."""
    return address.split("/")[2]


def icon(address: str) -> str:
    """The sign of the host, among those of the theme's font."""
    known = (name for name in ("github", "gitlab", "bitbucket") if name in host(address))
    return f"fab fa-{next(known, 'git-alt')}"


def binder(address: str, branch: str, page: str) -> str:
    """The link that opens a page of the repository on Binder.

    Parameters
    ----------
    address : str
        From `web_address`.
    branch : str
    page : str
        Path of a notebook from the repository's root.
    """
    _, _, _, place, name = [*address.split("/", 4), ""][:5]
    whole = f"{place}/{name}"
    if host(address) == "github.com":
        spec = f"gh/{whole}/{quote(branch)}"
    elif host(address) == "gitlab.com":
        spec = f"gl/{quote(whole, safe='')}/{quote(branch, safe='')}"
    else:
        # Any host that git can clone from, its address in one piece.
        spec = f"git/{quote(address, safe='')}/{quote(branch, safe='')}"
    return f"{BINDER}/{spec}?urlpath={quote(f'lab/tree/{page}', safe='')}"


def find(setting: str | None, environment: Mapping[str, str], folder: Path) -> str | None:
    """The repository's web address, from the setting, the workflow or git, in that order.

    Parameters
    ----------
    setting : str, optional
        ``repository: url`` of ``_config.yml``.
    environment : mapping
        Environment variables; GitHub's workflows set two that name the repository.
    folder : Path
        Where git is asked for the remote called origin, if it is the root of a repository. One that
        was unpacked inside somebody's other repository has no address.

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
    top = _git(folder, "rev-parse", "--show-toplevel")
    if top is None or Path(top).resolve() != folder.resolve():
        return None
    remote = _git(folder, "remote", "get-url", "origin")
    return None if remote is None else web_address(remote)


def find_branch(environment: Mapping[str, str], folder: Path) -> str:
    """The branch that links lead to: the workflow's, or the one that the remote shows first.

    Parameters
    ----------
    environment : mapping
    folder : Path
        Root of a repository, or not.
    """
    named = environment.get("GITHUB_REF_NAME")
    first = _git(folder, "symbolic-ref", "--short", "refs/remotes/origin/HEAD")
    return named or (first or "").removeprefix("origin/") or "main"


def find_state(folder: Path, tag: str) -> str | None:
    """What names the state of a repository for good: a tag where it bears that tag, else a commit.

    Parameters
    ----------
    folder : Path
        Root of a repository, or not.
    tag : str
        Such as ``v0.1.0``.

    Returns
    -------
    str or None
        None where nothing is committed.
    """
    tagged = (_git(folder, "tag", "--points-at", "HEAD") or "").splitlines()
    return tag if tag in tagged else _git(folder, "rev-parse", "HEAD")


def _git(folder: Path, *arguments: str) -> str | None:
    """What git answers about a folder; None where it, or an answer, is missing."""
    command = ["git", "-C", os.fspath(folder), *arguments]
    try:
        asked = subprocess.run(command, capture_output=True, text=True, timeout=10, check=False)
    except (OSError, subprocess.TimeoutExpired, UnicodeDecodeError):
        return None
    return asked.stdout.strip() if asked.returncode == 0 else None
