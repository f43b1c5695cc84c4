"""What a ranker may see of a session and a candidate: 14 numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from launchlab.market import checks

from .sessions import Sessions
from .world import N_NEAR

FEATURES = (
    "distance",
    "eta",
    "price",
    "rating",
    "log_n_ratings",
    "cuisine_share",
    "hour",
    "rain",
    "chain",
    "badge",
    "ordered_before",
    "sponsored",
    "spend",
    "log_position",
)
"""Columns of :func:`make_features`: km, minutes, $, stars, log of the number of ratings, share of
the customer's past orders in that cuisine, hour of the day, 0/1, 0/1, standard normal, 0/1, 0/1 (is
an advertiser), $ (mean of the customer's past baskets), and log of the position in the slate."""


def make_features(
    sessions: Sessions, candidate: NDArray[np.integer[Any]] | None = None
) -> NDArray[np.float32]:
    """Features of candidates: all of them, or those of logged slates.

    Parameters
    ----------
    sessions : Sessions
        n sessions of c candidates.
    candidate : ndarray of int, shape (n, k), optional
        Columns of the candidates in a slate, best place first.

    Returns
    -------
    ndarray of float32, shape (n * c, 14) or (n * k, 14)
        One row per candidate: those of the first session, then those of the second, and so on.
        Without a slate, as in serving, positions are not known yet and log position is 0, so
        scores are those for the first place.

    Raises
    ------
    ValueError
        If the slate's shape does not fit or a column is out of range.
    """
    world = sessions.world
    n, c = sessions.shape
    if candidate is None:
        columns = np.broadcast_to(np.arange(c), (n, c))
        log_position = np.zeros(c, dtype=np.float32)
    else:
        columns = np.asarray(candidate)
        if columns.ndim != 2 or columns.shape[0] != n or columns.shape[1] > c:
            raise ValueError(f"candidate has shape {columns.shape}: expected ({n}, at most {c})")
        checks.array("candidate", columns, columns.shape, low=0, high=c - 1)
        log_position = np.log(np.arange(1, columns.shape[1] + 1, dtype=np.float32))

    restaurant = np.take_along_axis(sessions.restaurant, columns, axis=1)
    near = np.take_along_axis(sessions.near, columns, axis=1)
    customer = sessions.customer[:, None]
    n_cuisines = world.cuisine_share.shape[1]
    rows = np.empty((*columns.shape, len(FEATURES)), dtype=np.float32)
    rows[..., 0] = np.take_along_axis(sessions.distance, columns, axis=1)
    rows[..., 1] = np.take_along_axis(sessions.eta, columns, axis=1)
    rows[..., 2] = world.price[restaurant]
    rows[..., 3] = world.rating[restaurant]
    rows[..., 4] = np.log(world.n_ratings)[restaurant]
    rows[..., 5] = world.cuisine_share.ravel()[customer * n_cuisines + world.cuisine[restaurant]]
    rows[..., 6] = sessions.hour[:, None]
    rows[..., 7] = sessions.rain[:, None]
    rows[..., 8] = world.chain[restaurant]
    rows[..., 9] = world.badge[restaurant]
    rows[..., 10] = world.ordered_before.ravel()[customer * np.int32(N_NEAR) + near]
    rows[..., 11] = world.sponsored[restaurant]
    rows[..., 12] = world.spend[sessions.customer][:, None]
    rows[..., 13] = log_position
    return rows.reshape(-1, len(FEATURES))
