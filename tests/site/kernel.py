"""What a kernel computes for the labs of a notebook, for comparison with its page.

``python -m tests.site.kernel NOTEBOOK SEED`` runs the notebook in a kernel of its own (Playwright
and a kernel's client do not share a process) and prints one JSON object: lab name to what the
labs' functions return.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.conftest import ROOT

RANDOM_STATES = 200
FRESH_POINTS = 3
# Every digit of a double: a rule is compared before it is rounded.
DIGITS = 17


def ask(notebook: Path, seed: int) -> dict[str, Any]:
    """Run a notebook and return what `collect` finds in it."""
    environment = {
        **os.environ,
        "LAUNCHLAB_MODE": "check",
        "LAUNCHLAB_CACHE": str(ROOT / ".cache" / "points"),
        "OMP_NUM_THREADS": "1",
    }
    command = [sys.executable, "-m", "tests.site.kernel", str(notebook), str(seed)]
    ran = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert ran.returncode == 0, f"{notebook}: {ran.stderr[-3000:]}"
    found: dict[str, Any] = json.loads(ran.stdout)
    return found


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
    from launchlab.lab.points import CACHE_VARIABLE

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
    """Run a notebook in a kernel and print what `collect` finds."""
    import nbformat
    from nbclient import NotebookClient

    read = nbformat.read(notebook, as_version=4)
    source = (
        "import json as _json, sys as _sys\n"
        f"_sys.path.insert(0, {str(ROOT)!r})\n"
        "from tests.site.kernel import collect as _collect\n"
        f"print(_json.dumps(_collect(dict(globals()), {int(seed)}), allow_nan=False))"
    )
    read.cells.append(nbformat.v4.new_code_cell(source))
    folder = {"metadata": {"path": str(Path(notebook).parent)}}
    NotebookClient(read, timeout=300, resources=folder).execute()
    print("".join(output.text for output in read.cells[-1].outputs if output.name == "stdout"))


if __name__ == "__main__":
    main(*sys.argv[1:])
