"""Grade a class: ``python -m coursework.grade SUBMISSIONS --assignment NAME --out grades.csv``.

Each submission runs in a sandbox of its own. The solution runs in the same
kind of sandbox with the same seed, and its values are compared outside with
the student's: no expected value ever enters a student's sandbox.
"""

import argparse
import contextlib
import dataclasses
import hashlib
import json
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import joblib

from coursework import marks, sandbox, seeds, sheet, spec
from coursework.seeds import class_seed
from coursework.spec import Assignment
from coursework.submissions import Ignored, Submission, by_roster, code_cells, read
from launchlab.claims.run import backend


@dataclass(frozen=True)
class Plan:
    """How a class is graded.

    Parameters
    ----------
    assignment
        What is asked.
    solution
        The cells of the solution's notebook.
    tests
        The public checks that the notebook may call.
    secret
        The instructor's secret; without one all have the public data, seed 0.
    per_student
        Whether each student has data of his or her own.
    mode
        Of the sandbox.
    limits
        What one submission may use.
    hidden
        What no sandbox may see.
    fresh
        The number that ``{seed}`` in a probe becomes, the same for all; drawn, if left out.
    """

    assignment: Assignment
    solution: tuple[str, ...]
    tests: dict[str, bytes]
    secret: str | None = None
    per_student: bool = False
    mode: sandbox.Mode = "root"
    limits: sandbox.Limits = dataclasses.field(default_factory=sandbox.Limits)
    hidden: tuple[Path, ...] = ()
    fresh: int = dataclasses.field(default_factory=seeds.draw)

    def seed(self, student: str) -> int:
        """The seed of a student's data."""
        if self.secret is None:
            return 0
        name = self.assignment.name
        return class_seed(self.secret, name, student if self.per_student else None)

    def job(self, cells: Sequence[str], seed: int) -> sandbox.Job:
        """The run of one notebook."""
        asked = marks.probes(self.assignment)
        return sandbox.Job(
            tuple(cells),
            tuple((probe.with_seed(self.fresh), probe.seconds) for _, probe in asked),
            self.assignment.run_seconds,
            self.assignment.cell_seconds,
            seed,
            self.tests,
        )

    def run(self, cells: Sequence[str], seed: int) -> sandbox.Ran:
        """Run one notebook in a sandbox."""
        job = self.job(cells, seed)
        return sandbox.run(job, self.mode, limits=self.limits, hidden=self.hidden)

    def key(self, submission: Submission, seed: int) -> str:
        """Changes with whatever a result is made from."""
        parts = [
            repr(self.assignment),
            repr(self.solution),
            repr(sorted(self.tests.items())),
            repr(self.limits),
            *(repr(getattr(submission, one.name)) for one in dataclasses.fields(submission)),
            str(seed),
            str(self.fresh),
        ]
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:24]


def _here(plan: Plan) -> Plan:
    """Return the plan for this machine: on a cluster it may be another one, tried once."""
    return plan if plan.mode == "unsafe" else dataclasses.replace(plan, mode=sandbox.find_mode())


def _expected(plan: Plan, seed: int) -> list[Any]:
    """Return the solution's values for one seed."""
    here = _here(plan)
    ran = here.run(plan.solution, seed)
    if marks.starved(ran, plan.assignment):
        ran = here.run(plan.solution, seed)
    return marks.expected_values(ran, plan.assignment)


def _grade_one(
    plan: Plan, submission: Submission, expected: Sequence[Any], key: str
) -> tuple[str, marks.Result]:
    """Grade one submission; whatever happens, there is a result."""
    if submission.problem:
        return key, marks.unreadable(submission, plan.assignment)
    try:
        ran = _here(plan).run(submission.cells, plan.seed(submission.student))
        return key, marks.judge(submission, ran, plan.assignment, expected)
    except Exception as error:  # a fault of the grader's must not end the batch
        why = f"the grader failed: {type(error).__name__}: {error}"
        result = marks.unreadable(submission, plan.assignment)
        return key, dataclasses.replace(result, status="flagged", reason=why[:300])


def grade(
    plan: Plan,
    submissions: Sequence[Submission],
    journal: Path,
    *,
    jobs: int = 1,
    report: Callable[[int, int, str], None] | None = None,
) -> list[marks.Result]:
    """Grade submissions; those that an interrupted run has finished are not run again.

    Parameters
    ----------
    plan
        How.
    submissions
        Whose.
    journal
        Folder where finished results are kept.
    jobs
        How many at once, through joblib and whatever backend is active.
    report
        Told (done, total, student) after each.

    Returns
    -------
    list of Result
        In the order of the submissions.

    Raises
    ------
    ValueError
        When the solution itself fails.
    """
    journal.mkdir(parents=True, exist_ok=True)
    keys = [plan.key(one, plan.seed(one.student)) for one in submissions]
    done = {key: _kept(journal / f"{key}.json") for key in keys}
    left = [(one, key) for one, key in zip(submissions, keys, strict=True) if done[key] is None]
    drawn = sorted({plan.seed(one.student) for one, _ in left if not one.problem})
    # Where each student has data of their own, the solution runs as often as their notebooks.
    solve = joblib.Parallel(n_jobs=jobs, prefer="threads")
    solved = solve(joblib.delayed(_expected)(plan, seed) for seed in drawn)
    expected = dict(zip(drawn, solved, strict=True))
    run = joblib.Parallel(n_jobs=jobs, return_as="generator_unordered", prefer="threads")
    tasks = [
        (plan, one, [] if one.problem else expected[plan.seed(one.student)], key)
        for one, key in left
    ]
    finished: Iterable[tuple[str, marks.Result]] = run(
        joblib.delayed(_grade_one)(*task) for task in tasks
    )
    for number, (key, fresh) in enumerate(finished, start=len(submissions) - len(left) + 1):
        _keep(journal / f"{key}.json", fresh)
        done[key] = fresh
        if report:
            report(number, len(submissions), fresh.student)
    for task in tasks:
        # What only the clock was against is run once more, when nobody else is.
        if (before := done[task[3]]) is not None and before.starved:
            key, again = _grade_one(*task)
            _keep(journal / f"{key}.json", again)
            done[key] = again
    return [result for key in keys if (result := done[key]) is not None]


def _keep(path: Path, result: marks.Result) -> None:
    new = path.with_suffix(".new")
    new.write_text(json.dumps(dataclasses.asdict(result)), encoding="utf-8")
    new.replace(path)


def _kept(path: Path) -> marks.Result | None:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        found = tuple(marks.Mark(**mark) for mark in data.pop("marks"))
        return marks.Result(**data, marks=found)
    except (OSError, ValueError, TypeError, KeyError):
        return None  # never finished, or of another version: it is run again


def make_plan(
    name: str,
    *,
    private: Path | None = None,
    secret: str | None = None,
    per_student: bool = False,
    unsafe: bool = False,
    root: Path = sandbox.CHECKOUT,
) -> Plan:
    """Read an assignment, its solution and its public checks.

    Raises
    ------
    ValueError
        When a file is missing or says what cannot be graded.
    SandboxError
        When this machine has no sandbox and ``unsafe`` is not asked for.
    """
    assignment = spec.load(name, private)
    choices = [root / "solutions" / name / f"{name}.ipynb"]
    if private is not None:
        choices.insert(0, private / "solutions" / name / f"{name}.ipynb")
    solution = next((path for path in choices if path.is_file()), None)
    if solution is None:
        raise ValueError(f"there is no solution: {choices[-1]} (python -m coursework.build)")
    cells, problem = code_cells(solution.read_bytes())
    if problem:
        raise ValueError(f"{solution}: {problem}")
    folder = solution.parents[2] / "exercises" / name / "tests"
    tests = {path.name: path.read_bytes() for path in sorted(folder.glob("*.py"))}
    mode: sandbox.Mode = "unsafe" if unsafe else sandbox.find_mode()
    hidden = (private,) if private is not None else ()
    return Plan(assignment, cells, tests, secret, per_student, mode, hidden=hidden)


@contextlib.contextmanager
def _progress(total: int) -> Iterator[Callable[[int, int, str], None]]:
    """A bar where somebody looks, a line for each submission in a log."""
    if not sys.stderr.isatty():
        yield lambda done, total, student: print(f"{done}/{total} {student}", file=sys.stderr)
        return
    with click.progressbar(
        length=total,
        label="Grading",
        file=sys.stderr,
        show_pos=True,
        item_show_func=lambda student: student and student[:40],
    ) as bar:
        yield lambda done, total, student: bar.update(done - bar.pos, student)


def _missing(roster: dict[str, str], found: Sequence[Submission]) -> list[marks.Result]:
    there = {one.student for one in found}
    return [
        marks.Result(student, "missing", "nothing was handed in", ident=ident)
        for student, ident in roster.items()
        if student not in there
    ]


def _write_feedback(
    folder: Path, results: Sequence[marks.Result], plan: Plan, written: sheet.Written
) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for result in results:
        own = written.get(result.student, {})
        # Two names may be alike but for what a file name cannot hold.
        short = hashlib.sha256(result.student.encode()).hexdigest()[:6]
        safe = re.sub(r"[^\w.-]", "_", result.student)[:60].lstrip(".")
        page = sheet.feedback(result, plan.assignment, own)
        (folder / f"{safe}-{short}.html").write_text(page, encoding="utf-8", errors="replace")


def _arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m coursework.grade", description=__doc__)
    parser.add_argument("submissions", type=Path, help="a folder, or a zip from Canvas or Moodle")
    parser.add_argument("--assignment", required=True, help=f"one of: {', '.join(spec.names())}")
    parser.add_argument("--out", type=Path, required=True, help="the grade sheet (CSV) to write")
    parser.add_argument("--lms", choices=sheet.systems(), help="also write its columns")
    parser.add_argument("--feedback", type=Path, help="folder for a page for each student")
    parser.add_argument("--written", type=Path, help="CSV: student, question, points")
    parser.add_argument("--roster", type=Path, help="CSV: student, id; gives each their own data")
    parser.add_argument("--private", type=Path, help="folder of private questions and probes")
    seeds.add_secret(parser)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--scheduler", metavar="ADDRESS", help="Dask scheduler to run on")
    parser.add_argument("--unsafe", action="store_true", help="run without a sandbox")
    return parser.parse_args(arguments)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; return 0, or 2 when nothing could be graded."""
    asked = _arguments(arguments)
    try:
        roster = sheet.read_roster(asked.roster) if asked.roster else {}
        plan = make_plan(
            asked.assignment,
            private=asked.private,
            secret=seeds.secret_from(asked, os.environ),
            per_student=bool(roster),
            unsafe=asked.unsafe,
        )
        found, ignored = read(asked.submissions)
        found = by_roster(found, roster)
        written = sheet.read_written(asked.written, plan.assignment) if asked.written else {}
        if asked.unsafe:
            print(
                "WITHOUT A SANDBOX: submissions can read and change all that you can.",
                file=sys.stderr,
            )
        journal = asked.out.with_name(f"{asked.out.name}.journal")
        plan = dataclasses.replace(plan, fresh=seeds.fresh_seed(journal))
        with backend(asked.scheduler), _progress(len(found)) as report:
            results = grade(plan, found, journal, jobs=asked.jobs, report=report)
    except (ValueError, OSError, sandbox.SandboxError) as error:
        print(f"Nothing was graded: {error}", file=sys.stderr)
        return 2
    results = [
        dataclasses.replace(one, ident=one.ident or roster.get(one.student, "")) for one in results
    ]
    results += _missing(roster, found)
    for student in sorted({one.student for one in found} - set(roster)) if roster else ():
        print(f"not on the roster: {student}")
    for student in sorted(set(written) - {one.student for one in results}):
        print(f"marks for nobody here: {student}")
    table = sheet.rows(results, plan.assignment, written)
    sheet.write(asked.out, table)
    if asked.lms:
        columns = sheet.for_lms(table, asked.lms, plan.assignment.title)
        sheet.write(asked.out.with_name(f"{asked.out.stem}-{asked.lms}.csv"), columns)
    if asked.feedback:
        _write_feedback(asked.feedback, results, plan, written)
    _say(results, ignored, asked.out)
    return 0


def _say(results: Sequence[marks.Result], ignored: Sequence[Ignored], out: Path) -> None:
    for one in ignored:
        print(f"not graded: {one.where}: {one.reason}")
    for result in results:
        if result.status in marks.LOOK:
            print(f"look at {result.student}: {result.status}: {result.reason}")
    counts = dict.fromkeys(("graded", *marks.LOOK, "missing"), 0)
    for result in results:
        counts[result.status] += 1
    print(", ".join(f"{count} {status}" for status, count in counts.items() if count))
    print(f"The grade sheet is {out}")


if __name__ == "__main__":
    sys.exit(main())
