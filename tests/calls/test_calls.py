"""The arithmetic of several calls: against formulas in closed form, and against dice."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchlab import calls
from tests.seed import run_seed

DRAWS = 200_000
# Five standard errors of a share of so many draws.
CLOSE = 5 * 0.5 / DRAWS**0.5
SHARE = st.floats(0, 1)
LESS = st.floats(0, 0.95)
ODD = st.integers(0, 20).map(lambda half: 2 * half + 1)


@pytest.fixture
def rng():
    return np.random.default_rng(run_seed())


@given(SHARE, LESS)
def test_three_votes_keep_a_share_of_the_gain_that_correlation_alone_decides(right, correlation):
    alone = calls.majority(3, right) - right
    together = calls.majority(3, right, correlation) - right
    assert together == pytest.approx(alone * (1 - correlation) ** 2 / (1 + correlation), abs=1e-9)


def test_a_correlation_of_three_tenths_takes_five_eighths():
    kept = (calls.majority(3, 0.7, 0.3) - 0.7) / (calls.majority(3, 0.7) - 0.7)
    assert 1 - kept == pytest.approx(5 / 8, abs=0.003)


@given(ODD, SHARE, LESS)
def test_a_majority_is_right_as_often_as_its_mirror_is_wrong(votes, right, correlation):
    mirrored = calls.majority(votes, 1 - right, correlation)
    assert calls.majority(votes, right, correlation) == pytest.approx(1 - mirrored, abs=1e-9)


@given(SHARE, LESS)
def test_one_vote_is_a_vote(right, correlation):
    assert calls.majority(1, right, correlation) == pytest.approx(right)


@pytest.mark.parametrize(
    ("votes", "right", "correlation", "majority"),
    [(5, 0.7, 0, 0.837), (41, 0.7, 0.1, 0.879), (9, 0.7, 0.3, 0.755), (15, 0.8, 0.5, 0.827)],
)
def test_the_majority_of_a_table(votes, right, correlation, majority):
    assert calls.majority(votes, right, correlation) == pytest.approx(majority, abs=6e-4)


def test_a_majority_is_that_of_drawn_votes(rng):
    right, correlation = 0.7, 0.3
    size = (1 - correlation) / correlation
    case = rng.beta(right * size, (1 - right) * size, DRAWS)
    won = (rng.binomial(9, case) > 4.5).mean()
    assert calls.majority(9, right, correlation) == pytest.approx(won, abs=CLOSE)


@given(st.integers(1, 60), SHARE)
def test_effective_votes_lie_between_one_and_all(votes, correlation):
    effective = calls.effective_votes(votes, correlation)
    assert 1 - 1e-9 <= effective <= votes + 1e-9
    assert effective * correlation <= 1 + 1e-9


@given(st.integers(1, 200), SHARE, SHARE)
def test_a_checker_that_never_errs_gets_what_there_is(tries, right, hit):
    assert calls.picked(tries, right, 1, 0) == pytest.approx(calls.coverage(tries, right))
    most = calls.coverage(tries, right)
    assert calls.picked(tries, right, hit, 0) <= most + 1e-9


@given(st.integers(1, 200), SHARE, SHARE)
def test_a_checker_that_knows_nothing_picks_as_one_try_would(tries, right, accepts):
    assert calls.picked(tries, right, accepts, accepts) == pytest.approx(right)


@given(st.floats(0.01, 1), st.floats(0.01, 1), SHARE)
def test_tries_without_end_come_to_the_ceiling(right, hit, false_alarm):
    most = calls.picked(2_000_000, right, hit, false_alarm)
    assert most == pytest.approx(calls.ceiling(right, hit, false_alarm))


def test_what_a_checker_picks_is_what_it_picks_of_drawn_tries(rng):
    good = rng.random((DRAWS, 10)) < 0.3
    accepted = rng.random(good.shape) < np.where(good, 0.9, 0.2)
    first = np.where(accepted.any(1), accepted.argmax(1), 9)
    sent = good[np.arange(DRAWS), first].mean()
    assert calls.picked(10, 0.3, 0.9, 0.2) == pytest.approx(sent, abs=CLOSE)


def test_a_cascade_is_right_and_costs_as_in_drawn_cases(rng):
    small = rng.random(DRAWS) < 0.7
    kept = rng.random(DRAWS) < np.where(small, 0.9, 0.2)
    large = rng.random(DRAWS) < np.where(small, 0.97, 0.6)
    cascade = calls.Cascade(0.7, 0.9, 0.2)
    assert cascade.kept == pytest.approx(kept.mean(), abs=CLOSE)
    assert cascade.accuracy == pytest.approx(np.where(kept, small, large).mean(), abs=CLOSE)
    assert cascade.large_alone == pytest.approx(large.mean(), abs=CLOSE)
    assert cascade.price == pytest.approx((1.2 + 20 * ~kept).mean(), abs=20 * CLOSE)


@given(SHARE, SHARE, st.floats(1.01, 100))
def test_a_judge_that_knows_nothing_does_no_better_than_a_coin(right, keeps, large_price):
    cascade = calls.Cascade(right, keeps, keeps, judge_price=0, large_price=large_price)
    if cascade.large_alone >= right:
        assert cascade.accuracy <= cascade.coin + 1e-9


@pytest.mark.parametrize(("right", "kept", "price"), [(0.7, 0.4, 2.0), (0.8, 0.6, 20.0)])
def test_a_coin_spends_what_the_cascade_does(rng, right, kept, price):
    cascade = calls.Cascade(right, 0.9, kept, large_price=price)
    to_large = rng.random(DRAWS) < (cascade.price - 1) / (price - 1)
    small = rng.random(DRAWS) < right
    large = rng.random(DRAWS) < np.where(small, 0.97, 0.6)
    assert np.where(to_large, price, 1).mean() == pytest.approx(cascade.price, abs=price * CLOSE)
    assert cascade.coin == pytest.approx(np.where(to_large, large, small).mean(), abs=CLOSE)


def test_a_coin_asks_the_large_model_alone_where_that_is_no_dearer():
    cascade = calls.Cascade(0.7, 0.9, 0.2, large_price=1)
    assert cascade.coin == cascade.large_alone


@given(st.integers(1, 200), SHARE, SHARE)
def test_checks_help_a_chain_and_one_that_finds_nothing_changes_nothing(steps, step, found):
    assert calls.checked(step, 0) == pytest.approx(step)
    plain, helped = calls.chain(steps, step), calls.chain(steps, calls.checked(step, found))
    assert plain <= helped + 1e-12 <= 1 + 1e-9


def test_chains_of_known_length():
    assert calls.chain(20, 0.95) == pytest.approx(0.358, abs=5e-4)
    assert calls.chain(20, calls.checked(0.95, 0.8)) == pytest.approx(0.785, abs=1e-3)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (lambda: calls.majority(4, 0.7), "votes=4, expected an odd"),
        (lambda: calls.majority(0, 0.7), "votes=0, expected a whole"),
        (lambda: calls.majority(3, 1.7), "right=1.7, expected"),
        (lambda: calls.majority(3, 0.7, 1.0), "correlation=1, expected less"),
        (lambda: calls.effective_votes(3, -0.1), "correlation=-0.1, expected"),
        (lambda: calls.coverage(True, 0.5), "tries=True, expected"),
        (lambda: calls.picked(3, 0.5, 2, 0), "hit=2, expected"),
        (lambda: calls.ceiling(0.5, 0, 0), "expected some answer"),
        (lambda: calls.Cascade(0.5, 0.5, 1.5), "false_alarm=1.5, expected"),
        (lambda: calls.Cascade(0.5, 0.5, 0.5, large_price=-1), "large_price=-1, expected"),
        (lambda: calls.chain(2.5, 0.5), "steps=2.5, expected"),
        (lambda: calls.checked(0.5, float("nan")), "found=nan, expected"),
    ],
)
def test_what_is_out_of_range_is_named(wrong, said):
    with pytest.raises(ValueError, match=said):
        wrong()
