"""One change changes one thing; slates are compared by restaurant; cures mix what they say."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchlab.software import changes, cures
from launchlab.software.changes import CHANGES, Moved, compared, moved, scored, usual_run
from launchlab.software.columns import COLUMN
from launchlab.software.town import N_LOGGED, Town, make_town

SLATE = 8
SLATES = {"slate": -1, "day": changes.DAY}
COLUMNS = {"noise": 1, "dropped": -1}


@pytest.fixture(scope="module")
def town() -> Town:
    return make_town(3)


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_keeps_rows_labels_and_served_rows_in_step(town: Town, name: str) -> None:
    usual = usual_run(town)
    before = usual.rows.copy()
    run = CHANGES[name].made(town, usual)
    assert len(run.rows) == len(run.ordered) == SLATE * (N_LOGGED + SLATES.get(name, 0))
    assert run.rows.shape[1] == run.served.shape[1] == before.shape[1] + COLUMNS.get(name, 0)
    assert len(run.served) == len(town.served)
    np.testing.assert_array_equal(town.shown.rows, before)


def test_rows_in_another_order_keep_their_labels(town: Town) -> None:
    usual = usual_run(town)
    run = CHANGES["order"].made(town, usual)
    assert (run.rows != usual.rows).any()
    one, other = (np.c_[each.rows, each.ordered] for each in (usual, run))
    np.testing.assert_array_equal(np.unique(one, axis=0), np.unique(other, axis=0))
    np.testing.assert_allclose(one.sum(axis=0), other.sum(axis=0), rtol=1e-4)


def test_feature_code_changes_in_training_and_serving_alike(town: Town) -> None:
    usual = usual_run(town)
    run = CHANGES["rounded"].made(town, usual)
    for rows, plain in ((run.rows, usual.rows), (run.served, usual.served)):
        eta, was = (each[:, COLUMN["eta"]] for each in (rows, plain))
        np.testing.assert_array_equal(eta, np.round(eta))
        assert np.abs(eta - was).max() <= 0.5
        others = [column for name, column in COLUMN.items() if name != "eta"]
        np.testing.assert_array_equal(rows[:, others], plain[:, others])


def test_a_window_that_moves_keeps_what_is_still_in_it(town: Town) -> None:
    usual, week = usual_run(town), CHANGES["week"].made(town, usual_run(town))
    kept = SLATE * (N_LOGGED - N_LOGGED // 4)
    np.testing.assert_array_equal(week.rows[:kept], usual.rows[-kept:])
    np.testing.assert_array_equal(week.ordered[:kept], usual.ordered[-kept:])


def test_more_slates_are_the_town_s_own_and_those_of_the_other_log(town: Town) -> None:
    both, other = usual_run(town, 2 * N_LOGGED), CHANGES["other"].made(town, usual_run(town))
    np.testing.assert_array_equal(both.rows, np.concatenate([town.shown.rows, other.rows]))
    np.testing.assert_array_equal(both.ordered, np.concatenate([town.ordered, other.ordered]))


@given(st.lists(st.integers(0, 8), min_size=2, max_size=40))
def test_the_error_of_changed_places_is_the_usual_one_for_single_sessions(
    places: list[int],
) -> None:
    counts = np.array(places, dtype=np.int64)
    found = Moved(counts, 0.0, 0.0, 0.0, customer=np.arange(len(counts)))
    assert found.places_error == pytest.approx(counts.std() / np.sqrt(len(counts)), abs=1e-12)
    twice = Moved(np.r_[counts, counts], 0.0, 0.0, 0.0, np.r_[found.customer, found.customer])
    # The same customers again say nothing new.
    assert twice.places_error == pytest.approx(found.places_error, abs=1e-12)
    assert found.touched == (counts > 0).mean()


def test_a_model_is_compared_with_itself(town: Town) -> None:
    score = scored(3, "logistic")
    found = compared(town.sessions, score, score)
    assert (found.places, found.touched, found.largest, found.orders) == (0, 0, 0, 0)


def test_boosted_trees_never_ask_for_their_seed_and_a_forest_does() -> None:
    assert moved(3, "hgb50", "seed").largest == 0
    assert moved(3, "logistic", "seed").largest == 0
    small = (("n_estimators", 2), ("max_samples", 0.1))
    assert moved(3, "forest", "seed", settings=small).places > 1


def test_the_blend_is_the_mean_of_its_members(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(changes, "MODELS", {"logistic": "", "hgb50": ""})
    mean = (scored(3, "logistic") + scored(3, "hgb50")) / 2
    np.testing.assert_allclose(scored(3, changes.BLEND, ("nothing",)), mean, rtol=1e-6)


def test_an_unknown_change_is_named() -> None:
    with pytest.raises(ValueError, match=r"changes=\('sede',\), expected names of nothing, seed"):
        scored(3, "logistic", ("sede",))


def test_a_cure_reaches_from_the_new_model_to_the_old_one() -> None:
    old, new, told = cures.old_and_new(3, model="logistic")
    assert told.shape == (SLATE * N_LOGGED,)
    np.testing.assert_array_equal(cures.cured(3, "mean", 0.0, model="logistic"), new)
    np.testing.assert_array_equal(cures.cured(3, "mean", 1.0, model="logistic"), old)
    half = cures.cured(3, "mean", model="logistic")
    np.testing.assert_allclose(half, (old + new) / 2, rtol=1e-5)
    from_old, from_new = cures.churn(3, "mean", 1.0, model="logistic")
    assert from_old.places == 0 < from_new.places


def test_taught_by_nobody_is_plain_training_and_by_the_old_alone_needs_no_labels() -> None:
    old, new, _ = cures.old_and_new(3)
    np.testing.assert_array_equal(cures.cured(3, "taught", 0.0), new)
    student = cures.cured(3, "taught", 1.0)
    apart = [np.abs(student - one).mean() for one in (old, new)]
    assert apart[0] < apart[1]


def test_in_a_town_that_has_changed_the_old_model_is_the_same() -> None:
    now, later = (cures.old_and_new(3, share, "logistic") for share in (0.0, 0.5))
    # The same customers at the same hours, before a town half of which is new.
    assert now[0].shape == later[0].shape
    assert (now[1] != later[1]).any()


@pytest.mark.parametrize(
    ("cure", "weight", "said"),
    [("mode", 0.5, "cure='mode', expected one of"), ("mean", 1.5, "weight=1.5, expected a number")],
)
def test_what_is_no_cure_is_refused(cure: str, weight: float, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        cures.cured(3, cure, weight, model="logistic")
