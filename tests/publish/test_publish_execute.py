"""Notebooks are executed side by side, the longest first, and none stops another."""

import re
from pathlib import Path

import nbformat
import pytest

from launchlab.publish import execute, failures, warm


def job(folder, name, *code, key="1"):
    cells = [nbformat.v4.new_markdown_cell(f"# {name}")]
    cells += [nbformat.v4.new_code_cell(source) for source in code]
    notebook = nbformat.v4.new_notebook(cells=cells)
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
    return execute.Job(f"book/{name}", folder / f"{name}.ipynb", notebook, key)


@pytest.fixture
def kept(tmp_path):
    return execute.Executions(tmp_path / "cache")


@pytest.fixture
def stub(monkeypatch):
    """Executions that take no time: each is what the test says of the notebook's name."""

    def use(**outcomes):
        def run(jobs, timeout, workers):
            for one in jobs:
                seconds, error = outcomes[one.path.stem]
                yield execute.Outcome(one, seconds, error)

        monkeypatch.setattr(execute, "_run", run)

    return use


def execute_all(jobs, kept):
    lines = []
    outcomes = execute.execute(jobs, kept, timeout=60, workers=2, say=lines.append)
    return outcomes, lines


def test_the_longest_of_the_last_time_is_first(tmp_path, kept, stub):
    stub(one=(1.0, ""), two=(8.0, ""), three=(3.0, ""))
    jobs = [job(tmp_path, name, f"'{name}'") for name in ("one", "two", "three")]
    execute_all(jobs, kept)
    _, lines = execute_all(jobs, kept)
    assert lines == ["1 of 3 two 8.0 s", "2 of 3 three 3.0 s", "3 of 3 one 1.0 s"]


def test_one_that_was_never_executed_is_placed_by_its_labs(tmp_path, kept, stub):
    stub(one=(1.0, ""), two=(1.0, ""))
    jobs = [job(tmp_path, "one", "1"), job(tmp_path, "two", "lab.Experiment()")]
    assert execute_all(jobs, kept)[1][0].startswith("1 of 2 two")


def test_an_execution_is_found_until_what_it_depends_on_has_changed(tmp_path, kept, stub):
    stub(one=(1.0, ""))
    assert kept.find(job(tmp_path, "one", "1")) is None
    execute_all([job(tmp_path, "one", "1")], kept)
    assert kept.find(job(tmp_path, "one", "1")) == ""
    assert kept.find(job(tmp_path, "one", "2")) is None
    assert kept.find(job(tmp_path, "one", "1", key="2")) is None


def test_a_stale_execution_is_dropped_before_anything_runs(tmp_path, kept, monkeypatch):
    """A build that is interrupted then leaves no number of an older package behind."""
    monkeypatch.setattr(
        execute, "_run", lambda jobs, *_: [execute.Outcome(one, 1.0) for one in jobs]
    )
    execute_all([job(tmp_path, "one", "1")], kept)
    monkeypatch.setattr(execute, "_run", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        execute_all([job(tmp_path, "one", "1", key="2")], kept)
    assert kept.find(job(tmp_path, "one", "1")) is None


def test_a_failure_is_kept_as_one(tmp_path, kept, stub):
    stub(one=(1.0, "cell 2: NameError: name 'x' is not defined"))
    _, (line,) = execute_all([job(tmp_path, "one", "x")], kept)
    assert line == "1 of 1 one 1.0 s, FAILED in cell 2: NameError: name 'x' is not defined"
    assert kept.find(job(tmp_path, "one", "x")) == "cell 2: NameError: name 'x' is not defined"


def test_what_an_execution_showed_stands_among_the_words_of_today(tmp_path, kept):
    old, new = job(tmp_path, "one", "6 * 7"), job(tmp_path, "one", "6 * 7")
    old.notebook.cells[1].outputs = [nbformat.v4.new_output("stream", text="42")]
    kept.keep(execute.Outcome(old, 1.0))
    new.notebook.cells[0].source = "# Other words"
    shown = kept.shown(new)
    assert shown.cells[0].source == "# Other words"
    assert shown.cells[1].outputs[0].text == "42"


@pytest.mark.parametrize("spoil", [Path.unlink, lambda path: path.write_text('{"cells": [')])
def test_what_is_half_in_the_cache_is_no_execution(tmp_path, kept, stub, spoil):
    stub(one=(1.0, ""))
    execute_all([job(tmp_path, "one", "1")], kept)
    (path,) = tmp_path.joinpath("cache", "executed").rglob("*.ipynb")
    spoil(path)
    assert kept.find(job(tmp_path, "one", "1")) is None
    execute_all([job(tmp_path, "one", "1")], kept)
    assert kept.find(job(tmp_path, "one", "1")) == ""


def test_what_failed_is_handed_on_in_order(tmp_path):
    assert failures.read(tmp_path) == []
    failures.write(tmp_path, ["b.ipynb, cell 1: X", "a.ipynb, cell 2: Y"])
    assert failures.read(tmp_path) == ["a.ipynb, cell 2: Y", "b.ipynb, cell 1: X"]


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (None, ""),
        (ValueError("one\ntwo"), "ValueError: one"),
        (ValueError(""), "ValueError: no message"),
        (ValueError("\x1b[31mred\x1b[0m"), "ValueError: red"),
    ],
)
def test_an_error_is_one_line(error, line):
    assert execute.message(error) == line


def test_as_many_run_as_there_are_cores_and_four_at_most(monkeypatch):
    monkeypatch.setattr(execute.os, "sched_getaffinity", lambda _: range(64), raising=False)
    assert execute.workers() == 4
    monkeypatch.setattr(execute.os, "sched_getaffinity", lambda _: {7}, raising=False)
    assert execute.workers() == 1


@pytest.mark.kernel
def test_one_that_fails_dies_or_takes_too_long_does_not_stop_the_others(tmp_path, kept):
    jobs = [
        job(tmp_path, "raises", "x = 1", "x / 0"),
        job(tmp_path, "dies", "import os", "os._exit(1)"),
        job(tmp_path, "hangs", "1", "while True: pass"),
        job(tmp_path, "sound", "print(6 * 7)"),
    ]
    lines: list[str] = []
    outcomes = execute.execute(jobs, kept, timeout=15, workers=2, say=lines.append)
    found = {outcome.job.name: outcome.error for outcome in outcomes}
    assert found["book/raises"] == "cell 3: ZeroDivisionError: division by zero"
    assert re.match("cell 3: DeadKernelError: .", found["book/dies"])
    assert re.match("cell 3: CellTimeoutError: .*15 seconds", found["book/hangs"])
    assert found["book/sound"] == ""
    (sound,) = (one.job.notebook for one in outcomes if one.job.name == "book/sound")
    assert sound.cells[1].outputs[0].text == "42\n"
    assert len(lines) == 4


# Past what a kernel shows of a cell.
SPEAKS = "import sys; print('last words', file=sys.__stderr__, flush=True)"


@pytest.mark.kernel
@pytest.mark.parametrize("warmed", [False, True])
def test_what_a_kernel_itself_writes_is_told_only_where_it_dies(
    tmp_path, kept, capfd, monkeypatch, warmed
):
    """As one that was interrupted complains of sockets that it has closed."""
    if warmed:
        monkeypatch.setenv(warm.VARIABLE, warm.NAME)
    sound = execute.run_notebook(job(tmp_path, "sound", SPEAKS), 60)
    assert sound.error == "" and sound.trace == ""
    dies = execute.run_notebook(job(tmp_path, "dies", SPEAKS, "import os; os.abort()"), 60)
    assert "DeadKernelError" in dies.error
    assert dies.trace == "last words\n"
    told = capfd.readouterr()
    assert "last words" not in told.out + told.err
