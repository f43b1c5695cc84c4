"""No question of a lab is answered before it is asked; needs the built book, and no browser."""

import html
import re

import pytest

from launchlab.publish.pages import read_contents
from launchlab.rounding import significant
from tests.conftest import ROOT
from tests.site import book

# A question's answer may stand above it for a reason: (lab, what stands there) -> the reason.
WAIVERS: dict[tuple[str, str], str] = {
    ("count-clicks", "of whole days 3.1"): "another chapter's number, of another thing",
    ("small-groups", "15 % of restaurants send cents"): "another chapter's control",
    ("floor-for-small", "On average 18 % of orders"): "the size of another claim, about the town",
    ("floor-for-small", "18 % of 300 do"): "another chapter's number, of intervals",
    ("floor-for-small", "shown it in 18 % of cases"): "another chapter's number, of canaries",
    ("floor-for-small", "is busy 18 % of the time"): "another chapter's number, of a server",
}

# What says the same as a unit.
SAME = {"%": ("percent", "per cent"), "of 100": ("%",), "in 100": ("%",), "point": ("%",)}

_NUMBER = re.compile(r"(?<![\w.,])\d+(?:,\d{3})*(?:\.\d+)?(?!\w)")
_LAB = re.compile(r'<section class="launchlab[^>]* id="lab-([a-z0-9-]+)".*?</section>', re.DOTALL)
_SENTENCE = re.compile(r'<p class="ll-sentence"[^>]*>(.*?)</p>', re.DOTALL)


@pytest.fixture(autouse=True)
def _is_built() -> None:
    if not book.BUILT.joinpath("index.html").exists():
        pytest.fail(book.NOT_BUILT, pytrace=False)


def digits_of(number: str) -> int:
    """How many significant digits a number is written with; zeros at its end are none."""
    digits = number.replace(",", "").lstrip("0.")
    return len(digits.replace(".", "") if "." in number else digits.rstrip("0"))


def has_unit(text: str, match: re.Match[str], unit: str) -> bool:
    """Whether a number stands with a unit."""
    before, after = text[: match.start()].rstrip(), text[match.end() :].lstrip().lower()
    if unit.startswith("$"):
        return before.endswith("$")
    word = unit if unit.startswith(("of ", "in ")) else unit.split(" ")[0].removesuffix("s")
    return after.startswith((word, *SAME.get(word, ())))


def given_away(text: str, truth: float, unit: str) -> list[str]:
    """Where a text says the answer to a question: each place, with its words.

    With two significant digits that is a number with the answer's unit, since many things are 18;
    with more, any such number is. It may be of either sign: "loses 4.8 %" is the answer -4.8.
    """
    found: list[str] = []
    if digits_of(significant(abs(truth), 4)) < 2:
        return found
    for match in _NUMBER.finditer(text):
        number = match[0]
        digits = digits_of(number)
        if digits < 2 or (digits == 2 and not has_unit(text, match, unit)):
            continue
        value = float(number.replace(",", ""))
        if significant(abs(truth), digits) == significant(value, digits):
            found.append(" ".join(text[max(0, match.start() - 60) : match.end() + 30].split()))
    return found


def prose(markup: str) -> str:
    """What a reader reads of some HTML: no pictures, and labs are judged by their sentences."""
    for gone in (_LAB, re.compile(r"<(script|style|svg)\b.*?</\1>", re.DOTALL)):
        markup = gone.sub(" ", markup)
    return html.unescape(re.sub(r"<[^>]*>", " ", markup)).replace("\u00a0", " ")


def ordered_labs() -> list[book.Lab]:
    """Every lab in the order in which the book is read."""
    pages = [f"{name}.html" for name in read_contents(ROOT)]
    return [lab for page in pages if (book.BUILT / page).exists() for lab in book.labs(page)]


def find(asked: book.Lab) -> list[str]:
    """Where the answer to a lab's question stands before it is asked."""
    question = asked.data["question"]
    if question["values"]:
        return []
    text, truth, unit = book.text(asked.page), question["truth"], question["unit"]
    (start,) = [match.start() for match in _LAB.finditer(text) if match[1] == asked.name]
    above = prose(text[text.find("<article") : start])
    found = [f"above it: … {place} …" for place in given_away(above, truth, unit)]
    every = ordered_labs()
    for lab in every[: every.index(asked)]:
        (section,) = [m[0] for m in _LAB.finditer(book.text(lab.page)) if m[1] == lab.name]
        sentence = html.unescape(_SENTENCE.search(section)[1])
        found += [f"{lab.name} says: … {place} …" for place in given_away(sentence, truth, unit)]
    waived = [words for name, words in WAIVERS if name == asked.name]
    return [place for place in found if not any(words in place for words in waived)]


@pytest.mark.parametrize("asked", book.asking() or [None], ids=str)
def test_no_answer_stands_before_its_question(asked):
    assert find(asked) == []


@pytest.mark.parametrize(
    ("text", "truth", "unit", "gives"),
    [
        ("It is 39.5 % of all.", 39.4994, "%", True),
        ("It is 39 % of all.", 39.4994, "%", True),
        ("It is 39 percent.", 39.4994, "%", True),
        ("It is 40 % of all.", 39.4994, "%", False),
        ("39 of 40 do.", 39.4994, "%", False),
        ("39.5 in a table", 39.4994, "%", True),
        ("loses 4.8 %", -4.79, "%", True),
        ("\u22124.80", -4.797, "%", True),
        ("23 of 40 do", 23, "of 40", True),
        ("23 of 41 do", 23, "of 40", False),
        ("18 %", 18, "in 100", True),
        ("990 sessions", 990.2, "sessions", True),
        ("about 1,000", 990.2, "sessions", False),
        ("$142 of ads", 142.3, "$", True),
        ("142", 142.3, "$", True),
        ("p99 of 5", 99.0, "%", False),
        ("5 points", 5.0, "points", False),
    ],
)
def test_an_answer_is_found_where_it_is_given_away(text, truth, unit, gives):
    assert bool(given_away(text, truth, unit)) is gives


@pytest.mark.parametrize("asked", book.asking() or [None], ids=str)
def test_a_numeric_question_gives_its_range(asked):
    question = asked.data["question"]
    if not question["values"]:
        assert question["low"] is not None
        assert question["low"] <= question["truth"] <= question["high"]


def test_no_waiver_has_outlived_its_reason():
    known = {lab.name for lab in book.asking()}
    for (name, words), reason in WAIVERS.items():
        assert name in known, name
        assert reason, (name, words)
