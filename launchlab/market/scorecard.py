"""The scorecard of a policy: each stakeholder's figures, and sanity checks on the policy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from launchlab.market import checks

from .outcomes import MEASURES, Outcomes
from .world import Couplings

WEEKS = 26

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
class Tally:
    """Sums over sessions: all that a scorecard needs, in memory independent of their number.

    Parameters
    ----------
    n : int
        Sessions.
    sums : ndarray of float64, shape (m,)
        Of each of ``MEASURES``.
    products : ndarray of float64, shape (m, m)
        Sums of products of two measures.
    exposure : ndarray of float64, shape (r,)
        Of each restaurant.
    """

    n: int
    sums: NDArray[np.float64]
    products: NDArray[np.float64]
    exposure: NDArray[np.float64]

    @classmethod
    def of(cls, outcomes: Outcomes) -> Tally:
        """Tally outcomes."""
        t = outcomes.totals
        return cls(len(t), t.sum(axis=0), t.T @ t, outcomes.exposure)

    def __add__(self, other: Tally) -> Tally:
        return Tally(
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
    return card_of(Tally.of(outcomes), couplings)


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


def card_of(tally: Tally, couplings: Couplings) -> Scorecard:
    """Make a scorecard of what was tallied.

    Raises
    ------
    ValueError
        If no session was tallied.
    """
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
