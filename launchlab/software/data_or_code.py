"""Data against code: labels that are wrong in one way or another, more data, a larger model."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from launchlab.market import Logs, make_logs
from launchlab.memo import memo
from launchlab.software.judged import orders
from launchlab.software.learning import chances, order_model
from launchlab.software.offers import Offers, offers_logged
from launchlab.software.town import N_LOGGED, make_town
from launchlab.zoo.launch import paired_change

KINDS = {
    "none": "every label right",
    "flipped": "5 % of rows flipped",
    "lost": "5 % of orders lost",
    "another": "5 % of sessions with another session's labels",
    "chains": "half of the chains' orders lost",
}
"""Ways for labels to be wrong, in words at the share that ``SHARE`` gives."""

SHARE = {"none": 0.0, "flipped": 0.05, "lost": 0.05, "another": 0.05, "chains": 0.5}

_STREAM = 91  # random stream: which labels are wrong


def wrong_labels(logs: Logs, shown: Offers, kind: str, share: float) -> NDArray[np.bool_]:
    """A log's orders as a broken pipeline would deliver them.

    Parameters
    ----------
    logs : Logs
        n sessions with slates of k places.
    shown : Offers
        Their offers.
    kind : str
        One of ``KINDS``. "flipped": each row's label is turned round with probability ``share``.
        "lost": each order is forgotten with it. "another": this share of sessions get the labels
        of another of them. "chains": each order at a chain is forgotten with it.
    share : float
        0 to 1.

    Returns
    -------
    ndarray of bool, shape (n, k)

    Raises
    ------
    ValueError
        If the kind is unknown or the share is out of range.
    """
    if kind not in KINDS:
        raise ValueError(f"kind={kind!r}, expected one of {', '.join(map(repr, KINDS))}")
    if not 0 <= share <= 1:
        raise ValueError(f"share={share!r}, expected a number from 0 to 1")
    right = logs.ordered
    rng = np.random.default_rng([logs.sessions.world.seed, _STREAM, list(KINDS).index(kind)])
    if kind == "flipped":
        return np.asarray(right ^ (rng.random(right.shape) < share))
    if kind == "lost":
        return np.asarray(right & (rng.random(right.shape) >= share))
    if kind == "chains":
        theirs = shown.world.chain[shown.restaurant].reshape(right.shape)
        return np.asarray(right & ~(theirs & (rng.random(right.shape) < share)))
    wrong = right.copy()
    if kind == "another":
        mixed = np.flatnonzero(rng.random(len(right)) < share)
        wrong[mixed] = right[np.roll(mixed, 1)]
    return wrong


@memo
def learnt(
    seed: int,
    model: str = "hgb50",
    kind: str = "none",
    slates: int = N_LOGGED,
    share: float | None = None,
) -> NDArray[np.float32]:
    """Orders that a model brings that learnt from such a log.

    Parameters
    ----------
    seed : int
        The town's seed.
    model : str, default "hgb50"
        A classifier of ``launchlab.market.RANKERS``.
    kind : str, default "none"
        What is wrong with the labels: one of ``KINDS``.
    slates : int, default 10,000
        Logged slates. A longer log goes on where the shorter one ends.
    share : float, optional
        As `wrong_labels` takes; that of ``SHARE`` if not given.

    Returns
    -------
    ndarray of float32, shape (2,000,)
        Expected orders of each session served.
    """
    town = make_town(seed)
    logs = make_logs(town.world, slates)
    shown = offers_logged(logs)
    happened = wrong_labels(logs, shown, kind, SHARE[kind] if share is None else share)
    found = order_model(model, shown.rows, happened)
    scores = chances(found, town.served.rows, town.served.shape)
    return orders(town.sessions, scores).astype(np.float32)


def change(seed: int, new: NDArray[np.float32], base: NDArray[np.float32]) -> tuple[float, float]:
    """One model's orders against another's in a town, percent, and the standard error."""
    customers = make_town(seed).sessions.customer
    return paired_change(base.astype(np.float64), new.astype(np.float64), customers)
