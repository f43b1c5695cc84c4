"""What is released: the data it learnt from, the model, the path that serves it, and its slate."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from launchlab.market import Logs, top_slate
from launchlab.software.learning import chances, order_model
from launchlab.software.offers import Offers

MODEL = "hgb50"
"""The order model of every release: 50 boosted trees."""

Fed = Callable[[Offers], NDArray[np.float32]]


def as_they_are(offers: Offers) -> NDArray[np.float32]:
    """The features of offers, unchanged: what an honest path feeds the model."""
    return offers.rows


@dataclass(frozen=True, eq=False)
class Release:
    """One release, sound or faulty. Its program is code, data and model together.

    Attributes
    ----------
    rows : ndarray of float32, shape (m, p)
        What the model learnt from; the first 14 columns are ``launchlab.market.FEATURES``.
    happened : ndarray of bool, shape (m,)
        The labels: whether the row is said to have been ordered.
    origin : ndarray of int, shape (m,)
        Which row of the log each row is.
    model : scikit-learn classifier
        Fitted.
    tested : tuple of ndarray
        The rows and labels that its offline score is computed on.
    live : callable
        Offers to the rows that the model is fed when a customer waits.
    batch : callable
        The same in the training code, which scores yesterday's offers overnight.
    slate : callable
        Scores, shape (n, c), to the columns shown, shape (n, 8).
    own_code : bool
        Whether the fault, if there is one, lies in a function of the team's own, where a unit test
        can stand.
    """

    rows: NDArray[np.float32]
    happened: NDArray[np.bool_]
    origin: NDArray[np.int64]
    model: Any
    tested: tuple[NDArray[np.float32], NDArray[np.bool_]]
    live: Fed = as_they_are
    batch: Fed = as_they_are
    slate: Callable[[NDArray[np.float32]], NDArray[np.intp]] = top_slate
    own_code: bool = False

    def scores(self, offers: Offers) -> NDArray[np.float32]:
        """What the release gives each offer when it serves, shape of the offers."""
        return chances(self.model, self.live(offers), offers.shape)

    def shown(self, offers: Offers) -> NDArray[np.intp]:
        """The slate of each session, shape (n, 8)."""
        return self.slate(self.scores(offers))


def learnt_from(
    rows: NDArray[np.float32],
    happened: ArrayLike,
    tested: tuple[NDArray[np.float32], NDArray[np.bool_]],
    *,
    kept: NDArray[np.integer[Any]] | None = None,
    model: Any = None,
    **parts: Any,
) -> Release:
    """Train a release on the rows of a log.

    Parameters
    ----------
    rows : ndarray of float32, shape (m, p)
    happened : array_like of bool, shape (m,)
    tested : tuple of ndarray
        Rows and labels to score it on.
    kept : ndarray of int, optional
        Which rows it learns from, with repetitions; all of them if not given.
    model : scikit-learn classifier, optional
        Not fitted; `MODEL` if not given.
    **parts
        Further attributes of `Release`.
    """
    origin = np.arange(len(rows)) if kept is None else np.asarray(kept, dtype=np.int64)
    rows, labels = rows[origin], np.asarray(happened, dtype=np.bool_).ravel()[origin]
    if model is None:
        fitted = order_model(MODEL, rows, labels)
    else:
        fitted = model.fit(rows, labels.astype(np.int8))
    return Release(rows, labels, origin, fitted, tested, **parts)


def with_rows(offers: Offers, rows: NDArray[np.float32]) -> Offers:
    """The same offers with other features."""
    return replace(offers, rows=rows)


def of_first(offers: Offers, n: int) -> Offers:
    """The offers of the first ``n`` sessions."""
    rows = slice(n * offers.shape[1])
    return replace(
        offers,
        rows=offers.rows[rows],
        restaurant=offers.restaurant[rows],
        customer=offers.customer[rows],
        eta=offers.eta[rows],
        shape=(n, offers.shape[1]),
    )


def clean(shown: Offers, logs: Logs, scored: Offers, held: Logs) -> Release:
    """A release without a fault, trained on one log and scored on another."""
    return learnt_from(shown.rows, logs.ordered, (scored.rows, held.ordered.ravel()))
