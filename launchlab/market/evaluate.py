"""Evaluate a policy: rank, sell the ads, let customers choose, and tally what comes of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .ads import AdPolicy, adjust_bids
from .outcomes import expected_outcomes
from .scorecard import Scorecard, Tally, card_of
from .sessions import Sessions
from .slates import SLATE_LENGTH, Scores, build_slates
from .world import World

SETTLING_SESSIONS = 4_000
"""Sessions over which advertisers see their cost per order before they adjust their bids."""

BLOCK = 4_000


def settle_bids(
    sessions: Sessions,
    scores: Scores,
    ads: AdPolicy | None = None,
    *,
    length: int = SLATE_LENGTH,
) -> NDArray[np.float32]:
    """Bids after advertisers have seen what an order costs them under a policy.

    One adjustment step (:func:`launchlab.market.ads.adjust_bids`) on the first 4,000 of the
    sessions. Pass the result as ``bids`` wherever two policies share one market, as the arms of an
    A/B test do.

    Parameters
    ----------
    sessions, scores, ads, length
        As in :func:`launchlab.market.slates.build_slates`.

    Returns
    -------
    ndarray of float32, shape (n_r,)
        $ per click.
    """
    first = slice(0, SETTLING_SESSIONS)
    return _settle([(sessions[first], scores[first])], ads, length)


def evaluate(
    sessions: Sessions,
    scores: Scores,
    ads: AdPolicy | None = None,
    *,
    latency_ms: float = 0.0,
    bids: NDArray[np.floating[Any]] | None = None,
    length: int = SLATE_LENGTH,
) -> Scorecard:
    """Rank, sell ads, let advertisers react, and count the expected outcomes.

    Parameters
    ----------
    sessions : Sessions
        n sessions of c candidates.
    scores : Scores
        Of the same shape, from a ranker or :func:`launchlab.market.outcomes.true_scores`.
    ads : AdPolicy, optional
        The default policy if not given.
    latency_ms : float, default 0
        Latency of the policy, ms.
    bids : ndarray of float, shape (n_r,), optional
        Bids per click, $. If not given, those advertisers settle on under *this* policy
        (:func:`settle_bids`); pass ``world.bid`` for advertisers who never react.
    length : int, default 8
        Places in a slate.

    Returns
    -------
    Scorecard

    Raises
    ------
    ValueError
        If shapes do not fit, latency is negative or NaN, there are no sessions, or the slate is
        longer than the list of candidates.
    """
    if scores.order.shape != sessions.shape:
        raise ValueError(
            f"scores have shape {scores.order.shape}: expected that of the sessions,"
            f" {sessions.shape}"
        )
    starts = range(0, len(sessions), BLOCK)
    parts = ((sessions[i : i + BLOCK], scores[i : i + BLOCK]) for i in starts)
    return _evaluate(parts, ads, latency_ms, bids, length)


def evaluate_blocks(
    blocks: Iterable[Sessions],
    score: Callable[[Sessions], Scores],
    ads: AdPolicy | None = None,
    *,
    latency_ms: float = 0.0,
    bids: NDArray[np.floating[Any]] | None = None,
    length: int = SLATE_LENGTH,
) -> Scorecard:
    """:func:`evaluate` for any number of sessions in bounded memory.

    Parameters
    ----------
    blocks : iterable of Sessions
        For instance :func:`launchlab.market.sessions.session_blocks`; all of one world.
    score : callable
        From sessions to their scores: ``ranker.score`` or ``true_scores``.
    ads, latency_ms, bids, length
        As in :func:`evaluate`.

    Returns
    -------
    Scorecard
        The same as that of :func:`evaluate` on all sessions at once.
    """
    return _evaluate(((b, score(b)) for b in blocks), ads, latency_ms, bids, length)


_Part = tuple[Sessions, Scores]


def _evaluate(
    parts: Iterable[_Part],
    ads: AdPolicy | None,
    latency_ms: float,
    bids: NDArray[np.floating[Any]] | None,
    length: int,
) -> Scorecard:
    parts = iter(parts)
    if bids is None:
        head, parts = _first_sessions(parts)
        if not head:
            raise ValueError("sessions are empty: expected at least one")
        bids = _settle(head, ads, length)
    tally: Tally | None = None
    world: World | None = None
    for sessions, scores in parts:
        world = sessions.world
        slates = build_slates(sessions, scores, ads, bids=bids, length=length)
        part = Tally.of(expected_outcomes(sessions, slates, latency_ms))
        tally = part if tally is None else tally + part
    if tally is None or world is None:
        raise ValueError("sessions are empty: expected at least one")
    return card_of(tally, world.couplings)


def _first_sessions(parts: Iterator[_Part]) -> tuple[list[_Part], Iterator[_Part]]:
    """Take parts until they hold the settling sessions; return just these, then all parts again."""
    taken: list[_Part] = []
    head: list[_Part] = []
    missing = SETTLING_SESSIONS
    for sessions, scores in parts:
        taken.append((sessions, scores))
        head.append((sessions[:missing], scores[:missing]))
        missing -= len(sessions)
        if missing <= 0:
            break

    def again() -> Iterator[_Part]:
        yield from taken
        yield from parts

    return head, again()


def _settle(parts: list[_Part], ads: AdPolicy | None, length: int) -> NDArray[np.float32]:
    world = parts[0][0].world
    spend, orders = np.zeros(len(world.price)), np.zeros(len(world.price))
    for sessions, scores in parts:
        outcomes = expected_outcomes(sessions, build_slates(sessions, scores, ads, length=length))
        spend += outcomes.ad_spend
        orders += outcomes.ad_orders
    return adjust_bids(world, spend, orders)
