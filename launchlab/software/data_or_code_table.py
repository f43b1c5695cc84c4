"""Wrong labels, more data, a larger model in 20 towns: one town's rows, and the shipped table."""

from __future__ import annotations

from functools import cache

import pandas as pd

from launchlab import shipped
from launchlab.software.data_or_code import KINDS, change, learnt
from launchlab.software.town import N_LOGGED

PLANS = [
    (model, kind, slates)
    for model in ("logistic", "hgb50")
    for kind, slates in (
        *(("none", slates) for slates in (2_500, 5_000, N_LOGGED, 2 * N_LOGGED)),
        *((kind, N_LOGGED) for kind in KINDS if kind != "none"),
        ("flipped", 2 * N_LOGGED),
        ("another", 2 * N_LOGGED),
    )
] + [("hgb200", "none", N_LOGGED), ("hgb200", "flipped", N_LOGGED)]
"""Model, what is wrong with its labels, and logged slates: the rows of one town."""


def labels_rows(seed: int) -> pd.DataFrame:
    """One town's rows of the shipped table: see `labels_table`."""
    found = []
    for model, kind, slates in PLANS:
        own = model if model == "logistic" else "hgb50"
        moved, error = change(seed, learnt(seed, model, kind, slates), learnt(seed, own))
        row = {"world": seed, "model": model, "kind": kind, "slates": slates}
        found.append(row | {"orders": moved, "error": error})
    return pd.DataFrame(found)


@cache
def _labels() -> pd.DataFrame:
    return shipped.read_table(__package__, "labels.csv")


def labels_table() -> pd.DataFrame:
    """What wrong labels cost, and what more data brings, in 20 towns.

    Returns
    -------
    DataFrame, a row for each world, model, kind of wrong labels and number of slates
        ``orders``: against the same model with 10,000 slates and every label right, % ("hgb200":
        against 50 trees); ``error``: its standard error.
    """
    return _labels().copy()
