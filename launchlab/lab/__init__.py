"""One experiment, two lives: live in a kernel, and frozen in a page that needs no kernel.

Declare an `Experiment` once and call its ``show()``. In JupyterLab it becomes ipywidgets controls
around a chart; when the book is built, every state is computed ahead and put into the page.

- ``declare``: controls, question, cards, frames; the `Declaration` that holds them together.
- ``view``: sentences and headings as templates, shapes of charts, tables, the theme, and Vega.
- ``lives``: the page without a kernel, the widgets in one, and the front end that both share.

Importing this package makes Altair use the book's chart theme and renderer. The package knows
nothing of any chapter's subject, and no subject imports it.
"""

from launchlab.lab.declare.controls import Choice, Range, Slider, Toggle
from launchlab.lab.declare.declaration import Declaration, Point
from launchlab.lab.declare.errors import ExperimentError
from launchlab.lab.declare.panels import Card, Preset, Record
from launchlab.lab.declare.question import Question
from launchlab.lab.declare.rule import Rule
from launchlab.lab.experiment import Experiment
from launchlab.lab.show import use_in_altair
from launchlab.lab.view import charts, theme
from launchlab.lab.view.say import Say, say
from launchlab.lab.view.table import table
from launchlab.rounding import fixed, significant

__all__ = [
    "Card",
    "Choice",
    "Declaration",
    "Experiment",
    "ExperimentError",
    "Point",
    "Preset",
    "Question",
    "Range",
    "Record",
    "Rule",
    "Say",
    "Slider",
    "Toggle",
    "charts",
    "fixed",
    "say",
    "significant",
    "table",
    "theme",
]

use_in_altair()
