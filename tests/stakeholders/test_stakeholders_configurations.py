"""The menu's levers: what each does to a ranking, and what it may not do."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchlab.market import draw_sessions, make_world, true_scores
from launchlab.stakeholders.configurations import (
    Configuration,
    by_margin,
    configured,
    evaluate_menu,
    order_margins,
    shortlisted,
    show_slates,
    try_out,
)

SESSIONS = draw_sessions(make_world(0), 1_000, seed=1)
SCORES = true_scores(SESSIONS)


def test_no_margin_weight_ranks_by_the_chance_of_an_order():
    assert by_margin(SESSIONS, SCORES, 0.0, 4.0).rank_by is None


def test_all_margin_weight_ranks_by_what_an_order_earns():
    ranked = by_margin(SESSIONS, SCORES, 1.0, 4.0).rank_by
    earns = np.maximum(order_margins(SESSIONS), 1e-3)
    assert ranked == pytest.approx(SCORES.order * earns, rel=1e-5)


@given(st.floats(0.01, 1), st.floats(0.5, 20))
def test_more_worth_makes_the_order_count_for_more(weight, worth):
    small, large = (by_margin(SESSIONS[:20], SCORES[:20], weight, w) for w in (worth, 2 * worth))
    assert (large.rank_by >= small.rank_by - 1e-6).all()


def test_a_shorter_list_brings_fewer_orders():
    orders = [try_out(SESSIONS, SCORES, Configuration("truth", k)).orders for k in (8, 12, 20, 30)]
    assert orders == sorted(orders)
    assert orders[0] < 0.97 * orders[-1]


@pytest.mark.parametrize("shortlist", [8, 12, 20])
def test_what_is_not_on_the_shortlist_is_never_shown(shortlist):
    kept = shortlisted(SESSIONS, SCORES, shortlist).order > 0
    assert (kept.sum(axis=1) == shortlist).all()
    slates = show_slates(SESSIONS, SCORES, Configuration("truth", shortlist))
    assert np.take_along_axis(kept, slates.candidate, axis=1).all()


def test_more_weight_on_ads_brings_ads_and_costs_orders():
    cards = [
        try_out(SESSIONS, SCORES, Configuration("truth", 30, 0.0, weight)) for weight in (0, 1, 30)
    ]
    assert cards[0].ad_revenue < cards[1].ad_revenue < cards[2].ad_revenue
    assert cards[0].orders > cards[1].orders > cards[2].orders


def test_margin_weight_brings_margin_and_costs_orders():
    plain, rich = (try_out(SESSIONS, SCORES, Configuration("truth", 30, m, 0.0)) for m in (0, 1))
    assert rich.margin > plain.margin
    assert rich.orders < plain.orders


def test_the_shortlist_comes_before_the_margin_weight():
    both = configured(SESSIONS, SCORES, Configuration("truth", 8, 1.0))
    assert ((both.rank_by > 0).sum(axis=1) <= 8).all()


def test_a_menu_has_a_row_for_each_configuration_in_order():
    menu = [Configuration("truth", 30, 0.0, 1.0), Configuration("truth", 12, 0.5, 0.0)]
    slow = {("truth", 30): 0.0, ("truth", 12): 2_000.0}
    frame = evaluate_menu(SESSIONS, {"truth": SCORES}, menu, slow)
    assert frame.shortlist.tolist() == [30, 12]
    without = evaluate_menu(SESSIONS, {"truth": SCORES}, menu)
    assert frame.orders[1] < without.orders[1]
    assert frame.orders[0] == without.orders[0]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: Configuration(""), "model=''"),
        (lambda: Configuration("hgb50", 7), "shortlist"),
        (lambda: Configuration("hgb50", 30, 1.5), "margin_weight"),
        (lambda: Configuration("hgb50", 30, 0.0, -1.0), "ad_weight"),
        (lambda: evaluate_menu(SESSIONS, {}, []), "menu is empty"),
        (lambda: evaluate_menu(SESSIONS, {}, [Configuration("hgb50")]), "model='hgb50'"),
        (lambda: by_margin(SESSIONS, SCORES, 0.5, 0.0), "worth"),
        (lambda: shortlisted(SESSIONS, SCORES, 31), "shortlist"),
    ],
)
def test_bad_configurations_are_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()
