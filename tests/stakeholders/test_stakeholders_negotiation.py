"""Bounds, splits and prices: the linear programme against what it must keep."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from launchlab.serving.latency import share_over
from launchlab.stakeholders.menu import menu_table
from launchlab.stakeholders.negotiation import (
    Bound,
    InfeasibleError,
    agreement,
    bargain,
    best_single,
    best_split,
    feasible,
    priced,
)


@st.composite
def menus(draw):
    size = draw(st.integers(2, 12))
    numbers = st.integers(0, 1_000)
    columns = {name: draw(st.lists(numbers, min_size=size, max_size=size)) for name in "abc"}
    return pd.DataFrame(columns).astype(float)


def bounds_of(menu, share):
    """Bounds at a share of the way from each column's least to its largest."""
    return [
        Bound(name, float(menu[name].min() + share * (menu[name].max() - menu[name].min())))
        for name in "bc"
    ]


@given(menus(), st.floats(0, 1))
def test_a_split_keeps_its_bounds_and_is_never_worse_than_one_configuration(menu, share):
    bounds = bounds_of(menu, share)
    single = best_single(menu, "a", bounds)
    try:
        split = best_split(menu, "a", bounds)
    except InfeasibleError:
        assert single is None
        return
    assert split.shares.sum() == pytest.approx(1)
    assert (split.shares > 0).all()
    assert len(split.shares) <= 3  # one more than there are bounds
    for bound in bounds:
        assert split.average(menu, bound.measure) >= bound.limit - 1e-6
    assert split.average(menu, "a") == pytest.approx(split.value, abs=1e-6)
    if single is not None:
        assert split.value >= single.a - 1e-6


@given(menus(), st.floats(0, 0.9))
def test_relaxing_a_bound_never_costs(menu, share):
    tight, loose = bounds_of(menu, share), bounds_of(menu, share / 2)
    try:
        split = best_split(menu, "a", tight)
    except InfeasibleError:
        return
    assert best_split(menu, "a", loose).value >= split.value - 1e-6
    assert len(feasible(menu, loose)) >= len(feasible(menu, tight))


@given(menus(), st.floats(0.05, 0.95))
def test_a_price_is_what_one_more_unit_costs(menu, share):
    bounds = bounds_of(menu, share)
    step = 1e-4
    try:
        split = best_split(menu, "a", bounds)
        tighter = best_split(menu, "a", [Bound("b", bounds[0].limit + step), bounds[1]])
        looser = best_split(menu, "a", [Bound("b", bounds[0].limit - step), bounds[1]])
    except InfeasibleError:
        return
    right, left = (split.value - tighter.value) / step, (looser.value - split.value) / step
    assume(abs(right - left) < 1e-3 * (1 + abs(right)))  # else a corner, where the price jumps
    assert split.prices["b"] == pytest.approx(right, rel=1e-2, abs=1e-2)


@given(menus(), st.floats(0.05, 0.95))
def test_a_bound_and_its_price_are_two_views_of_one_decision(menu, share):
    bounds = bounds_of(menu, share)
    try:
        split = best_split(menu, "a", bounds)
    except InfeasibleError:
        return
    worth = priced(menu, "a", split.prices)
    at_bounds = sum(split.prices[bound.measure] * bound.limit for bound in bounds)
    assert worth.max() == pytest.approx(split.value + at_bounds, rel=1e-6, abs=1e-4)
    assert worth.loc[split.shares.index].to_numpy() == pytest.approx(worth.max(), abs=1e-3)


def test_bounds_from_above():
    menu = pd.DataFrame({"money": [1.0, 4.0], "slow": [0.01, 0.09]})
    split = best_split(menu, "money", [Bound("slow", 0.05, least=False)])
    assert split.shares.to_dict() == pytest.approx({0: 0.5, 1: 0.5})
    assert split.value == pytest.approx(2.5)
    assert split.prices["slow"] == pytest.approx(3 / 0.08)
    assert split.binding == ["slow"]
    assert best_single(menu, "money", [Bound("slow", 0.05, least=False)]).money == 1.0


def test_what_cannot_be_kept_is_named():
    menu = pd.DataFrame({"a": [1.0, 2.0], "b": [1.0, 0.0], "c": [0.0, 1.0]})
    with pytest.raises(InfeasibleError, match="b at least 2: no configuration keeps it"):
        best_split(menu, "a", [Bound("b", 2), Bound("c", 0.5)])
    with pytest.raises(InfeasibleError, match=r"all of: b at least 0\.9; c at least 0\.9"):
        best_split(menu, "a", [Bound("b", 0.9), Bound("c", 0.9)])
    assert best_single(menu, "a", [Bound("b", 0.9), Bound("c", 0.9)]) is None


@pytest.mark.parametrize(
    ("menu", "message"),
    [
        (pd.DataFrame({"a": []}), "menu is empty"),
        (pd.DataFrame({"a": [1.0]}), "no column 'b'"),
        (pd.DataFrame({"a": [1.0], "b": [np.nan]}), "'b' is not finite"),
    ],
)
def test_bad_menus_are_refused(menu, message):
    with pytest.raises(ValueError, match=message):
        best_split(menu, "a", [Bound("b", 1.0)])
    with pytest.raises(ValueError, match="limit"):
        Bound("b", float("nan"))


def test_the_share_over_a_limit_mixes_and_the_percentile_does_not():
    """Half of the traffic at 40 ms and half at 80 ms, against a draw of that very mixture."""
    rng = np.random.default_rng(0)
    draws = np.concatenate([m * np.exp(0.5 * rng.standard_normal(200_000)) for m in (40, 80)])
    mixed = (share_over(40, 120) + share_over(80, 120)) / 2
    assert mixed == pytest.approx((draws > 120).mean(), abs=2e-3)
    p95 = [m * np.exp(0.5 * 1.6449) for m in (40, 80)]
    assert abs(np.quantile(draws, 0.95) - np.mean(p95)) > 10


def test_the_shipped_menu_has_a_price_for_an_order():
    menu = menu_table()
    best = menu.orders.max()
    prices = [
        best_split(menu, "margin", [Bound("orders", share * best)]).prices["orders"]
        for share in (0.9, 0.97, 0.99)
    ]
    assert prices == sorted(prices)
    assert prices[-1] > 0


@given(menus(), st.floats(0, 1), st.booleans())
def test_a_bargain_tells_what_the_programmes_find(menu, share, split):
    bounds = bounds_of(menu, share)
    frame = bargain(menu, "a", bounds, split=split)
    first = frame.iloc[0]
    assert first.left == frame.kept.sum() == len(feasible(menu, bounds))
    assert first.used == (frame.share > 0).sum()
    single = best_single(menu, "a", bounds)
    try:
        value = best_split(menu, "a", bounds).value if split else single.a
    except (InfeasibleError, AttributeError):
        assert first.used == 0
        assert np.isnan(first[["value", "mean_b", "price_b"]].astype(float)).all()
        return
    assert frame.share.sum() == pytest.approx(100)
    assert first.value == pytest.approx(value, abs=1e-6)
    assert first.mean_b >= first.least_b - 1e-6
    assert np.isnan(first.price_b) != split


def test_an_agreement_says_who_gets_what_and_what_it_costs():
    menu = pd.DataFrame({"name": ["quick", "slow"], "a": [10.0, 6.0], "b": [1.0, 5.0]})
    menu = menu.assign(margin_weight=0.5, ad_weight=1.0)
    bounds = [Bound("b", 3.0), Bound("a", 20.0, least=False)]
    text = agreement(menu, best_split(menu, "a", bounds), bounds, {"b": "orders", "a": "dollars"})
    assert text.count("to 50.0 % of traffic") == 2
    assert "at least 3.0 orders (one more would cost $1.00)" in text
    assert "at most 20.0 dollars (costs nothing)" in text
    shares = {"b": "per cent of orders", "a": "dollars"}
    told = agreement(menu, best_split(menu, "a", bounds), bounds, shares)
    assert "at least 3.0 per cent of orders (one point more would cost $1.00)" in told
    assert "  2.0 orders\n" in text
    assert text.splitlines()[-1] == "We reopen it when: ..."
