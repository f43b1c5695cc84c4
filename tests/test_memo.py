"""The cache of points: what makes an entry old, and what a bad entry costs."""

import functools
import subprocess
import sys
import textwrap
import threading
from pathlib import Path

import joblib
import pandas as pd
import pytest

from launchlab.lab import points
from launchlab.lab.declare.frame import encode
from tests.lab.samples import experiment, squares


def notebook(source: str, **names):
    """The functions that a notebook with this source would hold, and what else it holds."""
    space = {"__name__": "__main__", "functools": functools, "pd": pd, **names}
    exec(textwrap.dedent(source), space)
    return space


def key(source: str, **names) -> str:
    return points.fingerprint(notebook(source, **names)["run"])


RUN = "def run(n): return helper(n)\n"
SAME = [
    ("a comment", "def run(n): return n\n", "def run(n):\n    # why\n    return n\n"),
    ("a global that is not named", "A = 1\ndef run(n): return n", "A = 2\ndef run(n): return n"),
    (
        "a global called like an attribute",
        "size = 1\ndef run(n): return n.size",
        "size = 2\ndef run(n): return n.size",
    ),
]
OTHER = [
    ("the function", "def run(n): return n", "def run(n): return n + 1"),
    ("a default", "def run(n, k=1): return n", "def run(n, k=2): return n"),
    ("a keyword's default", "def run(n, *, k=1): return n", "def run(n, *, k=2): return n"),
    ("a constant", "def run(n): return n * 2", "def run(n): return n * 3"),
    ("a method's name", "def run(n): return n.min()", "def run(n): return n.max()"),
    ("a helper", "def helper(n): return n\n" + RUN, "def helper(n): return -n\n" + RUN),
    ("a global", "A = 1\ndef run(n): return A", "A = 2\ndef run(n): return A"),
    ("a global's type", "A = 1\ndef run(n): return A", "A = True\ndef run(n): return A"),
    (
        "a global inside a nested lambda",
        "A = 1\ndef run(n): return (lambda: [A for _ in 'x'])()",
        "A = 2\ndef run(n): return (lambda: [A for _ in 'x'])()",
    ),
    (
        "a helper behind a cache",
        "@functools.cache\ndef helper(n): return n\n" + RUN,
        "@functools.cache\ndef helper(n): return -n\n" + RUN,
    ),
    (
        "a helper in a partial",
        "def inner(n): return n\nhelper = functools.partial(inner, 1)\n" + RUN,
        "def inner(n): return -n\nhelper = functools.partial(inner, 1)\n" + RUN,
    ),
    (
        "a lambda in a dictionary",
        "M = {'a': lambda n: n}\ndef run(n): return M['a'](n)",
        "M = {'a': lambda n: -n}\ndef run(n): return M['a'](n)",
    ),
    (
        "the second line of a lambda",
        "run = (\n    lambda n:\n    n\n)",
        "run = (\n    lambda n:\n    -n\n)",
    ),
    (
        "a closure",
        "def make(k):\n    return lambda n: n + k\nrun = make(1)",
        "def make(k):\n    return lambda n: n + k\nrun = make(2)",
    ),
    (
        "a method of a class",
        "class A:\n    def f(self): return 1\ndef run(n): return A().f()",
        "class A:\n    def f(self): return 2\ndef run(n): return A().f()",
    ),
    (
        "the class of an object",
        "class A:\n    def f(self): return 1\na = A()\ndef run(n): return a.f()",
        "class A:\n    def f(self): return 2\na = A()\ndef run(n): return a.f()",
    ),
    (
        "a frame",
        "F = pd.DataFrame({'x': [1, 2], 't': ['a', 'b']})\ndef run(n): return F",
        "F = pd.DataFrame({'x': [1, 2], 't': ['a', 'c']})\ndef run(n): return F",
    ),
]


@pytest.mark.parametrize(("what", "one", "two"), SAME, ids=[what for what, *_ in SAME])
def test_the_fingerprint_stays_for(what, one, two):
    assert key(one) == key(two)


@pytest.mark.parametrize(("what", "one", "two"), OTHER, ids=[what for what, *_ in OTHER])
def test_the_fingerprint_changes_with(what, one, two):
    assert key(one) == key(one)
    assert key(one) != key(two)


def test_functions_that_name_each_other_end():
    assert key("def helper(n): return run(n)\n" + RUN) != key("def helper(n): return 1\n" + RUN)


def test_the_fingerprint_changes_with_a_loose_module(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(tmp_path)
    path = tmp_path / "loose_helper.py"
    source = "import loose_helper\ndef run(n): return loose_helper.f(n)"
    path.write_text("def f(n): return n\n")
    before = key(source)
    assert key(source) == before
    path.write_text("def f(n): return -n\n")
    assert key(source) != before
    sys.modules.pop("loose_helper")


@pytest.mark.parametrize("named", ["lab", "squares_of_the_package"])
def test_the_fingerprint_changes_with_the_package(named, monkeypatch):
    from launchlab import lab

    names = {"lab": lab, "squares_of_the_package": lab.Slider}
    source = f"def run(n): return {named}"
    before = key(source, **names)
    monkeypatch.setattr(points, "_package_hash_once", lambda: "changed")
    assert key(source, **names) != before


def test_the_fingerprint_changes_with_the_version_of_a_library(monkeypatch):
    before = key("def run(n): return pd.DataFrame()")
    monkeypatch.setattr(points, "versions", lambda: {"pandas": "999"})
    assert key("def run(n): return pd.DataFrame()") != before


def test_the_fingerprint_is_the_same_in_another_process():
    """Sets of strings, and hashes of text, differ between processes if one is careless."""
    source = (
        "import pandas as pd; from launchlab.lab import points\n"
        "F = pd.DataFrame({'t': ['a', 'b', 'a'], 'x': [1.5, 2, 3]}); S = {'p', 'q', 'r'}\n"
        "def run(n): return F, S, n in {'one', 'two', 'three', 'four'}\n"
        "print(points.fingerprint(run))"
    )
    found = set()
    for seed in ("1", "2"):
        command = [sys.executable, "-c", source]
        environment = {**_environment(), "PYTHONHASHSEED": seed}
        ran = subprocess.run(command, capture_output=True, text=True, env=environment, check=True)
        found.add(ran.stdout)
    assert len(found) == 1


def _environment() -> dict[str, str]:
    import os

    return {**os.environ, "PYTHONPATH": str(points.PACKAGE.parent)}


@pytest.mark.parametrize("name", ["a.py", "sub/b.csv", "front.js", "stage.npz", "new.json"])
def test_the_package_hash_covers_sources_and_data(tmp_path, name):
    (tmp_path / "sub").mkdir()
    (tmp_path / "keep.py").write_text("x = 1")
    before = points.package_hash(tmp_path)
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "__pycache__" / "a.py").write_text("ignored")
    assert points.package_hash(tmp_path) == before
    (tmp_path / name).write_text("x = 1")
    added = points.package_hash(tmp_path)
    (tmp_path / name).write_text("x = 2")
    assert len({before, added, points.package_hash(tmp_path)}) == 3


def test_the_package_hash_of_named_files_ignores_the_others(tmp_path):
    (tmp_path / "keep.py").write_text("x = 1")
    before = points.package_hash(tmp_path, only=["keep.py"])
    (tmp_path / "other.py").write_text("x = 1")
    assert points.package_hash(tmp_path, only=["keep.py"]) == before
    (tmp_path / "keep.py").write_text("x = 2")
    assert points.package_hash(tmp_path, only=["keep.py"]) != before


# ---------------------------------------------------------------- the store


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "points"
    monkeypatch.setenv(points.CACHE_VARIABLE, str(folder))
    return folder


class Counted:
    """Squares that count how often they are computed."""

    def __init__(self) -> None:
        self.calls = 0

    def __call__(self, n: int, up: bool) -> pd.DataFrame:
        self.calls += 1
        return squares(n, up)


@pytest.fixture
def counted(monkeypatch):
    """An experiment, and what counts its calls; its cache key ignores the count."""
    run = Counted()
    monkeypatch.setattr(points, "fingerprint", lambda function: "one")
    return experiment(run=run), run


def test_without_a_folder_nothing_is_stored(monkeypatch, tmp_path, counted):
    monkeypatch.delenv(points.CACHE_VARIABLE, raising=False)
    monkeypatch.chdir(tmp_path)
    demo, run = counted
    demo.points()
    demo.points()
    assert run.calls == 12
    assert not list(tmp_path.iterdir())


def test_a_grid_is_computed_once(cache, counted):
    demo, run = counted
    first, second = demo.points(), demo.points()
    assert run.calls == 6
    assert encode([p.frame for p in first], 5) == encode([p.frame for p in second], 5)
    assert [(p.state, p.sentence) for p in first] == [(p.state, p.sentence) for p in second]


@pytest.mark.parametrize("damage", ["torn", "empty", "foreign"])
def test_a_damaged_file_is_computed_again(cache, counted, damage):
    demo, run = counted
    demo.points()
    (path,) = cache.glob("*.joblib")
    whole = path.read_bytes()
    path.write_bytes({"torn": whole[: len(whole) // 2], "empty": b"", "foreign": b"PK"}[damage])
    assert [point.frame.y.max() for point in demo.points()] == [1, 1, 4, 16, 8, 64]
    assert run.calls == 12
    demo.points()
    assert run.calls == 12


def test_writers_at_once_never_show_half_a_file(cache):
    """Readers meet either nothing or a whole value while many write."""
    value = list(range(20_000))
    points.store("key", value)
    wrong = []

    def write():
        for _ in range(5):
            points.store("key", value)

    def read():
        for _ in range(20):
            if points.load("key") != value:
                wrong.append(1)

    threads = [threading.Thread(target=task) for task in (write, read, write, read)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
    assert [path.name for path in cache.iterdir()] == ["key.joblib"]


def test_what_was_never_stored_is_none(cache):
    assert points.load("nothing") is None
    cache.mkdir()
    joblib.dump(1, cache / "one.joblib")
    assert points.load("one") == 1
