"""What a release brings, by the simulator's truth, and how far two releases differ."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from launchlab.market import Sessions, expected_outcomes, organic_slates, top_slate


def orders_by_session(sessions: Sessions, slate: NDArray[np.integer[Any]]) -> NDArray[np.float64]:
    """Expected orders of each session, without ads.

    Parameters
    ----------
    sessions : Sessions
        n sessions.
    slate : ndarray of int, shape (n, k)
        Columns of the candidates shown, best place first, as `launchlab.market.top_slate` gives.

    Returns
    -------
    ndarray of float64, shape (n,)
        Orders; 1,000 times their mean are orders per 1,000 sessions.
    """
    return expected_outcomes(sessions, organic_slates(slate)).measure("orders")


def orders(sessions: Sessions, score: NDArray[np.floating[Any]]) -> NDArray[np.float64]:
    """Expected orders of each session when the 8 candidates that score highest are shown, (n,)."""
    return orders_by_session(sessions, top_slate(score))


def places_changed(
    one: NDArray[np.integer[Any]], other: NDArray[np.integer[Any]]
) -> NDArray[np.int64]:
    """How many restaurants of each slate are not in the other one, whatever their places.

    Parameters
    ----------
    one, other : ndarray of int, shape (n, k)
        Slates of the same sessions.

    Returns
    -------
    ndarray of int64, shape (n,)
        0 to k.

    Raises
    ------
    ValueError
        If the shapes differ.
    """
    if one.shape != other.shape or one.ndim != 2:
        raise ValueError(f"slates have shapes {one.shape} and {other.shape}: expected (n, k) twice")
    kept = (one[:, :, None] == other[:, None, :]).any(axis=2).sum(axis=1)
    return np.asarray(one.shape[1] - kept, dtype=np.int64)
