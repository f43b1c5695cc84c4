"""Three leaderboards: plain, the Ladder of Blum and Hardt (2015), and their parameter-free Ladder.

A board receives submissions one after another and knows which public images each gets right. It
publishes one number, the best score so far, and its own rule decides when that number moves.
Scores are shares of right answers; the paper uses losses, which are one minus the score.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Board:
    """What a leaderboard has shown after each submission.

    Parameters
    ----------
    shown : ndarray of shape (submissions,)
        The published best score, 0 to 1.
    leader : ndarray of shape (submissions,)
        Position of the submission with the published score; -1 before there is one.
    """

    shown: NDArray[np.float64]
    leader: NDArray[np.int64]

    @property
    def movers(self) -> NDArray[np.int64]:
        """Positions of the submissions that moved the board, which is all that outsiders learn."""
        found = np.unique(self.leader)
        return found[found >= 0]


def _check(right: NDArray[np.bool_]) -> NDArray[np.bool_]:
    right = np.asarray(right)
    if right.ndim != 2 or right.dtype != bool or 0 in right.shape:
        raise ValueError(
            f"right: {right.dtype} of shape {right.shape}, expected booleans of shape "
            "(submissions, images), at least one of each"
        )
    return right


def plain(right: NDArray[np.bool_]) -> Board:
    """A leaderboard that publishes every score; the best so far leads, and ties go to the earlier.

    Parameters
    ----------
    right : boolean ndarray of shape (submissions, images)
        Whether each submission is right on each public image.

    Returns
    -------
    Board
    """
    hits = _check(right).sum(axis=1)
    best = np.maximum.accumulate(hits)
    first = np.r_[True, best[1:] > best[:-1]]
    leader = np.maximum.accumulate(np.where(first, np.arange(len(hits)), 0))
    return Board(best / right.shape[1], leader)


def ladder(right: NDArray[np.bool_], margin: float) -> Board:
    """The Ladder: a new score is published only if it beats the old one by more than a margin.

    Published scores are rounded to a multiple of the margin (Blum and Hardt 2015, Algorithm 1).

    Parameters
    ----------
    right : boolean ndarray of shape (submissions, images)
    margin : float
        Share of the images, more than 0 and less than 1.

    Returns
    -------
    Board

    Raises
    ------
    ValueError
        If the margin is out of range.
    """
    if not 0 < margin < 1:
        raise ValueError(f"margin={margin!r}, expected more than 0 and less than 1")
    board = ladder_of_scores(_check(right).mean(axis=1), margin, start=0.0)
    return Board(np.minimum(board.shown, 1.0), board.leader)


def ladder_of_scores(scores: NDArray[np.float64], margin: float, start: float = -math.inf) -> Board:
    """The Ladder's rule for any score where higher is better, such as a negated error.

    Parameters
    ----------
    scores : ndarray of shape (submissions,)
    margin : float
        In the unit of the scores, more than 0.
    start : float
        Score shown before there is a leader; by default the first submission always leads.

    Returns
    -------
    Board

    Raises
    ------
    ValueError
        If the margin is not positive, or a score is not finite.
    """
    scores = np.asarray(scores, dtype=np.float64)
    if not margin > 0:
        raise ValueError(f"margin={margin!r}, expected a positive number")
    if scores.ndim != 1 or not np.isfinite(scores).all():
        raise ValueError(f"scores={scores!r}, expected finite numbers of shape (submissions,)")
    shown, leader = np.empty(len(scores)), np.empty(len(scores), dtype=np.int64)
    best, who = start, -1
    for turn, score in enumerate(scores):
        if score > best + margin + 1e-12:  # 0.95 is not more than 0.90 + 0.05
            best, who = round(score / margin) * margin, turn
        shown[turn], leader[turn] = best, who
    return Board(shown, leader)


def parameter_free_ladder(right: NDArray[np.bool_]) -> Board:
    """The Ladder with a margin of one standard error of the difference from the current leader.

    The error comes from the images on which the two disagree, as in a paired t test, and the score
    itself is published: the parameter-free form of Blum and Hardt (2015).

    Parameters
    ----------
    right : boolean ndarray of shape (submissions, images)

    Returns
    -------
    Board
    """
    right = _check(right)
    images = right.shape[1]
    shown = np.empty(len(right))
    leader = np.empty(len(right), dtype=np.int64)
    best, who = 0.0, -1
    lead = np.zeros(images)
    for turn, row in enumerate(right.astype(float)):
        score = row.mean()
        error = (row - lead).std(ddof=1) / math.sqrt(images) if images > 1 else 0.0
        if score > best + error + 1e-12:
            best, who, lead = score, turn, row
        shown[turn], leader[turn] = best, who
    return Board(shown, leader)


BOARDS: dict[str, Callable[[NDArray[np.bool_]], Board]] = {
    "plain": plain,
    "ladder": lambda right: ladder(right, 0.05),
    "free": parameter_free_ladder,
}


def show_on(board: str, right: NDArray[np.bool_]) -> Board:
    """One of the boards of the chapter: plain, ladder (margin 5 points), or free.

    Raises
    ------
    ValueError
        For any other name.
    """
    if board not in BOARDS:
        raise ValueError(f"board={board!r}, expected one of {', '.join(map(repr, BOARDS))}")
    return BOARDS[board](right)
