"""The rankers behind the zoo table: the zoo, the truth, and cheap variants of fast learners.

Offline and online gains are compared over *pairs* of rankers, and the more similar two rankers are,
the less their offline difference says. The table therefore needs similar rankers: the same learner
with different settings, without some features, or with a shorter log.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.tree import DecisionTreeClassifier

from launchlab.market import (
    FEATURES,
    RANKERS,
    ClassifierRanker,
    Couplings,
    Scores,
    Sessions,
    draw_sessions,
    make_logs,
    make_world,
    mean_scores,
)
from launchlab.market.logs import N_LOGGED
from launchlab.market.rankers import ENSEMBLE
from launchlab.memo import memo
from launchlab.zoo.training import TRUTH, trained_scores

BASELINE = "hgb200"
"""Ranker against which the table's changes are measured."""

N_SESSIONS, SESSION_SEED = 5_000, 1
"""Fresh sessions that every ranker scores, and their seed."""


@dataclass(frozen=True)
class Variant:
    """A cheap ranker that resembles others.

    Parameters
    ----------
    learner : {"logistic", "tree", "hgb"}
    note : str
        Description that a reader sees.
    without : tuple of str
        Features, of ``FEATURES``, that it does not get.
    n_logged : int
        Number of logged sessions to learn from.
    log_seed : int
        Seed of the log; 0 is the log of all other rankers.
    settings : tuple of (str, number)
        Settings of the estimator.
    """

    learner: str
    note: str
    without: tuple[str, ...] = ()
    n_logged: int = N_LOGGED
    log_seed: int = 0
    settings: tuple[tuple[str, float], ...] = ()

    def estimator(self) -> Any:
        """The unfitted estimator.

        Raises
        ------
        ValueError
            For an unknown learner or feature.
        """
        unknown = sorted(set(self.without) - set(FEATURES))
        if unknown:
            raise ValueError(f"without={unknown[0]!r}, expected names of FEATURES")
        settings = dict(self.settings)
        model: Any
        if self.learner == "logistic":
            model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=1_000))
        elif self.learner == "tree":
            model = DecisionTreeClassifier(
                **{"max_depth": 6, "min_samples_leaf": 50, "random_state": 0, **settings}
            )
        elif self.learner == "hgb":
            usual = {"max_iter": 50, "learning_rate": 0.1, "max_leaf_nodes": 15}
            model = HistGradientBoostingClassifier(
                **{**usual, "early_stopping": False, "random_state": 0, **settings}
            )
        else:
            raise ValueError(f"learner={self.learner!r}, expected 'logistic', 'tree' or 'hgb'")
        if not self.without:
            return model
        kept = [place for place, name in enumerate(FEATURES) if name not in self.without]
        return make_pipeline(ColumnTransformer([("kept", "passthrough", kept)]), model)


def _variants() -> dict[str, Variant]:
    groups = {
        "place": ("distance", "eta"),
        "stars": ("rating", "log_n_ratings"),
        "taste": ("cuisine_share",),
        "badge": ("badge",),
        "past": ("ordered_before", "spend"),
    }
    found: dict[str, Variant] = {}
    names = {"logistic": "logistic regression", "hgb": "50 boosted trees"}
    for learner, stem in (("logistic", "logistic"), ("hgb", "hgb50")):
        for n_logged in (1_000, 2_500, 5_000):
            note = f"{names[learner]}, {n_logged:,} logged sessions"
            found[f"{stem}-n{n_logged}"] = Variant(learner, note, n_logged=n_logged)
        for group, without in groups.items():
            note = f"{names[learner]} without {', '.join(without)}"
            found[f"{stem}-no-{group}"] = Variant(learner, note, without=without)
    for log_seed in (1, 2):
        note = f"50 boosted trees, another log of the same length (seed {log_seed})"
        found[f"hgb50-log{log_seed}"] = Variant("hgb", note, log_seed=log_seed)
    for name, note, settings in (
        ("hgb25", "25 boosted trees", {"max_iter": 25}),
        ("hgb75", "75 boosted trees", {"max_iter": 75}),
        ("hgb50-rate05", "50 boosted trees, learning rate 0.05", {"learning_rate": 0.05}),
        ("hgb50-rate20", "50 boosted trees, learning rate 0.2", {"learning_rate": 0.2}),
        ("hgb50-leaves7", "50 boosted trees of 7 leaves", {"max_leaf_nodes": 7}),
        ("hgb50-leaves31", "50 boosted trees of 31 leaves", {"max_leaf_nodes": 31}),
        ("hgb50-l2", "50 boosted trees, L2 of 20", {"l2_regularization": 20.0}),
    ):
        found[name] = Variant("hgb", note, settings=tuple(settings.items()))
    for depth in (4, 8):
        note = f"tree of depth {depth}"
        found[f"tree-depth{depth}"] = Variant("tree", note, settings=(("max_depth", depth),))
    found["tree-n5000"] = Variant("tree", "tree of depth 6, 5,000 logged sessions", n_logged=5_000)
    return found


VARIANTS: dict[str, Variant] = _variants()
"""Variants by name."""

TABLE_RANKERS: tuple[str, ...] = (*RANKERS, TRUTH, *VARIANTS)
"""Rankers of the table, in its order."""


def ranker_notes() -> pd.DataFrame:
    """What the names in the zoo table mean.

    Returns
    -------
    DataFrame, indexed by ``ranker``
        ``family`` ("zoo", "truth", "variant") and ``note``.
    """
    zoo = {
        "popularity": "how the past policy's three inputs combine (logistic regression on them)",
        "logistic": "logistic regression on 14 features",
        "tree": "one decision tree of depth 6",
        "mlp": "neural network, one hidden layer of 32",
        "hgb50": "50 boosted trees",
        "hgb200": "200 boosted trees",
        "hgb800": "800 boosted trees",
        "hgb800_tuned": "800 boosted trees, with a regularisation tuned on other worlds",
        "rf50": "random forest of 50 trees",
        "et50": "50 extremely randomised trees",
        "ensemble5": f"mean of five: {', '.join(ENSEMBLE)}",
    }
    rows = [(name, "zoo", zoo[name]) for name in RANKERS]
    rows.append((TRUTH, "truth", "the simulator's own probabilities"))
    rows += [(name, "variant", variant.note) for name, variant in VARIANTS.items()]
    return pd.DataFrame(rows, columns=["ranker", "family", "note"]).set_index("ranker")


@memo
def _variant_scores(
    seed: int, variant: Variant, couplings: Couplings
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    world = make_world(seed, couplings)
    logs = make_logs(world, variant.n_logged, variant.log_seed)
    sessions = draw_sessions(world, N_SESSIONS, seed=SESSION_SEED)
    scores = ClassifierRanker(variant.estimator()).fit(logs).score(sessions)
    return scores.order, scores.click


def world_sessions(seed: int, couplings: Couplings | None = None) -> Sessions:
    """The 5,000 fresh sessions of a world that every ranker scores."""
    world = make_world(seed, couplings or Couplings())
    return draw_sessions(world, N_SESSIONS, seed=SESSION_SEED)


@lru_cache(maxsize=64)
def ranker_scores(seed: int, name: str, couplings: Couplings | None = None) -> Scores:
    """Train a ranker of the table in a world and score the world's fresh sessions.

    A ranker is trained once per process, or only once if ``LAUNCHLAB_CACHE`` names a folder. The
    ensemble is assembled from its members' scores, which gives the same result as training it.

    Parameters
    ----------
    seed : int
        The world's seed.
    name : str
        One of ``TABLE_RANKERS``.
    couplings : Couplings, optional
        Assumptions of the world; the defaults if not given.

    Returns
    -------
    Scores
        Of shape (5,000, 30), for the sessions of :func:`world_sessions`.

    Raises
    ------
    ValueError
        For an unknown ranker.

    Notes
    -----
    Logs contain no latency, so worlds that differ only in latency elasticity have the same logs
    and sessions, and share their models.
    """
    usual = Couplings()
    couplings = replace(couplings or usual, latency_elasticity=usual.latency_elasticity)
    if name == "ensemble5":
        return mean_scores([ranker_scores(seed, member, couplings) for member in ENSEMBLE])
    if name in VARIANTS:
        return Scores(*_variant_scores(seed, VARIANTS[name], couplings))
    if name not in TABLE_RANKERS:
        raise ValueError(f"name={name!r}, expected one of {', '.join(TABLE_RANKERS)}")
    return trained_scores(
        seed, name, couplings=couplings, n_sessions=N_SESSIONS, session_seed=SESSION_SEED
    )[1]
