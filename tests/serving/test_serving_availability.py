import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchlab.serving.availability import FLOOR, HOURS, MOST, availability
from launchlab.serving.faults import unanswered

TABLE = pd.DataFrame({"accuracy": np.linspace(0.1, 0.97, MOST + 1)})


@given(st.integers(1, MOST), st.floats(0.1, 5), st.integers(0, 5), st.floats(0, 100))
def test_a_row_for_each_size_and_one_of_them_chosen(members, failure, missing, common):
    frame = availability(TABLE, members, failure, missing, common)
    assert frame["members"].tolist() == list(range(1, MOST + 1))
    chosen = frame[frame["here"]].iloc[0]
    assert chosen["members"] == members and frame["here"].sum() == 1
    silent = unanswered(members, failure / 100, missing, common / 100)
    assert chosen["degraded"] == pytest.approx(100 * silent)
    assert chosen["hours"] == pytest.approx(HOURS * silent)
    assert (frame["degraded"] <= frame["strict"] + 1e-9).all()
    assert frame["strict"].diff().min() > -1e-9  # one more that must answer never helps


def test_what_is_drawn_has_a_floor_and_no_second_line_where_there_is_one():
    spared = availability(TABLE, 50, 0.1, 5, 0)
    assert spared["degraded"].min() < FLOOR == spared["degraded_shown"].min()
    assert availability(TABLE, 50, 1, 0, 0)["degraded_shown"].isna().all()
