"""What standing still costs: the lab's tables against the sums of `money`."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchlab.stakeholders import waiting
from launchlab.stakeholders.money import LostMargin, Team

GAINS = pd.DataFrame({"step": ["small", "large"], "gain": [0.01, 0.06]})
LOST = pd.DataFrame({"share": [0.0, 0.5, 1.0], "dollars": [0.0, 0.2, 0.5], "margin": 1.2})


@given(
    st.sampled_from(["small", "large"]),
    st.integers(1, 12),
    st.sampled_from([1e4, 1e6, 1e8]),
    st.integers(1, 26),
    st.sampled_from(waiting.CHANCES),
    st.sampled_from([0.2, 2.0, 100.0]),
)
def test_a_hold_pays_to_the_right_of_its_break_even(step, weeks, sessions, late, chance, loss):
    frame = waiting.hold(
        GAINS, step=step, weeks=weeks, sessions=sessions, late=late, chance=chance, loss=loss
    )
    assert frame.chance[frame.here].tolist() == [chance]
    assert frame.averted.is_monotonic_increasing
    pays = frame.averted > frame.cost * (1 + 1e-9)
    assert (frame.chance[pays] > frame.even[0] * (1 - 1e-9)).all()
    assert (frame.chance[~pays] < frame.even[0] * (1 + 1e-6)).all()


@given(
    st.sampled_from(waiting.SIZES),
    st.sampled_from([26, 52, 104]),
    st.floats(0.25, 5),
    st.integers(60, 400),
    st.integers(0, 26),
    st.floats(0, 5),
)
def test_a_cost_is_what_keeping_costs_less_what_an_option_is_worth(
    sessions, horizon, rate, wage, severance, new_work
):
    given_setting = {"rate": rate, "wage": wage, "severance": severance, "new_work": new_work}
    frame = waiting.staff(LOST, sessions=sessions, horizon=horizon, **given_setting)
    lost = LostMargin(LOST["share"], LOST.dollars, 1.2)
    team = Team(
        loaded_wage=1e3 * wage, severance_weeks=severance, new_gain=new_work / 100, horizon=horizon
    )
    for name, option in (("go", team.let_go), ("automate", team.automate)):
        worth = option(lost, rate / 100).at(frame["size"])
        assert frame[name].to_numpy() == pytest.approx(team.wages - worth)
    assert team.wages == pytest.approx(
        team.saved(team.people) + team.people * team.loaded_wage / 52 * severance
    )
    here = frame[frame.here].iloc[0]
    costs = {words: here[name] for name, words in waiting.OPTIONS.items()}
    assert here["size"] == sessions
    assert costs[here.best] == min(costs.values())
    kept = frame.keep <= np.minimum(frame.go, frame.automate)
    assert (kept == (frame["size"] >= frame.until * (1 - 1e-9))).all()


def test_a_chance_or_a_size_of_the_labs_stands_in_their_tables():
    steps = [round(0.05 * k, 2) for k in range(1, 41)]
    assert set(steps) <= set(waiting.CHANCES)
    assert {m * 10.0**e for e in range(4, 8) for m in (1, 3)} < set(waiting.SIZES)
    assert list(waiting.SIZES) == sorted(waiting.SIZES)
