"""A mark hangs on seconds of the processor, not on who else uses the machine."""

import dataclasses
import json
import os
import random
import subprocess
import sys
import threading
import time

import pytest

from coursework import grade, marks, sandbox
from coursework.compare import reworded
from coursework.sandbox import Job, Limits
from coursework.sandbox.inside import runner
from coursework.sandbox.inside.meter import Meter, family
from coursework.spec import Probe
from coursework.submissions import Submission
from tests.coursework import toy

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs Linux")
SPIN = "while True: pass"
# 0.35 s of the processor, whatever the clock says, under a limit of 1 s.
HEAVY = """
import time
def mean(values):
    began = time.process_time()
    while time.process_time() - began < 0.35: pass
    return sum(values) / len(values)
"""
# Each takes all it is given, and goes on where the machine refuses it another process.
HOG = """
import os, time
for _ in range(50):
    try:
        child = os.fork()
    except OSError:
        break
    if child == 0:
        os.setsid()
        while True: pass
time.sleep(3600)
"""
# Children that nobody waits for take their time with them when they end.
CHURN = """
import os, signal, time
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
while True:
    for _ in range(4):
        try:
            child = os.fork()
        except OSError:
            break
        if child == 0:
            began = time.process_time()
            while time.process_time() - began < 0.5: pass
            os._exit(0)
    time.sleep(0.3)
"""
DRIP = """
import time
while True:
    time.sleep(0.05)
    sum(range(20_000))
"""


@pytest.fixture(scope="module")
def plan(tmp_path_factory, bubblewrap):
    """How the toy is graded."""
    return grade.make_plan("toy", private=toy.make_assignment(tmp_path_factory.mktemp("private")))


@pytest.fixture
def busy():
    """Six busy neighbours on the one processor that is left to this test and all it starts.

    The others go on with the tests beside this one.
    """
    allowed = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {max(allowed)})
    try:
        spinning = [subprocess.Popen([sys.executable, "-S", "-c", SPIN]) for _ in range(6)]
        yield
        for one in spinning:
            one.kill()
            one.wait()
    finally:
        os.sched_setaffinity(0, allowed)


def students(**cells):
    """Submissions by name."""
    return [Submission(name, "", tuple(own)) for name, own in cells.items()]


def scores(results):
    """Status and points by name."""
    return {one.student: (one.status, one.score) for one in results}


def test_a_busy_machine_takes_no_points(plan, busy, tmp_path):
    heavy = (toy.START, toy.TOTAL, HEAVY, toy.NAME)
    results = grade.grade(plan, students(ada=heavy), tmp_path, jobs=1)
    assert scores(results) == {"ada": ("graded", 4)}
    assert results[0].seconds > 0


def test_nor_does_a_neighbour_that_takes_all_it_can_get(plan, tmp_path):
    heavy = (toy.START, toy.TOTAL, HEAVY, toy.NAME)
    found = students(
        hog=(*toy.SOLUTION, HOG), churn=(*toy.SOLUTION, CHURN), ada=heavy, bob=heavy, eve=heavy
    )
    results = {one.student: one for one in grade.grade(plan, found, tmp_path, jobs=3)}
    for name in ("ada", "bob", "eve"):
        assert (results[name].status, results[name].score) == ("graded", 4)
    for name in ("hog", "churn"):
        assert results[name].status == "timed out", results[name]
        assert "longer than" in results[name].reason
        assert not results[name].starved


@pytest.mark.usefixtures("bubblewrap")
@pytest.mark.parametrize("cell", [HOG, CHURN, DRIP, "import time; time.sleep(3600)", SPIN])
def test_all_processes_of_a_sandbox_are_held_together(cell):
    # The cell's own limit is out of reach, so that it is the sandbox's that counts.
    job = Job((cell,), (), run_seconds=2.0, cell_seconds=3000.0)
    ran = sandbox.run(job, sandbox.find_mode())
    assert ran.killed == "ran longer than 2 s"
    assert not ran.starved
    assert ran.cpu_seconds < 2 + 3 * (os.cpu_count() or 1)


@pytest.mark.usefixtures("bubblewrap")
@pytest.mark.parametrize(
    "cell", [DRIP, "import time; time.sleep(3600)", SPIN, "import os\nos.wait()"]
)
def test_a_cell_is_interrupted_and_the_next_one_runs(cell):
    cells = ("import os, time\nif os.fork() == 0:\n    time.sleep(3600)", cell, "x = 1")
    job = Job(cells, (("x", 5.0),), run_seconds=60.0, cell_seconds=1.5)
    ran = sandbox.run(job, sandbox.find_mode())
    assert b"CellTimeoutError: longer than 1.5 s" in ran.results
    assert b'{"probe": 0, "value": 1}' in ran.results
    assert b'"starved": true' not in ran.results


class Shell:
    """An IPython that is interrupted a second time while it tells of the first, and trips."""

    def run_cell(self, source, store_history):
        assert store_history
        try:
            exec(source)
        except runner.CellTimeoutError:
            raise UnboundLocalError("result") from None


def test_what_an_interruption_becomes_on_its_way_out_is_not_what_ended_the_cell():
    told = []
    meter = Meter(lambda: family(os.getpid()))
    runner.run_cells(
        Shell(), [SPIN, "1 / 0"], (0.3, 60.0), meter, lambda **words: told.append(words)
    )
    assert told[1] == {
        "cell": 1,
        "error": "CellTimeoutError: longer than 0.3 s",
        "late": True,
        "starved": False,
    }
    assert told[3]["error"] == "ZeroDivisionError: division by zero" and not told[3]["late"]


LATE = {
    "computes": "def mean(values):\n    while True: pass",
    "waits": "def mean(values):\n    import time; time.sleep(3600)",
    "catches": "def mean(values):\n    while True:\n        try:\n            while True: pass\n"
    "        except BaseException: pass",
    "has children": "def mean(values):\n    import os\n    for _ in range(3):\n"
    "        if os.fork() == 0:\n            while True: pass\n    os.wait()",
}


@pytest.mark.parametrize("how", LATE)
def test_an_answer_that_is_late_shows_in_the_status(plan, how, tmp_path):
    found = students(ada=(toy.START, toy.TOTAL, LATE[how], toy.NAME))
    (result,) = grade.grade(plan, found, tmp_path, jobs=1)
    assert (result.status, result.score) == ("timed out", 2)
    assert result.reason == "too late: answer 2"
    assert result.marks[1].reason == "took longer than 1 s"
    assert result.status in marks.LOOK


#: The clock is over at the first look.
AT_ONCE = Limits(patience=1e-9, spare_seconds=1e-9)


@pytest.mark.usefixtures("bubblewrap")
@pytest.mark.parametrize("place", ["a cell", "an answer", "all cells", "the start"])
def test_what_the_clock_alone_has_ended_is_run_again_alone_at_the_end(place, tmp_path, monkeypatch):
    private = toy.make_assignment(tmp_path / "private")
    # Twice the clock below, which therefore comes first: alone, a process spends no more than it.
    text = toy.TOY.replace("seconds = 1.0", "seconds = 6.0").replace("= 4.0", "= 6.0")
    (private / "toy.toml").write_text(text.replace("= 15.0", "= 6.0"), encoding="utf-8")
    plan = grade.make_plan("toy", private=private)
    slow = {
        "a cell": (toy.START, "while True: pass"),
        "an answer": (toy.START, toy.TOTAL, LATE["computes"]),
        # Nothing interrupts this one from inside.
        "all cells": ("import signal\nsignal.pthread_sigmask(0, {14})\nwhile True: pass",),
        "the start": toy.SOLUTION,
    }[place]
    # A start is over in a tenth of a second on a quick machine: its clock has ended when it begins.
    impatient = Limits(patience=0.001, spare_seconds=3.0)
    if place == "the start":
        impatient = AT_ONCE
    ran, running = [], []
    real = sandbox.run

    def run(job, mode, *, limits, hidden):
        running.append(job.cells)
        ran.append((job.cells == slow, len(running)))
        # Only the first time is the clock against it.
        first = [one for one, _ in ran].count(True) == 1
        limits = impatient if job.cells == slow and first else Limits()
        try:
            return real(job, mode, limits=limits, hidden=hidden)
        finally:
            running.remove(job.cells)

    found = students(slow=slow, ada=(*toy.SOLUTION, "1"), bob=(*toy.SOLUTION, "2"))
    expected = grade._expected(plan, 0)
    monkeypatch.setattr(grade, "_expected", lambda plan, seed: expected)
    monkeypatch.setattr(sandbox, "run", run)
    results = {one.student: one for one in grade.grade(plan, found, tmp_path, jobs=2)}
    assert [one for one, _ in ran].count(True) == 2
    assert ran[-1] == (True, 1), "last, and alone"
    assert not results["slow"].starved
    assert scores(results.values())["ada"] == ("graded", 4)
    assert results["slow"].status == ("graded" if place == "the start" else "timed out")


def test_a_solution_that_the_clock_has_ended_is_run_again(plan, monkeypatch):
    real, ran = sandbox.run, []

    def run(job, mode, *, limits, hidden):
        ran.append(job)
        return real(job, mode, limits=AT_ONCE if len(ran) == 1 else limits, hidden=hidden)

    monkeypatch.setattr(sandbox, "run", run)
    first = grade._expected(plan, 0)
    assert (first[0], first[2]) == (5050, "Babbage")
    assert len(ran) == 2


def test_order_number_and_mode_change_nothing(plan, tmp_path):
    cases = {
        "right": toy.SOLUTION,
        "partly": (toy.START, toy.TOTAL),
        "late": (toy.START, toy.TOTAL, LATE["computes"], toy.NAME),
        "sleeps": (toy.START, "import time; time.sleep(3600)", toy.NAME),
        "heavy": (toy.START, toy.TOTAL, HEAVY, toy.NAME),
        "exits": (*toy.SOLUTION, "import os; os._exit(3)"),
    }
    sheets = []
    modes = ["root", "user"] if os.geteuid() == 0 else ["user"]
    for number, mode in enumerate(modes):
        names = list(cases)
        random.shuffle(names)
        found = students(**{name: cases[name] for name in names})
        other = dataclasses.replace(plan, mode=mode)
        # Which mode there is, is found once for a machine.
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(sandbox, "find_mode", lambda mode=mode: mode)
            results = grade.grade(other, found, tmp_path / mode, jobs=1 + 2 * number)
        told = [dataclasses.asdict(one) | {"seconds": 0} for one in results]
        sheets.append(sorted(json.dumps(one, sort_keys=True) for one in told))
    assert all(sheet == sheets[0] for sheet in sheets)


def _wait_for(condition):
    deadline = time.monotonic() + 300
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


@pytest.mark.parametrize(
    ("work", "counted"),
    [("time.sleep(3600)", "idle"), (SPIN, "cpu"), (f"os.fork()\n{SPIN}", "cpu")],
)
def test_the_meter_tells_working_from_waiting(work, counted):
    code = f"import os, time\n{work}"
    with subprocess.Popen([sys.executable, "-S", "-c", code], start_new_session=True) as child:
        try:
            meter = Meter(lambda: family(child.pid))

            def enough():
                meter.look()
                return getattr(meter, counted) > 2

            _wait_for(enough)
            other = {"idle": "cpu", "cpu": "idle"}[counted]
            assert getattr(meter, other) < 1
        finally:
            os.killpg(child.pid, 9)


ENDS = """
import os, signal, time
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
while True:
    child = os.fork()
    if child == 0:
        while time.process_time() < 0.4: pass
        os._exit(0)
    try: os.waitpid(child, 0)
    except ChildProcessError: pass
"""


def test_the_meter_remembers_those_that_nobody_waited_for():
    with subprocess.Popen([sys.executable, "-S", "-c", ENDS]) as child:
        meter = Meter(lambda: family(child.pid))

        def enough():
            meter.look()
            return meter.cpu > 2

        _wait_for(enough)
        child.kill()


def test_waiting_for_the_processor_is_not_idle(busy):
    # One that works on a busy machine: little is left, and none of the rest is held against it.
    with subprocess.Popen([sys.executable, "-S", "-c", SPIN]) as child:
        meter = Meter(lambda: family(child.pid))
        began = time.monotonic()

        def enough():
            meter.look()
            return meter.cpu > 1

        _wait_for(enough)
        child.kill()
        assert meter.idle < 0.3 + 0.05 * (time.monotonic() - began)


def test_a_look_by_one_of_them_does_not_count_as_awake():
    meter = Meter(lambda: family(os.getpid()), threading.get_native_id())

    def enough():
        meter.look()
        return meter.idle > 0.5

    _wait_for(enough)


@pytest.mark.parametrize(
    ("said", "passed_on"),
    [
        ("took longer than 1 s", "took longer than 1 s"),
        ("took longer than 7 s", "an error"),
        ("ZeroDivisionError: mean([1, 2])", "ZeroDivisionError"),
        ("mean([1, 2]): no", "an error"),
        ("LinAlgError: x", "LinAlgError"),
        ("a value of type object, expected plain data", "a value of type object"),
        ("a value of type ellipsis, expected plain data", "not answered yet"),
        ("a value of type mean([1, 2]), expected plain data", "a value of another type"),
        ("could not be evaluated: mean([1])", "could not be evaluated"),
        (["mean"], "an error"),
        (None, "an error"),
        ("was not reached", "was not reached"),
    ],
)
def test_nothing_of_what_is_said_about_an_answer_is_passed_on_as_it_is(said, passed_on):
    text = reworded(said, Probe("x", 1, "x", seconds=1.0))
    assert text.startswith(passed_on)
    assert "mean(" not in text


@pytest.mark.parametrize(
    "forged",
    [
        {"cell": 1, "error": "told"},
        {"error": "told", "late": True},
        {"ready": True},
        {"probe": 7, "value": 1},
        {"told": 1},
        [],
        None,
    ],
)
def test_what_is_said_after_the_last_cell_can_only_be_an_answer(forged):
    lines = [{"ready": True}, {"cell": 1}, {"finished": True}, {"ask": 0}]
    lines += [{"probe": 0, "value": 1}, forged, {"end": True}]
    found = marks.parse("\n".join(map(json.dumps, lines)).encode(), 1)
    assert found.suspicious
    assert "told" not in found.suspicious
    assert found.errors == ()


def test_a_long_result_is_not_even_read():
    line = b'{"probe": 0, "value": [' + b"{}," * 400_000 + b"{}]}"
    found = marks.parse(b'{"finished": true}\n' + line, 1)
    assert found.suspicious
    assert found.answers == {}
