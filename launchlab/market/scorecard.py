"""The scorecard of a policy: each stakeholder's figures, and sanity checks on the policy."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from launchlab.market import checks

from .ads import AdPolicy, adjust_bids
from .outcomes import MEASURES, Outcomes, expected_outcomes
from .sessions import Sessions
from .slates import SLATE_LENGTH, Scores, build_slates
from .world import Couplings, World

WEEKS = 26
SETTLING_SESSIONS = 4_000
"""Sessions over which advertisers see their cost per order before they adjust their bids."""

BLOCK = 4_000

SANITY_BANDS: dict[str, tuple[float, float]] = {
    "ad_per_order": (0.2, 1.5),
    "ads_percent_of_basket": (1.0, 8.0),
    "margin_per_order": (1.0, 6.0),
    "percent_ordering": (15.0, 45.0),
}
"""Bands in which a believable delivery marketplace lies, by sanity row.

Ads per order in $; ads as % of basket value; margin per order in $ (commission and ads, less
courier net of fee, before support, payment and staff); % of sessions that order. The bands are
judgement, not measurement, and they are for a policy in earnest: one without a model, or with all
the weight on ads, may leave them. For orientation: Uber's ads were about 1 % of its delivery
bookings in mid-2023 (Madison and Wall, 2023, from Uber's figures). Commissions are 13 to 32 % of
the basket in this world, and ads must stay well under them.
"""


@dataclass(frozen=True)
class Scorecard:
    """Outcomes of one policy, per 1,000 sessions unless stated otherwise.

    Attributes
    ----------
    n_sessions : int
        Number of sessions that the policy was measured on.
    orders, clicks : float
        Per 1,000 sessions.
    ad_revenue, margin, gmv : float
        $ per 1,000 sessions. Margin includes ad revenue; gmv is the value of the baskets.
    exposure_gini : float
        Inequality of the attention given to the world's restaurants: 0 if equal, 1 if one has all.
    retention : float
        Probability that a customer is back next week.
    life_value : float
        Margin over 26 weeks, $ per 1,000 customers who open the app once in each week they are
        still there.
    standard_error : dict of str to float
        For orders, clicks, ad_revenue, margin, gmv and life_value, in their units: the noise from
        which sessions were drawn, as if each had a different customer. The difference between two
        policies on the same sessions is far less noisy: see :func:`relative_change`.
    """

    n_sessions: int
    orders: float
    clicks: float
    ad_revenue: float
    margin: float
    gmv: float
    exposure_gini: float
    retention: float
    life_value: float
    standard_error: dict[str, float]

    @property
    def sanity(self) -> dict[str, float]:
        """Figures that must look like a real marketplace's; their bands are ``SANITY_BANDS``."""
        return {
            "ad_per_order": _ratio(self.ad_revenue, self.orders),
            "ads_percent_of_basket": 100.0 * _ratio(self.ad_revenue, self.gmv),
            "margin_per_order": _ratio(self.margin, self.orders),
            "percent_ordering": self.orders / 10.0,
        }

    @property
    def out_of_band(self) -> list[str]:
        """Names of the sanity rows outside their bands; empty if the policy is believable."""
        rows = self.sanity
        return [n for n, (low, high) in SANITY_BANDS.items() if not low <= rows[n] <= high]

    def rows(self) -> dict[str, float]:
        """All figures, sanity rows last, as one flat dict: a row of a table."""
        return {**{n: getattr(self, n) for n in _FIGURES}, **self.sanity}


_FIGURES = (
    "orders",
    "clicks",
    "ad_revenue",
    "margin",
    "gmv",
    "exposure_gini",
    "retention",
    "life_value",
)


@dataclass(frozen=True, eq=False)
class _Tally:
    """Sums over sessions: all that a scorecard needs, in memory independent of their number."""

    n: int
    sums: NDArray[np.float64]
    products: NDArray[np.float64]
    exposure: NDArray[np.float64]

    @classmethod
    def of(cls, outcomes: Outcomes) -> _Tally:
        t = outcomes.totals
        return cls(len(t), t.sum(axis=0), t.T @ t, outcomes.exposure)

    def __add__(self, other: _Tally) -> _Tally:
        return _Tally(
            self.n + other.n,
            self.sums + other.sums,
            self.products + other.products,
            self.exposure + other.exposure,
        )


def retention(experience: float, couplings: Couplings) -> float:
    """Probability of coming back next week: sigmoid(3 + slope x (experience - 0.45)).

    ``experience`` is the mean value experienced per session (those without an order count as 0).
    The curve is assumed, not based on any experiment.
    """
    return float(1.0 / (1.0 + np.exp(-(3.0 + couplings.retention_slope * (experience - 0.45)))))


def weeks_stayed(retention: float, weeks: int = WEEKS) -> float:
    """Expected weeks that a customer stays, including the first: 1 + r + ... + r^(weeks - 1)."""
    checks.within("retention", retention, 0.0, 1.0)
    checks.whole("weeks", weeks, low=1)
    return float(np.sum(retention ** np.arange(weeks)))


def gini(amounts: NDArray[np.floating[Any]]) -> float:
    """Gini coefficient of non-negative amounts, shape (n,).

    It is 0 if all amounts are equal, and (n - 1) / n if one holds everything.

    Raises
    ------
    ValueError
        If there are no amounts, or one is negative or NaN, or all are 0.
    """
    amounts = np.asarray(amounts, dtype=np.float64)
    if amounts.ndim != 1 or not amounts.size:
        raise ValueError(f"amounts has shape {amounts.shape}: expected (n,) with n at least 1")
    checks.array("amounts", amounts, amounts.shape, low=0.0)
    total = amounts.sum()
    if total == 0:
        raise ValueError("amounts are all 0: expected at least one positive")
    n = len(amounts)
    rank = np.arange(1, n + 1)
    return float((2 * rank - n - 1) @ np.sort(amounts) / (n * total))


def make_scorecard(outcomes: Outcomes, couplings: Couplings) -> Scorecard:
    """Scorecard of expected or sampled outcomes.

    Parameters
    ----------
    outcomes : Outcomes
        Of at least one session.
    couplings : Couplings
        The world's: they hold the retention slope.

    Returns
    -------
    Scorecard

    Raises
    ------
    ValueError
        If there are no sessions.
    """
    return _card(_Tally.of(outcomes), couplings)


def relative_change(
    base: Outcomes,
    new: Outcomes,
    measure: str,
    *,
    clusters: NDArray[np.integer[Any]] | None = None,
) -> tuple[float, float]:
    """Relative change of a measure between two policies on the *same* sessions, in percent.

    Parameters
    ----------
    base, new : Outcomes
        Of the same n sessions.
    measure : str
        One of ``MEASURES``.
    clusters : ndarray of int, shape (n,), optional
        Groups whose members are not independent, for instance ``sessions.customer``.

    Returns
    -------
    change, standard_error : float
        In percent. The error is that from which sessions (or which groups) were drawn, by the delta
        method on the ratio of two means, which keeps the pairing.

    Raises
    ------
    ValueError
        If the numbers of sessions differ, the measure is unknown, or its total in ``base`` is 0.
    """
    a, b = base.measure(measure), new.measure(measure)
    if len(a) != len(b) or not len(a):
        raise ValueError(f"base has {len(a)} sessions, new {len(b)}: expected the same sessions")
    mean = a.mean()
    if mean == 0:
        raise ValueError(f"base {measure} is 0: expected a positive mean")
    ratio = b.mean() / mean
    influence = (b - ratio * a) / mean
    if clusters is not None:
        groups = checks.array("clusters", clusters, a.shape)
        influence = np.bincount(np.unique(groups, return_inverse=True)[1], influence)
    error = np.sqrt(np.sum(influence**2)) / len(a)
    return float(100.0 * (ratio - 1.0)), float(100.0 * error)


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
    tally: _Tally | None = None
    world: World | None = None
    for sessions, scores in parts:
        world = sessions.world
        slates = build_slates(sessions, scores, ads, bids=bids, length=length)
        part = _Tally.of(expected_outcomes(sessions, slates, latency_ms))
        tally = part if tally is None else tally + part
    if tally is None or world is None:
        raise ValueError("sessions are empty: expected at least one")
    return _card(tally, world.couplings)


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


def _card(tally: _Tally, couplings: Couplings) -> Scorecard:
    if tally.n == 0:
        raise ValueError("outcomes are empty: expected at least one session")
    mean = tally.sums / tally.n
    covariance = tally.products / tally.n - np.outer(mean, mean)
    error = np.sqrt(np.maximum(np.diag(covariance), 0.0) / tally.n)
    value = dict(zip(MEASURES, mean, strict=True))

    stays = retention(value["experience"], couplings)
    weeks = weeks_stayed(stays)
    # Life value = margin x weeks(experience); its gradient in the two means gives the error.
    later = np.arange(1, WEEKS)
    slope = np.sum(later * stays ** (later - 1)) * couplings.retention_slope * stays * (1 - stays)
    gradient = np.zeros(len(MEASURES))
    gradient[MEASURES.index("margin")] = weeks
    gradient[MEASURES.index("experience")] = value["margin"] * slope
    life_error = np.sqrt(max(float(gradient @ covariance @ gradient), 0.0) / tally.n)

    errors = {n: 1000.0 * float(e) for n, e in zip(MEASURES, error, strict=True)}
    del errors["experience"]
    return Scorecard(
        n_sessions=tally.n,
        orders=1000.0 * float(value["orders"]),
        clicks=1000.0 * float(value["clicks"]),
        ad_revenue=1000.0 * float(value["ad_revenue"]),
        margin=1000.0 * float(value["margin"]),
        gmv=1000.0 * float(value["gmv"]),
        exposure_gini=gini(tally.exposure),
        retention=stays,
        life_value=1000.0 * float(value["margin"]) * weeks,
        standard_error={**errors, "life_value": 1000.0 * float(life_error)},
    )


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole > 0 else float("nan")
