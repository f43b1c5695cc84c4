"""Orders of the same sessions under two configurations: what a paired error is computed from."""

from __future__ import annotations

import numpy as np
import pandas as pd

from launchlab.market import checks

_PAIRS = 96  # a random stream


def pairs(seed: int, sessions: int, rate: float) -> pd.DataFrame:
    """Draw who orders under today's configuration, and in the same sessions under another one.

    Parameters
    ----------
    seed : int
    sessions : int
        At least 100.
    rate : float
        Orders per session under today's configuration.

    Returns
    -------
    DataFrame, a row for each session
        ``control`` and ``new``: 1 where there was an order, else 0. In a share of the sessions,
        drawn by the seed, the other configuration shows what today's does, and some orders are
        lost; the rest have nothing in common.
    """
    checks.whole("sessions", sessions, low=100)
    checks.within("rate", rate, 0.01, 0.99)
    rng = np.random.default_rng([seed, _PAIRS])
    alike, ratio = rng.uniform(0.4, 0.95), rng.uniform(0.93, 1.0)
    control = rng.random(sessions) < rate
    other = np.where(rng.random(sessions) < alike, control, rng.random(sessions) < rate)
    new = other & (rng.random(sessions) < ratio)
    return pd.DataFrame({"control": control.astype(int), "new": new.astype(int)})
