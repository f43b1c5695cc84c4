import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from launchlab.serving import train_committee
from launchlab.serving.faults import (
    BREAKAGES,
    accuracy_alarm,
    accuracy_by_broken,
    agreement,
    break_members,
    disagreeing,
    label_tables,
    mean_when_answered,
    out_of_range,
    tally,
    unanswered,
)

MEMBERS = st.integers(1, 40)
SHARES = st.floats(0, 1)


@pytest.fixture(scope="module")
def committee():
    return train_committee(20, seed=3)


@given(MEMBERS, SHARES, SHARES)
def test_all_must_answer_is_a_product(members, failure, common):
    together = failure * common
    alone = (failure - together) / (1 - together) if together < 1 else 1.0
    expected = 1 - (1 - together) * (1 - alone) ** members
    assert unanswered(members, failure, 0, common) == pytest.approx(expected, abs=1e-12)


@given(st.integers(1, 8), SHARES, st.integers(0, 9), SHARES)
@settings(max_examples=60)
def test_it_is_the_sum_over_who_answers(members, failure, missing, common):
    together = failure * common
    alone = (failure - together) / (1 - together) if together < 1 else 1.0
    served = 0.0
    for answers in itertools.product([0, 1], repeat=members):
        if sum(answers) >= max(1, members - missing):
            silent = members - sum(answers)
            served += (1 - together) * alone**silent * (1 - alone) ** (members - silent)
    assert unanswered(members, failure, missing, common) == pytest.approx(1 - served, abs=1e-9)


@given(MEMBERS, SHARES, st.integers(0, 10), SHARES)
def test_one_member_fails_as_often_whatever_the_cause(members, failure, missing, common):
    assert unanswered(1, failure, missing, common) == pytest.approx(failure, abs=1e-12)
    assert unanswered(members, failure, missing, 1.0) == pytest.approx(failure, abs=1e-9)


@given(MEMBERS, SHARES, st.integers(0, 10), SHARES)
def test_allowing_one_more_to_be_missing_never_hurts(members, failure, missing, common):
    less = unanswered(members, failure, missing + 1, common)
    assert less <= unanswered(members, failure, missing, common) + 1e-12
    assert less >= failure * common - 1e-12  # nothing helps against a common cause


@given(MEMBERS, st.floats(0, 0.5), SHARES)
def test_common_causes_help_those_who_need_everybody(members, failure, common):
    assert unanswered(members, failure, 0, common) <= unanswered(members, failure) + 1e-12


@given(MEMBERS, SHARES, st.integers(0, 10), SHARES)
def test_the_mean_lies_between_what_enough_members_give(members, failure, missing, common):
    values = np.sqrt(np.arange(members + 1))
    mean = mean_when_answered(values, members, failure, missing, common)
    assert values[max(1, members - missing)] - 1e-9 <= mean <= values[members] + 1e-9
    if missing == 0:
        assert mean == pytest.approx(values[members])


def test_the_mean_counts_answered_requests_only():
    # Two members, each silent half of the time; one must answer: one answers twice as often as two.
    assert mean_when_answered([7.0, 1.0, 4.0], 2, 0.5, 1) == pytest.approx((2 * 1 + 4) / 3)
    with pytest.raises(ValueError, match="2 of them, expected at least 3"):
        mean_when_answered([1.0, 2.0], 2, 0.5)


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        ((0, 0.1), "members=0"),
        ((3, 1.1), "failure=1.1"),
        ((3, 0.1, -1), "missing=-1"),
        ((3, 0.1, 0, 2.0), "common=2.0"),
    ],
)
def test_numbers_out_of_range_are_named(arguments, name):
    with pytest.raises(ValueError, match=name):
        unanswered(*arguments)


@given(st.sampled_from(BREAKAGES), st.integers(1, 30), st.integers(0, 5))
def test_tables_are_orders_of_the_labels(breakage, members, seed):
    tables = label_tables(members, breakage, seed)
    assert (np.sort(tables, axis=1) == np.arange(10)).all()
    kept = (tables == np.arange(10)).any(axis=1)
    assert kept.all() if breakage == "percent" else not kept.any()
    if breakage != "shuffle":
        assert (tables == tables[0]).all()
    np.testing.assert_array_equal(tables, label_tables(members + 1, breakage, seed)[:members])


@pytest.mark.parametrize("breakage", BREAKAGES)
def test_only_the_first_break(committee, breakage):
    votes, _ = committee
    arrived, weights = break_members(votes, 4, breakage)
    np.testing.assert_array_equal(arrived[4:], votes[4:])
    assert (weights[4:] == 1).all()
    if breakage == "percent":
        np.testing.assert_array_equal(arrived, votes)
        assert (weights[:4] == 100).all()
    else:
        assert (arrived[:4] != votes[:4]).all()
        assert (weights == 1).all()


@pytest.mark.parametrize("breakage", BREAKAGES)
def test_the_curve_is_what_each_committee_scores(committee, breakage):
    votes, truth = committee
    curve = accuracy_by_broken(votes, truth, breakage, seed=1)
    assert curve["broken"].tolist() == list(range(21))
    for broken in (0, 1, 7, 20):
        scores = tally(*break_members(votes, broken, breakage, seed=1))
        right = (scores.argmax(axis=1) == truth).mean()
        assert curve["accuracy"].iloc[broken] == pytest.approx(right)


def test_percentages_take_over_and_are_harmless_once_all_send_them(committee):
    votes, truth = committee
    accuracy = accuracy_by_broken(votes, truth, "percent")["accuracy"].to_numpy()
    assert accuracy[1] == pytest.approx((votes[0] == truth).mean())
    assert accuracy[-1] == accuracy[0]
    assert accuracy[1] < accuracy[0] - 0.05


def test_agreement_leaves_the_member_out():
    votes = np.array([[1, 1, 1, 1], [1, 1, 2, 2], [1, 1, 2, 2]])
    assert agreement(votes).tolist() == [0.5, 0.5, 0.5]  # a tie goes to the smaller label
    with pytest.raises(ValueError, match="1 member"):
        agreement(votes[:1])


def test_each_monitor_sees_its_own_kind(committee):
    votes, _ = committee
    usual, first = agreement(votes), np.arange(20) < 4
    for breakage in ("shift", "shuffle"):
        arrived, weights = break_members(votes, 4, breakage)
        np.testing.assert_array_equal(disagreeing(arrived, usual), first)
        assert not out_of_range(weights).any()
    arrived, weights = break_members(votes, 4, "percent")
    assert not disagreeing(arrived, usual).any()
    np.testing.assert_array_equal(out_of_range(weights), first)


@given(st.floats(0.5, 0.99), st.integers(10, 10_000))
def test_more_labels_see_smaller_falls(usual, labels):
    rings, line = accuracy_alarm(usual, usual, labels)
    assert not rings and line < usual
    assert accuracy_alarm(usual, usual, 4 * labels)[1] == pytest.approx((usual + line) / 2)
    assert accuracy_alarm(line - 1e-9, usual, labels)[0]


@pytest.mark.parametrize("call", [label_tables, break_members])
def test_an_unknown_breakage_is_named(call):
    first = 3 if call is label_tables else np.zeros((3, 2), int)
    arguments = (first, "melt") if call is label_tables else (first, 1, "melt")
    with pytest.raises(ValueError, match="breakage='melt'"):
        call(*arguments)
