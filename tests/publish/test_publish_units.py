"""Numbers and their units stay on one line."""

import pytest
from docutils import nodes
from docutils.utils import new_document

from launchlab.publish import units

NB = "\N{NO-BREAK SPACE}"


def kept(*parts: nodes.Node) -> str:
    document = new_document("page")
    document += nodes.paragraph("", "", *parts)
    units.keep(None, document, "page")
    return document.astext()


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("It fell by 2.2 % in a week.", f"It fell by 2.2{NB}% in a week."),
        ("from 8 ms to 1 point", f"from 8{NB}ms to 1{NB}point"),
        ("2 pointers and 3 msgs", "2 pointers and 3 msgs"),
        ("a share in % of all", "a share in % of all"),
    ],
)
def test_the_space_before_a_unit_does_not_break(said, expected):
    assert kept(nodes.Text(said)) == expected


def test_a_number_of_the_run_keeps_its_unit_too():
    number = nodes.inline("", "+2.2")
    assert kept(nodes.Text("It is "), number, nodes.Text(" % more.")) == f"It is +2.2{NB}% more."
    word = nodes.inline("", "many")
    assert kept(word, nodes.Text(" % signs")) == "many % signs"


def test_code_stays_as_it_was_typed():
    assert kept(nodes.literal("", "7 % 2")) == "7 % 2"
