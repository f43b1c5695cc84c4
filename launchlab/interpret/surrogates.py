"""Small, readable trees that imitate a forest."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import RandomForestClassifier
from sklearn.tree import DecisionTreeClassifier

from launchlab.interpret.patients import Floats, Patients

ASKED = ("labels", "own", "left out", "invented")
"""What the small tree learns from: the true labels, and never the forest; the forest's answers on
the patients that it was trained on; those of trees that had not seen the patient; the forest's
answers on invented patients."""

INVENTED = 2_000
"""How many patients are invented, unless said otherwise."""


@dataclass(frozen=True)
class Surrogate:
    """A small tree and its answers.

    Parameters
    ----------
    tree : DecisionTreeClassifier
    answers : ndarray of int, shape (n,)
        Answers for the test patients.
    """

    tree: DecisionTreeClassifier
    answers: NDArray[np.int64]


def invent(cases: Floats, seed: int, count: int = INVENTED) -> Floats:
    """Invent patients: each lies somewhere on the line between two real ones.

    Parameters
    ----------
    cases : ndarray of float, shape (n, features)
    seed : int
    count : int

    Returns
    -------
    ndarray of shape (count, features)
    """
    rng = np.random.default_rng(seed)
    one, two = rng.integers(0, len(cases), (2, count))
    share = rng.random((count, 1))
    return np.asarray(share * cases[one] + (1 - share) * cases[two])


def imitate(
    forest: RandomForestClassifier,
    patients: Patients,
    asked: str = "invented",
    *,
    depth: int = 3,
    seed: int = 0,
    invented: int = INVENTED,
) -> Surrogate:
    """Train a small tree on a forest's answers.

    Parameters
    ----------
    forest : RandomForestClassifier
        Trained on ``patients``, and for "left out" with ``out_of_bag=True``.
    patients : Patients
    asked : str
        One of `ASKED`.
    depth : int
        Maximum depth of the small tree.
    seed : int
        Seed of the invented patients.
    invented : int
        How many patients are invented.

    Returns
    -------
    Surrogate

    Raises
    ------
    ValueError
        For an unknown value of ``asked``, or a forest without out-of-bag answers for "left out".
    """
    cases, targets = patients.train, patients.train_y
    if asked == "own":
        targets = forest.predict(cases)
    elif asked == "left out":
        if not hasattr(forest, "oob_decision_function_"):
            raise ValueError("asked='left out', expected a forest with out_of_bag=True")
        targets = forest.classes_[forest.oob_decision_function_.argmax(axis=1)]
    elif asked == "invented":
        cases = invent(patients.train, seed, invented)
        targets = forest.predict(cases)
    elif asked != "labels":
        raise ValueError(f"asked={asked!r}, expected one of {', '.join(map(repr, ASKED))}")
    tree = DecisionTreeClassifier(max_depth=depth, random_state=seed).fit(cases, targets)
    return Surrogate(tree, np.asarray(tree.predict(patients.test), dtype=np.int64))
