"""Two ways to serve two objectives: scores combined at serving, or one model of a blended label.

*Decoupled*: one model of orders and one of clicks. A candidate is worth
order value x p_order + weight x bid x p_click, with the weight and bids at the time of serving.
*Blended*: one regression on the dollars that each logged place brought, with the weight and bids at
the time of training.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingRegressor
from sklearn.isotonic import IsotonicRegression

from launchlab.market import checks
from launchlab.market.features import make_features
from launchlab.market.logs import Logs
from launchlab.market.outcomes import expected_outcomes
from launchlab.market.sessions import Sessions
from launchlab.market.slates import SLATE_LENGTH, Scores, organic_slates, top_slate
from launchlab.market.world import World

ORDER_VALUE = 4.0
"""Assumed value of an order, $."""


def new_bids(world: World, share: float, seed: int = 0) -> NDArray[np.float32]:
    """Bids after a share of the advertisers have swapped theirs: the same bids, redistributed.

    Parameters
    ----------
    world : World
    share : float
        Share of advertisers whose bid changes, 0 to 1.
    seed : int, default 0

    Returns
    -------
    ndarray of float32, shape (n_r,)
        $ per click; still 0 for those who do not advertise.

    Raises
    ------
    ValueError
        If the share is outside [0, 1].
    """
    checks.within("share", share, 0.0, 1.0)
    rng = np.random.default_rng([world.seed, 17, checks.whole("seed", seed, low=0)])
    bids = world.bid.copy()
    advertisers = rng.permutation(np.flatnonzero(bids > 0))
    moved = advertisers[: round(share * len(advertisers))]
    bids[moved] = bids[np.roll(moved, 1)]
    return bids


def decoupled_worth(
    sessions: Sessions, scores: Scores, bids: NDArray[np.floating[Any]], weight: float
) -> NDArray[np.float32]:
    """Worth of each candidate from separate predictions, $, shape (n, c).

    Parameters
    ----------
    sessions : Sessions
        n sessions of c candidates.
    scores : Scores
        Probabilities of an order and a click. They are multiplied by dollars, so they must be
        *calibrated*: a fifth of the candidates with a click score of 0.2 must be clicked.
    bids : ndarray of float, shape (n_r,)
        $ per click.
    weight : float
        How much a dollar of ads counts, at least 0.
    """
    checks.within("weight", weight, 0.0, 1e6)
    bid = bids.astype(np.float32)[sessions.restaurant]
    worth: NDArray[np.float32] = np.float32(ORDER_VALUE) * scores.order
    worth += np.float32(weight) * bid * scores.click
    return worth


def fit_blended(
    logs: Logs,
    bids: NDArray[np.floating[Any]],
    weight: float,
    *,
    sees_bid: bool = False,
    n_trees: int = 50,
) -> HistGradientBoostingRegressor:
    """Train one model on the dollars that each logged place brought.

    Parameters
    ----------
    logs : Logs
    bids : ndarray of float, shape (n_r,)
        $ per click, at the time of training.
    weight : float
        How much a dollar of ads counts.
    sees_bid : bool, default False
        Whether the bid is also a feature. What a restaurant pays is in its contract, and often not
        among the features.
    n_trees : int, default 50

    Returns
    -------
    HistGradientBoostingRegressor
    """
    checks.within("weight", weight, 0.0, 1e6)
    restaurant = np.take_along_axis(logs.sessions.restaurant, logs.candidate, axis=1)
    bid = bids.astype(np.float64)[restaurant]
    reward = ORDER_VALUE * logs.ordered + weight * bid * logs.clicked
    rows = make_features(logs.sessions, logs.candidate)
    if sees_bid:
        rows = np.column_stack([rows, bid.ravel()])
    model = HistGradientBoostingRegressor(
        max_iter=n_trees, max_leaf_nodes=15, early_stopping=False, random_state=0
    )
    return model.fit(rows, reward.ravel())


def blended_worth(
    model: HistGradientBoostingRegressor,
    sessions: Sessions,
    bids: NDArray[np.floating[Any]] | None = None,
) -> NDArray[np.float64]:
    """Worth of each candidate according to a blended model, $, shape (n, c).

    Parameters
    ----------
    model : HistGradientBoostingRegressor
        From `fit_blended`.
    sessions : Sessions
    bids : ndarray of float, shape (n_r,), optional
        Needed by a model that sees bids.
    """
    rows = make_features(sessions)
    if bids is not None:
        rows = np.column_stack([rows, bids.astype(np.float64)[sessions.restaurant].ravel()])
    worth: NDArray[np.float64] = model.predict(rows).reshape(sessions.shape)
    return worth


def slate_dollars(
    sessions: Sessions,
    worth: NDArray[np.floating[Any]],
    bids: NDArray[np.floating[Any]],
    weight: float,
) -> NDArray[np.float64]:
    """True expected blended dollars of each session when ranked by worth, shape (n,).

    Every click on an advertiser pays its bid. There is no auction, so that only the two designs
    differ.
    """
    columns = top_slate(worth, SLATE_LENGTH)
    outcomes = expected_outcomes(sessions, organic_slates(columns))
    bid = bids.astype(np.float64)[np.take_along_axis(sessions.restaurant, columns, axis=1)]
    dollars: NDArray[np.float64] = ORDER_VALUE * outcomes.measure("orders")
    dollars += weight * (bid * outcomes.click).sum(axis=1)
    return dollars


def inflated(scores: Scores, factor: float) -> Scores:
    """Scores whose odds of a click are ``factor`` times what they were.

    A calibrated p becomes k p / (k p + 1 - p). That is where a model with enough data would come
    out if every click in its data counted k times; nothing is trained again here. For k above 1
    the probabilities become too large, but the order of the candidates stays.

    Raises
    ------
    ValueError
        If the factor is not positive.
    """
    k = np.float32(checks.within("factor", factor, 1e-6, 1e6))
    return Scores(scores.order, k * scores.click / (k * scores.click + 1 - scores.click))


def recalibrated(
    scores: Scores, held_out: Scores, shown: NDArray[np.integer[Any]], clicked: NDArray[np.bool_]
) -> Scores:
    """Recalibrate click scores on held-out logs, by isotonic regression.

    Parameters
    ----------
    scores : Scores
        The scores to recalibrate.
    held_out : Scores
        The same model's scores for the logged sessions, (n, c).
    shown : ndarray of int, shape (n,)
        Candidate shown in first place, because scores are for first place.
    clicked : ndarray of bool, shape (n,)
        Whether that candidate was clicked.
    """
    said = np.take_along_axis(held_out.click, np.asarray(shown)[:, None], axis=1)[:, 0]
    curve = IsotonicRegression(y_min=0.0, y_max=1.0, out_of_bounds="clip").fit(said, clicked)
    put_right = curve.predict(scores.click.ravel()).reshape(scores.click.shape)
    return Scores(scores.order, put_right.astype(np.float32))
