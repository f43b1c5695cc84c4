"""What it costs to let a model stand still: for some weeks, or for good, with the break-even.

Both functions take a small table and the controls of a lab; ``waiting.js`` is their twin.
"""

from __future__ import annotations

from importlib.resources import files
from typing import Any

import numpy as np
import pandas as pd

from launchlab.stakeholders.money import MONEY_JAVASCRIPT, Freeze, Line, LostMargin, Team

CHANCES = (0.01, 0.02, 0.03, 0.04, *(round(0.05 * k, 2) for k in range(1, 41)), 2.5, 3.0)
SIZES = (*(m * 10.0**e for e in range(4, 8) for m in (1, 1.5, 2, 3, 5, 7)), 1e8)
OPTIONS = {"keep": "keep all three", "automate": "automate, and keep one", "go": "let all go"}


def javascript(twin: str) -> str:
    """The page's twin of `hold` or `staff`, by name, for an experiment in rule form."""
    own = files("launchlab.stakeholders").joinpath("waiting.js").read_text(encoding="utf-8")
    called = f"function frame(table, controls) {{ return {twin}(table, controls); }}"
    return "\n".join([MONEY_JAVASCRIPT, own, called])


def _close(one: Any, two: Any) -> Any:
    """Whether two sums are closer than the assumptions behind them are known, 5 %."""
    return abs(one - two) <= 0.05 * np.maximum(one, two)


def hold(
    table: pd.DataFrame,
    *,
    step: str,
    weeks: float,
    sessions: float,
    late: float,
    chance: float,
    loss: float,
) -> pd.DataFrame:
    """What a freeze costs and averts, over the chance of a breach.

    Parameters
    ----------
    table : DataFrame
        ``step``, and ``gain`` ($ of margin per session) of what waits.
    step : str
        What waits.
    weeks, late : float
        How long releases wait, and how much later the fix would come otherwise.
    sessions : float
        A week.
    chance : float
        Assumed chance of a breach, percent a week; one of ``CHANCES``.
    loss : float
        What a breach costs, $ million.

    Returns
    -------
    DataFrame, a row for each of ``CHANCES``
        ``chance``; ``averted`` and ``cost``, $, and whether they are ``close``; ``here``, whether
        it is the assumed chance; and ``even``, the chance in percent at which the two are equal.
    """
    gain = float(table.loc[table["step"] == step, "gain"].iloc[0])
    freezes = [Freeze(weeks, late, one / 100, loss * 1e6) for one in CHANCES]
    return pd.DataFrame(
        {
            "chance": CHANCES,
            "averted": [one.risk_averted for one in freezes],
            "cost": float(freezes[0].cost_of_delay(sessions, gain)),
            "here": np.isclose(CHANCES, chance),
            "even": 100 * freezes[0].break_even_chance(sessions, gain),
        }
    ).assign(close=lambda frame: _close(frame["averted"], frame["cost"]))


def staff(
    table: pd.DataFrame,
    *,
    sessions: float,
    horizon: int,
    rate: float,
    wage: float,
    severance: float,
    new_work: float,
) -> pd.DataFrame:
    """What it costs to keep a team, to automate its routine, or to let it go, over business size.

    Parameters
    ----------
    table : DataFrame
        ``share`` and ``dollars``, the margin that an old model loses, as in `LostMargin`; and
        ``margin``, that of a fresh one.
    sessions : float
        A week; one of ``SIZES``.
    horizon : int
        Weeks counted.
    rate : float
        Percent of the town that changes in a week.
    wage : float
        Yearly, thousand $.
    severance : float
        Weeks.
    new_work : float
        What the team adds in a year, percent of margin.

    Returns
    -------
    DataFrame, a row for each of ``SIZES``
        ``size``; ``keep``, ``automate`` and ``go``: wages, severance, the job that retrains, and
        the margin lost, together worth so much today, $; ``here``, whether it is the size asked
        for; ``best`` there, in words, and whether the second best is ``close``; ``go_until``, the
        size up to which letting go costs least, and ``until``, that up to which keeping all does
        not.
    """
    lost = LostMargin(table["share"].to_numpy(), table["dollars"].to_numpy(), table["margin"][0])
    team = Team(
        loaded_wage=wage * 1e3,
        severance_weeks=severance,
        new_gain=new_work / 100,
        horizon=horizon,
    )
    go, automatic, keep = (
        *(option(lost, rate / 100) for option in (team.let_go, team.automate)),
        Line(0.0, 0.0),
    )
    sizes = np.array(SIZES)
    costs = {
        name: team.wages - line.at(sizes)
        for name, line in (("keep", keep), ("automate", automatic), ("go", go))
    }
    here = np.isclose(sizes, sessions)
    best = min(costs, key=lambda name: float(costs[name][here][0]))
    first, second, _ = sorted(float(cost[here][0]) for cost in costs.values())
    go_until = min(go.above(automatic), go.above(keep))
    return pd.DataFrame({"size": sizes, **costs, "here": here}).assign(
        best=OPTIONS[best],
        go_until=go_until,
        until=max(go_until, automatic.above(keep)),
        close=_close(first, second),
    )
