"""Grade a class: ``python -m coursework.grade SUBMISSIONS --assignment NAME --out grades.csv``.

Each submission runs in a sandbox of its own. The solution runs in the same
kind of sandbox with the same seed, and its values are compared outside with
the student's: no expected value ever enters a student's sandbox.
"""

import argparse
import contextlib
import dataclasses
import hashlib
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import joblib

from coursework import batch, environment, journal, lms, marks, sandbox, seeds, spec, text
from coursework.seeds import class_seed
from coursework.spec import Assignment
from coursework.submissions import Submission, code_cells
from launchlab.claims.run import backend

#: What is known of a submission, and changes nothing about what its notebook does.
_OUTSIDE = ("tells_late", "modified", "others", "texts")


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
            self.mode,
            environment.versions(),
            *(
                repr(getattr(submission, one.name))
                for one in dataclasses.fields(submission)
                if one.name not in _OUTSIDE
            ),
            str(seed),
            str(self.fresh),
        ]
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:24]


def _here(plan: Plan) -> Plan:
    """Return the plan for this machine: on a cluster it may be another one, tried once."""
    return plan if plan.mode == "unsafe" else dataclasses.replace(plan, mode=sandbox.find_mode())


def _expected(plan: Plan, seed: int) -> list[Any] | ValueError:
    """Return the solution's values for one seed, or what went wrong."""
    here = _here(plan)
    ran = here.run(plan.solution, seed)
    if marks.starved(ran, plan.assignment):
        ran = here.run(plan.solution, seed)
    try:
        return marks.expected_values(ran, plan.assignment)
    except ValueError as error:
        return error


def _grade_one(
    plan: Plan, submission: Submission, expected: list[Any] | ValueError, key: str
) -> tuple[str, marks.Result]:
    """Grade one submission; whatever happens, there is a result."""
    if submission.problem:
        return key, marks.unreadable(submission, plan.assignment)
    try:
        if isinstance(expected, ValueError):
            raise expected
        ran = _here(plan).run(submission.cells, plan.seed(submission.student))
        return key, marks.judge(submission, ran, plan.assignment, expected, plan.solution)
    except Exception as error:  # a fault of the grader's must not end the batch
        why = f"the grader failed: {type(error).__name__}: {error}"
        result = marks.unreadable(submission, plan.assignment)
        return key, dataclasses.replace(result, status="flagged", reason=why)


def grade(
    plan: Plan,
    submissions: Sequence[Submission],
    folder: Path,
    *,
    jobs: int = 1,
    again: frozenset[str] = frozenset(),
    report: Callable[[int, int, str], None] | None = None,
) -> list[marks.Result]:
    """Grade submissions; those that an interrupted run has finished are not run again.

    Parameters
    ----------
    plan
        How.
    submissions
        Whose.
    folder
        Where finished results are kept.
    jobs
        How many at once, through joblib and whatever backend is active.
    again
        Students who are run again although a result of theirs is kept.
    report
        Told (done, total, student) after each.

    Returns
    -------
    list of Result
        In the order of the submissions.

    Raises
    ------
    ValueError
        When the solution itself fails for everybody's data. Where it fails for one student's, that
        student is flagged.
    """
    folder.mkdir(parents=True, exist_ok=True)
    keys = [plan.key(one, plan.seed(one.student)) for one in submissions]
    done = {
        key: None if one.student in again else journal.kept(folder / f"{key}.json")
        for one, key in zip(submissions, keys, strict=True)
    }
    left = [(one, key) for one, key in zip(submissions, keys, strict=True) if done[key] is None]
    drawn = sorted({plan.seed(one.student) for one, _ in left if not one.problem})
    # Where each student has data of their own, the solution runs as often as their notebooks.
    solve = joblib.Parallel(n_jobs=jobs, prefer="threads")
    solved = solve(joblib.delayed(_expected)(plan, seed) for seed in drawn)
    expected = dict(zip(drawn, solved, strict=True))
    failures = [one for one in solved if isinstance(one, ValueError)]
    if solved and len(failures) == len(solved):
        raise failures[0]
    run = joblib.Parallel(n_jobs=jobs, return_as="generator_unordered", prefer="threads")
    tasks = [
        (plan, one, [] if one.problem else expected[plan.seed(one.student)], key)
        for one, key in left
    ]
    finished: Iterable[tuple[str, marks.Result]] = run(
        joblib.delayed(_grade_one)(*task) for task in tasks
    )
    for number, (key, fresh) in enumerate(finished, start=len(submissions) - len(left) + 1):
        # Without a journal a later run only takes longer.
        with contextlib.suppress(OSError):
            journal.keep(folder / f"{key}.json", fresh)
        done[key] = fresh
        if report:
            report(number, len(submissions), fresh.student)
    for task in tasks:
        # What only the clock was against is run once more, when nobody else is.
        if (before := done[task[3]]) is not None and before.starved:
            key, alone = _grade_one(*task)
            with contextlib.suppress(OSError):
                journal.keep(folder / f"{key}.json", alone)
            done[key] = alone
    return [result for key in keys if (result := done[key]) is not None]


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
        yield lambda done, total, student: text.say(f"{done}/{total} {student}", sys.stderr)
        return
    with click.progressbar(
        length=total,
        label="Grading",
        file=sys.stderr,
        show_pos=True,
        item_show_func=lambda student: student and student[:40],
    ) as bar:
        yield lambda done, total, student: bar.update(done - bar.pos, student)


def _arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m coursework.grade", description=__doc__)
    parser.add_argument("submissions", type=Path, help="a folder, or a zip from Canvas or Moodle")
    parser.add_argument("--assignment", required=True, help=f"one of: {', '.join(spec.names())}")
    parser.add_argument("--out", type=Path, required=True, help="the grade sheet (CSV) to write")
    parser.add_argument("--lms", choices=lms.systems(), help="also write its columns")
    parser.add_argument("--column", help="what the LMS calls the assignment (otherwise its title)")
    parser.add_argument(
        "--worksheet", type=Path, help="Moodle's grading worksheet, to be filled in"
    )
    parser.add_argument("--grade-column", default="", help="the worksheet's heading of the grades")
    parser.add_argument("--feedback", type=Path, help="folder for a page for each student")
    parser.add_argument("--written", type=Path, help="CSV: student, question, points")
    parser.add_argument(
        "--decisions",
        type=Path,
        help="CSV: student, question, points, reason, by (or decisions.csv beside the sheet)",
    )
    parser.add_argument("--regrade", action="append", default=[], metavar="STUDENT")
    parser.add_argument(
        "--attempt", choices=("last", "first", "on time", "best"), help="which one counts"
    )
    parser.add_argument("--policy", type=Path, help="TOML: when it is due, what being late costs")
    parser.add_argument(
        "--submitted", type=Path, help="CSV: student, submitted (or Moodle's worksheet in English)"
    )
    parser.add_argument("--roster", type=Path, help="CSV: student, id; gives each their own data")
    parser.add_argument("--private", type=Path, help="folder of private questions and probes")
    seeds.add_secret(parser)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--scheduler", metavar="ADDRESS", help="Dask scheduler to run on")
    parser.add_argument("--unsafe", action="store_true", help="run without a sandbox")
    return parser.parse_args(arguments)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line.

    Returns
    -------
    int
        0 when the sheet is complete, 1 when somebody must look, 2 when nothing could be graded.
    """
    asked = _arguments(arguments)
    try:
        given = batch.read_inputs(asked)
        plan = make_plan(
            asked.assignment,
            private=asked.private,
            secret=seeds.secret_from(asked, os.environ),
            per_student=bool(given.roster),
            unsafe=asked.unsafe,
        )
        given = batch.read_marks(asked, given, plan.assignment)
        if asked.unsafe:
            print(
                "WITHOUT A SANDBOX: submissions can read and change all that you can.",
                file=sys.stderr,
            )
        kept = asked.out.with_name(f"{asked.out.name}.journal")
        plan = dataclasses.replace(plan, fresh=seeds.fresh_seed(kept))
        attempts = [each for one in given.submissions for each in one.attempts]
        with backend(asked.scheduler), _progress(len(attempts)) as report:
            results = grade(plan, attempts, kept, jobs=asked.jobs, again=given.again, report=report)
        used = {one.student: plan.seed(one.student) for one in given.submissions}
        return batch.finish(asked, given, results, plan.assignment, used)
    except (ValueError, OSError, sandbox.SandboxError) as error:
        text.say(f"Nothing was graded: {error}", sys.stderr)
        return 2
    except KeyboardInterrupt:
        text.say("Interrupted. What was finished is kept: start it again to go on.", sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
