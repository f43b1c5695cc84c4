"""Drawings of the book's own are part of the page, and bad ones are refused."""

import pytest

from launchlab.publish.figures import MOST_BYTES, PAPER, drawing
from tests.conftest import ROOT
from tests.publish.tiny import CIRCLE

# The chapters of this folder are being written.
NOT_YET = "operations"
DRAWINGS = [
    path for path in sorted((ROOT / "book").rglob("figures/*.svg")) if NOT_YET not in path.parts
]


def test_a_drawing_has_a_role_and_its_alternative():
    html = drawing('<?xml version="1.0"?>\n' + CIRCLE.format(""), 'a "round" <dot>', "dot")
    assert html.startswith(
        '<svg class="ll-drawing" role="img" aria-label="a &#34;round&#34; &lt;dot'
    )
    assert html.count("<svg") == 1 and html.endswith("</svg>")


@pytest.mark.parametrize(
    ("source", "alternative", "trouble"),
    [
        (CIRCLE, " ", "no written alternative"),
        ("<svg", "a dot", "is no SVG"),
        ("<html/>", "a dot", "no SVG with a viewBox"),
        (CIRCLE.replace("viewBox", "view"), "a dot", "no SVG with a viewBox"),
        (CIRCLE.format('<g id="x"/>'), "a dot", "id='x', expected one that begins with 'dot'"),
        (CIRCLE.format('<text font-size="0.2"/>'), "a dot", "on a phone it cannot be read"),
        (CIRCLE.format("<!--" + "a" * MOST_BYTES + "-->"), "a dot", "expected at most 15,000"),
    ],
)
def test_what_is_no_drawing_is_refused(source, alternative, trouble):
    with pytest.raises(ValueError, match=trouble):
        drawing(source, alternative, "dot")


@pytest.mark.parametrize("path", DRAWINGS, ids=lambda path: path.stem)
def test_a_drawing_brings_its_paper_where_it_is_shown_as_a_picture(path):
    source = path.read_text(encoding="utf-8")
    assert PAPER in source[: source.index(">")], "expected PAPER in the style of <svg>"


def test_a_drawing_in_a_page_takes_the_page_s_paper():
    html = drawing(
        CIRCLE.format("").replace("<svg ", f'<svg style="{PAPER};margin:0" '), "a", "dot"
    )
    assert "background" not in html and "margin:0" in html
