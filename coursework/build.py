"""Make hand-outs and solutions from the masters: ``python -m coursework.build``.

A master is one file, ``coursework/assignments/NAME.py``: text, stubs, solutions
and public checks, in the percent format with otter's marks. From it come
``exercises/NAME/`` (notebook and checks) and ``solutions/NAME/`` (notebook),
byte for byte the same on every run. ``--check`` says what is not as built.
"""

import argparse
import contextlib
import io
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import jupytext
import nbformat

from coursework import handout, lint, pack, seeds, sheet, spec
from coursework.seeds import class_seed
from coursework.spec import Assignment, SpecError

ROOT = Path(__file__).resolve().parents[1]
_KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
_MARK = re.compile(
    r"[ \t]*# (BEGIN|END) SOLUTION[^\n]*\n?|[ \t]*# SOLUTION( NO PROMPT)?[ \t]*$", re.M
)
_COMMENT = re.compile(r"<!-- (BEGIN|END) QUESTION -->\s*")
_PROMPT = "_Type your answer here, replacing this text._"


def find_master(name: str, private: Path | None = None) -> Path:
    """Return an assignment's master: the instructor's own where there is one."""
    own = None if private is None else Path(private) / f"{name}.py"
    return own if own is not None and own.is_file() else spec.ASSIGNMENTS / f"{name}.py"


def make(name: str, private: Path | None = None) -> dict[str, bytes]:
    """Make the files of one assignment.

    Parameters
    ----------
    name
        The assignment.
    private
        An instructor's folder; see `coursework.spec.load`.

    Returns
    -------
    dict
        Path below the course's folder to content.

    Raises
    ------
    SpecError
        When master and questions do not agree, or the master holds a trap.
    """
    assignment = spec.load(name, private)
    master = find_master(name, private)
    if not master.is_file():
        raise SpecError(f"there is no master {master.name} for the assignment {name!r}")
    notebook = jupytext.read(master, fmt="py:percent")
    cells = [(cell.cell_type, cell.source) for cell in notebook.cells]
    trouble = lint.problems(cells, _declared(name, master, assignment))
    if trouble:
        raise SpecError(f"{master.name}: " + "; ".join(trouble))
    notebook.metadata["kernelspec"] = _KERNEL
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch, f"{name}.ipynb")
        nbformat.write(notebook, path)  # type: ignore[no-untyped-call]
        _assign(path, Path(scratch, "dist"))
        return _formatted(Path(scratch), name, dict(_products(Path(scratch, "dist"), name)))


def _declared(name: str, master: Path, assignment: Assignment) -> Assignment:
    """Return what a master has to agree with.

    Probes that an instructor adds to the public questions come on top of the points that the
    public master names, which its text says too.
    """
    if master.parent != spec.ASSIGNMENTS:
        return assignment
    public = spec.load(name)
    both = zip(public.questions, assignment.questions, strict=False)
    adds = len(public.questions) == len(assignment.questions) and all(
        own == replace(mine, probes=mine.probes[: len(own.probes)]) for own, mine in both
    )
    return public if adds else assignment


def _assign(master: Path, result: Path) -> None:
    """Run otter; what it prints is shown only when it fails."""
    from otter.assign import main

    said = io.StringIO()
    try:
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            main(str(master), str(result), no_pdfs=True, no_run_tests=True)
    except Exception as error:
        raise SpecError(f"otter assign failed: {error}\n{said.getvalue()[-2000:]}") from error


def _products(dist: Path, name: str) -> Sequence[tuple[str, bytes]]:
    student = dist / "student" / f"{name}.ipynb"
    solved = dist / "autograder" / f"{name}.ipynb"
    tests = sorted((dist / "student" / "tests").glob("*.py"))
    return [
        (f"exercises/{name}/{name}.ipynb", _notebook(student, name, solved=False)),
        (f"solutions/{name}/{name}.ipynb", _notebook(solved, f"{name}-solution", solved=True)),
        *((f"exercises/{name}/tests/{path.name}", path.read_bytes()) for path in tests),
    ]


def _notebook(path: Path, stem: str, *, solved: bool) -> bytes:
    """Normalise a notebook: stable ids, no outputs, nothing of otter's in it."""
    cells: list[dict[str, Any]] = []
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        source = _COMMENT.sub("", "".join(cell["source"])).strip()
        answer = "otter_assign_solution_cell" in cell["metadata"].get("tags", ())
        if not source or (solved and source == _PROMPT):
            continue
        tags = []
        if solved and not cells:
            source = source.replace("# Assignment: ", "# Solution: ", 1)
        if solved and answer:
            source = _MARK.sub("", source).strip()
            tags = ["hide-cell"] if cell["cell_type"] == "code" else []
            if cell["cell_type"] == "markdown":
                source = f":::{{dropdown}} One good answer\n{source}\n:::"
        if source.startswith("grader.check("):
            # It says right or wrong of the copy at hand, which is of no use on a page.
            tags = ["remove-output"]
        new: dict[str, Any] = {
            "cell_type": cell["cell_type"],
            "id": f"{stem}-{len(cells):02d}",
            "metadata": {"tags": tags} if tags else {},
            "source": source.splitlines(keepends=True),
        }
        if cell["cell_type"] == "code":
            new |= {"execution_count": None, "outputs": []}
        cells.append(new)
    whole = {
        "cells": cells,
        "metadata": {"kernelspec": _KERNEL, "language_info": {"name": "python"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    text = json.dumps(whole, indent=1, ensure_ascii=False, sort_keys=True)
    return f"{text}\n".encode()


def _formatted(scratch: Path, name: str, files: dict[str, bytes]) -> dict[str, bytes]:
    """Format what was made as the repository's lint wants it."""
    base = scratch / "formatted"
    for where, content in files.items():
        path = base / where
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    config = ROOT / "pyproject.toml"
    ruff = [
        sys.executable,
        "-m",
        "ruff",
        "format",
        "--quiet",
        "--no-cache",
        "--config",
        str(config),
    ]
    subprocess.run([*ruff, str(base)], check=True)
    return {where: (base / where).read_bytes() for where in files}


def write(root: Path, files: dict[str, bytes]) -> None:
    """Write what was made, and remove checks that are made no more."""
    for folder in {(root / where).parent for where in files if "/tests/" in where}:
        for old in folder.glob("*.py"):
            if old.relative_to(root).as_posix() not in files:
                old.unlink()
    for where, content in files.items():
        path = root / where
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def stale(root: Path, files: dict[str, bytes]) -> list[str]:
    """Return the paths whose content is not what was made, a line each."""
    found = []
    for where, content in files.items():
        path = root / where
        if not path.is_file():
            found.append(f"{where} is missing")
        elif path.read_bytes() != content:
            found.append(f"{where} is not what its master makes")
    for folder in {(root / where).parent for where in files if "/tests/" in where}:
        for path in sorted(folder.glob("*.py")):
            where = path.relative_to(root).as_posix()
            if where not in files:
                found.append(f"{where} is made by no master")
    return found


def build_class(
    out: Path, name: str, files: dict[str, bytes], secret: str, students: Sequence[str] = ()
) -> None:
    """Write a class's hand-outs, each with its seed, and the solution to grade with.

    Each student's is there as a folder, and beside it as a zip to be sent.

    Parameters
    ----------
    out
        An empty or new folder.
    name
        The assignment.
    files
        As `make` made them.
    secret
        The instructor's secret.
    students
        Each gets a folder and a seed of their own; without them the class has one.
    """
    plain = {where: content for where, content in files.items() if where.startswith("exercises")}
    # Grading looks for the solution here: `grade --private OUT`. Where a class has one hand-out, it
    # is written over the one of these files.
    write(out, files)
    who: Sequence[str | None] = students or [None]
    for student in who:
        base = out if student is None else out / "students" / student
        if base.resolve() != out.resolve() and not base.resolve().is_relative_to(out.resolve()):
            raise SpecError(f"student is {student!r}, expected a name that can be a folder")
        seed = class_seed(secret, name, student)
        notebook = f"exercises/{name}/{name}.ipynb"
        handed = {**plain, notebook: handout.told(plain[notebook], seed)}
        write(base, handed)
        (base / "exercises" / name / "seed.txt").write_text(f"{seed}\n", encoding="utf-8")
        if student is not None:
            # One folder in it, so that unpacking keeps notebook, checks and seed together.
            inside = {where.removeprefix("exercises/"): one for where, one in handed.items()}
            inside[f"{name}/seed.txt"] = f"{seed}\n".encode()
            pack.write(base.with_name(f"{base.name}-{name}.zip"), inside)


def _built(out: Path, name: str, students: int) -> str:
    """What a class's build has made, and where it lies."""
    solution = f"the solution to grade with under {out / 'solutions' / name}"
    if not students:
        return f"one hand-out under {out / 'exercises' / name}, {solution}"
    return (
        f"{students} hand-outs in {out / 'students'}, each a folder and a zip to send, "
        f"STUDENT-{name}.zip; {solution}"
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m coursework.build", description=__doc__)
    parser.add_argument("names", nargs="*", help="assignments (all, if left out)")
    parser.add_argument("--check", action="store_true", help="only say what is not as built")
    parser.add_argument("--private", type=Path, help="folder of private masters and questions")
    seeds.add_secret(parser)
    parser.add_argument("--roster", type=Path, help="CSV with a column student: data for each")
    parser.add_argument("--out", type=Path, help="where a class's hand-outs go")
    asked = parser.parse_args(arguments)
    try:
        # The variable may be set for grading, and means nothing where no class is built for.
        secret = seeds.secret_from(asked, os.environ if asked.out else {})
        if (asked.private or secret or asked.roster) and not asked.out:
            raise SpecError("--private, --secret-file and --roster need --out FOLDER")
        if asked.roster and not secret:
            raise SpecError("--roster needs --secret-file: from the secret comes each one's data")
        students = list(sheet.read_roster(asked.roster)) if asked.roster else []
        trouble = []
        for name in asked.names or spec.names():
            files = make(name, asked.private)
            if asked.check:
                trouble += stale(asked.out or ROOT, files)
            elif secret:
                build_class(asked.out, name, files, secret, students)
                print(f"{name}: {_built(asked.out, name, len(students))}")
            else:
                write(asked.out or ROOT, files)
                print(f"{name}: built in {asked.out or ROOT}")
    except (SpecError, ValueError, OSError) as error:
        print(f"Nothing was built: {error}", file=sys.stderr)
        return 2
    for line in trouble:
        print(line)
    if trouble:
        print("Run `python -m coursework.build`, and commit what it makes.")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
