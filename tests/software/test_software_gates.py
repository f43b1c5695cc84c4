"""Gates measure what they say, and faulty releases are faulty in the way they are called."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchlab.market import FEATURES
from launchlab.software.columns import COLUMN, with_column
from launchlab.software.gates import (
    ALLOWED,
    GATES,
    Running,
    canary_power,
    drift,
    offline,
    orders_now,
    psi,
    responses,
    running_in,
    schema,
    shadow,
    unit,
)
from launchlab.software.harms import (
    A_WEEK,
    HARMS,
    LUNCH_ENDS,
    clicks_as_orders,
    drops_the_best,
    joined_wrongly,
    leak,
    loaded_twice,
    no_chains,
    only_lunch,
    orders_lost,
    sound,
)
from launchlab.software.release import Release, of_first, with_rows
from launchlab.software.town import N_LOGGED

SEED = 3


@pytest.fixture(scope="module")
def running() -> Running:
    return running_in(SEED)


@pytest.fixture(scope="module")
def clean(running: Running) -> Release:
    return sound(running.town)


@pytest.fixture
def untrained(monkeypatch: pytest.MonkeyPatch) -> None:
    """Releases whose model is none, where only the data matter."""
    monkeypatch.setattr("launchlab.software.release.order_model", lambda *given: None)


def test_the_schema_knows_every_feature(running: Running) -> None:
    assert set(ALLOWED) == set(FEATURES)
    assert all(low < high for low, high in ALLOWED.values())


def test_a_sound_release_shows_no_gate_a_reason(running: Running, clean: Release) -> None:
    assert unit(running, clean) == schema(running, clean) == shadow(running, clean) == 0
    assert drift(running, clean) < 0.2
    # Chance levels are 50 points of AUC and no response.
    assert offline(running, clean) > 65
    assert min(responses(running, clean).values()) > -10
    assert set(GATES) >= {"unit", "schema", "drift", "offline", "shadow"}


@pytest.mark.parametrize("name", ["seconds", "utc", "join", "cents", "swapped", "place", "cuisine"])
def test_a_fault_of_the_serving_path_keeps_model_and_offline_score(
    running: Running, clean: Release, name: str
) -> None:
    faulty = HARMS[name].make(running.town)
    assert faulty.model is clean.model
    assert offline(running, faulty) == offline(running, clean)
    assert shadow(running, faulty) > 5
    assert faulty.own_code == (name in ("swapped", "place"))


def test_a_slate_that_drops_its_best_shows_the_others(running: Running, clean: Release) -> None:
    few = of_first(running.town.served, 50)
    kept, dropped = clean.shown(few), drops_the_best(running.town).shown(few)
    assert (dropped[:, :7] == kept[:, 1:]).all()
    assert (
        orders_now(running, drops_the_best(running.town)).mean() < orders_now(running, clean).mean()
    )


def test_first_sessions_are_scored_as_all_are(running: Running, clean: Release) -> None:
    served = running.town.served
    assert (clean.scores(of_first(served, 20)) == clean.scores(served)[:20]).all()
    later = with_column(served.rows, "eta", served.rows[:, COLUMN["eta"]] + 60)
    assert clean.scores(with_rows(served, later)).mean() < clean.scores(served).mean()


@pytest.mark.usefixtures("untrained")
def test_labels_of_a_week_are_wrong_and_others_right(running: Running) -> None:
    town = running.town
    week = round(A_WEEK * N_LOGGED) * 8
    for make in (clicks_as_orders, joined_wrongly, orders_lost):
        labels = make(town).happened
        assert (labels[week:] == town.ordered[week:]).all()
        assert (labels[:week] != town.ordered[:week]).any()
    joined = joined_wrongly(town).happened[:week]
    assert joined.sum() == town.ordered[:week].sum()
    assert (joined.reshape(-1, 8).sum(axis=0) == town.ordered[:week].reshape(-1, 8).sum(0)).all()
    assert not orders_lost(town).happened[:week].any()
    assert (clicks_as_orders(town).happened[:week] >= town.ordered[:week]).all()


@pytest.mark.usefixtures("untrained")
def test_rows_are_missing_or_there_twice(running: Running) -> None:
    town = running.town
    twice = loaded_twice(town)
    counts = np.bincount(twice.origin).reshape(-1, 8)
    assert (counts == counts[:, :1]).all() and (counts[:, 0] == 2).mean() == pytest.approx(0.3)
    assert (twice.rows == town.shown.rows[twice.origin]).all()
    assert not no_chains(town).rows[:, COLUMN["chain"]].any()
    assert only_lunch(town).rows[:, COLUMN["hour"]].max() < LUNCH_ENDS


@pytest.mark.usefixtures("untrained")
@pytest.mark.parametrize("share", [0.0, 0.5, 1.0])
def test_a_leak_counts_the_order_that_it_should_not_know(running: Running, share: float) -> None:
    town = running.town
    rows, ordered = leak(town, share).rows, town.ordered
    honest = leak(town, 0.0).rows
    assert (rows[:, :-1] == town.shown.rows).all()
    known = rows[:, -1] - honest[:, -1]
    assert set(known[~ordered]) == {0.0} and set(known) <= {0.0, 1.0}
    assert known[ordered].mean() == pytest.approx(share, abs=0.05)


@given(
    st.lists(st.floats(0, 1), min_size=5, max_size=60),
    st.lists(st.floats(0, 1), min_size=5, max_size=60),
)
def test_psi_is_never_negative_and_zero_for_the_same(before: list[float], now: list[float]) -> None:
    assert psi(np.array(before), np.array(before)) == 0
    assert psi(np.array(before), np.array(now)) >= 0


def test_psi_of_a_shift_is_the_sum_over_its_bins() -> None:
    before, now = np.array([0, 0, 0, 1]), np.array([0, 1, 1, 1])
    assert psi(before, now) == pytest.approx(2 * 0.5 * np.log(3))


def test_a_canary_stops_one_in_twenty_where_nothing_differs() -> None:
    assert canary_power(0.24, 0.24, 10_000, 40_000) == pytest.approx(0.05, abs=1e-4)


@given(st.floats(0.01, 0.2), st.integers(2, 50))
def test_more_sessions_see_a_loss_sooner_and_a_gain_less(loss: float, times: int) -> None:
    few, many = (canary_power(0.24, 0.24 * (1 - loss), n, 4 * n) for n in (2_000, 2_000 * times))
    assert many > few > 0.05 > canary_power(0.24, 0.24 * (1 + loss), 2_000, 8_000)
