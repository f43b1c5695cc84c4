"""Relations between two answers of a model, and models that are built to keep them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from launchlab.market import FEATURES, draw_sessions, make_features, make_logs, make_world
from launchlab.software.columns import COLUMN
from launchlab.software.monotone import (
    FIVE,
    SIGNS,
    SIX,
    Blend,
    constraints,
    fitted,
    monotone_model,
)
from launchlab.software.relations import RELATIONS, changes, violated

MOVES = {
    "cheaper": {"price"},
    "sooner": {"eta"},
    "nearer": {"distance"},
    "stars": {"rating"},
    "both": {"distance", "eta"},
}


@dataclass(frozen=True)
class Logistic:
    """A straight line whose weights are given."""

    weights: NDArray[np.float64]

    def predict_proba(self, rows: NDArray[Any]) -> NDArray[np.float64]:
        chance = 1 / (1 + np.exp(-(rows.astype(np.float64) @ self.weights)))
        return np.column_stack([1 - chance, chance])


@pytest.fixture(scope="module")
def rows() -> NDArray[np.float32]:
    return make_features(draw_sessions(make_world(3), 40, seed=5))


@pytest.fixture(scope="module")
def learnt() -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    logs = make_logs(make_world(3), 1_500)
    return make_features(logs.sessions, logs.candidate), logs.ordered.ravel()


@pytest.mark.parametrize("name", RELATIONS)
def test_a_relation_moves_its_numbers_the_better_way_and_leaves_the_offers_alone(
    rows: NDArray[np.float32], name: str
) -> None:
    before = rows.copy()
    better = RELATIONS[name].better(rows)
    assert (rows == before).all() and better.dtype == np.float32
    moved = {one for one in FEATURES if (better[:, COLUMN[one]] != before[:, COLUMN[one]]).any()}
    assert moved == MOVES[name]
    for one in moved:
        assert (SIGNS[one] * (better[:, COLUMN[one]] - before[:, COLUMN[one]]) >= 0).all()


def test_nothing_gets_better_than_it_can(rows: NDArray[np.float32]) -> None:
    stars, km, eta = (
        RELATIONS[name].better(rows)[:, COLUMN[feature]]
        for name, feature in (("stars", "rating"), ("nearer", "distance"), ("sooner", "eta"))
    )
    assert stars.max() <= 5 and km.min() >= 0 and eta.min() >= 6


def test_a_kilometre_saves_the_minutes_that_it_takes(rows: NDArray[np.float32]) -> None:
    both = RELATIONS["both"].better(rows)
    km, minutes = (rows[:, COLUMN[one]] - both[:, COLUMN[one]] for one in ("distance", "eta"))
    unclamped = both[:, COLUMN["eta"]] > 6
    np.testing.assert_allclose(minutes[unclamped], 4 * km[unclamped], atol=1e-4)


@given(
    # A larger weight saturates the curve, and equal chances are no violation.
    weight=st.floats(-0.05, 0.05).filter(lambda one: abs(one) > 1e-3),
    name=st.sampled_from([one for one in RELATIONS if one != "both"]),
)
@settings(max_examples=40, deadline=None)
def test_a_line_violates_a_relation_for_all_offers_or_for_none(weight: float, name: str) -> None:
    rows = make_features(draw_sessions(make_world(3), 20, seed=5))
    (feature,) = MOVES[name]
    weights = np.zeros(len(FEATURES))
    weights[COLUMN[feature]] = weight
    share = violated(Logistic(weights), rows, RELATIONS[name])
    assert share == (1.0 if weight * SIGNS[feature] < 0 else 0.0)


def test_offers_that_cannot_get_better_are_no_pairs(rows: NDArray[np.float32]) -> None:
    weights = np.zeros(len(FEATURES))
    weights[COLUMN["rating"]] = 1
    best = rows[:, COLUMN["rating"]] == 5
    assert 0 < best.sum() < len(rows)
    assert len(changes(Logistic(weights), rows, RELATIONS["stars"])) == (~best).sum()
    with pytest.raises(ValueError, match=r"no row can be 0\.3 stars more"):
        changes(Logistic(weights), rows[best], RELATIONS["stars"])


def test_only_falls_beyond_the_limit_count(rows: NDArray[np.float32]) -> None:
    weights = np.zeros(len(FEATURES))
    weights[COLUMN["price"]] = 0.01
    model = Logistic(weights)
    assert violated(model, rows, RELATIONS["cheaper"]) == 1
    assert violated(model, rows, RELATIONS["cheaper"], more_than=0.5) == 0


def test_constraints_stand_at_their_features() -> None:
    told = constraints(["price", "rating"])
    assert [told[COLUMN[one]] for one in ("price", "rating", "eta")] == [-1, 1, 0]
    assert sum(map(abs, constraints(SIX))) == 6 and set(SIX) - set(FIVE) == {"price"}
    with pytest.raises(ValueError, match="names holds 'spend', expected only 'eta', 'distance'"):
        constraints(["price", "spend"])


def test_trees_that_are_told_keep_every_relation_and_plain_ones_do_not(
    rows: NDArray[np.float32], learnt: tuple[NDArray[np.float32], NDArray[np.bool_]]
) -> None:
    plain, told = (monotone_model(names, *learnt) for names in ((), SIX))
    for relation in RELATIONS.values():
        assert violated(told, rows, relation) == 0
    assert violated(plain, rows, RELATIONS["cheaper"]) > 0


def test_models_are_made_by_name(
    rows: NDArray[np.float32], learnt: tuple[NDArray[np.float32], NDArray[np.bool_]]
) -> None:
    price = fitted("hgb50 + price", *learnt)
    assert price.monotonic_cst == constraints(["price"])
    assert fitted("hgb200 + five", *learnt).monotonic_cst == constraints(FIVE)
    assert fitted("rf15", *learnt).n_estimators == 15
    with pytest.raises(ValueError, match="names holds 'hours'"):
        fitted("hgb50 + hours", *learnt)
    line = fitted("logistic", *learnt)
    blend = Blend((line, price))
    np.testing.assert_allclose(
        blend.predict_proba(rows), (line.predict_proba(rows) + price.predict_proba(rows)) / 2
    )
