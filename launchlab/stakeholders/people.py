"""The five who share a model: what each measures, wants, and loses under another's ideal.

A stakeholder reads one column of the menu (:mod:`launchlab.stakeholders.menu`) and wants it high or
low. Everything else follows: the configuration they would ship, their regret under any other, and
how two of them conflict. Adding a sixth stakeholder takes one more declaration.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from launchlab.market import checks
from launchlab.stakeholders.configurations import TODAY, Configuration

WEEKS_A_YEAR = 52
LEVERS = ("model", "shortlist", "margin_weight", "ad_weight")


@dataclass(frozen=True)
class Business:
    """What turns a menu into yearly money. Every number is assumed.

    Parameters
    ----------
    sessions_per_week : float, default 50,000
        Size of the business.
    wage : float, default 180,000
        Full yearly cost of a member of the team, $.
    people : dict of str to float
        How many people it takes to build, watch and retrain each model.
    """

    sessions_per_week: float = 50_000.0
    wage: float = 180_000.0
    people: dict[str, float] = field(
        default_factory=lambda: {
            "popularity": 0.0,
            "logistic": 1.0,
            "hgb50": 2.0,
            "hgb200": 2.0,
            "hgb800_tuned": 2.0,
            "ensemble5": 4.0,
        }
    )

    def __post_init__(self) -> None:
        checks.within("sessions_per_week", self.sessions_per_week, 0.0, 1e12)
        checks.within("wage", self.wage, 0.0, 1e9)
        for model, people in self.people.items():
            checks.within(f"people[{model!r}]", people, 0.0, 1e6)

    def profit(self, menu: pd.DataFrame) -> pd.Series:
        """Margin less the team, M$ a year, for each row of a menu.

        Parameters
        ----------
        menu : DataFrame
            With ``model`` and ``margin`` ($ per 1,000 sessions).

        Raises
        ------
        ValueError
            If ``people`` lacks a model.
        """
        unknown = sorted(set(menu["model"]) - set(self.people))
        if unknown:
            raise ValueError(f"model={unknown[0]!r}: expected one of {sorted(self.people)}")
        thousands = self.sessions_per_week * WEEKS_A_YEAR / 1_000.0
        team = menu["model"].map(self.people).astype(float) * self.wage
        profit: pd.Series = (menu["margin"] * thousands - team) / 1e6
        return profit


@dataclass(frozen=True)
class Stakeholder:
    """A person with a say in which configuration ships.

    Parameters
    ----------
    name : str
        Short name, for code.
    label : str
        What a reader sees.
    wants : str
        The wish, as a sentence.
    measure : str
        Column of the menu that they care about.
    unit : str
        Unit of the measure.
    question : str
        What they ask in a meeting.
    more : bool, default True
        Whether more of the measure is better.

    Raises
    ------
    ValueError
        If a text is empty.
    """

    name: str
    label: str
    wants: str
    measure: str
    unit: str
    question: str
    more: bool = True

    def __post_init__(self) -> None:
        for what in ("name", "label", "wants", "measure", "unit", "question"):
            if not getattr(self, what).strip():
                raise ValueError(f"Stakeholder {what} is empty: expected text")

    def values(self, menu: pd.DataFrame) -> pd.Series:
        """The column that they care about.

        Raises
        ------
        ValueError
            If the menu is empty or lacks the column, or a value is not finite.
        """
        if self.measure not in menu:
            raise ValueError(f"menu has no column {self.measure!r}, which {self.label} measure by")
        if menu.empty:
            raise ValueError("menu is empty: expected at least one configuration")
        values = menu[self.measure].astype(float)
        if not np.isfinite(values).all():
            raise ValueError(f"menu column {self.measure!r} is not finite: expected numbers")
        return values

    def best(self, menu: pd.DataFrame) -> float:
        """The best value on the menu, in their unit."""
        values = self.values(menu)
        return float(values.max() if self.more else values.min())

    def regret(self, menu: pd.DataFrame, best: float | None = None) -> pd.Series:
        """How much worse than their ideal each configuration is, in their unit, at least 0.

        Parameters
        ----------
        menu : DataFrame
        best : float, optional
            Value of their ideal, for a menu that is only part of the full one.
        """
        ideal = self.best(menu) if best is None else best
        lost: pd.Series = ideal - self.values(menu) if self.more else self.values(menu) - ideal
        return lost

    def tied(self, menu: pd.DataFrame) -> pd.DataFrame:
        """All rows that are their ideal: equal to the best, up to rounding."""
        best = self.best(menu)
        return menu[self.regret(menu) <= 1e-9 * max(1.0, abs(best))]

    def ideal(self, menu: pd.DataFrame, today: Configuration = TODAY) -> pd.Series:
        """The row they would ship.

        Of tied rows, it is the one that changes the fewest levers of what runs today (and of those,
        the first on the menu): people who do not care do not ask for a change.
        """
        tied = self.tied(menu)
        changed = sum((tied[lever] != getattr(today, lever)).astype(int) for lever in LEVERS)
        row: pd.Series = tied.loc[changed.idxmin()]
        return row

    def utility(self, menu: pd.DataFrame, today: Configuration = TODAY) -> pd.Series:
        """What each configuration is worth to them: 0 is today's, 1 their ideal, below 0 worse.

        The scale has two fixed points, today's configuration and their ideal, so that adding a
        configuration nobody would choose to the menu changes nothing. If today's configuration
        already is their ideal, there is no such scale; it then counts 1, and losses are shares of
        the ideal.

        Parameters
        ----------
        menu : DataFrame
            Contains today's configuration.
        today : Configuration

        Raises
        ------
        ValueError
            If today's configuration is not on the menu.
        """
        regret = self.regret(menu)
        now = float(regret[row_of(menu, today)])
        scale = now if now > 0 else abs(self.best(menu))
        utility: pd.Series = 1.0 - regret / scale
        return utility


ML = Stakeholder(
    "ml",
    "ML engineers",
    "Show the restaurants this customer will most likely order from.",
    "orders",
    "orders per 1,000 sessions",
    "What did it do to orders?",
)
SALES = Stakeholder(
    "sales",
    "Sales",
    "Show the restaurants that pay most to be shown.",
    "ad_revenue",
    "$ of ads per 1,000 sessions",
    "Where will my advertisers stand?",
)
PRODUCT = Stakeholder(
    "product",
    "Product",
    "Answer before the customer looks away.",
    "p95_ms",
    "ms at p95",
    "How long does the slowest customer in twenty wait?",
    more=False,
)
INFRASTRUCTURE = Stakeholder(
    "infrastructure",
    "Infrastructure",
    "Give us less to patch, and hold the release while we do.",
    "artefacts",
    "artefacts to patch and roll out",
    "How many things will page us at night?",
    more=False,
)
MANAGER = Stakeholder(
    "manager",
    "Manager",
    "Earn more with fewer people.",
    "profit",
    "M$ a year, margin less the team",
    "What is left when everybody is paid?",
)
FIVE = (ML, SALES, PRODUCT, INFRASTRUCTURE, MANAGER)
"""The stakeholders of the course, in the order of its front page."""


def row_of(menu: pd.DataFrame, configuration: Configuration) -> object:
    """Index label of a configuration's row.

    Raises
    ------
    ValueError
        If the configuration is not on the menu, or is there more than once.
    """
    same = np.logical_and.reduce([menu[one] == getattr(configuration, one) for one in LEVERS])
    found = menu.index[same]
    if len(found) != 1:
        raise ValueError(f"{configuration} stands on the menu {len(found)} times: expected once")
    label: object = found[0]
    return label


def ideals(
    menu: pd.DataFrame,
    stakeholders: Sequence[Stakeholder] = FIVE,
    today: Configuration = TODAY,
) -> pd.DataFrame:
    """Each stakeholder's ideal row, indexed by name; ``ties`` counts equally good rows."""
    rows = [one.ideal(menu, today).rename(one.name) for one in stakeholders]
    frame = pd.DataFrame(rows).infer_objects()
    frame["ties"] = [len(one.tied(menu)) for one in stakeholders]
    return frame


def conflict_matrix(
    menu: pd.DataFrame,
    stakeholders: Sequence[Stakeholder] = FIVE,
    today: Configuration = TODAY,
    *,
    percent: bool = True,
) -> pd.DataFrame:
    """Regret of the row's stakeholder under the column's ideal.

    Parameters
    ----------
    menu : DataFrame
    stakeholders : sequence of Stakeholder
    today : Configuration
        Used to break ties.
    percent : bool, default True
        Whether regret is in percent of the row's own ideal; otherwise it is in the row's own unit.

    Returns
    -------
    DataFrame, rows and columns by name
        0 on the diagonal.
    """
    chosen = ideals(menu, stakeholders, today)
    rows = {}
    for one in stakeholders:
        best = one.best(menu)
        lost = one.regret(chosen, best)
        rows[one.name] = 100.0 * lost / abs(best) if percent else lost
    return pd.DataFrame(rows).T


def weighted_choice(
    menu: pd.DataFrame,
    weights: dict[str, float],
    stakeholders: Sequence[Stakeholder] = FIVE,
    today: Configuration = TODAY,
) -> pd.Series:
    """The row with the largest weighted sum of utilities.

    Parameters
    ----------
    menu : DataFrame
        Contains today's configuration.
    weights : dict of str to float
        Weight by stakeholder's name, at least 0; those left out have weight 0.
    stakeholders : sequence of Stakeholder
    today : Configuration

    Raises
    ------
    ValueError
        For an unknown name, a negative weight, or no positive one.
    """
    by_name = {one.name: one for one in stakeholders}
    for name, weight in weights.items():
        checks.one_of("weights", name, tuple(by_name))
        checks.within(f"weights[{name!r}]", weight, 0.0, 1e9)
    if not any(weights.values()):
        raise ValueError(f"weights={weights!r}: expected at least one above 0")
    total = sum(w * by_name[name].utility(menu, today) for name, w in weights.items())
    row: pd.Series = menu.loc[total.idxmax()]
    return row


def maximin_choice(
    menu: pd.DataFrame,
    stakeholders: Sequence[Stakeholder] = (ML, SALES, MANAGER),
    today: Configuration = TODAY,
) -> pd.Series:
    """The row whose worst-off stakeholder is best off, in units of utility."""
    worst = pd.concat([one.utility(menu, today) for one in stakeholders], axis=1).min(axis=1)
    row: pd.Series = menu.loc[worst.idxmax()]
    return row


def pareto_front(
    menu: pd.DataFrame, stakeholders: Sequence[Stakeholder] = (ML, SALES)
) -> pd.DataFrame:
    """Rows that no other row beats by being at least as good for all and better for one.

    Parameters
    ----------
    menu : DataFrame
    stakeholders : sequence of Stakeholder
        Two or more.

    Returns
    -------
    DataFrame
        In the order of the menu; rows that are equal in all measures are all kept.
    """
    regret = np.column_stack([one.regret(menu) for one in stakeholders])
    no_worse = (regret[:, None, :] <= regret[None, :, :]).all(axis=2)
    better = (regret[:, None, :] < regret[None, :, :]).any(axis=2)
    return menu[~(no_worse & better).any(axis=0)]


def within_reach(
    front: pd.DataFrame, across: Stakeholder = ML, up: Stakeholder = SALES
) -> pd.Series:
    """Which points of a front can be chosen by some weights: those on its upper convex hull.

    A weighted sum moves a straight line up until it touches the last point, so a point in a dent of
    the front is never touched, whatever the weights (Das and Dennis, 1997).

    Parameters
    ----------
    front : DataFrame
        From `pareto_front`, for the same two stakeholders.
    across, up : Stakeholder
        The stakeholders whose measures span the plane.

    Returns
    -------
    Series of bool
        By the front's index.
    """
    x, y = -across.regret(front), -up.regret(front)
    hull: list[object] = []
    for label in x.sort_values(kind="stable").index:
        while len(hull) > 1:
            a, b = hull[-2], hull[-1]
            if (x[b] - x[a]) * (y[label] - y[a]) < (y[b] - y[a]) * (x[label] - x[a]):
                break  # a turn to the right: b stands out
            hull.pop()
        hull.append(label)
    return pd.Series(front.index.isin(hull), index=front.index)
