"""The zoo table: complete, small, as the marketplace says, and right at other latencies."""

from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest

from launchlab import reach
from launchlab.market import (
    FEATURES,
    RANKERS,
    ClassifierRanker,
    EnsembleRanker,
    draw_sessions,
    evaluate,
    make_logs,
    make_ranker,
    make_world,
    mean_scores,
)
from launchlab.market.outcomes import MEASURES
from launchlab.market.scorecard import relative_change
from launchlab.zoo import (
    BASELINE,
    VARIANTS,
    WORLDS,
    at_latency,
    provenance,
    ranker_notes,
    training_noise,
    zoo_rows,
    zoo_scores,
    zoo_table,
)
from launchlab.zoo.launch import launched, session_values
from launchlab.zoo.rankers import TABLE_RANKERS, Variant, ranker_scores, world_sessions
from launchlab.zoo.rows import CHANGES, make_world_table
from tests.seed import run_seed

# Another world each day, so that in time every recorded world is computed anew.
WORLD = run_seed() % WORLDS
CHEAP = ("logistic", "tree")


@pytest.fixture(scope="module")
def table():
    return zoo_table()


def test_table_is_complete(table):
    assert len(table) == WORLDS * len(TABLE_RANKERS)
    assert set(table["world"]) == set(range(WORLDS))
    assert (table.groupby("world")["ranker"].apply(tuple) == TABLE_RANKERS).all()
    assert table.notna().all(axis=None)
    families = table.drop_duplicates("ranker").set_index("ranker")["family"]
    assert families.equals(ranker_notes()["family"])
    assert set(families) == {"zoo", "truth", "variant"}


def test_a_world_recomputed_agrees_at_three_figures(table):
    kept = table[(table["world"] == WORLD) & table["ranker"].isin(CHEAP)].set_index("ranker")
    fresh = make_world_table(WORLD, CHEAP).set_index("ranker")
    changes = [name for name in fresh if "_change" in name]
    levels = fresh.columns.drop(["family", *changes])
    for name in CHEAP:
        for column in levels:
            assert kept.loc[name, column] == pytest.approx(fresh.loc[name, column], rel=5e-4), (
                column
            )
        for column in changes:
            assert kept.loc[name, column] == pytest.approx(fresh.loc[name, column], abs=0.02), (
                column
            )


def test_a_row_is_what_evaluate_says(table):
    sessions, scores = world_sessions(WORLD), ranker_scores(WORLD, "tree")
    card = evaluate(sessions, scores)
    row = table[(table["world"] == WORLD) & (table["ranker"] == "tree")].iloc[0]
    for name in ("orders", "clicks", "ad_revenue", "margin", "gmv", "life_value"):
        assert row[name] == pytest.approx(getattr(card, name), rel=1e-3)


@pytest.mark.parametrize("latency", [50.0, 400.0, 1_000.0])
def test_latency_by_cumulants_is_latency_in_closed_form(latency):
    table = make_world_table(WORLD, ("tree",))
    sessions, scores = world_sessions(WORLD), ranker_scores(WORLD, "tree")
    exact = launched(sessions, scores, latency)
    found = at_latency(table, latency).iloc[0]
    for name in MEASURES:
        scale = 1 if name == "experience" else 1_000
        expected = scale * exact.measure(name).mean()
        # Single precision of the marketplace besides the three cumulants.
        assert found[name] == pytest.approx(expected, rel=3e-5), name
    card = evaluate(sessions, scores, latency_ms=latency)
    assert found["life_value"] == pytest.approx(card.life_value, rel=1e-4)


def test_latency_is_right_in_the_far_corner_and_refused_beyond_it(table):
    rows = table.query("ranker == 'tree'")
    at_none = at_latency(rows, 0.0)
    for name in ("orders", "margin", "life_value"):
        assert at_none[name].to_numpy() == pytest.approx(rows[name].to_numpy(), rel=1e-5)
    kept = at_latency(rows, 2_900.0, elasticity=0.01)["orders"] / rows["orders"]
    sessions = world_sessions(0)
    hurry = 1 / (sessions.world.patience[sessions.customer] * np.exp(0.125))
    orders = launched(sessions, ranker_scores(0, "tree")).measure("orders")
    exact = (orders * 0.99 ** (29 * hurry)).sum() / orders.sum()
    assert kept.iloc[0] == pytest.approx(exact, rel=5e-4)
    assert at_latency(rows, 1e9, elasticity=0.0)["orders"].equals(rows["orders"])
    one_each = at_latency(rows, np.linspace(0, 300, len(rows)))["orders"] / rows["orders"]
    assert (one_each.diff().dropna() < 0).mean() > 0.9
    assert not any(name.endswith(("_change", "_k1")) for name in at_none)


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"latency_ms": -1.0}, "latency_ms=-1"),
        ({"latency_ms": float("nan")}, "nan"),
        ({"latency_ms": 4_000.0, "elasticity": 0.01}, "to 2985"),
        ({"latency_ms": 10.0, "elasticity": 0.2}, "elasticity=0.2"),
    ],
)
def test_latency_out_of_range(table, asked, message):
    with pytest.raises(ValueError, match=message):
        at_latency(table, **asked)


def test_baseline_does_not_differ_from_itself(table):
    base = table[table["ranker"] == BASELINE]
    for name in CHANGES:
        assert (base[f"{name}_change"] == 0).all()
        assert (base[f"{name}_change_se"] == 0).all()
    assert (base["auc_order_se"] == 0).all()
    others = table[table["ranker"] != BASELINE]
    assert (others[[f"{name}_change_se" for name in CHANGES]] > 0).all(axis=None)


def test_nobody_beats_the_truth(table):
    orders = table.pivot(index="world", columns="ranker", values="orders")
    assert (orders.idxmax(axis=1) == "truth").all()


def test_linearised_life_value_has_the_error_of_leaving_customers_out():
    sessions = world_sessions(0)
    couplings = sessions.world.couplings
    outcomes = launched(sessions, ranker_scores(0, "logistic"))
    values = session_values(outcomes, "life_value", couplings)
    card = evaluate(sessions, ranker_scores(0, "logistic"))
    assert 1_000 * values.mean() == pytest.approx(card.life_value, rel=1e-5)
    error = 1_000 * values.std() / np.sqrt(len(values))
    assert error == pytest.approx(card.standard_error["life_value"], rel=1e-3)


def test_changes_are_the_marketplaces(table):
    sessions = world_sessions(WORLD)
    base, tree = (launched(sessions, ranker_scores(WORLD, name)) for name in (BASELINE, "tree"))
    row = table[(table["world"] == WORLD) & (table["ranker"] == "tree")].iloc[0]
    change, error = relative_change(base, tree, "margin", clusters=sessions.customer)
    assert row["margin_change"] == pytest.approx(change, abs=0.02)
    assert row["margin_change_se"] == pytest.approx(error, rel=0.01)


# --------------------------------------------------------------------------- scores


def test_scores_are_those_of_the_rankers_in_half_precision():
    sessions, kept = zoo_scores("tree")
    assert sessions.shape == kept.order.shape == (1_000, 30)
    fresh = make_ranker("tree").fit(make_logs(make_world(0))).score(sessions)
    for what in ("order", "click"):
        assert getattr(kept, what) == pytest.approx(getattr(fresh, what), rel=1e-3, abs=1e-6)
    again = draw_sessions(make_world(0), 5_000, seed=1)
    assert np.array_equal(again.customer[:1_000], sessions.customer)


def test_every_ranker_of_the_zoo_has_scores_that_rank_alike_at_three_figures(table):
    orders = table[table["world"] == 0].set_index("ranker")["orders"]
    for name in RANKERS:
        # 1,000 sessions instead of 5,000: only about the same.
        assert evaluate(*zoo_scores(name)).orders == pytest.approx(orders[name], rel=0.06)
    with pytest.raises(ValueError, match="nobody"):
        zoo_scores("nobody")


# --------------------------------------------------------------------------- rankers


def test_ensemble_put_together_is_the_ensemble_trained():
    world = make_world(0)
    logs, sessions = make_logs(world, 500), draw_sessions(world, 50, seed=1)
    members = [make_ranker(name) for name in ("logistic", "tree")]
    whole = EnsembleRanker(members).fit(logs).score(sessions)
    parts = mean_scores([make_ranker(n).fit(logs).score(sessions) for n in ("logistic", "tree")])
    assert np.array_equal(whole.order, parts.order)


def test_variants_know_their_settings():
    assert not set(VARIANTS) & set(RANKERS)
    assert set(VARIANTS) | {*RANKERS, "truth"} == set(ranker_notes().index)
    for name, variant in VARIANTS.items():
        estimator = variant.estimator()
        settings = estimator.get_params()
        for key, value in variant.settings:
            assert settings[key] == value, name


def test_left_out_features_change_nothing():
    world = make_world(0)
    logs, sessions = make_logs(world, 500), draw_sessions(world, 20, seed=1)
    without = ClassifierRanker(VARIANTS["logistic-no-badge"].estimator()).fit(logs)
    before = without.order_model_.predict_proba(np.zeros((1, len(FEATURES))))
    moved = np.zeros((1, len(FEATURES)))
    moved[0, FEATURES.index("badge")] = 3
    assert np.array_equal(before, without.order_model_.predict_proba(moved))
    assert without.score(sessions).order.shape == (20, 30)


def test_nonsense_is_refused():
    with pytest.raises(ValueError, match="'forest'"):
        Variant("forest", "?").estimator()
    with pytest.raises(ValueError, match="'colour'"):
        Variant("tree", "?", without=("colour",)).estimator()
    with pytest.raises(ValueError, match="'nobody'"):
        ranker_scores(0, "nobody")
    with pytest.raises(ValueError, match="rf50"):
        training_noise("rf50", "hgb200")


# --------------------------------------------------------------------------- files


def test_provenance_says_how():
    kept = provenance()
    assert kept["worlds"] == list(range(WORLDS))
    assert len(kept["cpu_seconds"]) == WORLDS
    assert set(kept["versions"]) == set(reach.versions())
    assert kept["baseline"] == BASELINE


def test_training_noise_is_a_fraction_of_a_big_gain():
    assert 0 < training_noise("hgb200", "logistic") < 3
    assert training_noise("hgb200", "hgb200") == 0


def test_everything_together_is_small():
    package = Path(str(files("launchlab")))
    kept = [path for path in package.rglob("results/*") if path.parent.parent.name != "findings"]
    assert len(kept) > 10
    assert sum(path.stat().st_size for path in kept) < 3_000_000
    assert (package / "zoo" / "results" / "zoo.csv").stat().st_size < 1_000_000


def test_a_world_beyond_the_shipped_ones_has_rows_of_the_same_kind(table):
    shipped, computed = zoo_rows(WORLD, CHEAP), zoo_rows(WORLDS + WORLD, CHEAP)
    assert list(shipped.columns) == list(computed.columns)
    assert list(shipped["ranker"]) == list(computed["ranker"]) == list(CHEAP)
    assert set(computed["world"]) == {WORLDS + WORLD}
    assert len(table) == WORLDS * len(TABLE_RANKERS)
