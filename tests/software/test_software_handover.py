"""A release as it is handed over: one fault each, and nothing else changed."""

from __future__ import annotations

import numpy as np
import pytest

from launchlab.software.columns import COLUMN
from launchlab.software.faults import SERVING_FAULTS
from launchlab.software.handover import (
    ASKED,
    TRAINING_FAULTS,
    clean_model,
    leaky_rows,
    make_release,
    retrained_scores,
    week_before,
)
from launchlab.software.judged import orders
from launchlab.software.learning import chances
from launchlab.software.town import Town, make_town

MODEL = "logistic"


@pytest.fixture(scope="module")
def town() -> Town:
    return make_town(4, n_logged=3_000, n_held_out=1_000, n_served=400)


def test_a_town_may_be_smaller_and_its_log_may_explore_more(town: Town) -> None:
    assert (len(town.logs), len(town.held), len(town.sessions)) == (3_000, 1_000, 400)
    wilder = make_town(4, n_logged=200, n_held_out=200, n_served=200, temperature=5.0)
    assert wilder.logs.temperature == wilder.held.temperature == 5.0


def test_a_clean_release_is_fed_what_the_trainer_would_make(town: Town) -> None:
    clean = make_release(town, "clean", MODEL)
    assert (clean.rows == town.served.rows).all()
    few = town.served.rows[: ASKED * 30]
    found = chances(clean_model(town, MODEL), town.served.rows, town.served.shape)
    np.testing.assert_array_equal(clean.ask(few), found.ravel()[: ASKED * 30])
    assert clean.orders == pytest.approx(1_000 * orders(town.sessions, found).mean())


@pytest.mark.parametrize("fault", SERVING_FAULTS)
def test_a_fault_of_the_server_moves_no_offline_score(town: Town, fault: str) -> None:
    clean, release = make_release(town, "clean", MODEL), make_release(town, fault, MODEL)
    assert release.auc == clean.auc
    assert (release.name, release.words) == (fault, SERVING_FAULTS[fault].words)
    assert (release.rows == SERVING_FAULTS[fault].fed(town.served)).all()


@pytest.mark.parametrize("fault", TRAINING_FAULTS)
def test_a_fault_of_training_feeds_the_right_rows(town: Town, fault: str) -> None:
    clean, release = make_release(town, "clean", MODEL), make_release(town, fault, MODEL)
    assert (release.rows == clean.rows).all()
    assert release.auc != clean.auc
    assert (release.name, release.words) == (fault, TRAINING_FAULTS[fault])
    few = town.served.rows[: ASKED * 30]
    assert not np.array_equal(release.ask(few), clean.ask(few))


def test_the_leak_and_the_score_on_learnt_rows_look_too_good(town: Town) -> None:
    clean = make_release(town, "clean", MODEL)
    for fault in ("leak", "overfit"):
        release = make_release(town, fault, MODEL)
        assert release.auc > clean.auc + 0.05
        assert release.orders < clean.orders
    half = make_release(town, "leak", MODEL, leak=0.3)
    assert clean.auc < half.auc < make_release(town, "leak", MODEL).auc


def test_only_an_order_assigns_a_courier(town: Town) -> None:
    rows, ordered = town.shown.rows, town.ordered
    leaky = leaky_rows(rows, ordered, 1.0, 0)
    assert (leaky[:, :14] == rows).all() and (leaky[:, 14] == ordered).all()
    some = leaky_rows(rows, ordered, 0.3, 0)[:, 14]
    assert 0.2 < some.sum() / ordered.sum() < 0.4 and not some[~ordered].any()


def test_clean_releases_differ_and_so_do_two_weeks(town: Town) -> None:
    scores = retrained_scores(town, MODEL, 3)
    assert len(set(scores)) == 3 and min(scores) > 0.5
    before = week_before(town)
    assert before.shape == town.served.rows.shape
    assert not np.array_equal(before[:, COLUMN["eta"]], town.served.rows[:, COLUMN["eta"]])


def test_an_unknown_fault_is_named(town: Town) -> None:
    with pytest.raises(ValueError, match="fault='gremlins', expected one of 'clean', 'seconds'"):
        make_release(town, "gremlins", MODEL)
