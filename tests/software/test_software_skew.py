"""Two paths to a feature: what they differ in, and nothing else."""

from __future__ import annotations

import numpy as np
import pytest

from launchlab.market import FEATURES, draw_sessions, make_world
from launchlab.software.columns import COLUMN
from launchlab.software.faults import SERVING_FAULTS, nightly_eta
from launchlab.software.offers import Offers, offers_now
from launchlab.software.skew import AS_IS, FEW_RATINGS, SKEWS, fed_by, skew_named


@pytest.fixture(scope="module")
def offers() -> Offers:
    return offers_now(draw_sessions(make_world(3), 200, seed=5))


def test_every_fault_of_serving_is_a_skew_whose_training_path_is_untouched(offers: Offers) -> None:
    for name, fault in SERVING_FAULTS.items():
        skew = SKEWS[name]
        assert skew.trained(offers) is offers.rows
        np.testing.assert_array_equal(skew.served(offers), fault.fed(offers))
    assert set(SKEWS) - set(SERVING_FAULTS) == {"stars", "nightly"}


@pytest.mark.parametrize("name", SKEWS)
def test_the_two_paths_differ(offers: Offers, name: str) -> None:
    trained, served = (fed_by((name, side))(offers) for side in ("trained", "served"))
    assert trained.shape == served.shape == offers.rows.shape
    assert (trained != served).any()


def test_missing_stars_are_filled_for_the_same_fifth_on_both_paths(offers: Offers) -> None:
    world, stars = offers.world, COLUMN["rating"]
    trained, served = (fed_by(("stars", side))(offers) for side in ("trained", "served"))
    missing = served[:, stars] == 0
    assert np.isclose((world.n_ratings < np.quantile(world.n_ratings, 0.2)).mean(), 0.2, atol=0.02)
    assert 0 < missing.mean() < 2 * FEW_RATINGS
    assert len(np.unique(trained[missing, stars])) == 1
    fewest = world.n_ratings[offers.restaurant[~missing]].min()
    assert world.n_ratings[offers.restaurant[missing]].max() < fewest
    np.testing.assert_array_equal(trained[~missing], served[~missing])
    others = [column for name, column in COLUMN.items() if name != "rating"]
    assert len(others) == len(FEATURES) - 1
    np.testing.assert_array_equal(trained[:, others], offers.rows[:, others])


def test_a_nightly_table_can_be_so_many_times_as_far_off(offers: Offers) -> None:
    def off(times: float) -> np.ndarray:
        return (nightly_eta(offers, times) - offers.rows)[:, COLUMN["eta"]]

    np.testing.assert_array_equal(nightly_eta(offers), nightly_eta(offers, 1.0))
    np.testing.assert_allclose(off(3.0), 3 * off(1.0), atol=1e-3)
    np.testing.assert_allclose(off(0.0), 0, atol=1e-3)
    assert np.abs(off(1.0)).max() > 1


def test_paths_by_name(offers: Offers) -> None:
    assert fed_by(AS_IS)(offers) is offers.rows
    with pytest.raises(ValueError, match="skew='hours', expected one of 'seconds', 'cents'"):
        skew_named("hours")
    with pytest.raises(ValueError, match="skew='days'"):
        fed_by(("days", "served"))
