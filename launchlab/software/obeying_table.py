"""Models and their violations in 20 towns: one town's rows, and the shipped table."""

from __future__ import annotations

from functools import cache

import pandas as pd

from launchlab import shipped
from launchlab.software.obeying import USUAL, change, tried

PRICE_QUALITY = (0.0, USUAL, 0.7)
"""Correlations of price and hidden quality that the shipped table holds."""

MODELS = (
    "logistic",
    "hgb50",
    "hgb200",
    "blend",
    "hgb50 + price",
    "hgb50 + five",
    "hgb50 + six",
)
"""Models of the usual town: 50 trees also under one constraint, under five and under six."""

ELSEWHERE = ("hgb50", "hgb50 + price", "hgb50 + five", "hgb50 + six")
"""Models under other correlations of price and quality."""


def obeying_rows(seed: int) -> pd.DataFrame:
    """One town's rows of the shipped table: see `obeying_table`."""
    found = []
    for price_quality in PRICE_QUALITY:
        base = tried(seed, "hgb50", price_quality)
        for model in MODELS if price_quality == USUAL else ELSEWHERE:
            one = tried(seed, model, price_quality)
            moved, error = change(seed, one, base)
            row = {"world": seed, "price_quality": price_quality, "model": model}
            row |= {"orders": moved, "error": error}
            row |= {name: 100 * share for name, share in one.violated.items()}
            row |= {f"{name}_much": 100 * share for name, share in one.much.items()}
            found.append(row)
    return pd.DataFrame(found)


@cache
def _obeying() -> pd.DataFrame:
    return shipped.read_table(__package__, "obeying.csv")


def obeying_table() -> pd.DataFrame:
    """Models in 20 towns: what they bring, and which relations they violate.

    Returns
    -------
    DataFrame, a row for each world, correlation of price and quality, and model
        ``orders``: against 50 plain trees of the same town, %; ``error``: its standard error.
        A column a relation: % of pairs that violate it; ``..._much``: by more than 5 %.
    """
    return _obeying().copy()
