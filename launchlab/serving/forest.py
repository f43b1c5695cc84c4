"""A random forest that a browser can walk: trained here, packed small, the same to the last digit.

A tree that scikit-learn has trained is a list of questions, "is this feature at most so much?".
Whoever has the list needs no library to follow it: ``forest.js`` does so in a few lines. The rows
are float32, and scikit-learn compares them with thresholds of float64. A threshold that is rounded
*down* to float32 parts such rows in the same way; what may differ is the share in a leaf, by half a
unit in the last place of a float32.
"""

from __future__ import annotations

import base64
import copy
import gzip
import json
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import RandomForestClassifier

from launchlab.market import draw_sessions, make_features, make_logs, make_world
from launchlab.memo import memo

TREES = 200
SIZES = (1, 20, 50, 100, 150, 200)
"""Numbers of trees whose time is taken."""

ROWS = 1_000
"""Candidates scored: as many as in the last column of the frozen table."""

LEAF = 255
"""Stands for "no feature: a leaf" among the features of the nodes."""

_WORLD, _LOGGED, _LEAST = 0, 2_000, 15


@memo
def train_forest(trees: int = TREES, logged: int = _LOGGED) -> Any:
    """A forest that predicts whether a candidate in first place is clicked.

    Parameters
    ----------
    trees : int
    logged : int
        Sessions of the log of world 0 to learn from; each is several rows.

    Returns
    -------
    RandomForestClassifier
    """
    logs = make_logs(make_world(_WORLD), logged)
    rows = make_features(logs.sessions, logs.candidate)
    forest = RandomForestClassifier(trees, min_samples_leaf=_LEAST, random_state=0)
    return forest.fit(rows, logs.clicked.ravel())


@cache
def candidates() -> NDArray[np.float32]:
    """The rows that are scored: candidates of sessions that the forest has not learned from."""
    sessions = draw_sessions(make_world(_WORLD), -(-ROWS // 30), seed=1)
    rows: NDArray[np.float32] = make_features(sessions)[:ROWS].astype(np.float32)
    return rows


def first_trees(forest: Any, trees: int) -> Any:
    """The forest of a forest's first trees.

    Parameters
    ----------
    forest : RandomForestClassifier
    trees : int

    Returns
    -------
    RandomForestClassifier
        Shares its trees with the other.

    Raises
    ------
    ValueError
        If there are not so many.
    """
    most = len(forest.estimators_)
    if not 1 <= trees <= most:
        raise ValueError(f"trees={trees!r}, expected 1 to {most}")
    fewer = copy.copy(forest)
    fewer.estimators_ = forest.estimators_[:trees]
    fewer.n_estimators = trees
    return fewer


def round_down(thresholds: NDArray[np.float64]) -> NDArray[np.float32]:
    """The largest float32 that is not above each number."""
    near = thresholds.astype(np.float32)
    below = np.nextafter(near, np.float32(-np.inf))
    return np.where(near > thresholds, below, near).astype(np.float32)


def nodes(forest: Any) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
    """Every node of a forest, tree after tree, each before the branch on its left, then its right.

    In that order a node's left child is the next one, and where its right child is follows from
    where the leaves are: neither has to be written down.

    Returns
    -------
    feature : array of uint8
        What is asked for, or `LEAF`.
    value : array of float32
        The threshold, or in a leaf the share of the second class.
    """
    features, values = [], []
    for one in forest.estimators_:
        tree = one.tree_
        order, waiting = [], [0]
        while waiting:
            node = waiting.pop()
            order.append(node)
            if tree.children_left[node] >= 0:
                waiting += [tree.children_right[node], tree.children_left[node]]
        leaf = tree.children_left[order] < 0
        features.append(np.where(leaf, LEAF, tree.feature[order]))
        share = tree.value[order, 0, 1]
        values.append(np.where(leaf, share.astype(np.float32), round_down(tree.threshold[order])))
    return np.concatenate(features).astype(np.uint8), np.concatenate(values).astype("<f4")


def pack(forest: Any, rows: NDArray[np.float32], sizes: tuple[int, ...] = SIZES) -> str:
    """A forest as a script: its nodes, the rows, and what scikit-learn says of them.

    A script and not a file of bytes, because pages that lie in a folder may load the one and not
    the other.

    Parameters
    ----------
    forest : RandomForestClassifier
        Of two classes and at most 255 features.
    rows : array of float32
    sizes : tuple of int
        Numbers of trees whose probabilities go with it.
    """
    feature, value = nodes(forest)
    told = [first_trees(forest, trees).predict_proba(rows)[:, 1] for trees in sizes]
    parts = (feature, value, rows.astype("<f4"), np.concatenate(told).astype("<f8"))
    small = gzip.compress(b"".join(part.tobytes() for part in parts), 9, mtime=0)
    head = {
        "trees": len(forest.estimators_),
        "nodes": len(feature),
        "rows": len(rows),
        "features": rows.shape[1],
        "sizes": sizes,
        "packed": base64.b64encode(small).decode(),
    }
    return f"launchlabForest.take({json.dumps(head)});\n"


@cache
def asset() -> tuple[str, str]:
    """What a page loads when its reader asks for it: a file's name and its text."""
    return "forest-of-200.js", pack(train_forest(), candidates())


def script(name: str) -> str:
    """Text of one of the scripts or style sheets beside this module."""
    return files(__package__).joinpath(name).read_text(encoding="utf-8")
