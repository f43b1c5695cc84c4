"""The desk: a reader's own release, from a draw of 1,500 sessions to what the five say to it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Protocol

from markupsafe import Markup

from launchlab.capstone.afterwards import SAYS
from launchlab.capstone.desk_data import TOWNS, data, script
from launchlab.capstone.menu import AD_WEIGHTS, MARGIN_WORDS, MODEL_WORDS, MODELS, SHORTLISTS
from launchlab.markup import render


class Shown(Protocol):
    """One of the five, as a page shows them."""

    @property
    def label(self) -> str:
        """As the text calls them."""

    def drawing(self) -> Markup:
        """Their icon."""


class Desk:
    """The desk, to be shown as the last line of a cell.

    Parameters
    ----------
    people : mapping of str to Shown
        The five, by the names of ``SAYS``.
    """

    def __init__(self, people: Mapping[str, Shown]) -> None:
        for name in SAYS:
            if name not in people:
                raise ValueError(f"people: no {name!r}, expected {', '.join(SAYS)}")
        self.people = people

    def __repr__(self) -> str:
        return "<the desk: it works in a page with JavaScript>"

    def _repr_html_(self) -> str:
        return render(
            __package__,
            "desk.html",
            style=Markup(_short(script("desk.css"))),
            towns=range(TOWNS),
            levers=[
                ("model", "Model", [(one, MODEL_WORDS[one]) for one in MODELS]),
                ("shortlist", "Candidates scored", [(one, str(one)) for one in SHORTLISTS]),
                (
                    "margin_weight",
                    "Sorted",
                    [(f"{one:g}", text) for one, text in MARGIN_WORDS.items()],
                ),
                (
                    "ad_weight",
                    "A dollar of ads counts",
                    [(f"{one:g}", f"× {one:g}") for one in AD_WEIGHTS],
                ),
            ],
            five=[
                {"who": who, "label": self.people[who].label, "icon": self.people[who].drawing()}
                for who in SAYS
            ],
            data=Markup(_json(data())),
            script=Markup(f"{_short(script('desk.js'))}\n{_short(script('desk_page.js'))}"),
        )


def _json(thing: object) -> str:
    # "</script>" inside a string would end the element that carries the data.
    text = json.dumps(thing, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return text.replace("<", "\\u003c")


def _short(text: str) -> str:
    """Without the indentation, which is there for people who edit it."""
    return "\n".join(line.strip() for line in text.splitlines() if line.strip())
