"""Releases as they are handed over to those who run them: what a gate may look at.

One town makes a release each week. In one of them something has gone wrong: its server computes a
feature in its own way, or its model learnt from the wrong rows or labels. Nothing crashes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import roc_auc_score

from launchlab.market import draw_sessions, make_features, make_logs
from launchlab.software.columns import COLUMN
from launchlab.software.faults import SERVING_FAULTS
from launchlab.software.judged import orders
from launchlab.software.learning import chances, order_model
from launchlab.software.offers import Offers, offers_logged
from launchlab.software.town import Town

Rows = NDArray[np.float32]
LUNCH_ENDS = 14
ASKED = 100
"""Sessions whose rows a gate may ask a release about."""

_LEAKED, _JOINED = 78, 79  # random streams
_RETRAINED = 10  # seed of the first log of a release that was trained anew

TRAINING_FAULTS = {
    "leak": "a column knows in training what happens only after the order",
    "overfit": "a large model, scored on the rows that it has learnt from",
    "clicks": "clicks are learnt as orders",
    "labels": "half of the sessions have the labels of another session",
    "chains": "chains are missing from the rows to learn from",
    "lunch": "only lunch is left of the rows to learn from",
}
"""What can go wrong before the model is there, and in a colleague's words."""


@dataclass(frozen=True, eq=False)
class Release:
    """What is handed over: a model, what it is fed, and what is known about it.

    Attributes
    ----------
    name : str
        The fault that it has, or "clean".
    words : str
        What went wrong, as a colleague would say it.
    auc : float
        Its offline score, on the held-out log, as the team that trained it computes it.
    rows : ndarray of float32, shape (m, 14)
        What its server feeds it, for the sessions of the town.
    orders : float
        Orders per 1,000 sessions that it brings.
    ask : callable
        Rows as they should be, of the first ``ASKED`` sessions of the town, to the chances of an
        order: through what the server makes of them, and through the model.
    """

    name: str
    words: str
    auc: float
    rows: Rows
    orders: float
    ask: Callable[[Rows], NDArray[np.float32]]


def leaky_rows(rows: Rows, ordered: NDArray[np.bool_], share: float, seed: int) -> Rows:
    """Rows with a fifteenth column: whether a courier was assigned, which only an order brings.

    Parameters
    ----------
    rows : ndarray of float32, shape (m, 14)
    ordered : ndarray of bool, shape (m,)
    share : float
        Share of the orders in which the column is filled in early enough to be seen.
    seed : int
        Of which ones.
    """
    rng = np.random.default_rng([seed, _LEAKED])
    courier = ordered & (rng.random(len(rows)) < share)
    return np.column_stack([rows, courier]).astype(np.float32)


def make_release(town: Town, fault: str, model: str, leak: float = 1.0) -> Release:
    """Make one release of a town.

    Parameters
    ----------
    town : Town
    fault : str
        "clean", one of ``SERVING_FAULTS`` or one of ``TRAINING_FAULTS``.
    model : str
        What learns: "logistic", "hgb50" or another of `launchlab.market.RANKERS`.
    leak : float, default 1.0
        Share of the orders that the fault "leak" lets through.

    Returns
    -------
    Release

    Raises
    ------
    ValueError
        If there is no such fault.
    """
    known = ("clean", *SERVING_FAULTS, *TRAINING_FAULTS)
    if fault not in known:
        raise ValueError(f"fault={fault!r}, expected one of {', '.join(map(repr, known))}")
    rows, ordered = town.shown.rows, town.ordered
    scored, later = town.scored.rows, town.ordered_later
    if fault == "leak":
        rows = leaky_rows(rows, ordered, leak, town.world.seed)
        scored = leaky_rows(scored, later, leak, town.world.seed + 1)
    elif fault == "overfit":
        scored, later = rows, ordered
    elif fault == "clicks":
        ordered = town.logs.clicked.ravel()
    elif fault == "labels":
        ordered = _joined_wrongly(town)
    elif fault in ("chains", "lunch"):
        column, at_least = {"chains": ("chain", 1), "lunch": ("hour", LUNCH_ENDS)}[fault]
        kept = rows[:, COLUMN[column]] < at_least
        rows, ordered = rows[kept], ordered[kept]
    if fault == "overfit":
        fitted = _large_model().fit(rows, ordered)
    elif fault in TRAINING_FAULTS:
        fitted = order_model(model, rows, ordered)
    else:
        fitted = clean_model(town, model)
    fed = SERVING_FAULTS[fault].fed if fault in SERVING_FAULTS else _as_they_are
    few = _first_sessions(town.served)

    def chance(offers: Offers) -> NDArray[np.float32]:
        given = fed(offers)
        if fault == "leak":  # live, no courier is known yet
            given = leaky_rows(given, np.zeros(len(given), dtype=bool), leak, 0)
        return chances(fitted, given)

    brought = orders(town.sessions, chance(town.served).reshape(town.served.shape))
    return Release(
        name=fault,
        words=_words(fault),
        auc=_auc(fitted, scored, later),
        rows=fed(town.served),
        orders=1_000 * float(brought.mean()),
        ask=lambda rows: chance(replace(few, rows=rows)),
    )


@lru_cache(maxsize=2)
def clean_model(town: Town, model: str) -> Any:
    """The order model that a town's log teaches when nothing is wrong; fitted once."""
    return order_model(model, town.shown.rows, town.ordered)


def retrained_scores(town: Town, model: str, number: int = 4) -> list[float]:
    """Offline scores of clean releases: the same model, learnt each time from a log of its own.

    Parameters
    ----------
    town : Town
    model : str
        As in `make_release`.
    number : int, default 4

    Returns
    -------
    list of float
        AUC on the town's held-out log.
    """
    scores = []
    for seed in range(_RETRAINED, _RETRAINED + number):
        logs = make_logs(town.world, len(town.logs), seed, temperature=town.logs.temperature)
        fitted = order_model(model, offers_logged(logs).rows, logs.ordered)
        scores.append(_auc(fitted, town.scored.rows, town.ordered_later))
    return scores


def week_before(town: Town) -> Rows:
    """The rows that a right server made of as many sessions as the town serves, a week ago."""
    return make_features(draw_sessions(town.world, len(town.sessions), seed=2))


def _words(fault: str) -> str:
    if fault in SERVING_FAULTS:
        return SERVING_FAULTS[fault].words
    return TRAINING_FAULTS.get(fault, "nothing is wrong")


def _as_they_are(offers: Offers) -> Rows:
    return offers.rows


def _first_sessions(offers: Offers) -> Offers:
    n = min(ASKED, offers.shape[0])
    rows = slice(0, n * offers.shape[1])
    return replace(
        offers,
        rows=offers.rows[rows],
        restaurant=offers.restaurant[rows],
        customer=offers.customer[rows],
        eta=offers.eta[rows],
        shape=(n, offers.shape[1]),
    )


def _joined_wrongly(town: Town) -> NDArray[np.bool_]:
    """Labels of which half of the sessions have another session's."""
    ordered = town.logs.ordered.copy()
    rng = np.random.default_rng([town.world.seed, _JOINED])
    theirs = rng.permutation(len(ordered))[: len(ordered) // 2]
    ordered[theirs] = ordered[rng.permutation(theirs)]
    return ordered.ravel()


def _large_model() -> HistGradientBoostingClassifier:
    return HistGradientBoostingClassifier(
        max_iter=40, learning_rate=0.5, early_stopping=False, random_state=0
    )


def _auc(fitted: Any, rows: Rows, ordered: NDArray[np.bool_]) -> float:
    return float(roc_auc_score(ordered, chances(fitted, rows)))
