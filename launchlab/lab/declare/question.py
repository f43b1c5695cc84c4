"""The prediction that a lab asks for before it shows the outcome."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from launchlab.lab.declare.errors import ExperimentError


@dataclass(frozen=True)
class Question:
    """A prediction the reader is asked for before the outcome is shown.

    It is about one setting of the controls, and is judged there, once: the verdict stays as it is
    when the reader moves on.

    Parameters
    ----------
    text : str
        The question.
    truth : callable
        The frame at the setting asked about -> the right answer: one of the options' values, or a
        number.
    options : sequence of (value, name)
        Answers to choose from; left out, the answer is a number.
    unit : str
        Unit of a numeric answer, such as "%", "ms", "$", "points" or "of 20".
    tolerance : float
        A numeric answer this close to the truth counts as close.
    low, high : float, optional
        A numeric answer outside this range is refused and asked for again. Make it wide: it stops
        slips of the pen, and must not give the answer away.
    at : dict
        The setting asked about, by control; those left out stand at their default.

    Raises
    ------
    ValueError
        If the declaration is not sound.
    """

    text: str
    truth: Callable[[pd.DataFrame], Any]
    options: tuple[tuple[Any, str], ...] = ()
    unit: str = ""
    tolerance: float = 0.0
    low: float | None = None
    high: float | None = None
    at: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.text.strip():
            raise ValueError(f"Question text={self.text!r}, expected a question")
        object.__setattr__(self, "options", tuple((value, name) for value, name in self.options))
        values, names = zip(*self.options, strict=True) if self.options else ((), ())
        if None in values:
            raise ValueError(
                f"Question options={self.options!r}, expected no None: who skips says it"
            )
        distinct = len(set(values)) == len(set(names)) == len(self.options)
        if len(self.options) == 1 or not distinct:
            raise ValueError(f"Question options={self.options!r}, expected two or more, distinct")
        if not self.tolerance >= 0 or not math.isfinite(self.tolerance):
            raise ValueError(f"Question tolerance={self.tolerance!r}, expected a number >= 0")
        self._check_range()

    def _check_range(self) -> None:
        if self.low is None and self.high is None:
            return
        given = f"Question low={self.low!r}, high={self.high!r}"
        if self.options:
            raise ValueError(f"{given}, expected neither where there are options")
        if self.low is None or self.high is None or not -math.inf < self.low < self.high < math.inf:
            raise ValueError(f"{given}, expected two finite numbers, the lower one first")

    def answer(self, owner: str, frame: pd.DataFrame) -> Any:
        """The right answer for a frame, checked.

        Raises
        ------
        ExperimentError
            If it is neither an option nor a finite number within the range.
        """
        try:
            truth = self.truth(frame)
        except Exception as error:
            raise ExperimentError(f"{owner}: truth: {type(error).__name__}: {error}") from error
        truth = truth.item() if hasattr(truth, "item") else truth
        if self.options:
            for value, _ in self.options:
                if value == truth:
                    return value  # the option's own value: 1, 1.0 and True differ in a page
            raise ExperimentError(f"{owner}: the question's truth is {truth!r}, no option")
        if isinstance(truth, bool) or not isinstance(truth, int | float):
            raise ExperimentError(f"{owner}: the question's truth is {truth!r}, no number")
        elif not math.isfinite(truth):
            raise ExperimentError(f"{owner}: the question's truth is {truth!r}, not finite")
        if self.low is not None and self.high is not None and not self.low <= truth <= self.high:
            raise ExperimentError(
                f"{owner}: the question's truth is {truth!r}, expected a number in the range that "
                f"it gives, {self.low!r} to {self.high!r}"
            )
        return truth

    def public(self) -> dict[str, Any]:
        """What the front end needs (JSON data)."""
        return {
            "text": self.text,
            "unit": self.unit,
            "tolerance": self.tolerance,
            "low": self.low,
            "high": self.high,
            "values": [value for value, _ in self.options],
            "names": [name for _, name in self.options],
        }
