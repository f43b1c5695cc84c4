"""A run says its seed and takes it back, in each worker and for hypothesis too."""

import datetime
import json
import os
import subprocess
import sys

import pytest

from tests.conftest import ROOT
from tests.seed import VARIABLE, has_turn, run_seed

DRAWS = """
import json, os
from pathlib import Path
import pytest
from hypothesis import given, strategies as st
from tests.seed import run_seed

DRAWN = []

@given(st.integers())
def test_draws(number):
    DRAWN.append(number)

@pytest.mark.parametrize("n", range(6))
def test_tells(n):
    test_draws()
    told = [run_seed(), os.environ.get("PYTEST_XDIST_WORKER"), DRAWN]
    Path(__file__).with_name(f"{n}.json").write_text(json.dumps(told))
"""


SEEDLESS = """
from hypothesis import given, strategies as st

@given(st.integers())
def test_draws_too(number):
    pass

def test_never_draws():
    pass
"""


def run(folder, seed, workers="0", **variables):
    """What a run of pytest says, and what its tests drew."""
    folder.mkdir()
    (folder / "test_drawn.py").write_text(DRAWS)
    command = [sys.executable, "-m", "pytest", "-p", "tests.conftest", "-p", "no:cacheprovider"]
    options = ["-n", workers, "-k", "tells", "--rootdir", str(folder), "-c", os.devnull]
    ran = subprocess.run(
        [*command, *options, str(folder)],
        cwd=ROOT,
        env={
            **os.environ,
            VARIABLE: seed,
            "HYPOTHESIS_STORAGE_DIRECTORY": str(folder),
            **variables,
        },
        capture_output=True,
        text=True,
    )
    return ran, [json.loads(path.read_text()) for path in sorted(folder.glob("?.json"))]


@pytest.mark.parametrize("ci", ["", "true"])
def test_a_seed_that_is_asked_for_is_that_of_every_worker_and_of_hypothesis(tmp_path, ci):
    ran, told = run(tmp_path / "one", "738000", workers="2", CI=ci)
    assert ran.returncode == 0, ran.stdout
    assert "SEED=738000  (make test SEED=738000 repeats these draws)" in ran.stdout
    assert len({worker for _, worker, _ in told}) == 2
    assert {seed for seed, _, _ in told} == {738000}
    _, other = run(tmp_path / "other", "738001", CI=ci)
    # The first draws of each process; its later tests add to them.
    drawn, others = ({tuple(numbers[:60]) for _, _, numbers in one} for one in (told, other))
    assert len(drawn) == len(others) == 1
    assert drawn != others


def test_what_draws_can_be_run_alone(tmp_path):
    (tmp_path / "test_seeded.py").write_text(DRAWS)
    (tmp_path / "test_seedless.py").write_text(SEEDLESS)
    command = [sys.executable, "-m", "pytest", "-p", "tests.conftest", "-p", "no:cacheprovider"]
    options = ["--drawn", "--collect-only", "-q", "--rootdir", str(tmp_path), "-c", os.devnull]
    ran = subprocess.run(
        [*command, *options, str(tmp_path)], cwd=ROOT, capture_output=True, text=True
    )
    assert "test_draws_too" in ran.stdout and "test_tells[5]" in ran.stdout, ran.stdout
    assert "never_draws" not in ran.stdout and "8/9 tests collected" in ran.stdout


@pytest.mark.parametrize("text", ["abc", "-1", "1.5", "٣"])
def test_a_bad_seed_is_refused(monkeypatch, text):
    monkeypatch.setenv(VARIABLE, text)
    with pytest.raises(ValueError, match="expected a whole number such as 738000") as told:
        run_seed()
    assert repr(text) in str(told.value)


def test_a_bad_seed_ends_a_run_in_one_sentence(tmp_path):
    ran, told = run(tmp_path / "run", "abc")
    assert ran.returncode != 0 and not told
    assert ran.stderr.strip() == "ERROR: SEED='abc', expected a whole number such as 738000"
    assert "Traceback" not in ran.stdout


def test_without_a_seed_it_is_the_day_by_the_clock_of_all_time_zones(monkeypatch):
    monkeypatch.delenv(VARIABLE)
    before, found, after = (
        datetime.datetime.now(tz=datetime.UTC).toordinal(),
        run_seed(),
        datetime.datetime.now(tz=datetime.UTC).toordinal(),
    )
    assert before <= found <= after


def test_make_hands_the_seed_on():
    ran = subprocess.run(
        [
            "make",
            "--no-print-directory",
            "--eval",
            'told: ; @echo "told $$SEED"',
            "told",
            "SEED=738000",
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert ran.stdout.splitlines()[-1] == "told 738000"


def test_each_has_its_turn_once_in_so_many_days_and_all_where_that_is_asked_for(monkeypatch):
    monkeypatch.delenv("EVERYTHING", raising=False)
    days = []
    for seed in (738_000, 738_001, 738_002):
        monkeypatch.setenv(VARIABLE, str(seed))
        days.append({place for place in range(10) if has_turn(place, 3)})
    assert set.union(*days) == set(range(10)) and sum(map(len, days)) == 10
    monkeypatch.setenv("EVERYTHING", "1")
    assert all(has_turn(place, 3) for place in range(10))
