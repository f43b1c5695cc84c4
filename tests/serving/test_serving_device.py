"""What one more tree costs: how the forest is cut and packed, and how its time is taken."""

import gzip
import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.ensemble import RandomForestClassifier

from launchlab import memo, serving
from launchlab.serving import device, forest
from tests.conftest import ROOT

MOST_BYTES = 650_000


@pytest.fixture(scope="module")
def small():
    rows = np.random.default_rng(0).random((200, 3)).astype(np.float32)
    model = RandomForestClassifier(25, random_state=0).fit(rows, rows[:, 0] > rows[:, 1])
    return model, rows


@given(st.floats(-1e30, 1e30))
def test_a_threshold_rounded_down_parts_float32_as_it_did(threshold):
    down = forest.round_down(np.array([threshold]))
    above = np.nextafter(down, np.float32(np.inf))
    assert down.dtype == np.float32
    assert float(down[0]) <= threshold < float(above[0])


def test_first_trees_are_a_forest_of_their_own(small):
    model, rows = small
    few = forest.first_trees(model, 4)
    each = [tree.predict_proba(rows) for tree in model.estimators_[:4]]
    assert np.allclose(few.predict_proba(rows), np.mean(each, axis=0), atol=1e-15)
    assert len(model.estimators_) == 25
    for trees in (0, 26):
        with pytest.raises(ValueError, match=f"trees={trees}, expected 1 to 25"):
            forest.first_trees(model, trees)


def test_a_left_child_comes_next_and_leaves_end_a_tree(small):
    model, _ = small
    feature, value = forest.nodes(model)
    leaves = sum(one.get_n_leaves() for one in model.estimators_)
    assert (feature == forest.LEAF).sum() == leaves
    assert len(value) == sum(one.tree_.node_count for one in model.estimators_)
    # A binary tree has one leaf more than it has questions.
    assert (feature != forest.LEAF).sum() == leaves - len(model.estimators_)


class Clock:
    """Seconds that pass by themselves at each call, as many as trees were walked."""

    def __init__(self):
        self.now, self.walked = 0.0, []

    def __call__(self):
        return self.now


def test_sizes_take_turns_and_each_sample_lasts_long_enough(small, monkeypatch):
    model, rows = small
    clock = Clock()
    began = []

    def walk(self, given):
        clock.now += self.n_estimators / 1024  # sums of these are exact
        clock.walked.append(self.n_estimators)
        began.append(given[0].tolist())

    monkeypatch.setattr(RandomForestClassifier, "predict_proba", walk)
    table = device.measure(model, rows, (1, 20, 25), rounds=3, seconds=20 / 1024, clock=clock)
    assert table.trees.tolist() == [1, 20, 25]
    assert np.allclose(
        table[["ms", "low", "high"]].to_numpy().T, np.array([[1, 20, 25]] * 3) / 1.024
    )
    # A sample is 20 calls of one tree, one of twenty, one of 25.
    assert [clock.walked.count(size) for size in (1, 20, 25)] == [20 * 4, 4, 4]
    order = [size for size, _ in itertools.groupby(clock.walked)]
    assert len(order) > 6 and order != [1, 20, 25] * 4
    assert len({tuple(one) for one in began}) == 4
    with pytest.raises(ValueError, match="rounds=0"):
        device.measure(model, rows, rounds=0)


def test_what_was_measured_once_fits_the_sizes():
    table = serving.trees_measured_once()
    assert tuple(table.trees) == forest.SIZES
    assert (table.low <= table.ms).all() and (table.ms <= table.high).all()
    assert "take 8.1 times as long as 20" in device.in_words(table)


def test_a_kernel_measures_when_the_button_is_pressed(small, monkeypatch):
    model, rows = small
    monkeypatch.setattr(forest, "train_forest", lambda: model)
    monkeypatch.setattr(forest, "candidates", lambda: rows)
    quick = device.measure(model, rows, (1, 20, 25), rounds=1, seconds=0)
    monkeypatch.setattr(device, "measure", lambda *_: quick)
    shown = serving.OneMoreTree(live=True)
    button, said = shown.widget().children
    assert "First predict" in said.value
    button.click()
    assert device.in_words(quick) in said.value and "<table" in said.value
    assert not button.disabled
    assert "text/html" not in shown._repr_mimebundle_()
    drawn = []
    monkeypatch.setattr("IPython.display.display", drawn.append)
    monkeypatch.setattr(shown, "widget", object)  # of ipywidgets 7, without a bundle of its own
    assert shown._repr_mimebundle_() == {"text/plain": ""}
    assert len(drawn) == 1


def test_a_page_gets_its_html_alone_and_the_table_without_scripts():
    (html,) = [serving.OneMoreTree(live=False)._repr_mimebundle_()["text/html"]]
    assert 'data-trees="200" data-ms="23.7"' in html
    assert "node = rows[at + feature[node]] &lt;= value[node] ? node + 1 : right[node];" in html


@pytest.mark.slow
def test_the_forest_is_small_enough_to_be_sent(monkeypatch):
    monkeypatch.setenv(memo.CACHE_VARIABLE, str(ROOT / ".cache" / "points"))
    name, text = forest.asset()
    assert name.endswith(".js")
    assert len(gzip.compress(text.encode())) < MOST_BYTES
