"""Frozen equals live: what the page shows at a point is what a kernel computes there."""

import functools
from typing import Any

import pytest

from launchlab.lab.declare.frame import decode
from tests import kernel
from tests.seed import run_seed
from tests.site import book

pytestmark = pytest.mark.kernel

SEED = run_seed()


@functools.cache
def computed(notebook) -> dict[str, Any]:
    return kernel.ask(notebook, SEED)["labs"]


def assert_same_columns(shown: dict[str, list], live: dict[str, list], measured: list) -> None:
    assert set(shown) == set(live)
    for name in set(live) - set(measured):
        assert shown[name] == live[name], name


def test_every_point_of_a_grid_is_what_the_kernel_computes(lab):
    """All points, through the cache that the build uses; `tests.rerun` holds that to the truth."""
    data, live = lab.data, computed(lab.notebook)[lab.name]
    if "rule" in live:
        pytest.skip("a lab in rule form")
    found = live["points"]
    assert len(found) == len(data["sentences"]) > 0
    for place, point in enumerate(found):
        assert_same_columns(decode(data["grid"], place), point["columns"], live["measured"])
        if not live["measured"]:
            assert data["sentences"][place] == point["sentence"]
            for kept, what in (("cards", "cards"), ("records", "record")):
                assert (data[kept][place] if kept in data else None) == point[what]


def test_a_page_has_the_rule_that_is_compared_with_python(lab):
    """tests/twins holds this script against Python."""
    live = computed(lab.notebook)[lab.name]
    if "rule" not in live:
        pytest.skip("a lab in grid form")
    assert f"<script>{live['script']}</script>" in book.text(lab.page)
    assert lab.data["table"] == live["table"]


def test_every_experiment_of_a_notebook_is_on_its_page(lab):
    on_page = {one.name for one in book.labs(lab.page)}
    assert on_page <= set(computed(lab.notebook))
