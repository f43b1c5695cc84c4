"""A menu, limits and draws: what is shipped is what is computed, and strategies do as they say."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from threadpoolctl import threadpool_limits

from launchlab import shipped
from launchlab.capstone import draws, make_towns
from launchlab.capstone.draws import below, control_weeks, draw, drawn, held_out, later, many
from launchlab.capstone.limits import LIMITS, Limits
from launchlab.capstone.menu import ALL_MODELS, CONTROL, MENU, MODELS, costs, menu_table, words
from launchlab.capstone.strategies import STRATEGIES, choose, fate, fates, keeps, regret
from launchlab.capstone.town import DRAW, DRAWS, pool
from tests.seed import run_seed

SEED = run_seed() % 20


def test_the_menu_has_96_configurations_each_with_words_of_its_own():
    table = menu_table()
    assert len(set(MENU)) == len(set(table["words"])) == 96
    assert table["words"][CONTROL] == words(MENU[CONTROL]) and table.notna().all(axis=None)


def test_products_limit_leaves_the_models_of_the_menu_and_no_other():
    table = costs()
    assert set(table["model"]) == set(ALL_MODELS)
    assert set(table["model"][LIMITS.run(table)]) == set(MODELS)
    assert Limits(p95_ms=1e4, artefacts=100).run(table).all()
    assert LIMITS.run(menu_table()).all()


@pytest.mark.parametrize("name", ["orders", "ads", "p95_ms", "artefacts"])
def test_limits_out_of_range_are_refused_by_name(name):
    with pytest.raises(ValueError, match=name):
        Limits(**{name: -1})


def test_what_is_shipped_of_a_town_is_what_it_computes():
    # One town a day, and there one size of draws: it is seconds of work. As when it was made, on
    # one thread: with two, a regression's last digits move, and with them a slate.
    with threadpool_limits(1):
        made = make_towns.town_arrays(SEED)
    for number in range(DRAWS):
        assert np.allclose(made["draws"][number] / draws.SCALE, draw(SEED, number).iloc[:, :3])
        assert np.allclose(made["errors"][number] / draws.SCALE, draw(SEED, number).iloc[:, 3:])
    assert np.allclose(made["later"] / draws.SCALE, held_out(SEED))
    assert np.allclose(made["control"] / draws.SCALE, control_weeks(SEED))
    ratio, error = many(SEED)
    truth = later(SEED)
    table = shipped.read_table("launchlab.capstone", "fates.csv", comment="#")
    rows = table[(table["world"] == SEED) & (table["size"] == DRAW)]
    for row in rows[rows["strategy"] != "bound"].itertuples():
        found = fate(choose(row.strategy, ratio, error, level=row.level), truth)
        assert found.kept == pytest.approx(row.kept, abs=1e-3)
        assert found.empty == pytest.approx(row.empty, abs=1e-3)

    # Many draws have the moments of one, and the control is compared with itself.
    values = pool(SEED)[:, :DRAW].astype(float)
    one = drawn(SEED)
    assert np.allclose(one["orders"], values[:, :, 0].sum(1) / values[CONTROL, :, 0].sum())
    influence = values - one[["orders", "ads", "margin"]].to_numpy()[:, None] * values[CONTROL]
    told = np.sqrt((influence**2).sum(axis=1)) / values[CONTROL].sum(axis=0)
    assert np.allclose(one[["orders_se", "ads_se", "margin_se"]], told, rtol=1e-6)
    assert (one.loc[CONTROL, ["orders", "ads", "margin"]] == 1).all()
    assert (
        np.abs(
            ratio.mean(axis=0)[:, 0] - pool(SEED)[:, :, 0].sum(1) / pool(SEED)[CONTROL, :, 0].sum()
        ).max()
        < 0.01
    )


def test_towns_without_end_are_refused_and_a_draw_that_is_none():
    with pytest.raises(ValueError, match="number"):
        draw(0, 4)
    with pytest.raises(ValueError, match="size"):
        many(0, size=10_000)


def test_every_shipped_town_has_an_answer_and_the_control_is_none():
    for seed in range(draws.TOWNS):
        fits = keeps(held_out(seed))
        assert 0 < fits.sum() < 48 and not fits[CONTROL]


def test_a_bound_is_the_ratio_at_one_half_and_falls_with_confidence_and_with_tests():
    table = draw(1)
    assert np.allclose(below(table, 0.5), table[["orders", "ads", "margin"]])
    low, lower, lowest = below(table, 0.8), below(table, 0.95), below(table, 0.95, tests=96)
    others = menu_table().index != CONTROL
    assert ((lowest < lower) & (lower < low))[others].all(axis=None)
    with pytest.raises(ValueError, match="level"):
        below(table, 1.0)


# ------------------------------------------------------------------------- strategies

ratios = st.lists(st.floats(0.8, 1.3), min_size=288, max_size=288).map(
    lambda values: np.array(values).reshape(96, 3)
)
few = settings(max_examples=25, deadline=None)


@few
@given(ratio=ratios, spread=st.floats(0.001, 0.1))
def test_a_strategy_chooses_the_most_margin_of_what_it_lets_through(ratio, spread):
    error = np.full((96, 3), spread)
    chances = {name: choose(name, ratio, error) for name in STRATEGIES}
    for name, chance in chances.items():
        assert chance.sum() == pytest.approx(1) or (
            chance.sum() == 0 and name not in ("orders", "control")
        )
    fits = (ratio[:, 0] >= 0.95) & (ratio[:, 1] >= 1.05)
    assert (chances["random"] > 0).sum() == fits.sum()
    if fits.any():
        assert chances["best"].argmax() == np.where(fits, ratio[:, 2], -1).argmax()
    for name, z in (("bound80", 0.8416), ("bound95", 1.6449)):
        passing = (ratio[:, 0] - z * spread >= 0.95) & (ratio[:, 1] - z * spread >= 1.05)
        if passing.any():
            assert passing[chances[name].argmax()]
            assert ratio[chances[name].argmax(), 2] == ratio[passing, 2].max()
    assert ratio[chances["orders"].argmax(), 0] == ratio[:, 0].max()


def test_regret_is_a_share_of_the_best_margin_that_keeps_the_limits():
    truth = pd.DataFrame(
        {"orders": [1.0, 0.96, 0.9], "ads": [1.0, 1.1, 1.1], "margin": [1.0, 1.25, 1.5]}
    )
    assert [regret(k, truth) for k in range(3)] == pytest.approx([20, 0, -20])
    chance = np.array([[0, 1.0, 0], [0.5, 0.5, 0], [0, 0, 0], [0, 0, 1.0]])
    found = fate(chance, truth)
    assert (found.kept, found.empty, found.regret) == pytest.approx((0.375, 0.25, 0))
    with pytest.raises(ValueError, match="choice=3"):
        regret(3, truth)
    with pytest.raises(ValueError, match="nothing on the menu"):
        regret(0, truth, Limits(orders=2.0))
    assert np.isnan(fate(chance, truth, Limits(orders=2.0)).regret)


def test_one_draw_is_judged_as_many_are():
    table = draw(2, 1)
    ratio, error = table.to_numpy()[None, :, :3], table.to_numpy()[None, :, 3:]
    found = fates(ratio, error, held_out(2))
    assert set(found) == set(STRATEGIES) and found["control"].kept == 0
    with pytest.raises(ValueError, match="'luck'"):
        choose("luck", ratio, error)
