"""What waiting, and a team, are worth: cost of delay, risk averted, net present value.

Sums that fit on a page, with a twin in ``money.js`` for the book's labs. Nothing here is measured:
wages, severance, and the chance and cost of a breach are assumed, and can be set as fields.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from launchlab.market import checks
from launchlab.market.drift import changed_share

#: JavaScript twin of `Freeze` and `Team` for experiments in rule form.
MONEY_JAVASCRIPT = files("launchlab.stakeholders").joinpath("money.js").read_text(encoding="utf-8")

WEEKS_A_YEAR = 52
NEVER = 1e12
"""Means "at no size of business": more sessions a week than all people on earth could open."""


@dataclass(frozen=True)
class Freeze:
    """A hold on releases, so that a security fix is rolled out sooner. Every number is assumed.

    Parameters
    ----------
    weeks : float, default 4
        How long releases wait.
    late_weeks : float, default 8
        How much later the fix would come without the hold.
    weekly_chance : float, default 0.002
        Chance of a breach during one week without the fix, 0 to 1.
    breach_loss : float, default 2,000,000
        Cost of a breach, $.

    Raises
    ------
    ValueError
        If a number is out of range.
    """

    weeks: float = 4.0
    late_weeks: float = 8.0
    weekly_chance: float = 0.002
    breach_loss: float = 2e6

    def __post_init__(self) -> None:
        checks.within("weeks", self.weeks, 0.0, 1e4)
        checks.within("late_weeks", self.late_weeks, 1e-9, 1e4)
        checks.within("weekly_chance", self.weekly_chance, 0.0, 1.0)
        checks.within("breach_loss", self.breach_loss, 1e-9, 1e15)

    def cost_of_delay(self, sessions_per_week: ArrayLike, gain: float) -> NDArray[np.float64]:
        """Margin lost because an improvement is postponed, $.

        Parameters
        ----------
        sessions_per_week : array_like of float
        gain : float
            Margin that the improvement adds, $ per session; may be negative.
        """
        return self.weeks * np.asarray(sessions_per_week, dtype=float) * gain

    @property
    def risk_averted(self) -> float:
        """Expected loss that the earlier fix avoids, $: 1 - (1 - chance)**late_weeks, x loss."""
        return self.breach_loss * happened(self.weekly_chance, self.late_weeks)

    def break_even_chance(self, sessions_per_week: float, gain: float) -> float:
        """Weekly chance of a breach at which risk averted and cost of delay are equal.

        It is 0 if waiting costs nothing, and 1 if even a certain breach would cost less than
        waiting.
        """
        cost = float(self.cost_of_delay(sessions_per_week, gain))
        if cost <= 0:
            return 0.0
        if cost >= self.breach_loss:
            return 1.0
        return float(-np.expm1(np.log1p(-cost / self.breach_loss) / self.late_weeks))

    def break_even_sessions(self, gain: float) -> float:
        """Size of business, sessions a week, above which waiting costs more than it averts."""
        weekly = self.weeks * gain
        return min(NEVER, self.risk_averted / weekly) if weekly > 0 else NEVER


def happened(chance: float, weeks: float) -> float:
    """Chance that an event with a weekly chance has happened at least once after some weeks.

    Raises
    ------
    ValueError
        If the chance is not in [0, 1], or weeks are negative.
    """
    return 1.0 if chance == 1.0 else changed_share(chance, weeks)


def discount(weeks: int, rate: float) -> NDArray[np.float64]:
    """Today's value of 1 $ at the end of each week, shape (weeks,).

    Parameters
    ----------
    weeks : int
        At least 1.
    rate : float
        Yearly interest, 0 to 10 (0.1 is 10 %).

    Raises
    ------
    ValueError
        If a number is out of range.
    """
    weeks = checks.whole("weeks", weeks, low=1)
    rate = checks.within("rate", rate, 0.0, 10.0)
    factors: NDArray[np.float64] = (1.0 + rate) ** (-np.arange(1, weeks + 1) / WEEKS_A_YEAR)
    return factors


@dataclass(frozen=True)
class Line:
    """A value that is linear in the size of the business.

    Parameters
    ----------
    fixed : float
        Value at no sessions, $.
    per_session : float
        Value added by each session a week, $.
    """

    fixed: float
    per_session: float

    def at(self, sessions_per_week: ArrayLike) -> NDArray[np.float64]:
        """Value at a given number of sessions a week, $."""
        return self.fixed + self.per_session * np.asarray(sessions_per_week, dtype=float)

    def above(self, other: Line) -> float:
        """Size of business up to which this line lies above a less steeply falling one.

        It is 0 if this line never lies above the other, and ``NEVER`` if it always does.
        """
        ahead, faster = self.fixed - other.fixed, other.per_session - self.per_session
        if ahead <= 0:
            return 0.0
        return min(NEVER, ahead / faster) if faster > 0 else NEVER


@dataclass(frozen=True)
class Team:
    """The people who keep a model fresh, and what losing them costs. Every number is assumed.

    Parameters
    ----------
    people : float, default 3
        Size of the team, which retrains the model every week.
    loaded_wage : float, default 180,000
        Yearly cost of one person, with taxes, insurance, desk and computer, $.
    severance_weeks : float, default 12
        Weeks of loaded wage paid at once to each person who leaves.
    maintainers : float, default 1
        How many people stay if retraining is automated.
    automation_cost : float, default 60,000
        One-off cost of automating it, $.
    retrain_weeks : int, default 4
        Weeks between automatic retrainings.
    new_gain : float, default 0
        Share of margin that the team adds in a year by new work, evenly over the year (0.02 is
        2 %). Neither a frozen model nor a maintainer adds any.
    discount_rate : float, default 0.1
        Yearly interest by which later money is discounted.
    horizon : int, default 52
        Number of weeks counted.

    Raises
    ------
    ValueError
        If a number is out of range.
    """

    people: float = 3.0
    loaded_wage: float = 180_000.0
    severance_weeks: float = 12.0
    maintainers: float = 1.0
    automation_cost: float = 60_000.0
    retrain_weeks: int = 4
    new_gain: float = 0.0
    discount_rate: float = 0.1
    horizon: int = 52

    def __post_init__(self) -> None:
        checks.within("people", self.people, 0.0, 1e6)
        checks.within("loaded_wage", self.loaded_wage, 0.0, 1e9)
        checks.within("severance_weeks", self.severance_weeks, 0.0, 520.0)
        checks.within("maintainers", self.maintainers, 0.0, self.people)
        checks.within("automation_cost", self.automation_cost, 0.0, 1e12)
        checks.whole("retrain_weeks", self.retrain_weeks, low=1)
        checks.within("new_gain", self.new_gain, 0.0, 10.0)
        discount(self.horizon, self.discount_rate)

    @property
    def _factors(self) -> NDArray[np.float64]:
        return discount(self.horizon, self.discount_rate)

    @property
    def wages(self) -> float:
        """Wages of everyone over the weeks counted, present value in $."""
        return float(self.people * self.loaded_wage / WEEKS_A_YEAR * self._factors.sum())

    def saved(self, leaving: float) -> float:
        """Wages saved on those who leave, less severance, present value in $."""
        weekly = self.loaded_wage / WEEKS_A_YEAR
        return float(leaving * weekly * (self._factors.sum() - self.severance_weeks))

    def let_go(self, lost: LostMargin, rate: float) -> Line:
        """Net present value of letting everyone go, compared with keeping them.

        Parameters
        ----------
        lost : LostMargin
            Margin that an old model loses.
        rate : float
            Share of the world that changes in a week.
        """
        ages = np.arange(1, self.horizon + 1)
        return Line(self.saved(self.people), -self._lost(lost, rate, ages))

    def automate(self, lost: LostMargin, rate: float) -> Line:
        """Net present value of automatic retraining by the maintainers, compared with keeping all.

        Parameters
        ----------
        lost, rate
            As in `let_go`.
        """
        ages = np.arange(self.horizon) % self.retrain_weeks
        fixed = self.saved(self.people - self.maintainers) - self.automation_cost
        return Line(fixed, -self._lost(lost, rate, ages))

    def _lost(self, lost: LostMargin, rate: float, ages: NDArray[np.integer[Any]]) -> float:
        """Present value of the margin lost, $ for each session a week."""
        stale = np.array([lost.at(changed_share(rate, float(age))) for age in ages])
        years = np.arange(1, self.horizon + 1) / WEEKS_A_YEAR
        return float(self._factors @ (stale + self.new_gain * lost.margin * years))


@dataclass(frozen=True, eq=False)
class LostMargin:
    """Margin that an old model loses, by how much of the world has changed since its training.

    Parameters
    ----------
    share : array_like of float, shape (k,)
        Shares changed, increasing from 0 to 1.
    dollars : array_like of float, shape (k,)
        Margin lost, $ per session, interpolated linearly. Negative where an old model does better.
    margin : float, default 0
        Margin with a fresh model, $ per session.

    Raises
    ------
    ValueError
        If shapes differ, or shares do not increase from 0 to 1.
    """

    share: ArrayLike
    dollars: ArrayLike
    margin: float = 0.0

    def __post_init__(self) -> None:
        share = np.asarray(self.share, dtype=float)
        if share.ndim != 1 or len(share) < 2 or share[0] != 0 or share[-1] != 1:
            raise ValueError(f"share={self.share!r}: expected at least two, from 0 to 1")
        if not (np.diff(share) > 0).all():
            raise ValueError(f"share={self.share!r}: expected increasing shares")
        checks.array("dollars", self.dollars, share.shape)
        checks.within("margin", self.margin, -1e9, 1e9)

    def at(self, share: float) -> float:
        """Margin lost at a share, $ per session."""
        checks.within("share", share, 0.0, 1.0)
        known = np.asarray(self.share, dtype=float), np.asarray(self.dollars, dtype=float)
        return float(np.interp(share, known[0], known[1]))
