"""The random-vote attack: a high public score from the board's answers alone.

A form of the attack in Blum and Hardt (2015). Nobody looks at an image: each submission is a coin
toss for every image. A submission that scores above one half votes as it is, and one that scores
below one half votes for its opposite. The final submission is the majority vote on each image.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm

from launchlab.leaderboard.boards import show_on
from launchlab.leaderboard.submissions import PRIVATE, odd_or_even


@dataclass(frozen=True)
class Attack:
    """The result of an attack.

    Parameters
    ----------
    submissions : ndarray
        Number of coin-toss submissions before the vote.
    shown : ndarray
        What the board publishes after the vote is submitted, 0 to 1.
    public, private : ndarray
        The vote's share of right answers on the public and on the private images.
    learned_from : ndarray
        Number of submissions from which the attacker learned anything.
    """

    submissions: NDArray[np.int64]
    shown: NDArray[np.float64]
    public: NDArray[np.float64]
    private: NDArray[np.float64]
    learned_from: NDArray[np.int64]


@lru_cache(maxsize=2)
def random_votes(count: int, images: int, seed: int) -> NDArray[np.float32]:
    """Coin tosses, +1 or -1.

    Parameters
    ----------
    count, images : int
    seed : int

    Returns
    -------
    read-only ndarray of shape (count, images)
    """
    rng = np.random.default_rng([seed, 3])
    votes = np.where(rng.random((count, images), dtype=np.float32) < 0.5, 1, -1)
    votes = votes.astype(np.float32)
    votes.setflags(write=False)
    return votes


def expected_attack_score(submissions: int, public: int) -> float:
    """The vote's expected public score on a plain board, by the normal approximation.

    Parameters
    ----------
    submissions, public : int
        Number k of coin-toss submissions, and number n of public images.

    Returns
    -------
    float
        Phi(sqrt(2 k / (pi n))), 0.5 to 1.
    """
    return float(norm.cdf(math.sqrt(2 * submissions / (math.pi * public))))


def attack(seed: int, submissions: Sequence[int], public: int, board: str = "plain") -> Attack:
    """Attack a leaderboard with coin tosses, then score the vote on the private images.

    A plain board tells the attacker every submission's score. A Ladder tells only which submissions
    moved it, so only those vote.

    Parameters
    ----------
    seed : int
        World.
    submissions : sequence of int
        Increasing numbers of coin-toss submissions after which the vote is submitted; a longer
        attack continues a shorter one.
    public : int
        Number of public images, 1 to 1,000.
    board : {"plain", "ladder", "free"}

    Returns
    -------
    Attack

    Raises
    ------
    ValueError
        If a number is out of range.
    """
    stops = list(submissions)
    if not stops or stops[0] < 1 or any(a >= b for a, b in itertools.pairwise(stops)):
        raise ValueError(f"submissions={stops!r}, expected rising numbers from 1")
    _, train_odd, _, test_odd = odd_or_even(seed)
    truth = 2 * np.r_[train_odd, test_odd].astype(np.float32) - 1
    most = len(truth) - PRIVATE
    if not 1 <= public <= most:
        raise ValueError(f"public={public!r}, expected 1 to {most}")
    votes = random_votes(stops[-1], len(truth), seed)
    right = votes[:, :public] == truth[:public]
    movers = show_on(board, right).movers
    if board == "plain":
        weights = np.sign(right.mean(axis=1) - 0.5)
    else:
        weights = np.isin(np.arange(len(votes)), movers).astype(float)
    found = []
    total, counted = np.zeros(len(truth)), 0
    for stop in stops:
        total += weights[counted:stop] @ votes[counted:stop]
        counted = stop
        hits = np.where(total >= 0, 1, -1) == truth
        moved = movers[movers < stop]
        shown = hits[:public].mean()
        if board != "plain":
            # Submissions that did not move the board left no trace on it.
            shown = show_on(board, np.vstack([right[moved], hits[:public]])).shown[-1]
        learned = stop if board == "plain" else len(moved)
        found.append((stop, shown, hits[:public].mean(), hits[most:].mean(), learned))
    counts, shown_scores, public_scores, private_scores, learned_counts = zip(*found, strict=True)
    return Attack(
        np.array(counts, dtype=np.int64),
        np.array(shown_scores, dtype=np.float64),
        np.array(public_scores, dtype=np.float64),
        np.array(private_scores, dtype=np.float64),
        np.array(learned_counts, dtype=np.int64),
    )
