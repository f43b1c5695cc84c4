"""What rules are judged by: fresh towns and releases, and what a wrong rule gets from them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm

from launchlab.capstone.draws import TOWNS as BOOKS
from launchlab.capstone.draws import draw, held_out
from launchlab.capstone.judged import towns, watched
from launchlab.capstone.judged.sessions import pairs
from launchlab.capstone.limits import Limits
from launchlab.capstone.menu import CONTROL, MENU
from launchlab.operations.canary import HORIZON, Plan, information
from launchlab.operations.duty.releases import Rule, stopped_on
from launchlab.operations.sequential import bounds

TERMS = towns.Terms(Limits(orders=0.95, ads=1.05), 3_000, 50.0, 12.0)
RELEASE = watched.Release(
    80_000, 0.22, Plan("ramp", (0.05,) * 3 + (0.3,) * 4), 0.97, 0.05, 0.3, 0.05
)


def keeping(errors: float, terms: towns.Terms = TERMS) -> towns.Choose:
    """The largest margin that keeps the limits by some standard errors, written anew."""

    def choose(seen: pd.DataFrame) -> object:
        low = {name: seen[name] - errors * seen[f"{name}_se"] for name in ("orders", "ads")}
        rows = (low["orders"] >= terms.limits.orders) & (low["ads"] >= terms.limits.ads)
        rows &= seen.artefacts <= terms.limits.artefacts
        return seen.margin[rows].idxmax() if rows.any() else None

    return choose


def test_fresh_towns_are_like_the_books_but_lie_farther_apart() -> None:
    books = np.array([held_out(town).to_numpy() for town in range(BOOKS)])
    # Limits that nothing breaks: no town is left out.
    anything = towns.Terms(Limits(orders=0.0, ads=0.0, p95_ms=1e5, artefacts=9))
    found = towns.fresh(anything, 1_500, 1)
    spread, theirs = np.log(found.true).std(axis=0), np.log(books).std(axis=0, ddof=1)
    np.testing.assert_allclose(spread, towns.SPREAD * theirs, rtol=0.12, atol=1e-3)
    middle = np.exp(np.log(found.true).mean(axis=0))
    np.testing.assert_allclose(middle, np.exp(np.log(books).mean(axis=0)), atol=0.035)
    assert (found.true[:, CONTROL] == 1).all() and (found.said[:, CONTROL] == 1).all()


def test_a_draw_errs_by_what_it_says_and_less_if_it_is_larger() -> None:
    small, large = (
        towns.fresh(towns.Terms(TERMS.limits, sessions), 2_000, 1) for sessions in (1_500, 6_000)
    )
    for found in (small, large):
        off = (found.said - found.true).std(axis=0)
        np.testing.assert_allclose(off, found.error, rtol=0.1, atol=1e-3)
    np.testing.assert_allclose(large.error, small.error / 2)
    # About what the book's draws say of themselves.
    said = draw(0)[[f"{name}_se" for name in towns.MEASURES]].to_numpy()
    others = np.arange(len(MENU)) != CONTROL
    ratio = np.median(small.error[others] / np.maximum(said[others], 1e-4), axis=0)
    assert (np.abs(ratio - 1) < 0.35).all()
    # What is alike errs alike: not each ratio by itself.
    errors = (small.said - small.true)[:, others, 0]
    assert np.median(np.corrcoef(errors.T)) > 0.3


def test_every_town_that_is_asked_has_an_answer() -> None:
    hard = towns.Terms(Limits(orders=0.97, ads=1.1, artefacts=2))
    found = towns.fresh(hard, 400, 3)
    assert len(found) == 400 and towns.keeps(found.true, hard.limits).any(axis=1).all()
    again = towns.fresh(hard, 400, 3)
    assert np.array_equal(found.said, again.said)
    assert not np.array_equal(found.said, towns.fresh(hard, 400, 4).said)


def test_a_choice_costs_its_regret_or_what_was_agreed() -> None:
    found = towns.fresh(TERMS, 50, 1)
    kept = towns.keeps(found.true, TERMS.limits)
    best = np.where(kept, found.true[..., 2], 0).argmax(axis=1)
    assert (towns.costs(best, found.true, TERMS) == 0).all()
    assert (towns.costs(np.full(50, -1), found.true, TERMS) == TERMS.waiting).all()
    assert (towns.costs(np.full(50, CONTROL), found.true, TERMS) == TERMS.broken).all()
    worst = np.where(kept, found.true[..., 2], 9).argmin(axis=1)
    lost = 100 * (1 - found.true[range(50), worst, 2] / found.true[range(50), best, 2])
    np.testing.assert_allclose(towns.costs(worst, found.true, TERMS), lost)


def test_a_rule_sees_what_the_bounds_see() -> None:
    # Half of the menu needs a third artefact, which is not allowed here.
    few = towns.Terms(Limits(artefacts=2), 3_000)
    found = towns.fresh(few, 60, 1)
    for errors in (0.0, 1.3, 2.0):
        mine = towns.chosen_by(keeping(errors, few), found)
        assert np.array_equal(mine, towns.by_bound(found, few, errors))
    costly = next(found.draws()).artefacts.to_numpy() == 3
    assert costly.sum() == 48 and not towns.keeps(found.true, few.limits)[:, costly].any()


@pytest.mark.parametrize(
    ("choose", "points"),
    [
        (keeping(1.3), 3),
        (keeping(1.6), 3),
        (keeping(0.0), 0),  # the best on the draw
        (lambda seen: None, 0),
        (lambda seen: CONTROL, 0),
        (lambda seen: int(seen.orders.idxmax()), 0),
        (lambda seen: int(seen.margin.idxmax()), 0),
    ],
)
def test_bounds_earn_all_points_and_the_best_on_the_draw_none(
    choose: towns.Choose, points: int
) -> None:
    times = towns.times_the_best_bound(choose, TERMS, 5, 150)
    assert sum(times <= most for most in towns.TIMES) == points


def test_a_rule_is_judged_once_for_all_its_points() -> None:
    asked = []

    def choose(seen: pd.DataFrame) -> object:
        asked.append(len(seen))
        return None

    assert [towns.grade(choose, TERMS, 5) >= points for points in (1, 2, 3)] == [False] * 3
    assert asked == [len(MENU)] * 400


def test_the_record_says_what_the_towns_say() -> None:
    record, seen, later = towns.given(TERMS, 7, past=5)
    found = towns.fresh(TERMS, 6, 7)
    assert list(record.town.unique()) == [0, 1, 2, 3, 4] and len(record) == 5 * len(MENU)
    names = list(towns.MEASURES)
    third = record[record.town == 3].set_index("row")
    np.testing.assert_array_equal(third[names], found.said[3])
    np.testing.assert_array_equal(third[[f"{name}_later" for name in names]], found.true[3])
    np.testing.assert_array_equal(seen[names], found.said[5])
    np.testing.assert_array_equal(later[names], found.true[5])
    past = towns.Towns(found.said[:5], found.true[:5], found.error)
    for errors in (0.0, 1.645):
        due = towns.costs(towns.by_bound(past, TERMS, errors), past.true, TERMS).mean()
        assert towns.bound_costs(record, TERMS, errors) == pytest.approx(due)


def test_pairs_are_more_alike_than_two_draws() -> None:
    for seed in range(5):
        found = pairs(seed, 20_000, 0.2)
        assert found.control.mean() == pytest.approx(0.2, abs=0.01)
        assert 0.9 < found.new.mean() / found.control.mean() < 1.03
        assert np.corrcoef(found.new, found.control)[0, 1] > 0.3
    lost = [
        1 - one.new.mean() / one.control.mean()
        for one in (pairs(s, 50_000, 0.2) for s in range(12))
    ]
    assert 0.015 < np.mean(lost) < 0.06  # between nothing and seven per cent


def watching(bound: np.ndarray, agreed: float = RELEASE.agreed) -> Rule:
    """Stop where a difference within days crosses a bound, written anew."""

    def rule(orders: np.ndarray, sessions: np.ndarray, *control: np.ndarray) -> np.ndarray:
        old = control[0] / control[1]
        weight = 1 / (1 / sessions + agreed**2 / control[1])
        less = (weight * (orders / sessions - agreed * old)).sum(axis=1)
        deviation = np.sqrt((weight * old * (1 - old)).sum(axis=1))
        return np.asarray(less / deviation < -bound[orders.shape[1] - 1])

    return rule


def test_what_was_agreed_is_no_fault() -> None:
    sound, faulty = (watched.days(RELEASE, wrong, 4_000, 2) for wrong in (False, True))
    z = watched.against_agreed(sound, RELEASE.agreed)
    assert abs(z.mean(axis=0)).max() < 0.06 and abs(z.std(axis=0) - 1).max() < 0.05
    assert watched.against_agreed(faulty, RELEASE.agreed)[:, -1].mean() < -3
    ratio = faulty[0].sum() / faulty[1].sum() / (faulty[2].sum() / faulty[3].sum())
    assert ratio == pytest.approx(0.97 * 0.95, abs=0.01)


def test_cost_adds_up_harm_and_waste() -> None:
    never, at_once = np.full(10, 7), np.zeros(10, dtype=int)
    plan = RELEASE.plan
    met = (sum(plan.shares) + HORIZON - plan.days) / HORIZON
    assert watched.cost(RELEASE, never, never) == pytest.approx(100 * 0.3 * 0.05 * met)
    stopped = watched.cost(RELEASE, at_once, at_once)
    assert stopped == pytest.approx(100 * (0.7 * 0.05 + 0.3 * 0.05 * 0.05 / HORIZON))


@pytest.mark.parametrize(
    ("rule", "points"),
    [
        (watching(bounds("obrien-fleming", information(RELEASE.plan, 80_000, 0.22), 0.01)), 3),
        (watching(bounds("pocock", information(RELEASE.plan, 80_000, 0.22), 0.01)), 3),
        (watching(np.full(7, norm.ppf(1 - 0.01 / 7))), 3),  # Bonferroni
        (watching(np.full(7, 9.0)), 0),  # never
        (watching(np.full(7, 1.645)), 0),  # a look each day, as if it were the only one
        (watching(np.full(7, 2.7), agreed=1.0), 0),  # as if nothing had been given away
        (lambda orders, *_: np.ones(len(orders), bool), 0),
    ],
)
def test_corrected_bounds_earn_all_points_and_who_peeks_or_sleeps_none(
    rule: Rule, points: int
) -> None:
    assert watched.grade(rule, RELEASE, 5) == points


def test_peeking_costs_what_a_rule_that_peeks_costs() -> None:
    counts = [watched.days(RELEASE, wrong, 4_000, 3) for wrong in (False, True)]
    stopped = [stopped_on(watching(np.full(7, 1.645)), one) for one in counts]
    never = np.full(4_000, 7)
    due = watched.cost(RELEASE, *stopped) / watched.cost(RELEASE, never, never)
    assert watched.peeking_times(RELEASE, 4_000, 3) == pytest.approx(due, rel=0.05)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: towns.Terms(sessions=10), "sessions"),
        (lambda: towns.Terms(broken=200.0), "broken"),
        (lambda: towns.fresh(TERMS, 0, 1), "n"),
        (lambda: towns.grade(lambda seen: "the best", TERMS, 1), "the rule chose 'the best'"),
        (lambda: towns.grade(lambda seen: 96, TERMS, 1), "the rule chose 96"),
        (lambda: towns.grade(lambda seen: True, TERMS, 1), "the rule chose True"),
        (lambda: pairs(1, 5, 0.2), "sessions"),
        (lambda: watched.Release(1, 0.2, RELEASE.plan, 2.0, 0.1, 0.1, 0.1), "agreed"),
        (lambda: watched.grade(lambda *_: True, RELEASE, 1), "truth values"),
    ],
)
def test_bad_input_is_named_with_what_was_expected(call: Callable[[], object], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        call()
