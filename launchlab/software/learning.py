"""Train an order model on rows, and ask it: the least that a release does."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from launchlab.market.rankers import make_estimator

_AT_ONCE = 60_000  # rows; more at once only cost memory


def order_model(
    name: str, rows: NDArray[np.floating[Any]], happened: ArrayLike, seed: int = 0
) -> Any:
    """A classifier of the zoo, fitted on rows.

    Parameters
    ----------
    name : str
        "logistic", "hgb50" or another of ``launchlab.market.RANKERS``, except the ensemble.
    rows : ndarray of float, shape (m, p)
    happened : array_like of bool, shape (m,)
        Whether the row was ordered (or clicked, for a model of clicks).
    seed : int, default 0
        ``random_state`` of the classifier.
    """
    return make_estimator(name, seed).fit(rows, np.asarray(happened).ravel().astype(np.int8))


def chances(
    model: Any, rows: NDArray[np.floating[Any]], shape: tuple[int, int] | None = None
) -> NDArray[np.float32]:
    """Probabilities that a fitted classifier gives.

    Parameters
    ----------
    model : scikit-learn classifier
    rows : ndarray of float, shape (m, p)
    shape : tuple of int, optional
        (n, k) with n * k = m.

    Returns
    -------
    ndarray of float32, shape (m,) or (n, k)
    """
    found = np.empty(len(rows), dtype=np.float32)
    for start in range(0, len(rows), _AT_ONCE):
        part = slice(start, start + _AT_ONCE)
        found[part] = model.predict_proba(rows[part])[:, 1]
    return found if shape is None else found.reshape(shape)
