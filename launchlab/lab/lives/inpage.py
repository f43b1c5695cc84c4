"""The third life: a lab whose code runs in the reader's browser, beside the frozen one.

The page draws it with the same script as the frozen lab; only where a state's numbers come from is
different: they are computed when they are asked for.
"""

from __future__ import annotations

from typing import Any

from launchlab.lab.declare.controls import Control, Slider
from launchlab.lab.declare.declaration import Declaration, Point
from launchlab.lab.declare.errors import ExperimentError
from launchlab.lab.declare.frame import decode, encode
from launchlab.lab.lives import page
from launchlab.lab.view.numbers import is_number

LAB_KIND = "application/vnd.launchlab.lab+json"
CHART_KIND = "application/vnd.vegalite.v6+json"

# What cells have shown, by name: the page asks for states of these.
_shown: dict[str, Declaration] = {}


def first(experiment: Declaration, state: dict[str, Any]) -> dict[str, Any]:
    """A lab as its page's script gets it, with one point: the state that it starts from.

    Parameters
    ----------
    experiment : Declaration
    state : dict
        Checked state.

    Returns
    -------
    dict
        What a frozen lab carries (`page.payload`), in grid form whatever its own form is.
    """
    start = experiment.point(state)
    data = page.declaration(experiment, experiment.spec(start.frame), [start])
    _shown[experiment.name] = experiment
    return {**data, **page.grid(experiment, [start]), "start": state}


def point(name: str, state: dict[str, Any]) -> dict[str, Any]:
    """What a lab shows at a state.

    Parameters
    ----------
    name : str
        Of a lab that a cell has shown.
    state : dict
        Control name to value; one left out takes its default. A slider over numbers takes what
        lies between its levels, too: whether the lab's function has an answer there is its affair.

    Returns
    -------
    dict
        ``columns`` as the page's script decodes them, ``sentence``, ``heading``, ``cards``,
        ``record``.

    Raises
    ------
    ExperimentError
        If no cell has shown such a lab, or the state cannot be computed.
    """
    experiment = _shown.get(name)
    if experiment is None:
        raise ExperimentError(f"lab {name!r}: expected one that a cell has shown")
    found = experiment.point(_checked(experiment, state))
    return {**_texts(found), "columns": columns(experiment, found)}


def _checked(experiment: Declaration, state: dict[str, Any]) -> dict[str, Any]:
    controls = {control.name: control for control in experiment.controls}
    between = {
        name: value
        for name, value in state.items()
        if name in controls and _lies_between(controls[name], value)
    }
    others = {name: value for name, value in state.items() if name not in between}
    return {**experiment.state(**others), **between}


def _lies_between(control: Control, value: Any) -> bool:
    if not isinstance(control, Slider) or value in control.values:
        return False
    if not all(map(is_number, (*control.values, value))):
        return False
    return bool(min(control.values) < value < max(control.values))


def columns(experiment: Declaration, found: Point) -> dict[str, list[Any]]:
    """A point's numbers, rounded as in the page."""
    return decode(encode([found.frame], page.digits_of(experiment)))


def _texts(found: Point) -> dict[str, Any]:
    return {
        "sentence": found.sentence,
        "heading": found.heading,
        "cards": list(found.cards),
        "record": found.record,
    }
