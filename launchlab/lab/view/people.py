"""The five who share a model, as pages and charts show them: icon, shape and colour.

The colours mean people and nothing else. An icon is faceless, drawn with one line weight in the
colour of the text around it; a shape marks the same person in charts, so that nobody has to tell
colours apart.
"""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from launchlab.lab.view.theme import BLUE, GREEN, GREY, ORANGE, PURPLE


@dataclass(frozen=True)
class Person:
    """One of the five.

    Parameters
    ----------
    label : str
        As the text calls them.
    colour : str
        A CSS variable of the theme, with its fallback.
    shape : str
        What Vega draws for them: the name of a shape, or an SVG path between -1 and 1.
    icon : str
        What the icon shows.
    lines : str
        The icon's SVG path, in a square of 24.
    """

    label: str
    colour: str
    shape: str
    icon: str
    lines: str

    def drawing(self) -> Markup:
        """The icon as inline SVG; it says nothing to screen readers, for the name stands beside."""
        return Markup(
            '<svg class="ll-icon" viewBox="0 0 24 24" width="20" height="20" aria-hidden="true" '
            'focusable="false" fill="none" stroke="currentColor" stroke-width="1.8" '
            'stroke-linecap="round" stroke-linejoin="round"><path d="{}"/></svg>'
        ).format(self.lines)


_HEXAGON = "M1,0L0.5,0.866L-0.5,0.866L-1,0L-0.5,-0.866L0.5,-0.866Z"

PEOPLE = {
    "ml": Person(
        label="ML engineers",
        colour=BLUE,
        shape="circle",
        icon="target",
        lines="M12 3a9 9 0 1 0 0 18 9 9 0 1 0 0-18M12 7.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 1 0 0-9"
        "M12 11.9v.2M12 1v4M12 19v4M1 12h4M19 12h4",
    ),
    "sales": Person(
        label="Sales",
        colour=ORANGE,
        shape="triangle-up",
        icon="price tag",
        lines="M12 3H4a1 1 0 0 0-1 1v8l9 9a1.4 1.4 0 0 0 2 0l7-7a1.4 1.4 0 0 0 0-2zM7.5 7.4v.2",
    ),
    "product": Person(
        label="Product",
        colour=GREEN,
        shape="square",
        icon="stopwatch",
        lines="M12 6a8 8 0 1 0 0 16 8 8 0 1 0 0-16M12 10v4l2.5 2M9.5 2h5M12 2v4M18.5 6.5l1.5-1.5",
    ),
    "infrastructure": Person(
        label="Infrastructure",
        colour=GREY,
        shape=_HEXAGON,
        icon="wrench",
        lines="M21 6.5a5.5 5.5 0 0 1-7.4 5.2L6.4 19a2.3 2.3 0 0 1-3.3-3.3l7.2-7.2A5.5 5.5 0 0 1 "
        "17.2 2.6L14 5.8l.6 3.4 3.4.6z",
    ),
    "manager": Person(
        label="Manager",
        colour=PURPLE,
        shape="diamond",
        icon="ledger",
        lines="M6 3h13v18H6a2 2 0 0 1-2-2V5a2 2 0 0 1 2-2M8 3v18M11 8h5M11 12h5M11 16h3",
    ),
}
"""The five by the short names that code gives them."""
