"""One assignment graded three ways: ``python -m tests.bench.compare.graders``.

Not part of any gate. The same solved notebooks go through this course's grader, ``otter run`` and
``nbgrader autograde``. nbgrader gets an environment under ``.cache/compare``, which needs the
package index. What the figures mean is written in ``book/about/comparison.md``.
"""

from __future__ import annotations

import json
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.bench.compare.subject import ROOT

NAME = "ensembling"
CLASS = 10
CACHE = ROOT / ".cache" / "compare" / "nbgrader"
ENVIRONMENT = {**os.environ, "OMP_NUM_THREADS": "1", "LAUNCHLAB_CLASS_SEED": "0"}
_CONFIG = """
c = get_config()
c.CourseDirectory.course_id = "course"
c.ExecutePreprocessor.timeout = 120
"""


def solution() -> dict[str, Any]:
    """The solution's notebook."""
    path = ROOT / "solutions" / NAME / f"{NAME}.ipynb"
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def run(*command: str | Path, cwd: Path, fine: tuple[int, ...] = (0,)) -> None:
    """Run a program; what it prints is shown only when it ends with none of the ``fine`` codes."""
    # nbgrader starts its own helpers by name.
    path = f"{Path(command[0]).parent}{os.pathsep}{os.environ['PATH']}"
    ran = subprocess.run(
        list(map(str, command)),
        cwd=cwd,
        env={**ENVIRONMENT, "PATH": path},
        capture_output=True,
        text=True,
    )
    if ran.returncode not in fine:
        raise RuntimeError(f"{command}: {ran.stdout[-3000:]}{ran.stderr[-3000:]}")


def timed(work: Callable[[], None]) -> tuple[float, float]:
    """Seconds of a clock, and of the processor in child processes that were waited for."""
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    work()
    wall, after = time.monotonic() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
    return wall, spent


def ours(folder: Path) -> Callable[[], None]:
    """Grade a folder of notebooks, one after the other."""
    handed = folder / "handed-in"
    handed.mkdir()
    for number in range(CLASS):
        (handed / f"student{number}.ipynb").write_text(json.dumps(solution()))
    out = folder / "grades.csv"
    command = [sys.executable, "-m", "coursework.grade", handed, "--assignment", NAME]
    # 1 says that a person still has to mark the written part.
    return lambda: run(*command, "--out", out, "--jobs", "1", cwd=ROOT, fine=(0, 1))


def otter(folder: Path) -> Callable[[], None]:
    """``otter run`` on one notebook after the other, with the public checks as its tests."""
    shutil.copytree(ROOT / "exercises" / NAME / "tests", folder / "tests")
    program = Path(sys.executable).with_name("otter")
    run(program, "generate", "-t", "tests", "-o", "autograder.zip", cwd=folder)
    for number in range(CLASS):
        (folder / f"student{number}.ipynb").write_text(json.dumps(solution()))
        (folder / f"out{number}").mkdir()

    def work() -> None:
        for number in range(CLASS):
            command = [program, "run", "-a", "autograder.zip", "-o", f"out{number}", "--no-logo"]
            run(*command, f"student{number}.ipynb", cwd=folder)

    return work


def nbgrader(folder: Path) -> Callable[[], None]:
    """``nbgrader autograde`` on the class; each check becomes a cell of tests."""
    python = CACHE / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", CACHE], check=True)
        (here,) = CACHE.glob("lib/python*/site-packages")
        # Sees the course's own packages, so that all three run the notebook with the same ones.
        (there,) = Path(sys.prefix).glob("lib/python*/site-packages")
        (here / "course.pth").write_text(f"{there}\n{ROOT}\n")
        subprocess.run([python, "-m", "pip", "install", "--quiet", "nbgrader==0.9.5"], check=True)
    (folder / "nbgrader_config.py").write_text(_CONFIG)
    for place in ("source", *(f"submitted/student{number}" for number in range(CLASS))):
        made = folder / place / NAME
        made.mkdir(parents=True)
        (made / f"{NAME}.ipynb").write_text(json.dumps(with_tests(solution())))
    run(python, "-m", "nbgrader", "generate_assignment", NAME, cwd=folder)
    return lambda: run(python, "-m", "nbgrader", "autograde", NAME, cwd=folder)


def with_tests(notebook: dict[str, Any]) -> dict[str, Any]:
    """A notebook whose checks are nbgrader's cells of tests, with the same statements."""
    for number, cell in enumerate(notebook["cells"]):
        check = re.match(r'grader\.check\("(\w+)"\)', "".join(cell["source"]))
        if cell["cell_type"] != "code" or not check:
            continue
        text = (ROOT / "exercises" / NAME / "tests" / f"{check[1]}.py").read_text()
        text = re.sub(
            r"(?m)^(from otter.*|OK_FORMAT.*|name = .*|points = .*|@test_case.*)\n", "", text
        )
        calls = re.findall(r"(?m)^def (\w+)\(([^)]*)\)", text)
        cell["source"] = text + "\n\n" + "\n".join(f"{name}({given})" for name, given in calls)
        cell["metadata"] = {
            "nbgrader": {
                "grade": True,
                "grade_id": f"check-{number}",
                "locked": True,
                "points": 1,
                "schema_version": 3,
                "solution": False,
                "task": False,
            }
        }
    notebook["metadata"]["kernelspec"] = {
        "name": "python3",
        "display_name": "Python 3",
        "language": "python",
    }
    return notebook


def main() -> None:
    """Measure and print."""
    print(f"{CLASS} solved notebooks of {NAME}, one after the other")
    for name, prepare in (("this course", ours), ("otter run", otter), ("nbgrader", nbgrader)):
        with tempfile.TemporaryDirectory() as folder:
            wall, spent = timed(prepare(Path(folder)))
        print(f"{name:<14}{60 * CLASS / wall:>8.1f} a minute, {wall / CLASS:>6.2f} s each", end="")
        # Nobody waits for what runs inside a sandbox: see tests/bench/grading.py for its time.
        print("" if prepare is ours else f", {spent / CLASS:.2f} s of processor")


if __name__ == "__main__":
    main()
