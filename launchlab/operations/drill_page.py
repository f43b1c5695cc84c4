"""The drill as HTML that brings its own script: for a page without a kernel, and for JupyterLab."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Protocol

from markupsafe import Markup

from launchlab.markup import render
from launchlab.operations import drill
from launchlab.operations.drill_data import data, script
from launchlab.operations.drill_story import LOOKS

BOARDS = {
    "ml": "Orders, new against old",
    "sales": "Ad revenue, new against old",
    "product": "The slowest answers (p99)",
    "infrastructure": "Service and input alarms",
    "manager": "All orders, against last Friday",
}
"""The dashboard of each of the five."""

PROMPTS = (
    ("timeline", "The timeline, as the log has it", 8),
    ("happened", "What happened?", 3),
    ("seen", "When was it seen, and by what?", 3),
    ("helped", "What helped?", 3),
    ("hard", "What made it hard?", 3),
    ("changes", "What changes by next Friday, and who does it?", 3),
)
"""What the post-mortem asks: name, question, lines."""

WORTHS, CALLS = (4, 8, 12), (50, 200, 800)


class Shown(Protocol):
    """One of the five, as a page shows them."""

    @property
    def label(self) -> str:
        """As the text calls them."""

    def drawing(self) -> Markup:
        """Their icon."""


class Drill:
    """The drill, to be shown as the last line of a cell.

    Parameters
    ----------
    people : mapping of str to Shown
        The five, by the names of `BOARDS`.
    """

    def __init__(self, people: Mapping[str, Shown]) -> None:
        for name in BOARDS:
            if name not in people:
                raise ValueError(f"people: no {name!r}, expected {', '.join(BOARDS)}")
        self.people = people

    def __repr__(self) -> str:
        return "<the fire drill: it runs in a page with JavaScript>"

    def _repr_html_(self) -> str:
        boards = [
            {
                "who": name,
                "title": title,
                "label": self.people[name].label,
                "icon": self.people[name].drawing(),
            }
            for name, title in BOARDS.items()
        ]
        return render(
            __package__,
            "drill.html",
            style=Markup(_short(script("drill.css"))),
            boards=boards,
            looks=[
                {"name": name, "label": look.label, "minutes": look.minutes}
                for name, look in LOOKS.items()
            ],
            prompts=[{"name": n, "label": label, "rows": rows} for n, label, rows in PROMPTS],
            worths=WORTHS,
            calls=CALLS,
            worth=int(drill.ORDER_WORTH),
            call=int(drill.CALL_COSTS),
            python="launchlab.operations.drill, step by step.",
            data=Markup(_json(data())),
            script=Markup(f"{_short(script('drill.js'))}\n{_short(script('drill_page.js'))}"),
        )


def _json(thing: Any) -> str:
    # "</script>" inside a string would end the element that carries the data.
    text = json.dumps(thing, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return text.replace("<", "\\u003c")


def _short(text: str) -> str:
    """Without the indentation, which is there for people who edit it."""
    return "\n".join(line.strip() for line in text.splitlines() if line.strip())
