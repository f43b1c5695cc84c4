"""Stacks whose members change."""

import numpy as np
import pytest

from launchlab.ratings import (
    change_member,
    ridge_blend,
    stale_member,
    train_crew,
    upgrade_member,
)
from launchlab.ratings.upgrade import STACK


@pytest.fixture(scope="module")
def crew():
    return train_crew(0)


def test_a_member_that_does_not_change_changes_nothing(crew):
    place = crew.places(["SVD 6"])[0]
    same = change_member(crew, STACK, "SVD 6", crew.probe[:, place], crew.test[:, place])
    assert same.before == same.kept == same.refit
    assert same.member_before == same.member_after


def test_kept_weights_are_those_of_before_on_the_new_predictions(crew):
    change = upgrade_member(0)
    fitted = ridge_blend(crew.probe_moments, crew.places(STACK))
    old, new = crew.places(["SVD 6", "SVD 6 refilled"])
    test = crew.test.copy()
    test[:, old] = crew.test[:, new]
    expected = fitted.intercept + test @ fitted.weights
    np.testing.assert_allclose(change.predictions["kept"], expected)
    assert change.weight == fitted.weights[old]
    refit = ridge_blend(crew.probe_moments, crew.places([*STACK[:-1], "SVD 6 refilled"]))
    assert change.refit == pytest.approx(crew.test_moments.rmse(refit))
    assert change.best_single == pytest.approx(
        np.sqrt(np.mean((change.predictions["best_single"] - crew.test_y) ** 2))
    )


def test_a_stretched_copy_keeps_the_refit_and_breaks_the_kept_stack(crew):
    place = crew.places(["SVD 6"])[0]
    stretched = [3 + 2 * (part[:, place] - 3) for part in (crew.probe, crew.test)]
    change = change_member(crew, STACK, "SVD 6", *stretched)
    assert change.refit == pytest.approx(change.before, abs=2e-4)
    assert change.kept > change.before + 0.003


def test_a_member_trained_on_everything_is_not_stale():
    fresh = stale_member(0, since=1.0)
    assert fresh.kept == pytest.approx(fresh.before, abs=1e-9)
    stale = stale_member(0, since=0.5)
    assert stale.member_after > stale.member_before
    assert stale.kept > stale_member(0, since=0.9).kept


def test_nonsense_is_refused(crew):
    with pytest.raises(ValueError, match="member of the stack"):
        change_member(crew, STACK, "biases", crew.probe[:, 0], crew.test[:, 0])
    with pytest.raises(ValueError, match="since=0"):
        stale_member(0, since=0)
