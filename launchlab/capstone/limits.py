"""The limits that the five agreed on, and who keeps them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from launchlab.market import checks


@dataclass(frozen=True)
class Limits:
    """What every release must keep; the manager's margin is then made as large as it can be.

    Ratios are to a *concurrent control*: what today's configuration brings in the same weeks.

    Parameters
    ----------
    orders : float, default 0.95
        The ML engineers' limit: at least this share of the control's orders.
    ads : float, default 1.05
        Sales': at least so many times the control's ad revenue.
    p95_ms : float, default 95
        Product's: nineteen of twenty answers come within so many ms.
    artefacts : int, default 3
        Infrastructure's: at most so many things to patch and roll out.

    Raises
    ------
    ValueError
        If a number is out of range.

    Notes
    -----
    0.95 and 1.05 were chosen so that every town has an answer.
    """

    orders: float = 0.95
    ads: float = 1.05
    p95_ms: float = 95.0
    artefacts: int = 3

    def __post_init__(self) -> None:
        checks.within("orders", self.orders, 0.0, 10.0)
        checks.within("ads", self.ads, 0.0, 10.0)
        checks.within("p95_ms", self.p95_ms, 0.0, 1e5)
        checks.whole("artefacts", self.artefacts, low=0)

    def run(self, costs: pd.DataFrame) -> NDArray[np.bool_]:
        """Which rows of `launchlab.capstone.menu.costs` can be run at all."""
        quick = costs["p95_ms"].to_numpy() <= self.p95_ms
        return np.asarray(quick & (costs["artefacts"].to_numpy() <= self.artefacts))

    def kept(self, orders: NDArray[np.float64], ads: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Which ratios to control keep both limits; arrays of one shape."""
        return np.asarray((orders >= self.orders) & (ads >= self.ads))


LIMITS = Limits()
"""As agreed."""
