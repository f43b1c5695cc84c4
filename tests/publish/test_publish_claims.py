"""The index of claims is read from notebooks and recorded results."""

import json

from launchlab.claims import Claim, Effect, Result, Variant
from launchlab.publish.index import claims_html, find_claims


def test_finds_where_claims_are_shown(tmp_path):
    cells = [
        {"cell_type": "markdown", "source": ["# Chapter\n"]},
        {"cell_type": "code", "source": ['claims.show("a-b")\n', "claims.show(\n    'c'\n)"]},
    ]
    (tmp_path / "one.ipynb").write_text(json.dumps({"cells": cells}))
    assert find_claims(tmp_path) == {"a-b": ("one", "Chapter"), "c": ("one", "Chapter")}


def test_table_says_how_often_and_under_what_else():
    claim = Claim(
        name="a-b",
        statement="It <rises>.",
        effect=lambda seed: Effect(float(seed)),
        unit="%",
        variants=[Variant("other", "no bait", {})],
    )
    worlds = {seed: Effect(seed - 4.5) for seed in range(20)}
    table = claims_html([Result(claim, {"": worlds, "other": worlds})], {"a-b": ("p/one", "One")})
    assert "It &lt;rises&gt;." in table
    assert "15 of 20" in table
    assert "no bait: 15" in table
    assert 'href="p/one.html"' in table
