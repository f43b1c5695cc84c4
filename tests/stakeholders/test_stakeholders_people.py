"""The five and their arithmetic: ideals, regrets, utilities, fronts."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchlab.stakeholders.configurations import TODAY
from launchlab.stakeholders.people import (
    FIVE,
    INFRASTRUCTURE,
    MANAGER,
    ML,
    PRODUCT,
    SALES,
    Business,
    Stakeholder,
    conflict_matrix,
    ideals,
    maximin_choice,
    pareto_front,
    row_of,
    weighted_choice,
    within_reach,
)

MEASURES = ("orders", "ad_revenue", "p95_ms", "artefacts", "profit")


@st.composite
def menus(draw):
    """Menus whose first row is what runs today."""
    size = draw(st.integers(2, 9))
    numbers = st.integers(1, 60)
    frame = pd.DataFrame(
        {name: draw(st.lists(numbers, min_size=size, max_size=size)) for name in MEASURES}
    ).astype(float)
    frame.insert(0, "model", [TODAY.model, *[f"m{row}" for row in range(1, size)]])
    return frame.assign(shortlist=TODAY.shortlist, margin_weight=0.0, ad_weight=TODAY.ad_weight)


@given(menus())
def test_regret_is_never_negative_and_nothing_at_the_own_ideal(menu):
    for one in FIVE:
        assert (one.regret(menu) >= 0).all()
        assert one.regret(menu)[one.ideal(menu).name] == 0
        assert (one.regret(one.tied(menu)) == 0).all()
    matrix = conflict_matrix(menu, percent=False)
    assert (np.diag(matrix) == 0).all()
    assert (matrix.to_numpy() >= 0).all()


@given(menus())
def test_utility_is_one_at_the_ideal_and_nothing_today(menu):
    for one in FIVE:
        utility = one.utility(menu)
        assert utility.max() == 1
        ideal_today = one.regret(menu)[row_of(menu, TODAY)] == 0
        assert utility.iloc[0] == pytest.approx(1 if ideal_today else 0)


@given(menus())
def test_a_row_that_nobody_wants_moves_nothing(menu):
    worst = {"orders": 0.0, "ad_revenue": 0.0, "p95_ms": 1e4, "artefacts": 1e3, "profit": -1e3}
    longer = pd.concat([menu, menu.iloc[[0]].assign(model="silly", **worst)], ignore_index=True)
    for one in FIVE:
        assert one.utility(longer).iloc[:-1].tolist() == one.utility(menu).tolist()
    equal = {one.name: 1.0 for one in (ML, SALES, MANAGER)}
    assert weighted_choice(longer, equal).model == weighted_choice(menu, equal).model
    assert maximin_choice(longer).model == maximin_choice(menu).model


@given(menus(), st.tuples(*[st.integers(0, 5)] * 3))
def test_a_weighted_choice_beats_every_other_row(menu, weights):
    named = dict(zip(("ml", "sales", "manager"), map(float, weights), strict=True))
    if not any(weights):
        return
    total = sum(named[one.name] * one.utility(menu) for one in (ML, SALES, MANAGER))
    assert total[weighted_choice(menu, named).name] == total.max()


@given(menus())
def test_a_front_is_not_beaten_and_all_else_is(menu):
    front = pareto_front(menu)
    for label, row in menu.iterrows():
        at_least = (menu.orders >= row.orders) & (menu.ad_revenue >= row.ad_revenue)
        better = (menu.orders > row.orders) | (menu.ad_revenue > row.ad_revenue)
        assert (label in front.index) != (at_least & better).any()


@given(menus(), st.integers(0, 20))
def test_weights_choose_only_what_is_within_reach(menu, share):
    front = pareto_front(menu)
    reach = within_reach(front)
    assert reach.any()
    total = share * front.orders + (20 - share) * front.ad_revenue
    best = front[np.isclose(total, total.max())]
    assert reach[best.index].any() or best[["orders", "ad_revenue"]].duplicated().any()


def test_ties_go_to_what_changes_least():
    menu = pd.DataFrame(
        {
            "model": ["logistic", "hgb50", "hgb50"],
            "shortlist": [30, 30, 30],
            "margin_weight": [0.0, 0.0, 1.0],
            "ad_weight": [2.0, 1.0, 0.0],
            "artefacts": [2, 2, 2],
        }
    )
    assert INFRASTRUCTURE.ideal(menu).name == 1
    assert len(INFRASTRUCTURE.tied(menu)) == 3


def test_a_sixth_stakeholder_is_one_declaration():
    menu = pd.DataFrame(
        {
            **{name: [1.0, 2.0] for name in MEASURES},
            "model": ["hgb50", "b"],
            "shortlist": 30,
            "margin_weight": 0.0,
            "ad_weight": 1.0,
            "rides": [5.0, 3.0],
        }
    )
    couriers = Stakeholder("couriers", "Couriers", "Short rides.", "rides", "km", "How far?", False)
    assert conflict_matrix(menu, [*FIVE, couriers]).loc["couriers", "ml"] == 0
    assert ideals(menu, [couriers]).loc["couriers", "model"] == "b"


def test_the_manager_pays_the_team():
    menu = pd.DataFrame({"model": ["logistic", "ensemble5"], "margin": [1_000.0, 1_000.0]})
    business = Business(sessions_per_week=1_000, wage=10_000)
    assert business.profit(menu).tolist() == pytest.approx([0.042, 0.012])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: PRODUCT.values(pd.DataFrame({"orders": [1.0]})), "no column 'p95_ms'"),
        (lambda: ML.values(pd.DataFrame({"orders": []})), "menu is empty"),
        (lambda: ML.values(pd.DataFrame({"orders": [np.nan]})), "not finite"),
        (lambda: Stakeholder("", "x", "x", "x", "x", "x"), "name is empty"),
        (lambda: Business(wage=-1.0), "wage"),
        (lambda: Business().profit(pd.DataFrame({"model": ["x"], "margin": [1.0]})), "model='x'"),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_weights_are_checked():
    menu = pd.DataFrame(
        {
            "model": ["hgb50"],
            "shortlist": 30,
            "margin_weight": 0.0,
            "ad_weight": 1.0,
            **dict.fromkeys(MEASURES, 1.0),
        }
    )
    for weights, message in (
        ({"cook": 1.0}, "cook"),
        ({"ml": -1.0}, "weights"),
        ({"ml": 0.0}, "at least one above 0"),
    ):
        with pytest.raises(ValueError, match=message):
            weighted_choice(menu, weights)
    with pytest.raises(ValueError, match="0 times"):
        row_of(menu.assign(model="x"), TODAY)
