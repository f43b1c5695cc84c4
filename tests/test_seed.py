"""A run says its seed and takes it back, in each worker and for hypothesis too."""

import datetime
import json
import os
import subprocess
import sys

import pytest

from tests.conftest import ROOT
from tests.seed import VARIABLE, run_seed

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


def run(folder, seed):
    """What a run of pytest says, and what its tests drew."""
    folder.mkdir()
    (folder / "test_drawn.py").write_text(DRAWS)
    command = [sys.executable, "-m", "pytest", "-p", "tests.conftest", "-p", "no:cacheprovider"]
    options = ["-n", "2", "-k", "tells", "--rootdir", str(folder), "-c", os.devnull]
    ran = subprocess.run(
        [*command, *options, str(folder)],
        cwd=ROOT,
        env={**os.environ, VARIABLE: seed, "HYPOTHESIS_STORAGE_DIRECTORY": str(folder)},
        capture_output=True,
        text=True,
    )
    return ran, [json.loads(path.read_text()) for path in sorted(folder.glob("?.json"))]


def test_a_seed_that_is_asked_for_repeats_the_draws_in_every_worker(tmp_path):
    ran, first = run(tmp_path / "first", "738000")
    assert ran.returncode == 0, ran.stdout
    assert "SEED=738000  (make test SEED=738000 repeats these draws)" in ran.stdout
    assert len({worker for _, worker, _ in first}) == 2
    _, again = run(tmp_path / "again", "738000")
    _, other = run(tmp_path / "other", "738001")
    drawn = [{tuple(numbers[:60]) for _, _, numbers in one} for one in (first, again, other)]
    assert drawn[0] == drawn[1] != drawn[2]
    assert {seed for seed, _, _ in first} == {738000}


@pytest.mark.parametrize("text", ["abc", "-1", "1.5", "٣"])
def test_a_bad_seed_ends_in_one_sentence(tmp_path, text):
    ran, told = run(tmp_path / "run", text)
    assert ran.returncode != 0 and not told
    assert ran.stderr.strip() == f"ERROR: SEED={text!r}, expected a whole number such as 738000"
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
        ["make", "--eval", 'told: ; @echo "told $$SEED"', "told", "SEED=738000"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert ran.stdout.splitlines()[-1] == "told 738000"
