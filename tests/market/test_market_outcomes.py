from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from launchlab.market import (
    MEASURES,
    AdPolicy,
    Couplings,
    Outcomes,
    Scores,
    Sessions,
    Slates,
    attention,
    build_slates,
    draw_sessions,
    expected_outcomes,
    make_world,
    organic_slates,
    relative_change,
    sample_outcomes,
    stay_probability,
    true_scores,
)

latencies = st.floats(0, 20_000)


def any_slates(sessions: Sessions, seed: int, length: int) -> Slates:
    """Random slates with some ads: outcomes must be sane for bad policies too."""
    rng = np.random.default_rng(seed)
    columns = rng.permuted(np.tile(np.arange(30), (len(sessions), 1)), axis=1)[:, :length]
    sponsored = rng.random(columns.shape) < 0.3
    price = np.where(sponsored, rng.uniform(0.3, 2.0, columns.shape), 0).astype(np.float32)
    return Slates(columns, sponsored, price)


@given(seed=st.integers(0, 10_000), length=st.integers(1, 30), latency=latencies)
@settings(max_examples=40, deadline=None)
def test_probabilities_are_probabilities(sessions: Sessions, seed, length, latency):
    few = sessions[:200]
    outcomes = expected_outcomes(few, any_slates(few, seed, length), latency)
    stay = stay_probability(few, latency)
    assert (outcomes.order >= 0).all()
    assert (outcomes.order.sum(axis=1) <= stay + 1e-6).all()
    assert (stay <= 1).all()
    assert (outcomes.click >= outcomes.order - 1e-7).all(), "every order is a click"
    assert (outcomes.click <= 1 + 1e-6).all()
    assert outcomes.ad_spend.sum() == pytest.approx(outcomes.measure("ad_revenue").sum(), rel=1e-4)
    assert outcomes.ad_orders.sum() <= outcomes.measure("orders").sum() * (1 + 1e-6)


@given(a=latencies, b=latencies, elasticity=st.floats(0, 0.01))
@settings(max_examples=40, deadline=None)
def test_more_latency_never_raises_orders(sessions: Sessions, a, b, elasticity):
    couplings = Couplings(latency_elasticity=elasticity)
    few = replace(sessions[:200], world=replace(sessions.world, couplings=couplings))
    slates = any_slates(few, 1, 8)
    fast = expected_outcomes(few, slates, min(a, b))
    slow = expected_outcomes(few, slates, max(a, b))
    for name in ("orders", "clicks", "gmv", "ad_revenue"):
        assert (slow.measure(name) <= fast.measure(name) * (1 + 1e-6)).all(), name


def test_elasticity_is_the_share_of_customers_lost_by_100_ms():
    world = make_world(0)
    one_each = draw_sessions(world, 20_000, seed=0)
    for elasticity in (0.002, 0.005, 0.01):
        couplings = Couplings(latency_elasticity=elasticity)
        sessions = replace(one_each, world=replace(world, couplings=couplings))
        lost = 1 - float(stay_probability(sessions, 100.0).mean(dtype=np.float64))
        assert lost == pytest.approx(elasticity, rel=0.03)
    assert (stay_probability(one_each, 0.0) == 1).all()


def test_latency_may_differ_by_session(sessions: Sessions):
    latency = np.linspace(0, 500, len(sessions))
    slates = any_slates(sessions, 0, 8)
    mixed = expected_outcomes(sessions, slates, latency)
    alone = expected_outcomes(sessions[10:11], slates[10:11], float(latency[10]))
    np.testing.assert_allclose(mixed.order[10], alone.order[0], rtol=1e-5)


def permuted(sessions: Sessions, order: np.ndarray) -> Sessions:
    names = ("near", "restaurant", "distance", "eta", "experienced")
    return replace(sessions, **{n: getattr(sessions, n)[:, order] for n in names})


@given(order=st.permutations(range(30)), weight=st.floats(0, 5), slots=st.integers(0, 5))
@settings(max_examples=30, deadline=None)
def test_a_permutation_of_candidates_changes_nothing(sessions: Sessions, order, weight, slots):
    few, order = sessions[:300], np.array(order)
    mixed = permuted(few, order)
    ads = AdPolicy(slots=slots, weight=weight)
    scores, mixed_scores = true_scores(few), true_scores(mixed)
    np.testing.assert_allclose(mixed_scores.order, scores.order[:, order], rtol=1e-5)
    slates, mixed_slates = build_slates(few, scores, ads), build_slates(mixed, mixed_scores, ads)
    np.testing.assert_array_equal(
        np.take_along_axis(few.restaurant, slates.candidate, axis=1),
        np.take_along_axis(mixed.restaurant, mixed_slates.candidate, axis=1),
    )
    np.testing.assert_allclose(mixed_slates.price, slates.price, rtol=1e-4, atol=1e-6)
    a, b = expected_outcomes(few, slates), expected_outcomes(mixed, mixed_slates)
    np.testing.assert_allclose(a.totals, b.totals, rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(a.exposure, b.exposure, rtol=1e-6)


def test_logit_by_hand(sessions: Sessions):
    one = sessions[17:18]
    slate = np.array([[4, 9, 20]])
    world, couplings = one.world, one.world.couplings
    outcomes = expected_outcomes(one, organic_slates(slate), 250.0)
    hurry = 2.5 / world.patience[one.customer[0]] / np.exp(0.125)
    stay = (1 - couplings.latency_elasticity) ** hurry
    restaurant = one.restaurant[0, slate[0]]
    experienced = one.experienced[0, slate[0]].astype(float)
    weight = np.array([1.0, 2**-0.7, 3**-0.7])
    pull = weight * np.exp(experienced + 0.45 * world.badge[restaurant])
    order = stay * pull / (pull.sum() + np.exp(one.outside[0]))
    np.testing.assert_allclose(outcomes.order[0], order, rtol=1e-4)
    utility = 0.5 * experienced + 1.0 * world.badge[restaurant] - 0.6
    browse = 0.5 * weight / (1 + np.exp(-utility))
    np.testing.assert_allclose(outcomes.click[0], order + (stay - order.sum()) * browse, rtol=1e-4)
    courier = (1.2 + 0.55 * one.distance[0, slate[0]]) * (1.25 if one.rain[0] else 1.0)
    margin = world.commission[restaurant] * world.price[restaurant] - courier + 1.5
    assert outcomes.measure("margin")[0] == pytest.approx((order * margin).sum(), rel=1e-4)
    assert outcomes.measure("experience")[0] == pytest.approx((order * experienced).sum(), rel=1e-3)


def test_expected_outcomes_are_what_sampled_ones_average_to(world):
    sessions = draw_sessions(world, 40_000, seed=9)
    slates = build_slates(sessions, true_scores(sessions))
    expected = expected_outcomes(sessions, slates, 400.0)
    sampled = sample_outcomes(sessions, slates, seed=1, latency_ms=400.0)
    for name in MEASURES:
        difference = sampled.measure(name) - expected.measure(name)
        error = difference.std() / np.sqrt(len(sessions))
        assert abs(difference.mean()) < 4 * error, name
        assert error < 0.05 * abs(expected.measure(name).mean()), name
    for name in ("order", "click"):
        difference = getattr(sampled, name) - getattr(expected, name)
        error = difference.std(axis=0) / np.sqrt(len(sessions))
        assert (np.abs(difference.mean(axis=0)) < 4 * error).all(), "place by place"


def test_sampled_outcomes_are_possible_and_seeded(sessions: Sessions, scores: Scores):
    slates = build_slates(sessions, scores)
    first = sample_outcomes(sessions, slates, seed=1)
    assert set(np.unique(first.order)) == {0, 1}
    assert set(np.unique(first.click)) == {0, 1}
    assert first.order.sum(axis=1).max() == 1
    assert (first.click >= first.order).all()
    np.testing.assert_array_equal(first.click, sample_outcomes(sessions, slates, seed=1).click)
    assert not np.array_equal(first.click, sample_outcomes(sessions, slates, seed=2).click)
    gone = sample_outcomes(sessions, slates, seed=1, latency_ms=1e9)
    assert gone.click.sum() == 0, "nobody waits for eleven days"


def test_ranking_by_true_order_probability_is_the_best_for_orders(sessions: Sessions):
    few = sessions[:200]
    best = expected_outcomes(few, build_slates(few, true_scores(few), AdPolicy(slots=0)))
    for seed in range(20):
        other = expected_outcomes(few, any_slates(few, seed, 8))
        assert (other.measure("orders") <= best.measure("orders") + 1e-6).all()


def test_couplings_pull_outcomes_the_way_they_should():
    def orders_and_clicks(**couplings: float) -> tuple[float, float]:
        world = make_world(2, Couplings(**couplings))
        sessions = draw_sessions(world, 2_000, seed=0)
        slates = organic_slates(np.tile(np.arange(8), (2_000, 1)))
        outcomes = expected_outcomes(sessions, slates, 1_000.0)
        return outcomes.measure("orders").mean(), outcomes.measure("clicks").mean()

    base = orders_and_clicks()
    assert orders_and_clicks(latency_elasticity=0.01) < base
    assert orders_and_clicks(attention_exponent=1.5) < base
    assert orders_and_clicks(badge_click_effect=0.0)[1] != base[1]
    assert orders_and_clicks(badge_click_effect=0.0)[0] == pytest.approx(base[0], rel=1e-6)
    np.testing.assert_allclose(attention(3, Couplings(attention_exponent=1.0)), [1, 1 / 2, 1 / 3])


def test_badge_moves_the_decision_and_not_the_experience():
    loud, mute = make_world(2), make_world(2, Couplings(badge_effect=0.0))
    a, b = draw_sessions(loud, 500, 0), draw_sessions(mute, 500, 0)
    np.testing.assert_array_equal(a.restaurant, b.restaurant)
    np.testing.assert_array_equal(a.experienced, b.experienced)
    np.testing.assert_allclose(
        a.perceived - a.experienced, 0.45 * loud.badge[a.restaurant], atol=1e-5
    )
    np.testing.assert_array_equal(b.perceived, b.experienced)


def test_relative_change_by_hand_and_by_cluster(sessions: Sessions, scores: Scores):
    base = expected_outcomes(sessions, build_slates(sessions, scores, AdPolicy(slots=0)))
    new = expected_outcomes(sessions, any_slates(sessions, 0, 8))
    change, error = relative_change(base, new, "orders")
    a, b = base.measure("orders"), new.measure("orders")
    assert change == pytest.approx(100 * (b.mean() / a.mean() - 1))
    rng = np.random.default_rng(0)
    draws = rng.integers(0, len(a), (400, len(a)))
    bootstrap = 100 * (b[draws].mean(axis=1) / a[draws].mean(axis=1) - 1)
    assert error == pytest.approx(bootstrap.std(), rel=0.15)
    each_alone = relative_change(base, new, "orders", clusters=np.arange(len(a)))
    assert each_alone == pytest.approx((change, error))
    twins = np.concatenate([np.arange(len(a)), np.arange(len(a))])

    def doubled(o: Outcomes) -> Outcomes:
        return replace(o, order=o.order[twins], click=o.click[twins], totals=o.totals[twins])

    both = relative_change(doubled(base), doubled(new), "orders", clusters=twins)
    assert both == pytest.approx((change, error)), "a copy of each session teaches nothing"
    naive = relative_change(doubled(base), doubled(new), "orders")
    assert naive[1] == pytest.approx(error / np.sqrt(2))


@pytest.mark.parametrize("latency", [-1.0, float("nan"), -1e-9])
def test_impossible_latency_is_named(sessions: Sessions, latency):
    with pytest.raises(ValueError, match=r"latency_ms=.*: expected a number from 0"):
        expected_outcomes(sessions, any_slates(sessions, 0, 8), latency)
    with pytest.raises(ValueError, match="latency_ms"):
        expected_outcomes(sessions, any_slates(sessions, 0, 8), np.full(len(sessions), latency))


def test_other_bad_input_is_named(sessions: Sessions):
    few = sessions[:5]
    with pytest.raises(ValueError, match=r"latency_ms has shape \(4,\): expected \(5,\)"):
        stay_probability(few, np.zeros(4))
    with pytest.raises(ValueError, match="slates have 31 places: expected at most 30"):
        expected_outcomes(few, organic_slates(np.zeros((5, 31), dtype=int)))
    with pytest.raises(ValueError, match="expected 5 slates, one per session"):
        expected_outcomes(few, organic_slates(np.zeros((4, 8), dtype=int)))
    with pytest.raises(ValueError, match="slates hold columns from 30 to 30: expected 0 to 29"):
        expected_outcomes(few, organic_slates(np.full((5, 2), 30)))
    with pytest.raises(ValueError, match="slates repeat a column"):
        expected_outcomes(few, organic_slates(np.full((5, 2), 3)))
    good = any_slates(few, 0, 8)
    with pytest.raises(ValueError, match=r"price has shape \(5, 1\): expected \(5, 8\)"):
        expected_outcomes(few, replace(good, price=good.price[:, :1]))
    with pytest.raises(ValueError, match="price ranges from -1"):
        expected_outcomes(few, replace(good, price=good.price - 1))
    with pytest.raises(ValueError, match="name='order': expected one of orders, clicks"):
        expected_outcomes(few, any_slates(few, 0, 8)).measure("order")
    with pytest.raises(ValueError, match="length=0: expected a whole number of at least 1"):
        attention(0, Couplings())
    with pytest.raises(ValueError, match="expected the same sessions"):
        relative_change(
            expected_outcomes(few, any_slates(few, 0, 8)),
            expected_outcomes(sessions, any_slates(sessions, 0, 8)),
            "orders",
        )
