"""A/B tests: how many sessions they need, and why the sessions of one user are not independent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm

from launchlab.market import (
    Couplings,
    draw_sessions,
    expected_outcomes,
    make_logs,
    make_ranker,
    make_world,
    organic_slates,
    top_slate,
)

Numbers = NDArray[np.integer[Any]] | NDArray[np.floating[Any]]


def sessions_per_arm(base: float, lift: float, *, alpha: float = 0.05, power: float = 0.8) -> float:
    """Independent sessions that each arm needs to detect a relative lift of an order rate.

    Parameters
    ----------
    base : float
        Share of sessions that order in the control arm.
    lift : float
        Relative change to detect, for example 0.015. Not 0.
    alpha : float, default 0.05
        Chance of detecting a difference if there is none (two-sided).
    power : float, default 0.8
        Chance of detecting the lift.

    Returns
    -------
    float

    Raises
    ------
    ValueError
        If a rate, alpha or power is not between 0 and 1, or the lift is 0.

    Notes
    -----
    (z_alpha/2 + z_power)^2 (p1 (1 - p1) + p2 (1 - p2)) / (p2 - p1)^2: two proportions, normal
    approximation, no pooling.
    """
    changed = base * (1 + lift)
    for name, value in (("base", base), ("base x (1 + lift)", changed), ("alpha", alpha)):
        if not 0 < value < 1:
            raise ValueError(f"{name}={value!r}: expected a number between 0 and 1")
    if not alpha < power < 1:
        raise ValueError(f"power={power!r}: expected a number between alpha={alpha} and 1")
    if lift == 0:
        raise ValueError("lift=0: no number of sessions finds no difference")
    z = norm.ppf(1 - alpha / 2) + norm.ppf(power)
    spread = base * (1 - base) + changed * (1 - changed)
    return float(z**2 * spread / (changed - base) ** 2)


def design_effect(sessions_per_user: float, correlation: float) -> float:
    """Factor by which the variance grows when each user brings m sessions: 1 + (m - 1) rho.

    Parameters
    ----------
    sessions_per_user : float
        m, the same for all users, at least 1.
    correlation : float
        Intraclass correlation of the outcomes of one user's sessions.
    """
    if not sessions_per_user >= 1:
        raise ValueError(f"sessions_per_user={sessions_per_user!r}: expected at least 1")
    return 1 + (sessions_per_user - 1) * correlation


@dataclass(frozen=True)
class Lift:
    """Relative lift of arm B over arm A, as a share, with its standard error."""

    value: float
    error: float

    def interval(self, level: float = 0.95) -> tuple[float, float]:
        """Normal interval of the given level."""
        half = float(norm.ppf((1 + level) / 2)) * self.error
        return self.value - half, self.value + half


def compare_arms(
    orders_a: Numbers,
    sessions_a: Numbers,
    orders_b: Numbers,
    sessions_b: Numbers,
    *,
    by_user: bool = True,
) -> Lift:
    """Relative lift of orders per session, from each user's totals.

    Parameters
    ----------
    orders_a, sessions_a, orders_b, sessions_b : ndarray, shape (users of the arm,)
        Orders and sessions of each user.
    by_user : bool, default True
        Whether users rather than sessions count as independent. False is the common mistake.

    Returns
    -------
    Lift

    Raises
    ------
    ValueError
        If shapes differ, a user has no session or more orders than sessions, or arm A has no
        orders.

    Notes
    -----
    Orders per session is a ratio of two sums over users. By the delta method, its variance comes
    from the users' residuals, orders - rate x sessions.
    """
    rates, variances = [], []
    for name, orders, sessions in (("a", orders_a, sessions_a), ("b", orders_b, sessions_b)):
        y, m = np.asarray(orders, dtype=np.float64), np.asarray(sessions, dtype=np.float64)
        if y.shape != m.shape or y.ndim != 1 or y.size < 2:
            raise ValueError(
                f"arm {name}: expected orders and sessions of the same 2 or more users"
            )
        if (m <= 0).any() or (y > m).any() or (y < 0).any():
            raise ValueError(f"arm {name}: expected 0 <= orders <= sessions and sessions > 0")
        rate = y.sum() / m.sum()
        if by_user:
            variance = len(y) / (len(y) - 1) * ((y - rate * m) ** 2).sum() / m.sum() ** 2
        else:
            variance = rate * (1 - rate) / m.sum()
        rates.append(rate)
        variances.append(variance)
    if rates[0] == 0:
        raise ValueError("arm a has no orders: a relative lift needs some")
    ratio = rates[1] / rates[0]
    error = np.sqrt(variances[1] + ratio**2 * variances[0]) / rates[0]
    return Lift(float(ratio - 1), float(error))


@dataclass(frozen=True, eq=False)
class Users:
    """How likely each of a town's customers is to order when they open the app.

    Attributes
    ----------
    rate : ndarray of float64, shape (n_u,)
        Probability of an order in a session.
    correlation : float
        Intraclass correlation of the outcomes (0 or 1) of one customer's sessions.
    """

    rate: NDArray[np.float64]
    correlation: float

    @property
    def mean(self) -> float:
        """Mean probability of an order."""
        return float(self.rate.mean())


def make_users(seed: int, *, ranker: str = "logistic", couplings: Couplings | None = None) -> Users:
    """Customers of a world under a ranking, each with a probability of ordering.

    Parameters
    ----------
    seed : int
        The world's seed.
    ranker : str, default "logistic"
        Ranker that is trained on the world's logs; there are no ads.
    couplings : Couplings, optional

    Returns
    -------
    Users

    Notes
    -----
    A customer's rate is the mean of the closed-form probability over some 20 sessions, shrunk
    towards the overall mean so that the rates vary as much as customers do (one-way analysis of
    variance).
    """
    world = make_world(seed, couplings)
    model = make_ranker(ranker).fit(make_logs(world))
    sessions = draw_sessions(world, 80_000, seed=3)
    slates = organic_slates(top_slate(model.score(sessions).order))
    chance = expected_outcomes(sessions, slates).measure("orders")
    _, who, count = np.unique(sessions.customer, return_inverse=True, return_counts=True)
    rate = np.bincount(who, chance) / count
    within = ((chance - rate[who]) ** 2).sum() / (len(chance) - len(count))
    between = max(float(rate.var() - within * (1 / count).mean()), 0.0)
    mean = rate.mean()
    drawn_in = mean + (rate - mean) * np.sqrt(between / rate.var())
    return Users(np.clip(drawn_in, 0.0, 1.0), between / (mean * (1 - mean)))


@dataclass(frozen=True, eq=False)
class SimulatedTests:
    """Simulated A/B tests.

    Attributes
    ----------
    lift : ndarray of float64, shape (n_tests,)
        Measured relative lift.
    error_by_session, error_by_user : ndarray of float64, shape (n_tests,)
        Standard error of the lift if sessions count as independent, and if users do.
    """

    lift: NDArray[np.float64]
    error_by_session: NDArray[np.float64]
    error_by_user: NDArray[np.float64]


def simulate_tests(
    users: Users,
    users_per_arm: int,
    sessions_per_user: int,
    lift: float,
    *,
    n_tests: int = 100,
    seed: int = 0,
) -> SimulatedTests:
    """Simulate A/B tests in which every user brings the same number of sessions.

    Parameters
    ----------
    users : Users
        Users from whom each arm is drawn, with replacement.
    users_per_arm, sessions_per_user : int
        At least 2 and 1.
    lift : float
        True relative effect of the new policy on every user's probability of ordering.
    n_tests : int, default 100
    seed : int, default 0

    Returns
    -------
    SimulatedTests

    Raises
    ------
    ValueError
        If a number is out of range.
    """
    if users_per_arm < 2 or sessions_per_user < 1 or n_tests < 1 or lift < -1:
        raise ValueError(
            f"users_per_arm={users_per_arm}, sessions_per_user={sessions_per_user}, "
            f"n_tests={n_tests}, lift={lift}: expected at least 2, 1, 1 and -1"
        )
    rng = np.random.default_rng([seed, 8])
    m, n = sessions_per_user, users_per_arm
    mean, by_user, by_session = np.empty((3, 2, n_tests))
    for arm, factor in enumerate((1.0, 1.0 + lift)):
        rate = np.minimum(users.rate * factor, 1.0)
        for test in range(n_tests):
            share = rng.binomial(m, rate[rng.integers(0, len(rate), n)]) / m
            mean[arm, test] = share.mean()
            by_user[arm, test] = share.var(ddof=1) / n
        by_session[arm] = mean[arm] * (1 - mean[arm]) / (n * m)
    ratio = mean[1] / mean[0]
    errors = [np.sqrt(v[1] + ratio**2 * v[0]) / mean[0] for v in (by_session, by_user)]
    return SimulatedTests(ratio - 1, errors[0], errors[1])
