import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from launchlab.market import (
    AdPolicy,
    Scores,
    Sessions,
    blend,
    build_slates,
    expected_outcomes,
    mean_scores,
    run_auction,
    top_slate,
)


@given(seed=st.integers(0, 1_000), length=st.integers(1, 30), levels=st.integers(1, 40))
@settings(max_examples=50, deadline=None)
def test_top_slate_takes_the_best_and_ties_by_column(seed, length, levels):
    score = np.random.default_rng(seed).integers(0, levels, (20, 30)).astype(np.float32)
    slate = top_slate(score, length)
    for row, shown in zip(score, slate, strict=True):
        expected = sorted(range(30), key=lambda j: (-row[j], j))[:length]
        assert shown.tolist() == expected


def test_blend_has_its_ends_right(scores: Scores):
    def order(s):
        return top_slate(s.rank_by)

    np.testing.assert_array_equal(order(blend(scores, 0.0)), top_slate(scores.order))
    np.testing.assert_array_equal(order(blend(scores, 1.0)), top_slate(scores.click))
    assert (order(blend(scores, 0.5)) != top_slate(scores.order)).any()


def test_clicks_rise_and_orders_fall_along_the_dial(sessions: Sessions, scores: Scores):
    orders, clicks = [], []
    for b in np.linspace(0, 1, 6):
        slates = build_slates(sessions, blend(scores, b), AdPolicy(slots=0))
        outcomes = expected_outcomes(sessions, slates)
        orders.append(outcomes.measure("orders").sum())
        clicks.append(outcomes.measure("clicks").sum())
    assert sorted(orders, reverse=True) == orders, "with true scores nothing beats b = 0"
    assert sorted(clicks) == clicks


@given(b=st.floats(0, 1), weight=st.floats(0, 10), slots=st.integers(1, 4))
@settings(max_examples=20, deadline=None)
def test_ads_stand_where_they_stand_whatever_the_organic_ranking(
    sessions: Sessions, scores: Scores, b, weight, slots
):
    few, few_scores = sessions[:300], scores[:300]
    ads = AdPolicy(slots=slots, weight=weight)
    plain, dial = build_slates(few, few_scores, ads), build_slates(few, blend(few_scores, b), ads)
    np.testing.assert_array_equal(plain.sponsored, dial.sponsored)
    np.testing.assert_array_equal(plain.price, dial.price)
    np.testing.assert_array_equal(plain.candidate[plain.sponsored], dial.candidate[dial.sponsored])
    rank_by = blend(few_scores, b).rank_by
    for i in range(len(few)):
        organic = dial.candidate[i][~dial.sponsored[i]]
        shown = set(dial.candidate[i])
        assert len(shown) == 8, "nobody stands twice"
        assert (np.diff(rank_by[i, organic]) <= 0).all()
        left = [j for j in range(30) if j not in shown]
        assert rank_by[i, left].max() <= rank_by[i, organic].min()


def test_ranking_by_dollars_is_what_the_docstring_says(sessions: Sessions, scores: Scores):
    ads = AdPolicy(slots=2, weight=1.5, order_value=3.0)
    auction = run_auction(sessions, scores.click, ads)
    dollars = 3.0 * scores.order.astype(float)
    rows = np.arange(len(sessions))
    for rank in range(2):
        dollars[rows, auction.candidate[:, rank]] += 1.5 * auction.value[:, rank]
    slates = build_slates(sessions, scores, ads)
    same = (slates.candidate == top_slate(dollars)).all(axis=1)
    assert same.mean() > 0.999, "but for ties within rounding"
    blended = build_slates(sessions, blend(scores, 0.0), ads)
    assert (blended.candidate == slates.candidate).all(axis=1).mean() > 0.999


def test_mean_scores(scores: Scores):
    double = mean_scores([scores, Scores(np.zeros_like(scores.order), scores.click)])
    np.testing.assert_allclose(double.order, scores.order / 2, rtol=1e-6)
    np.testing.assert_allclose(double.click, scores.click, rtol=1e-6)
    with pytest.raises(ValueError, match="scores is empty"):
        mean_scores([])
    with pytest.raises(ValueError, match="expected one shape"):
        mean_scores([scores, scores[:3]])


def test_bad_input_is_named(sessions: Sessions, scores: Scores):
    good = np.full((2, 3), 0.5)
    with pytest.raises(ValueError, match="order holds NaN or infinity"):
        Scores(np.full((2, 3), np.nan), good)
    with pytest.raises(ValueError, match=r"click has shape \(2, 2\): expected \(2, 3\)"):
        Scores(good, good[:, :2])
    with pytest.raises(ValueError, match=r"order has shape \(3,\)"):
        Scores(good[0], good[0])
    with pytest.raises(ValueError, match="rank_by holds NaN"):
        Scores(good, good, np.full((2, 3), np.nan))
    with pytest.raises(ValueError, match="length=31: expected at most the number of candidates"):
        build_slates(sessions, scores, length=31)
    with pytest.raises(ValueError, match="length=31: expected at most"):
        build_slates(sessions, scores, AdPolicy(slots=0), length=31)
    with pytest.raises(ValueError, match="expected that of the sessions"):
        build_slates(sessions, scores[:10])
    with pytest.raises(ValueError, match="score holds NaN"):
        top_slate(np.full((2, 9), np.nan))
    for bad in (float("nan"), -0.1, 1.1):
        with pytest.raises(ValueError, match=r"click_weight=.*: expected a number from 0 to 1"):
            blend(scores, bad)
