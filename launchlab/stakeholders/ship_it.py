"""What shipping is worth over the size of the business: what the lab *Ship it?* shows."""

from __future__ import annotations

from importlib.resources import files

import numpy as np
import pandas as pd

from launchlab.stakeholders.money import MONEY_JAVASCRIPT, NEVER
from launchlab.stakeholders.shipping import SHIPPING_JAVASCRIPT, Offer

MILLION = 1e6
EDGE = 3.0
"""Million $ a year at which the chart ends, above and below."""

#: JavaScript twin of `ship_it`: ``ship_it.js`` beside this file, after those that it needs.
SHIP_IT_JAVASCRIPT = (
    MONEY_JAVASCRIPT
    + SHIPPING_JAVASCRIPT
    + files("launchlab.stakeholders").joinpath("ship_it.js").read_text(encoding="utf-8")
)


def ship_it(
    table: pd.DataFrame,
    value: float,
    gain: float,
    slower: float,
    elasticity: float,
    engineers: float,
    incidents: float,
    sessions: float,
) -> pd.DataFrame:
    """Net value a year at 0 to 100 million sessions, in million $.

    Parameters
    ----------
    table : DataFrame
        One row: ``orders_per_session``, ``wage`` and ``incident_cost``.
    value, gain, slower, elasticity, engineers, incidents : float
        See `launchlab.stakeholders.shipping.Offer`.
    sessions : float
        The business's own size, million sessions a year: the row in which ``here`` says yes.

    Returns
    -------
    DataFrame
        ``millions``, ``net``, and ``shown``, the same with a gap where the chart ends; and about
        the offer: ``net_gain``, $ ``per_thousand`` sessions, yearly ``cost`` in million $,
        break-even size ``even`` in millions, and whether it pays ``never``.
    """
    fixed = {name: float(table[name].iloc[0]) for name in table.columns}
    offer = Offer(
        value_per_order=value,
        gain=gain,
        slower_ms=slower,
        elasticity=elasticity,
        engineers=engineers,
        incidents=incidents,
        **fixed,
    )
    millions = np.arange(101)
    net = offer.line.at(millions * MILLION) / MILLION
    return pd.DataFrame(
        {
            "millions": millions,
            "net": net,
            "shown": np.where(np.abs(net) <= EDGE, net, np.nan),
            "zero": 0.0,
            "here": millions == sessions,
            "net_gain": offer.net_gain,
            "per_thousand": 1_000 * offer.per_session,
            "cost": offer.yearly_cost / MILLION,
            "even": offer.break_even / MILLION,
            "never": offer.break_even >= NEVER,
        }
    )
