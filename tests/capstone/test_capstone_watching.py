"""A release is judged by its limit, and the five say something to all that can come of it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from launchlab.capstone.afterwards import SAYS, Choice, facts, said
from launchlab.capstone.draws import held_out
from launchlab.capstone.limits import LIMITS
from launchlab.capstone.menu import CONTROL
from launchlab.capstone.releases import (
    A_DAY,
    HARM,
    PLAN,
    RULES,
    Release,
    careful,
    faults,
    looks,
    luck,
    rate_of,
    release,
    stopped,
    watched,
)


def chance(rule: str, ratio: float) -> float:
    return float(stopped(rule, ratio, 0.25).sum())


few = settings(max_examples=25, deadline=None)


def test_the_coin_is_fair_and_a_fault_is_one_of_its_towns():
    drawn = [luck(seed) for seed in range(400)]
    assert 160 < sum(one.faulty for one in drawn) < 240
    assert {one.town for one in drawn} == set(range(20))
    for seed in range(40):
        one = release(seed)
        assert (one.fault in faults(one.town)) == luck(seed).faulty
        assert one.ratio == pytest.approx(
            held_out(one.town)["orders"][one.choice] * (1 - (one.fault.loss if one.fault else 0))
        )
        assert one.should_stop == (one.ratio < LIMITS.orders)
    assert all(one.loss >= HARM for town in range(20) for one in faults(town))


def test_days_are_counted_about_their_mean():
    quiet = Release(0, 0, None, 0.25, 0.96, np.zeros((PLAN.days, 2)))
    days = quiet.days()
    assert days["sessions"].sum() == pytest.approx(A_DAY * sum(PLAN.shares), abs=7)
    assert np.allclose(days["orders"] / days["sessions"], 0.24, atol=1e-3)
    assert np.allclose(days["control_orders"] / days["control_sessions"], 0.25, atol=1e-4)
    seen = watched(days)
    assert seen["change"].iloc[-1] == pytest.approx(-4, abs=0.05)
    assert (seen["z"] > 0).all() and (seen["error"].diff().dropna() < 0).all()


def test_at_the_limit_z_is_standard_normal():
    rng = np.random.default_rng(5)
    last = [
        watched(Release(0, 0, None, 0.25, 0.95, rng.standard_normal((7, 2))).days())["z"].iloc[-1]
        for _ in range(300)
    ]
    assert abs(np.mean(last)) < 0.2 and 0.88 < np.std(last) < 1.12


def test_bounds_start_high_and_stop_five_of_a_hundred_releases_at_the_limit():
    assert len(looks()) == PLAN.days and (np.diff(looks()) <= 0).all() and looks()[0] == 6
    assert chance("obrien-fleming", 0.95) == pytest.approx(0.05, abs=0.002)
    assert chance("peek", 0.95) > 0.1 and chance("never", 0.5) == 0
    assert chance("seventh", 0.95) == chance("control", 1.0) == 0.5
    assert stopped("seventh", 0.9, 0.25)[:-1].sum() == 0
    with pytest.raises(ValueError, match="'hope'"):
        stopped("hope", 0.95, 0.25)


@few
@given(ratio=st.floats(0.8, 1.05), rule=st.sampled_from(list(RULES)))
def test_what_is_worse_is_stopped_no_less_often(ratio, rule):
    assert chance(rule, ratio - 0.01) >= chance(rule, ratio) - 1e-9


def test_the_careful_ship_something_in_every_town():
    assert CONTROL not in {careful(town, number) for town in range(20) for number in range(4)}


# ------------------------------------------------------------------------- afterwards


@few
@given(
    town=st.integers(0, 19),
    place=st.integers(0, 95),
    which=st.integers(-1, 3),
    was_stopped=st.booleans(),
)
def test_all_five_say_something_and_no_place_in_it_stays_empty(town, place, which, was_stopped):
    fault = faults(town)[which] if 0 <= which < len(faults(town)) else None
    found = facts(Choice(town, place, fault, was_stopped))
    told = said(found)
    assert list(told) == list(SAYS)
    assert all(text and "{" not in text for text in told.values())
    if was_stopped and fault is None:
        assert found["orders"] == found["money"] == 0
    elif fault is None:
        assert found["orders"] == pytest.approx(100 * (held_out(town)["orders"][place] - 1))


def test_a_sound_release_that_missed_the_limit_on_ads_is_not_praised_for_keeping_its_limits():
    truth = held_out(3)
    kept = truth["orders"] >= LIMITS.orders
    for wanted, told in ((False, "limit on ads"), (True, "tell me what you saw")):
        places = np.flatnonzero(kept & ((truth["ads"] >= LIMITS.ads) == wanted))
        assert len(places)
        for place in places:
            found = facts(Choice(3, int(place), stopped=True))
            assert found["ads_short"] == (not wanted) and not found["short"]
            words = said(found)
            assert told in words["manager"] and ("promise to me" in words["ml"]) != wanted


def test_a_fault_that_was_stopped_costs_nothing_and_one_that_was_not_its_share():
    fault = faults(0)[0]
    healthy, mended, out = (
        facts(Choice(0, careful(0), *rest)) for rest in ((), (fault, True), (fault, False))
    )
    assert mended["orders"] == healthy["orders"] and mended["money"] == healthy["money"]
    assert 1 + out["margin"] / 100 == pytest.approx(
        (1 + healthy["margin"] / 100) * (1 - fault.loss)
    )
    assert healthy["orders_thousand"] == pytest.approx(
        10 * healthy["orders"] * rate_of(0), rel=1e-3
    )
