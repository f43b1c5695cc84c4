"""The five in the theme: told apart by icon, shape and colour, and legible on either ground."""

import re

import pytest

from launchlab.lab.lives.live import front
from launchlab.lab.view import theme
from launchlab.lab.view.people import PEOPLE
from launchlab.stakeholders.people import FIVE

STYLES = front("launchlab.css")
LIGHT, DARK = re.findall(r"\{(\s*--ll-blue.*?)\}", STYLES, re.DOTALL)


def colours(block: str) -> dict[str, str]:
    return dict(re.findall(r"--ll-([a-z-]+): (#[0-9a-f]{6})", block))


def light(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    low, high = sorted((light(one), light(other)))
    return (high + 0.05) / (low + 0.05)


def variable(colour: str) -> tuple[str, str]:
    found = re.fullmatch(r"var\(--ll-([a-z]+), (#[0-9a-f]{6})\)", colour)
    assert found, colour
    return found[1], found[2]


def test_the_five_are_those_of_the_course_by_the_same_names():
    assert {one.name: one.label for one in FIVE} == {
        name: person.label for name, person in PEOPLE.items()
    }


def test_no_two_share_icon_shape_or_colour():
    for what in ("icon", "shape", "colour", "lines", "label"):
        assert len({getattr(person, what) for person in PEOPLE.values()}) == 5, what


def test_icons_and_colours_are_those_that_the_book_has_settled_on():
    assert {name: (p.icon, variable(p.colour)[0]) for name, p in PEOPLE.items()} == {
        "ml": ("target", "blue"),
        "sales": ("price tag", "orange"),
        "product": ("stopwatch", "green"),
        "infrastructure": ("wrench", "grey"),
        "manager": ("ledger", "purple"),
    }


@pytest.mark.parametrize("block", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("ground", ["paper", "panel"])
def test_every_colour_of_text_and_people_stands_out(block, ground):
    found = colours(block)
    names = [variable(person.colour)[0] for person in PEOPLE.values()]
    for name in [*names, "ink", "accent", "muted"]:
        assert contrast(found[name], found[ground]) >= 4.5, name
    assert contrast(found["stone"], found["paper"]) >= 3


def test_fallbacks_are_the_colours_of_the_style_sheet():
    found = colours(LIGHT)
    written = [person.colour for person in PEOPLE.values()]
    for colour in [*written, *theme.SERIES, theme.INK, theme.ACCENT, theme.LINE]:
        name, fallback = variable(colour)
        assert found[name] == fallback


def test_series_and_marks_take_no_persons_colour():
    config = str(theme.theme())
    for person in PEOPLE.values():
        assert person.colour not in config
