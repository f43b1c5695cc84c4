"""One experiment, declared once; the two lives know how to show it."""

from __future__ import annotations

import itertools
import math
import re
import time
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import altair as alt
import pandas as pd

from launchlab import memo, reach
from launchlab.lab.declare.controls import Control, Range, check_controls, check_state
from launchlab.lab.declare.errors import ExperimentError
from launchlab.lab.declare.frame import check_frame
from launchlab.lab.declare.panels import CardLike, Preset, Record, as_card
from launchlab.lab.declare.question import Question
from launchlab.lab.declare.rule import Rule
from launchlab.lab.declare.specs import chart_spec, difference
from launchlab.lab.declare.texts import Text, describe, fingerprint, text_of
from launchlab.lab.view.charts import Declared
from launchlab.lab.view.say import Say, as_say

_SLUG = re.compile(r"[a-z][a-z0-9-]*\Z")


@dataclass(frozen=True)
class Point:
    """One computed state: its frame, the texts made from it, and its cost."""

    state: dict[str, Any]
    frame: pd.DataFrame
    sentence: str
    cpu_seconds: float
    cards: tuple[dict[str, Any], ...] = ()
    record: str = ""
    heading: str = ""


@dataclass(frozen=True)
class Declaration:
    """A pure function of controls, with a chart, a sentence and perhaps a question.

    Parameters
    ----------
    name : str
        Lower case with hyphens; the lab's address in its page (``#lab-NAME``).
    title : str
        What the experiment is about.
    run : callable
        ``run(**controls) -> DataFrame`` (in rule form ``run(table, **controls)``): tidy, finite,
        with the same columns in every state. It must be pure: same controls, same frame.
    chart : callable
        ``chart(frame) -> altair chart``. Only data may differ between states: fix the domains and
        keep the frame's numbers out of titles; the finding goes into heading and sentence. Usual
        shapes are made by `launchlab.lab.charts`.
    sentence : Say, str or callable
        What the frame shows, read out by screen readers: a template (see `launchlab.lab.say`; a
        string is one), or ``sentence(frame) -> str``.
    heading : Say, str or callable, optional
        What stands above the chart and follows the state, in the same forms. The chart then has no
        title of its own.
    controls : sequence of Slider, Choice, Toggle or Range
    description : str
        The chart's text alternative: axes, marks, and what to look for.
    question : Question, optional
    reflect : str
        A closing question to a named stakeholder.
    presets : sequence of Preset
        Buttons that lead to a setting.
    cards : callable, optional
        ``cards(frame) -> list of Card`` (or of objects that `as_card` accepts), shown under the
        chart.
    record : Record, optional
        A text that the reader can copy out.
    columns : dict, optional
        Column name to heading in the table of numbers; columns left out stay hidden.
    missing : sequence of str
        Columns that may hold NaN or None.
    measured : sequence of str
        Columns that are measured (seconds, for example) and therefore differ from run to run.
    digits : int
        Significant digits sent to a front end.
    rule : Rule, optional
    cpu_budget : float
        CPU seconds that all points of the grid may take together, without what a first of them
        computed for others too.
    byte_budget : int
        Bytes, gzipped, that the frozen lab may take in its page.

    Raises
    ------
    ValueError
        If the declaration is not sound.

    Examples
    --------
    >>> import altair as alt, pandas as pd
    >>> from launchlab import lab
    >>> def squares(n):
    ...     return pd.DataFrame({"x": range(n), "y": [x * x for x in range(n)]})
    >>> demo = lab.Experiment(
    ...     name="squares", title="Squares", run=squares,
    ...     chart=lambda frame: alt.Chart(frame).mark_point().encode(
    ...         alt.X("x:Q").scale(domain=[0, 9]), alt.Y("y:Q").scale(domain=[0, 81])),
    ...     sentence=lambda frame: f"The largest square is {frame.y.max()}.",
    ...     controls=[lab.Slider("n", "How many", [2, 5, 9], default=5)],
    ...     description="Points on a parabola.")
    >>> demo(n=2).y.tolist()
    [0, 1]
    """

    name: str
    title: str
    run: Callable[..., pd.DataFrame]
    chart: Callable[[pd.DataFrame], alt.TopLevelMixin]
    sentence: Text
    controls: Sequence[Control]
    description: str
    heading: Text | None = None
    question: Question | None = None
    reflect: str = ""
    presets: Sequence[Preset] = ()
    cards: Callable[[pd.DataFrame], Sequence[CardLike]] | None = None
    record: Record | None = None
    columns: dict[str, str] = field(default_factory=dict)
    missing: Sequence[str] = ()
    measured: Sequence[str] = ()
    digits: int = 5
    rule: Rule | None = None
    cpu_budget: float = 15.0
    byte_budget: int = 50_000

    def __post_init__(self) -> None:
        if not _SLUG.match(self.name):
            raise ValueError(
                f"Experiment name={self.name!r}, expected lower case letters, digits and hyphens"
            )
        for what in ("title", "description"):
            if not getattr(self, what).strip():
                raise ValueError(f"{self._owner}: {what} is empty, expected text")
        for what in ("sentence", "heading"):
            if isinstance(getattr(self, what), str):
                object.__setattr__(self, what, as_say(getattr(self, what)))
        object.__setattr__(self, "controls", check_controls(self._owner, self.controls))
        if self.digits < 1:
            raise ValueError(f"{self._owner}: digits={self.digits!r}, expected at least 1")
        if self.rule is None:
            for control in self.controls:
                if isinstance(control, Range):
                    raise ValueError(
                        f"{self._owner}: Range {control.name!r} needs the rule form (rule=...); "
                        "a grid has levels, expected a Slider"
                    )
        else:
            self._check_rule(self.rule.javascript)
        object.__setattr__(self, "presets", tuple(self.presets))
        for preset in self.presets:
            self.state(**preset.state)
        if self.question:
            self.state(**self.question.at)

    def _check_rule(self, javascript: str) -> None:
        for name in self.rule_functions:
            if not re.search(rf"\bfunction\s+{name}\s*\(", javascript):
                message = f"the rule's javascript defines no function {name}()"
                raise ValueError(f"{self._owner}: {message}")

    @property
    def templates(self) -> dict[str, Say]:
        """Those of sentence and heading that are templates, which a page can fill itself."""
        texts = {"sentence": self.sentence, "heading": self.heading}
        return {name: text for name, text in texts.items() if isinstance(text, Say)}

    @property
    def rule_functions(self) -> list[str]:
        """The functions that a rule's JavaScript has to define: one for each part in Python."""
        templates = self.templates
        parts = {
            "sentence": "sentence" not in templates,
            "heading": self.heading is not None and "heading" not in templates,
            "values": any(text.values for text in templates.values()),
            "cards": self.cards is not None,
            "record": self.record is not None,
        }
        return ["frame", *(name for name, is_needed in parts.items() if is_needed)]

    @property
    def _owner(self) -> str:
        return f"experiment {self.name!r}"

    @property
    def defaults(self) -> dict[str, Any]:
        """The default state."""
        return check_state(self._owner, self.controls, {})

    @property
    def size(self) -> int:
        """Number of points of the grid.

        Raises
        ------
        ExperimentError
            In rule form, which has no grid.
        """
        self._need_grid()
        return math.prod(len(control.levels) for control in self._levelled)

    @property
    def _levelled(self) -> list[Any]:
        return list(self.controls)

    def _need_grid(self) -> None:
        if any(isinstance(control, Range) for control in self.controls) or self.rule:
            raise ExperimentError(f"{self._owner} is in rule form and has no grid")

    def state(self, **controls: Any) -> dict[str, Any]:
        """The given controls, checked, with defaults for the others."""
        return check_state(self._owner, self.controls, controls)

    def asked_state(self) -> dict[str, Any]:
        """The setting that the question is about; the default one where there is no question."""
        return self.state(**self.question.at) if self.question else self.defaults

    def truth(self, point: Point) -> Any:
        """The right answer to the question.

        Parameters
        ----------
        point : Point
            At the setting asked about.

        Raises
        ------
        ExperimentError
            If there is none.
        """
        if self.question is None:
            raise ExperimentError(f"{self._owner} asks no question")
        owner = f"{self._owner} at {describe(point.state)}"
        return self.question.answer(owner, point.frame)

    def states(self) -> Iterator[dict[str, Any]]:
        """All states of the grid; the last control varies fastest."""
        self._need_grid()
        names = [control.name for control in self.controls]
        for values in itertools.product(*(control.values for control in self._levelled)):
            yield dict(zip(names, values, strict=True))

    def __call__(self, **controls: Any) -> pd.DataFrame:
        """Compute one point.

        Parameters
        ----------
        **controls
            Control values; those left out take their default.

        Returns
        -------
        DataFrame

        Raises
        ------
        ValueError
            For an unknown control or a value that is not a level.
        ExperimentError
            If the function raises or its frame cannot be shown.
        """
        return self.point(self.state(**controls)).frame

    def point(self, state: dict[str, Any], columns: Sequence[str] | None = None) -> Point:
        """Compute one checked state: its frame and everything made from the frame.

        Parameters
        ----------
        state : dict
            As `state` returns it.
        columns : sequence of str, optional
            The columns the frame must have.
        """
        owner = f"{self._owner} at {describe(state)}"
        started = time.process_time()
        try:
            raw = self.run(self.rule.table, **state) if self.rule else self.run(**state)
        except Exception as error:
            raise ExperimentError(f"{owner}: {type(error).__name__}: {error}") from error
        spent = time.process_time() - started
        try:
            frame = check_frame(owner, raw, missing=self.missing, columns=columns)
        except (TypeError, ValueError) as error:
            raise ExperimentError(str(error)) from error
        for name in (*self.missing, *self.measured, *self.columns):
            if name not in frame.columns:
                raise ExperimentError(
                    f"{owner}: no column {name!r}, which missing=, measured= or columns= names"
                )
        sentence = text_of(owner, "sentence", self.sentence, frame)
        heading = text_of(owner, "heading", self.heading, frame) if self.heading else ""
        cards: tuple[dict[str, Any], ...] = ()
        if self.cards:
            try:
                cards = tuple(as_card(card).public() for card in self.cards(frame))
            except Exception as error:
                raise ExperimentError(f"{owner}: cards: {type(error).__name__}: {error}") from error
        record = text_of(owner, "record", self.record.text, frame) if self.record else ""
        return Point(state, frame, sentence, spent, cards, record, heading)

    def points(self) -> list[Point]:
        """Every point of the grid, computed or taken from the cache, within the CPU budget.

        Raises
        ------
        ExperimentError
            If a point fails, columns differ between points, or the budget is overrun.
        """
        states = list(self.states())
        key = self.cache_key()
        known = memo.load(key)
        if known is None:
            default = self.point(self.defaults)
            columns = list(default.frame.columns)
            known, again = [], True
            for state in states:
                point = default if state == default.state else self.point(state, columns)
                known.append(point)
                if again and self._spent(known) > self.cpu_budget:
                    known, again = self._without_stages(known, columns), False
                self._check_budget(known, len(states))
            memo.store(key, known)
        self._check_budget(known, len(states))
        return list(known)

    def _without_stages(self, known: list[Point], columns: Sequence[str]) -> list[Point]:
        """The same points, the dearest of them without what it computed for others too.

        Whoever comes first trains the models that all others find in the memo. Which notebook that
        is hangs on the day, and so must not decide about the grid of any of them.
        """
        dearest = max(known, key=lambda point: point.cpu_seconds)
        again = self.point(dearest.state, columns)
        cheaper = replace(dearest, cpu_seconds=min(dearest.cpu_seconds, again.cpu_seconds))
        return [cheaper if point is dearest else point for point in known]

    @staticmethod
    def _spent(known: list[Point]) -> float:
        return sum(point.cpu_seconds for point in known)

    def _check_budget(self, known: list[Point], size: int) -> None:
        spent = self._spent(known)
        if spent > self.cpu_budget:
            raise ExperimentError(
                f"{self._owner}: {len(known)} of {size} grid points took {spent:.1f} s of CPU, "
                f"{spent - self.cpu_budget:.1f} s over the budget of {self.cpu_budget:g} s; use "
                "fewer levels, a smaller model, or a stage that is computed ahead"
            )

    def cache_key(self) -> str:
        """Name of the grid's entry in the cache: sources, controls and versions."""
        return memo.key_of(
            self.name,
            reach.reached([__name__]),
            memo.fingerprint(self.run),
            [fingerprint(text) for text in (self.sentence, self.heading)],
            memo.fingerprint(self.cards) if self.cards else None,
            memo.fingerprint(self.record.text) if self.record else None,
            [control.public() for control in self.controls],
            [sorted(names) for names in (self.missing, self.measured, self.columns)],
        )

    def grid(self) -> pd.DataFrame:
        """Every point of the grid as one tidy frame, with one column for each control.

        Returns
        -------
        DataFrame
            The controls' columns first; a frame's own column of the same name is kept as it is.
        """
        frames = []
        for point in self.points():
            own = set(point.frame.columns)
            lead = {name: value for name, value in point.state.items() if name not in own}
            index = point.frame.index
            frames.append(pd.concat([pd.DataFrame(lead, index=index), point.frame], axis=1))
        return pd.concat(frames, ignore_index=True)

    def spec(self, frame: pd.DataFrame, known: dict[str, Any] | None = None) -> dict[str, Any]:
        """The chart's Vega-Lite specification, with its one data set replaced by a name.

        With ``known``, one that holds and that this one will be compared with, it is not held to
        Vega-Lite's schema again.

        Raises
        ------
        ExperimentError
            If the chart cannot be made, or if it draws any data but the frame.
        """
        return chart_spec(self._owner, self.chart, frame, titled=not self.heading, known=known)

    def drawn_by(self, point: Point) -> Hashable:
        """What the spec of a point rests on: points of which this is the same have the same one.

        Raises
        ------
        ExperimentError
            If the chart cannot be made of the point's frame.
        """
        if not isinstance(self.chart, Declared):
            return tuple(point.state.items())
        try:
            return self.chart.drawn_by(point.frame)
        except Exception as error:
            raise ExperimentError(
                f"{self._owner}: chart: {type(error).__name__}: {error}"
            ) from error

    def check_specs(self, computed: Sequence[Point], *, each: bool = False) -> dict[str, Any]:
        """The spec that all points share.

        Parameters
        ----------
        computed : sequence of Point
        each : bool
            Whether it is made even of points of which `drawn_by` says that it is the same.

        Raises
        ------
        ExperimentError
            If two differ.
        """
        first = self.spec(computed[0].frame)
        known = {self.drawn_by(computed[0])}
        for point in computed[1:]:
            key = self.drawn_by(point)
            if key in known and not each:
                continue
            known.add(key)
            other = self.spec(point.frame, first)
            if other != first:
                where = difference(first, other)
                raise ExperimentError(
                    f"{self._owner}: the chart differs between {describe(computed[0].state)} and "
                    f"{describe(point.state)} at {where}; only data may change, so fix domains "
                    "and move numbers from titles into the sentence"
                )
        return first

    def __repr__(self) -> str:
        return f"<Experiment {self.name!r}: call .show() to use it>"
