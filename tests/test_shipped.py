"""Shipped results: how they are made, that they say how, and that they can be read."""

import gzip
import importlib.util
import json
from datetime import date
from importlib.resources import files
from pathlib import Path

import pandas as pd
import pytest

from launchlab import shipped
from tests.conftest import ROOT

MADE = sorted(
    (f"launchlab.{path.parent.parent.name}", path.name)
    for path in Path(str(files("launchlab"))).rglob("results/*")
    if path.suffix in (".csv", ".gz", ".json") and path.parent.parent.name != "findings"
)


def test_several_threads_are_refused(monkeypatch):
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    shipped.need_one_thread()
    for threads in ("2", ""):
        monkeypatch.setenv("OMP_NUM_THREADS", threads)
        with pytest.raises(SystemExit, match="Set OMP_NUM_THREADS=1 first: threads go unseen"):
            shipped.need_one_thread("threads go unseen")


def test_worlds_stand_one_under_the_other_and_progress_is_said(capsys):
    table = shipped.in_worlds(lambda seed: pd.DataFrame({"world": [seed, seed]}), 2)
    assert table.world.tolist() == [0, 0, 1, 1]
    said = capsys.readouterr()
    assert [line[:11] for line in said.err.splitlines()] == ["1/2 worlds,", "2/2 worlds,"]
    assert said.out == ""


def test_a_table_says_how_it_was_made_and_can_be_read(tmp_path):
    path = tmp_path / "x.csv"
    table = pd.DataFrame({"a": [1, 2], "b": [0.123456789, 2]})
    head = ("What it is.", shipped.cost_line("all of it"))
    shipped.write_table(path, table, head, "launchlab.x", index=False, float_format="%.3g")
    lines = path.read_text().splitlines()
    assert lines[0] == "# What it is."
    assert " s CPU (all of it); scikit-learn " in lines[1]
    assert lines[2] == "# Made by: OMP_NUM_THREADS=1 python -m launchlab.x"
    assert lines[3:] == ["a,b", "1,0.123", "2,2"]
    assert pd.read_csv(path, comment="#").shape == (2, 2)


def test_a_measurement_says_when_and_where_and_is_written_an_entry_a_line(tmp_path):
    path = tmp_path / "x.json"
    kept = shipped.made_by("launchlab.x", **shipped.when_measured(), rows=[{"lost": 3}])
    assert date.fromisoformat(kept["date"]) and kept["cores"] >= 1 and kept["load_before"] >= 0
    shipped.write_record(path, kept)
    text = path.read_text(encoding="utf-8")
    assert json.loads(text) == kept
    assert text.splitlines()[1] == ' "made_by": "OMP_NUM_THREADS=1 python -m launchlab.x",'
    assert text.endswith("}\n")


@pytest.mark.parametrize(("package", "name"), MADE)
def test_every_shipped_result_names_a_command_that_there_is(package, name):
    path = files(package).joinpath("results", name)
    stored = path.read_bytes()
    text = (gzip.decompress(stored) if name.endswith(".gz") else stored).decode("utf-8")
    if name.endswith(".json"):
        said = json.loads(text)["made_by"]
    elif text.startswith("#"):
        head = [line for line in text.splitlines() if line.startswith("#")]
        said = head[-1].removeprefix("# Made by: ")
    else:
        said = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))["made_by"]
    if said.startswith("make "):  # what needs an environment of its own
        makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
        assert f"\n{said.removeprefix('make ')}: " in makefile, said
        return
    module = said.removeprefix("OMP_NUM_THREADS=1 python -m ")
    assert importlib.util.find_spec(module) is not None, said
    assert "def main(" in files(package).joinpath(f"{module.split('.')[-1]}.py").read_text()
