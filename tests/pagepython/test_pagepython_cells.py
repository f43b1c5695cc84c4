"""What runs cells in the page, tried here: what a cell shows, says, and how it fails."""

import builtins
import importlib
import json
import sys
import types
from collections.abc import Callable, Iterator
from typing import Any

import altair as alt
import pandas as pd
import pytest

from launchlab import lab
from launchlab.lab.lives import inpage, page
from launchlab.publish.pagepython.inside import cells, display, glue, outbox

Run = Callable[[str], list[dict[str, Any]]]
# What Python makes of a null character in a source: before 3.11.4, as in Debian 12, another error.
REFUSED = "SyntaxError" if sys.version_info >= (3, 11, 4) else "ValueError"


@pytest.fixture
def said(tmp_path, monkeypatch) -> Callable[[], list[dict[str, Any]]]:
    """What has gone to the page since it was asked last."""
    door = tmp_path / "page"
    door.touch()
    monkeypatch.setattr(outbox, "_DOOR", door)

    def read() -> list[dict[str, Any]]:
        lines = door.read_text(encoding="utf-8").splitlines()
        door.write_text("")
        return [json.loads(line) for line in lines]

    return read


@pytest.fixture
def run(said, monkeypatch) -> Iterator[Run]:
    """Run a cell in a namespace of its own and return what the page gets."""
    monkeypatch.setitem(sys.modules, "__main__", types.ModuleType("__main__"))
    yield lambda source: (cells.run(source), said())[1]
    vars(builtins).pop("_", None)


def test_the_last_line_is_shown_as_a_notebook_shows_it(run):
    assert run("x = 2\nx * 21") == [{"type": "display", "data": {"text/plain": "42"}}]
    assert run("x") == [{"type": "display", "data": {"text/plain": "2"}}]
    assert run("x;") == run("x = 3") == run("None") == run("") == run("# nothing") == []
    (shown,) = run("import pandas as pd; pd.DataFrame({'a': [1]})")
    assert "<table" in shown["data"]["text/html"] and "a" in shown["data"]["text/plain"]


def test_an_error_names_the_lines_of_the_cell_and_not_ours(run):
    (error,) = run("def f():\n    return 1 / 0\n\nf()")
    assert (error["type"], error["name"]) == ("error", "ZeroDivisionError")
    assert error["message"] == "division by zero"
    assert "line 4, in <module>\n    f()" in error["traceback"]
    assert "line 2, in f\n    return 1 / 0" in error["traceback"]
    assert "cells.py" not in error["traceback"]
    (error,) = run("f(")
    assert error["name"] == "SyntaxError" and "cells.py" not in error["traceback"]
    assert run("1 + 1")[0]["data"]["text/plain"] == "2"


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("raise SystemExit(3)", "SystemExit"),
        ("raise KeyboardInterrupt", "KeyboardInterrupt"),
        ("class A:\n    def __repr__(self): raise ValueError('no')\nA()", "ValueError"),
        ("x = '\0'", REFUSED),
        ("from launchlab.publish.pagepython.inside import display\n"
         "display.display({'application/json': float('nan')}, raw=True)", "ValueError"),
        ("'x' * 9_000_000\n_ = None\n{'text': 'x' * 9_000_000}", None),
        ("class Mute(Exception):\n    def __str__(self): raise OSError\nraise Mute", "Mute"),
        ("def f(n): return f(n + 1)\nf(0)", "RecursionError"),
    ],
)  # fmt: skip
def test_no_cell_ends_the_next_one(run, source, name):
    found = [one["name"] for one in run(source) if one["type"] == "error"]
    assert found == ([name] if name else [])
    assert run("1 + 1")[0]["data"]["text/plain"] == "2"


def test_long_output_is_cut(run, said):
    (shown,) = run("'x' * 1_000_000")
    assert len(shown["data"]["text/plain"]) < 201_000
    assert "1,000,002 characters" in shown["data"]["text/plain"]
    (error,) = run("raise ValueError('x' * 1_000_000)")
    assert len(error["traceback"]) < 21_000
    with pytest.raises(outbox.TooMuchError, match="9 MB of output"):
        outbox.show({"text/html": "x" * 9_000_000})
    assert said() == []


def test_a_function_of_a_cell_can_be_read(run):
    (shown,) = run("import inspect\ndef f():\n    return 1\ninspect.getsource(f)")
    assert shown["data"]["text/plain"] == repr("def f():\n    return 1\n")


def test_stand_ins_show_as_in_a_kernel(said):
    display.display(display.HTML("<b>1</b>"), 2)
    display.display({"text/plain": "3", "image/png": b"png"}, raw=True)
    glue.glue("four", 4)
    glue.glue("five", 5, display=False)
    first, second, third, fourth = (one["data"] for one in said())
    assert first["text/html"] == "<b>1</b>"
    assert second == {"text/plain": "2"}
    assert third["image/png"] == "cG5n"
    assert fourth == {"text/plain": "4"}


@pytest.fixture
def thirds(monkeypatch) -> lab.Experiment:
    """A lab as a cell in the page declares it."""
    monkeypatch.setenv("LAUNCHLAB_MODE", "page")
    monkeypatch.setattr("launchlab.lab.show.display", display.display)

    def run(n: int) -> pd.DataFrame:
        return pd.DataFrame({"i": range(n), "third": [i / 3 for i in range(n)]})

    return lab.Experiment(
        name="thirds",
        title="Thirds",
        run=run,
        chart=lambda frame: alt.Chart(frame).mark_point().encode(alt.Y("third:Q")),
        sentence=lambda frame: f"{len(frame)} numbers.",
        heading="Numbers",
        controls=[lab.Slider("n", "How many", [2, 4, 8], default=4)],
        description="Thirds of some numbers.",
        digits=3,
    )


def test_a_lab_is_handed_to_the_page_with_the_point_it_starts_from(thirds, said):
    thirds.show(n=2)
    (shown,) = said()
    data = shown["data"][inpage.LAB_KIND]
    frozen = page.payload(thirds, thirds.spec(thirds(n=2)), [thirds.point({"n": 2})])
    assert data == {**json.loads(json.dumps(frozen)), "start": {"n": 2}}
    assert data["grid"]["columns"]["third"]["same"] == [0, 0.333]


def test_a_lab_answers_at_states_that_no_grid_holds(thirds, said):
    thirds.show()
    said()
    cells.point("thirds", '{"n": 4}')
    (answer,) = said()
    assert answer["point"] == {
        "columns": {"i": [0, 1, 2, 3], "third": [0, 0.333, 0.667, 1]},
        "sentence": "4 numbers.",
        "heading": "Numbers",
        "cards": [],
        "record": "",
    }


@pytest.mark.parametrize(
    ("name", "state", "why"),
    [
        ("cubes", "{}", "lab 'cubes': expected one that a cell has shown"),
        ("thirds", '{"n": 4, "m": 1}', "'m'"),
    ],
)
def test_a_state_that_cannot_be_computed_is_told_in_a_sentence(thirds, said, name, state, why):
    thirds.show()
    said()
    cells.point(name, state)
    (error,) = said()
    assert error["type"] == "error"
    assert why in error["message"] and "\n" not in error["message"]


def test_a_chart_goes_to_the_page_as_what_it_declares(monkeypatch):
    monkeypatch.setenv("LAUNCHLAB_MODE", "page")
    chart = alt.Chart(pd.DataFrame({"a": [1]})).mark_bar().encode(alt.X("a:Q"))
    shown = outbox.bundle(chart)
    assert shown[inpage.CHART_KIND]["mark"]["type"] == "bar"
    assert shown[inpage.CHART_KIND]["width"] == "container"
    assert "text/html" not in shown


def test_a_stand_in_does_what_the_compiled_maps_do():
    inside = "launchlab.publish.pagepython.inside.rpds"
    results = []
    for module in (importlib.import_module("rpds"), importlib.import_module(inside)):
        one = module.HashTrieMap({"a": 1}).insert("b", 2).update({"c": 3})
        listed = module.List([1, 2]).push_front(0)
        results.append(
            [
                dict(one.remove("a").items()),
                dict(module.HashTrieMap.convert({"a": 1}).items()),
                sorted(module.HashTrieSet([1]).insert(2).update([3]).remove(1)),
                list(listed),
                list(listed.drop_first()),
                listed.first,
            ]
        )
    assert results[0] == results[1]
