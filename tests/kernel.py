"""One run of a notebook in a reader's kernel, for all tests that ask what happens there.

``python -m tests.kernel NOTEBOOK SEED`` runs the notebook live, in a kernel of its own (Playwright
and a kernel's client do not share a process), and prints one JSON object: what its labs' widgets
did when every control was moved, and what the labs' functions return.
"""

import fcntl
import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from launchlab.lab.points import CACHE_VARIABLE, package_hash
from tests import patience
from tests.conftest import ROOT

RUNS = ROOT / ".cache" / "kernels"
POINTS = ROOT / ".cache" / "points"

RANDOM_STATES = 200
FRESH_POINTS = 3
# Every digit of a double: a rule is compared before it is rounded.
DIGITS = 17


def ask(notebook: Path, seed: int) -> dict[str, Any]:
    """Return what a run of a notebook finds: that of an earlier run, if all it rests on is as then.

    Parameters
    ----------
    notebook : Path
    seed : int
        Of the random states and points that are computed afresh.

    Returns
    -------
    dict
        ``live``: what `live_check` says, or ``failure``, and how many widgets were shown;
        ``labs``: for each lab what `collect` finds.
    """
    digest = hashlib.sha256(f"{package_hash()} {seed}".encode())
    for path in (notebook, Path(__file__), Path(__file__).with_name("live_check.py")):
        digest.update(path.read_bytes())
    kept = RUNS / f"{notebook.stem}-{digest.hexdigest()[:16]}.json"
    RUNS.mkdir(parents=True, exist_ok=True)
    # Two workers may want the same notebook at once: the second waits, and reads what is there.
    with kept.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not kept.exists():
            found = _run(notebook, seed)
            kept.with_suffix(".new").write_text(found, encoding="utf-8")
            kept.with_suffix(".new").replace(kept)
    answer: dict[str, Any] = json.loads(kept.read_text(encoding="utf-8"))
    return answer


def _run(notebook: Path, seed: int) -> str:
    # The environment of a reader's kernel: live, and without a cache.
    environment = {**os.environ, "LAUNCHLAB_MODE": "live", "OMP_NUM_THREADS": "1"}
    environment.pop(CACHE_VARIABLE, None)
    command = [sys.executable, "-m", "tests.kernel", str(notebook), str(seed)]
    ran = subprocess.run(
        command,
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=patience.PROGRAM,
    )
    assert ran.returncode == 0, f"{notebook}: {ran.stderr[-3000:]}"
    return ran.stdout


def report(space: dict[str, Any], seed: int) -> str:
    """What is asked of the experiments among a notebook's names (runs in its kernel)."""
    from tests.live_check import check

    try:
        live = {"failure": "", **check(space)}
    except AssertionError as error:
        live = {"failure": str(error)}
    # All points come from the cache that the build has filled.
    os.environ[CACHE_VARIABLE] = str(POINTS)
    return json.dumps({"live": live, "labs": collect(space, seed)}, allow_nan=False)


def collect(space: dict[str, Any], seed: int) -> dict[str, Any]:
    """The numbers of every experiment among a notebook's names (runs in its kernel)."""
    from launchlab.lab import Experiment

    found = {thing.name: thing for thing in space.values() if isinstance(thing, Experiment)}
    return {
        name: _rule(thing, seed) if thing.rule else _grid(thing, seed)
        for name, thing in found.items()
    }


def _grid(experiment: Any, seed: int) -> dict[str, Any]:
    """All points, by way of the cache; and some computed afresh, others every day."""
    import random

    from launchlab.lab.frame import encode

    points = experiment.points()
    os.environ.pop(CACHE_VARIABLE, None)
    some = random.Random(seed).sample(range(len(points)), min(FRESH_POINTS, len(points)))
    fresh = {place: experiment.point(points[place].state) for place in some}
    return {
        "measured": list(experiment.measured),
        "points": [_point(point, experiment.digits, encode) for point in points],
        "fresh": {place: _point(one, experiment.digits, encode) for place, one in fresh.items()},
    }


def _rule(experiment: Any, seed: int) -> dict[str, Any]:
    """Corners and random states."""
    import random

    from launchlab.lab.frame import encode
    from launchlab.lab.page import corners

    rng = random.Random(seed)
    states = corners(experiment)
    for _ in range(RANDOM_STATES):
        states.append({one.name: _random(one, rng) for one in experiment.controls})
    points = [experiment.point(state) for state in states]
    return {"rule": [_point(point, DIGITS, encode) for point in points]}


def _random(control: Any, rng: Any) -> Any:
    if hasattr(control, "values"):
        return rng.choice(control.values)
    steps = round((control.high - control.low) / control.step)
    return control.check(control.low + rng.randint(0, steps) * control.step)


def _point(point: Any, digits: int, encode: Any) -> dict[str, Any]:
    from launchlab.lab.frame import decode

    columns = decode(encode([point.frame], digits))
    return {
        "state": point.state,
        "columns": columns,
        "sentence": point.sentence,
        "truth": point.truth,
        "cards": list(point.cards) or None,
        "record": point.record or None,
    }


def main(notebook: str, seed: str) -> None:
    """Run a notebook in a kernel and print what `report` says, with the widgets counted."""
    import nbformat
    from nbclient import NotebookClient

    read = nbformat.read(notebook, as_version=4)
    source = (
        "import sys as _sys\n"
        f"_sys.path.insert(0, {str(ROOT)!r})\n"
        "from tests.kernel import report as _report\n"
        f"print(_report(dict(globals()), {int(seed)}))"
    )
    read.cells.append(nbformat.v4.new_code_cell(source))
    folder = {"metadata": {"path": str(Path(notebook).parent)}}
    NotebookClient(read, timeout=patience.EVENT, resources=folder).execute()
    *cells, last = read.cells
    found = json.loads("".join(one.text for one in last.outputs if one.get("name") == "stdout"))
    outputs = [output for cell in cells for output in cell.get("outputs", [])]
    kind = "application/vnd.jupyter.widget-view+json"
    found["live"]["widgets"] = sum(kind in output.get("data", {}) for output in outputs)
    print(json.dumps(found))


if __name__ == "__main__":
    main(*sys.argv[1:])
