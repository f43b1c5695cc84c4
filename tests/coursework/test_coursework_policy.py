"""What being late costs, over policies that are drawn: monotone, bounded, and never guessed."""

import csv
import dataclasses
import datetime as dt
import os
import zipfile
import zoneinfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from coursework import attempts, moments, policy, sandbox, sheet
from coursework.attempts import Try
from coursework.decisions import Decision
from coursework.marks import Mark, Result
from coursework.moments import Moment
from coursework.names import Person, Roster
from coursework.policy import Handed, Policy, lateness
from coursework.spec import Assignment, Probe, Question
from coursework.submissions import Submission
from tests.coursework import quick, toy

ZONES = ("Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "UTC")
NAIVE = st.datetimes(dt.datetime(2026, 1, 1), dt.datetime(2028, 12, 31))


def on_the_wall(naive: dt.datetime, zone: str) -> dt.datetime:
    try:
        return policy.on_the_wall(naive, zoneinfo.ZoneInfo(zone))
    except ValueError:
        assume(False)


DUES = st.builds(on_the_wall, NAIVE, st.sampled_from(ZONES))
POLICIES = st.builds(
    Policy,
    due=DUES,
    grace_minutes=st.floats(0, 3000),
    percent_a_day=st.floats(0, 100),
    at_most_days=st.none() | st.integers(0, 20),
)
HOURS = st.floats(-100, 900)
MARKS = st.floats(0, 100)


def handed(rule: Policy, hours: float) -> Handed:
    return Handed(rule.due.astimezone(dt.UTC) + dt.timedelta(hours=hours), None, "a table")


@given(POLICIES, HOURS, HOURS, MARKS)
def test_later_never_costs_less_and_nothing_is_ever_below_zero(rule, one, other, mark):
    early, late = (lateness(rule, rule.due, handed(rule, hours)) for hours in sorted((one, other)))
    assert early.share <= late.share and early.days <= late.days
    for found in (early, late):
        assert 0 <= found.deduction(mark) <= mark
        assert 0 <= found.share <= 1
    assert bool(early.look) <= bool(late.look)


@given(POLICIES, HOURS, MARKS, MARKS)
def test_a_better_mark_stays_the_better_one(rule, hours, one, other):
    found = lateness(rule, rule.due, handed(rule, hours))
    low, high = (round(mark, 2) for mark in sorted((one, other)))
    # Both are rounded to a hundredth, as the sheet shows them.
    assert low - found.deduction(low) <= high - found.deduction(high) + 0.0101


@given(POLICIES, st.floats(-100, 0))
def test_in_time_costs_nothing(rule, hours):
    found = lateness(rule, rule.due, handed(rule, hours))
    assert (found.days, found.share, found.look) == (0, 0, "")


@given(POLICIES, st.integers(0, 30), HOURS)
def test_an_extension_beats_lateness(rule, days, hours):
    try:
        later = policy._extended(rule.due, "ada", days)
    except ValueError:
        assume(False)
    plain = lateness(rule, rule.due, handed(rule, hours))
    extended = lateness(rule, later, handed(rule, hours))
    assert extended.share <= plain.share and extended.days <= plain.days
    if handed(rule, hours).at <= later.astimezone(dt.UTC):
        assert extended.share == 0 and extended.look == ""


@given(POLICIES, st.floats(0, 3000))
def test_within_the_grace_nothing_is_late_and_just_after_a_day_is(rule, minutes):
    found = lateness(rule, rule.due, handed(rule, minutes / 60))
    exact = handed(rule, minutes / 60).at - rule.due.astimezone(dt.UTC)
    assert (found.days == 0) == (exact <= max(dt.timedelta(minutes=rule.grace_minutes), exact * 0))


@given(POLICIES, st.sampled_from([None, True, False]))
def test_an_unknown_time_is_never_guessed(rule, late):
    found = lateness(rule, rule.due, Handed(None, late, "the LMS"))
    if late is False:
        assert (found.days, found.share, found.look) == (0, 0, "")
    else:
        assert found.share == 0
        assert bool(found.look) == (rule.percent_a_day > 0 or rule.at_most_days is not None)


def test_a_day_is_24_hours_also_where_clocks_are_changed():
    # In the night of 28 March 2027 Berlin's clocks jump: 23:59 to 23:59 is 23 hours.
    rule = Policy(on_the_wall(dt.datetime(2027, 3, 27, 23, 59), "Europe/Berlin"), 0, 10)
    next_day = on_the_wall(dt.datetime(2027, 3, 28, 23, 59), "Europe/Berlin")
    assert lateness(rule, rule.due, Handed(next_day)).days == 1
    # So half an hour after it, 23 hours and a half have passed.
    assert lateness(rule, rule.due, Handed(next_day + dt.timedelta(minutes=30))).days == 1
    after = next_day + dt.timedelta(minutes=61)
    assert lateness(rule, rule.due, Handed(after)).days == 2
    # An extension of a day ends when clocks show the same again.
    assert policy._extended(rule.due, "ada", 1) == next_day


def test_what_the_lms_and_the_file_disagree_about_is_for_a_person():
    rule = Policy(on_the_wall(dt.datetime(2027, 5, 3, 23, 59), "UTC"), 0, 10)
    early = Handed(rule.due - dt.timedelta(hours=1), True, "the file's time")
    assert "calls it late" in lateness(rule, rule.due, early).look


# The file -----------------------------------------------------------------------------------

GOOD = """
due = 2027-05-03T23:59:00
zone = "Europe/Berlin"
grace_minutes = 15
percent_a_day = 10
at_most_days = 5
attempt = "best"
[extensions]
"Ada Lovelace" = 3
Bob = 2027-05-10
Eve = 2027-05-04T12:00:00+02:00
"""


def written(tmp_path, content: str):
    (tmp_path / "policy.toml").write_text(content, encoding="utf-8")
    return tmp_path / "policy.toml"


def test_a_policy_is_read(tmp_path):
    rule = policy.read(written(tmp_path, GOOD))
    assert rule.due.isoformat() == "2027-05-03T23:59:00+02:00"
    assert (rule.grace_minutes, rule.percent_a_day, rule.at_most_days) == (15, 10, 5)
    assert (rule.attempt, rule.file_times) == ("best", False)
    assert {name: due.isoformat() for name, due in rule.extensions.items()} == {
        "Ada Lovelace": "2027-05-06T23:59:00+02:00",
        "Bob": "2027-05-10T23:59:00+02:00",
        "Eve": "2027-05-04T12:00:00+02:00",
    }
    least = policy.read(written(tmp_path, "due = 2027-05-03T23:59:00Z"))
    assert least == Policy(dt.datetime(2027, 5, 3, 23, 59, tzinfo=dt.UTC)) and least.free


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("due = 2027-05-03T23:59:00", "", "due is None, expected a date and time"),
        ("due = 2027-05-03T23:59:00", "due = 2027-05-03", "due is 2027-05-03, expected a date and"),
        ("due = 2027-05-03T23:59:00", "due = 'May'", "due is 'May', expected a date and time"),
        ('zone = "Europe/Berlin"', "", "without a time zone: add zone"),
        ("Europe/Berlin", "Europe/Nowhere", "zone is 'Europe/Nowhere', expected a name"),
        ("Europe/Berlin", "../../etc/passwd", "zone is '../../etc/passwd', expected a name"),
        ("2027-05-03T23:59", "2027-03-28T02:30", "is no one moment in Europe/Berlin"),
        ("2027-05-03T23:59", "2027-10-31T02:30", "is no one moment in Europe/Berlin"),
        ("grace_minutes = 15", "grace_minutes = -1", "grace_minutes is -1, expected a number from"),
        ("percent_a_day = 10", "percent_a_day = '10'", "percent_a_day is '10', expected a number"),
        ("percent_a_day = 10", "percent_a_day = 101", "is 101, expected a number from 0 to 100"),
        ("percent_a_day = 10", "percent_a_day = nan", "percent_a_day is nan, expected a number"),
        ("percent_a_day = 10", "percent_a_day = true", "percent_a_day is True, expected a number"),
        ("at_most_days = 5", "at_most_days = 1.5", "at_most_days is 1.5, expected a whole number"),
        ("at_most_days = 5", "at_most_days = -1", "at_most_days is -1, expected a whole number"),
        ('"best"', '"worst"', "attempt is 'worst', expected one of: latest, first, best"),
        ('attempt = "best"', "file_times = 1", "file_times is 1, expected true or false"),
        ("grace_minutes", "grace", "unknown key 'grace', expected one of: zone, due, grace_min"),
        ('Lovelace" = 3', 'Lovelace" = -3', "'Ada Lovelace' is -3, expected days of at least 0"),
        ('Lovelace" = 3', "Lovelace\" = '3'", "'Ada Lovelace' is '3', expected days of at least"),
        ("2027-05-10", "2027-05-01", "'Bob' is 2027-05-01, expected days of at least 0, or a date"),
        ("[extensions]", "extensions = 3\n[more]", "unknown key 'more'"),
        ("due =", "due", "not TOML"),
    ],
)
def test_a_policy_that_cannot_be_followed_is_named(tmp_path, old, new, message):
    assert old in GOOD
    with pytest.raises(ValueError, match=r"policy\.toml: ") as caught:
        policy.read(written(tmp_path, GOOD.replace(old, new, 1)))
    assert message in str(caught.value)


# When -----------------------------------------------------------------------------------------


@given(DUES, st.booleans())
def test_a_moment_is_read_as_it_was_written(at, offset):
    at = at.replace(second=0, microsecond=0)
    zone = at.tzinfo
    assert (
        moments.parse(at.isoformat(" ") if offset else at.replace(tzinfo=None).isoformat(), zone)
        == at
    )
    if not offset:
        moodle = f"{at:%A}, {at.day} {at:%B %Y}, {at:%I:%M %p}"
        assert moments.parse(moodle, zone) == at
        assert moments.parse(f"{at:%A}, {at.day} {at:%B %Y}, {at:%H:%M}", zone) == at


@pytest.mark.parametrize(
    "given",
    ["yesterday", "2027-05-03", "20270503", "3.5.2027 12:00", "Monday, 31 June 2027, 1:02 PM"],
)
def test_what_is_no_moment_is_said(given):
    with pytest.raises(ValueError, match="expected a date and time"):
        moments.parse(given, dt.UTC)


@given(st.lists(st.floats() | st.integers(-9, 99999), max_size=7))
def test_no_time_of_a_file_stops_anybody(modified):
    found = moments.of_file([float(one) for one in modified], zoneinfo.ZoneInfo("Europe/Berlin"))
    assert found is None or found.tzinfo is not None


PEOPLE = Roster([Person("Ada Lovelace", "1"), Person("Bob Smith", "2"), Person("Eve", "3")])
RULE = Policy(dt.datetime(2027, 5, 3, tzinfo=dt.UTC), 0, 10)
LATER = RULE.due + dt.timedelta(days=1)


def test_times_and_extensions_find_their_students_and_contradictions_count_for_nobody():
    rule = dataclasses.replace(
        RULE, extensions={"LOVELACE, Ada": LATER, "Mallory": LATER, "Eve": LATER, "eve": RULE.due}
    )
    said = [
        Moment("ada lovelace", LATER, "", "submitted.csv, line 2 (ada lovelace)"),
        Moment("Bob Smith", LATER, "", "submitted.csv, line 3 (Bob)"),
        Moment("bob smith", RULE.due, "", "submitted.csv, line 4 (bob)"),
        Moment("Nobody", LATER, "", "submitted.csv, line 5 (Nobody)"),
    ]
    found, bad = moments.clock(rule, said, PEOPLE)
    assert bad == [
        "an extension for nobody here: Mallory",
        "a second extension: eve",
        "submitted.csv, line 4 (bob): a second time for the same work",
        "submitted.csv, line 5 (Nobody): a time for nobody here",
    ]
    assert found.lateness(Submission("Ada Lovelace", "a.ipynb")).says == "on time (submitted.csv)"
    for student in ("Bob Smith", "Eve"):
        one = Submission(student, "b.ipynb", tells_late=True)
        assert found.lateness(one).look.startswith("two different times")


def test_a_line_that_names_a_file_is_about_that_attempt():
    said = [
        Moment("Eve", RULE.due, "one.ipynb", "t.csv, line 2"),
        Moment("Eve", LATER, "", "t.csv, line 3"),
    ]
    found, _ = moments.clock(RULE, said, PEOPLE)
    days = [
        found.lateness(Submission("Eve", where), latest).days
        for where, latest in (("x/one.ipynb", False), ("x/two.ipynb", True), ("x/0.ipynb", False))
    ]
    assert days == [0, 1, None]


def test_a_files_time_counts_only_where_the_policy_says_so():
    one = Submission("Eve", "e.ipynb", modified=(2027.0, 5.0, 4.0, 1.0, 0.0, 0.0))
    plain, _ = moments.clock(RULE, [], PEOPLE)
    assert "nobody says when" in plain.lateness(one).look
    believed, _ = moments.clock(dataclasses.replace(RULE, file_times=True), [], PEOPLE)
    assert believed.lateness(one).days == 2
    canvas = dataclasses.replace(one, tells_late=True, modified=())
    assert plain.lateness(canvas).says == "on time (the LMS)"
    late = dataclasses.replace(canvas, late=True)
    assert plain.lateness(late).look == "the LMS says late, and not by how much: give --submitted"


# The best attempt -----------------------------------------------------------------------------


def graded(points: float, status="graded", hours: float = 0.0, rule: Policy = RULE) -> Try:
    result = Result("ada", status, marks=(Mark("q1", "x", points, 10),), where=f"{points} {hours}")
    return Try(result, lateness(rule, rule.due, handed(rule, hours)))


@given(st.lists(st.tuples(st.integers(0, 10), st.floats(-9, 240)), min_size=1, max_size=6))
def test_no_other_attempt_is_better_than_the_best(several):
    tries = [graded(float(points), hours=hours) for points, hours in several]
    best = attempts.best(tries)
    assert best.final == max(one.final for one in tries)
    assert best.result.status == "graded"
    alike = [one for one in tries if one.final == best.final]
    assert best.result.where == alike[-1].result.where, "of two the later"


def test_what_may_be_better_is_for_a_person():
    best = attempts.best([graded(9.0), graded(0.0, "crashed")])
    assert (best.result.status, best.result.score) == ("flagged", 9)
    assert best.result.reason == "another attempt may be better: 0.0 0.0: crashed"
    assert attempts.best([graded(0.0, "crashed"), graded(10.0)]).result.status == "graded"


# The sheet ------------------------------------------------------------------------------------

ONE = Assignment("one", "One", (Question("q1", "Q", 5, (Probe("x", 10, "x"),), 2),))


@given(
    POLICIES,
    HOURS | st.none(),
    st.floats(0, 10),
    st.floats(0, 2) | st.none(),
    st.sampled_from([None, "q1", "all"]),
    st.sampled_from([None, 0.0, 7.5]),
)
def test_only_the_final_mark_leaves_and_it_adds_up(rule, hours, found, own, what, points):
    late = lateness(rule, rule.due, Handed() if hours is None else handed(rule, hours))
    result = Result("Ada", "graded", marks=(Mark("q1", "x", found, 10),))
    decided = {"Ada": {what: Decision("Ada", what, points, "why", "N.N.")}} if what else {}
    written = {} if own is None else {"Ada": {"q1": own}}
    (row,) = sheet.rows([result], ONE, written, decided, {"Ada": late})
    whole = what == "all" and points is not None
    if whole:
        assert (float(row["score"]), row["deduction"], row["complete"]) == (
            points, "0" if late.days is not None else "", "yes"
        )  # fmt: skip
    elif late.look:
        assert (row["status"], row["score"], row["complete"]) == ("flagged", "", "")
        assert late.look in row["reason"]
    else:
        raw, off, final = (float(row[name]) for name in ("raw", "deduction", "score"))
        assert 0 <= final <= raw <= 12 and off >= 0
        assert abs(raw - off - final) < 0.011


@pytest.fixture
def room(tmp_path, monkeypatch):
    monkeypatch.setattr(sandbox, "run", quick.run)
    return quick.Classroom(tmp_path)


def rows(room, name="grades.csv") -> dict[str, dict[str, str]]:
    with (room.folder / name).open(encoding="utf-8-sig", newline="") as file:
        return {line.get("student", line.get("Student", "")): line for line in csv.DictReader(file)}


DUE = 'due = 2027-05-03T23:59:00\nzone = "Europe/Berlin"\npercent_a_day = 10\nat_most_days = 5\n'


def test_a_class_with_a_policy_from_a_table_of_times(room, capsys):
    for student in ("ada", "bob", "eve", "li", "mary"):
        room.hand_in(student)
    rule = room.write("policy.toml", DUE + "[extensions]\nBob = 2\n")
    times = room.write(
        "submitted.csv",
        "Student,Submitted\nada,2027-05-03 23:58\nbob,2027-05-05T23:00:00+02:00\n"
        'eve,"Wednesday, 5 May 2027, 1:02 AM"\nli,2027-06-01 12:00\nmary,-\n',
    )
    everybody = ("ada", "bob", "eve", "li", "mary")
    marks = room.write(
        "marks.csv", "student,question,points\n" + "".join(f"{who},q2,2\n" for who in everybody)
    )
    base = ["--policy", rule, "--submitted", times, "--written", marks]
    assert room.grade(*base, "--lms", "canvas", "--feedback", str(room.folder / "pages")) == 1
    table = rows(room)
    shown = {
        name: tuple(row[one] for one in ("raw", "deduction", "score", "status", "late"))
        for name, row in table.items()
    }
    source = "(submitted.csv)"
    assert shown == {
        "ada": ("6", "0", "6", "graded", f"on time {source}"),
        "bob": ("6", "0", "6", "graded", f"on time {source}"),
        "eve": ("6", "1.2", "4.8", "graded", f"2 days late {source}"),
        "li": ("6", "3", "", "flagged", f"29 days late {source}"),
        "mary": ("6", "", "", "flagged", "unknown"),
    }
    assert table["eve"]["submitted"] == "2027-05-05 01:02+02:00"
    assert "at_most_days is 5: yours to decide" in table["li"]["reason"]
    canvas = {name: row["Toy"] for name, row in rows(room, "grades-canvas.csv").items()}
    assert [canvas[name] for name in everybody] == ["6", "6", "4.8", "", ""]
    (page,) = (room.folder / "pages").glob("eve-*")
    assert "6 points, 1.2 off (2 days late (submitted.csv)): <b>4.8 of 6</b>" in page.read_text()
    assert "look at mary: flagged: nobody says when it was handed in" in capsys.readouterr().out
    room.write(
        "decisions.csv",
        "student,question,points,reason,by\nli,all,3,talked,N.N.\nmary,all,6,on paper,N.N.\n",
    )
    assert room.grade(*base) == 0
    assert [rows(room)[name]["score"] for name in ("li", "mary")] == ["3", "6"]


def test_the_best_attempt_of_a_download_from_canvas(room):
    half = toy.notebook(toy.START, toy.TOTAL)
    with zipfile.ZipFile(room.folder / "class.zip", "w") as archive:
        for name, content in (
            ("lovelaceada_17_200_toy.ipynb", toy.notebook(*toy.SOLUTION)),
            ("lovelaceada_17_201_toy-1.ipynb", half),
            ("smithbob_18_202_toy.ipynb", half),
            ("smithbob_LATE_18_203_toy-1.ipynb", toy.notebook(*toy.SOLUTION)),
        ):
            archive.writestr(name, content)
    rule = room.write("policy.toml", DUE + 'attempt = "best"\n')
    assert room.grade("--policy", rule, submissions="class.zip") == 1
    ada, bob = rows(room).values()
    assert (ada["found"], ada["file"]) == ("4", "lovelaceada_17_200_toy.ipynb")
    assert ada["status"] == "graded"
    # By how much the second one is late nobody says, and it earns more.
    assert (bob["status"], bob["score"]) == ("flagged", "")
    assert room.grade("--policy", rule, "--attempt", "first", submissions="class.zip") == 2
    times = room.write("t.csv", "student,submitted,file\nsmithbob,2027-05-04 12:00,toy-1.ipynb\n")
    assert room.grade("--policy", rule, "--submitted", times, submissions="class.zip") == 1
    bob = rows(room)["smithbob"]
    assert (bob["raw"], bob["deduction"], bob["score"]) == ("4", "0.4", "3.6")


def test_a_folders_file_times_where_the_policy_believes_them(room):
    room.hand_in("ada")
    at = dt.datetime(2027, 5, 4, 10, tzinfo=dt.UTC).timestamp()
    os.utime(room.folder / "in" / "ada" / "toy.ipynb", (at, at))
    room.grade("--policy", room.write("policy.toml", DUE + "file_times = true\n"))
    assert rows(room)["ada"]["late"] == "1 day late (the file's time)"


@pytest.mark.parametrize("extra", [["--submitted", "s.csv"], ["--policy", "nowhere.toml"]])
def test_what_cannot_be_read_is_said_before_anything_runs(room, monkeypatch, capsys, extra):
    room.hand_in("ada")
    monkeypatch.setattr(sandbox, "run", lambda *a, **k: pytest.fail("it ran"))
    assert room.grade(*extra) == 2
    assert "Traceback" not in capsys.readouterr().err


def test_a_time_that_is_none_is_named_and_costs_no_other(room, capsys):
    room.hand_in("ada")
    room.hand_in("bob")
    times = room.write("s.csv", "student,submitted\nada,soon\nbob,2027-05-03 12:00\n")
    assert room.grade("--policy", room.write("p.toml", DUE), "--submitted", times) == 1
    assert "not followed: s.csv, line 2 (ada): submitted is 'soon'" in capsys.readouterr().out
    assert rows(room)["bob"]["late"] == "on time (s.csv)"
