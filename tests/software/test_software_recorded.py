"""The shipped tables of the chapter on changes are what their maker makes."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import numpy as np
import pytest
from threadpoolctl import threadpool_limits

from launchlab.software import make_changes
from launchlab.software.changes import BLEND, CHANGES, MODELS, compared, scored
from launchlab.software.cures import CURES
from launchlab.software.recorded import (
    PINS,
    SHARES,
    WEIGHTS,
    WORLD,
    changes_table,
    cures_table,
    pins_table,
)
from launchlab.software.town import N_SERVED, make_town

EVERY = [*MODELS, BLEND]


@pytest.fixture(autouse=True)
def _one_thread() -> Iterator[None]:
    # As the tables were made: with more, sums are taken in another order, and regressions end a
    # little elsewhere.
    with threadpool_limits(1):
        yield


def test_every_change_stands_there_for_every_model() -> None:
    table = changes_table()
    asked = list(itertools.product(CHANGES, EVERY))
    assert list(zip(table.change, table.model, strict=True)) == asked
    assert (table.filter(like="slates_").sum(axis=1) == N_SERVED).all()


def test_every_set_of_pins_stands_there_for_every_model() -> None:
    table = pins_table()
    asked = set(itertools.product((0, 1), repeat=len(PINS)))
    for model in EVERY:
        assert set(table[table.model == model][[*PINS]].itertuples(index=False, name=None)) == asked
    assert len(table) == len(asked) * len(EVERY)


def test_every_cure_stands_there_with_every_weight_and_share() -> None:
    table = cures_table()
    table = table[table.cure != "bag"]
    asked = list(itertools.product(SHARES, CURES, WEIGHTS))
    assert list(zip(table.changed, table.cure, table.weight, strict=True)) == asked
    plain = table[table.weight == 0]
    assert (plain.orders == 0).all()


@pytest.mark.parametrize("change", ["slate", "noise", "other"])
def test_a_row_of_changes_made_anew_agrees(change: str) -> None:
    table = changes_table().set_index(["change", "model"])
    for model in ("logistic", "hgb50"):
        for name, value in make_changes.change_row(change, model).items():
            if name not in ("change", "model"):
                assert table.loc[(change, model), name] == pytest.approx(value, rel=1e-4, abs=1e-6)


def test_a_row_of_pins_made_anew_agrees() -> None:
    table = pins_table().set_index([*PINS, "model"])
    made = compared(
        make_town(WORLD).sessions,
        scored(WORLD, "logistic"),
        scored(WORLD, "logistic", ("day", "seed")),
    )
    row = table.loc[(0, 1, 1, 0, "logistic")]
    assert row.places == pytest.approx(made.places, abs=1e-6)
    assert row.largest == pytest.approx(made.largest, rel=1e-4)


def test_a_row_of_cures_made_anew_agrees() -> None:
    from launchlab import shipped

    table = shipped.read_table("launchlab.software", "cures.csv", comment="#")
    made = make_changes.cure_row(1, "mean", 0.25, 0.1)
    (row,) = table[
        (table.world == 1)
        & (table.cure == "mean")
        & (table.weight == 0.25)
        & (table.changed == 0.1)
    ].to_dict("records")
    np.testing.assert_allclose(
        [row["places"], row["orders"]], [made["places"], made["orders"]], rtol=1e-3, atol=1e-4
    )
