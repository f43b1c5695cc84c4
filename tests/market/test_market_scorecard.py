from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from launchlab.market import (
    SANITY_BANDS,
    AdPolicy,
    Couplings,
    Scores,
    Sessions,
    World,
    build_slates,
    draw_sessions,
    evaluate,
    evaluate_blocks,
    expected_outcomes,
    gini,
    make_logs,
    make_ranker,
    make_scorecard,
    make_world,
    sample_outcomes,
    session_blocks,
    true_scores,
)
from launchlab.market.scorecard import retention, weeks_stayed


@pytest.mark.parametrize("seed", [0, 1, 2, 3, 4, 18])  # 18: the fewest orders of 20 worlds
@pytest.mark.parametrize("slots", [2, 3])
def test_default_policies_are_believable(seed: int, slots: int):
    world = make_world(seed)
    sessions = draw_sessions(world, 4_000, seed=0)
    ranker = make_ranker("logistic").fit(make_logs(world, 4_000))
    for scores in (true_scores(sessions), ranker.score(sessions)):
        card = evaluate(sessions, scores, AdPolicy(slots=slots))
        assert card.out_of_band == [], card.sanity
        commission = world.commission.mean() * world.price.mean()
        assert card.sanity["ad_per_order"] < 0.4 * commission, "ads well under the commission"


def test_the_alarm_rings_for_ads_too_good_to_be_true(world: World):
    generous = replace(world, bid=20 * world.bid)
    sessions = draw_sessions(generous, 2_000, 0)
    card = evaluate(sessions, true_scores(sessions), bids=generous.bid)
    assert "ad_per_order" in card.out_of_band
    assert set(card.sanity) == set(SANITY_BANDS)


@given(n=st.integers(1, 9_500), block=st.sampled_from([1_000, 3_000, 10_000]))
@settings(max_examples=8, deadline=None)
def test_blocks_give_the_scorecard_of_one_pass(world: World, n: int, block: int):
    whole = draw_sessions(world, n, 2)
    one = evaluate(whole, true_scores(whole), latency_ms=120.0)
    parts = session_blocks(world, n, 2, block=block)
    many = evaluate_blocks(parts, true_scores, latency_ms=120.0)
    assert many.n_sessions == one.n_sessions == n
    assert many.rows() == pytest.approx(one.rows(), rel=1e-5)
    # A variance from sums of squares loses digits; of one session it is zero but for rounding.
    assert many.standard_error == pytest.approx(one.standard_error, rel=1e-4, abs=1e-2)


def test_scorecard_by_hand(sessions: Sessions, scores: Scores):
    outcomes = expected_outcomes(sessions, build_slates(sessions, scores))
    card = make_scorecard(outcomes, sessions.world.couplings)
    orders, margin = outcomes.measure("orders"), outcomes.measure("margin")
    assert card.orders == pytest.approx(1_000 * orders.mean())
    assert card.margin == pytest.approx(1_000 * margin.mean())
    stays = 1 / (1 + np.exp(-(3 + 1.8 * (outcomes.measure("experience").mean() - 0.45))))
    assert card.retention == pytest.approx(stays)
    assert card.life_value == pytest.approx(card.margin * (1 - stays**26) / (1 - stays))
    assert card.sanity["ad_per_order"] == pytest.approx(card.ad_revenue / card.orders)
    assert card.sanity["percent_ordering"] == pytest.approx(100 * orders.mean())
    assert card.standard_error["orders"] == pytest.approx(1_000 * orders.std() / np.sqrt(3_000))
    assert card.exposure_gini == pytest.approx(gini(outcomes.exposure))
    rng = np.random.default_rng(0)
    t = outcomes.totals
    values = [
        t[i, 3].mean() * weeks_stayed(retention(t[i, 5].mean(), Couplings()))
        for i in rng.integers(0, 3_000, (300, 3_000))
    ]
    assert card.standard_error["life_value"] == pytest.approx(1_000 * np.std(values), rel=0.15)


def test_sampled_and_expected_scorecards_agree_within_their_error(world: World):
    sessions = draw_sessions(world, 20_000, 4)
    slates = build_slates(sessions, true_scores(sessions))
    expected = make_scorecard(expected_outcomes(sessions, slates), world.couplings)
    sampled = make_scorecard(sample_outcomes(sessions, slates, seed=0), world.couplings)
    for name, error in sampled.standard_error.items():
        assert abs(getattr(sampled, name) - getattr(expected, name)) < 4 * error, name


def test_reacting_advertisers_pay_less(sessions: Sessions, scores: Scores):
    naive = evaluate(sessions, scores, bids=sessions.world.bid)
    settled = evaluate(sessions, scores)
    assert settled.ad_revenue < naive.ad_revenue


@given(a=st.floats(0, 5_000), b=st.floats(0, 5_000))
@settings(max_examples=10, deadline=None)
def test_latency_lowers_orders_margin_and_life_value(sessions: Sessions, a: float, b: float):
    few, scores = sessions[:300], true_scores(sessions[:300])
    bids = sessions.world.bid
    fast = evaluate(few, scores, latency_ms=min(a, b), bids=bids)
    slow = evaluate(few, scores, latency_ms=max(a, b), bids=bids)
    for name in ("orders", "clicks", "gmv"):
        assert getattr(slow, name) <= getattr(fast, name) * (1 + 1e-6)


@given(
    amounts=st.lists(st.floats(0, 1e6), min_size=1, max_size=30).filter(lambda v: sum(v) > 1e-3),
    factor=st.floats(0.01, 100),
)
def test_gini(amounts, factor):
    values = np.array(amounts)
    by_definition = np.abs(values[:, None] - values).mean() / (2 * values.mean())
    assert gini(values) == pytest.approx(by_definition, abs=1e-9)
    assert gini(factor * values) == pytest.approx(gini(values), abs=1e-9)
    assert gini(np.ones(5)) == pytest.approx(0)
    assert gini(np.array([0, 0, 0, 1.0])) == pytest.approx(0.75)


def test_retention_grows_with_experience_unless_the_slope_is_zero():
    assert retention(0.6, Couplings()) > retention(0.4, Couplings())
    flat = Couplings(retention_slope=0.0)
    assert retention(0.6, flat) == retention(0.4, flat)
    assert weeks_stayed(1.0) == 26
    assert weeks_stayed(0.0) == 1
    assert weeks_stayed(0.5, 2) == 1.5


def test_bad_input_is_named(sessions: Sessions, scores: Scores):
    empty = sessions[:0]
    with pytest.raises(ValueError, match="sessions are empty"):
        evaluate(empty, scores[:0])
    with pytest.raises(ValueError, match="sessions are empty"):
        evaluate_blocks([], true_scores, bids=sessions.world.bid)
    with pytest.raises(ValueError, match=r"latency_ms=-1\.0: expected a number from 0"):
        evaluate(sessions, scores, latency_ms=-1.0)
    with pytest.raises(ValueError, match="expected that of the sessions"):
        evaluate(sessions, scores[:20])
    with pytest.raises(ValueError, match="length=31: expected at most"):
        evaluate(sessions, scores, length=31)
    with pytest.raises(ValueError, match="amounts are all 0"):
        gini(np.zeros(3))
    with pytest.raises(ValueError, match=r"amounts has shape \(0,\)"):
        gini(np.zeros(0))
    with pytest.raises(ValueError, match="amounts ranges from -1"):
        gini(np.array([1.0, -1.0]))
