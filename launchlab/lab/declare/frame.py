"""Frames that an experiment may return, and the compact form that carries them to a front end.

The page (every point of a grid) and a kernel's messages (one point) use the same encoding, so
both lives draw the same numbers.

Each column of a grid takes the smallest of three forms:

``same``
    every point has this list of values;
``each``
    one value per point, repeated over the point's rows;
``all``
    the points' values one after another.

Text and booleans are coded as positions in a list of ``words``.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from launchlab.rounding import to_significant

Encoded = dict[str, Any]


def check_frame(
    owner: str, frame: Any, *, missing: Sequence[str] = (), columns: Sequence[str] | None = None
) -> pd.DataFrame:
    """Return ``frame`` with a fresh index, if an experiment may show such a frame.

    Parameters
    ----------
    owner : str
        Name to use in errors.
    frame : DataFrame
        Columns of numbers, booleans or text.
    missing : sequence of str
        Columns that may hold NaN or None.
    columns : sequence of str, optional
        The columns that the frame must have, in order.

    Raises
    ------
    TypeError
        If it is not a DataFrame, or a column holds something a page cannot carry.
    ValueError
        If it is empty, its columns differ, or a value is not finite.
    """
    if not isinstance(frame, pd.DataFrame):
        raise TypeError(f"{owner}: returned a {type(frame).__name__}, expected a pandas DataFrame")
    if frame.empty:
        raise ValueError(f"{owner}: the frame is empty, expected at least one row and one column")
    names = list(frame.columns)
    if not all(isinstance(name, str) for name in names) or len(set(names)) < len(names):
        raise ValueError(f"{owner}: columns {names!r}, expected distinct strings")
    if columns is not None and names != list(columns):
        raise ValueError(
            f"{owner}: columns {names!r}, expected {list(columns)!r} as at the default state"
        )
    clean = {}
    for name in names:
        values = _check_column(f"{owner}: column {name!r}", frame[name], name in missing)
        # An explicit dtype: pandas 3 would make text its own string dtype, and turn None into NaN.
        clean[name] = pd.Series(values, dtype=values.dtype)
    return pd.DataFrame(clean)


def _check_column(owner: str, column: pd.Series, may_miss: bool) -> np.ndarray:
    values: np.ndarray
    if isinstance(column.dtype, pd.CategoricalDtype | pd.BooleanDtype):
        column = column.astype(object)
    if column.dtype == object:
        column = column.infer_objects()
    if pd.api.types.is_bool_dtype(column) and not column.isna().any():
        values = column.to_numpy(dtype=bool)
        return values
    if pd.api.types.is_integer_dtype(column) and not column.isna().any():
        if any(abs(int(end)) > 2**53 for end in (column.min(), column.max())):
            raise ValueError(f"{owner}: whole numbers beyond 2**53, which a page cannot carry")
        values = column.to_numpy(dtype=np.int64)
        return values
    if pd.api.types.is_numeric_dtype(column) and column.dtype.kind != "c":
        values = column.to_numpy(dtype=np.float64, na_value=np.nan)
        bad = ~np.isfinite(values)
        if may_miss:
            bad &= ~np.isnan(values)
        if bad.any():
            row = int(np.flatnonzero(bad)[0])
            raise ValueError(
                f"{owner}: {float(values[row])!r} in row {row}, expected finite numbers"
                + ("" if may_miss else " (or name the column in missing=...)")
            )
        return values
    values = column.to_numpy(dtype=object, copy=True)
    for row, value in enumerate(values):
        if isinstance(value, str | bool):
            continue
        if pd.api.types.is_scalar(value) and pd.isna(value):
            if not may_miss:
                raise ValueError(
                    f"{owner}: {value!r} in row {row}, expected text "
                    "(or name the column in missing=...)"
                )
            values[row] = None
        else:
            raise TypeError(
                f"{owner}: a {type(value).__name__} in row {row}, "
                "expected numbers, booleans or text"
            )
    return values


def round_values(values: np.ndarray, digits: int) -> np.ndarray:
    """Round floats to ``digits`` significant digits; other dtypes pass through.

    Parameters
    ----------
    values : ndarray of shape (n,)
    digits : int
        At least 1.

    Returns
    -------
    ndarray of shape (n,)
    """
    if values.dtype.kind != "f":
        return values
    return np.array([to_significant(value, digits) for value in values.tolist()], dtype=np.float64)


def _plain(values: np.ndarray) -> list[Any]:
    """JSON values: whole floats as ints, NaN as null."""
    if values.dtype.kind == "f":
        return [
            None if math.isnan(v) else int(v) if v.is_integer() and abs(v) < 2**53 else v
            for v in values.tolist()
        ]
    return list(values.tolist())


def encode(frames: Sequence[pd.DataFrame], digits: int) -> Encoded:
    """Encode checked frames that have the same columns.

    Parameters
    ----------
    frames : sequence of DataFrame
        As `check_frame` returns them, one for each point.
    digits : int
        Significant digits kept of floats.

    Returns
    -------
    dict
        ``rows``: number of rows of each point, or one number if all are equal; ``columns``: column
        name to its form.
    """
    counts = [len(frame) for frame in frames]
    rows: int | list[int] = counts[0] if len(set(counts)) == 1 else counts
    columns: dict[str, dict[str, Any]] = {}
    for name in frames[0].columns:
        parts = [_plain(round_values(frame[name].to_numpy(), digits)) for frame in frames]
        columns[name] = _encode_column(parts, isinstance(rows, int))
    return {"rows": rows, "columns": columns}


def _encode_column(parts: list[list[Any]], even: bool) -> dict[str, Any]:
    column: dict[str, Any] = {}
    if any(isinstance(value, str | bool) for part in parts for value in part):
        words: dict[Any, int] = {}
        parts = [[words.setdefault(value, len(words)) for value in part] for part in parts]
        column["words"] = list(words)
    first = parts[0]
    if even and all(part == first for part in parts):
        column["same"] = first
    elif all(len(set(map(repr, part))) == 1 for part in parts):
        column["each"] = [part[0] for part in parts]
    else:
        column["all"] = [value for part in parts for value in part]
    return column


def decode(encoded: Encoded, point: int = 0) -> dict[str, list[Any]]:
    """Columns of one point; the Python twin of the front end's ``decode``.

    Parameters
    ----------
    encoded : dict
        From `encode`.
    point : int
        Position among the encoded frames.

    Returns
    -------
    dict
        Column name to list of JSON values.
    """
    rows = encoded["rows"]
    if isinstance(rows, int):
        start, count = point * rows, rows
    else:
        start, count = sum(rows[:point]), rows[point]
    columns = {}
    for name, column in encoded["columns"].items():
        if "same" in column:
            values = column["same"]
        elif "each" in column:
            values = [column["each"][point]] * count
        else:
            values = column["all"][start : start + count]
        words = column.get("words")
        columns[name] = list(values) if words is None else [words[code] for code in values]
    return columns
