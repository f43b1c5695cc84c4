"""Pairs of rankers, and the correlation over those that are alike."""

import numpy as np
import pandas as pd
import pytest

from launchlab.evaluation import agreement, pair_gains
from launchlab.evaluation.pairs import correlation, disagreement, log_gains


def toy(worlds=6, rankers=12, noise=0.01, seed=0):
    rng = np.random.default_rng(seed)
    rows = []
    for world in range(worlds):
        skill = rng.normal(0, 0.05, rankers)
        aucs = 0.7 * np.exp(skill + rng.normal(0, noise, rankers))
        orders = 200 * np.exp(skill + rng.normal(0, noise, rankers))
        rows += [(world, f"r{i}", *pair) for i, pair in enumerate(zip(aucs, orders, strict=True))]
        rows.append((world, "truth", 0.99, 400.0))
    return pd.DataFrame(rows, columns=["world", "ranker", "auc_order", "orders"])


def test_pairs_stay_within_worlds_and_leave_the_truth_out():
    pairs = pair_gains(toy())
    assert len(pairs) == 6 * 12 * 11 / 2
    assert "truth" not in {*pairs["one"], *pairs["other"]}
    first = toy().query("world == 0").set_index("ranker")["orders"]
    expected = 100 * np.log(first["r0"] / first["r1"])
    assert pairs["online_gain"].iloc[0] == pytest.approx(expected)


def test_a_narrow_window_lowers_the_correlation():
    pairs = pair_gains(toy())
    whole, narrow = agreement(pairs), agreement(pairs, 1.0)
    assert whole.n == len(pairs) > narrow.n > 0
    assert whole.r > 0.9 > 0.5 > narrow.r
    assert whole.low < whole.r < whole.high
    assert narrow.high - narrow.low > whole.high - whole.low
    assert narrow.disagree > whole.disagree
    assert agreement(pairs, 1.0) == narrow


def test_one_world_has_no_interval_and_no_pairs_no_correlation():
    one = agreement(pair_gains(toy(worlds=1)))
    assert np.isnan(one.low)
    assert not np.isnan(one.r)
    none = agreement(pair_gains(toy()), 1e-9)
    assert none.n == 0
    assert np.isnan(none.r)
    assert np.isnan(none.disagree)


def test_which_ranker_comes_first_does_not_matter():
    table = toy()
    assert agreement(pair_gains(table[::-1]), 2.0).r == pytest.approx(
        agreement(pair_gains(table), 2.0).r
    )


def test_correlation_and_disagreement_by_hand():
    one, other = np.array([1.0, -2.0]), np.array([2.0, -4.0])
    assert correlation(one, other) == pytest.approx(1.0)
    assert correlation(one, -other) == pytest.approx(-1.0)
    assert disagreement(one, np.array([1.0, 1.0])) == 50.0
    assert np.isnan(correlation(one, 0 * other))


def test_nonsense_is_refused():
    with pytest.raises(ValueError, match="margin"):
        pair_gains(toy(), online="margin")
    with pytest.raises(ValueError, match="positive"):
        log_gains(np.array([1.0, 0.0]))
    with pytest.raises(ValueError, match="window=0"):
        agreement(pair_gains(toy()), 0)
