"""The pictures that other sites show beside a link: what they hold, and that they are drawn."""

import io
import xml.etree.ElementTree as ElementTree
from types import SimpleNamespace

import pytest
from PIL import Image

from launchlab.publish import cards, figures, heads, pages, sphinxext
from tests.conftest import ROOT

BOOK = "From Leaderboard to Launch"
SOURCE = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 480 200" style="background:#fbf8f2" '
    'font-size="16" fill="currentColor"><text x="1" y="20">drawn</text>'
    '<rect style="fill:var(--ll-accent,currentColor)" width="9" height="9"/>'
    '<rect fill="var(--ll-paper,#fff)" width="9" height="9"/></svg>'
)


def drawn() -> str:
    page = f"<p>Text.</p>{figures.drawing(SOURCE, 'One “&” two', 'one')}<svg>other</svg>"
    return cards.drawing(page)


def test_a_picture_holds_title_part_book_and_the_page_s_first_drawing():
    svg = cards.picture("Fish & chips", "I. The score", BOOK, drawn())
    texts = [one.text for one in ElementTree.fromstring(svg).iter() if one.tag.endswith("text")]
    assert texts == ["I. The score", "Fish & chips", BOOK, "drawn"]
    assert "var(" not in svg and "other" not in svg
    assert cards.alternative(drawn(), "Fish") == "Fish. One “&” two"
    assert cards.drawing("<p>None.</p>") == "" and cards.alternative("", "Fish") == "Fish"


@pytest.mark.parametrize("title", ["One", "Nineteen faults, eight gates", "So many words " * 20])
def test_a_title_fits_beside_the_drawing(title):
    root = ElementTree.fromstring(cards.picture(title, "", BOOK, ""))
    lines = [one for one in root.iter() if one.tag.endswith("text")][1:-1]
    assert " ".join(one.text for one in lines).startswith(title[:40].strip())
    assert all(float(one.get("y")) < 520 for one in lines)
    # A letter of the book's type is about half as wide as it is high.
    assert all(len(one.text) * float(one.get("font-size")) * 0.52 < 580 for one in lines)


def test_no_word_of_a_title_is_left_alone_where_another_can_come_along():
    svg = cards.picture("Your name on it", "", BOOK, "")
    assert ">Your name</text>" in svg and ">on it</text>" in svg
    assert ">Leaderboard</text>" in cards.picture("From Leaderboard to Launch", "", "", "")


def test_a_picture_is_drawn_once_in_the_book_s_type_and_is_small(tmp_path, monkeypatch):
    svg = cards.picture("Whom do you wake?", "V. The night", BOOK, drawn())
    assert cards.write(tmp_path / "site", tmp_path, "book/one", svg) == "cards/book/one.png"
    made = (tmp_path / "site" / "cards" / "book" / "one.png").read_bytes()
    assert Image.open(io.BytesIO(made)).size == (1200, 630) and len(made) < 60_000
    assert cards.draw(svg.replace("Book Serif", "No Such Type")) != made
    monkeypatch.setattr(cards, "draw", None)
    cards.write(tmp_path / "site", tmp_path, "two", svg)
    assert (tmp_path / "site" / "cards" / "two.png").read_bytes() == made


def test_every_page_of_a_part_knows_what_it_is_called():
    parts = pages.read_parts(ROOT)
    assert parts["book/operations/whom-do-you-wake"] == "V. The night"
    assert "book/index" not in parts and set(parts) <= set(pages.read_contents(ROOT))


@pytest.mark.parametrize("site", ["", "https://host.org/book/"])
def test_a_page_has_a_picture_where_the_site_s_address_is_known(tmp_path, site):
    toc = "format: jb-book\nroot: index\nparts:\n- caption: One\n  chapters:\n  - file: a/b\n"
    (tmp_path / "_toc.yml").write_text(toc, encoding="utf-8")
    config = SimpleNamespace(html_baseurl=site, html_title=BOOK)
    app = SimpleNamespace(config=config, srcdir=tmp_path, outdir=tmp_path / "out")
    said = sphinxext.social(app, "a/b", "<em>Fish</em> &amp; chips", "About it.", "<p>Text.</p>")
    assert (tmp_path / "out" / "cards" / "a" / "b.png").exists() == bool(site)
    if site:
        assert f'content="{site}cards/a/b.png"' in said and f'content="{site}a/b.html"' in said
        assert 'content="Fish &amp; chips"' in said
    else:
        assert said == ""


def test_a_page_says_whole_addresses_to_those_who_show_a_card():
    said = heads.social('A "b"', "About <it>", "https://h/p.html", "https://h/c.png", "Alt", BOOK)
    assert '<meta property="og:title" content="A &quot;b&quot;">' in said
    assert '<meta property="og:image" content="https://h/c.png">' in said
    assert "About &lt;it&gt;" in said and "summary_large_image" in said
