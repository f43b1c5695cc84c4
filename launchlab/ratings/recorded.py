"""Shipped results: twenty recommenders' predictions in one world, as moments, and their costs."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from launchlab import shipped
from launchlab.ratings.blend import Moments

PARTS = ("probe", "quiz", "test")
"""Parts of the ratings that moments are kept of; quiz and test are halves of the test set."""


@cache
def _kept() -> dict[str, Any]:
    kept: dict[str, Any] = json.loads(shipped.read_text(__package__, "moments.json"))
    return kept


def member_provenance() -> dict[str, Any]:
    """How the file was made: command, versions, machine, world."""
    return {name: value for name, value in _kept().items() if name not in ("members", *PARTS)}


def member_table() -> pd.DataFrame:
    """What the recommenders cost.

    Returns
    -------
    DataFrame, indexed by ``member`` (the names in ``launchlab.ratings.MEMBERS``)
        ``parameters``: how many numbers the fitted model holds. ``cpu_seconds``: thread CPU time
        to fit it, the least of several fits, as measured when the file was made.
    """
    return pd.DataFrame(_kept()["members"]).set_index("member")


def member_moments(part: str) -> Moments:
    """Moments of the recommenders' predictions and the truth, in world 0.

    Parameters
    ----------
    part : {"probe", "quiz", "test"}
        "probe": the probe set, to fit blends on. "quiz": the half that a leaderboard may show.
        "test": the half that decides.

    Returns
    -------
    Moments

    Raises
    ------
    ValueError
        For any other part.
    """
    if part not in PARTS:
        raise ValueError(f"part={part!r}, expected one of {', '.join(PARTS)}")
    kept = _kept()[part]
    size = len(_kept()["members"]) + 2
    values = np.zeros((size, size))
    values[np.triu_indices(size)] = kept["upper"]
    return Moments(values + np.triu(values, 1).T, kept["n"])
