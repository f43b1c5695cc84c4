"""When was something handed in? What a table says, an archive, or nobody.

A table may be the instructor's own, with the columns ``student`` and ``submitted``, or Moodle's
worksheet in English. The times of files are believed only where the policy says so.
"""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from coursework import tables, text
from coursework.names import Roster
from coursework.policy import Handed, Lateness, Policy, lateness, on_the_wall
from coursework.submissions import Submission

_MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july"),
    *("august", "september", "october", "november", "december"),
)
#: As Moodle writes it in English: "Monday, 3 May 2027, 1:02 PM".
_MOODLE = re.compile(
    r"\w+, (?P<day>\d{1,2}) (?P<month>[a-z]+) (?P<year>\d{4}), "
    r"(?P<hour>\d{1,2}):(?P<minute>\d{2})(?: (?P<half>am|pm))?",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Moment:
    """One line of a table.

    Parameters
    ----------
    student
        As the table names the student.
    at
        When it was handed in.
    file
        Which of several attempts is meant; the latest, if empty.
    where
        The line, for what is said about it.
    """

    student: str
    at: dt.datetime
    file: str = ""
    where: str = ""


def read(path: Path, zone: dt.tzinfo) -> tuple[list[Moment], list[str]]:
    """Read when a class has handed in.

    Parameters
    ----------
    path
        A CSV.
    zone
        The time zone of times that do not say one.

    Returns
    -------
    moments
        A blank or "-" is no moment.
    bad
        For each row that cannot be followed, which it is and what is wrong with it.

    Raises
    ------
    ValueError
        When the file is no table, or a column is missing.
    """
    found, bad = [], []
    for row in tables.read(path, ("student", "submitted")):
        student, given = row.get("student"), row.get("submitted")
        where = text.line(f"{path.name}, line {row.line} ({student or '?'})")
        if given.strip("-") == "":
            continue
        try:
            found.append(Moment(student, parse(given, zone), row.get("file"), where))
        except ValueError as error:
            bad.append(f"{where}: submitted is {text.line(given)!r}: {error}")
    return found, bad


def parse(given: str, zone: dt.tzinfo) -> dt.datetime:
    """Read a moment: ISO 8601, or Moodle's in English.

    Raises
    ------
    ValueError
        When it is neither, or no one moment.
    """
    if found := _MOODLE.fullmatch(given.strip()):
        naive = _of_moodle(found)
    else:
        try:
            naive = dt.datetime.fromisoformat(given.strip())
        except ValueError:
            naive = None
        # A date alone would be a guess of its hour.
        if len(given.strip()) <= 10:
            naive = None
    if naive is None:
        raise ValueError("expected a date and time, as 2027-05-03 23:59")
    return naive if naive.tzinfo else on_the_wall(naive, zone)


def _of_moodle(found: re.Match[str]) -> dt.datetime | None:
    month = found["month"].casefold()
    hour, half = int(found["hour"]), (found["half"] or "").casefold()
    if month not in _MONTHS or (half and not 1 <= hour <= 12):
        return None
    if half:
        hour = hour % 12 + 12 * (half == "pm")
    number = _MONTHS.index(month) + 1
    try:
        return dt.datetime(
            int(found["year"]), number, int(found["day"]), hour, int(found["minute"])
        )
    except ValueError:
        return None


def of_file(modified: Sequence[float], zone: dt.tzinfo) -> dt.datetime | None:
    """Return a file's time: seconds since 1970 in a folder, a clock's without zone in a zip."""
    try:
        if len(modified) == 1:
            return dt.datetime.fromtimestamp(modified[0], dt.UTC)
        return on_the_wall(dt.datetime(*map(int, modified)), zone)  # type: ignore[arg-type]
    except (ValueError, TypeError, OverflowError, OSError):
        return None


@dataclass(frozen=True)
class Clock:
    """What is known of a class's times, looked up by the sheet's names.

    Parameters
    ----------
    policy
        The class's.
    due
        Student to when the work is due, where there is an extension.
    moments
        Student and file (empty for the latest attempt) to when it was handed in, and who says so.
    unclear
        Students about whom two different things are said.
    """

    policy: Policy
    due: Mapping[str, dt.datetime]
    moments: Mapping[tuple[str, str], Moment]
    unclear: frozenset[str] = frozenset()

    def lateness(self, one: Submission, latest: bool = True) -> Lateness:
        """Say what being late costs a submission.

        Parameters
        ----------
        one
            What was handed in.
        latest
            Whether it is the student's latest attempt, which a line without a file is about.
        """
        if one.student in self.unclear and not self.policy.free:
            return Lateness(None, look="two different times or extensions are given")
        due = self.due.get(one.student, self.policy.due)
        return lateness(self.policy, due, self._handed(one, latest))

    def _handed(self, one: Submission, latest: bool) -> Handed:
        named = (
            moment
            for (student, file), moment in self.moments.items()
            if student == one.student and file and one.where.endswith(file)
        )
        moment = next(named, self.moments.get((one.student, "")) if latest else None)
        if moment is not None:
            return Handed(moment.at, None, moment.where.split(",")[0])
        late = one.late if one.tells_late or one.late else None
        zone = self.policy.due.tzinfo
        if self.policy.file_times and zone and (at := of_file(one.modified, zone)):
            return Handed(at, late, "the file's time")
        return Handed(None, late, "the LMS")


def clock(policy: Policy, moments: Sequence[Moment], people: Roster) -> tuple[Clock, list[str]]:
    """Give extensions and moments to their students.

    Parameters
    ----------
    policy
        The class's.
    moments
        As read.
    people
        Everybody in the sheet.

    Returns
    -------
    clock
        By the sheet's names.
    bad
        Those that are nobody's for sure, and those that contradict each other: of these students
        nothing is known.
    """
    bad: list[str] = []
    due: dict[str, dt.datetime] = {}
    found: dict[tuple[str, str], Moment] = {}
    unclear = set()
    for name, until in policy.extensions.items():
        match = people.find(name)
        if match.sure is None:
            bad.append(f"an extension for nobody here: {name}")
        elif due.setdefault(match.sure.student, until) != until:
            bad.append(f"a second extension: {name}")
            unclear.add(match.sure.student)
    for one in moments:
        match = people.find(one.student.removeprefix("'"))
        if match.sure is None:
            bad.append(f"{one.where}: a time for nobody here")
        elif found.setdefault((match.sure.student, one.file), one).at != one.at:
            bad.append(f"{one.where}: a second time for the same work")
            unclear.add(match.sure.student)
    return Clock(policy, due, found, frozenset(unclear)), bad
