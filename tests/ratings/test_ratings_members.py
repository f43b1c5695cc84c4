"""The recommenders: scikit-learn's interface, and that each beats what it is built upon."""

import numpy as np
import pytest
from sklearn.base import clone

from launchlab.ratings import (
    ALS,
    MEMBERS,
    SVD,
    Biases,
    Means,
    Neighbours,
    RatingsCouplings,
    make_ratings,
    train_crew,
    train_member,
)

FEW = ("item means", "biases", "ALS 5", "item kNN 15")


@pytest.fixture(scope="module")
def world():
    return make_ratings(0)


@pytest.fixture(scope="module")
def fitted(world):
    return {name: train_member(name, world.train)[0] for name in MEMBERS}


def rmse(member, part):
    return float(np.sqrt(np.mean((member.predict(part.X) - part.y) ** 2)))


def test_there_are_twenty():
    assert len(MEMBERS) == 20


@pytest.mark.parametrize("name", MEMBERS)
def test_a_member_keeps_scikit_learns_contract(name, world, fitted):
    member = fitted[name]
    stars = member.predict(world.test.X)
    assert stars.shape == world.test.y.shape
    assert np.isfinite(stars).all() and stars.min() >= 1 and stars.max() <= 5
    assert member.n_parameters_ > 0
    fresh = clone(member)
    assert fresh.get_params() == member.get_params()
    assert fresh is not member
    with pytest.raises(ValueError, match="not fitted"):
        fresh.predict(world.test.X)
    # Each rating is predicted by itself: the others asked about at the same time do not matter.
    np.testing.assert_allclose(member.predict(world.test.X[:50]), stars[:50], atol=1e-9)
    order = np.random.default_rng(0).permutation(200)
    np.testing.assert_allclose(member.predict(world.test.X[order]), stars[order], atol=1e-9)


@pytest.mark.parametrize("name", ["clusters", "ALS 5", "SVD 6", "NMF 5", "boosted trees"])
def test_the_same_data_give_the_same_member(name, world, fitted):
    again = train_member(name, world.train)[0]
    np.testing.assert_allclose(again.predict(world.test.X), fitted[name].predict(world.test.X))


def test_members_are_as_good_as_their_kind(world, fitted):
    error = {name: rmse(member, world.test) for name, member in fitted.items()}
    constant = world.test.y.std()
    assert all(value < constant for value in error.values())
    assert error["biases"] < min(error["item means"], error["user means"])
    assert error["clusters"] < error["biases"]
    for name in ("ALS 10", "item kNN 50", "user kNN 60", "SVD 6 refilled", "NMF 15"):
        assert error[name] < error["biases"] - 0.01, name
    assert error["SVD 6 refilled"] < error["SVD 6"]
    assert error["who rated what"] < error["biases"]


def toy(rows):
    """Ratings as (user, item, stars), all at one time."""
    table = np.array(rows, dtype=float)
    return np.column_stack([table[:, 0], table[:, 1], np.full(len(table), 0.5)]), table[:, 2]


def test_means_are_shrunk_means():
    X, y = toy([(0, 0, 5), (1, 0, 5), (0, 1, 2)])
    member = Means("item", prior=2.0).fit(X, y)
    # Mean of all 4; item 0 lies 1 above it, two ratings against two of the prior's.
    np.testing.assert_allclose(
        member.predict([[7, 0, 0], [7, 1, 0], [7, 2, 0]]), [4.5, 4 - 2 / 3, 4]
    )


def test_biases_solve_their_ridge_regression():
    world = make_ratings(3)
    member = Biases(rounds=200).fit(world.train.X, world.train.y)
    user, item = world.train.X[:, 0].astype(int), world.train.X[:, 1].astype(int)
    rest = world.train.y - member.mean_ - member.user_[user] - member.item_[item]
    # At the optimum the residuals' sum is the penalty times the bias.
    np.testing.assert_allclose(np.bincount(user, rest, 2_000), 8 * member.user_, atol=1e-6)
    np.testing.assert_allclose(np.bincount(item, rest, 600), 5 * member.item_, atol=1e-6)


def test_als_solves_its_ridge_regressions(world):
    member = ALS(3, penalty=4.0, rounds=3).fit(world.train.X, world.train.y)
    user, item = world.train.X[:, 0].astype(int), world.train.X[:, 1].astype(int)
    rest = world.train.y - member.biases_._predict(user, item, world.train.X[:, 2])
    for place in (0, 17):  # the items' side was solved last
        rows = item == place
        P = member.user_[user[rows]]
        found = np.linalg.solve(P.T @ P + 4 * np.eye(3), P.T @ rest[rows])
        np.testing.assert_allclose(member.item_[place], found, rtol=1e-3, atol=1e-4)


def test_neighbours_follow_the_like_minded():
    # Items 0 and 1 are liked by the same; item 2 by the others.
    rng = np.random.default_rng(0)
    rows = []
    for user in range(60):
        likes = user % 2
        for item in range(3):
            if user >= 2 or item != 0:
                kind = likes if item < 2 else 1 - likes
                rows.append((user, item, 5 if kind else 1))
        rows += [(user, 10 + int(other), 3) for other in rng.choice(5, 2, replace=False)]
    X, y = toy(rows)
    member = Neighbours("item", 5, shrink=1.0).fit(X, y)
    hater, fan = member.predict([[0, 0, 0.5], [1, 0, 0.5]])
    assert fan > hater + 1
    # k bounds who is asked: with k=1 only the most similar counts.
    assert Neighbours("user", 1, shrink=1.0).fit(X, y).predict([[1, 0, 0.5]])[0] > 3


def test_time_biases_follow_a_drift():
    world = make_ratings(0, RatingsCouplings(drift=3.0))
    still, moving = (
        rmse(train_member(name, world.train)[0], world.test) for name in ("biases", "time biases")
    )
    assert moving < still - 0.01


def test_boosted_trees_learn_something_beyond_biases(world, fitted):
    assert rmse(fitted["boosted trees"], world.train) < rmse(fitted["biases"], world.train) - 0.003


def test_refilling_lowers_the_error_on_what_is_known(world):
    user, item, y = world.train.X[:, 0], world.train.X[:, 1], world.train.y
    once, often = (SVD(6, rounds=rounds).fit(world.train.X, y) for rounds in (1, 5))
    assert rmse(often, world.train) < rmse(once, world.train)
    assert len(user) == len(item)


@pytest.mark.parametrize(
    ("X", "y", "message"),
    [
        ([[0, 0]], [3], "expected \\(n, 3\\)"),
        ([[0, 0, 0]], [3, 4], "y: shape"),
        (np.zeros((0, 3)), [], "not empty"),
        ([[2_000, 0, 0]], [3], "user outside"),
        ([[0, -1, 0]], [3], "item outside"),
    ],
)
def test_nonsense_is_refused(X, y, message):
    with pytest.raises(ValueError, match=message):
        Biases().fit(X, y)


@pytest.mark.parametrize(
    "member", [Means("film"), Neighbours("film"), Neighbours("item", 0), ALS(0)]
)
def test_impossible_settings_are_refused(member, world):
    with pytest.raises(ValueError, match="expected"):
        member.fit(world.train.X[:10], world.train.y[:10])


def test_a_crew_holds_what_its_members_say(world, fitted):
    crew = train_crew(0, None, FEW)
    assert crew.names == FEW
    for place, name in enumerate(FEW):
        np.testing.assert_allclose(crew.test[:, place], fitted[name].predict(world.test.X))
        np.testing.assert_allclose(crew.probe[:, place], fitted[name].predict(world.probe.X))
        assert crew.parameters[place] == fitted[name].n_parameters_
    assert np.array_equal(crew.test_y, world.test.y)
    assert crew.places(["ALS 5", "biases"]) == [2, 1]
    with pytest.raises(ValueError, match="nobody"):
        crew.places(["nobody"])
    with pytest.raises(ValueError, match="nobody"):
        train_member("nobody", world.train)
