"""How long the book takes to build, cold and warm, each notebook in it, and each lab."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path
from statistics import median

import joblib

from launchlab.lab import Point

_EXECUTED = re.compile(r"^\d+ of \d+ (\S+) ([\d.]+) s", re.MULTILINE)
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
        Seconds of the cold and of the warm build; of labs, processor time of a setting and of a
        whole grid, the worst lab of all.
    notebooks : dict
        Notebook to seconds of its execution, every grid point computed, beside other notebooks.
    """
    shutil.copytree(root, scratch, ignore=shutil.ignore_patterns(*_LEFT_OUT))
    # The copy's own package, not the one installed from the checkout, and no shared cache.
    environment = {**os.environ, "PYTHONPATH": str(scratch)}
    # The extra has figures of its own, and its parts are not built but fetched.
    for name in ("LAUNCHLAB_CACHE", "PAGE_PYTHON"):
        environment.pop(name, None)
    command = [sys.executable, "-m", "launchlab.publish", "build", "--root", str(scratch)]
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
        for name, seconds in _EXECUTED.findall(ran.stdout):
            notebooks[name] = float(seconds)
    return totals | recompute(scratch / ".cache" / "points"), notebooks


def recompute(folder: Path) -> dict[str, float]:
    """What the labs' settings cost to compute, as the cache of points has kept it.

    Parameters
    ----------
    folder : Path
        The cache, written by a build that found it empty.
    """
    grids = {path.stem.rpartition("-")[0]: joblib.load(path) for path in folder.glob("*.joblib")}
    seconds = {
        name: [point.cpu_seconds for point in found]
        for name, found in grids.items()
        if isinstance(found, list) and all(isinstance(point, Point) for point in found)
    }
    if not seconds:
        raise RuntimeError(f"no lab's settings were kept in {folder}")
    # The first setting of a kernel may also import a library, so the middle one is taken.
    typical = {name: 1e3 * median(found) for name, found in seconds.items()}
    return {
        "a setting anew, worst lab, ms": max(typical.values()),
        "a whole grid, worst lab, s of processor": max(map(sum, seconds.values())),
    }
