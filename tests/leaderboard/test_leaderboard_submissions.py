import numpy as np
import pytest

from launchlab.leaderboard import (
    LEARNERS,
    PRIVATE,
    PUBLIC,
    benchmark_runs,
    difference_error,
    growing_committee,
    odd_or_even,
    tree_submissions,
)


def test_a_world_splits_every_image_once():
    train, train_odd, test, test_odd = odd_or_even(4)
    assert len(train) == len(train_odd) == 600
    assert len(test) == len(test_odd) == PUBLIC + PRIVATE
    assert train.sum() + test.sum() == odd_or_even(5)[0].sum() + odd_or_even(5)[2].sum()
    assert set(np.unique(test_odd)) == {0, 1}
    assert not np.array_equal(train, odd_or_even(5)[0])


def test_honest_trees_are_better_than_chance_and_differ():
    right = tree_submissions(0)
    assert right.shape == (300, PUBLIC + PRIVATE)
    private = right[:, PUBLIC:].mean(axis=1)
    assert (private > 0.75).all()
    assert private.std() > 0.005
    with pytest.raises(ValueError, match="read-only"):
        right[0, 0] = True


def test_same_world_same_trees():
    again = tree_submissions.__wrapped__(0, 20)
    np.testing.assert_array_equal(again, tree_submissions(0)[:20])


def test_the_public_part_is_no_easier_than_the_private_one():
    gaps = [
        tree_submissions(seed, 20)[:, :PUBLIC].mean()
        - tree_submissions(seed, 20)[:, PUBLIC:].mean()
        for seed in range(8)
    ]
    assert abs(np.mean(gaps)) < 0.02


def test_the_committee_really_grows():
    private = growing_committee(1)[:, PUBLIC:].mean(axis=1)
    assert private[-5:].mean() > private[:5].mean() + 0.03


@pytest.mark.parametrize("learner", sorted(LEARNERS))
def test_runs_are_repeatable_and_better_than_chance(learner):
    right = benchmark_runs(learner, 3, seed=2)
    assert right.shape == (3, 800)
    assert right.mean() > 0.6
    np.testing.assert_array_equal(right[:2], benchmark_runs(learner, 2, seed=2))
    assert not np.array_equal(right[0], right[1])


def test_two_copies_of_a_tree_are_not_one():
    assert not np.array_equal(benchmark_runs("tree", 2), benchmark_runs("same tree", 2))


def test_difference_error_counts_only_disagreement():
    one = np.arange(100) < 60
    assert difference_error(one, one) == 0
    other = np.arange(100) < 70  # differs on 10 of 100: share 0.1, mean 0.1
    expected = np.sqrt((0.1 - 0.01) * 100 / 99 / 100)
    assert difference_error(one, other) == pytest.approx(expected)
    with pytest.raises(ValueError, match="shapes"):
        difference_error(one, other[:50])


def test_bad_runs_are_named():
    with pytest.raises(ValueError, match="learner='oracle'"):
        benchmark_runs("oracle", 3)
    with pytest.raises(ValueError, match="runs=0"):
        benchmark_runs("ridge", 0)
