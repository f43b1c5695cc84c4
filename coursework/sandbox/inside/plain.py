"""How the values of a notebook become plain JSON.

Numbers are not rounded, since they are compared within a tolerance.
A numpy scalar becomes a Python number, an array (also a pandas index or
column type) a list, a tuple or range a list, a set a sorted list. A pandas
Series becomes a list when its labels are 0, 1, 2, ..., else an object from
label to value; a DataFrame an object from column to such a Series. The keys of
an object become texts, those of a tuple joined by ", ". ``pd.NA`` and ``NaT``
become NaN, a date its ISO text, a time difference seconds, decimals and
fractions numbers. Everything else is refused by its type's name.
"""

import datetime
import decimal
import fractions
import sys
from collections.abc import Mapping
from typing import Any

#: The most values in one answer, and the most bytes of it.
MOST_VALUES = 100_000
MOST_BYTES = 1_000_000
DEEPEST = 20


class NotPlainError(Exception):
    """A value that has no plain JSON form."""


def plain(value: object) -> Any:
    """Return ``value`` as plain JSON data, as this module's docstring says.

    Raises
    ------
    NotPlainError
        When it has no such form, or is larger than an answer may be.
    """
    left = MOST_VALUES

    def count(more: int = 1) -> None:
        nonlocal left
        left -= more
        if left < 0:
            raise NotPlainError(f"more than {MOST_VALUES} values, expected a short answer")

    def convert(value: object, depth: int) -> Any:
        count()
        if depth > DEEPEST:
            raise NotPlainError(f"nested deeper than {DEEPEST} levels")
        if value is None or value is True or value is False:
            return value
        if isinstance(value, str):
            count(len(value) // 10)
            return str.__str__(value)
        if isinstance(value, int):
            return int.__int__(value)
        if isinstance(value, float):
            return float.__float__(value)
        if isinstance(value, decimal.Decimal | fractions.Fraction):
            return float(value)
        if isinstance(value, datetime.date):
            return str(value) if str(value) == "NaT" else value.isoformat()
        if isinstance(value, datetime.timedelta):
            return value.total_seconds()
        if isinstance(value, Mapping):
            return table(value.items(), depth)
        if isinstance(value, set | frozenset):
            parts = [convert(part, depth + 1) for part in value]
            return sorted(parts, key=lambda part: (type(part).__name__, repr(part)))
        if isinstance(value, list | tuple | range):
            return [convert(part, depth + 1) for part in value]
        return of_library(value, depth)

    def table(items: Any, depth: int) -> dict[str, Any]:
        out: dict[str, Any] = {}
        for key, part in items:
            name = label(key)
            if name in out:
                raise NotPlainError(f"two keys are written {name!r}")
            out[name] = convert(part, depth + 1)
        return out

    def label(key: object) -> str:
        if isinstance(key, tuple):
            return ", ".join(label(part) for part in key)
        return str(convert(key, DEEPEST))

    def of_library(value: Any, depth: int) -> Any:
        # A library that nobody imported has no values here, and importing it costs a second.
        numpy, pandas = sys.modules.get("numpy"), sys.modules.get("pandas")
        if pandas is not None:
            if value is pandas.NA or value is pandas.NaT:
                return float("nan")
            if isinstance(value, pandas.DataFrame):
                return table(((name, value[name]) for name in value.columns), depth)
            if isinstance(value, pandas.Series):
                count(len(value))
                if list(value.index) == list(range(len(value))):
                    return [convert(part, depth + 1) for part in value.tolist()]
                return table(value.items(), depth)
            if isinstance(value, pandas.Index | pandas.api.extensions.ExtensionArray):
                return [convert(part, depth + 1) for part in value.tolist()]
        if numpy is not None:
            if isinstance(value, numpy.datetime64 | numpy.timedelta64):
                return float("nan") if numpy.isnat(value) else str(value)
            if isinstance(value, numpy.floating | numpy.integer | numpy.bool_):
                item = value.item()
                return convert(float(value) if isinstance(item, numpy.generic) else item, depth)
            if isinstance(value, numpy.ndarray):
                count(value.size)
                return convert(value.tolist(), depth)
        kind = type(value)
        raise NotPlainError(f"a value of type {kind.__name__}, expected plain data")

    return convert(value, 0)
