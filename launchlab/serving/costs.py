"""The frozen table of what one committee member costs, and the command that measures it again.

``python -m launchlab.serving.costs`` writes ``results/member_cost.csv``. The book's decisions use
the committed table, because a time measured on a shared machine says as much about its other users
as about the model.
"""

from __future__ import annotations

import platform
import time
from functools import cache

import numpy as np
import pandas as pd
from sklearn.base import ClassifierMixin
from sklearn.datasets import load_digits
from sklearn.naive_bayes import GaussianNB
from sklearn.tree import DecisionTreeClassifier, ExtraTreeClassifier

from launchlab import shipped

LEARNERS = ("tree", "random tree", "naive Bayes")
DEPTHS = (2, 4, 8, 16)
_BATCH = 1_000


def make_member(learner: str, depth: int, seed: int = 0) -> ClassifierMixin:
    """An unfitted committee member.

    Parameters
    ----------
    learner : {"tree", "random tree", "naive Bayes"}
        A random tree tries one random split on each of a few features, not the best split.
    depth : int
        Maximum depth of a tree; naive Bayes ignores it.
    seed : int

    Raises
    ------
    ValueError
        For any other learner.
    """
    if learner == "tree":
        return DecisionTreeClassifier(max_depth=depth, random_state=seed)
    if learner == "random tree":
        return ExtraTreeClassifier(max_depth=depth, random_state=seed)
    if learner == "naive Bayes":
        return GaussianNB(var_smoothing=1e-3)
    raise ValueError(f"learner={learner!r}, expected one of {', '.join(map(repr, LEARNERS))}")


def measure(rounds: int = 40) -> pd.DataFrame:
    """Measure thread-CPU time for 1,000 predictions of each kind of member.

    Members take turns, each after a warm-up, and the fastest round counts, because other users of a
    shared machine can only add time.

    Parameters
    ----------
    rounds : int

    Returns
    -------
    DataFrame
        Columns ``learner``, ``depth``, ``ms_per_1000``.
    """
    images, digits = load_digits(return_X_y=True)
    batch = images[:_BATCH]
    kinds = [(learner, depth) for learner in LEARNERS for depth in DEPTHS]
    models = [make_member(*kind).fit(images[_BATCH:], digits[_BATCH:]) for kind in kinds]
    spent = np.empty((rounds, len(models)))
    for turn in range(-1, rounds):
        for position, model in enumerate(models):
            model.predict_proba(batch)  # warm up: the previous model may have emptied the cache
            started = time.thread_time()
            model.predict_proba(batch)
            if turn >= 0:
                spent[turn, position] = 1e3 * (time.thread_time() - started)
    table = pd.DataFrame(kinds, columns=["learner", "depth"])
    table["ms_per_1000"] = spent.min(axis=0).round(3)
    # Naive Bayes ignores the depth, so it gets the same figure at every depth.
    bayes = table["learner"] == "naive Bayes"
    table.loc[bayes, "ms_per_1000"] = table.loc[bayes, "ms_per_1000"].min().round(3)
    return table


@cache
def member_cost() -> pd.DataFrame:
    """The frozen table that `measure` made when the book was written."""
    return shipped.read_table(__package__, "member_cost.csv", comment="#")


def main() -> None:
    """Measure and write the table; its header says how it was measured."""
    shipped.need_one_thread("threads' time would go unseen")
    import sklearn

    table = measure()
    head = (
        "Thread-CPU milliseconds for predict_proba on 1,000 digits at once, one member.",
        f"Least of 40 rounds, members in turn, one thread; {platform.machine()}, "
        f"Python {platform.python_version()}, scikit-learn {sklearn.__version__}.",
    )
    path = shipped.folder(__file__) / "member_cost.csv"
    shipped.write_table(path, table, head, "launchlab.serving.costs", index=False)


if __name__ == "__main__":
    main()
