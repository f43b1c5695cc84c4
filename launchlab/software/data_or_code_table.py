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
        *(("none", slates) for slates in (2_500, N_LOGGED, 2 * N_LOGGED)),
        *((kind, N_LOGGED) for kind in KINDS if kind != "none"),
        ("flipped", 2 * N_LOGGED),
    )
]
"""Model, what is wrong with its labels, and logged slates: the rows of one town."""


def labels_rows(seed: int) -> pd.DataFrame:
    """One town's rows of the shipped table: see `labels_table`."""
    found = []
    for model, kind, slates in PLANS:
        moved, error = change(seed, learnt(seed, model, kind, slates), learnt(seed, model))
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
        ``orders``: against the same model with 10,000 slates and every label right, %;
        ``error``: its standard error.
    """
    return _labels().copy()
