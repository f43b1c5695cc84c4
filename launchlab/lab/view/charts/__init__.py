"""The usual shapes of a lab's chart, each declared in a call that gives ``frame -> chart``.

Only data changes between two states of a lab, so every domain is given and fixed. What follows the
state is a label: those that show numbers write them as sentences do (see
`launchlab.lab.view.numbers`). A shape has no title: a lab's ``heading`` stands above it.

A colour is the short name of one of the five (``"sales"``), for what is theirs and nothing else,
or ``"ink"`` (what counts), ``"accent"`` (what it is compared with), ``"muted"`` or ``"stone"``.
Any other callable that makes an Altair chart of a frame is as good a chart; only its specification
is made for every state, to see that it stays the same.
"""

from launchlab.lab.view.charts.curves import Line, lines
from launchlab.lab.view.charts.length import bars, ranges
from launchlab.lab.view.charts.marks import Chart, Declared, Domain, colour
from launchlab.lab.view.charts.matrix import heat
from launchlab.lab.view.charts.plane import front, mixture
from launchlab.lab.view.charts.scatter import points

__all__ = [
    "Chart",
    "Declared",
    "Domain",
    "Line",
    "bars",
    "colour",
    "front",
    "heat",
    "lines",
    "mixture",
    "points",
    "ranges",
]
