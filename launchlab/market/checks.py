"""Checks of arguments, with the same wording for every error of the marketplace."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray


def whole(name: str, value: int, *, low: int, high: int | None = None) -> int:
    """Return ``value`` as an int, or raise ValueError if it is not a whole number in range."""
    top = "" if high is None else f" and at most {high}"
    is_whole = isinstance(value, (int, np.integer)) and not isinstance(value, bool)
    if not is_whole or value < low or (high is not None and value > high):
        raise ValueError(f"{name}={value!r}: expected a whole number of at least {low}{top}")
    return int(value)


def within(name: str, value: float, low: float, high: float) -> float:
    """Return ``value`` as a float, or raise ValueError if it is not in [low, high]."""
    number = (int, float, np.integer, np.floating)
    is_number = isinstance(value, number) and not isinstance(value, bool)
    if not is_number or not low <= value <= high:  # the comparison also catches NaN
        raise ValueError(f"{name}={value!r}: expected a number from {low:g} to {high:g}")
    return float(value)


def one_of(name: str, value: str, allowed: Sequence[str]) -> str:
    """Return ``value``, or raise ValueError if it is not one of ``allowed``."""
    if value not in allowed:
        raise ValueError(f"{name}={value!r}: expected one of {', '.join(allowed)}")
    return value


def array(
    name: str,
    value: Any,
    shape: tuple[int, ...],
    *,
    low: float = -np.inf,
    high: float = np.inf,
) -> NDArray[Any]:
    """Return ``value`` as a finite array of ``shape`` within [low, high], or raise ValueError."""
    values = np.asarray(value)
    if values.shape != shape:
        raise ValueError(f"{name} has shape {values.shape}: expected {shape}")
    if not np.issubdtype(values.dtype, np.number):
        raise ValueError(f"{name} has dtype {values.dtype}: expected numbers")
    if values.size == 0:
        return values
    # NaN and infinities show up in min and max: two cheap passes, and no boolean mask.
    smallest, largest = values.min(), values.max()
    if not (np.isfinite(smallest) and np.isfinite(largest)):
        raise ValueError(f"{name} holds NaN or infinity: expected finite numbers")
    if smallest < low or largest > high:
        raise ValueError(
            f"{name} ranges from {smallest:g} to {largest:g}:"
            f" expected values from {low:g} to {high:g}"
        )
    return values
