"""Runs in a notebook's kernel, after its last cell: moves every control of every lab."""

import math
from pathlib import Path
from typing import Any

import nbformat
from IPython.utils.capture import capture_output

from launchlab.lab import Experiment
from launchlab.lab.declare.frame import decode, encode
from launchlab.lab.lives.live import LiveLab


def check(space: dict[str, Any]) -> dict[str, int]:
    """Move every control of each experiment among a notebook's names to both ends.

    Returns
    -------
    dict
        How many ``labs`` there are, and how many ``controls`` were moved.

    Raises
    ------
    AssertionError
        If a control moves nothing, or the widgets show what the lab's function does not return.
    """
    found = {id(thing): thing for thing in space.values() if isinstance(thing, Experiment)}
    moved = sum(check_lab(experiment) for experiment in found.values())
    return {"labs": len(found), "controls": moved}


def check_lab(experiment: Experiment) -> int:
    """Hold one lab's widgets against its function."""
    lab = LiveLab(experiment, experiment.defaults)
    for control in experiment.controls:
        where = f"{experiment.name}: {control.name}"
        shown = []
        for end in control.ends:
            lab.move(control.name, end)
            assert lab.chart.failure == "", f"{where}: {lab.chart.failure}"
            assert lab.state == {**experiment.defaults, control.name: control.check(end)}, where
            shown.append(lab.chart.frame)
            assert_same(lab, where)
        assert shown[0] != shown[1], f"{where}: the data is the same at both ends"
        lab.reset()
        assert lab.state == experiment.defaults, where
    return len(experiment.controls)


def assert_same(lab: LiveLab, where: str) -> None:
    """What the widgets show is what the function returns."""
    experiment = lab.experiment
    fresh = experiment(**lab.state)
    shown, live = decode(lab.chart.frame), decode(encode([fresh], experiment.digits))
    assert list(shown) == list(live), where
    for name in set(live) - set(experiment.measured):
        assert shown[name] == live[name], f"{where}: column {name}"
        assert not any(isinstance(v, float) and math.isnan(v) for v in shown[name])
    if not experiment.measured:
        assert lab.chart.sentence == experiment.sentence(fresh), where


def count_widgets(shell: Any, notebook: Path) -> int:
    """Run the cells that show something once more, live, and count the widgets they show."""
    kind = "application/vnd.jupyter.widget-view+json"
    found = 0
    for cell in nbformat.read(notebook, as_version=4).cells:
        if cell.cell_type == "code" and ".show(" in cell.source:
            with capture_output() as shown:
                shell.run_cell(cell.source, store_history=False).raise_error()
            found += sum(kind in output.data for output in shown.outputs)
    return found
