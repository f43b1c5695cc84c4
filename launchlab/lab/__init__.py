"""One experiment, two lives: live in a kernel, frozen in a page that needs none.

Declare an `Experiment` once and call its ``show()``. In JupyterLab it becomes ipywidgets controls
around a chart; while the book is built every state is computed ahead and put into the page.

Importing this package makes the book's chart theme and renderer the ones that Altair uses.
"""

from launchlab.lab import theme
from launchlab.lab.controls import Choice, Range, Slider, Toggle
from launchlab.lab.experiment import Experiment, ExperimentError, Point, Question, Rule
from launchlab.lab.panels import Card, Preset, Record
from launchlab.lab.rounding import fixed, significant

__all__ = [
    "Card",
    "Choice",
    "Experiment",
    "ExperimentError",
    "Point",
    "Preset",
    "Question",
    "Range",
    "Record",
    "Rule",
    "Slider",
    "Toggle",
    "fixed",
    "significant",
    "theme",
]

theme.enable()
