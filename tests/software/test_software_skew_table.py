"""The shipped tables of skews and leaks: complete, small, and what their functions return."""

from __future__ import annotations

import pytest

from launchlab import shipped
from launchlab.software.leaks import LEAKS, leak_rows
from launchlab.software.served import MODELS, SHARES, skew_rows
from launchlab.software.skew import SKEWS
from launchlab.software.skew_table import LEAK_WORLDS, SHOWN, WORLDS, leak_table, skew_table
from tests.seed import run_seed

WORLD = run_seed() % WORLDS
LEAK_WORLD = run_seed() % LEAK_WORLDS


def test_tables_are_complete() -> None:
    skews, leaks = skew_table(), leak_table()
    usual = skews[skews["share"] == 1]
    assert len(usual) == WORLDS * len(MODELS) * len(SKEWS)
    parts = skews[skews["share"] < 1]
    assert set(parts["world"]) == {SHOWN} and set(skews["share"]) == set(SHARES)
    assert len(parts) == len(MODELS) * len(SKEWS) * (len(SHARES) - 1)
    assert len(leaks) == LEAK_WORLDS * len(MODELS) * (len(LEAKS) + 2)
    assert skews.notna().all(axis=None) and leaks.notna().all(axis=None)
    for name in ("skews.csv", "leaks.csv"):
        head = shipped.read_text("launchlab.software", name).splitlines()[:3]
        assert "Made by: OMP_NUM_THREADS=1 python -m launchlab.software.make_skew" in head[2]


def test_a_world_recomputed_agrees() -> None:
    kept = skew_table().query("world == @WORLD and model == 'logistic' and share == 1")
    fresh = skew_rows(WORLD, "logistic")
    assert list(kept["fault"]) == list(fresh["fault"])
    for name in ("offline", "logged"):
        assert kept[name].to_numpy() == pytest.approx(fresh[name].to_numpy(), abs=5e-4)
    for name in ("orders", "margin", "ad_revenue", "orders_se"):
        assert kept[name].to_numpy() == pytest.approx(fresh[name].to_numpy(), abs=0.05)
    kept = leak_table().query("world == @LEAK_WORLD and model == 'logistic'")
    fresh = leak_rows(LEAK_WORLD, "logistic")
    assert list(kept["who"]) == list(fresh["who"])
    for name, near in (("offline", 5e-4), ("logged", 5e-4), ("orders", 0.05), ("ad_revenue", 0.1)):
        assert kept[name].to_numpy() == pytest.approx(fresh[name].to_numpy(), abs=near)


@pytest.mark.slow
def test_trees_of_a_world_recomputed_agree() -> None:
    kept = skew_table().query("world == @WORLD and model == 'hgb50' and share == 1")
    fresh = skew_rows(WORLD, "hgb50")
    for name in ("orders", "ad_revenue"):
        assert kept[name].to_numpy() == pytest.approx(fresh[name].to_numpy(), abs=0.05)
