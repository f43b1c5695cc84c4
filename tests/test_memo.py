"""The one cache: what makes an entry old, and what a bad entry costs."""

import functools
import os
import shutil
import subprocess
import sys
import textwrap
import threading
from pathlib import Path

import joblib
import pandas as pd
import pytest

from launchlab import memo, reach
from launchlab.lab.declare.frame import encode
from tests.lab.samples import experiment, squares


def notebook(source: str, **names):
    """The functions that a notebook with this source would hold, and what else it holds."""
    space = {"__name__": "__main__", "functools": functools, "pd": pd, **names}
    exec(textwrap.dedent(source), space)
    return space


def key(source: str, **names) -> str:
    return memo.fingerprint(notebook(source, **names)["run"])


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
        "a distribution",
        "from scipy.stats import norm\nD = norm(0, 1)\ndef run(n): return D.ppf(n)",
        "from scipy.stats import norm\nD = norm(0, 2)\ndef run(n): return D.ppf(n)",
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
    monkeypatch.setattr(memo, "_stamp", lambda module: "changed")
    assert key(source, **names) != before


def test_the_fingerprint_changes_with_the_version_of_a_library(monkeypatch):
    before = key("def run(n): return pd.DataFrame()")
    monkeypatch.setattr(memo, "versions", lambda: {"pandas": "999"})
    assert key("def run(n): return pd.DataFrame()") != before


def test_the_fingerprint_is_the_same_in_another_process():
    """Sets of strings, hashes of text, and the random state in a distribution may differ."""
    source = (
        "import pandas as pd; from scipy.stats import norm; from launchlab import memo\n"
        "F = pd.DataFrame({'t': ['a', 'b', 'a'], 'x': [1.5, 2, 3]}); S = {'p', 'q', 'r'}\n"
        "def run(n): return F, S, norm.ppf(n), n in {'one', 'two', 'three', 'four'}\n"
        "print(memo.fingerprint(run))"
    )
    found = set()
    for seed in ("1", "2"):
        command = [sys.executable, "-c", source]
        environment = {**_environment(), "PYTHONHASHSEED": seed}
        ran = subprocess.run(command, capture_output=True, text=True, env=environment, check=True)
        found.add(ran.stdout)
    assert len(found) == 1


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(reach.PACKAGE.parent)}


# ---------------------------------------------------------------- what a module reaches

TOY = {
    "__init__.py": "",
    "simulator/__init__.py": "from .world import make_world\nfrom .ads import auction\n",
    "simulator/world.py": "def make_world(seed): return seed\n",
    "simulator/ads.py": "def auction(): return 1\n",
    "menu.py": (
        '"""The menu."""\n'
        "from toy.simulator import make_world\n"
        "def menu(seed):\n"
        "    from toy import late\n"
        '    return make_world(seed), late.read("table.csv"), "look.css"\n'
    ),
    "late.py": "def read(name): return name\n\n'In words.'\n",
    "results/table.csv": "a\n1\n",
    "results/other.csv": "a\n1\n",
    "look.css": "p { color: red; }\n",
    "ratings.py": "from . import late\n",
}


@pytest.fixture
def toy(tmp_path: Path) -> Path:
    package = tmp_path / "toy"
    for name, text in TOY.items():
        path = package / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return package


def test_a_module_reaches_what_it_imports_late_and_through_facades(toy):
    reached = reach.modules_reached(["toy.menu"], toy)
    assert reached == ["toy.late", "toy.menu", "toy.simulator.world"]
    assert reach.modules_reached(["toy.ratings"], toy) == ["toy.late", "toy.ratings"]
    facade = reach.modules_reached(["toy.simulator"], toy)
    assert facade == ["toy.simulator", "toy.simulator.ads", "toy.simulator.world"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("menu.py", TOY["menu.py"].replace("The menu", "All that can be ordered")),
        ("menu.py", "# Why.\n" + TOY["menu.py"]),
        ("late.py", TOY["late.py"] + "\n'What stands above, in other words.'\n"),
        ("simulator/ads.py", "def auction(): return 2\n"),
        ("results/other.csv", "a\n2\n"),
        ("ratings.py", "x = 1\n"),
    ],
    ids=[
        "docstring",
        "comment",
        "described",
        "unreached module",
        "unnamed data",
        "unreached neighbour",
    ],
)
def test_what_is_reached_stays_the_same_for(toy, name, text):
    before = reach.reached(["toy.menu"], toy)
    toy.joinpath(name).write_text(text)
    assert reach.reached(["toy.menu"], toy) == before


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("menu.py", TOY["menu.py"].replace("late.read", "1 + late.read")),
        ("late.py", "def read(name): return 2\n"),
        ("simulator/world.py", "def make_world(seed): return -seed\n"),
        ("results/table.csv", "a\n2\n"),
        ("look.css", "p { color: blue; }\n"),
    ],
    ids=["itself", "imported late", "behind a facade", "named data", "a named style sheet"],
)
def test_what_is_reached_changes_with(toy, name, text):
    before = reach.reached(["toy.menu"], toy)
    toy.joinpath(name).write_text(text)
    assert reach.reached(["toy.menu"], toy) != before


def test_the_place_of_a_package_does_not_matter(toy, tmp_path):
    before = reach.reached(["toy.menu"], toy)
    moved = shutil.copytree(toy, tmp_path / "elsewhere" / "toy")
    assert reach.reached(["toy.menu"], moved) == before


def test_a_broken_import_is_no_endless_loop(toy):
    toy.joinpath("late.py").write_text("from toy import menu, nothing\nimport toy.late\n")
    assert "toy.menu" in reach.modules_reached(["toy.late"], toy)


@pytest.mark.parametrize(
    ("computed_by", "changed"),
    [
        ("launchlab.stakeholders.menu", "serving/results/latency.csv"),
        ("launchlab.stakeholders.menu", "serving/latency.py"),
        ("launchlab.serving.remedies", "serving/results/latency.csv"),
        ("launchlab.serving.remedies", "zoo/held_out.py"),
        ("launchlab.findings.decoupled", "zoo/rankers.py"),
        ("launchlab.zoo.training", "market/world.py"),
    ],
)
def test_faults_of_the_lists_by_hand_are_gone(tmp_path, computed_by, changed):
    """Each was served stale while every cache listed by hand what it depends on."""
    package = shutil.copytree(
        reach.PACKAGE, tmp_path / "launchlab", ignore=shutil.ignore_patterns("__pycache__")
    )
    before = reach.reached([computed_by], package)
    path = package / changed
    text = path.read_text()
    path.write_text(text.replace("0", "1", 1) if path.suffix == ".csv" else text + "\nX = 1\n")
    assert reach.reached([computed_by], package) != before


def test_ratings_and_the_zoos_results_are_reached_only_where_they_are_used():
    shown = reach.modules_reached(["launchlab.findings"])
    assert not [name for name in shown if name.startswith(("launchlab.ratings", "launchlab.zoo"))]
    scores = reach.modules_reached(["launchlab.zoo.training"])
    assert not [name for name in scores if name.startswith(("launchlab.serving", "launchlab.lab"))]
    assert "launchlab.zoo.table" not in scores


# ---------------------------------------------------------------- what is computed again

COUNTED = """
import sys
from launchlab import memo, reach
from toy_memo import helper
reach.versions = lambda: {"numpy": sys.argv[2]}
print(helper.area(int(sys.argv[1])))
"""
HELPER = """
from pathlib import Path
from launchlab.memo import memo

def _wide():
    return int(Path(__file__).with_name("wide.csv").read_text())

@memo
def area(height, *, scale=1):
    with Path(__file__).with_name("marks").open("a") as marks:
        marks.write("computed ")
    return height * _wide() * scale
"""


@pytest.fixture
def area(tmp_path, monkeypatch):
    """Compute an area in a fresh process; how often it was really computed stands in a file."""
    package = shutil.copytree(
        reach.PACKAGE, tmp_path / "launchlab", ignore=shutil.ignore_patterns("__pycache__")
    )
    folder = package / "toy_memo"
    folder.mkdir()
    folder.joinpath("__init__.py").write_text("")
    folder.joinpath("helper.py").write_text(HELPER)
    folder.joinpath("wide.csv").write_text("3")
    environment = {
        **os.environ,
        "PYTHONPATH": str(tmp_path),
        "PYTHONDONTWRITEBYTECODE": "1",
        memo.CACHE_VARIABLE: str(tmp_path / "kept"),
    }

    def run(height: int = 2, version: str = "1") -> tuple[int, int]:
        source = COUNTED.replace("from toy_memo", "from launchlab.toy_memo")
        command = [sys.executable, "-c", source, str(height), version]
        ran = subprocess.run(
            command, capture_output=True, text=True, env=environment, cwd=tmp_path, check=True
        )
        return int(ran.stdout), len(folder.joinpath("marks").read_text().split())

    return run, folder


def test_a_memo_is_computed_once_for_the_same(area):
    run, _ = area
    assert run() == (6, 1)
    assert run() == (6, 1)


def test_a_memo_is_computed_again_for_another_argument(area):
    run, _ = area
    assert run() == (6, 1)
    assert run(height=5) == (15, 2)


def test_a_memo_is_computed_again_for_other_code(area):
    run, folder = area
    assert run() == (6, 1)
    path = folder / "helper.py"
    path.write_text(HELPER.replace("* scale", "* scale + 1"))
    assert run() == (7, 2)


def test_a_memo_is_computed_again_for_other_data(area):
    run, folder = area
    assert run() == (6, 1)
    folder.joinpath("wide.csv").write_text("4")
    assert run() == (8, 2)


def test_a_memo_is_computed_again_for_another_version_of_a_library(area):
    run, _ = area
    assert run() == (6, 1)
    assert run(version="2") == (6, 2)


def test_arguments_given_another_way_are_the_same(monkeypatch, tmp_path):
    monkeypatch.setenv(memo.CACHE_VARIABLE, str(tmp_path))
    calls = []

    @memo.memo
    def added(a, b=2):
        calls.append((a, b))
        return a + b

    assert [added(1), added(a=1), added(1, 2), added(1, b=2)] == [3, 3, 3, 3]
    assert len(calls) == 1
    assert added(1, 3) == 4


# ---------------------------------------------------------------- the store


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "points"
    monkeypatch.setenv(memo.CACHE_VARIABLE, str(folder))
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
    monkeypatch.setattr(memo, "fingerprint", lambda function: "one")
    return experiment(run=run), run


def test_without_a_folder_nothing_is_stored(monkeypatch, tmp_path, counted):
    monkeypatch.delenv(memo.CACHE_VARIABLE, raising=False)
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
    memo.store("key", value)
    wrong = []

    def write():
        for _ in range(5):
            memo.store("key", value)

    def read():
        for _ in range(20):
            if memo.load("key") != value:
                wrong.append(1)

    threads = [threading.Thread(target=task) for task in (write, read, write, read)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
    assert [path.name for path in cache.iterdir()] == ["key.joblib"]


def test_what_was_never_stored_is_none(cache):
    assert memo.load("nothing") is None
    cache.mkdir()
    joblib.dump(1, cache / "one.joblib")
    assert memo.load("one") == 1
