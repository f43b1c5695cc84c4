import pandas as pd
import pytest

from launchlab.stakeholders.ship_it import EDGE, ship_it

FIXED = pd.DataFrame(
    {"orders_per_session": [0.25], "wage": [100_000.0], "incident_cost": [20_000.0]}
)
SETTING = {"value": 4.0, "gain": 1.0, "slower": 0, "elasticity": 0.5, "engineers": 2}


def test_the_line_crosses_zero_at_the_size_that_pays():
    frame = ship_it(FIXED, **SETTING, incidents=0, sessions=3)
    assert frame["even"][0] == pytest.approx(20)
    assert frame["net"][20] == pytest.approx(0, abs=1e-9)
    assert frame["millions"][frame["here"]].tolist() == [3]
    assert not frame["never"].any()


def test_what_never_pays_says_so_and_what_the_chart_cannot_hold_is_a_gap():
    frame = ship_it(FIXED, **SETTING | {"gain": -5.0}, incidents=0, sessions=0)
    assert frame["never"].all()
    gone = frame["shown"].isna()
    assert (frame["net"][gone] < -EDGE).all() and gone.any()
