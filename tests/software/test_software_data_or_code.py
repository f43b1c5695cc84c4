"""Labels are wrong in the way that they are said to be, and nowhere else."""

from __future__ import annotations

import json

import numpy as np
import pytest
from numpy.typing import NDArray

from launchlab import shipped
from launchlab.market import Logs, make_logs, make_world
from launchlab.software import obeying
from launchlab.software.data_or_code import KINDS, SHARE, change, learnt, wrong_labels
from launchlab.software.data_or_code_table import PLANS, labels_table
from launchlab.software.obeying_table import (
    ELSEWHERE,
    MODELS,
    PRICE_QUALITY,
    obeying_table,
)
from launchlab.software.offers import offers_logged
from launchlab.software.relations import LEAST
from tests.seed import run_seed

# Another world each day, so that in time every recorded world is computed anew.
WORLD = run_seed() % 20


@pytest.fixture(scope="module")
def logs() -> Logs:
    return make_logs(make_world(3), 4_000)


def _wrong(logs: Logs, kind: str, share: float | None = None) -> NDArray[np.bool_]:
    return wrong_labels(logs, offers_logged(logs), kind, SHARE[kind] if share is None else share)


@pytest.mark.parametrize("kind", KINDS)
def test_the_log_itself_stays_right_and_the_same_is_wrong_again(logs: Logs, kind: str) -> None:
    before = logs.ordered.copy()
    wrong = _wrong(logs, kind)
    assert wrong.shape == before.shape and wrong.dtype == bool
    assert (logs.ordered == before).all()
    assert (wrong == _wrong(logs, kind)).all()
    assert (wrong == before).all() == (kind == "none")


@pytest.mark.parametrize("kind", [one for one in KINDS if one != "none"])
def test_a_share_of_zero_leaves_every_label_right(logs: Logs, kind: str) -> None:
    assert (_wrong(logs, kind, 0.0) == logs.ordered).all()


def test_flips_hit_rows_alike_whether_they_were_ordered_or_not(logs: Logs) -> None:
    turned = _wrong(logs, "flipped") != logs.ordered
    assert abs(turned[~logs.ordered].mean() - 0.05) < 0.01
    assert abs(turned[logs.ordered].mean() - 0.05) < 0.03


def test_lost_orders_are_orders_and_those_of_chains_are_at_chains(logs: Logs) -> None:
    for kind in ("lost", "chains"):
        assert (_wrong(logs, kind) <= logs.ordered).all()
    shown = offers_logged(logs)
    chain = shown.world.chain[shown.restaurant].reshape(logs.ordered.shape)
    gone = logs.ordered & ~_wrong(logs, "chains")
    assert gone[chain].any() and not gone[~chain].any()
    assert not (_wrong(logs, "chains", 1.0) & chain).any()


def test_sessions_with_anothers_labels_bear_a_whole_session_s(logs: Logs) -> None:
    wrong = _wrong(logs, "another")
    assert wrong.sum() == logs.ordered.sum()
    mixed = (wrong != logs.ordered).any(axis=1)
    # Of a twentieth of the sessions, those in which nobody ordered mostly look as before.
    assert 0 < mixed.mean() < 0.05
    assert (wrong.sum(axis=1) <= 1).all()


def test_a_longer_log_is_wrong_where_the_shorter_one_is() -> None:
    world = make_world(3)
    short, long = (make_logs(world, slates) for slates in (1_000, 2_000))
    assert (_wrong(long, "flipped")[:1_000] == _wrong(short, "flipped")).all()


def test_an_unknown_kind_or_share_is_named_with_what_was_expected(logs: Logs) -> None:
    with pytest.raises(ValueError, match="kind='mixed', expected one of 'none', 'flipped'"):
        _wrong(logs, "mixed", 0.1)
    with pytest.raises(ValueError, match=r"share=1\.5, expected a number from 0 to 1"):
        _wrong(logs, "flipped", 1.5)


def test_the_tables_hold_every_world_and_say_how_they_were_made() -> None:
    kept, labels = obeying_table(), labels_table()
    assert len(kept) == 20 * (len(MODELS) + len(ELSEWHERE) * (len(PRICE_QUALITY) - 1))
    assert len(labels) == 20 * len(PLANS)
    assert kept.world.nunique() == labels.world.nunique() == 20
    made = json.loads(shipped.read_text("launchlab.software", "obeying.json"))
    assert made["made_by"].endswith("launchlab.software.make_obeying")
    assert made["worlds"] == list(range(20))


@pytest.mark.parametrize("model", ["logistic", "hgb50 + price"])
def test_a_sample_of_the_shipped_relations_is_computed_again(model: str) -> None:
    found = obeying.tried(WORLD, model)
    kept = obeying_table()
    (row,) = kept[
        (kept.world == WORLD) & (kept.model == model) & (kept.price_quality == obeying.USUAL)
    ].to_dict("records")
    gain, error = obeying.change(WORLD, found, obeying.tried(WORLD, "hgb50"))
    assert row["orders"] == pytest.approx(gain, rel=1e-3, abs=1e-3)
    assert row["error"] == pytest.approx(error, rel=1e-3)
    for name, share in found.violated.items():
        assert row[name] == pytest.approx(100 * share, rel=1e-3, abs=1e-3)
        assert row[f"{name}_much"] == pytest.approx(100 * found.much[name], rel=1e-3, abs=1e-3)
    moved = obeying.nudged(WORLD, model)
    assert set(moved) == set(obeying.NUDGES)
    for name, changed in moved.items():
        assert (changed < -LEAST).mean() == found.violated[name]
        assert (changed < -obeying.MUCH).mean() == found.much[name]


def test_a_sample_of_the_shipped_labels_is_computed_again() -> None:
    kept = labels_table()
    for model, kind in (("logistic", "chains"), ("hgb50", "flipped")):
        (row,) = kept[
            (kept.world == WORLD)
            & (kept.model == model)
            & (kept.kind == kind)
            & (kept.slates == 10_000)
        ].to_dict("records")
        moved, _ = change(WORLD, learnt(WORLD, model, kind), learnt(WORLD, model))
        assert row["orders"] == pytest.approx(moved, rel=1e-3, abs=1e-3)
