"""Where each gate's alarm lies, and which releases of the shipped table it stops."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from launchlab import shipped
from launchlab.market import Couplings
from launchlab.software.gates import canary_power
from launchlab.software.harms import HARMS
from launchlab.software.measured import measured

WORLDS = 20
"""Worlds of the shipped table: seeds 0 to 19."""

GATES = {
    "unit": "unit tests",
    "schema": "schema",
    "drift": "PSI",
    "offline": "offline score",
    "behaviour": "behaviour",
    "shadow": "live against batch",
    "former": "former slate",
    "canary": "canary",
}
"""The eight gates in the order in which a release meets them, with their names in charts."""

BEFORE_LAUNCH = tuple(name for name in GATES if name != "canary")
"""The gates that no customer meets."""


@dataclass(frozen=True)
class Limits:
    """Where the alarms lie.

    Attributes
    ----------
    schema : float
        Percent of rows that may break a rule.
    drift : float
        PSI of a feature, or relative change of the order rate.
    offline : float
        Points of AUC below the mean of the town's sound releases.
    too_good : float
        Points of AUC above it; infinite if nobody asks.
    behaviour : float
        The weakest response to a nudge that is enough, in percent.
    shadow : float
        Percent of offers whose two scores may differ.
    former : float
        Places of 8 by which a slate may keep fewer of the running release's restaurants than the
        town's sound releases do.
    sessions, control : int
        Sessions in the canary, and beside it.
    """

    schema: float = 0.1
    drift: float = 0.2
    offline: float = 1.5
    too_good: float = math.inf
    behaviour: float = 3.0
    shadow: float = 0.1
    former: float = 0.6
    sessions: int = 10_000
    control: int = 40_000


@cache
def _shipped() -> pd.DataFrame:
    return shipped.read_table(__package__, "gates.csv")


def gate_table() -> pd.DataFrame:
    """What the gates measured in 20 worlds: as `launchlab.software.measured.measured` returns it.

    Returns
    -------
    DataFrame
        Rounded to five significant digits.
    """
    return _shipped().copy()


def provenance() -> dict[str, Any]:
    """How the table was made, and the CPU seconds that each gate took."""
    kept: dict[str, Any] = json.loads(shipped.read_text(__package__, "gates.json"))
    return kept


def gate_rows(
    seed: int, harms: tuple[str, ...] = tuple(HARMS), couplings: Couplings | None = None
) -> pd.DataFrame:
    """The table's rows of any world: shipped for the first 20, computed for others.

    Parameters
    ----------
    seed : int
    harms : tuple of str
        Names in ``HARMS``.
    couplings : Couplings, optional
        Other assumptions than the defaults; the world is then computed.
    """
    if couplings is not None or not 0 <= seed < WORLDS:
        return measured(seed, harms, couplings)
    table = _shipped()
    wanted = table["release"].isin(harms) | is_sound(table)
    return table[(table["world"] == seed) & wanted].reset_index(drop=True)


def is_sound(rows: pd.DataFrame) -> pd.Series:
    """Which releases have no fault."""
    return rows["release"].str.startswith("sound")


def above_usual(rows: pd.DataFrame, column: str) -> pd.Series:
    """How far each release lies above the mean of its town's other sound releases.

    Parameters
    ----------
    rows : DataFrame
        Whole worlds of the table.
    column : str
    """
    sound = is_sound(rows)
    of_town = rows[column].where(sound).groupby(rows["world"])
    total, n = of_town.transform("sum"), of_town.transform("count")
    others = (total - rows[column].where(sound, 0.0)) / (n - sound)
    return rows[column] - others


def alarms(rows: pd.DataFrame, limits: Limits | None = None) -> pd.DataFrame:
    """How likely each gate is to stop each release.

    Parameters
    ----------
    rows : DataFrame
        Whole worlds of the table.
    limits : Limits, optional

    Returns
    -------
    DataFrame, the same rows
        A column for each of ``GATES``: 0 or 1, except for the canary, whose customers are drawn.
    """
    at = limits or Limits()
    score = above_usual(rows, "offline")
    found = pd.DataFrame(
        {
            "unit": rows["unit"] > 0,
            "schema": rows["schema"] > at.schema,
            "drift": rows["drift"] > at.drift,
            "offline": (score < -at.offline) | (score > at.too_good),
            "behaviour": rows["behaviour"] < at.behaviour,
            "shadow": rows["shadow"] > at.shadow,
            "former": above_usual(rows, "former") < -at.former,
        }
    ).astype(float)
    before, now = (rows[name].to_numpy() / 1_000 for name in ("running", "orders"))
    found["canary"] = canary_power(before, now, at.sessions, at.control)
    return found


def stopped(chances: pd.DataFrame, gates: tuple[str, ...]) -> np.ndarray[Any, Any]:
    """How likely at least one of some gates is to stop each release."""
    passed = 1 - chances[list(gates)].to_numpy()
    return np.asarray(1 - passed.prod(axis=1))
