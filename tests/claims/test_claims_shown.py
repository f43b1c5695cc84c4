"""How a claim is shown: its line, its strip, what opens, and the table at a chapter's end."""

import math
import re
from dataclasses import replace
from xml.etree import ElementTree

import pytest
import toy_claims_package as toy
from hypothesis import given
from hypothesis import strategies as st

from launchlab.claims import Effect, Result, Statement, Variant, shown, strip, wording
from launchlab.findings import all_results

FALLS = Statement(name="falls", statement="It falls.", unit="% of orders", low=-math.inf, high=-5)


def result(claim: Statement, *lists: list[float]) -> Result:
    names = ["", *(one.name for one in claim.variants)]
    effects = {
        name: {seed: Effect(value, 0.5) for seed, value in enumerate(values)}
        for name, values in zip(names, lists, strict=True)
    }
    return Result(claim, effects)


def changes(*labels: str) -> tuple[Variant, ...]:
    return tuple(Variant(f"v{number}", label) for number, label in enumerate(labels))


# ---------------------------------------------------------------- words


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        ([20], ""),
        ([20, 3], "it stops holding with one change: change 0 (true in only 3)"),
        ([20, 0], "it stops holding with one change: change 0 (true in none)"),
        ([20, 14], "with one change, in 14: change 0"),
        ([20, 14, 3, 9], "it stops holding with one change: change 1 (true in only 3)"),
        ([20, 14, 12], "in at least 12 under each of 2 other assumptions"),
        ([20, 20, 20], "in all of them under each of 2 other assumptions, too"),
        # What holds in fewer than half of the worlds is ended by no other assumption.
        ([9, 3], ""),
    ],
)
def test_the_assumption_that_ends_a_claim_stands_in_its_line(counts, said):
    labels = changes(*(f"change {number}" for number in range(len(counts) - 1)))
    lists = [[1.0] * count + [-1.0] * (20 - count) for count in counts]
    assert wording.limits(result(replace(toy.RISES, variants=labels), *lists)) == said


def test_the_value_in_a_label_is_left_to_the_table():
    claim = replace(toy.RISES, variants=changes("bait goes with good quality (+0.3)"))
    one = result(claim, [1.0] * 20, [-1.0] * 20)
    assert wording.limits(one).endswith("bait goes with good quality (true in none)")
    assert "bait goes with good quality (+0.3)" in shown.claim(one)


@pytest.mark.parametrize(
    ("number", "unit", "said"),
    [
        ("15", "$ per order", "$15 per order"),
        ("-3,100", "thousand $ a year", "−$3.1\xa0million a year"),
        ("21", "thousand $", "$21,000"),
        ("1", "points lost", "1\xa0point lost"),
        ("0.52", "(difference in correlation)", "a difference in correlation of 0.52"),
        ("-7", "% of orders", "−7\xa0% of orders"),
        ("0.92", "(correlation)", "a correlation of 0.92"),
        ("4.3", "members", "4.3\xa0members"),
    ],
)
def test_a_number_with_its_unit_is_as_it_is_spoken(number, unit, said):
    assert wording.quantity(number, unit) == said


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (0, math.inf, "above 0"),
        (-math.inf, 0, "below 0"),
        (1e-6, math.inf, "above 0"),
        (10, math.inf, "more than 10\xa0% of orders"),
        (-math.inf, -5, "less than −5\xa0% of orders"),
        (45, 55, "45 to 55\xa0% of orders"),
        (-0.5, 3.5, "0 to 3\xa0% of orders"),
        (0.05, 0.55, "0.1 to 0.5\xa0% of orders"),
    ],
)
def test_it_is_said_which_side_holds(low, high, said):
    assert wording.side(replace(FALLS, low=low, high=high)) == said


def test_a_unit_that_is_a_name_or_an_answer_stands_where_it_is_spoken():
    assert wording.side(replace(FALLS, unit="(tau)", low=0.5, high=math.inf)) == "a tau above 0.5"
    claim = replace(toy.RISES, unit=wording.YES, low=0.5, high=1.5, variants=())
    assert wording.side(claim) == "yes"
    assert wording.size(result(claim, [1.0] * 15 + [0.0] * 5)) == "Yes in 15 of 20 worlds."


def test_money_has_its_unit_at_every_number():
    claim = replace(toy.RISES, unit="thousand $", variants=())
    said = wording.size(result(claim, [-1_900.0, 300.0, 600.0, 900.0] * 5))
    assert "from −$1.9\xa0million to $900,000, standard deviation $" in said


@pytest.mark.parametrize(
    ("deviation", "decimals"),
    [(0.82, 1), (2.1, 1), (0.12, 2), (3.2, 0), (126.0, -1), (1969.0, -2), (0.0, 2)],
)
def test_no_more_digits_than_the_spread_allows(deviation, decimals):
    assert wording.decimals_for(deviation) == decimals


def test_a_share_is_not_told_in_tens_of_per_cent():
    claim = replace(toy.RISES, unit="% of offers", variants=())
    one = result(claim, [0.0] * 11 + [100.0] * 9)
    assert wording.average(one) == "45"
    assert wording.size(one).startswith("On average 45\xa0% of offers; ")


def test_no_claim_of_the_book_says_always_or_writes_a_sign_of_money_last():
    for one in all_results():
        html = shown.claim(one)
        said = re.sub(r"<[^>]+>", " | ", html)
        assert not re.search(r"\balways\b|\+\d", re.sub(r"\(\+[\d.]+\)", "", said)), one.claim.name
        assert not re.search(r"\d\s*\$", said), one.claim.name
        assert f"True in <b>{wording.count(one)}</b>" in html


# ---------------------------------------------------------------- the strip

values = st.lists(st.floats(-1e4, 1e4), min_size=20, max_size=20)


@given(values, st.floats(-1e4, 1e4), st.booleans())
def test_every_dot_and_the_line_lie_within_the_strip(found, edge, rises):
    low, high = (edge, math.inf) if rises else (-math.inf, edge)
    one = result(replace(FALLS, low=low, high=high, variants=()), found)
    for drawing in (strip.strip(one), strip.plot(one)):
        svg = ElementTree.fromstring(drawing)
        height = float(svg.attrib["height"])
        dots = svg.findall("circle")
        assert len(dots) == 20
        for dot in dots:
            assert 0 <= float(dot.attrib["cx"].rstrip("%")) <= 100
            assert 0 <= float(dot.attrib["cy"]) <= height
        assert sum(dot.get("class") == "ll-holds" for dot in dots) == one.count()
        (line,) = svg.findall("line[@class='ll-edge']")
        assert 0 <= float(line.attrib["x1"].rstrip("%")) <= 100


def test_dots_that_hold_lie_in_the_band():
    svg = ElementTree.fromstring(strip.strip(result(FALLS, [-9.0, -6.0, -5.5, -4.0])))
    band = svg.find("rect").attrib
    left, width = (float(band[name].rstrip("%")) for name in ("x", "width"))
    for dot in svg.findall("circle"):
        within = left <= float(dot.attrib["cx"].rstrip("%")) <= left + width
        assert within == (dot.get("class") == "ll-holds")


def test_equal_dots_do_not_hide_each_other():
    svg = ElementTree.fromstring(strip.strip(result(FALLS, [-9.0] * 20)))
    places = {(dot.attrib["cx"], dot.attrib["cy"]) for dot in svg.findall("circle")}
    assert len(places) == 20


def test_the_strip_is_about_sixty_pixels_high_and_says_in_words_what_it_shows():
    svg = ElementTree.fromstring(strip.strip(result(FALLS, [-9.0, -4.0])))
    assert 50 <= float(svg.attrib["height"]) <= 64
    assert svg.attrib["role"] == "img"
    assert svg.attrib["aria-label"] == (
        "2 dots, one for each world; 1 lie where the claim holds: less than −5\xa0% of orders. "
        "They reach from −9\xa0% to −4\xa0%."
    )


@pytest.mark.parametrize(
    ("found", "told"),
    [
        ([-9.0, -6.0, -4.0], ["−9\xa0%", "−4\xa0%"]),
        # Far from the line that decides, and near to each other.
        ([90.0, 91.0, 94.0], ["90\xa0% to 94\xa0%"]),
        ([-9.0, -9.0], ["−9\xa0%"]),
    ],
)
def test_what_the_outermost_dots_stand_for_is_told_below_them(found, told):
    svg = ElementTree.fromstring(strip.strip(result(FALLS, found)))
    _, *numbers = svg.findall("text")
    assert [one.text for one in numbers] == told
    if len(told) == len({*found}) - 1 == 2:
        dots = [dot.attrib["cx"] for dot in svg.findall("circle")]
        assert [one.attrib["x"] for one in numbers] == [dots[0], dots[-1]]


def test_a_claim_that_is_so_or_not_has_no_numbers():
    yes = replace(FALLS, unit=wording.YES, low=0.5, high=math.inf)
    assert len(ElementTree.fromstring(strip.strip(result(yes, [1.0, 0.0]))).findall("text")) == 1


# ---------------------------------------------------------------- what opens


def test_a_claim_opens_without_a_script_and_tells_every_assumption():
    claim = replace(toy.RISES, variants=changes("less bait", "more rain"))
    html = shown.claim(result(claim, [1.0] * 20, [2.0] * 20, [-3.0] * 20))
    head, more = html.split("</summary>")
    assert head.startswith('<details class="ll-claim" id="claim-toy-rises">')
    assert "The toy rises." in head
    assert "It stops holding with one change: more rain (true in none)." in head
    for cells in ("less bait</td><td>20 of 20", "more rain</td><td>0 of 20", "nothing</td><td>20"):
        assert cells in more
    assert "<style" not in html and "<script" not in html


def test_in_a_notebook_a_claim_brings_its_style():
    assert shown.claim(result(FALLS, [-9.0, -4.0]), styled=True).startswith("<style>")


def test_a_table_names_each_claim_with_what_ends_it():
    one, two = result(FALLS, [-9.0, -4.0]), result(replace(FALLS, name="two"), [-9.0, -8.0])
    html = shown.table_of([one, two])
    assert html.count("<tr id=") == 2
    assert 'data-claim="two">It falls.' in html
    assert "<td>1 of 2</td>" in html
