"""Offers: which restaurants stood before which customers, and what a model may see of them.

A fault in a table or in a join needs to know whose row a row is, which features alone do not say.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from launchlab.market import Logs, Sessions, World, make_features


@dataclass(frozen=True, eq=False)
class Offers:
    """n sessions of k restaurants each, one row an offer: all of the first session, and so on.

    Attributes
    ----------
    world : World
    rows : ndarray of float32, shape (n * k, 14)
        Features, as `launchlab.market.make_features` makes them.
    restaurant, customer : ndarray of int, shape (n * k,)
    eta : ndarray of float32, shape (n * k,)
        Minutes, as they are when the customer looks.
    shape : tuple of int
        (n, k).
    """

    world: World
    rows: NDArray[np.float32]
    restaurant: NDArray[np.int64]
    customer: NDArray[np.int64]
    eta: NDArray[np.float32]
    shape: tuple[int, int]

    def __len__(self) -> int:
        return len(self.rows)


def offers_now(sessions: Sessions) -> Offers:
    """All candidates of sessions, as they are served: places are not known yet."""
    return Offers(
        world=sessions.world,
        rows=make_features(sessions),
        restaurant=sessions.restaurant.ravel().astype(np.int64),
        customer=np.repeat(sessions.customer, sessions.shape[1]).astype(np.int64),
        eta=sessions.eta.ravel(),
        shape=sessions.shape,
    )


def offers_logged(logs: Logs) -> Offers:
    """What a log's slates showed, in the order of their places."""
    sessions, shown = logs.sessions, logs.candidate
    return Offers(
        world=sessions.world,
        rows=make_features(sessions, shown),
        restaurant=np.take_along_axis(sessions.restaurant, shown, axis=1).ravel().astype(np.int64),
        customer=np.repeat(sessions.customer, shown.shape[1]).astype(np.int64),
        eta=np.take_along_axis(sessions.eta, shown, axis=1).ravel(),
        shape=(len(logs), shown.shape[1]),
    )
