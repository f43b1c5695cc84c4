"""Three weights and two limits: what is chosen, what is drawn beside it, and what is ruled out."""

import numpy as np
import pytest

from launchlab.stakeholders import weighing
from launchlab.stakeholders.people import MANAGER, ML, SALES

TABLE = weighing.weighing_table()
SETTING = {
    "ml": 2.0,
    "sales": 1.0,
    "manager": 0.0,
    "p95_limit": 180.0,
    "artefact_cap": 10,
    "freeze": 0,
}


def weigh(**changed):
    return weighing.weigh(TABLE, **(SETTING | changed))


@pytest.mark.parametrize("weights", [(2, 1, 0), (0, 1, 0), (1, 8, 0), (1, 1, 4)])
def test_no_row_has_a_larger_sum_than_the_chosen_one(weights):
    frame = weigh(**dict(zip(("ml", "sales", "manager"), weights, strict=True)))
    shares = [w * one.utility(TABLE) for w, one in zip(weights, (ML, SALES, MANAGER), strict=True)]
    total = sum(shares)
    assert frame.chosen.sum() == 1
    assert total[frame.chosen].iloc[0] == pytest.approx(total.max())
    assert set(frame["mark"][frame.chosen]) == {"chosen"}


@pytest.mark.parametrize(("ml", "sales"), [(2, 1), (0, 1), (1, 0), (0.25, 8)])
def test_the_line_joins_points_of_the_same_sum_and_leaves_the_plane(ml, sales):
    row = weigh(ml=ml, sales=sales).query("chosen").iloc[0]
    now = weigh().query("today").iloc[0]
    units = TABLE.orders.max() - now.orders, TABLE.ad_revenue.max() - now.ad_revenue

    def total(orders, ads):
        return ml * orders / units[0] + sales * ads / units[1]

    here = total(row.orders, row.ad_revenue)
    assert total(row.left, row.top) == pytest.approx(here)
    assert total(row.right, row.bottom) == pytest.approx(here)
    wide = abs(row.right - row.left) / (weighing.ORDERS[1] - weighing.ORDERS[0])
    high = abs(row.top - row.bottom) / (weighing.ADS[1] - weighing.ADS[0])
    assert wide + high > 2


def test_with_a_weight_of_the_manager_there_is_no_line():
    row = weigh(manager=1.0).query("chosen").iloc[0]
    assert (row.left, row.top) == (row.right, row.bottom) == (row.orders, row.ad_revenue)


def test_limits_rule_rows_out():
    frame = weigh(p95_limit=100.0)
    over = (TABLE.p95_ms > 100) & ~frame.chosen
    assert over.any()
    assert set(frame["mark"][over]) == {"over a limit"}
    assert "over a limit" not in set(frame["mark"][~over])
    with pytest.raises(ValueError, match="no configuration keeps them"):
        weigh(artefact_cap=1)


@pytest.mark.parametrize(("freeze", "stands"), [(0, "chosen"), (13, "today")])
def test_a_quarter_lies_between_today_and_the_choice(freeze, stands):
    frame = weigh(freeze=freeze)
    row = frame[frame[stands]].iloc[0]
    assert np.isclose(row.quarter_orders, row.orders)
    assert np.isclose(row.quarter_ad_revenue, row.ad_revenue)
