"""The tables of skews and of leaks, as shipped: memos of two functions that train models."""

from __future__ import annotations

import pandas as pd

from launchlab import shipped

WORLDS = 20
"""Worlds of the table of skews: seeds 0 to 19."""

LEAK_WORLDS = 5
"""Worlds of the table of leaks: seeds 0 to 4."""

SHOWN = 0
"""The world in which skews that hit only a share of the customers are shipped, too."""


def skew_table() -> pd.DataFrame:
    """What every skew does to each model: rows of `launchlab.software.served.skew_rows`."""
    return shipped.read_table(__package__, "skews.csv", comment="#")


def leak_table() -> pd.DataFrame:
    """What leaks do to each model: rows of `launchlab.software.leaks.leak_rows`."""
    return shipped.read_table(__package__, "leaks.csv", comment="#")
