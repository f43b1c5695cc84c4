"""How a page is found: described, and marked where it says what was sought; and its download."""

import html
import re

from tests.site import book
from tests.site.axe import violations

SOUGHT = "straggler"
_MARKED = "name => [...(CSS.highlights.get(name) ?? [])].map(range => range.toString())"


def test_every_page_says_what_it_is_about_in_words_of_its_own():
    found = {}
    for page in book.pages():
        said = re.findall(r'<meta name="description" content="([^"]*)">', book.text(page))
        if page not in ("search.html", "genindex.html"):
            assert len(said) == 1, page
            found[page] = html.unescape(said[0])
    assert found, book.NOT_BUILT
    assert [page for page, text in found.items() if not 40 <= len(text) <= 162] == []
    assert [page for page, text in found.items() if "<" in text] == []
    # A solution promises what its assignment does; all else is told apart.
    own = [text for page, text in found.items() if page.startswith("book/")]
    assert len(set(own)) == len(own)


def test_results_and_pages_mark_what_was_sought_and_leave_the_page_as_it_was(visit):
    reader = visit(f"search.html?q={SOUGHT}")
    page = reader.page
    marked = page.locator("#search-results .highlighted")
    marked.first.wait_for()
    assert marked.first.evaluate("one => getComputedStyle(one).boxShadow") != "none"
    assert marked.first.inner_text().lower() == SOUGHT
    page.locator("#search-results a", has_text="The slowest of five").click()
    bar = page.get_by_role("region", name="What you searched for")
    bar.wait_for()
    places = page.evaluate(_MARKED, "ll-sought")
    assert len(places) > 5 and {one.lower() for one in places} == {SOUGHT}
    assert bar.get_by_role("status").inner_text() == f"“{SOUGHT}”: {len(places)} places"
    assert page.locator("article .highlighted, article mark").count() == 0
    folded = page.locator("article details[open]").count()
    onward = bar.get_by_role("button", name="Next")
    reader.press(onward, "Enter")
    assert bar.get_by_role("status").inner_text() == f"“{SOUGHT}”: 1 of {len(places)}"
    onward.evaluate("(one, times) => { while (times--) one.click(); }", len(places) - 1)
    assert bar.get_by_role("status").inner_text() == f"“{SOUGHT}”: {len(places)} of {len(places)}"
    assert page.evaluate(_MARKED, "ll-sought-here")[0].lower() == SOUGHT
    # The last ones stand in answers, which are opened.
    assert page.locator("article details[open]").count() > folded
    assert violations(reader, "light", ".ll-sought") == []
    reader.press(bar.get_by_role("button", name="Clear"), "Enter")
    assert page.evaluate(_MARKED, "ll-sought") == [] and bar.count() == 0
    page.reload()
    assert page.evaluate(_MARKED, "ll-sought") == []
    assert reader.errors == []


def test_a_notebook_is_downloaded_also_where_a_server_sends_it_to_be_shown(visit):
    reader = visit("book/ensembling/slower.html")
    page = reader.page
    page.context.route(
        "**/*.ipynb", lambda route: route.fulfill(content_type="application/json", body="{}")
    )
    page.get_by_role("button", name="Download this page").click()
    with page.expect_download() as coming:
        page.locator("a.btn-download-source-button").click()
    assert coming.value.suggested_filename == "slower.ipynb"
    assert len(page.context.pages) == 1
