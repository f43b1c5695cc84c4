import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from launchlab.market import make_logs, make_world
from launchlab.serving import Stragglers
from launchlab.serving.bagged import MEMBERS, bag_latency, bagged_table, resampled
from launchlab.serving.latency import latency_table
from launchlab.zoo import WORLDS, zoo_table

AFTER = st.floats(0, 300)
TIME = st.floats(0, 600)


@given(st.floats(0, 1), AFTER, TIME)
def test_a_hedged_request_is_never_later_and_no_better_than_two_at_once(share, after, ms):
    server = Stragglers(share=share)
    hedged = float(server.hedged_cdf(ms, after))
    assert float(server.cdf(ms)) - 1e-12 <= hedged
    assert hedged <= float(server.hedged_cdf(ms, 0)) + 1e-12


@given(AFTER)
def test_hedging_changes_nothing_before_the_second_request(after):
    server = Stragglers()
    before = np.linspace(0, after, 9)
    assert np.allclose(server.hedged_cdf(before, after), server.cdf(before))


def test_hedging_at_once_takes_the_earlier_of_two():
    server, rng = Stragglers(share=0.2), np.random.default_rng(0)
    times = np.interp(
        rng.uniform(size=(2, 20_000)), server.cdf(grid := np.linspace(0, 2_000, 40_000)), grid
    )
    earlier = np.minimum(times[0], times[1] + 15)
    for ms in (12, 30, 80):
        assert (earlier <= ms).mean() == pytest.approx(float(server.hedged_cdf(ms, 15)), abs=0.01)


def test_hedging_refuses_a_negative_time():
    with pytest.raises(ValueError, match="after_ms"):
        Stragglers().hedged_cdf(10, -1)


@given(st.integers(1, 20), st.floats(0, 30))
def test_bags_in_turn_add_up_and_at_once_take_as_long_as_one(members, multiplier):
    one = multiplier * latency_table().loc["hgb200", "ms_30"]
    assert bag_latency(members, multiplier=multiplier) == pytest.approx(members * one)
    assert bag_latency(members, multiplier=multiplier, calls="parallel") == pytest.approx(one)


@pytest.mark.parametrize("wrong", [{"members": 0}, {"members": 2, "calls": "by post"}])
def test_bag_latency_refuses(wrong):
    with pytest.raises(ValueError, match="expected"):
        bag_latency(**wrong)


def test_the_table_of_bags_is_whole_and_its_one_is_the_zoo_s():
    table = bagged_table()
    assert len(table) == WORLDS * len(MEMBERS)
    assert set(table.members) == set(MEMBERS)
    one = table[table.members == 1].set_index("world")
    zoo = zoo_table().query("ranker == 'hgb200'").set_index("world")
    assert (one.orders_change == 0).all()
    for column in ("orders", "margin", "orders_k1", "margin_k2"):
        assert np.allclose(one[column], zoo[column], rtol=1e-5), column
    wide = table.pivot(index="world", columns="members", values="orders")
    change = table.pivot(index="world", columns="members", values="orders_change")
    assert np.allclose(100 * (wide.div(wide[1], axis=0) - 1), change, atol=1e-3)


@settings(max_examples=5)
@given(st.integers(0, 100))
def test_a_bootstrap_sample_is_as_long_and_misses_about_a_third(seed):
    logs = make_logs(make_world(0), 600)
    sample = resampled(logs, seed)
    assert len(sample) == len(logs)
    distinct = len(np.unique(sample.score, axis=0))
    assert 0.55 < distinct / len(logs) < 0.70
