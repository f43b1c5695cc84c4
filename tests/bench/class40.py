"""A class of forty, from a secret to the sheet that an LMS imports: once per release.

``python -m tests.bench.class40`` does what the page "Assign and grade" says, by its commands alone,
with a private copy of one assignment and a Canvas download zipped anew on a Mac: resubmissions,
late work, wrong file types, two students of one name, hostile notebooks. Then the class is graded
again, one and two notebooks at a time, in each kind of sandbox, shuffled: the sheet has to be the
same but for its times. It takes an hour or two, and writes ``class40.txt``.
"""

from __future__ import annotations

import argparse
import contextlib
import csv
import io
import json
import os
import random
import re
import resource
import shlex
import subprocess
import sys
import tempfile
import time
import unicodedata
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest import mock

from coursework import grade, sandbox, spec
from coursework.sandbox import modes as modes_of_the_sandbox
from coursework.written import PROMPT
from tests.coursework import toy
from tests.coursework.test_coursework_lms import canvas_takes

ROOT = Path(__file__).resolve().parents[2]
SECRET = "a class of forty, and a secret of its own"
#: Columns of the sheet that say how long something took.
TIMES = ("seconds",)
POLICY = """
due = 2027-05-03T23:59:00
zone = "Europe/Berlin"
grace_minutes = 15
percent_a_day = 10
at_most_days = 5
"""
#: Whoever is not said to be late has a mark of this many points for the memo.
MEMO = 4
MEMO_TEXT = "In my town it holds, with the numbers above; what I would watch is named there."
#: What it prints, what cannot even be printed, and what it says in place of a result.
CONTROL = (
    r'print("\x1b[2J\x1b]0;owned\x07 \u202e\u2066 \x00 =HYPERLINK(\"http://x\")\r\nOK")',
    r'print("\ud800")',
    r"""raise ValueError("=cmd|'/c calc'!A1\n\x1b[31m;\u202e, \"quoted\" \ud83d" + "x" * 10**6)""",
)


@dataclass(frozen=True)
class Student:
    """One of the class, what is handed in, and what has to become of it.

    Parameters
    ----------
    name
        As Canvas's gradebook has it: last name first.
    number
        Canvas's.
    before, behind
        Cells in front of the solved notebook and behind it.
    solved
        Whether the questions are answered.
    file
        What the browser sent.
    wrap
        What becomes of the notebook's bytes.
    late
        Days after it was due, 0 for in time.
    old
        Whether an earlier attempt lies beside it.
    status, share
        What the sheet has to say: the status, and the share of the machine-marked points that was
        found; None where it is any but all and none.
    """

    name: str
    number: int
    before: tuple[str, ...] = ()
    behind: tuple[str, ...] = ()
    solved: bool = True
    file: str = "{assignment}.ipynb"
    wrap: Callable[[bytes], bytes] = bytes
    late: int = 0
    old: bool = False
    status: str = "graded"
    share: float | None = 1.0

    @property
    def squeezed(self) -> str:
        """The name as Canvas writes it into a file's."""
        return re.sub(r"\W", "", unicodedata.normalize("NFC", self.name)).lower()


def zipped(content: bytes) -> bytes:
    """A zip with a notebook in it."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("my work/notebook.ipynb", content)
    return made.getvalue()


def students(wrong: str, network_port: int = 9) -> list[Student]:
    """Return the class.

    Parameters
    ----------
    wrong
        A cell that makes some answers wrong.
    network_port
        A port of this machine that nobody must reach.
    """
    network = toy.NETWORK.format(port=network_port)
    special = [
        Student("Smith, John", 1001),
        Student("Smith, John", 1002, behind=(wrong,), share=None),
        Student(unicodedata.normalize("NFD", "Muñoz, José"), 1003),
        Student("Müller, Jürgen", 1004),
        Student("Öztürk, Ayşe", 1005, late=1),
        Student("van_der_Berg, Jan", 1006),
        Student("O_Neil, Mary_Ann", 1007, late=2),
        Student("Lovelace, Ada", 1008, file="{assignment}.ipynb.txt"),
        Student("Turing, Alan", 1009, file="memo.pdf", wrap=lambda _: b"%PDF-1.7\n%%EOF\n",
                status="unreadable", share=0.0),
        Student("Hopper, Grace", 1010, file="{assignment}.zip", wrap=zipped),
        Student("Vaughan, Dorothy", 1011,
                before=("%matplotlib\nimport matplotlib.pyplot as plt\nplt.plot([1, 2])",)),
        Student("Jackson, Mary", 1012, file="{assignment}-1.ipynb"),
        Student("Johnson, Katherine", 1013, file="{assignment}-2.ipynb", old=True),
        Student("Keller, Anna", 1014, file="{assignment}-1.ipynb", late=1, old=True),
        Student("Late, Very", 1015, late=9, status="flagged"),
        Student("Forger, Fay", 1016, behind=(toy.FORGE,), status="flagged", share=None),
        Student("Loop, Lou", 1017, before=("while True: pass",), status="timed out", share=None),
        Student("Fork, Finn", 1018, behind=(toy.FORKS,)),
        Student("Net, Nell", 1019, behind=(network,)),
        Student("Ansi, Andy", 1020, behind=CONTROL),
        Student("Untouched, Una", 1021, solved=False, share=0.0),
        *(Student(f"Partly, P{n}", 1021 + n, behind=(wrong,), share=None) for n in range(1, 5)),
    ]  # fmt: skip
    honest = [Student(f"Honest, H{n:02}", 1100 + n) for n in range(40 - len(special))]
    return [*special, *honest]


@dataclass
class Log:
    """What the steps cost and found."""

    lines: list[str] = field(default_factory=list)

    def say(self, line: str) -> None:
        """Print a line, and keep it."""
        print(line, flush=True)
        self.lines.append(line)


class Course:
    """One assignment, a class, and a folder.

    Parameters
    ----------
    folder
        An empty one.
    name
        Of the assignment.
    log
        Where everything is said.
    """

    def __init__(self, folder: Path, name: str, log: Log) -> None:
        self.folder, self.name, self.log = folder, name, log
        self.private = folder / "class"
        self.private.mkdir(parents=True, exist_ok=True)
        self.roster, self.zip = folder / "roster.csv", folder / "submissions.zip"
        for ending in ("py", "toml"):
            text = (spec.ASSIGNMENTS / f"{name}.{ending}").read_text(encoding="utf-8")
            if ending == "toml":
                # The endless loop is to cost ten seconds of the processor, not forty.
                text = text.replace("cell_seconds = 40.0", "cell_seconds = 10.0\nreplace = true")
            (self.private / f"{name}.{ending}").write_text(text, encoding="utf-8")
        secret = self.write("class/secret.txt", f"{SECRET}\n")
        self.write("policy.toml", POLICY)
        self.common = ["--secret-file", str(secret), "--roster", str(self.roster)]

    def write(self, name: str, text: str) -> Path:
        """Write a file; return its path."""
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return path

    def run(self, step: str, *arguments: object, fine: tuple[int, ...] = (0,)) -> str:
        """Run one command of the page; return what it said."""
        before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
        command = [sys.executable, "-m", f"coursework.{step}", *map(str, arguments)]
        ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, errors="replace")
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        wall = time.monotonic() - started
        self.log.say(f"{step:<10} ended with {ran.returncode}: {wall:7.1f} s, {spent:6.1f} s of it "
                     f"processor outside sandboxes; load {os.getloadavg()[0]:.1f}")  # fmt: skip
        said = ran.stdout + ran.stderr
        if ran.returncode not in fine:
            raise SystemExit(f"{step} ended with {ran.returncode}\n{said[-6000:]}")
        return said

    def write_roster(self, people: Sequence[Student]) -> None:
        """Write the class as Canvas's gradebook exports it."""
        with self.roster.open("w", encoding="utf-8", newline="") as file:
            out = csv.writer(file)
            out.writerow(["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "Other (7)"])
            out.writerow(["    Points Possible", "", "", "", "", "10"])
            for one in people:
                out.writerow([one.name, one.number, f"s{one.number}", f"u{one.number}", "A", ""])

    def hand_out(self, one: Student) -> dict[str, Any]:
        """Return the notebook that was packed for a student, found by the number or the name."""
        names = [f"{one.name} ({one.number})", unicodedata.normalize("NFC", one.name)]
        packed = [self.private / "students" / f"{name}-{self.name}.zip" for name in names]
        path = next(path for path in packed if path.is_file())
        with zipfile.ZipFile(path) as archive:
            assert f"{self.name}/seed.txt" in archive.namelist()
            made: dict[str, Any] = json.loads(archive.read(f"{self.name}/{self.name}.ipynb"))
        return made

    def work(self, one: Student) -> bytes:
        """Return what a student hands in: the hand-out, answered."""
        notebook = self.hand_out(one)
        solution = self.private / "solutions" / self.name / f"{self.name}.ipynb"
        solved = [
            "".join(cell["source"])
            for cell in json.loads(solution.read_text(encoding="utf-8"))["cells"]
            if cell["cell_type"] == "code"
        ]
        code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
        assert len(code) == len(solved)
        if one.solved:
            for cell, answer in zip(code, solved, strict=True):
                cell["source"] = answer
            for cell in notebook["cells"]:
                if "".join(cell["source"]) == PROMPT:
                    cell["source"] = f"{MEMO_TEXT} {one.number}"
        more = [json.loads(toy.notebook(*cells))["cells"] for cells in (one.before, one.behind)]
        for cell, where in ((c, w) for w, cells in enumerate(more) for c in cells):
            cell["id"] = f"mine-{where}-{cell['id']}"
        notebook["cells"] = [*more[0], *notebook["cells"], *more[1]]
        return one.wrap(json.dumps(notebook).encode("utf-8", "surrogatepass"))

    def collect(self, people: Sequence[Student]) -> None:
        """Write the download of Canvas, unpacked on a Mac and zipped anew."""
        files: list[tuple[str, bytes]] = []
        for place, one in enumerate(people):
            late = "_LATE" if one.late else ""
            start = f"{one.squeezed}{late}_{one.number}"
            if one.old:
                old = json.dumps(self.hand_out(one)).encode()
                files.append((f"{start}_{4000 + place}_{self.name}.ipynb", old))
            name = f"{start}_{5000 + place}_{one.file.format(assignment=self.name)}"
            files.append((name, self.work(one)))
        self.members = [(unicodedata.normalize("NFD", name), content) for name, content in files]
        self.pack(self.zip, self.members)

    @staticmethod
    def pack(path: Path, members: Sequence[tuple[str, bytes]]) -> None:
        """Zip files as a Mac does."""
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(Unmarked("submissions/.DS_Store"), b"\0\0\0\1Bud1")
            for name, content in members:
                archive.writestr(Unmarked(f"submissions/{name}"), content)
                archive.writestr(Unmarked(f"__MACOSX/submissions/._{name}"), b"\0\5\x16\7")

    def submitted(self, people: Sequence[Student]) -> Path:
        """Write when the late ones handed in."""
        lines = ["student,id,submitted"]
        lines += [
            f'"{one.name}",{one.number},2027-05-{3 + one.late:02} 20:00'
            for one in people
            if one.late
        ]
        return self.write("submitted.csv", "\n".join(lines) + "\n")

    def sheet(self, path: Path) -> list[dict[str, str]]:
        """Read a grade sheet."""
        with path.open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))


class Unmarked(zipfile.ZipInfo):
    """A member whose name is UTF-8, and does not say so, as a Mac's zips have them."""

    def __init__(self, name: str) -> None:
        super().__init__(name, (2027, 5, 4, 9, 0, 0))
        self.compress_type = zipfile.ZIP_DEFLATED

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:
        return self.filename.encode(), self.flag_bits & ~0x800


def week(course: Course, people: Sequence[Student], *, check: bool) -> list[dict[str, str]]:
    """Do an instructor's week by the commands of the page; return the first grading's sheet."""
    log, name, private = course.log, course.name, course.private
    course.write_roster(people)
    course.run("build", name, *course.common, "--private", private, "--out", private)
    if check:
        said = course.run("check", private / f"{name}.py", *course.common)
        log.say("           " + " / ".join(said.strip().splitlines()[-2:]))
    course.collect(people)
    out = course.folder / "grades.csv"
    given = [course.zip, "--assignment", name, "--out", out, *course.common, "--private", private]
    given += ["--policy", course.folder / "policy.toml", "--submitted", course.submitted(people)]
    given += ["--lms", "canvas", "--feedback", course.folder / "pages"]
    started = time.monotonic()
    said = course.run("grade", *given, fine=(1,))
    wall = time.monotonic() - started
    log.say(f"           {60 * len(people) / wall:.1f} notebooks a minute, their solutions too")
    first = course.sheet(out)
    judge(first, people, name)
    flagged = course.run("flagged", out, fine=(1,))
    commands = re.findall(r"^- then: (.*)$", flagged, re.M)
    log.say(f"           {len(commands)} to look at")
    page = course.folder / "marking.html"
    course.run(
        "marking", course.zip, "--assignment", name, "--private", private, "--roster",
        course.roster, "--out", page,
    )  # fmt: skip
    text = page.read_text(encoding="utf-8")
    for one in people:
        if one.solved and one.status != "unreadable":
            assert f"{MEMO_TEXT} {one.number}" in text, f"no memo of {one.name}"
    marks = ["student,question,points"]
    for row in first:
        # Where nothing could be read, the page says so, and a person gives nothing.
        marks.append(f'"{row["student"]}",q6,{0 if row["status"] == "unreadable" else MEMO}')
    given += ["--written", course.write("marks.csv", "\n".join(marks) + "\n")]
    for command in commands:
        follow(course, command, given)
    course.run("grade", *given, fine=(0, 1))
    left = course.run("flagged", out, fine=(0, 1))
    log.say(f"           left to look at: {left.strip().splitlines()[-1]}")
    with out.with_name("grades-canvas.csv").open(encoding="utf-8", newline="") as file:
        taken = canvas_takes(list(csv.reader(file)))
    log.say(f"           Canvas takes {sum(map(bool, taken.values()))} scores of {len(taken)}")
    assert set(taken) == {str(one.number) for one in people}
    due = {row["student"]: row for row in course.sheet(out)}
    assert all(taken.values()), [number for number, score in taken.items() if not score]
    assert len(due) == len(people)
    course.run("report", out, "--assignment", name, "--private", private, "--out",
               course.folder / "report.html")  # fmt: skip
    return first


def follow(course: Course, command: str, given: Sequence[object]) -> None:
    """Do what `flagged` says for one student; what timed out is run again, and then decided."""
    words = shlex.split(command)
    if words[2] == "coursework.grade":
        student = words[words.index("--regrade") + 1]
        course.run("grade", *given, "--regrade", student, fine=(0, 1))
        out = course.folder / "grades.csv"
        words = [*words[:2], "coursework.decide", str(out), "--by", "N.N.", "--", student, "all",
                 "found", "ran again, alone"]  # fmt: skip
    assert words[2] == "coursework.decide", command
    course.run("decide", *words[3:])


def judge(rows: Sequence[dict[str, str]], people: Sequence[Student], name: str) -> None:
    """See that each student has one row, with the status and the points that are due."""
    most = sum(probe.points for question in spec.load(name).questions for probe in question.probes)
    found = {plain(row["student"]): row for row in rows}
    assert len(rows) == len(people) == len(found)
    count = [one.name for one in people]
    for one in people:
        both = count.count(one.name) > 1
        row = found[plain(f"{one.name} ({one.number})" if both else one.name)]
        assert row["status"] == one.status, row
        points = float(row["found"])
        if one.share is None:
            assert 0 <= points < most or one.status != "graded", row
        else:
            assert points == one.share * most, row


def plain(name: str) -> str:
    """A name in one Unicode form, without the mark that keeps a spreadsheet from computing."""
    return unicodedata.normalize("NFC", name).removeprefix("'")


def same(rows: Sequence[dict[str, str]]) -> list[dict[str, str]]:
    """A sheet without its times, in one order."""
    kept = [{key: value for key, value in row.items() if key not in TIMES} for row in rows]
    return sorted(kept, key=lambda row: row["student"])


@contextlib.contextmanager
def counted(mode: sandbox.Mode) -> Iterator[list[float]]:
    """Grade in one kind of sandbox, and collect the processor seconds of each run."""
    spent: list[float] = []
    run = sandbox.run

    def counting(*arguments: Any, **more: Any) -> sandbox.Ran:
        ran = run(*arguments, **more)
        spent.append(ran.cpu_seconds)
        return ran

    with (
        mock.patch.object(sandbox, "find_mode", return_value=mode),
        mock.patch.object(sandbox, "run", counting),
    ):
        yield spent


def again(course: Course, people: Sequence[Student], mode: sandbox.Mode, jobs: int, seed: int
          ) -> list[dict[str, str]]:  # fmt: skip
    """Grade the class anew, in another order; return the sheet."""
    draw = random.Random(seed)
    members = draw.sample(course.members, len(course.members))
    path = course.folder / f"shuffled-{mode}-{jobs}.zip"
    course.pack(path, members)
    out = course.folder / f"again-{mode}-{jobs}.csv"
    arguments = [str(path), "--assignment", course.name, "--out", str(out), "--jobs", str(jobs)]
    arguments += [*course.common, "--private", str(course.private)]
    arguments += ["--policy", str(course.folder / "policy.toml")]
    arguments += ["--submitted", str(course.folder / "submitted.csv")]
    # Decisions are found beside the sheet, and these are of another one.
    none = course.write("none.csv", "student,question,points,reason,by\n")
    arguments += ["--decisions", str(none)]
    started, here = time.monotonic(), time.process_time()
    quiet = io.StringIO()
    with (
        counted(mode) as spent,
        contextlib.redirect_stderr(quiet),
        contextlib.redirect_stdout(quiet),
    ):
        code = grade.main(arguments)
    assert code == 1, f"grade ended with {code}\n{quiet.getvalue()[-3000:]}"
    wall = time.monotonic() - started
    outside = time.process_time() - here
    many = len(people)
    course.log.say(
        f"again, {mode}, {jobs} at a time: {wall / 60:.1f} minutes, {60 * many / wall:.1f} "
        f"notebooks a minute ({60 * len(spent) / wall:.1f} runs, the solutions counted); "
        f"{sum(spent) / len(spent):.2f} s of processor a run inside, {outside / len(spent):.2f} s "
        f"outside; load {os.getloadavg()[0]:.1f}"
    )
    return course.sheet(out)


def differences(one: Sequence[dict[str, str]], other: Sequence[dict[str, str]]) -> list[str]:
    """What two sheets say differently, the times left out."""
    out = []
    for before, after in zip(same(one), same(other), strict=True):
        out += [
            f"{before['student']}, {key}: {before[key]!r} and {after[key]!r}"
            for key in before
            if before[key] != after.get(key)
        ]
    return out


#: A cell of wrong answers for each assignment: each costs some points, and not all.
WRONG = {
    "capstone": "unpaired_times = kept_best = never_costs = -1.0",
    "ensembling": "ensemble_error = largest = never_whole = -1.0",
    "objectives": "largest_dial = weeks = estimate = -1.0",
    "operations": "peeked = needed = spared = -1.0",
    "software": "lost = gained = least_here = -1.0",
    "stakeholders": "largest_loss = gained = given_up = -1.0",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run everything; return 1 when a sheet differs."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.class40", description=__doc__)
    parser.add_argument("--assignment", default="ensembling", choices=sorted(WRONG))
    parser.add_argument("--quick", action="store_true", help="leave out check")
    parser.add_argument(
        "--again", nargs="*", metavar="MODE:JOBS", help="such as root:1 user:2 (all, if left out)"
    )
    parser.add_argument("--seed", type=int, default=1, help="of the order")
    parser.add_argument("--folder", help="keep everything there, and go on where a run was ended")
    asked = parser.parse_args(arguments)
    people = students(WRONG[asked.assignment])
    log, bad = Log(), 0
    modes: list[sandbox.Mode] = []
    for mode in ("root", "user") if os.geteuid() == 0 else ("user",):
        # The host's root has no limit of processes in the mode of users. The grader tries each
        # mode, never uses one that does not hold, and so is not compared in it.
        if trouble := modes_of_the_sandbox.trial(mode):
            log.say(f"mode {mode} does not hold here ({trouble}): not graded in it")
        else:
            modes.append(mode)
    ways = asked.again
    if ways is None:
        ways = [f"{mode}:{jobs}" for mode in modes for jobs in (1, 2)]
    with contextlib.ExitStack() as stack:
        folder = asked.folder or stack.enter_context(tempfile.TemporaryDirectory())
        course = Course(Path(folder).resolve(), asked.assignment, log)
        started = time.monotonic()
        first = week(course, people, check=not asked.quick)
        minutes = (time.monotonic() - started) / 60
        log.say(f"from the secret to the imported sheet: {minutes:.1f} minutes")
        for place, way in enumerate(ways):
            named, _, jobs = way.partition(":")
            sheet = again(course, people, named, int(jobs), asked.seed + place)
            found = differences(first, sheet)
            bad += bool(found)
            log.say("the same sheet" if not found else "DIFFERS: " + "; ".join(found))
    (ROOT / "class40.txt").write_text("\n".join(log.lines) + "\n", encoding="utf-8")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
