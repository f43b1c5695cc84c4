"""Rankers: scikit-learn classifiers of orders and clicks behind one small interface.

A ranker learns from logs (``fit``) and predicts, for every candidate of new sessions, the
probability of an order and of a click in first place (``score``). It does not rank, blend or place
ads: see :mod:`launchlab.market.slates`.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from sklearn.base import clone
from sklearn.calibration import CalibratedClassifierCV
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import (
    ExtraTreesClassifier,
    HistGradientBoostingClassifier,
    RandomForestClassifier,
)
from sklearn.exceptions import ConvergenceWarning
from sklearn.frozen import FrozenEstimator
from sklearn.linear_model import LogisticRegression
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.tree import DecisionTreeClassifier

from launchlab.market import checks

from .features import FEATURES, make_features
from .logs import Logs
from .sessions import Sessions
from .slates import Scores

RANKERS = (
    "popularity",
    "logistic",
    "tree",
    "mlp",
    "hgb50",
    "hgb200",
    "hgb800",
    "hgb800_tuned",
    "rf50",
    "et50",
    "ensemble5",
)
"""Names :func:`make_ranker` knows."""

ENSEMBLE = ("logistic", "hgb200", "hgb800", "rf50", "et50")
"""Members of "ensemble5"."""

_SCORED_AT_ONCE = 2_000
_TUNED_L2 = 20.0
"""L2 penalty of hgb800_tuned. Of 0, 5, 20, 50 and 150 it gave about the lowest log loss on held-out
logs of worlds 20 to 22. Without it, 800 trees fit the noise of some 1,500 logged orders."""
_POPULARITY = tuple(FEATURES.index(n) for n in ("rating", "log_n_ratings", "distance"))


class Ranker(Protocol):
    """Anything that learns from logs and scores sessions."""

    def fit(self, logs: Logs) -> Ranker:
        """Learn from logs; returns itself."""

    def score(self, sessions: Sessions) -> Scores:
        """Predict order and click probabilities in first place, (n, c)."""


class ClassifierRanker:
    """A ranker of two classifiers of one kind: one for orders, one for clicks.

    Parameters
    ----------
    estimator : scikit-learn classifier
        With ``predict_proba``; cloned, so never fitted itself. Rows are the 14 features.
    calibrated : bool, default False
        Whether to fit Platt's sigmoid from predictions to outcomes on the last fifth of the logged
        sessions, which the classifiers then do not learn from. Random forests and extra trees need
        this where probabilities are added or multiplied; models fitted by log loss need it less.

    Attributes
    ----------
    order_model_, click_model_ : scikit-learn classifiers
        After ``fit``.
    """

    def __init__(self, estimator: Any, *, calibrated: bool = False) -> None:
        self.estimator = estimator
        self.calibrated = calibrated

    def fit(self, logs: Logs) -> ClassifierRanker:
        """Learn from logs.

        Parameters
        ----------
        logs : Logs
            n sessions with slates of k places: n x k training rows. The position is a feature, so
            that a high place in the past policy's slates is not mistaken for quality.

        Returns
        -------
        ClassifierRanker
            Itself.

        Raises
        ------
        ValueError
            If nobody, or everybody, ordered or clicked in the rows to learn from.
        """
        self.order_model_ = self._fit_one(logs, logs.ordered, "ordered")
        self.click_model_ = self._fit_one(logs, logs.clicked, "clicked")
        return self

    def score(self, sessions: Sessions) -> Scores:
        """Predict for every candidate the probability of an order and a click in first place.

        Parameters
        ----------
        sessions : Sessions
            n sessions of c candidates.

        Returns
        -------
        Scores
            Of shape (n, c).

        Raises
        ------
        ValueError
            If the ranker has not been fitted.
        """
        if not hasattr(self, "click_model_"):
            raise ValueError("the ranker has not been fitted: expected fit(logs) before score")
        order = np.empty(sessions.shape, dtype=np.float32)
        click = np.empty(sessions.shape, dtype=np.float32)
        for start in range(0, len(sessions), _SCORED_AT_ONCE):
            rows = slice(start, start + _SCORED_AT_ONCE)
            part = make_features(sessions[rows])
            shape = order[rows].shape
            order[rows] = self.order_model_.predict_proba(part)[:, 1].reshape(shape)
            click[rows] = self.click_model_.predict_proba(part)[:, 1].reshape(shape)
        return Scores(order, click)

    def _fit_one(self, logs: Logs, happened: NDArray[np.bool_], name: str) -> Any:
        learn = len(logs) - len(logs) // 5 if self.calibrated else len(logs)
        rows = make_features(logs.sessions[:learn], logs.candidate[:learn])
        model = _fit(clone(self.estimator), rows, happened[:learn].ravel(), name)
        if not self.calibrated:
            return model
        rest = make_features(logs.sessions[learn:], logs.candidate[learn:])
        sigmoid = CalibratedClassifierCV(FrozenEstimator(model), method="sigmoid")
        return _fit(sigmoid, rest, happened[learn:].ravel(), name)


class EnsembleRanker:
    """The mean of its members' probabilities.

    Parameters
    ----------
    members : sequence of Ranker
        At least one.

    Raises
    ------
    ValueError
        If there are no members.
    """

    def __init__(self, members: Sequence[Ranker]) -> None:
        if not members:
            raise ValueError("members is empty: expected at least one ranker")
        self.members = list(members)

    def fit(self, logs: Logs) -> EnsembleRanker:
        """Fit every member; returns itself."""
        for member in self.members:
            member.fit(logs)
        return self

    def score(self, sessions: Sessions) -> Scores:
        """Mean of the members' scores, (n, c)."""
        return mean_scores([member.score(sessions) for member in self.members])


def mean_scores(scores: Sequence[Scores]) -> Scores:
    """Mean of several rankers' probabilities for the same sessions, ranked by the mean for orders.

    Raises
    ------
    ValueError
        If there are none, or their shapes differ.
    """
    if not scores:
        raise ValueError("scores is empty: expected at least one")
    shapes = {s.order.shape for s in scores}
    if len(shapes) > 1:
        raise ValueError(f"scores have shapes {sorted(shapes)}: expected one shape")
    share = np.float32(1.0 / len(scores))
    order, click = share * scores[0].order, share * scores[0].click
    for other in scores[1:]:
        order += share * other.order
        click += share * other.click
    return Scores(np.minimum(order, np.float32(1.0)), np.minimum(click, np.float32(1.0)))


def make_ranker(name: str, seed: int = 0, *, calibrated: bool = False) -> Ranker:
    """Make an unfitted ranker of the course's model zoo.

    Parameters
    ----------
    name : str
        One of ``RANKERS``. "popularity" only learns how to combine the past policy's three inputs
        (rating, number of ratings, distance). "hgbN" are N histogram-boosted trees of 15 leaves,
        off the shelf. "hgb800_tuned" is also regularised, which explains its lead over the others;
        the number of trees does not. "ensemble5" averages the members in ``ENSEMBLE``.
    seed : int, default 0
        Seed of the estimators' own randomness.
    calibrated : bool, default False
        See :class:`ClassifierRanker`; for an ensemble, each member.

    Returns
    -------
    Ranker

    Raises
    ------
    ValueError
        If the name is unknown or the seed out of range.
    """
    checks.one_of("name", name, RANKERS)
    checks.whole("seed", seed, low=0, high=2**32 - 1)
    if name == "ensemble5":
        return EnsembleRanker([make_ranker(m, seed, calibrated=calibrated) for m in ENSEMBLE])
    return ClassifierRanker(make_estimator(name, seed), calibrated=calibrated)


def make_estimator(name: str, seed: int) -> Any:
    """The scikit-learn classifier behind a ranker of the zoo, not fitted.

    Parameters
    ----------
    name : str
        One of `RANKERS`, except the ensemble.
    seed : int
        The classifier's ``random_state``.

    Raises
    ------
    ValueError
        For any other name.
    """
    checks.one_of("name", name, tuple(one for one in RANKERS if one != "ensemble5"))
    if name == "popularity":
        three = ColumnTransformer([("inputs", StandardScaler(), list(_POPULARITY))])
        return make_pipeline(three, LogisticRegression(max_iter=1_000))
    if name == "logistic":
        return make_pipeline(StandardScaler(), LogisticRegression(max_iter=1_000))
    if name == "tree":
        return DecisionTreeClassifier(max_depth=6, min_samples_leaf=50, random_state=seed)
    if name == "mlp":
        # max_iter is a budget and need not suffice to converge: _fit silences that warning.
        network = MLPClassifier(
            hidden_layer_sizes=(32,), batch_size=500, max_iter=15, random_state=seed
        )
        return make_pipeline(StandardScaler(), network)
    if name == "rf50":
        return RandomForestClassifier(50, min_samples_leaf=50, random_state=seed)
    if name == "et50":
        return ExtraTreesClassifier(50, min_samples_leaf=20, random_state=seed)
    n_trees, rate, l2 = {
        "hgb50": (50, 0.1, 0.0),
        "hgb200": (200, 0.05, 0.0),
        "hgb800": (800, 0.02, 0.0),
        "hgb800_tuned": (800, 0.02, _TUNED_L2),
    }[name]
    # By default, early stopping starts above 10,000 rows and changes the number of trees.
    return HistGradientBoostingClassifier(
        max_iter=n_trees,
        learning_rate=rate,
        max_leaf_nodes=15,
        l2_regularization=l2,
        early_stopping=False,
        random_state=seed,
    )


def _fit(model: Any, rows: NDArray[np.float32], happened: NDArray[np.bool_], name: str) -> Any:
    if happened.all() or not happened.any():
        raise ValueError(f"{name} is the same in all {len(happened)} rows: expected both outcomes")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        return model.fit(rows, happened.astype(np.int8))
