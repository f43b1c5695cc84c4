"""One set of submissions handed in again and again, in another order each time."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from launchlab.leaderboard.boards import show_on
from launchlab.leaderboard.submissions import PUBLIC, tree_submissions


@dataclass(frozen=True, eq=False)
class Climb:
    """What a board shows after each submission, on average over orders.

    Attributes
    ----------
    shown : ndarray of shape (submissions,)
        The published best score, 0 to 1.
    private : ndarray of shape (submissions,)
        The private score of the submission that leads, 0 to 1.
    """

    shown: NDArray[np.float64]
    private: NDArray[np.float64]


@cache
def mean_climb(public: int, board: str, orders: int = 40, seed: int = 0) -> Climb:
    """Hand in the honest trees of a world in several random orders, and average.

    In which order they come is luck: in one order a board stands still for two hundred
    submissions, in another it moves at the last.

    Parameters
    ----------
    public : int
        Number of public images, 1 to 400.
    board : {"plain", "ladder", "free"}
    orders : int
        At least 1.
    seed : int
        World.

    Returns
    -------
    Climb

    Raises
    ------
    ValueError
        If a number is out of range or there is no such board.
    """
    if not 1 <= public <= PUBLIC:
        raise ValueError(f"public={public!r}, expected 1 to {PUBLIC}")
    if orders < 1:
        raise ValueError(f"orders={orders!r}, expected at least 1")
    right = tree_submissions(seed)
    private = right[:, PUBLIC:].mean(axis=1)
    shown_sum, private_sum = np.zeros(len(right)), np.zeros(len(right))
    for number in range(orders):
        order = np.random.default_rng([seed, 4, number]).permutation(len(right))
        watched = show_on(board, right[order, :public])
        shown_sum += watched.shown
        private_sum += private[order][watched.leader]
    return Climb(shown_sum / orders, private_sum / orders)
