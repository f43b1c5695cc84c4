"""The Chromium that the browser tests use: where it is, and how to get it.

``python -m tests.browser_path`` prints its path, or ends in one line with the
command that installs it. With ``--install``, as root on Debian, it installs
the browser with apt-get; nothing else here downloads a browser.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

NAMES = ("chromium", "google-chrome", "google-chrome-stable")
# Debian's Chromium without a window of its own: the same code draws the pages.
SHELL = "chromium-headless-shell"
MAC_APPS = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
APT_GET = ("apt-get", "install", "--yes", "--no-install-recommends")


def find() -> str | None:
    """Return the path of a Chromium, or None where there is none.

    ``LAUNCHLAB_CHROMIUM`` decides when it is set. Then comes a browser on the
    search path, then the newest that Playwright has installed for this user.

    Raises
    ------
    FileNotFoundError
        When ``LAUNCHLAB_CHROMIUM`` is set, but not to a program.
    """
    named = os.environ.get("LAUNCHLAB_CHROMIUM")
    if named:
        path = shutil.which(named)
        if path is None:
            raise FileNotFoundError(f"LAUNCHLAB_CHROMIUM is {named!r}, which is not a program")
        return path
    for name in (*NAMES, *MAC_APPS):
        path = shutil.which(name)
        if path is not None:
            return path
    return _of_playwright()


def light() -> str | None:
    """Return the path of the headless shell that belongs to the Chromium found; or Chromium's.

    It draws a page for about a third less of CPU, but never answers a click in a frame of another
    site, and complains of what Chromium reads from a folder in silence. A browser that
    ``LAUNCHLAB_CHROMIUM`` names is used for everything.

    Raises
    ------
    FileNotFoundError
        As `find` does.
    """
    found, shell = find(), shutil.which(SHELL)
    return shell if found and shell and found == shutil.which("chromium") else found


def _of_playwright() -> str | None:
    """Return the newest Chromium among the browsers Playwright has installed."""
    home = Path.home()
    folders = [home / ".cache/ms-playwright", home / "Library/Caches/ms-playwright"]
    if os.environ.get("PLAYWRIGHT_BROWSERS_PATH"):
        folders.insert(0, Path(os.environ["PLAYWRIGHT_BROWSERS_PATH"]))
    programs = (
        "chrome-linux*/chrome",
        "chrome-mac*/*.app/Contents/MacOS/*",
        "chrome-linux*/headless_shell",
        "chrome-headless-shell-*/chrome-headless-shell",
    )
    found = [
        path
        for folder in folders
        for program in programs
        for path in folder.glob(f"chromium*-[0-9]*/{program}")
        if os.access(path, os.X_OK)
    ]
    return str(max(found, key=_build)) if found else None


def _build(path: Path) -> tuple[int, bool]:
    """Order Playwright's browsers: the newest last, whole ones after shells."""
    number = re.search(r"chromium\w*-(\d+)", str(path))
    return int(number[1]) if number else 0, "shell" not in str(path)


def is_debian() -> bool:
    """Say whether apt-get's package ``chromium`` is the browser itself."""
    try:
        release = Path("/etc/os-release").read_text(encoding="utf-8")
    except OSError:
        return False
    # Ubuntu's package is a door to a snap, which a container cannot open.
    return "\nID=debian\n" in f"\n{release}\n" and shutil.which("apt-get") is not None


def how_to_install() -> str:
    """Return the one command that installs the browser on this machine."""
    if is_debian():
        return "sudo apt-get install chromium"
    return f"{os.path.relpath(sys.prefix)}/bin/playwright install chromium"


def install() -> None:
    """Install Chromium with apt-get, its messages on standard error.

    Raises
    ------
    CalledProcessError
        When apt-get cannot.
    """
    print("No browser yet: apt-get installs chromium", file=sys.stderr)
    _run("apt-get", "update", "--quiet")
    # Releases of Debian before the shell was a package of its own have only the whole browser.
    known = subprocess.run(["apt-cache", "show", SHELL], capture_output=True).returncode == 0
    # Without a font of its own a bare container draws pages without letters.
    _run(*APT_GET, "--quiet", "chromium", *([SHELL] if known else []), "fonts-liberation")


def _run(*command: str) -> None:
    subprocess.run(
        command,
        check=True,
        env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
        stdin=subprocess.DEVNULL,
        stdout=sys.stderr,
    )


def main(arguments: Sequence[str]) -> int:
    """Print the browser's path; return 1 after one line when there is none."""
    try:
        path = find()
        wanted = path is None and "--install" in arguments
        if wanted and os.geteuid() == 0 and is_debian():
            install()
            path = find()
    except (FileNotFoundError, subprocess.CalledProcessError) as error:
        print(f"No browser: {error}", file=sys.stderr)
        return 1
    if path is None:
        print(
            f"The tests need a browser. Install one: {how_to_install()}",
            file=sys.stderr,
        )
        return 1
    print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
