"""The simulated world: shape, reproducibility, and that each coupling does what it says."""

import numpy as np
import pytest

from launchlab.ratings import ITEMS, USERS, RatingsCouplings, make_ratings


@pytest.fixture(scope="module")
def world():
    return make_ratings(0)


def rated_pairs(world):
    X = np.vstack([part.X for part in (world.train, world.probe, world.test)])
    return X[:, 0] * ITEMS + X[:, 1]


def test_size_split_and_range(world):
    sizes = [len(part) for part in (world.train, world.probe, world.test)]
    total = sum(sizes)
    assert total == pytest.approx(110_000, rel=0.02)
    assert [round(size / total, 3) for size in sizes] == [0.8, 0.1, 0.1]
    X, y = world.train.X, world.train.y
    assert set(y) == {1, 2, 3, 4, 5}
    assert X[:, 0].max() == USERS - 1 and X[:, 1].max() == ITEMS - 1
    assert X[:, 2].min() >= 0 and X[:, 2].max() <= 1


def test_nobody_rates_a_thing_twice_and_no_rating_is_in_two_parts(world):
    pairs = rated_pairs(world)
    assert len(np.unique(pairs)) == len(pairs)


def test_the_same_seed_gives_the_same_world_and_another_another(world):
    again, other = make_ratings(0), make_ratings(1)
    assert np.array_equal(again.train.X, world.train.X)
    assert np.array_equal(again.test.y, world.test.y)
    assert not np.array_equal(other.train.X[:100], world.train.X[:100])


def test_people_rate_what_they_like():
    # Item means rise with how often an item is rated only if liking draws ratings.
    def correlation(liking):
        train = make_ratings(0, RatingsCouplings(liking=liking)).train
        item = train.X[:, 1].astype(int)
        count = np.bincount(item, minlength=ITEMS)
        mean = np.bincount(item, train.y, minlength=ITEMS) / np.maximum(count, 1)
        often = count > 20
        return np.corrcoef(np.log(count[often]), mean[often])[0, 1]

    assert correlation(0.6) > correlation(0.0) + 0.1
    assert (
        make_ratings(0).train.y.mean() > make_ratings(0, RatingsCouplings(liking=0)).train.y.mean()
    )


def test_noise_and_taste_widen_the_stars():
    def spread(**couplings):
        return make_ratings(0, RatingsCouplings(**couplings)).train.y.std()

    usual = spread()
    assert spread(noise=1.2) > usual + 0.05
    assert spread(taste=0.0, series=0.0) < usual - 0.05


def test_drift_changes_what_one_user_gives_over_time():
    # Among ratings of one user, late minus early means scatter more with drift.
    def scatter(drift):
        train = make_ratings(0, RatingsCouplings(drift=drift)).train
        user, late = train.X[:, 0].astype(int), train.X[:, 2] > 0.5
        means = [
            np.bincount(user[side], train.y[side], USERS) / np.bincount(user[side], minlength=USERS)
            for side in (late & _busy(user, late), ~late & _busy(user, late))
        ]
        return np.nanstd(means[0] - means[1])

    def _busy(user, late):
        both = np.minimum(
            np.bincount(user[late], minlength=USERS), np.bincount(user[~late], minlength=USERS)
        )
        return both[user] >= 20

    with np.errstate(invalid="ignore"):
        assert scatter(1.0) > scatter(0.0) + 0.05


def test_before_keeps_the_early_ratings(world):
    early = world.train.before(0.3)
    assert 0 < len(early) < len(world.train)
    assert early.X[:, 2].max() < 0.3
    assert len(world.train.before(1.1)) == len(world.train)


@pytest.mark.parametrize(
    "wrong", [{"noise": -1}, {"ratings": 0}, {"drift": float("nan")}, {"series": float("inf")}]
)
def test_impossible_couplings_are_refused(wrong):
    with pytest.raises(ValueError, match=next(iter(wrong))):
        RatingsCouplings(**wrong)


def test_more_ratings_than_pairs_are_refused():
    with pytest.raises(ValueError, match="1,200,000"):
        make_ratings(0, RatingsCouplings(ratings=2_000_000))
