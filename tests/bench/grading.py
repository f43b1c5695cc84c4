"""How many submissions a minute the grader takes, and its processor time above the notebook's own.

The notebook's own run is a plain Python process that runs its cells: no kernel, no sandbox and no
probes. What the grader adds is the sandbox, the shell, the probes, and what watches and compares.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from coursework import grade, marks, sandbox
from coursework.submissions import Submission

NAME = "ensembling"
RUNS = 4
_CELLS = """
import json, sys
def display(value): pass
space = {"__name__": "__main__", "display": display}
for cell in json.load(open(sys.argv[1])):
    exec(compile(cell, "<cell>", "exec"), space)
"""


def own_seconds(plan: grade.Plan, folder: Path) -> float:
    """Processor seconds of the solution's cells in a plain Python process."""
    (folder / "tests").mkdir(exist_ok=True)
    for name, content in plan.tests.items():
        (folder / "tests" / name).write_bytes(content)
    (folder / "cells.json").write_text(json.dumps(plan.solution))
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        [sys.executable, "-c", _CELLS, "cells.json"],
        cwd=folder,
        env={**os.environ, "OMP_NUM_THREADS": "1", "LAUNCHLAB_CLASS_SEED": "0"},
        check=True,
        capture_output=True,
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def measure() -> dict[str, float]:
    """Submissions a minute, one after the other, and processor seconds; empty without a sandbox."""
    try:
        plan = grade.make_plan(NAME)
    except sandbox.SandboxError as error:
        print(f"bench: the grader is not measured: {error}")
        return {}
    expected = marks.expected_values(plan.run(plan.solution, 0), plan.assignment)
    own, graded, wall = [], [], []
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(RUNS):
            own.append(own_seconds(plan, Path(folder)))
            started, here = time.monotonic(), time.process_time()
            ran = plan.run(plan.solution, 0)
            result = marks.judge(Submission("one", ""), ran, plan.assignment, expected)
            graded.append(ran.cpu_seconds + time.process_time() - here)
            wall.append(time.monotonic() - started)
            if result.status != "graded" or result.score != plan.assignment.probe_points:
                raise RuntimeError(f"the solution of {NAME} has {result.score} points")
    return {
        "grader: submissions a minute on one core": 60 / min(wall),
        "grader: the notebook's own processor s": min(own),
        "grader: processor s above the notebook's own": min(graded) - min(own),
    }


if __name__ == "__main__":
    for name, value in measure().items():
        print(f"{name:<52}{value:>10.2f}")
