import numpy as np
import pytest
from sklearn.ensemble import RandomForestClassifier

from launchlab.interpret import (
    FEATURES,
    grow_forest,
    grow_tree,
    imitate,
    read_forest,
    split_patients,
)
from launchlab.interpret.surrogates import invent


@pytest.fixture(scope="module")
def patients():
    return split_patients(1)


@pytest.fixture(scope="module")
def forest(patients):
    return grow_forest(patients, 3, trees=30, out_of_bag=True)


def test_a_split_keeps_patients_apart_and_in_proportion(patients):
    assert patients.train.shape == (369, len(FEATURES)) and patients.test.shape == (200, 30)
    assert not set(map(bytes, patients.train)) & set(map(bytes, patients.test))
    assert abs(patients.train_y.mean() - patients.test_y.mean()) < 0.01
    assert not np.array_equal(split_patients(2).test_y, patients.test_y)


def test_a_resample_is_a_part_of_the_training_patients(patients):
    some = patients.resample(0, 0.8)
    assert len(some.train) == len(some.train_y) == 295
    labels = {
        bytes(row): label for row, label in zip(patients.train, patients.train_y, strict=True)
    }
    found = [labels[bytes(row)] for row in some.train]
    np.testing.assert_array_equal(found, some.train_y)
    assert some.test is patients.test
    assert not np.array_equal(patients.resample(1).train, some.train)
    with pytest.raises(ValueError, match="share=0"):
        patients.resample(0, 0)


def test_the_first_trees_are_the_smaller_forest(patients, forest):
    read = read_forest(forest, patients.test)
    for trees in (1, 2, 7, 30):
        small = RandomForestClassifier(trees, random_state=3).fit(patients.train, patients.train_y)
        np.testing.assert_array_equal(small.predict(patients.test), read.answers[trees - 1])
        np.testing.assert_allclose(small.feature_importances_, read.importances[trees - 1])


def test_questions_are_the_nodes_on_the_paths_less_the_leaves(patients, forest):
    read = read_forest(forest, patients.test)
    paths, _ = forest.decision_path(patients.test)
    assert read.questions[-1] == pytest.approx(paths.sum(axis=1).mean() - 30)
    assert (np.diff(read.questions) > 0).all()


def test_a_plain_tree_reads_as_a_forest_of_one(patients):
    tree = grow_tree(patients, 0, depth=3)
    read = read_forest(tree, patients.test)
    np.testing.assert_array_equal(read.answers, [tree.predict(patients.test)])
    assert read.questions[0] == pytest.approx(tree.decision_path(patients.test).sum() / 200 - 1)
    assert read.questions[0] <= 3


@pytest.mark.parametrize("grow", [grow_forest, grow_tree])
def test_what_changes_between_trainings(patients, grow):
    options = {} if grow is grow_tree else {"trees": 2}
    one, again = (grow(patients, 4, "patients", **options) for _ in range(2))
    np.testing.assert_array_equal(one.feature_importances_, again.feature_importances_)
    other = grow(patients, 4, "seed", **options)
    assert not np.array_equal(one.feature_importances_, other.feature_importances_)
    with pytest.raises(ValueError, match="change='weather'"):
        grow(patients, 0, "weather")


def test_invented_patients_lie_between_real_ones(patients):
    made = invent(patients.train, 0, 500)
    assert made.shape == (500, 30)
    assert (made >= patients.train.min(axis=0) - 1e-9).all()
    assert (made <= patients.train.max(axis=0) + 1e-9).all()


def test_a_forest_asked_on_its_own_patients_repeats_the_labels(patients, forest):
    own, labels = (imitate(forest, patients, asked) for asked in ("own", "labels"))
    assert (forest.predict(patients.train) == patients.train_y).mean() > 0.99
    assert (own.answers == labels.answers).mean() > 0.97
    left_out = imitate(forest, patients, "left out")
    np.testing.assert_array_equal(left_out.answers, left_out.tree.predict(patients.test))
    assert not np.array_equal(left_out.tree.tree_.threshold, labels.tree.tree_.threshold)


def test_a_deep_surrogate_learns_the_invented_patients_by_heart(patients, forest):
    deep = imitate(forest, patients, "invented", depth=30, seed=5)
    made = invent(patients.train, 5)
    np.testing.assert_array_equal(deep.tree.predict(made), forest.predict(made))
    assert imitate(forest, patients, "invented", depth=2).tree.get_depth() == 2


def test_a_surrogate_is_asked_about_as_many_invented_patients_as_said(patients, forest):
    few = imitate(forest, patients, "invented", seed=5, invented=40)
    assert few.tree.tree_.n_node_samples[0] == 40


def test_ways_to_ask_are_checked(patients, forest):
    with pytest.raises(ValueError, match="asked='dreams'"):
        imitate(forest, patients, "dreams")
    with pytest.raises(ValueError, match="out_of_bag"):
        imitate(grow_forest(patients, 0, trees=2), patients, "left out")
