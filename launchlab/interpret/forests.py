"""Forests, plain trees, and what their first 1, 2, 3, ... trees show a reader."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import RandomForestClassifier
from sklearn.tree import DecisionTreeClassifier

from launchlab.interpret.patients import Floats, Patients

CHANGES = ("seed", "patients")
"""What differs between two trainings: only the random numbers, or which patients there are too."""


@dataclass(frozen=True)
class Reading:
    """What the first 1, 2, ... trees of a forest answer, and how much there is to read.

    Parameters
    ----------
    answers : ndarray of int, shape (trees, n)
        Row k: the joint answers of the first k + 1 trees.
    importances : ndarray of float, shape (trees, 30)
        Mean impurity importances over those trees.
    questions : ndarray of float, shape (trees,)
        Number of questions that those trees together ask about a case, averaged over cases.
    """

    answers: NDArray[np.int64]
    importances: Floats
    questions: Floats


def _material(patients: Patients, training: int, change: str) -> Patients:
    if change not in CHANGES:
        raise ValueError(f"change={change!r}, expected one of {', '.join(map(repr, CHANGES))}")
    return patients.resample(training) if change == "patients" else patients


def grow_forest(
    patients: Patients,
    training: int,
    change: str = "seed",
    *,
    trees: int = 100,
    depth: int | None = None,
    out_of_bag: bool = False,
) -> RandomForestClassifier:
    """Train a random forest.

    Parameters
    ----------
    patients : Patients
    training : int
        Number of the training; a different number is a retraining.
    change : {"seed", "patients"}
        What differs between trainings. With "patients", each uses a random 80 % of them.
    trees : int
    depth : int, optional
        Maximum depth; by default trees are fully grown.
    out_of_bag : bool
        Whether to keep, for each patient, the answers of the trees that were grown without her.

    Returns
    -------
    RandomForestClassifier
    """
    given = _material(patients, training, change)
    forest = RandomForestClassifier(
        trees, max_depth=depth, oob_score=out_of_bag, random_state=training
    )
    return forest.fit(given.train, given.train_y)


def grow_tree(
    patients: Patients, training: int, change: str = "seed", *, depth: int | None = None
) -> DecisionTreeClassifier:
    """Train one plain decision tree: all patients, all features at each split, no bootstrap.

    Chance decides only between equally good splits. Parameters as for `grow_forest`.
    """
    given = _material(patients, training, change)
    tree = DecisionTreeClassifier(max_depth=depth, random_state=training)
    return tree.fit(given.train, given.train_y)


def _depths(tree: DecisionTreeClassifier) -> NDArray[np.int64]:
    """Depth of each node, shape (nodes,): the number of questions asked to get there."""
    left, right = tree.tree_.children_left, tree.tree_.children_right
    depth = np.zeros(tree.tree_.node_count, dtype=np.int64)
    for node in range(tree.tree_.node_count):  # parents come before their children
        if left[node] >= 0:
            depth[[left[node], right[node]]] = depth[node] + 1
    return depth


def read_forest(model: RandomForestClassifier | DecisionTreeClassifier, cases: Floats) -> Reading:
    """Read a forest, or a tree, on some cases.

    Parameters
    ----------
    model : fitted RandomForestClassifier or DecisionTreeClassifier, of two classes
    cases : ndarray of float, shape (n, 30)

    Returns
    -------
    Reading
        The first k trees are the same as a forest of k trees that scikit-learn grows from the same
        ``random_state``.
    """
    trees = getattr(model, "estimators_", [model])
    single = cases.astype(np.float32)  # what scikit-learn's trees compare
    benign = np.zeros(len(cases))
    asked, answers, questions, importances = 0.0, [], [], []
    weight = np.zeros(cases.shape[1])
    for count, tree in enumerate(trees, start=1):
        leaves = tree.tree_.apply(single)
        values = tree.tree_.value[leaves, 0]
        benign += values[:, 1] / values.sum(axis=1)
        asked += float(_depths(tree)[leaves].mean())
        weight += tree.feature_importances_
        answers.append((benign > count / 2).astype(np.int64))
        questions.append(asked)
        importances.append(weight / count)
    return Reading(np.array(answers), np.array(importances), np.array(questions))
