"""Try an assignment before it is handed out: ``python -m coursework.check FOLDER/NAME.py ...``.

For each student of a roster the solution and the untouched hand-out run in sandboxes, with that
student's data, as they would be graded. Nothing is written.
"""

import argparse
import dataclasses
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import joblib

from coursework import build, grade, marks, sandbox, seeds, sheet, spec, text, trial
from coursework.spec import SpecError
from coursework.submissions import code_cells
from coursework.trial import World


@dataclasses.dataclass(frozen=True)
class Try:
    """What is tried.

    Parameters
    ----------
    plan
        How the assignment is graded.
    stub
        The cells of the hand-out.
    checked
        The questions with public checks.
    """

    plan: grade.Plan
    stub: tuple[str, ...]
    checked: tuple[str, ...]

    def world(self, student: str) -> World:
        """Try one student's data: the solution twice, and the hand-out as it is."""
        plan, seed = self.plan, self.plan.seed(student)
        asked = trial.with_checks(plan.assignment, self.checked)
        try:
            ran = _run(dataclasses.replace(plan, assignment=asked), plan.solution, seed)
            values, problems = trial.solved(ran, plan.assignment, self.checked)
        except ValueError as error:
            return World(student, seed, (), (str(error),))
        again = _run(plan, plan.solution, seed)
        most = plan.assignment.probe_points
        problems += trial.graded(again, plan.assignment, values, who="the solution", due=most)
        stub = _run(plan, self.stub, seed)
        problems += trial.graded(stub, plan.assignment, values, who="the stub", due=0)
        return World(student, seed, tuple(values), tuple(problems))


def _run(plan: grade.Plan, cells: Sequence[str], seed: int) -> sandbox.Ran:
    """Run a notebook; once more where only a busy machine was against it."""
    ran = plan.run(cells, seed)
    return plan.run(cells, seed) if marks.starved(ran, plan.assignment) else ran


def prepare(master: Path, secret: str, *, mode: sandbox.Mode) -> Try:
    """Build an assignment, and say how it is to be tried.

    Parameters
    ----------
    master
        ``FOLDER/NAME.py`` or ``FOLDER/NAME.toml``; the folder is what ``--private`` names.
    secret
        The instructor's.
    mode
        Of the sandbox.

    Raises
    ------
    SpecError
        When master and questions do not agree.
    """
    name, folder = master.stem, master.parent
    files = build.make(name, folder)
    cells = {}
    for kind in ("solutions", "exercises"):
        cells[kind], problem = code_cells(files[f"{kind}/{name}/{name}.ipynb"])
        if problem:
            raise SpecError(f"{kind}/{name}/{name}.ipynb: {problem}")
    place = f"exercises/{name}/tests/"
    tests = {
        where.removeprefix(place): content
        for where, content in files.items()
        if where.startswith(place)
    }
    assignment = spec.load(name, folder)
    checked = tuple(one.name for one in assignment.questions if f"{one.name}.py" in tests)
    plan = grade.Plan(
        assignment, cells["solutions"], tests, secret, True, mode, hidden=(folder.resolve(),)
    )
    return Try(plan, cells["exercises"], checked)


def worlds(tried: Try, students: Sequence[str], jobs: int = 1) -> Iterator[World]:
    """Try the data of each student, and yield each as it is done."""
    run = joblib.Parallel(n_jobs=jobs, return_as="generator_unordered", prefer="threads")
    yield from run(joblib.delayed(tried.world)(one) for one in students)


def _report(tried: Try, found: Sequence[World]) -> bool:
    """Say how it ended; return whether all is well."""
    spreads = trial.spreads(tried.plan.assignment, found)
    well = not any(one.problems for one in found)
    for one in spreads:
        where = f"{one.question}, {one.probe.points:g} points: {one.probe.says}"
        if not one.answers:
            continue
        if one.kinds > 1:
            well = False
            text.say(f"{where}: {one.kinds} kinds of value, expected one", sys.stdout)
        elif one.constant and len(found) > 1:
            drawn = ", at numbers that each grading draws" if one.fresh else ""
            text.say(f"{where}: a constant: the same for everyone{drawn}", sys.stdout)
        else:
            text.say(f"{where}: {one.answers} answers over {len(found)} students", sys.stdout)
        if one.endless:
            many = f"for {one.endless} of {len(found)} students"
            text.say(f"{where}: not finite {many}: is that meant?", sys.stdout)
    hang, most = trial.seeded(spreads)
    share = f" ({100 * hang / most:.0f} %)" if most else ""
    text.say(f"{hang:g} of {most:g} machine-marked points hang on the seed{share}", sys.stdout)
    bad = sum(bool(one.problems) for one in found)
    name = tried.plan.assignment.name
    said = f"{bad} of {len(found)} have a problem" if bad else f"{len(found)} of {len(found)} well"
    text.say(f"{name}: {said}{'' if well else ': do not hand it out yet'}", sys.stdout)
    return well


def _try_one(master: Path, secret: str, asked: argparse.Namespace, students: list[str]) -> bool:
    mode: sandbox.Mode = "unsafe" if asked.unsafe else sandbox.find_mode()
    try:
        tried = prepare(master, secret, mode=mode)
    except SpecError as error:
        text.say(f"{master.stem}: {error}", sys.stdout)
        return False
    text.say(f"{master.stem}: {len(students)} students", sys.stdout)
    found = []
    for number, one in enumerate(worlds(tried, students, asked.jobs), start=1):
        found.append(one)
        said = "; ".join(one.problems) or "well"
        text.say(f"{number}/{len(students)} {one.student} (seed {one.seed}): {said}", sys.stdout)
        sys.stdout.flush()
    return _report(tried, found)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line.

    Returns
    -------
    int
        0 when it may be handed out, 1 when something is wrong with it, 2 when nothing was tried.
    """
    parser = argparse.ArgumentParser(prog="python -m coursework.check", description=__doc__)
    parser.add_argument("masters", nargs="+", type=Path, metavar="FOLDER/NAME.py")
    parser.add_argument("--roster", type=Path, required=True, help="CSV with a column student")
    seeds.add_secret(parser)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--unsafe", action="store_true", help="run without a sandbox")
    asked = parser.parse_args(arguments)
    try:
        secret = seeds.secret_from(asked, os.environ)
        if secret is None:
            raise ValueError(f"there is no secret, expected --secret-file or {seeds.VARIABLE}")
        for master in asked.masters:
            if not master.is_file():
                raise ValueError(f"{master}: there is no such file, expected FOLDER/NAME.py")
        students = list(sheet.read_roster(asked.roster))
        if not students:
            raise ValueError(f"{asked.roster}: there is no student in it")
        well = [_try_one(master, secret, asked, students) for master in asked.masters]
    except (ValueError, OSError, sandbox.SandboxError) as error:
        text.say(f"Nothing was tried: {error}", sys.stderr)
        return 2
    except KeyboardInterrupt:
        text.say("Interrupted: what was said so far holds for those students.", sys.stderr)
        return 2
    return 0 if all(well) else 1


if __name__ == "__main__":
    sys.exit(main())
