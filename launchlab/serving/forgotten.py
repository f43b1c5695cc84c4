"""A feature changes its unit and one model is not retrained: what that costs, by design.

The same accident meets three designs: one model alone, the mean of four (a vote), and a cascade,
in which a first model lets some candidates through and a second one ranks them.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from launchlab.market import FEATURES, Sessions, make_features, make_logs, make_world, top_slate
from launchlab.market.outcomes import expected_outcomes
from launchlab.market.rankers import make_estimator
from launchlab.market.slates import organic_slates
from launchlab.zoo.launch import paired_change
from launchlab.zoo.rankers import world_sessions

VOTERS = ("logistic", "tree", "hgb50", "rf50")
"""Members of the vote: cheap relatives of the ensemble's five, for training takes seconds."""

STAGES = ("logistic", "hgb50")
"""First and second model of the cascade."""

ALONE = "hgb50"
CUT = 12
"""How many of 30 candidates the cascade's first model lets through."""

DESIGNS = {"alone": (ALONE,), "vote": VOTERS, "cascade": STAGES}
"""The models of each design."""

Chances = dict[str, NDArray[np.float32]]


@lru_cache(maxsize=1)
def _world(seed: int) -> tuple[Sessions, NDArray[np.float32], NDArray[np.int8]]:
    """Fresh sessions, and what the log shows: features, and whether that was ordered."""
    logs = make_logs(make_world(seed))
    shown = make_features(logs.sessions, logs.candidate)
    return world_sessions(seed), shown, logs.ordered.ravel().astype(np.int8)


@lru_cache(maxsize=len(VOTERS))
def _chances(seed: int, name: str) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """A model's order probabilities: retrained, and forgotten, shape (n, c).

    A model that is retrained in seconds predicts what it predicted in minutes, since trees and a
    standardised regression are indifferent to a unit. So the model trained in minutes stands for
    both: it is given minutes where it was retrained, and seconds where it was forgotten.
    """
    sessions, shown, ordered = _world(seed)
    minutes = make_features(sessions)
    seconds = minutes.copy()
    seconds[:, FEATURES.index("eta")] *= 60
    model = make_estimator(name, 0).fit(shown, ordered)
    retrained, forgotten = (
        model.predict_proba(rows)[:, 1].astype(np.float32).reshape(sessions.shape)
        for rows in (minutes, seconds)
    )
    return retrained, forgotten


def _ranked(design: str, chances: Chances, cut: int) -> NDArray[np.float32]:
    """What a design ranks the candidates by, shape (n, c)."""
    if design == "cascade":
        first, then = (chances[name] for name in STAGES)
        through = np.zeros(first.shape, dtype=bool)
        np.put_along_axis(through, top_slate(first, cut), True, axis=1)
        return np.asarray(np.where(through, then, np.float32(-1.0)))
    return np.asarray(np.mean([chances[name] for name in DESIGNS[design]], axis=0))


def orders_lost(seed: int, design: str, forgot: str, cut: int = CUT) -> tuple[float, float]:
    """Orders that a design loses when delivery times arrive in seconds and one model was forgotten.

    All other models were retrained. Slates carry no ads.

    Parameters
    ----------
    seed : int
        The world's seed.
    design : {"alone", "vote", "cascade"}
    forgot : str
        The model that still expects minutes, one of the design's.
    cut : int, default 12
        How many of 30 candidates the cascade's first model lets through.

    Returns
    -------
    lost, error : float
        Percent of the orders with everything retrained, and the standard error from which
        customers were drawn.

    Raises
    ------
    ValueError
        For an unknown design, or a model that it does not have.
    """
    if design not in DESIGNS:
        raise ValueError(f"design={design!r}, expected one of {tuple(DESIGNS)}")
    if forgot not in DESIGNS[design]:
        raise ValueError(f"forgot={forgot!r}, expected one of {DESIGNS[design]}")
    sessions, *_ = _world(seed)
    both = {name: _chances(seed, name) for name in DESIGNS[design]}
    retrained = {name: one for name, (one, _) in both.items()}

    def orders(chances: Chances) -> NDArray[np.float64]:
        slates = organic_slates(top_slate(_ranked(design, chances, cut)))
        return expected_outcomes(sessions, slates).measure("orders")

    before = orders(retrained)
    after = orders(retrained | {forgot: both[forgot][1]})
    change, error = paired_change(before, after, sessions.customer)
    return -change, error
