"""Drift: who changes, what changes, and what does not."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from launchlab.market import World, make_world
from launchlab.market.drift import Drift, changed_share, drifted_world, weeks_until

SHARES = st.floats(0.0, 1.0)


def changed_kitchens(old: World, new: World) -> np.ndarray:
    return old.quality != new.quality


def changed_customers(old: World, new: World) -> np.ndarray:
    """Whose utility differs by more than their restaurants' quality explains."""
    by_quality = (new.quality - old.quality)[old.near]
    return (np.abs(new.utility - old.utility - by_quality) > 1e-4).any(axis=1)


@given(rate=st.floats(1e-4, 0.5), weeks=st.floats(0.0, 50.0))
def test_weeks_until_is_the_inverse_of_changed_share(rate, weeks):
    share = changed_share(rate, weeks)
    assert 0 <= share <= 1
    if share < 0.999:
        assert weeks_until(share, rate) == pytest.approx(weeks, abs=1e-6)


@given(rate=st.floats(0.0, 0.9), first=st.floats(0, 100), second=st.floats(0, 100))
def test_what_is_left_after_two_spells_is_the_product(rate, first, second):
    left = [1 - changed_share(rate, weeks) for weeks in (first, second, first + second)]
    assert left[2] == pytest.approx(left[0] * left[1], abs=1e-9)


def test_changed_share_by_hand():
    assert changed_share(0.5, 2) == pytest.approx(0.75)
    assert changed_share(0.0, 100) == 0


def test_nothing_changes_at_share_zero(world):
    same = drifted_world(world, 0.0)
    for name in ("utility", "quality", "badge", "preparation"):
        np.testing.assert_array_equal(getattr(same, name), getattr(world, name))


def test_everything_changes_at_share_one(world):
    new = drifted_world(world, 1.0)
    assert changed_kitchens(world, new).all()
    assert changed_customers(world, new).all()


@settings(max_examples=8, deadline=None)
@given(one=SHARES, other=SHARES)
def test_who_has_changed_stays_changed_and_alike(one, other):
    world = make_world(4)
    less, more = (drifted_world(world, share) for share in sorted((one, other)))
    first, second = changed_kitchens(world, less), changed_kitchens(world, more)
    assert (second | ~first).all()
    np.testing.assert_array_equal(less.quality[first], more.quality[first])
    np.testing.assert_array_equal(less.badge[first], more.badge[first])


def test_the_share_is_the_share(world):
    new = drifted_world(world, 0.3)
    assert changed_customers(world, new).mean() == pytest.approx(0.3, abs=0.03)
    assert changed_kitchens(world, new).mean() == pytest.approx(0.3, abs=0.12)


def test_what_the_app_knows_of_the_past_stays(world):
    new = drifted_world(world, 1.0)
    for name in ("rating", "n_ratings", "ordered_before", "cuisine_share", "spend", "price", "bid"):
        np.testing.assert_array_equal(getattr(new, name), getattr(world, name))


def test_parts_can_be_left_out(world):
    tastes = drifted_world(world, 0.5, Drift(kitchens=False))
    assert not changed_kitchens(world, tastes).any()
    assert changed_customers(world, tastes).any()
    kitchens = drifted_world(world, 0.5, Drift(tastes=False))
    assert changed_kitchens(world, kitchens).any()
    assert not changed_customers(world, kitchens).any()


def test_the_world_stays_as_varied(world):
    new = drifted_world(world, 1.0)
    assert new.utility.std() == pytest.approx(world.utility.std(), rel=0.1)
    assert new.quality.std() == pytest.approx(world.quality.std(), rel=0.2)


@pytest.mark.parametrize("correlation", [-0.9, 0.9])
def test_new_badges_go_with_quality_as_told(world, correlation):
    new = drifted_world(world, 1.0, Drift(badge_quality=correlation))
    assert np.corrcoef(new.quality, new.badge)[0, 1] == pytest.approx(correlation, abs=0.1)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda w: drifted_world(w, 1.1), "share=1.1"),
        (lambda w: changed_share(1.0, 3), "rate=1.0"),
        (lambda w: changed_share(0.1, -1), "weeks=-1"),
        (lambda w: weeks_until(1.0, 0.1), "share=1.0"),
        (lambda w: weeks_until(0.5, 0.0), "rate=0.0"),
        (lambda w: Drift(badge_quality=2.0), "badge_quality=2.0"),
    ],
)
def test_errors_name_the_parameter(world, call, message):
    with pytest.raises(ValueError, match=message):
        call(world)
