"""The frozen latency table, the arithmetic on it, and whether its clear orderings last."""

import pytest

from launchlab.market import RANKERS
from launchlab.market.rankers import ENSEMBLE
from launchlab.serving.latency import OVERHEAD_MS, latency_ms, latency_table
from launchlab.serving.measure_latency import measure


def test_table_has_every_ranker_and_the_ensemble_is_the_sum_of_its_members():
    table = latency_table()
    assert tuple(table.index) == RANKERS
    numbers = table[["ms_30", "ms_300", "ms_1000", "kb"]]
    assert (numbers > 0).all(axis=None)
    members = numbers.loc[list(ENSEMBLE)].sum()
    assert numbers.loc["ensemble5"].to_numpy() == pytest.approx(members.to_numpy(), rel=0.02)
    assert table.loc["ensemble5", "calls"] == "serial"
    assert (table["ms_1000"] >= 0.95 * table["ms_30"]).all()


def test_table_is_a_copy():
    table = latency_table()
    table.loc["hgb50", "ms_30"] = -1.0
    assert latency_table().loc["hgb50", "ms_30"] > 0


def test_fresh_measurement_keeps_the_clear_orderings():
    table = measure(
        ["tree", "hgb50", "hgb200", "hgb800"], rows=(30, 1_000), blocks=5, n_logged=1_000
    )
    for column in ("ms_30", "ms_1000"):
        times = table[column]
        assert times["hgb800"] > times["hgb200"] > times["hgb50"] > times["tree"], column
    assert table["kb"]["hgb800"] > table["kb"]["hgb200"] > table["kb"]["hgb50"]


def test_ensemble_is_measured_through_its_members():
    table = measure(["logistic", "ensemble5"], rows=(30,), blocks=1, per_block=1, n_logged=300)
    assert list(table.index) == ["logistic", "ensemble5"]
    assert table.loc["ensemble5", "ms_30"] > table.loc["logistic", "ms_30"]


def test_members_called_at_once_wait_for_the_slowest():
    table = latency_table()["ms_30"]
    serial = latency_ms("ensemble5", overhead=0.0)
    parallel = latency_ms("ensemble5", overhead=0.0, ensemble="parallel")
    assert serial == table["ensemble5"]
    assert parallel == table[list(ENSEMBLE)].max() < serial
    assert latency_ms("hgb50", ensemble="parallel") == latency_ms("hgb50")


def test_multiplier_leaves_the_overhead_alone():
    own = latency_table().loc["hgb200", "ms_300"]
    assert latency_ms("hgb200", rows=300, multiplier=3) == pytest.approx(OVERHEAD_MS + 3 * own)
    assert latency_ms("truth", multiplier=10) == OVERHEAD_MS


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"ranker": "hgb51"}, "hgb51"),
        ({"rows": 31}, "rows=31"),
        ({"ensemble": "both"}, "both"),
        ({"multiplier": -1.0}, "multiplier=-1"),
        ({"overhead": float("nan")}, "overhead=nan"),
    ],
)
def test_latency_of_nonsense(asked, message):
    with pytest.raises(ValueError, match=message):
        latency_ms(**{"ranker": "hgb50", **asked})


def test_measuring_nonsense():
    with pytest.raises(ValueError, match="nobody"):
        measure(["nobody"])
    with pytest.raises(ValueError, match="blocks=0"):
        measure(["tree"], blocks=0)
