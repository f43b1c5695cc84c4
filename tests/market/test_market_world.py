from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from launchlab.market import Couplings, World, make_world
from launchlab.market.world import N_CUSTOMERS, N_NEAR, N_RESTAURANTS


def arrays(world: World) -> dict[str, np.ndarray]:
    return {f.name: getattr(world, f.name) for f in fields(world) if f.name not in ARGUMENTS}


ARGUMENTS = ("seed", "couplings")


def test_same_seed_same_world_different_seed_different_world():
    first, again, other = arrays(make_world(7)), arrays(make_world(7)), arrays(make_world(8))
    for name, values in first.items():
        np.testing.assert_array_equal(values, again[name], err_msg=name)
        assert not np.array_equal(values, other[name]), name


def test_shapes_dtypes_and_ranges(world: World):
    for name, values in arrays(world).items():
        assert values.dtype != np.float64, name
        assert len(values) in (N_CUSTOMERS, N_RESTAURANTS), name
        assert np.isfinite(values).all(), name
    assert world.near.shape == (N_CUSTOMERS, N_NEAR)
    assert (np.diff(world.distance, axis=1) >= 0).all(), "nearest first"
    assert all(len(set(row)) == N_NEAR for row in world.near[:50])
    assert 0.13 <= world.commission[world.chain].min() <= world.commission[world.chain].max() <= 0.2
    assert world.commission[~world.chain].min() >= 0.2
    assert world.commission.max() <= 0.32
    assert world.sponsored.mean() == pytest.approx(0.4)
    assert (world.bid[world.sponsored] > 0).all()
    assert (world.bid[~world.sponsored] == 0).all()
    assert 1 <= world.rating.min() <= world.rating.max() <= 5
    assert 6 <= world.preparation.min() <= world.preparation.max() <= 45
    np.testing.assert_allclose(world.cuisine_share.sum(axis=1), 1, atol=1e-5)


def mean_correlation(a: str, b: str, couplings: Couplings | None = None, worlds: int = 12) -> float:
    made = [make_world(seed, couplings) for seed in range(worlds)]
    return float(np.mean([np.corrcoef(getattr(w, a), getattr(w, b))[0, 1] for w in made]))


@pytest.mark.parametrize(
    ("field", "column", "expected"),
    [("price_quality", "price", 0.35), ("badge_quality", "badge", -0.3)],
)
def test_couplings_are_the_correlations_they_say(field: str, column: str, expected: float):
    # 12 worlds of 240 restaurants: a correlation's standard error is about 1 / sqrt(2,880) = 0.02.
    assert mean_correlation(column, "quality") == pytest.approx(expected, abs=0.08)
    assert abs(mean_correlation(column, "quality", Couplings(**{field: 0.0}))) < 0.08


def test_advertisers_are_worse_and_the_stars_know_both_quality_and_badge():
    worlds = [make_world(seed) for seed in range(12)]
    # A cut of a normal at its 60 % point keeps 79 % of a correlation of -0.45.
    sponsored = np.mean([np.corrcoef(w.sponsored, w.quality)[0, 1] for w in worlds])
    assert sponsored == pytest.approx(-0.45 * 0.79, abs=0.08)
    assert np.mean([np.corrcoef(w.rating, w.quality)[0, 1] for w in worlds]) > 0.4
    for world in worlds:
        many = world.n_ratings > 60
        terms = np.column_stack([np.ones(many.sum()), world.quality[many], world.badge[many]])
        slopes = np.linalg.lstsq(terms, world.rating[many], rcond=None)[0][1:]
        assert slopes[0] > 0.2
    reversed_ads = make_world(0, Couplings(ad_quality=0.3))
    assert np.corrcoef(reversed_ads.sponsored, reversed_ads.quality)[0, 1] > 0


def test_couplings_change_only_what_they_are_about():
    base, other = arrays(make_world(4)), arrays(make_world(4, Couplings(ad_quality=0.3)))
    changed = {name for name in base if not np.array_equal(base[name], other[name])}
    assert changed == {"sponsored", "bid"}
    badge = arrays(make_world(4, Couplings(badge_quality=0.0)))
    same = {name for name in base if np.array_equal(base[name], badge[name])}
    assert {"quality", "price", "sponsored", "bid", "utility", "distance", "patience"} <= same


@given(data=st.data())
@settings(max_examples=40, deadline=None)
def test_couplings_outside_their_range_are_refused(data):
    name, (low, high) = data.draw(st.sampled_from(sorted(Couplings.ranges().items())))
    bad = data.draw(
        st.one_of(
            st.floats(max_value=low - 1e-6),
            st.floats(min_value=high + 1e-6),
            st.just(float("nan")),
        )
    )
    with pytest.raises(ValueError, match=rf"{name}=.*: expected a number from"):
        Couplings(**{name: bad})


@pytest.mark.parametrize("seed", [-1, 1.5, "0", None, True])
def test_bad_seeds_are_named(seed):
    with pytest.raises(ValueError, match=r"seed=.*: expected a whole number of at least 0"):
        make_world(seed)
