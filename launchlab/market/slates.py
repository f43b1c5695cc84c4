"""From scores to slates: ranking, blending objectives, and placing the ads that won."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from launchlab.market import checks

from .ads import AdPolicy, run_auction
from .sessions import Sessions

SLATE_LENGTH = 8
_SMALL = np.float32(1e-6)


@dataclass(frozen=True, eq=False)
class Scores:
    """What a ranker says about n sessions of c candidates.

    Parameters
    ----------
    order : ndarray of float32, shape (n, c)
        Predicted probability of an order if shown in first place.
    click : ndarray of float32, shape (n, c)
        Predicted probability of a click if shown in first place.
    rank_by : ndarray of float32, shape (n, c), optional
        Score that ranks the organic places, on any scale; ``order`` if not given.

    Raises
    ------
    ValueError
        If shapes differ, a value is NaN, or a probability is outside [0, 1].
    """

    order: NDArray[np.float32]
    click: NDArray[np.float32]
    rank_by: NDArray[np.float32] | None = None

    def __post_init__(self) -> None:
        shape = np.shape(self.order)
        if len(shape) != 2:
            raise ValueError(f"order has shape {shape}: expected (n_sessions, n_candidates)")
        checks.array("order", self.order, shape, low=0.0, high=1.0)
        checks.array("click", self.click, shape, low=0.0, high=1.0)
        if self.rank_by is not None:
            checks.array("rank_by", self.rank_by, shape)

    def __getitem__(self, rows: slice | NDArray[Any]) -> Scores:
        """Scores of the given sessions."""
        rank_by = None if self.rank_by is None else self.rank_by[rows]
        return Scores(self.order[rows], self.click[rows], rank_by)


def blend(scores: Scores, click_weight: float) -> Scores:
    """Rank by a blend of two objectives: (1 - b) log p_order + b log p_click.

    Parameters
    ----------
    scores : Scores
    click_weight : float
        b, from 0 (orders only) to 1 (clicks only).

    Returns
    -------
    Scores
        The same probabilities with a different ``rank_by``.

    Raises
    ------
    ValueError
        If ``click_weight`` is NaN or outside [0, 1].
    """
    b = np.float32(checks.within("click_weight", click_weight, 0.0, 1.0))
    rank_by = (1 - b) * np.log(np.maximum(scores.order, _SMALL))
    rank_by += b * np.log(np.maximum(scores.click, _SMALL))
    return replace(scores, rank_by=rank_by)


@dataclass(frozen=True, eq=False)
class Slates:
    """What n sessions are shown: k restaurants each, best place first.

    Attributes
    ----------
    candidate : ndarray of intp, shape (n, k)
        Columns of the session's candidates.
    sponsored : ndarray of bool, shape (n, k)
        Places labelled and charged as ads.
    price : ndarray of float32, shape (n, k)
        Price of a click, $; 0 where not sponsored.
    """

    candidate: NDArray[np.intp]
    sponsored: NDArray[np.bool_]
    price: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.candidate)

    def __getitem__(self, rows: slice | NDArray[Any]) -> Slates:
        """Slates of the given sessions."""
        return Slates(**{f.name: getattr(self, f.name)[rows] for f in fields(self)})


def top_slate(score: NDArray[np.floating[Any]], length: int = SLATE_LENGTH) -> NDArray[np.intp]:
    """Columns of the ``length`` best scores of each row, best first.

    Ties go to the earlier column. Candidates are in random order, so this is a fair draw, and the
    same on every machine.

    Parameters
    ----------
    score : ndarray of float, shape (n, c)
        Without NaN; minus infinity means "show only if nothing else is left".
    length : int, default 8
        At most c.

    Returns
    -------
    ndarray of intp, shape (n, length)

    Raises
    ------
    ValueError
        If the slate is longer than the list of candidates, or a score is NaN.
    """
    score = np.asarray(score)
    if score.ndim != 2:
        raise ValueError(f"score has shape {score.shape}: expected (n_sessions, n_candidates)")
    if not 1 <= checks.whole("length", length, low=1) <= score.shape[1]:
        raise ValueError(
            f"length={length}: expected at most the number of candidates, {score.shape[1]}"
        )
    if np.isnan(score).any():
        raise ValueError("score holds NaN: expected numbers")
    return np.argsort(-score, axis=1, kind="stable")[:, :length]


def organic_slates(candidate: NDArray[np.integer[Any]]) -> Slates:
    """Slates without ads from columns of candidates, shape (n, k)."""
    columns = np.asarray(candidate).astype(np.intp)
    if columns.ndim != 2:
        raise ValueError(f"candidate has shape {columns.shape}: expected (n_sessions, slots)")
    return Slates(
        columns,
        np.zeros(columns.shape, dtype=bool),
        np.zeros(columns.shape, dtype=np.float32),
    )


def build_slates(
    sessions: Sessions,
    scores: Scores,
    ads: AdPolicy | None = None,
    *,
    bids: NDArray[np.floating[Any]] | None = None,
    length: int = SLATE_LENGTH,
) -> Slates:
    """Rank the candidates, run the ad auction, and place its winners.

    Parameters
    ----------
    sessions : Sessions
        n sessions of c candidates.
    scores : Scores
        Of the same shape.
    ads : AdPolicy, optional
        The default policy if not given. ``AdPolicy(slots=0)`` shows no ads.
    bids : ndarray of float, shape (n_r,), optional
        Bids per click, $; the world's if not given.
    length : int, default 8
        Places in a slate.

    Returns
    -------
    Slates

    Raises
    ------
    ValueError
        If shapes do not fit, or the slate is longer than the list of candidates.

    Notes
    -----
    Ads compete in dollars: a winner takes the place it would have in a ranking by
    order value x p_order + weight x ad value (the latter for winners only). If that is beyond the
    slate, it is not shown as an ad and pays nothing; if it would have stood in the slate anyway, it
    pays too, as in real marketplaces. The other places are filled in the order of ``rank_by``.
    The objective of the organic ranking therefore moves no ad, and a dial on it changes nothing
    else.
    """
    ads = ads or AdPolicy()
    if scores.order.shape != sessions.shape:
        raise ValueError(
            f"scores have shape {scores.order.shape}: expected that of the sessions,"
            f" {sessions.shape}"
        )
    dollars = np.float32(ads.order_value) * np.maximum(scores.order, _SMALL)
    rank_by = dollars if scores.rank_by is None else scores.rank_by
    if ads.slots == 0:
        return organic_slates(top_slate(rank_by, length))

    auction = run_auction(sessions, scores.click, ads, bids)
    worth = np.take_along_axis(dollars, auction.candidate, axis=1)
    worth += np.float32(ads.weight) * auction.value  # 0 where nobody won
    lifted = dollars.copy()
    np.put_along_axis(lifted, auction.candidate, worth, axis=1)
    price = np.full(sessions.shape, -1.0, dtype=np.float32)
    charged = np.where(auction.won, auction.price, np.float32(-1.0))
    np.put_along_axis(price, auction.candidate, charged, axis=1)

    candidate = top_slate(lifted, length)
    shown = np.take_along_axis(price, candidate, axis=1)
    sponsored = shown >= 0
    if scores.rank_by is not None:
        candidate = np.where(sponsored, candidate, _organic(rank_by, candidate, sponsored))
    return Slates(candidate, sponsored, np.maximum(shown, np.float32(0.0)))


def _organic(
    rank_by: NDArray[np.float32], candidate: NDArray[np.intp], sponsored: NDArray[np.bool_]
) -> NDArray[np.intp]:
    """The best candidates that are not ads, in order, at the places that are not ads."""
    taken = np.zeros(rank_by.shape, dtype=bool)
    np.put_along_axis(taken, candidate, sponsored, axis=1)
    best = top_slate(np.where(taken, -np.inf, rank_by), candidate.shape[1])
    turn = np.cumsum(~sponsored, axis=1) - 1
    return np.take_along_axis(best, np.maximum(turn, 0), axis=1)
