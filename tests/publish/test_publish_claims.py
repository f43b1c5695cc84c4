"""The index of claims is read from notebooks and recorded results."""

import json

from launchlab.claims import Claim, Effect, Result, Statement, Variant
from launchlab.publish.index import Place, claims_html, find_claims


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
