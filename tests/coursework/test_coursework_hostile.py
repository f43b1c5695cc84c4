"""A class of hostile and broken submissions, graded in one batch in real sandboxes."""

import csv
import http.server
import os
import threading
from pathlib import Path

import pytest

from coursework import grade as grading
from coursework import sandbox, submissions
from coursework.sandbox import mounts
from coursework.seeds import class_seed
from tests.conftest import ROOT
from tests.coursework import toy

pytestmark = [pytest.mark.usefixtures("bubblewrap"), pytest.mark.slow]
PLACES_ABOVE = ("coursework", "tests", "solutions", ".git")


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """The class's results by student, and what was due."""
    base = tmp_path_factory.mktemp("class")
    private = toy.make_assignment(base / "private")
    folder = base / "handed-in"
    folder.mkdir()
    sentinel = base / "sentinel"
    sentinel.write_text("untouched")
    home = str(Path.home())
    places = [str(base), home, *(str(ROOT / name) for name in PLACES_ABOVE)]
    with http.server.HTTPServer(("127.0.0.1", 0), http.server.SimpleHTTPRequestHandler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        cases = toy.hostile(places, server.server_address[1], str(sentinel))
        due = toy.write_class(folder, cases)
        plan = grading.make_plan("toy", private=private)
        found, ignored = submissions.read(folder)
        before = sorted(map(str, base.rglob("*")))
        results = grading.grade(plan, found, base / "journal", jobs=2)
        server.shutdown()
    after = sorted(str(path) for path in base.rglob("*") if "journal" not in path.parts)
    return {
        "due": due,
        "results": {one.student: one for one in results},
        "ignored": ignored,
        "untouched": before == after and sentinel.read_text() == "untouched",
        "intruders": [place for place in places if Path(place, "intruder").exists()],
    }


def test_there_are_many(graded):
    assert len(graded["due"]) >= 40
    assert set(graded["results"]) == set(graded["due"])


def test_each_has_the_status_and_the_points_it_should_get(graded):
    got = {name: (one.status, one.score) for name, one in graded["results"].items()}
    assert got == graded["due"]


def test_nothing_outside_a_sandbox_was_touched(graded):
    assert graded["untouched"]
    assert graded["intruders"] == []


def test_no_cell_found_what_it_looked_for(graded):
    for student in ("nosy", "writes", "network", "fork bomb"):
        assert graded["results"][student].reason == "", student


def test_reasons_are_in_words(graded):
    results = graded["results"]
    assert "longer than 4 s" in results["endless loop"].reason
    assert results["forged results"].reason.startswith("the notebook wrote")
    assert "MemoryError" in results["six gigabytes"].reason
    assert "ZeroDivisionError" in results["one cell fails"].reason
    reasons = {name: [mark.reason for mark in one.marks] for name, one in results.items()}
    assert reasons["nan"][0] == "NaN where a number is due"
    assert reasons["text for a number"][0] == "expected a number, found a text"
    assert reasons["endless probe"][1] == "took longer than 1 s"
    assert reasons["no plain value"][0].startswith("a value of type object")
    assert "could not be read" in reasons["empty"][0]
    assert [one.reason for one in graded["ignored"]] == ["twice/last.ipynb is later"]


def test_output_is_cut_and_kept(graded):
    log = graded["results"]["huge output"].log
    assert len(log) < 60_000
    assert "bytes left out" in log


def test_the_expected_value_is_in_no_reason_and_no_log(graded):
    for student in ("wrong", "forged values", "nan", "stub"):
        one = graded["results"][student]
        said = one.log + one.reason + "".join(mark.reason for mark in one.marks)
        assert "5050" not in said
        assert "Babbage" not in said


def command_line(base: Path, *more: str) -> int:
    arguments = [str(base / "handed-in"), "--assignment", "toy", "--private", str(base / "private")]
    return grading.main([*arguments, "--out", str(base / "grades.csv"), "--jobs", "2", *more])


@pytest.fixture
def small(tmp_path):
    """Three students and a roster of four."""
    toy.make_assignment(tmp_path / "private")
    folder = tmp_path / "handed-in"
    folder.mkdir()
    (folder / "ada.ipynb").write_bytes(toy.notebook(*toy.SOLUTION))
    (folder / "grace.ipynb").write_bytes(toy.notebook(toy.START, toy.TOTAL))
    (folder / "eve.ipynb").write_bytes(toy.notebook("import os; os._exit(0)"))
    (tmp_path / "roster.csv").write_text("student,id\nada,1\ngrace,2\neve,3\nmary,4\n")
    (tmp_path / "written.csv").write_text("student,question,points\nada,q2,1.5\ngrace,q2,2\n")
    return tmp_path


def sheet_of(path: Path) -> dict[str, dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return {row["student"]: row for row in csv.DictReader(file)}


def test_the_command_grades_a_class_with_its_own_data(small, capsys):
    more = ["--secret-seed", "s", "--roster", str(small / "roster.csv"), "--lms", "canvas"]
    more += ["--written", str(small / "written.csv"), "--feedback", str(small / "pages")]
    # Somebody must look: eve's notebook crashed.
    assert command_line(small, *more) == 1
    rows = sheet_of(small / "grades.csv")
    assert {name: row["status"] for name, row in rows.items()} == {
        "ada": "graded",
        "grace": "graded",
        "eve": "crashed",
        "mary": "missing",
    }
    assert {name: row["score"] for name, row in rows.items()} == {
        "ada": "5.5",
        "grace": "3",
        "eve": "",  # a person looks; never a silent zero
        "mary": "0",
    }
    with (small / "grades-canvas.csv").open(encoding="utf-8", newline="") as file:
        columns = list(csv.DictReader(file))
    assert {row["Student"]: (row["ID"], row["Toy"]) for row in columns} == {
        "    Points Possible": ("", "6"),
        "ada": ("1", "5.5"),
        "grace": ("2", "3"),
        "eve": ("3", ""),
        "mary": ("4", ""),  # nor has anybody decided that she gets nothing
    }
    pages = {path.name.split("-")[0]: path.read_text() for path in (small / "pages").iterdir()}
    assert set(pages) == {"ada", "grace", "eve", "mary"}
    assert "A person will look" in pages["eve"]
    assert "look at eve: crashed" in capsys.readouterr().out


def test_who_is_not_on_the_roster_is_named(small, capsys):
    (small / "roster.csv").write_text("student,id\nada,1\ngrace,2\n")
    assert command_line(small, "--secret-seed", "s", "--roster", str(small / "roster.csv")) == 1
    assert "not on the roster: eve" in capsys.readouterr().out
    eve = sheet_of(small / "grades.csv")["eve"]
    assert (eve["status"], eve["score"]) == ("unmatched", "")


def test_who_the_lms_has_renamed_is_graded_with_their_own_data(small):
    seed = class_seed("s", "toy", "Lovelace, Ada")
    (small / "roster.csv").write_text('student,id\n"Lovelace, Ada",17\n')
    for path in (small / "handed-in").iterdir():
        path.unlink()
    own = toy.notebook(f"total = {5050 + seed}", toy.MEAN, toy.NAME)
    (small / "handed-in" / "lovelaceada_17_200_toy.ipynb").write_bytes(own)
    (small / "written.csv").write_text('student,question,points\n"Lovelace, Ada",q2,2\n')
    more = ["--secret-seed", "s", "--roster", str(small / "roster.csv")]
    assert command_line(small, *more, "--written", str(small / "written.csv")) == 0
    assert sheet_of(small / "grades.csv")["Lovelace, Ada"]["score"] == "6"


def test_marks_for_somebody_who_is_not_there_are_named(small, capsys):
    (small / "written.csv").write_text("student,question,points\nAdda,q2,2\n")
    assert command_line(small, "--written", str(small / "written.csv")) == 1
    assert "marks for nobody here: Adda" in capsys.readouterr().out


def test_a_copied_number_is_wrong_where_each_has_their_own_data(small):
    copied = toy.notebook("total = 5050", toy.MEAN, toy.NAME)
    (small / "handed-in" / "grace.ipynb").write_bytes(copied)
    more = ["--secret-seed", "s", "--roster", str(small / "roster.csv")]
    assert command_line(small, *more) == 1
    rows = sheet_of(small / "grades.csv")
    assert (rows["ada"]["q1"], rows["grace"]["q1"]) == ("3", "2")


def but_times(sheet: Path) -> list[dict[str, str]]:
    """A sheet without the seconds that notebooks took, which differ from run to run."""
    with sheet.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert all(float(row.pop("seconds") or 0) >= 0 for row in rows)
    return rows


def test_an_interrupted_run_goes_on_and_gives_the_same(small, monkeypatch):
    (small / "handed-in" / "eve.ipynb").unlink()
    assert command_line(small) == 1
    first = (small / "grades.csv").read_bytes()
    values = but_times(small / "grades.csv")
    ran = []
    real = sandbox.run
    monkeypatch.setattr(sandbox, "run", lambda *a, **k: ran.append(a) or real(*a, **k))
    assert command_line(small) == 1
    assert ran == []
    assert (small / "grades.csv").read_bytes() == first
    # What an interruption has left half written is run again, and only that.
    kept = sorted((small / "grades.csv.journal").glob("*.json"))
    kept[0].write_text(kept[0].read_text()[:30])
    assert command_line(small) == 1
    assert len(ran) == 2, "the solution, and one submission"
    assert but_times(small / "grades.csv") == values


def test_who_is_regraded_and_what_crashed_is_run_again(small, monkeypatch):
    assert command_line(small) == 1
    ran = []
    real = sandbox.run
    monkeypatch.setattr(sandbox, "run", lambda *a, **k: ran.append(a[0].cells) or real(*a, **k))
    assert command_line(small) == 1
    assert len(ran) == 2, "the solution, and eve, who crashed"
    ran.clear()
    assert command_line(small, "--regrade", "ADA") == 1
    assert len(ran) == 3 and toy.SOLUTION in ran[1:]
    assert command_line(small, "--regrade", "nobody") == 2


def test_a_dask_cluster_of_two_processes_gives_the_same(small):
    distributed = pytest.importorskip("distributed")
    assert command_line(small) == 1
    alone = but_times(small / "grades.csv")
    for path in (small / "grades.csv.journal").iterdir():
        path.unlink()
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
    ) as cluster:
        assert command_line(small, "--scheduler", cluster.scheduler_address) == 1
    assert but_times(small / "grades.csv") == alone
    assert len(list((small / "grades.csv.journal").glob("*.json"))) == 2, (
        "eve crashed, which is not kept"
    )


def test_a_solution_that_fails_stops_before_anybody_is_graded(small, capsys):
    path = small / "private" / "solutions" / "toy" / "toy.ipynb"
    path.write_bytes(toy.notebook(toy.START, toy.TOTAL, toy.MEAN))
    assert command_line(small) == 2
    said = capsys.readouterr().err
    assert "Nothing was graded: q2: the solution has no 'name'" in said
    assert not (small / "grades.csv").exists()


def test_without_bubblewrap_it_refuses_unless_told(small, monkeypatch, capsys):
    monkeypatch.setenv("PATH", str(small))
    sandbox.find_mode.cache_clear()
    assert command_line(small) == 2
    assert "bubblewrap is not installed" in capsys.readouterr().err
    assert command_line(small, "--unsafe") == 1
    assert "WITHOUT A SANDBOX" in capsys.readouterr().err
    assert sheet_of(small / "grades.csv")["ada"]["found"] == "4"
    sandbox.find_mode.cache_clear()


def test_a_sandbox_on_this_machine_holds():
    mode = sandbox.find_mode()
    assert mode == ("root" if os.geteuid() == 0 else "user")
    assert sandbox.trial(mode) == ""


def test_a_course_below_tmp_is_there_and_only_for_reading(tmp_path, monkeypatch):
    course = tmp_path / "course"
    course.mkdir()
    (course / "given").write_text("yes")
    shown = mounts.shown()
    monkeypatch.setattr(mounts, "shown", lambda: [*shown, str(course)])
    look = f"""
import os
found = open({str(course / "given")!r}).read()
writable = [os.access(place, os.W_OK) for place in ({str(course)!r}, "/tmp", os.environ["HOME"])]
"""
    job = sandbox.Job((look,), (("[found, writable]", 5.0),), run_seconds=30, cell_seconds=30)
    ran = sandbox.run(job, sandbox.find_mode())
    assert b'"value": ["yes", [false, true, true]]' in ran.results, ran.log


def test_processor_time_is_counted():
    burn = "import time\nwhile time.process_time() < 2: pass"
    job = sandbox.Job((burn,), (), run_seconds=30, cell_seconds=30)
    ran = sandbox.run(job, sandbox.find_mode())
    assert ran.killed == ""
    assert 1.5 < ran.cpu_seconds < 6
