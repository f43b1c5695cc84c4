"""What reading a notebook costs, and what comes of a file that is none."""

import json
import resource
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coursework import reading
from coursework.reading import MOST_BYTES, Bounds, read_notebook
from tests.coursework.toy import notebook

MB = 1 << 20
CODE = st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=60)


def whole(**more) -> dict:
    """A notebook with one cell, as data."""
    cell = {"cell_type": "code", "source": ["x = 1\n", "y = 2"], "metadata": {}, "outputs": []}
    return {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5, **more}


def filled(part: str, size: int, begin: str = "[", end: str = "]") -> bytes:
    """A notebook of so many bytes, most of them one part again and again in its metadata."""
    many = part + ("," + part) * ((size - 200) // (len(part) + 1))
    text = json.dumps(whole(metadata={"x": 0})).replace('"x": 0', f'"x": {begin}{many}{end}')
    return text.encode()


@settings(max_examples=15)
@given(st.lists(CODE, min_size=1, max_size=5), st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]))
def test_what_was_written_is_read_in_any_encoding(cells, encoding):
    assert read_notebook(notebook(*cells).decode().encode(encoding)) == (tuple(cells), "")


def test_lines_are_joined_and_other_cells_left_out():
    made = whole()
    made["cells"].insert(0, {"cell_type": "markdown", "source": "text"})
    assert read_notebook(json.dumps(made).encode()) == (("x = 1\ny = 2",), "")


def test_older_formats_are_read():
    cells = [{"cell_type": "code", "input": ["x = 1"]}, {"cell_type": "code", "input": "y = 2"}]
    made = {"worksheets": [{"cells": cells}], "nbformat": 3, "nbformat_minor": 0}
    assert read_notebook(json.dumps(made).encode()) == (("x = 1", "y = 2"), "")


@pytest.mark.parametrize(
    "part",
    ["{}", "[]", '""', '{"":0}', "[[[]]]", "1e9", "9" * 4000, "NaN", '{"a":{}}', '"\\ud800"'],
    ids=lambda part: part[:12],
)
def test_ten_megabytes_of_anything_cost_little_here(part):
    before = resource.getrusage(resource.RUSAGE_SELF)
    cells, problem = read_notebook(filled(part, MOST_BYTES - 10_000))
    after = resource.getrusage(resource.RUSAGE_SELF)
    assert (cells, problem) == (("x = 1\ny = 2",), "") or "takes more than" in problem
    # Seconds of the processor, which a busy machine does not make many more of.
    assert after.ru_utime - before.ru_utime < 2
    assert after.ru_maxrss - before.ru_maxrss < 200 * 1024


@pytest.mark.parametrize("place", ["cells", "source"])
def test_nor_where_it_is_what_is_read(place):
    made = whole()
    target = made if place == "cells" else made["cells"][0]
    target[place] = "HERE"
    many = "[" + ",".join(["{}" if place == "cells" else '""'] * (8 * MB // 3)) + "]"
    cells, problem = read_notebook(json.dumps(made).replace('"HERE"', many).encode())
    assert cells == (("",) if place == "source" else ())
    assert problem == ("" if place == "source" else "there is no code in it")


def test_what_takes_more_memory_than_it_may_is_named():
    _, problem = read_notebook(filled('{"a":[{}]}', 8 * MB), Bounds(megabytes=40))
    assert problem == "takes more than 40 MB to read, expected a notebook"


def test_what_takes_longer_than_it_may_is_named(tmp_path, monkeypatch):
    # No file of ten megabytes is known to take that long; this child never comes to its end.
    text = Path(reading.__file__).read_text(encoding="utf-8")
    endless = tmp_path / "reading.py"
    endless.write_text(
        text.replace("cells, texts = _sources(", "while True: pass\n        _sources(")
    )
    monkeypatch.setattr(reading, "__file__", str(endless))
    _, problem = read_notebook(notebook("x = 1"), Bounds(seconds=1))
    assert problem == "takes more than 1 s or 1024 MB to read, expected a notebook"


@pytest.mark.parametrize("depth", [500, 5_000, 1_000_000])
@pytest.mark.parametrize(("opens", "closes"), [("[", "]"), ('{"a":', "}")])
def test_deep_nesting_is_read_or_named(depth, opens, closes):
    inner = opens * depth + "0" + closes * depth
    content = json.dumps(whole(metadata={"x": 0})).replace('"x": 0', f'"x": {inner}').encode()
    cells, problem = read_notebook(content)
    assert cells or problem in ("not a notebook: nested too deeply",)


@pytest.mark.parametrize("key", ["cells", "source", "cell_type"])
def test_a_key_that_stands_twice_is_not_chosen_from(key):
    text = json.dumps(whole()).replace(f'"{key}":', f'"{key}": [], "{key}":')
    assert read_notebook(text.encode()) == ((), f"not a notebook: the key {key!r} stands twice")


def test_half_characters_do_not_get_in():
    text = json.dumps(whole()).replace("x = 1", "x = '\\ud83d' + '\\ud83d\\ude00'")
    (cell,), problem = read_notebook(text.encode())
    assert problem == ""
    assert cell.startswith("x = '�' + '😀'")
    cell.encode()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b" \n",
        b"null",
        b"[]",
        b"{}",
        b"\xff\xfe",
        b'{"cells": [1]}',
        b'{"cells": {"a": 1}}',
        b'{"cells": [{"cell_type": "code", "source": 1}]}',
        b'{"worksheets": [1]}',
        b'{"cells": [{"cell_type": "code", "source": "\xe9"}]}',
        notebook("x")[:-30],
        b" " * (MOST_BYTES + 1),
        notebook(*["x"] * 2001),
    ],
    ids=lambda content: repr(content[:30]),
)
def test_what_is_no_notebook_is_named_in_one_short_line(content):
    cells, problem = read_notebook(content)
    assert cells == ()
    assert 5 < len(problem) < 120
    assert problem.isprintable()


@settings(max_examples=25)
@given(st.binary(max_size=200) | st.text(max_size=100).map(lambda text: json.dumps(text).encode()))
def test_no_bytes_make_it_fail(content):
    cells, problem = read_notebook(content)
    assert bool(problem) != bool(cells)
