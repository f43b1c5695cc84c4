"""A forest walked in the page against scikit-learn's: the same answer, at any number of trees."""

import json

import numpy as np
import pytest
from sklearn.ensemble import RandomForestClassifier

from launchlab import memo
from launchlab.serving import forest
from tests.conftest import ROOT
from tests.seed import run_seed

# Half a unit in the last place of a float32 below 1: a leaf's share is kept as one.
CLOSE = 3e-8
UNPACK = """async text => {
  let head = null;
  const take = launchlabForest.take;
  launchlabForest.take = given => { head = given; };
  new Function(text)();
  launchlabForest.take = take;
  globalThis.forestOfTest = await launchlabForest.unpack(head);
  return launchlabForest.difference(forestOfTest);
}"""
WALK = """sizes => {
  const f = globalThis.forestOfTest, found = [];
  for (const trees of sizes) for (let row = 0; row < f.rows.length / f.features; row += 1) {
    found.push(launchlabForest.predict(f, f.rows, row * f.features, trees));
  }
  return found;
}"""


@pytest.fixture(scope="module")
def walker(light_browser):
    page = light_browser.new_page()
    page.add_script_tag(content=forest.script("forest.js"))
    yield page
    page.close()


def walked(page, model, rows, sizes):
    """What the page makes of a packed forest: a row a size, and its own comparison."""
    told = page.evaluate(UNPACK, forest.pack(model, rows, sizes[:2]))
    return np.reshape(page.evaluate(WALK, sizes), (len(sizes), len(rows))), told


def learned(model, rows, sizes):
    return np.array([forest.first_trees(model, n).predict_proba(rows)[:, 1] for n in sizes])


def test_the_course_s_forest_walks_as_scikit_learn_s_at_any_number_of_trees(walker, monkeypatch):
    monkeypatch.setenv(memo.CACHE_VARIABLE, str(ROOT / ".cache" / "points"))
    model, rows = forest.train_forest(), forest.candidates()
    drawn = np.random.default_rng(run_seed()).choice(np.arange(3, 200), 12, replace=False)
    sizes = [1, 2, 200, *sorted(drawn.tolist())]
    mine, told = walked(walker, model, rows, sizes)
    assert mine.shape == (15, 1_000)
    assert np.abs(mine - learned(model, rows, sizes)).max() <= CLOSE
    assert told <= CLOSE


def test_rows_that_stand_on_a_threshold_go_the_same_way(walker):
    """Features that are neighbours among float32: between them a threshold is none."""
    numbers = np.random.default_rng(1)
    steps = numbers.integers(0, 40, (400, 4)).astype(np.uint32)
    rows = (np.float32(1.5).view(np.uint32) + steps).view(np.float32)
    model = RandomForestClassifier(30, max_features=2, random_state=0)
    model.fit(rows, (steps.sum(axis=1) + numbers.integers(0, 30, 400)) % 7 < 3)
    sizes = list(range(1, 31))
    mine, _ = walked(walker, model, rows, sizes)
    assert np.abs(mine - learned(model, rows, sizes)).max() <= CLOSE


def test_a_forest_that_is_not_scikit_learn_s_is_seen(walker):
    rows = np.random.default_rng(2).random((50, 2)).astype(np.float32)
    model = RandomForestClassifier(3, random_state=0).fit(rows, rows[:, 0] > 0.5)
    text = forest.pack(model, rows, (1, 3))
    head = json.loads(text.removeprefix("launchlabForest.take(").removesuffix(");\n"))
    head["trees"], head["sizes"] = 3, [3, 1]
    assert walker.evaluate(UNPACK, f"launchlabForest.take({json.dumps(head)})") > CLOSE
