"""Around the grading of a class: what is read before, and what is written and said after."""

import argparse
import dataclasses
import hashlib
import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from coursework import (
    attempts,
    decisions,
    handout,
    lms,
    marks,
    moments,
    pack,
    policy,
    roster,
    sheet,
    submissions,
    tables,
    text,
)
from coursework.attempts import Try
from coursework.marks import Result
from coursework.moments import Clock, Moment
from coursework.names import Person, Roster
from coursework.policy import Lateness, Policy
from coursework.spec import Assignment
from coursework.submissions import Ignored, Submission


@dataclass(frozen=True)
class Given:
    """What there is before anything is run.

    Parameters
    ----------
    roster
        The class; an empty one where none was given.
    submissions, ignored
        What was handed in, and the files that are not graded.
    written
        A person's marks, by the names in their file.
    decided
        A person's decisions.
    bad
        Rows of decisions that cannot be followed.
    again
        Students who are to be run again.
    policy, moments
        When it was due, and when it was handed in; None where nobody asks.
    """

    roster: Roster
    submissions: tuple[Submission, ...]
    ignored: tuple[Ignored, ...]
    written: sheet.Written = dataclasses.field(default_factory=dict)
    decided: tuple[decisions.Decision, ...] = ()
    bad: tuple[str, ...] = ()
    again: frozenset[str] = frozenset()
    policy: Policy | None = None
    moments: tuple[Moment, ...] = ()


def _read_policy(asked: argparse.Namespace) -> tuple[Policy | None, list[Moment], list[str]]:
    """Read when it was due, and when it was handed in."""
    if asked.policy is None:
        if asked.submitted:
            raise ValueError(f"--submitted is {asked.submitted}, and there is no --policy")
        return None, [], []
    rule = policy.read(asked.policy)
    zone = rule.due.tzinfo
    if asked.submitted is None or zone is None:
        return rule, [], []
    return (rule, *moments.read(asked.submitted, zone))


def _attempt(asked: argparse.Namespace, rule: Policy | None) -> submissions.Attempt:
    """Return which attempt counts; two places must not say two things."""
    if rule is None:
        return asked.attempt or "last"
    said: submissions.Attempt = "last" if rule.attempt == "latest" else rule.attempt
    if asked.attempt not in (None, said):
        raise ValueError(f"--attempt is {asked.attempt}, and the policy's is {rule.attempt}")
    return said


def read_inputs(asked: argparse.Namespace) -> Given:
    """Read roster and submissions, and see that the sheet can be written.

    Raises
    ------
    ValueError, OSError
        When there is nothing to be graded, or nowhere to write.
    """
    if asked.out.is_dir():
        raise ValueError(f"--out is the folder {asked.out}, expected a file such as grades.csv")
    if not asked.out.parent.is_dir():
        raise ValueError(f"--out is {asked.out}: there is no folder {asked.out.parent}")
    if asked.worksheet and asked.lms not in (None, "moodle"):
        raise ValueError(f"--worksheet is Moodle's, and --lms is {asked.lms}")
    if asked.worksheet and not asked.worksheet.is_file():
        raise ValueError(f"--worksheet is {asked.worksheet}: there is no such file")
    sheet.refuse_another(asked.out, asked.assignment)
    rule, times, bad = _read_policy(asked)
    people = roster.read_people(asked.roster) if asked.roster else Roster()
    attempt = _attempt(asked, rule)
    found, ignored = submissions.read(asked.submissions, asked.assignment, people, attempt)
    if not found:
        only = ", only ".join(
            ["", ", ".join(one.where for one in ignored[:3])] if ignored else [""]
        )
        raise ValueError(f"{asked.submissions}: no submission was found in it{only}")
    named = submissions.by_roster(found, people) if people else found
    everybody = _everybody(people, [one.student for one in named])
    again = set()
    for name in asked.regrade:
        match = everybody.find(name)
        if match.sure is None:
            several = " or ".join(one.student for one in match.people)
            raise ValueError(f"--regrade {name}: {f'{several}?' if several else 'nobody here'}")
        again.add(match.sure.student)
    return Given(
        people,
        tuple(named),
        tuple(ignored),
        bad=tuple(bad),
        again=frozenset(again),
        policy=rule,
        moments=tuple(times),
    )


def read_marks(asked: argparse.Namespace, given: Given, assignment: Assignment) -> Given:
    """Read written marks and decisions.

    Raises
    ------
    ValueError, OSError
        When a file is not there, or is no such table.
    """
    written = sheet.read_written(asked.written, assignment) if asked.written else {}
    path = asked.decisions or asked.out.with_name("decisions.csv")
    if asked.decisions is None and not path.is_file():
        return dataclasses.replace(given, written=written)
    decided, bad = decisions.read(path, assignment)
    bad = [*given.bad, *bad]
    return dataclasses.replace(given, written=written, decided=tuple(decided), bad=tuple(bad))


def _everybody(people: Roster, students: Sequence[str]) -> Roster:
    """Return the roster with those who are not on it."""
    known = {one.student for one in people.people}
    more = dict.fromkeys(student for student in students if student not in known)
    return Roster((*people.people, *map(Person, more)))


def _looked_at(result: Result, submission: Submission, people: Roster, seed: int | None) -> Result:
    """Add what is known from outside the sandbox; it can only ask for a person, not spare one."""
    status, reasons = result.status, []
    if people and submission.unmatched:
        status = "unmatched"
        reasons.append(submission.unmatched)
    elsewhere = ""
    if seed is not None and not submission.unmatched:
        elsewhere = handout.other_data((one.source for one in submission.texts), seed)
    for said in (submission.flag, elsewhere):
        if said:
            status = "flagged" if status == "graded" else status
            reasons.append(said)
    if submission.otherwise and status == "graded" and not result.score:
        status = "flagged"
        reasons.append(f"is {submission.otherwise} the right notebook? It earns nothing")
    reasons += [part for part in (result.reason, submission.note) if part]
    if status == "unmatched" and result.status != "graded":
        reasons.insert(1, result.status)
    # The roster's number may be another one than the archive's, which the LMS knows.
    known = people.find(submission.student, loose=False).sure
    ident = submission.ident or (known.ident if known else "")
    where = submission.where
    return dataclasses.replace(
        result, status=status, reason="; ".join(reasons), ident=ident, where=where
    )


def _late(clock: Clock | None, one: Submission, latest: bool) -> Lateness:
    return clock.lateness(one, latest) if clock else Lateness()


def _missing(people: Roster, found: Sequence[Submission]) -> list[Result]:
    """Return a result for everybody on the roster of whom nothing was found."""
    there = {one.student for one in found if not one.unmatched}
    strangers = [one for one in found if one.unmatched]
    out = []
    for one in people.people:
        if one.student in there:
            continue
        mine = [each for each in strangers if one.student in each.maybe]
        if mine:
            why = f"one of several who may have handed in {mine[0].where}"
            out.append(Result(one.student, "flagged", why, ident=one.ident))
        elif strangers:
            why = f"nothing was found under this name; unmatched: {len(strangers)}"
            out.append(Result(one.student, "missing", why, ident=one.ident, doubtful=True))
        else:
            out.append(Result(one.student, "missing", "nothing was handed in", ident=one.ident))
    return out


def finish(
    asked: argparse.Namespace,
    given: Given,
    graded: Sequence[Result],
    assignment: Assignment,
    seeds: Mapping[str, int] | None = None,
) -> int:
    """Write the sheets and pages, and say what a person has to look at.

    Parameters
    ----------
    asked
        The command line.
    given
        What there was before.
    graded
        A result for each attempt.
    assignment
        What was asked.
    seeds
        Student to the seed of the data that the notebook was graded with.

    Returns
    -------
    int
        0 when every score of the sheet may go out, 1 when somebody must look.
    """
    names = [one.student for one in given.submissions]
    everybody = _everybody(given.roster, names)
    clock: Clock | None = None
    untimed: list[str] = []
    if given.policy:
        clock, untimed = moments.clock(given.policy, given.moments, everybody)
    results, late = [], {}
    rest = iter(graded)
    for one in given.submissions:
        tries = [
            Try(
                _looked_at(next(rest), each, given.roster, (seeds or {}).get(one.student)),
                _late(clock, each, each is one),
            )
            for each in one.attempts
        ]
        best = attempts.best(tries)
        results.append(best.result)
        if clock:
            late[best.result.student] = best.late
    results += _missing(given.roster, given.submissions)
    written, nobody = sheet.written_of_students(given.written, everybody)
    decided, unclear = decisions.of_students(given.decided, everybody)
    timed = late if given.policy else None
    table = sheet.rows(results, assignment, written, decided, timed)
    sheet.write(asked.out, table)
    look = [f"not on the roster: {one.student}" for one in results if one.status == "unmatched"]
    look += [f"marks for nobody here: {name}" for name in nobody]
    look += [f"not followed: {one}" for one in (*given.bad, *unclear, *untimed)]
    look += _for_lms(asked, given, table, assignment)
    if asked.feedback:
        pages = _write_feedback(asked.feedback, results, assignment, written, decided, late)
        _pack(asked, table, pages)
    # Of what lies beside a graded notebook it is enough to be told.
    aside = [f"not graded: {one.where}: {one.reason}" for one in given.ignored if not one.stray]
    look += [f"nobody's: {one.where}: {one.reason}" for one in given.ignored if one.stray]
    for said in (*aside, *look):
        text.say(said, sys.stdout)
    _say(table, given, asked.out)
    complete = all(row["complete"] or row["status"] == "missing" for row in table)
    return 0 if complete and not look else 1


def _for_lms(
    asked: argparse.Namespace,
    given: Given,
    table: Sequence[dict[str, str]],
    assignment: Assignment,
) -> list[str]:
    """Write the LMS's sheet; return what a person has to look at."""
    name = "moodle" if asked.worksheet else asked.lms
    if not name:
        return []
    path = asked.out.with_name(f"{asked.out.stem}-{name}.csv")
    title = asked.column or assignment.title
    said: list[str] = []
    if asked.worksheet:
        try:
            rows, said = lms.worksheet(asked.worksheet, table, title, asked.grade_column)
        except (ValueError, OSError) as error:
            return [f"no sheet for Moodle: {error}"]
    else:
        rows = lms.for_lms(table, name, title, given.roster)
        if name == "moodle":
            text.say("Moodle's headings are in English here; --worksheet fits all.", sys.stdout)
    tables.write(path, rows, mark=False)
    text.say(f"The sheet for {name} is {path}", sys.stdout)
    return said


def _write_feedback(
    folder: Path,
    results: Sequence[Result],
    assignment: Assignment,
    written: sheet.Written,
    decided: decisions.Decided,
    late: Mapping[str, Lateness],
) -> list[bytes]:
    """Write a page for each student; return them in the order of the results."""
    folder.mkdir(parents=True, exist_ok=True)
    pages = []
    for result in results:
        # Two names may be alike but for what a file name cannot hold.
        short = hashlib.sha256(result.student.encode()).hexdigest()[:6]
        safe = re.sub(r"[^\w.-]", "_", result.student)[:60].lstrip(".")
        own, said = written.get(result.student, {}), decided.get(result.student)
        page = sheet.feedback(result, assignment, own, said, late.get(result.student))
        pages.append(page.encode("utf-8", "replace"))
        (folder / f"{safe}-{short}.html").write_bytes(pages[-1])
    return pages


def _pack(
    asked: argparse.Namespace, table: Sequence[Mapping[str, str]], pages: Sequence[bytes]
) -> None:
    """Pack the pages of whoever has a score that may go out, as the LMS wants them back."""
    name = "moodle" if asked.worksheet else asked.lms
    if name not in ("canvas", "moodle"):
        return
    ready = [(row, page) for row, page in zip(table, pages, strict=True) if row["complete"]]
    named = {pack.page_name(row["file"], name): page for row, page in ready}
    lost = sum(not pack.page_name(row["file"], name) for row, _ in ready)
    named.pop("", None)
    if lost:
        why = f"their files are not from {name}'s download"
        text.say(f"{lost} pages are in {asked.feedback} alone: {why}", sys.stdout)
    if named:
        path = asked.feedback.with_name(f"{asked.feedback.name}-{name}.zip")
        pack.write(path, named)
        text.say(f"The feedback for {name} is {path}: {len(named)} pages", sys.stdout)


def _say(table: Sequence[dict[str, str]], given: Given, out: Path) -> None:
    counts: dict[str, int] = {}
    for row in table:
        counts[row["status"]] = counts.get(row["status"], 0) + 1
        if row["status"] in marks.LOOK:
            text.say(f"look at {row['student']}: {row['status']}: {row['reason']}", sys.stdout)
    text.say(", ".join(f"{count} {status}" for status, count in counts.items()), sys.stdout)
    waiting = sum("written part not marked yet" in row["reason"] for row in table)
    if waiting:
        text.say(f"written parts not marked yet: {waiting}", sys.stdout)
    text.say(f"The grade sheet is {out}", sys.stdout)
