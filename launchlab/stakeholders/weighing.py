"""Three weights and two limits: which row of the menu they choose, in the plane of orders and ads.

The rule is small enough for a page to apply on its own: ``weighing.js`` is its twin.
"""

from __future__ import annotations

import json
from importlib.resources import files

import numpy as np
import pandas as pd

from launchlab.market.sessions import N_CANDIDATES
from launchlab.stakeholders.configurations import TODAY
from launchlab.stakeholders.menu import menu_table
from launchlab.stakeholders.people import ML, SALES, pareto_front, row_of, within_reach
from launchlab.stakeholders.room import NAMES, QUARTER_WEEKS, choice_javascript, choose

ORDERS, ADS = (180.0, 255.0), (60.0, 225.0)
"""The plane that is drawn: orders across and dollars of ads up, per 1,000 sessions."""

BEATEN, BEYOND, WITHIN = "beaten", "out of reach", "within reach"
CHOSEN, BARRED = "chosen", "over a limit"
_LONG = 2.0  # in widths of the plane: the drawn line leaves it on both sides
_COPIED = ("margin_weight", "ad_weight", "orders", "ad_revenue", "profit", "kind")
_AVERAGED = ("orders", "ad_revenue", "profit")


def weighing_table() -> pd.DataFrame:
    """The menu without shortlists, 150 rows, with ``kind``: its place in the plane.

    A row is ``beaten`` if another has more of both orders and ads. What is left is the front, and
    a point of the front is ``within reach`` of weights or ``out of reach``.
    """
    menu = menu_table()
    menu = menu[menu["shortlist"] == N_CANDIDATES].reset_index(drop=True)
    front = pareto_front(menu)
    menu["kind"] = BEATEN
    menu.loc[front.index, "kind"] = np.where(within_reach(front), WITHIN, BEYOND)
    columns = ["model", "shortlist", "margin_weight", "ad_weight", "orders", "ad_revenue"]
    columns += ["p95_ms", "artefacts", "profit", "kind"]
    return menu[columns].round({"p95_ms": 3, "profit": 5})


def weigh(
    table: pd.DataFrame,
    *,
    ml: float,
    sales: float,
    manager: float,
    p95_limit: float,
    artefact_cap: float,
    freeze: int,
) -> pd.DataFrame:
    """Every row of the table, which one is chosen, and the line of the same sum through it.

    Parameters
    ----------
    table : DataFrame
        From `weighing_table`.
    ml, sales, manager : float
        Weights, at least 0.
    p95_limit : float
        Product's limit, ms.
    artefact_cap : float
        Infrastructure's cap.
    freeze : int
        Weeks of the quarter in which today's configuration keeps running, 0 to 13.

    Returns
    -------
    DataFrame
        Rows in the table's order; ``mark`` is the kind, or ``chosen``, or ``over a limit``;
        ``within`` says yes where the kind is within reach, ``waits`` at a chosen row that waits;
        ``asked`` is the sum of the weights, 0 where all rows tie.
        The ends of the line are ``left``, ``top``, ``right`` and ``bottom``; with a weight of the
        manager it is a point, for their wish is not in the plane.
    """
    row = choose(table, {"ml": ml, "sales": sales, "manager": manager}, p95_limit, artefact_cap)
    now = _today(table)
    barred = (table["p95_ms"] > p95_limit) | (table["artefacts"] > artefact_cap)
    frame = table[list(_COPIED)].assign(model=table["model"].map(NAMES), freeze=freeze)
    frame["asked"] = ml + sales + manager
    frame["chosen"] = [place == row for place in range(len(table))]
    frame["today"] = [place == now for place in range(len(table))]
    frame["within"] = frame["kind"] == WITHIN
    frame["waits"] = frame["chosen"] & (freeze > 0)
    frame["mark"] = np.where(frame["chosen"], CHOSEN, np.where(barred, BARRED, table["kind"]))
    released = 1 - freeze / QUARTER_WEEKS
    for name in _AVERAGED:
        before, after = table[name].iloc[now], table[name].iloc[row]
        frame[f"quarter_{name}"] = before + released * (after - before)
    across, up = _half_of_the_line(table, ml, sales, manager)
    orders, ads = table["orders"].iloc[row], table["ad_revenue"].iloc[row]
    return frame.assign(left=orders - across, top=ads - up, right=orders + across, bottom=ads + up)


def javascript(table: pd.DataFrame) -> str:
    """The page's twin of `weigh` for a table."""
    constants = {
        "NAMES": NAMES,
        "UNITS": _units(table),
        "WIDE": ORDERS[1] - ORDERS[0],
        "HIGH": ADS[1] - ADS[0],
        "LONG": _LONG,
        "WEEKS": QUARTER_WEEKS,
    }
    lines = [f"const {key} = {json.dumps(value)};" for key, value in constants.items()]
    text = files("launchlab.stakeholders").joinpath("weighing.js").read_text(encoding="utf-8")
    return "\n".join([choice_javascript(table), *lines, text])


def _today(table: pd.DataFrame) -> int:
    return int(table.index.get_loc(row_of(table, TODAY)))


def _units(table: pd.DataFrame) -> tuple[float, float]:
    """What one unit of utility is in orders and in dollars of ads: from today to the ideal."""
    now = table.iloc[_today(table)]
    return ML.best(table) - float(now["orders"]), SALES.best(table) - float(now["ad_revenue"])


def _half_of_the_line(
    table: pd.DataFrame, ml: float, sales: float, manager: float
) -> tuple[float, float]:
    """Half of the drawn line, in orders and dollars."""
    one_order, one_dollar = _units(table)
    across, up = sales / one_dollar, -ml / one_order
    size = abs(across) / (ORDERS[1] - ORDERS[0]) + abs(up) / (ADS[1] - ADS[0])
    if manager > 0 or size == 0:
        return 0.0, 0.0
    return _LONG * across / size, _LONG * up / size
