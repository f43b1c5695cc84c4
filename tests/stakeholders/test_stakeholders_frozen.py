"""The shipped table of frozen and fresh models: complete, believable, and made by this code."""

import numpy as np
import pandas as pd
import pytest

from launchlab.stakeholders.frozen import (
    MODELS,
    NOISE_SHARE,
    SHARES,
    TRAINED,
    drift_table,
    drifted_outcomes,
    lost_noise,
    make_rows,
    margin_lost,
)
from launchlab.zoo import WORLDS
from tests.seed import run_seed

SEED = run_seed()


def test_table_has_every_world_share_and_model():
    table = drift_table().query("log_seed == 0")
    expected = pd.MultiIndex.from_product([range(WORLDS), SHARES, MODELS, TRAINED])
    found = pd.MultiIndex.from_frame(table[["world", "share", "ranker", "trained"]])
    assert set(found) == set(expected)
    assert len(found) == len(expected)
    second = drift_table().query("log_seed == 1")
    assert set(second["share"]) == {NOISE_SHARE}
    assert len(second) == WORLDS * len(MODELS) * len(TRAINED)


def test_table_is_believable():
    table = drift_table()
    assert table["orders"].between(100, 450).all()
    assert table["margin"].between(300, 3_000).all()
    assert table["margin_change_se"].between(0, 2).all()


def test_before_anything_changes_frozen_and_fresh_are_one_model():
    lost = margin_lost()
    assert (lost.loc[0.0] == 0).all()
    assert lost.shape == (len(SHARES), WORLDS)
    assert 0 < lost_noise() < lost.loc[1.0].mean()


def test_table_is_a_copy():
    table = drift_table()
    table.loc[0, "orders"] = -1.0
    assert drift_table().loc[0, "orders"] > 0


def test_one_rotating_row_of_the_table_is_made_anew():
    world, share = SEED % WORLDS, SHARES[1 + SEED % (len(SHARES) - 1)]
    fresh = make_rows(world, share)
    kept = drift_table().query("world == @world and share == @share and log_seed == 0")
    for column in ("orders", "margin", "margin_change_se"):
        np.testing.assert_allclose(fresh[column], kept[column], rtol=2e-3, atol=1e-3)


def test_unknown_ways_of_training_are_refused():
    with pytest.raises(ValueError, match="trained='stale'"):
        drifted_outcomes(0, 0.1, "logistic", "stale")
