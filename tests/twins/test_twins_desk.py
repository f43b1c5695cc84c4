"""The capstone's desk in the page against the one in Python: the same days, numbers and words."""

import json

import pytest

from launchlab.capstone import desk_data
from launchlab.capstone.afterwards import Choice, facts, said
from launchlab.capstone.releases import release, watched

STEPS = """(cases) => cases.map(([town, place, seed, stopped]) => {
  const d = globalThis.deskOfTest, fault = d.faultOf(town, seed), rows = d.days(town, place, seed);
  const found = d.facts(town, place, fault, stopped);
  return [fault, rows, d.watched(rows), found, d.said(found)];
})"""


def test_the_page_counts_and_says_what_python_does(script, call):
    script.add_script_tag(content=desk_data.script("desk.js"))
    script.evaluate(
        "given => { deskOfTest = launchlabDesk(JSON.parse(given)); }", json.dumps(desk_data.data())
    )
    cases = [
        (k % desk_data.TOWNS, (29 * k) % 96, k % desk_data.RELEASES, k % 3 == 0) for k in range(60)
    ]
    for (town, place, seed, stopped), told in zip(cases, call(STEPS, cases), strict=True):
        fault, rows, seen, found, words = told
        one = release(seed, town, place)
        assert fault == ([one.fault.words, one.fault.loss] if one.fault else None)
        days = one.days()
        assert (
            rows
            == days.drop(columns="day")[
                ["share", "sessions", "orders", "control_sessions", "control_orders"]
            ]
            .to_numpy()
            .tolist()
        )
        expected = watched(days)[["change", "error", "z", "bound"]].to_numpy()
        assert seen == [pytest.approx(row) for row in expected.tolist()]
        there = facts(Choice(town, place, one.fault, stopped))
        assert found == pytest.approx(there) and words == said(there)
