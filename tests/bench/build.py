"""How long the book takes to build, cold and warm, and each notebook in it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

_EXECUTED = re.compile(r"(\S+\.ipynb): Executed notebook in ([\d.]+) seconds")
_LEFT_OUT = ("_build", ".cache", ".venv", ".git", "*.egg-info", "__pycache__", ".*_cache")


def measure(root: Path, scratch: Path) -> tuple[dict[str, float], dict[str, float]]:
    """Build a copy of the book twice.

    Parameters
    ----------
    root : Path
        The checkout.
    scratch : Path
        Folder for the copy, which must not exist.

    Returns
    -------
    totals : dict
        Seconds of the cold and of the warm build.
    notebooks : dict
        Notebook to seconds of its execution, every grid point computed.
    """
    shutil.copytree(root, scratch, ignore=shutil.ignore_patterns(*_LEFT_OUT))
    # The copy's own package, not the one installed from the checkout, and no shared cache.
    environment = {**os.environ, "PYTHONPATH": str(scratch)}
    environment.pop("LAUNCHLAB_CACHE", None)
    command = [sys.executable, "-m", "launchlab.lab.book", "build", "--root", str(scratch)]
    totals = {}
    notebooks: dict[str, float] = {}
    for kind in ("cold", "warm"):
        # A warm build has its caches but none of its pages.
        shutil.rmtree(scratch / "_build", ignore_errors=True)
        started = time.monotonic()
        ran = subprocess.run(
            command, env=environment, cwd=scratch, capture_output=True, text=True, check=False
        )
        if ran.returncode:
            raise RuntimeError(
                f"the {kind} build failed:\n{ran.stdout[-2000:]}{ran.stderr[-2000:]}"
            )
        totals[f"{kind} build, s"] = time.monotonic() - started
        for name, seconds in _EXECUTED.findall(ran.stdout + ran.stderr):
            notebooks[Path(name).relative_to(scratch).as_posix()] = float(seconds)
    return totals, notebooks
