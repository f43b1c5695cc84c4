"""Frozen equals live: what the page shows at a point is what a kernel computes there."""

import datetime
import functools
import json
import math
from typing import Any

import pytest

from launchlab.lab.frame import decode
from tests import kernel
from tests.site import book

pytestmark = pytest.mark.kernel

# Another sample every day; the same one for a whole day, so that a failure can be repeated.
SEED = datetime.date.today().toordinal()


@functools.cache
def computed(notebook) -> dict[str, Any]:
    return kernel.ask(notebook, SEED)["labs"]


def same_numbers(one: Any, two: Any) -> bool:
    if isinstance(one, bool) or isinstance(two, bool) or not isinstance(one, int | float):
        return one == two and isinstance(one, bool) == isinstance(two, bool)
    return isinstance(two, int | float) and math.isclose(one, two, rel_tol=1e-9, abs_tol=1e-9)


def assert_same_columns(shown: dict[str, list], live: dict[str, list], measured: list) -> None:
    assert set(shown) == set(live)
    for name in set(live) - set(measured):
        assert shown[name] == live[name], name


@pytest.mark.parametrize("grid", ["points", "fresh"])
def test_every_point_of_a_grid_is_what_the_kernel_computes(lab, grid):
    """All points through the cache that the build uses, and a daily sample without any cache."""
    data, live = lab.data, computed(lab.notebook)[lab.name]
    if "rule" in live:
        pytest.skip("a lab in rule form")
    found = live[grid]
    pairs = enumerate(found) if grid == "points" else ((int(k), v) for k, v in found.items())
    count = 0
    for place, point in pairs:
        assert_same_columns(decode(data["grid"], place), point["columns"], live["measured"])
        if not live["measured"]:
            assert data["sentences"][place] == point["sentence"]
            if data["question"]:
                assert data["truths"][place] == point["truth"]
            for kept, what in (("cards", "cards"), ("records", "record")):
                assert (data[kept][place] if kept in data else None) == point[what]
        count += 1
    assert count == (len(data["sentences"]) if grid == "points" else len(found))
    assert count > 0


def test_a_rule_in_javascript_is_its_python_twin(reader, lab):
    """At the corners and at random states, another 200 every day."""
    live = computed(lab.notebook)[lab.name]
    if "rule" not in live:
        pytest.skip("a lab in grid form")
    evaluate = """([selector, states]) => {
      const text = document.querySelector(`${selector} .ll-data`).textContent;
      const lab = JSON.parse(text);
      return JSON.stringify(states.map(state => launchlab.evaluate(lab, state)));
    }"""
    states = [point["state"] for point in live["rule"]]
    assert len(states) > kernel.RANDOM_STATES
    shown = json.loads(reader.at(lab.page).page.evaluate(evaluate, [lab.selector, states]))
    for twin, point in zip(shown, live["rule"], strict=True):
        where = point["state"]
        assert list(twin["columns"]) == list(point["columns"])
        for name, values in point["columns"].items():
            assert len(twin["columns"][name]) == len(values), where
            assert all(map(same_numbers, twin["columns"][name], values)), (where, name)
        assert twin["sentence"] == point["sentence"], where
        if lab.data["question"]:
            assert same_numbers(twin["truth"], point["truth"]), where
        assert twin["cards"] == point["cards"], where
        assert twin["record"] == point["record"], where


def test_every_experiment_of_a_notebook_is_on_its_page(lab):
    on_page = {one.name for one in book.labs(lab.page)}
    assert on_page <= set(computed(lab.notebook))
