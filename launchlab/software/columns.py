"""Features by name: the rows that a model is fed, with one of their columns changed."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from launchlab.market import FEATURES

COLUMN = {name: column for column, name in enumerate(FEATURES)}
"""Where each feature stands in the rows of `launchlab.market.make_features`."""

Rows = NDArray[np.floating[Any]]


def column_of(name: str) -> int:
    """Where a feature stands.

    Raises
    ------
    ValueError
        If there is no such feature.
    """
    if name not in COLUMN:
        raise ValueError(f"feature={name!r}, expected one of {', '.join(map(repr, FEATURES))}")
    return COLUMN[name]


def with_column(rows: Rows, name: str, values: ArrayLike) -> NDArray[np.float32]:
    """The same rows with other values of one feature; the given rows are left as they are.

    Parameters
    ----------
    rows : ndarray of float, shape (m, 14 or more)
    name : str
        One of ``FEATURES``.
    values : array_like of float, shape (m,) or a number

    Returns
    -------
    ndarray of float32, of the same shape as ``rows``

    Raises
    ------
    ValueError
        If there is no such feature.
    """
    changed = np.array(rows, dtype=np.float32)
    changed[:, column_of(name)] = values
    return changed


def times(rows: Rows, name: str, factor: float) -> NDArray[np.float32]:
    """The same rows with one feature in another unit: multiplied by ``factor``."""
    return with_column(rows, name, rows[:, column_of(name)] * np.float32(factor))
