"""The index of claims is read from notebooks and recorded results."""

import json
import re

import pytest

from launchlab import findings
from launchlab.claims import Break, Claim, Coupling, Effect, Result, Statement, Variant
from launchlab.publish.index import Place, claims_html, find_claims, read_rules, rules_html
from tests.conftest import ROOT


def test_finds_where_claims_are_shown(tmp_path):
    cells = [
        {"cell_type": "markdown", "source": ["# Chapter\n"]},
        {"cell_type": "code", "source": ["claims.table('a-b', 'd')"]},
        {"cell_type": "code", "source": ['claims.show("a-b")\n', "claims.show(\n    'c'\n)"]},
    ]
    closing = [{"cell_type": "code", "source": ["claims.table('a-b', 'c')"]}]
    (tmp_path / "a.ipynb").write_text(json.dumps({"cells": closing}))
    (tmp_path / "one.ipynb").write_text(json.dumps({"cells": cells}))
    # Where it stands in the text, not where a table only names it.
    place = Place("one", "Chapter")
    assert find_claims(tmp_path) == {"a-b": place, "c": place, "d": place}


def test_table_says_how_often_and_under_what_else():
    claim = Claim(
        name="a-b",
        statement="It <rises>.",
        effect=lambda seed: Effect(float(seed)),
        unit="%",
        variants=[Variant("other", "no bait", {})],
    )
    worlds = {seed: Effect(seed - 4.5) for seed in range(20)}
    table = claims_html(
        [Result(claim, {"": worlds, "other": worlds})], {"a-b": Place("p/one", "One")}
    )
    assert "It &lt;rises&gt;." in table
    assert "15 of 20" in table
    assert "no bait: 15" in table
    assert 'href="p/one.html#claim-a-b"' in table


def test_table_says_where_a_claim_ends_or_how_often_it_holds_at_the_far_end():
    worlds = {seed: Effect(1.0) for seed in range(20)}
    ways = [
        Coupling("rain", "{} mm of rain", 1.0, 4.0),
        Coupling("snow", "{} cm of snow", 0.0, 9.0),
    ]
    claim = Statement(name="a-b", statement="It rises.", unit="%", couplings=ways)
    breaks = {
        "rain": Break({1.0: 20, 2.0: 9, 4.0: 0}, worlds),
        "snow": Break({0.0: 20, 9.0: 17}, worlds),
    }
    table = claims_html([Result(claim, {"": worlds}, breaks)], {"a-b": Place("p/one", "One")})
    assert "fewer than half with 2 mm of rain or more" in table
    assert "with 9 cm of snow, still in 17" in table


def test_claims_of_one_chapter_stand_together():
    worlds = {seed: Effect(1.0) for seed in range(20)}
    results = [
        Result(Statement(name=name, statement=f"Says {name}.", unit="%"), {"": worlds})
        for name in ("a", "b", "c", "d")
    ]
    shown = {"a": Place("two", "Two"), "c": Place("two", "Two"), "d": Place("one", "One")}
    table = claims_html(results, shown)
    places = [table.index(f"Says {name}.") for name in ("d", "a", "c", "b")]
    assert places == sorted(places)


# ---------------------------------------------------------------- rules

RULES = ROOT / "book" / "thirty-rules.md"
BLOCK = re.compile(r"^```\{rules\} launchlab\.findings (\d+)\n(.*?)^```", re.MULTILINE | re.DOTALL)


def rule_of(name):
    worlds = {seed: Effect(seed - 4.5) for seed in range(20)}
    return "Look <twice>.", Result(
        Statement(name=name, statement="It rises.", unit="%"), {"": worlds}
    )


def test_a_rule_says_how_often_where_it_breaks_and_where_it_stands():
    html = rules_html([rule_of("a-b")], {"a-b": Place("p/one", "One")}, 7)
    assert '<ol class="ll-rules" start="7">' in html
    assert "Look &lt;twice&gt;." in html
    assert 'href="p/one.html#claim-a-b"' in html
    assert "15 of 20</a> worlds" in html
    assert "tried under no other assumption" in html


@pytest.mark.parametrize(
    ("held", "said"),
    [
        (15, "worlds; with 4 mm of rain, still in 15."),
        # What a coin would do as well is not called "still".
        (14, "worlds; with 4 mm of rain, in only 14."),
        (3, "worlds; with 4 mm"),
    ],
)
def test_a_rule_tells_its_end_as_one_would_read_it_aloud(held, said):
    rain = Coupling("rain", "{} mm of rain", 1.0, 4.0, steps=1)
    worlds = {seed: Effect(1.0) for seed in range(20)}
    claim = Statement(name="a-b", statement="It rises.", unit="%", couplings=[rain])
    one = Result(claim, {"": worlds}, {"rain": Break({1.0: 20, 4.0: held}, worlds)})
    assert said in rules_html([("Look.", one)], {"a-b": Place("p/one", "One")}, 1)


def test_a_rule_tells_in_what_its_claim_was_repeated():
    days = Statement(name="a-b", statement="It rises.", unit="%", worlds="simulated days")
    one = Result(days, {"": {seed: Effect(1.0) for seed in range(20)}})
    html = rules_html([("Look.", one)], {"a-b": Place("p/one", "One")}, 1)
    assert "20 of 20</a> days;" in html and 'aria-label="20 of 20 days, in One"' in html


def test_a_rule_whose_claim_no_chapter_shows_is_named():
    with pytest.raises(ValueError, match=r"no chapter shows 'a-b', the claim of 'Look <twice>\.'"):
        rules_html([rule_of("a-b")], {}, 1)


@pytest.mark.parametrize("line", ["a rule", "a-b:", ": a rule", "A b: a rule"])
def test_a_line_that_is_no_rule_is_refused(line):
    with pytest.raises(ValueError, match="expected a claim's name, a colon and the rule"):
        read_rules(["", "a-b: Look twice: it helps.", line])


def test_the_rules_of_the_book_are_thirty_counted_on_and_hold_in_most_worlds():
    blocks = [
        (int(first), read_rules(text.splitlines()))
        for first, text in BLOCK.findall(RULES.read_text("utf-8"))
    ]
    place = 1
    for first, rules in blocks:
        assert first == place
        place += len(rules)
    rules = [rule for _, block in blocks for rule in block]
    assert len(rules) == len({name for name, _ in rules}) == 30
    shown = find_claims(RULES.parent)
    for name, rule in rules:
        assert name in shown
        assert findings.result(name).count() >= 14, f"{rule}: no rule rests on a coin"
