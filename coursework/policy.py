"""When work is due and what it costs to be late: a few lines of TOML, and plain arithmetic.

Nothing is guessed. What nobody knows, such as how late something is that Canvas only calls late,
asks for a person.
"""

import datetime as dt
import math
import tomllib
import zoneinfo
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Literal

ATTEMPTS = ("latest", "first", "best")
_DAY = dt.timedelta(days=1)
#: A month: who allows more means another date.
_MOST_MINUTES = 31 * 24 * 60


@dataclass(frozen=True)
class Policy:
    """What an instructor's file says.

    Parameters
    ----------
    due
        When the work is due, in its time zone.
    grace_minutes
        Until so long after it nothing is late.
    percent_a_day
        What each day, whole or begun, costs of the mark.
    at_most_days
        What is later still is for a person to decide; None where there is no such bound.
    attempt
        Which of several attempts counts.
    file_times
        Whether the times of files in the archive are those of handing in.
    extensions
        Student, as the file spells the name, to when that student's work is due.
    """

    due: dt.datetime
    grace_minutes: float = 0.0
    percent_a_day: float = 0.0
    at_most_days: int | None = None
    attempt: Literal["latest", "first", "best"] = "latest"
    file_times: bool = False
    extensions: Mapping[str, dt.datetime] = field(default_factory=dict)

    @property
    def free(self) -> bool:
        """Whether it makes no difference when something was handed in."""
        return self.percent_a_day == 0 and self.at_most_days is None


@dataclass(frozen=True)
class Handed:
    """What is known about when something was handed in.

    Parameters
    ----------
    at
        The moment, or None.
    late
        Whether the LMS calls it late; None where it does not say.
    source
        Who says so.
    """

    at: dt.datetime | None = None
    late: bool | None = None
    source: str = ""


@dataclass(frozen=True)
class Lateness:
    """What being late costs one student.

    Parameters
    ----------
    days
        How many, a begun one as a whole; None where nobody knows.
    share
        What is taken off the mark, from 0 to 1.
    look
        Why a person has to decide, or an empty text.
    says
        In words, for the sheet.
    at
        When it was handed in, or None.
    """

    days: int | None = 0
    share: float = 0.0
    look: str = ""
    says: str = ""
    at: dt.datetime | None = None

    def deduction(self, mark: float) -> float:
        """Return what is taken off a mark, to a hundredth."""
        return min(round(mark * self.share, 2), max(mark, 0.0))


def lateness(policy: Policy, due: dt.datetime, handed: Handed) -> Lateness:
    """Say what it costs to have handed in when somebody did.

    Parameters
    ----------
    policy
        The class's.
    due
        When this student's work was due.
    handed
        What is known.
    """
    if handed.at is None:
        return _unknown(policy, handed)
    # Between two of one time zone Python would subtract what the clocks on the wall show.
    over = handed.at.astimezone(dt.UTC) - due.astimezone(dt.UTC)
    days = math.ceil(over / _DAY) if over > dt.timedelta(minutes=policy.grace_minutes) else 0
    look = ""
    if handed.late and not days and not policy.free:
        look = f"the LMS calls it late, and by {handed.source} it is not"
    counted = days
    if policy.at_most_days is not None and days > policy.at_most_days:
        counted = policy.at_most_days
        look = f"{_days(days)} late, and at_most_days is {policy.at_most_days}: yours to decide"
    share = min(counted * policy.percent_a_day / 100, 1.0)
    says = f"{_days(days)} late ({handed.source})" if days else f"on time ({handed.source})"
    return Lateness(days, share, look, says, handed.at)


def _unknown(policy: Policy, handed: Handed) -> Lateness:
    if handed.late is False:
        return Lateness(0, says=f"on time ({handed.source})")
    said = "late" if handed.late else ""
    if policy.free:
        return Lateness(0 if handed.late is None else None, says=said)
    why = f"{handed.source} says late, and not by how much" if handed.late else ""
    why = why or "nobody says when it was handed in"
    return Lateness(None, look=f"{why}: give --submitted", says=said or "unknown")


def _days(days: int) -> str:
    return f"{days} day" if days == 1 else f"{days} days"


# Reading ------------------------------------------------------------------------------------


def read(path: Path) -> Policy:
    """Read a policy.

    Raises
    ------
    ValueError
        When the file says what cannot be followed: the message names file, key, value and what was
        expected.
    """
    try:
        data = tomllib.loads(Path(path).read_text(encoding="utf-8-sig"))
        return _policy(data)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ValueError(f"{path}: not TOML: {error}") from error
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from error


def _policy(data: dict[str, Any]) -> Policy:
    known = ["zone", *(one.name for one in fields(Policy))]
    for name in data:
        if name not in known:
            raise ValueError(f"unknown key {name!r}, expected one of: {', '.join(known)}")
    due = _due(data.get("due"), data.get("zone"))
    days = data.get("at_most_days")
    if days is not None and (type(days) is not int or days < 0):
        raise ValueError(f"at_most_days is {days!r}, expected a whole number of at least 0")
    attempt = data.get("attempt", "latest")
    if attempt not in ATTEMPTS:
        raise ValueError(f"attempt is {attempt!r}, expected one of: {', '.join(ATTEMPTS)}")
    times = data.get("file_times", False)
    if type(times) is not bool:
        raise ValueError(f"file_times is {times!r}, expected true or false")
    extended = data.get("extensions", {})
    if not isinstance(extended, dict):
        raise ValueError(f"extensions is {extended!r}, expected a table of students")
    return Policy(
        due,
        _number(data, "grace_minutes", _MOST_MINUTES),
        _number(data, "percent_a_day", 100.0),
        days,
        attempt,
        times,
        {student: _extended(due, student, until) for student, until in extended.items()},
    )


def _number(data: Mapping[str, Any], name: str, most: float) -> float:
    value = data.get(name, 0.0)
    if isinstance(value, int | float) and type(value) is not bool and 0 <= value <= most:
        return float(value)
    raise ValueError(f"{name} is {value!r}, expected a number from 0 to {most:g}")


def _due(due: Any, zone: Any) -> dt.datetime:
    if not isinstance(due, dt.datetime):
        raise ValueError(f"due is {_shown(due)}, expected a date and time, as 2027-05-03T23:59:00")
    if zone is None and due.tzinfo is None:
        raise ValueError(
            f"due is {due.isoformat()}, without a time zone: add zone, as zone = 'Europe/Berlin'"
        )
    if zone is None:
        return due
    try:
        place = zoneinfo.ZoneInfo(zone)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, TypeError, OSError):
        raise ValueError(f"zone is {zone!r}, expected a name, as 'Europe/Berlin'") from None
    return due.astimezone(place) if due.tzinfo else on_the_wall(due, place)


def on_the_wall(naive: dt.datetime, zone: dt.tzinfo) -> dt.datetime:
    """Return the moment at which clocks of a time zone show something.

    Raises
    ------
    ValueError
        When they show it twice or never, as in the night in which they are changed.
    """
    first, second = (naive.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    if first.utcoffset() != second.utcoffset():
        raise ValueError(
            f"{naive.isoformat(' ')} is no one moment in {zone}, where clocks are changed then; "
            "expected an offset behind it, as +01:00"
        )
    return first


def _extended(due: dt.datetime, student: str, until: Any) -> dt.datetime:
    """Return when a student's work is due: so many days later on the wall, or at a date."""
    where = f"extensions: {student!r} is {_shown(until)}"
    expected = f"expected days of at least 0, or a date from {due.date()} on"
    if due.tzinfo is None:
        raise ValueError("due has no time zone")
    try:
        if isinstance(until, dt.datetime):
            later = until if until.tzinfo else on_the_wall(until, due.tzinfo)
        elif isinstance(until, dt.date):
            later = on_the_wall(dt.datetime.combine(until, due.time()), due.tzinfo)
        elif isinstance(until, int | float) and type(until) is not bool and 0 <= until <= 3660:
            later = on_the_wall(due.replace(tzinfo=None) + dt.timedelta(days=until), due.tzinfo)
        else:
            raise ValueError(expected)
    except (ValueError, OverflowError) as error:
        raise ValueError(f"{where}, {error}") from None
    if later.astimezone(dt.UTC) < due.astimezone(dt.UTC):
        raise ValueError(f"{where}, {expected}")
    return later


def _shown(value: Any) -> str:
    return value.isoformat() if isinstance(value, dt.date) else repr(value)
