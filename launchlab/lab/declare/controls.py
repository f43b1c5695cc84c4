"""The controls of an experiment: what a reader may set, and to which values.

A control is declared once. In a kernel it becomes an ipywidgets control; in the page, a labelled
HTML input. A *level* is a ``(value, name)`` pair: the function receives the value, the reader
sees the name.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from launchlab.lab.view.numbers import MINUS

Level = tuple[Any, str]

_NAME = re.compile(r"[a-z][a-z0-9_]*\Z")
# A hyphen that says "less than zero", and not one between two words or numbers.
_BELOW_ZERO = re.compile(r"(?<![\w.])-(?=\$?\.?\d)")


def _check_name(kind: str, name: str) -> None:
    if not isinstance(name, str) or not _NAME.match(name):
        raise ValueError(
            f"{kind} name={name!r}: expected a lower-case argument name, such as 'members'"
        )


def _check_label(owner: str, label: str) -> None:
    if not isinstance(label, str) or not label.strip():
        raise ValueError(f"{owner}: label={label!r}, expected text that a reader understands")


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _written(value: Any) -> str:
    """A level as it is written in a page's address."""
    return value if isinstance(value, str) else json.dumps(value)


def _printed(text: str) -> str:
    """A label with a true minus before its numbers, as sentences write them."""
    return _BELOW_ZERO.sub(MINUS, text)


def several(unit: str) -> str:
    """A unit as it stands beside several: "weeks" of "week|weeks"."""
    return unit.rpartition("|")[2]


def _with_unit(text: str, unit: str) -> str:
    unit = unit.partition("|")[0] if text == "1" else several(unit)
    # One no-break space; dollars stand before their number.
    return f"${text}" if unit == "$" else f"{text}\u00a0{unit}" if unit else text


def _levels(owner: str, given: Iterable[Any]) -> tuple[Level, ...]:
    """Turn values or (value, name) pairs into pairs; refuse levels that cannot be told apart."""
    pairs: list[Level] = []
    for item in given:
        pair = (
            item if isinstance(item, tuple) else (item, f"{item:,}" if _is_number(item) else item)
        )
        if len(pair) != 2 or not isinstance(pair[1], str) or not pair[1]:
            raise ValueError(f"{owner}: level {item!r}, expected a value or a (value, name) pair")
        value = pair[0]
        if not isinstance(value, str | bool | int | float) and value is not None:
            raise ValueError(
                f"{owner}: level {value!r} is a {type(value).__name__}, expected a plain number, "
                "string, bool or None (a page cannot carry anything else)"
            )
        if isinstance(value, float) and not math.isfinite(value):
            raise ValueError(f"{owner}: level {value!r}, expected a finite number")
        pairs.append((value, _printed(pair[1])))
    if len(pairs) < 2:
        raise ValueError(f"{owner}: {len(pairs)} level(s), expected at least two to choose from")
    for position, (value, name) in enumerate(pairs):
        for other, other_name in pairs[:position]:
            # 1, 1.0 and True are the same key in Python, so two of them would be the same point.
            if other == value and (other is None) == (value is None):
                raise ValueError(f"{owner}: duplicate level {value!r} (and {other!r})")
            if _written(other) == _written(value):
                raise ValueError(
                    f"{owner}: levels {other!r} and {value!r} read alike in a page's address"
                )
            if other_name == name:
                raise ValueError(f"{owner}: duplicate level name {name!r}")
    return tuple(pairs)


@dataclass(frozen=True)
class _Levelled:
    """What slider, choice and toggle share: a finite, ordered list of levels."""

    name: str
    label: str
    levels: tuple[Level, ...]
    default: Any
    unit: str = ""

    def __post_init__(self) -> None:
        owner = f"{type(self).__name__} {self.name!r}"
        _check_name(type(self).__name__, self.name)
        _check_label(owner, self.label)
        object.__setattr__(self, "levels", _levels(owner, self.levels))
        try:
            self.index(self.default)
        except ValueError as error:
            raise ValueError(f"{owner}: default={self.default!r}, {error}") from None

    @property
    def values(self) -> tuple[Any, ...]:
        """The levels' values, in order."""
        return tuple(value for value, _ in self.levels)

    @property
    def ends(self) -> tuple[Any, Any]:
        """The first and the last level's value."""
        return self.values[0], self.values[-1]

    def index(self, value: Any) -> int:
        """Position of a value among the levels.

        Raises
        ------
        ValueError
            If the value is not a level.
        """
        for position, level in enumerate(self.values):
            if isinstance(level, bool) != isinstance(value, bool):
                continue
            if level is value or (level is not None and value is not None and level == value):
                return position
        raise ValueError(f"expected one of {', '.join(map(repr, self.values))}")

    def check(self, value: Any) -> Any:
        """Return the level equal to ``value``; raise ValueError if there is none."""
        try:
            return self.values[self.index(value)]
        except ValueError as error:
            raise ValueError(f"control {self.name}={value!r}: {error}") from None

    def shown(self, value: Any) -> str:
        """A level as the reader sees it, with its unit."""
        return _with_unit(self.levels[self.index(value)][1], self.unit)

    def public(self) -> dict[str, Any]:
        """What the front end needs to draw the control (JSON data)."""
        return {
            "kind": type(self).__name__.lower(),
            "name": self.name,
            "label": self.label,
            "unit": self.unit,
            "names": [name for _, name in self.levels],
            "values": list(self.values),
            "default": self.index(self.default),
        }


@dataclass(frozen=True)
class Slider(_Levelled):
    """A slider over given levels, in the order given.

    Parameters
    ----------
    name : str
        Argument of the experiment's function.
    label : str
        What the reader sees.
    levels : sequence of values or (value, name) pairs
    default : value
        One of the levels.
    unit : str
        Shown after the level's name, for example "ms"; "week|weeks" is "week" after a 1.
    """


@dataclass(frozen=True)
class Choice(_Levelled):
    """A choice among named levels; parameters as for `Slider`."""


@dataclass(frozen=True)
class Toggle(_Levelled):
    """A switch. ``levels`` names the two states, (False, "off") and (True, "on") by default.

    Parameters
    ----------
    name, label : str
    default : bool
    """

    levels: tuple[Level, ...] = ((False, "off"), (True, "on"))
    default: Any = False

    def __post_init__(self) -> None:
        super().__post_init__()
        # 0 and 1 equal False and True in Python, but not in the page.
        if self.values != (False, True) or {type(value) for value in self.values} != {bool}:
            raise ValueError(
                f"Toggle {self.name!r}: levels {self.values!r}, expected False, then True"
            )


@dataclass(frozen=True)
class Range:
    """A continuous slider, only for experiments in rule form, which have no grid.

    Parameters
    ----------
    name, label : str
    low, high, step : float
        ``step`` divides ``high - low`` into whole steps.
    default : float
        A whole number of steps above ``low``.
    unit : str
    """

    name: str
    label: str
    low: float
    high: float
    step: float
    default: float
    unit: str = ""
    decimals: int = field(init=False, default=0)

    def __post_init__(self) -> None:
        owner = f"Range {self.name!r}"
        _check_name("Range", self.name)
        _check_label(owner, self.label)
        for what in ("low", "high", "step", "default"):
            value = getattr(self, what)
            if not _is_number(value) or not math.isfinite(value):
                raise ValueError(f"{owner}: {what}={value!r}, expected a finite number")
        if not self.low < self.high:
            raise ValueError(f"{owner}: low={self.low!r}, expected less than high={self.high!r}")
        steps = (self.high - self.low) / self.step if self.step > 0 else 0.0
        if round(steps) < 1 or abs(steps - round(steps)) > 1e-6:
            raise ValueError(
                f"{owner}: step={self.step!r}, expected a positive number that divides "
                f"{self.low!r}..{self.high!r} into whole steps"
            )
        # A coarser step may still start at a finer value: 0.25, 0.75, 1.25 has step 0.5.
        texts = [f"{value:.10f}".rstrip("0") for value in (self.low, self.step)]
        object.__setattr__(self, "decimals", max(len(text.split(".")[1]) for text in texts))
        self.check(self.default)

    @property
    def ends(self) -> tuple[float, float]:
        """Lowest and highest value."""
        return self.low, self.high

    def check(self, value: Any) -> Any:
        """Return ``value`` snapped to its step; raise ValueError if it is not on a step."""
        if _is_number(value) and math.isfinite(value):
            steps = (value - self.low) / self.step
            most = round((self.high - self.low) / self.step)
            # 3 * 0.1 is slightly more than 0.3, but 0.3 is meant.
            if abs(steps - round(steps)) < 1e-6 and 0 <= round(steps) <= most:
                snapped = round(self.low + round(steps) * self.step, self.decimals)
                return snapped if self.decimals else int(snapped)
        raise ValueError(
            f"control {self.name}={value!r}: expected a number from {self.low!r} to {self.high!r} "
            f"in steps of {self.step!r}"
        )

    def shown(self, value: float) -> str:
        """A value as the reader sees it, with its unit."""
        return _with_unit(_printed(f"{value:.{self.decimals}f}"), self.unit)

    def public(self) -> dict[str, Any]:
        """What the front end needs to draw the control (JSON data)."""
        return {
            "kind": "range",
            "name": self.name,
            "label": self.label,
            "unit": self.unit,
            "low": self.low,
            "high": self.high,
            "step": self.step,
            "decimals": self.decimals,
            "default": self.check(self.default),
        }


Control = Slider | Choice | Toggle | Range


def check_controls(owner: str, controls: Sequence[Control]) -> tuple[Control, ...]:
    """Refuse an empty list, objects that are not controls, and two controls of the same name."""
    controls = tuple(controls)
    if not controls:
        raise ValueError(f"{owner}: no controls, expected at least one")
    seen: set[str] = set()
    for control in controls:
        if not isinstance(control, Slider | Choice | Toggle | Range):
            raise ValueError(
                f"{owner}: control {control!r}, expected a Slider, Choice, Toggle or Range"
            )
        if control.name in seen:
            raise ValueError(f"{owner}: two controls are called {control.name!r}")
        seen.add(control.name)
    return controls


# From this many switches on a setting names those that are on, and no others.
MANY_SWITCHES = 9


def setting_words(controls: Sequence[Control], state: dict[str, Any]) -> str:
    """A state in the words that its controls show: ``Members: 50; Each is silent: 1 %``.

    Parameters
    ----------
    controls : sequence of Control
    state : dict
        Control name to value, checked.
    """
    switches = [control for control in controls if isinstance(control, Toggle)]
    many = len(switches) >= MANY_SWITCHES
    parts = [
        f"{control.label}: {control.shown(state[control.name])}"
        for control in controls
        if not (many and isinstance(control, Toggle))
    ]
    if many:
        on = [control.label for control in switches if state[control.name]]
        parts.append(f"on: {', '.join(on) or 'none'}")
    return "; ".join(parts)


def check_state(
    owner: str, controls: Sequence[Control], given: dict[str, Any], *, partial: bool = True
) -> dict[str, Any]:
    """Complete the given state with defaults and check each value.

    Parameters
    ----------
    owner : str
        Name to use in errors.
    controls : sequence of Control
    given : dict
        Control name to value.
    partial : bool
        Whether controls left out take their default; if not, leaving one out is an error.

    Raises
    ------
    ValueError
        For an unknown or missing control, or a value that is not a level.
    """
    names = [control.name for control in controls]
    unknown = sorted(set(given) - set(names))
    if unknown:
        raise ValueError(
            f"{owner}: unknown control {unknown[0]!r}, expected {', '.join(map(repr, names))}"
        )
    if not partial and len(given) < len(names):
        missing = next(name for name in names if name not in given)
        raise ValueError(f"{owner}: control {missing!r} is missing")
    state: dict[str, Any] = {}
    for control in controls:
        value = given.get(control.name, control.default)
        try:
            state[control.name] = control.check(value)
        except ValueError as error:
            raise ValueError(f"{owner}: {error}") from None
    return state
