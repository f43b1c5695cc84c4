import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from launchlab.interpret import churn, top_overlap

ANSWERS = st.integers(2, 6).flatmap(
    lambda trainings: arrays(np.int64, (trainings, 7), elements=st.integers(0, 1))
)
IMPORTANCES = st.integers(2, 5).flatmap(
    lambda trainings: arrays(np.float64, (trainings, 8), elements=st.floats(0, 1))
)


@given(ANSWERS)
def test_churn_is_a_share_whatever_the_order(answers):
    assert 0 <= churn(answers) <= 1
    assert churn(answers) == pytest.approx(churn(answers[::-1]))
    assert churn(answers) == pytest.approx(churn(1 - answers))
    assert (churn(answers) == 0) == (answers == answers[0]).all()


@given(ANSWERS)
def test_churn_is_the_spread_of_the_answers(answers):
    # Two of R trainings drawn without replacement differ where one says 1 and the other 0.
    ones = answers.sum(axis=0)
    trainings = len(answers)
    expected = (2 * ones * (trainings - ones) / (trainings * (trainings - 1))).mean()
    assert churn(answers) == pytest.approx(expected)


@given(IMPORTANCES, st.integers(1, 8))
def test_overlap_counts_features(importances, top):
    found = top_overlap(importances, top)
    assert max(0, 2 * top - 8) <= found <= top
    assert top_overlap(np.tile(importances[0], (3, 1)), top) == top
    assert top_overlap(importances, 8) == 8


def test_overlap_by_hand():
    rows = [[9, 8, 1, 0, 2], [9, 0, 8, 1, 2], [9, 8, 0, 2, 1]]
    assert top_overlap(rows, 2) == pytest.approx((1 + 2 + 1) / 3)


@pytest.mark.parametrize("measure", [churn, top_overlap])
def test_one_training_is_too_few(measure):
    with pytest.raises(ValueError, match="2 or more trainings"):
        measure(np.zeros((1, 6)))


def test_more_features_than_there_are():
    with pytest.raises(ValueError, match="top=7"):
        top_overlap(np.zeros((2, 6)), 7)
