"""What a lab may show besides its chart: preset buttons, cards, and a record to copy."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from markupsafe import Markup

from launchlab.markup import render


@dataclass(frozen=True)
class Preset:
    """A button that sets the controls it names, and puts all others at their default.

    Parameters
    ----------
    label : str
        Text on the button.
    state : dict
        Control name to value.
    """

    label: str
    state: dict[str, Any]

    def __post_init__(self) -> None:
        if not self.label.strip():
            raise ValueError(f"Preset label={self.label!r}, expected text")
        if not self.state:
            raise ValueError(f"Preset {self.label!r}: state is empty, expected a control at least")


@dataclass(frozen=True)
class Card:
    """A few lines about one thing: who, the figure that matters, what it means.

    Parameters
    ----------
    title, figure : str
    lines : sequence of str
    """

    title: str
    figure: str
    lines: Sequence[str] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "lines", tuple(self.lines))
        for text in (self.title, self.figure, *self.lines):
            if not isinstance(text, str):
                raise TypeError(f"Card {self.title!r}: {text!r}, expected text")
        if not self.title.strip():
            raise ValueError(f"Card title={self.title!r}, expected text")

    def public(self) -> dict[str, Any]:
        """What the front end needs (JSON data)."""
        return {"title": self.title, "figure": self.figure, "lines": list(self.lines)}


CardLike = Card | Mapping[str, Any]


def as_card(given: CardLike) -> Card:
    """A `Card`; a module that knows nothing of labs gives its parts as a mapping instead."""
    return given if isinstance(given, Card) else Card(**given)


@dataclass(frozen=True)
class Record:
    """A text about the current setting that the reader can copy, such as a decision record.

    Parameters
    ----------
    title : str
        Heading that a reader clicks to open the text.
    text : callable
        Frame -> the text, with line breaks.
    """

    title: str
    text: Callable[[pd.DataFrame], str]

    def __post_init__(self) -> None:
        if not self.title.strip():
            raise ValueError(f"Record title={self.title!r}, expected text")


def cards_html(cards: Sequence[dict[str, Any]]) -> Markup:
    """Cards as a list; the front end draws the same one."""
    return render(__package__, "cards.html", cards=cards)


def record_html(title: str, text: str) -> Markup:
    """A record that opens on a click; the front end adds the copy button."""
    return render(__package__, "record.html", title=title, text=text)
