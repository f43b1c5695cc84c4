"""A release and the market it meets: two models, and advertisers whose bids stand still."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from launchlab.market import (
    Outcomes,
    Scores,
    Sessions,
    build_slates,
    expected_outcomes,
    settle_bids,
)
from launchlab.software.learning import chances, order_model
from launchlab.software.town import Town

Rows = NDArray[np.floating[Any]]


@dataclass(frozen=True, eq=False)
class Release:
    """What goes out on a Friday: a model of orders, and one of clicks for the ad auction.

    Attributes
    ----------
    order, click : scikit-learn classifier
        Fitted.
    """

    order: Any
    click: Any

    def scores(self, rows: Rows, shape: tuple[int, int]) -> Scores:
        """What the release says of n sessions of k candidates, given the rows it is fed."""
        return Scores(chances(self.order, rows, shape), chances(self.click, rows, shape))


def train(town: Town, model: str, rows: Rows) -> Release:
    """Train a release on a town's log.

    Parameters
    ----------
    town : Town
    model : str
        "logistic", "hgb50" or another of ``launchlab.market.RANKERS``, except the ensemble.
    rows : ndarray of float, shape (80,000, p)
        What the training path makes of the town's log.
    """
    clicked = town.logs.clicked.ravel()
    return Release(order_model(model, rows, town.ordered), order_model(model, rows, clicked))


@dataclass(frozen=True, eq=False)
class Market:
    """Sessions to serve, and what advertisers bid in them.

    Attributes
    ----------
    sessions : Sessions
    bids : ndarray of float32, shape (n_r,)
        $ per click.
    """

    sessions: Sessions
    bids: NDArray[np.float32]

    def outcomes(self, scores: Scores) -> Outcomes:
        """What the sessions bring in expectation if slates are built from these scores."""
        return expected_outcomes(
            self.sessions, build_slates(self.sessions, scores, bids=self.bids), 0.0
        )


def market_under(sessions: Sessions, scores: Scores) -> Market:
    """The market whose advertisers have settled on their bids while these scores ruled.

    A fault that comes later meets the same bids: advertisers need weeks to see what an order costs.
    """
    return Market(sessions, settle_bids(sessions, scores))
