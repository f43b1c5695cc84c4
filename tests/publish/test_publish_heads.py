"""What pages say of themselves to those who look for them."""

import pytest
from docutils import nodes
from docutils.utils import new_document

from launchlab.publish import heads

LONG = "A text that is long enough to say what the page is about, and then some more of it."


def page(*parts):
    document = new_document("one")
    document += nodes.section("", nodes.title("", "One"), *parts)
    return document


def test_a_page_is_described_by_its_own_first_paragraph_not_by_a_box():
    box = nodes.container("", nodes.paragraph("", f"In a box: {LONG}"))
    short = nodes.paragraph("", "Read on.")
    short += nodes.raw("", f"<svg>{LONG}</svg>", format="html")
    said = nodes.paragraph("", LONG.replace(", ", ",\n"))
    assert heads.description(page(box, short, said, nodes.paragraph("", "B" * 50))) == LONG
    assert heads.description(page(box, short)) == ""


def test_a_long_description_ends_after_a_word():
    assert heads.shorten(LONG) == LONG
    cut = heads.shorten("Words, and " * 30)
    assert cut.endswith(" …") and len(cut) <= heads.MOST_LETTERS + 2
    assert not cut.removesuffix(" …").endswith((",", "an"))


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("", ""),
        ("https://host.org/book", "https://host.org/book/"),
        ("http://localhost:8000/", "http://localhost:8000/"),
    ],
)
def test_the_site_s_address_ends_with_a_slash(said, meant):
    assert heads.site_address({heads.SITE_VARIABLE: said}) == meant


@pytest.mark.parametrize("said", ["host.org/book", "https://", "https://h.org/a b", "ftp://h.org"])
def test_what_is_no_address_is_refused(said):
    with pytest.raises(ValueError, match=r"LAUNCHLAB_SITE=.*, expected an address"):
        heads.site_address({heads.SITE_VARIABLE: said})


def test_the_sitemap_names_every_page_once():
    text = heads.sitemap("https://host.org/a&b/", ["book/two", "book/one"])
    assert text.index("<loc>https://host.org/a&amp;b/book/one.html</loc>") < text.index("two.html")
    assert text.startswith("<?xml") and text.count("<url>") == 2
