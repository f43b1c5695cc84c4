"""A class graded without sandboxes, for tests of everything around them; the cells are our own."""

import contextlib
import functools
import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from coursework import grade, sandbox, submissions
from tests.coursework import toy


@contextlib.contextmanager
def each_read_once() -> Iterator[None]:
    """Read each notebook once: that takes a process, and tests hand in the same few often."""
    with pytest.MonkeyPatch.context() as patch:
        for reader in ("read_whole", "read_notebook"):
            patch.setattr(submissions, reader, functools.cache(getattr(submissions, reader)))
        yield


def run(job: sandbox.Job, mode: str, **more) -> sandbox.Ran:
    """Run a job in this process, as the runner would."""
    lines: list[dict] = [{"ready": True}]
    space: dict = {}
    before = os.environ.get("LAUNCHLAB_CLASS_SEED")
    os.environ["LAUNCHLAB_CLASS_SEED"] = str(job.seed)
    try:
        for number, cell in enumerate(job.cells, start=1):
            try:
                exec(cell, space)
            except Exception as error:
                said = f"{type(error).__name__}: {error}"[:500]
                lines.append({"cell": number, "error": said, "late": False})
        lines.append({"finished": True})
        for number, (expression, _) in enumerate(job.probes):
            try:
                value = eval(expression, space)
                json.dumps(value)
                lines.append({"probe": number, "value": value})
            except Exception as error:
                lines.append({"probe": number, "problem": f"{type(error).__name__}: {error}"})
    finally:
        os.environ.pop("LAUNCHLAB_CLASS_SEED")
        if before is not None:
            os.environ["LAUNCHLAB_CLASS_SEED"] = before
    killed = "took longer than 1 s" if "LATE" in space else ""
    results = b"".join(json.dumps(line).encode() + b"\n" for line in [*lines, {"end": True}])
    return sandbox.Ran(
        results,
        space.get("LOG", ""),
        killed,
        code=0,
        most_processes=1,
        seconds=0.1,
        cpu_seconds=0.1,
    )


class Classroom:
    """A folder with a private assignment, in which a class can be graded.

    Parameters
    ----------
    folder
        An empty one.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        toy.make_assignment(folder / "private")
        (folder / "in").mkdir()

    def hand_in(self, student: str, *cells: str, file: str = "toy.ipynb") -> None:
        """Hand in a notebook; the solution, when no cells are given."""
        path = self.folder / "in" / student / file
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(toy.notebook(*(cells or toy.SOLUTION)))

    def write(self, name: str, text: str) -> str:
        """Write a file; return its path."""
        (self.folder / name).write_text(text, encoding="utf-8")
        return str(self.folder / name)

    def grade(self, *more: str, submissions: str = "in") -> int:
        """Run the command line."""
        base = [str(self.folder / submissions), "--assignment", "toy", "--jobs", "1", "--unsafe"]
        base += ["--private", str(self.folder / "private"), "--out", str(self.out)]
        return grade.main([*base, *more])

    @property
    def out(self) -> Path:
        """Where the sheet is."""
        return self.folder / "grades.csv"
