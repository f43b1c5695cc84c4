"""Groups: possible times reached is what is seen; floors hold; errors and powers are true."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score

from launchlab.market import draw_sessions, make_world, top_slate, true_scores
from launchlab.market.world import N_RESTAURANTS
from launchlab.operations.floors import few_ratings, share_of_attention, with_bonus, with_floor
from launchlab.operations.group_auc import auc
from launchlab.operations.served_worse import (
    CUTS,
    LEARNT,
    POPULARITY,
    RANKINGS,
    TRUTH,
    Served,
    best_by_group,
    groups,
    serve,
)
from launchlab.operations.slices import chance_seen, false_alarm


@pytest.fixture(scope="module")
def town() -> Served:
    return serve(0, n_logged=2_000, n_held_out=1_000)


def test_nobody_orders_more_than_with_the_true_scores(town: Served) -> None:
    for ranking in RANKINGS:
        assert (town.orders[ranking] <= town.orders[TRUTH] + 1e-6).all()


@pytest.mark.parametrize("cut", CUTS, ids=lambda cut: cut.name)
def test_a_gap_is_exactly_what_is_possible_times_what_is_reached(town: Served, cut) -> None:
    for ranking in (POPULARITY, *LEARNT):
        seen = 1 - town.gap(ranking, cut) / 100
        possible = 1 - town.gap(TRUTH, cut) / 100
        reached = town.reached(ranking, cut.worse) / town.reached(ranking, cut.better)
        assert seen == pytest.approx(possible * reached)
        share = town.town_share(ranking, cut) / 100
        assert np.log(possible) == pytest.approx(share * np.log(seen))


def test_true_scores_leave_the_whole_gap_and_no_gap_is_refused(town: Served) -> None:
    assert town.town_share(TRUTH, CUTS[0]) == pytest.approx(100)
    same = {ranking: np.ones(len(town.sessions)) for ranking in RANKINGS}
    alike = Served(town.sessions, town.scores, same, town.members, town.auc)
    with pytest.raises(ValueError, match=r"ranking='popularity', cut='home'"):
        alike.town_share(POPULARITY, CUTS[1])


def test_groups_are_what_they_are_called(town: Served) -> None:
    world, members = town.sessions.world, groups(town.sessions)
    of = town.sessions.customer
    places = world.ordered_before.sum(axis=1)[of]
    assert places[members["new"]].max() <= 1 < places[members["loyal"]].min()
    far = world.distance[:, :30].mean(axis=1)[of]
    assert far[members["outskirts"]].min() > far[members["centre"]].max()
    assert world.spend[of][members["thrifty"]].max() < world.spend[of][members["spenders"]].min()
    for cut in CUTS:
        assert not (members[cut.worse] & members[cut.better]).any()
        assert 0.05 < members[cut.worse].mean() < 0.35


def test_without_past_orders_the_score_knows_nobody(town: Served) -> None:
    blind = serve(0, n_logged=2_000, n_held_out=1_000, past=False)
    assert blind.orders[POPULARITY] == pytest.approx(town.orders[POPULARITY])
    loyal = town.gain("200 trees", "loyal") - blind.gain("200 trees", "loyal")
    new = town.gain("200 trees", "new") - blind.gain("200 trees", "new")
    assert loyal > new + 5


def test_the_best_for_each_group_is_the_best_for_all_where_one_model_leads(town: Served) -> None:
    line, trees = LEARNT
    orders = town.orders | {trees: town.orders[line] + 0.1}
    leads = Served(town.sessions, town.scores, orders, town.members, town.auc)
    assert best_by_group(leads) == 0
    new = town.members["new"]
    orders = town.orders | {trees: town.orders[line] + np.where(new, 0.1, -0.1)}
    split = Served(town.sessions, town.scores, orders, town.members, town.auc)
    assert best_by_group(split) > 2


def test_auc_agrees_with_scikit_learn_and_its_error_with_resampling() -> None:
    rng = np.random.default_rng(1)
    happened = rng.random(600) < 0.1
    score = np.round(rng.normal(size=600) + 1.2 * happened, 1)  # with ties
    area, error = auc(happened, score)
    assert area == pytest.approx(roc_auc_score(happened, score))
    drawn = rng.integers(0, 600, (400, 600))
    again = [roc_auc_score(happened[rows], score[rows]) for rows in drawn]
    assert error == pytest.approx(np.std(again), rel=0.15)


def test_auc_wants_both_kinds() -> None:
    with pytest.raises(ValueError, match="1 of 3 rows"):
        auc(np.array([True, False, False]), np.arange(3.0))


@given(st.floats(0.01, 1), st.floats(-0.2, 0.5), st.integers(1, 100))
def test_a_group_is_seen_more_often_if_it_is_larger_and_less_if_it_is_one_of_many(
    share: float, loss: float, many: int
) -> None:
    one = chance_seen(100_000, share, loss)
    assert 0 <= chance_seen(100_000, share, loss, many) <= one <= 1
    if loss > 0:
        assert one <= chance_seen(200_000, share, loss) + 1e-12
    assert chance_seen(100_000, share, 0.0, many) == pytest.approx(0.05 / many)


def test_the_chance_to_see_a_group_agrees_with_simulation() -> None:
    rng, arm = np.random.default_rng(2), 5_000
    kept, lost = (rng.binomial(arm, rate, 20_000) / arm for rate in (0.24, 0.24 * 0.9))
    error = np.sqrt((kept * (1 - kept) + lost * (1 - lost)) / arm)
    rung = ((kept - lost) / error > 1.6449).mean()
    assert chance_seen(100_000, 0.1, 0.1) == pytest.approx(rung, abs=0.015)
    assert false_alarm(40) == pytest.approx(0.8715, abs=1e-4)


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ({"share": 0.0}, "share"),
        ({"share": 1.1}, "share"),
        ({"loss": 1.0}, "loss"),
        ({"groups": 0}, "groups"),
    ],
)
def test_groups_out_of_range_are_refused(given: dict[str, float], name: str) -> None:
    with pytest.raises(ValueError, match=f"{name}={given[name]}"):
        chance_seen(**{"sessions": 1_000, "share": 0.1, "loss": 0.1} | given)


@pytest.fixture(scope="module")
def small() -> tuple:
    sessions = draw_sessions(make_world(0), 1_000, seed=1)
    return sessions, true_scores(sessions).order, few_ratings(sessions.world)


@settings(max_examples=20, deadline=None)
@given(st.floats(1, 2))
def test_a_floor_is_kept_and_hardly_more(small: tuple, times: float) -> None:
    sessions, score, chosen = small
    free = share_of_attention(sessions, top_slate(score), chosen)
    kept = with_floor(sessions, score, chosen, times)
    assert times * free <= kept.share + 1e-9 <= times * free + 0.01
    assert with_bonus(sessions, score, chosen, kept.bonus).share == kept.share


def test_a_floor_under_true_scores_costs_orders_and_more_the_higher_it_is(small: tuple) -> None:
    orders = [with_floor(*small, times).outcomes.measure("orders").mean() for times in (1, 1.3, 2)]
    assert orders == sorted(orders, reverse=True) and orders[0] > orders[2]


def test_attention_adds_up_and_theirs_are_theirs(small: tuple) -> None:
    sessions, score, chosen = small
    slate = top_slate(score)
    shares = [share_of_attention(sessions, slate, one) for one in (chosen, ~chosen)]
    assert sum(shares) == pytest.approx(1)
    assert chosen.sum() == pytest.approx(N_RESTAURANTS / 3, abs=2)
    found = with_bonus(sessions, score, chosen, 0.0)
    rest = with_bonus(sessions, score, ~chosen, 0.0)
    assert found.theirs + rest.theirs == pytest.approx(found.outcomes.measure("orders").mean())
    assert found.share == pytest.approx(
        found.outcomes.exposure[chosen].sum() / found.outcomes.exposure.sum()
    )


def test_a_floor_below_what_they_have_or_above_what_is_offered_is_refused(small: tuple) -> None:
    with pytest.raises(ValueError, match=r"times=0\.9"):
        with_floor(*small, 0.9)
    with pytest.raises(ValueError, match=r"times=50, expected at most"):
        with_floor(*small, 50)
