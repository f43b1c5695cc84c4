"""Checks of what is given, with errors that name it."""

from __future__ import annotations


def share(name: str, value: float) -> float:
    """A share, checked.

    Raises
    ------
    ValueError
        If it is not from 0 to 1.
    """
    if not 0 <= value <= 1:
        raise ValueError(f"{name}={value!r}, expected a number from 0 to 1")
    return float(value)


def count(name: str, value: int) -> int:
    """A number of calls or steps, checked.

    Raises
    ------
    ValueError
        If it is not a whole number of at least 1.
    """
    if isinstance(value, bool) or int(value) != value or value < 1:
        raise ValueError(f"{name}={value!r}, expected a whole number of at least 1")
    return int(value)
