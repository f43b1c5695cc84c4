"""What no sentence of a built page may have become; needs the built book, and no browser."""

import re

import pytest

from tests.site import book


@pytest.fixture(autouse=True)
def _is_built() -> None:
    if not book.BUILT.joinpath("index.html").exists():
        pytest.fail(book.NOT_BUILT, pytrace=False)


# Without a book there is one case, which fails and says what to do.
of_each_page = pytest.mark.parametrize("page_path", book.pages() or [None])


@of_each_page
def test_no_formula_is_prose(page_path):
    """Two dollar signs in a sentence are two prices, and no formula."""
    formulas = re.findall(r"<math.*?</math>", book.text(page_path), re.DOTALL)
    assert [one for one in formulas if re.search(r"(<mi[^>]*>\w</mi>\s*){5}", one)] == []


@of_each_page
def test_no_table_is_left_as_bars(page_path):
    assert re.findall(r"<p>\s*\|[^<]*", book.text(page_path)) == []
