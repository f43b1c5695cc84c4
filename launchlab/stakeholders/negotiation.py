"""Bounds instead of weights: what they leave, what a split of traffic adds, and what a bound costs.

A stakeholder who will not trade sets a *bound* on a column of the menu. The best configuration that
satisfies every bound is chosen. If traffic may be split between configurations, the best split is
the solution of a linear programme, whose dual gives each bound a price.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.optimize import linprog

from launchlab.market import checks

_SMALL = 1e-7


class InfeasibleError(ValueError):
    """No split of traffic satisfies every bound; the message names those that clash."""


@dataclass(frozen=True)
class Bound:
    """A limit on a column of the menu that must hold on average over traffic.

    Parameters
    ----------
    measure : str
        A column that averages linearly when traffic is split: orders do, and so does the share of
        requests over a limit; a percentile such as p95 does not.
    limit : float
        In the column's unit.
    least : bool, default True
        Whether the limit is a minimum; otherwise it is a maximum.

    Raises
    ------
    ValueError
        If the limit is not finite.
    """

    measure: str
    limit: float
    least: bool = True

    def __post_init__(self) -> None:
        checks.within("limit", self.limit, -1e12, 1e12)

    def kept(self, menu: pd.DataFrame) -> pd.Series:
        """Whether each configuration satisfies the bound on its own."""
        values = _column(menu, self.measure)
        kept: pd.Series = (
            values >= self.limit - _SMALL if self.least else values <= self.limit + _SMALL
        )
        return kept

    def __str__(self) -> str:
        return f"{self.measure} {'at least' if self.least else 'at most'} {self.limit:g}"


@dataclass(frozen=True, eq=False)
class Split:
    """The best split of traffic under bounds.

    Attributes
    ----------
    shares : Series
        Share of traffic by index label of the menu; only shares above 0, largest first.
    value : float
        The objective, averaged over traffic, in its unit.
    prices : dict of str to float
        Shadow price of each bound by its measure: what the objective loses per unit by which the
        bound is tightened. Never negative, and 0 if the bound is not binding.
    """

    shares: pd.Series
    value: float
    prices: dict[str, float]

    @property
    def binding(self) -> list[str]:
        """Measures whose bounds cost something."""
        return [name for name, price in self.prices.items() if price > _SMALL]

    def average(self, menu: pd.DataFrame, measure: str) -> float:
        """A column averaged over the split's traffic."""
        return float(self.shares @ _column(menu, measure).loc[self.shares.index])


def feasible(menu: pd.DataFrame, bounds: Sequence[Bound]) -> pd.DataFrame:
    """Configurations that satisfy every bound on their own."""
    kept = np.ones(len(menu), dtype=bool)
    for bound in bounds:
        kept &= bound.kept(menu).to_numpy()
    return menu[kept]


def best_single(menu: pd.DataFrame, objective: str, bounds: Sequence[Bound]) -> pd.Series | None:
    """The best configuration that satisfies every bound; None if there is none."""
    left = feasible(menu, bounds)
    if left.empty:
        return None
    row: pd.Series = left.loc[_column(left, objective).idxmax()]
    return row


def best_split(menu: pd.DataFrame, objective: str, bounds: Sequence[Bound]) -> Split:
    """The split of traffic with the largest objective that satisfies every bound on average.

    Parameters
    ----------
    menu : DataFrame
        A row for each configuration.
    objective : str
        Column to maximise.
    bounds : sequence of Bound
        At most one for each measure and side.

    Returns
    -------
    Split

    Raises
    ------
    InfeasibleError
        If no split satisfies every bound.
    ValueError
        If the menu is empty, or a column is missing or not finite.

    Notes
    -----
    Maximise sum_i x_i c_i with x >= 0, sum x = 1, and a row for each bound (HiGHS, through
    ``scipy.optimize.linprog``). A basic solution uses at most one configuration more than there
    are binding bounds. Prices are the dual values.
    """
    if menu.empty:
        raise ValueError("menu is empty: expected at least one configuration")
    worth = _column(menu, objective).to_numpy()
    # linprog takes upper bounds, so a lower bound changes sign.
    signs = [-1.0 if bound.least else 1.0 for bound in bounds]
    rows = [s * _column(menu, b.measure).to_numpy() for s, b in zip(signs, bounds, strict=True)]
    limits = [s * b.limit for s, b in zip(signs, bounds, strict=True)]
    found = linprog(
        -worth,
        A_ub=np.array(rows) if rows else None,
        b_ub=np.array(limits) if rows else None,
        A_eq=np.ones((1, len(menu))),
        b_eq=[1.0],
        method="highs",
    )
    if found.status == 2:
        raise InfeasibleError(_clash(menu, bounds))
    if not found.success:  # pragma: no cover - no other status is known for such small programmes
        raise RuntimeError(f"linprog failed: {found.message}")
    shares = pd.Series(found.x, index=menu.index)
    shares = shares[shares > 1e-9].sort_values(ascending=False, kind="stable")
    prices: dict[str, float] = {}
    for bound, marginal in zip(bounds, found.ineqlin.marginals if rows else (), strict=True):
        prices[bound.measure] = prices.get(bound.measure, 0.0) + max(0.0, -float(marginal))
    return Split(shares / shares.sum(), -float(found.fun), prices)


def priced(menu: pd.DataFrame, objective: str, prices: dict[str, float]) -> pd.Series:
    """The objective with each bound replaced by a weight: its price times its measure.

    Parameters
    ----------
    menu : DataFrame
    objective : str
    prices : dict of str to float
        Objective per unit of each measure; negative for a measure that should be low.

    Returns
    -------
    Series
        If each bound's shadow price is its weight, every configuration of the best split reaches
        the maximum: a bound and a weight are two views of the same decision.
    """
    total = _column(menu, objective).copy()
    for measure, price in prices.items():
        total += price * _column(menu, measure)
    return total


def bargain(
    menu: pd.DataFrame, objective: str, bounds: Sequence[Bound], *, split: bool
) -> pd.DataFrame:
    """What bounds leave of a menu, who gets the traffic, and what each bound costs.

    Parameters
    ----------
    menu : DataFrame
    objective : str
        Column to maximise.
    bounds : sequence of Bound
        One for each measure.
    split : bool
        Whether traffic may be split; else the best single configuration gets all of it.

    Returns
    -------
    DataFrame
        The menu, with ``kept`` (whether a configuration satisfies every bound on its own) and
        ``share`` (percent of traffic); and, the same in every row, ``left`` and ``used`` (how many
        are kept, and how many get traffic), ``value`` (the objective on average), and for each
        bound's measure ``least_``, ``mean_`` and ``price_`` (its limit, its average over traffic
        and its shadow price). What does not exist is missing: nothing is used if no deal satisfies
        the bounds, and without a split there are no prices.
    """
    kept = menu.index.isin(feasible(menu, bounds).index)
    shares, prices = pd.Series(dtype=float), dict.fromkeys((b.measure for b in bounds), np.nan)
    if split:
        try:
            found = best_split(menu, objective, bounds)
            shares, prices = found.shares, found.prices
        except InfeasibleError:
            pass
    elif kept.any():
        shares = pd.Series({menu.index[kept][_column(menu, objective)[kept].argmax()]: 1.0})
    share = shares.reindex(menu.index, fill_value=0.0)
    deal = bool(len(shares))

    def average(measure: str) -> float:
        return float(share @ _column(menu, measure)) if deal else np.nan

    facts = {"left": int(kept.sum()), "used": len(shares), "value": average(objective)}
    for bound in bounds:
        facts[f"least_{bound.measure}"] = bound.limit
        facts[f"mean_{bound.measure}"] = average(bound.measure)
        facts[f"price_{bound.measure}"] = prices[bound.measure]
    return menu.assign(kept=kept, share=100 * share, **facts)


def agreement(
    menu: pd.DataFrame, split: Split, bounds: Sequence[Bound], words: Mapping[str, str]
) -> str:
    """A decision record: what ships, what is promised at which price, and what people fill in.

    Parameters
    ----------
    menu : DataFrame
        With ``name``, ``margin_weight`` and ``ad_weight``, and the measures.
    split : Split
    bounds : sequence of Bound
    words : mapping of str to str
        Measure to what readers call it.

    Returns
    -------
    str
    """
    lines = ["We ship:"]
    for label, share in split.shares.items():
        row = menu.loc[label]
        lines.append(
            f"  to {100 * share:4.1f} % of traffic {row['name']}, "
            f"margin weight {row.margin_weight:g}, ad weight {row.ad_weight:g}"
        )
    lines.append("We promise:")
    for bound in bounds:
        price = split.prices[bound.measure]
        side, step = ("at least", "more") if bound.least else ("at most", "less")
        unit = "one point" if words[bound.measure].startswith("per cent") else "one"
        cost = f"{unit} {step} would cost ${price:.2f}" if price > _SMALL else "costs nothing"
        lines.append(f"  {side} {bound.limit:.1f} {words[bound.measure]} ({cost})")
    lines.append("Given up, against the best on the menu:")
    for bound in bounds:
        if bound.least:
            lost = menu[bound.measure].max() - split.average(menu, bound.measure)
            lines.append(f"  {lost:.1f} {words[bound.measure]}")
    lines += ["Agreed by: ...", "Valid until: ...", "We reopen it when: ..."]
    return "\n".join(lines)


def _clash(menu: pd.DataFrame, bounds: Sequence[Bound]) -> str:
    alone = [bound for bound in bounds if not bound.kept(menu).any()]
    if alone:
        return "; ".join(f"{bound}: no configuration keeps it" for bound in alone)
    return "no split of traffic keeps all of: " + "; ".join(map(str, bounds))


def _column(menu: pd.DataFrame, name: str) -> pd.Series:
    if name not in menu:
        raise ValueError(f"menu has no column {name!r}")
    values = menu[name].astype(float)
    if not np.isfinite(values).all():
        raise ValueError(f"menu column {name!r} is not finite: expected numbers")
    return values
