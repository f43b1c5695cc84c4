"""Which gates together stop which faults, and the smallest set that stops them all."""

from __future__ import annotations

from itertools import combinations

import pandas as pd

CAUGHT = 0.5
"""A fault counts as caught where a gate stops it in at least this share of worlds."""


def caught(chances: pd.DataFrame, releases: pd.Series, least: float = CAUGHT) -> pd.DataFrame:
    """Which gate catches which fault.

    Parameters
    ----------
    chances : DataFrame
        How likely each gate is to stop each release, as `launchlab.software.alarms.alarms` gives.
    releases : Series
        What the rows are called; one name in many worlds.
    least : float
        Share of worlds from which on a fault counts as caught.

    Returns
    -------
    DataFrame of bool
        A row for each name, a column for each gate.
    """
    return chances.groupby(releases.to_numpy(), sort=False).mean() >= least


def covered(matrix: pd.DataFrame, gates: tuple[str, ...]) -> pd.Series:
    """Which faults at least one of the gates catches."""
    return matrix[list(gates)].any(axis=1)


def smallest(matrix: pd.DataFrame) -> list[tuple[str, ...]]:
    """All sets of the least number of gates that catch as many faults as all gates together.

    Parameters
    ----------
    matrix : DataFrame of bool
        Faults by gates, as `caught` gives.

    Returns
    -------
    list of tuple of str
        By enumeration: with eight gates there are 256 sets.
    """
    gates = tuple(matrix.columns)
    most = covered(matrix, gates).sum()
    for size in range(len(gates) + 1):
        found = [one for one in combinations(gates, size) if covered(matrix, one).sum() == most]
        if found:
            return found
    raise AssertionError("the set of all gates covers what all gates cover")
