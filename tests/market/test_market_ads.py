from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from launchlab.market import (
    AdPolicy,
    Couplings,
    Scores,
    Sessions,
    World,
    adjust_bids,
    build_slates,
    draw_sessions,
    expected_outcomes,
    make_world,
    run_auction,
    settle_bids,
    true_scores,
)


def auction_by_hand(bid, click, slots, reserve):
    """The textbook's auction, one session at a time."""
    entrants = [j for j in range(len(bid)) if bid[j] > 0 and bid[j] >= reserve]
    entrants.sort(key=lambda j: -bid[j] * click[j])
    won = []
    for rank, j in enumerate(entrants[:slots]):
        price = reserve
        if rank + 1 < len(entrants):
            loser = entrants[rank + 1]
            price = max(reserve, bid[loser] * click[loser] / click[j])
        won.append((j, min(price, bid[j])))
    return won


@given(slots=st.integers(0, 8), reserve=st.floats(0, 2))
@settings(max_examples=30, deadline=None)
def test_auction_is_the_textbooks(sessions: Sessions, scores: Scores, slots, reserve):
    few, click = sessions[:40], scores.click[:40]
    auction = run_auction(few, click, AdPolicy(slots=slots, reserve=reserve))
    bid = sessions.world.bid.astype(float)
    for i in range(len(few)):
        expected = auction_by_hand(bid[few.restaurant[i]], click[i].astype(float), slots, reserve)
        assert auction.won[i].sum() == len(expected)
        for rank, (column, price) in enumerate(expected):
            assert auction.candidate[i, rank] == column
            assert auction.price[i, rank] == pytest.approx(price, rel=1e-4)
        assert len(set(auction.candidate[i])) == slots, "no column twice, winner or not"


@given(slots=st.integers(1, 8), reserve=st.floats(0, 1.5))
@settings(max_examples=20, deadline=None)
def test_nobody_pays_more_than_the_bid_or_less_than_the_reserve(sessions, scores, slots, reserve):
    auction = run_auction(sessions, scores.click, AdPolicy(slots=slots, reserve=reserve))
    restaurant = np.take_along_axis(sessions.restaurant, auction.candidate, axis=1)
    bid = sessions.world.bid[restaurant]
    assert (auction.price <= bid + 1e-6)[auction.won].all()
    assert (auction.price >= reserve - 1e-6)[auction.won].all()
    assert (auction.price[~auction.won] == 0).all()
    assert sessions.world.sponsored[restaurant][auction.won].all()


@given(
    slots=st.integers(0, 8),
    weight=st.floats(0, 1e5),
    reserve=st.floats(0, 2),
    length=st.integers(8, 30),
)
@settings(max_examples=30, deadline=None)
def test_at_most_so_many_places_are_ads(sessions, scores, slots, weight, reserve, length):
    few = sessions[:300]
    ads = AdPolicy(slots=slots, weight=weight, reserve=reserve)
    slates = build_slates(few, scores[:300], ads, length=length)
    assert slates.candidate.shape == (300, length)
    assert slates.sponsored.sum(axis=1).max() <= slots
    assert (slates.price[~slates.sponsored] == 0).all()
    assert all(len(set(row)) == length for row in slates.candidate)


def test_ad_weight_zero_leaves_the_ranking_alone_and_a_huge_one_puts_ads_first(sessions, scores):
    none = build_slates(sessions, scores, AdPolicy(slots=0))
    zero = build_slates(sessions, scores, AdPolicy(weight=0))
    huge = build_slates(sessions, scores, AdPolicy(weight=1e6))
    np.testing.assert_array_equal(zero.candidate, none.candidate)
    assert not none.sponsored.any()
    assert zero.sponsored.any(), "winners that stand in the slate anyway pay too"
    full = huge.sponsored.sum(axis=1) == 3
    assert full.mean() > 0.9
    assert huge.sponsored[full][:, :3].all()


def test_more_ad_weight_more_ad_revenue_and_fewer_orders():
    for seed in range(3):
        sessions = draw_sessions(make_world(seed), 2_000, 0)
        scores = true_scores(sessions)
        ads, orders = [], []
        for weight in (0, 1, 3, 10):
            slates = build_slates(sessions, scores, AdPolicy(weight=weight))
            outcomes = expected_outcomes(sessions, slates)
            ads.append(outcomes.measure("ad_revenue").sum())
            orders.append(outcomes.measure("orders").sum())
        assert sorted(ads) == ads
        assert sorted(orders, reverse=True) == orders


def test_bids_fall_where_an_order_costs_too_much_and_nowhere_else(world: World):
    n = len(world.price)
    limit = world.couplings.cost_per_order_limit * world.price
    orders = np.full(n, 10.0)
    cost = np.where(np.arange(n) % 2, 2.0, 0.5)
    new = adjust_bids(world, spend=cost * limit * orders, orders=orders)
    np.testing.assert_allclose(new, np.where(np.arange(n) % 2, 0.5, 1.0) * world.bid, rtol=1e-5)
    ruinous = adjust_bids(world, spend=np.full(n, 5.0), orders=np.zeros(n))
    np.testing.assert_allclose(ruinous, 0.25 * world.bid, rtol=1e-5)
    np.testing.assert_array_equal(adjust_bids(world, np.zeros(n), np.zeros(n)), world.bid)


def test_the_reaction_lowers_cost_per_order():
    for seed in range(3):
        world = make_world(seed)
        sessions = draw_sessions(world, 3_000, 0)
        scores = true_scores(sessions)
        before = expected_outcomes(sessions, build_slates(sessions, scores))
        bids = settle_bids(sessions, scores)
        after = expected_outcomes(sessions, build_slates(sessions, scores, bids=bids))
        assert (bids <= world.bid + 1e-6).all()
        paying = before.ad_spend > 0
        limit = world.couplings.cost_per_order_limit * world.price[paying]
        dear = before.ad_spend[paying] > limit * before.ad_orders[paying]
        assert (bids < world.bid * (1 - 1e-6))[paying][dear].all()
        np.testing.assert_array_equal(bids[paying][~dear], world.bid[paying][~dear])
        cost = [o.ad_spend.sum() / o.ad_orders.sum() for o in (before, after)]
        assert cost[1] < cost[0]
        tolerant = replace(world, couplings=Couplings(cost_per_order_limit=0.5))
        generous = settle_bids(replace(sessions, world=tolerant), scores)
        assert generous.sum() > bids.sum()


def test_a_ranker_that_overrates_the_clicks_of_baits_sells_other_ads(sessions, scores):
    honest = run_auction(sessions, scores.click, AdPolicy())
    bait = sessions.world.badge[sessions.restaurant] > 1
    fooled = run_auction(
        sessions, np.minimum(np.where(bait, 3 * scores.click, scores.click), 1), AdPolicy()
    )
    share = [np.take_along_axis(bait, a.candidate, axis=1)[a.won].mean() for a in (honest, fooled)]
    assert share[1] > share[0]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"slots": -1}, "slots=-1: expected a whole number of at least 0 and at most 8"),
        ({"slots": 9}, "slots=9: expected a whole number of at least 0 and at most 8"),
        ({"slots": 2.5}, "slots=2.5: expected a whole number"),
        ({"weight": float("nan")}, "weight=nan: expected a number from 0"),
        ({"weight": -0.1}, "weight=-0.1: expected a number from 0"),
        ({"reserve": -1}, "reserve=-1: expected a number from 0"),
        ({"order_value": 0}, "order_value=0: expected a number from 0.001"),
    ],
)
def test_bad_policies_are_named(arguments, message):
    with pytest.raises(ValueError, match=message):
        AdPolicy(**arguments)


def test_bad_auction_input_is_named(sessions: Sessions, scores: Scores):
    with pytest.raises(ValueError, match=r"click has shape \(3000, 29\): expected \(3000, 30\)"):
        run_auction(sessions, scores.click[:, :29], AdPolicy())
    with pytest.raises(ValueError, match=r"click ranges from .* to 2: expected values from 0 to 1"):
        run_auction(sessions, np.full(sessions.shape, 2.0), AdPolicy())
    with pytest.raises(ValueError, match=r"bids has shape \(3,\): expected \(240,\)"):
        run_auction(sessions, scores.click, AdPolicy(), bids=np.ones(3))
    with pytest.raises(ValueError, match="bids holds NaN or infinity"):
        build_slates(sessions, scores, bids=np.full(240, np.nan))
    with pytest.raises(ValueError, match="spend ranges from -1"):
        adjust_bids(sessions.world, np.full(240, -1.0), np.ones(240))
