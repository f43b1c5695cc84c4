"""The live life: ipywidgets controls that recompute in the kernel, and a chart fed new data."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.resources import files
from typing import Any

import anywidget
import ipywidgets as widgets
import traitlets
from IPython import get_ipython
from IPython.display import display
from markupsafe import Markup

from launchlab.lab.declare.controls import (
    MANY_SWITCHES,
    Choice,
    Control,
    Range,
    Toggle,
    several,
)
from launchlab.lab.declare.declaration import Declaration, Point
from launchlab.lab.declare.errors import ExperimentError
from launchlab.lab.declare.frame import encode
from launchlab.lab.declare.panels import Preset
from launchlab.lab.declare.specs import DATA_NAME
from launchlab.lab.lives import prediction
from launchlab.lab.lives.page import declaration
from launchlab.lab.view import vega
from launchlab.lab.view.theme import responsive, take_title

# If a point takes longer than this, recomputing at every step of a drag would build up a queue.
_DRAG_SECONDS = 0.1
# A busy sign that flashes at every step is worse than none, and costs two messages.
_BUSY_SECONDS = 0.2


def front(name: str) -> str:
    """Text of a front-end file."""
    return files("launchlab.lab.lives").joinpath("front", name).read_text(encoding="utf-8")


def script() -> str:
    """The one script of all labs, for pages and kernels alike."""
    parts = ("rounding.js", "say.js", "prediction.js", "kept.js", "launchlab.js")
    return "\n".join(front(name) for name in parts)


class VegaRuntime(anywidget.AnyWidget):
    """Carries Vega into the page, once per kernel; charts wait for it."""

    _esm = traitlets.Unicode().tag(sync=True)

    def __init__(self) -> None:
        super().__init__(_esm=vega.bundle() + "export default { render() {} };")


@cache
def runtime() -> VegaRuntime:
    """The kernel's only `VegaRuntime`: one for each chart would cost 630 KB each time."""
    return VegaRuntime()


class ChartWidget(anywidget.AnyWidget):
    """A chart whose data can be replaced, with its sentence and, after a failure, the error."""

    _esm = script() + "\nexport default globalThis.launchlab.widget;\n"
    _css = front("launchlab.css")
    declaration = traitlets.Dict().tag(sync=True)
    frame = traitlets.Dict().tag(sync=True)
    sentence = traitlets.Unicode().tag(sync=True)
    heading = traitlets.Unicode().tag(sync=True)
    cards: Any = traitlets.List().tag(sync=True)
    record = traitlets.Unicode().tag(sync=True)
    busy = traitlets.Bool(False).tag(sync=True)
    computed = traitlets.Int(0).tag(sync=True)
    failure = traitlets.Unicode().tag(sync=True)


def plain_chart(spec: dict[str, Any]) -> widgets.Widget:
    """A plain Altair chart, without an experiment around it."""
    untitled, caption = take_title(spec)
    description = spec.get("description", "")
    chart = ChartWidget(
        declaration={
            "description": description,
            "caption": caption,
            "spec": responsive(untitled),
            "data": DATA_NAME,
            "columns": {},
            "record": "",
            "plain": True,
        }
    )
    return widgets.VBox([chart, runtime()])


def bundle(widget: widgets.Widget) -> dict[str, Any]:
    """What a cell shows whose last line is a widget.

    A widget of ipywidgets 7 can only display itself. Colab has that version, and draws others'
    widgets only where they were displayed.
    """
    if not hasattr(widget, "_repr_mimebundle_"):
        display(widget)
        return {"text/plain": ""}
    found: dict[str, Any] = widget._repr_mimebundle_()
    return found


class LiveLab:
    """One experiment in a kernel.

    Parameters
    ----------
    experiment : Declaration
    state : dict
        Checked state to start from.

    Attributes
    ----------
    controls : dict
        Control name to ipywidgets control.
    chart : ChartWidget
    prediction : dict or None
        What was predicted, as `prediction.record` writes it; None before that. It lives as long as
        the lab does.
    view : Widget
        What to display.
    """

    def __init__(self, experiment: Declaration, state: dict[str, Any]) -> None:
        self.experiment = experiment
        self._start = state
        start = experiment.point(state)
        self._columns = list(start.frame.columns)
        self._spec = experiment.spec(start.frame)
        self._checked = {experiment.drawn_by(start)}
        self._good = start
        self._moving = False
        known = declaration(experiment, self._spec, [start])
        self._asked: dict[str, Any] | None = known["question"]
        self.prediction: dict[str, Any] | None = None
        self.chart = ChartWidget(declaration=known)
        switches = sum(isinstance(control, Toggle) for control in experiment.controls)
        # Many switches are set close together, as launchlab.css does in a page.
        width = "340px" if switches < MANY_SWITCHES else "160px"
        self.controls = {
            control.name: _widget(control, state[control.name], width)
            for control in experiment.controls
        }
        for widget in self.controls.values():
            widget.observe(self._moved, names="value")
        self.verdict = widgets.HTML()
        self.copied = widgets.Text(
            description="In Python:", layout={"width": "100%", "display": "none"}
        )
        self.reset_button = widgets.Button(description="Reset")
        self.reset_button.on_click(lambda _: self.reset())
        self.copy_button = widgets.Button(description="Copy state")
        self.copy_button.on_click(lambda _: self.copy())
        self.preset_buttons = [self._preset_button(preset) for preset in experiment.presets]
        wrapped = {"flex_flow": "row wrap", "grid_gap": "6px"}
        panel = [widgets.Box(list(self.controls.values()), layout=wrapped)]
        if self.preset_buttons:
            panel.append(widgets.Box(self.preset_buttons, layout=wrapped))
        panel += [widgets.HBox([self.reset_button, self.copy_button]), self.copied]
        self._panel = widgets.VBox(panel)
        # What to reflect on may give away what is asked.
        reflect = [Markup("<p>{}</p>").format(experiment.reflect)] if experiment.reflect else []
        self._outcome = widgets.VBox([self.chart, self.verdict, *map(widgets.HTML, reflect)])
        self.question = _Question(self, self._asked) if self._asked else None
        title = widgets.HTML(Markup("<b>{}</b>").format(experiment.title))
        children = [title, self._panel, self._outcome]
        if self.question:
            children.insert(1, self.question.view)
            self._set_open(False)
        self.view = widgets.VBox([*children, runtime()]).add_class("ll-lab")
        self._put(start)

    @property
    def state(self) -> dict[str, Any]:
        """The controls' values."""
        return {
            control.name: _value(control, self.controls[control.name])
            for control in self.experiment.controls
        }

    def move(self, name: str, value: Any) -> None:
        """Set one control to a value, as a reader does with the mouse."""
        control = next(control for control in self.experiment.controls if control.name == name)
        _set(control, self.controls[name], control.check(value))

    def predict(self, said: Any, sure: str | None = None) -> None:
        """Commit to a prediction, and show the outcome at the setting that it is about.

        Parameters
        ----------
        said : float, or an option's value, or None
            None: skip the question, and stay where the controls are.
        sure : str, optional
            A key of `prediction.SURE`.
        """
        assert self._asked is not None
        self.prediction = prediction.record(self._asked, said, sure)
        text = prediction.verdict(self.prediction)
        self.verdict.value = Markup("<p>{}</p>").format(text) if text else ""
        if said is not None and self.state != self._asked["setting"]:
            self.go(self._asked["setting"])
        self._set_open(True)
        # The button that had the focus is gone now.
        self.chart.send("focus")

    def reset(self) -> None:
        """Put every control back where it started, with one recomputation."""
        self.go(self._start)

    def go(self, state: dict[str, Any]) -> None:
        """Set every control as in the given state, with one recomputation."""
        self._moving = True
        try:
            for name, value in state.items():
                self.move(name, value)
        finally:
            self._moving = False
        self._recompute()

    def _preset_button(self, preset: Preset) -> widgets.Button:
        button = widgets.Button(description=preset.label, layout={"width": "auto"})
        button.on_click(lambda _: self.go(self.experiment.state(**preset.state)))
        return button

    def copy(self) -> None:
        """Show the line of Python that leads back to this state."""
        start = self.experiment.defaults
        moved = {name: value for name, value in self.state.items() if value != start[name]}
        arguments = ", ".join(f"{name}={value!r}" for name, value in moved.items())
        found = variable_of(self.experiment)
        name = found or self.experiment.name.replace("-", "_")
        self.copied.description = "In Python:" if found else f"If {name} is this lab:"
        self.copied.value = f"{name}.show({arguments})"
        self.copied.layout.display = "flex"

    def _moved(self, _: Any) -> None:
        if not self._moving:
            self._recompute()

    def _recompute(self) -> None:
        started = time.perf_counter()
        with self._busy_sign():
            try:
                point = self.experiment.point(self.state, self._columns)
                # Draw before checking: Altair takes longer to make a spec than most labs to run.
                self._put(point)
                self._check_spec(point)
            except (ExperimentError, ValueError) as error:
                # Keep the last good picture, and say beneath it what went wrong.
                self._put(self._good, str(error))
            else:
                self._good = point
        drag = time.perf_counter() - started < _DRAG_SECONDS
        for widget in self.controls.values():
            if hasattr(widget, "continuous_update"):
                widget.continuous_update = drag

    @contextmanager
    def _busy_sign(self) -> Iterator[None]:
        """Show the busy sign if the block takes long, until it ends."""
        done = threading.Event()

        def wait() -> None:
            if not done.wait(_BUSY_SECONDS):
                self.chart.busy = True

        thread = threading.Thread(target=wait, daemon=True)
        thread.start()
        try:
            yield
        finally:
            done.set()
            thread.join()
            self.chart.busy = False

    def _check_spec(self, point: Point) -> None:
        key = self.experiment.drawn_by(point)
        if key in self._checked:
            return
        if self.experiment.spec(point.frame, self._spec) != self._spec:
            raise ExperimentError(
                f"experiment {self.experiment.name!r}: the chart's spec changed with the data"
            )
        self._checked.add(key)

    def _put(self, point: Point, failure: str = "") -> None:
        with self.chart.hold_sync():
            self.chart.sentence = point.sentence
            self.chart.heading = point.heading
            self.chart.cards = list(point.cards)
            self.chart.record = point.record
            self.chart.failure = failure
            self.chart.computed += 1
            self.chart.frame = encode([point.frame], self.experiment.digits)

    def _set_open(self, is_open: bool) -> None:
        display = "" if is_open else "none"
        self._outcome.layout.display = display
        self._panel.layout.display = display
        if self.question:
            self.question.view.layout.display = "none" if is_open else ""


class _Question:
    """The prediction asked for before the outcome of a `LiveLab` is shown."""

    def __init__(self, lab: LiveLab, asked: dict[str, Any]) -> None:
        self.commit_button = widgets.Button(description="Commit", button_style="primary")
        self.skip_button = widgets.Button(description="Skip")
        self.input: widgets.Widget
        if asked["values"]:
            self.input = widgets.RadioButtons(
                options=list(zip(asked["names"], asked["values"], strict=True)),
                value=None,
                layout={"width": "auto"},
            )
        else:
            # Sent when the field loses focus: letter by letter, Commit could overtake the last.
            self.input = widgets.Text(placeholder="a number", continuous_update=False)
        self.sure = widgets.RadioButtons(
            options=[(words, key) for key, words in prediction.SURE.items()],
            value=None,
            orientation="horizontal",
            layout={"width": "auto"},
        )
        note = widgets.HTML()

        def commit(_: Any) -> None:
            said = self.input.value
            if not asked["values"]:
                try:
                    said = prediction.read(asked, said)
                except prediction.AnswerError as error:
                    note.value = Markup("{}").format(error)
                    return
            elif said is None:
                note.value = "Choose an answer, or skip."
                return
            lab.predict(said, self.sure.value)

        self.commit_button.on_click(commit)
        self.skip_button.on_click(lambda _: lab.predict(None))
        text = widgets.HTML(Markup("<b>Predict first:</b> {}").format(asked["text"]))
        buttons = widgets.HBox([self.commit_button, self.skip_button])
        unit = widgets.Label(asked["unit"])
        answer = widgets.HBox([unit, self.input] if asked["unit"] == "$" else [self.input, unit])
        sure = widgets.HBox([widgets.Label("How sure are you? (if you like)"), self.sure])
        self.view = widgets.VBox([text, answer, sure, buttons, note])


def variable_of(experiment: Declaration) -> str | None:
    """Name of the notebook variable that holds an experiment; None if there is none."""
    shell = get_ipython()
    names = dict(shell.user_ns) if shell else {}
    found = (name for name, value in names.items() if value is experiment)
    return next((name for name in found if not name.startswith("_")), None)


def _widget(control: Control, value: Any, switch_width: str = "340px") -> widgets.Widget:
    """The ipywidgets control for a declared one."""
    label = f"{control.label} ({several(control.unit)})" if control.unit else control.label
    style = {"description_width": "initial"}
    layout = {"width": "340px"}
    if isinstance(control, Toggle):
        switch = {"width": switch_width}
        return widgets.Checkbox(value=value, description=label, indent=False, layout=switch)
    if isinstance(control, Range):
        kind = widgets.FloatSlider if control.decimals else widgets.IntSlider
        extra = {"readout_format": f".{control.decimals}f"} if control.decimals else {}
        return kind(
            value=value,
            min=control.low,
            max=control.high,
            step=control.step,
            description=label,
            style=style,
            layout=layout,
            **extra,
        )
    # Positions, not levels: ipywidgets takes the level None for "nothing is selected".
    options = [(name, position) for position, (_, name) in enumerate(control.levels)]
    kind = widgets.Dropdown if isinstance(control, Choice) else widgets.SelectionSlider
    position = control.index(value)
    return kind(options=options, value=position, description=label, style=style, layout=layout)


def _value(control: Control, widget: widgets.Widget) -> Any:
    """The control's value at which its ipywidgets control currently stands."""
    if isinstance(control, Toggle | Range):
        return control.check(widget.value)
    return control.values[widget.value]


def _set(control: Control, widget: widgets.Widget, value: Any) -> None:
    """Set an ipywidgets control to one of the declared control's values."""
    widget.value = value if isinstance(control, Toggle | Range) else control.index(value)
