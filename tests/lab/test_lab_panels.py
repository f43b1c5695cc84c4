"""Presets, cards and records: declared once, frozen, live."""

import json
import re

import pytest

from launchlab import lab
from launchlab.lab.declare import panels
from launchlab.lab.lives import page
from launchlab.lab.lives.live import LiveLab
from tests.lab.samples import RULE, experiment, rule_experiment

PRESETS = [lab.Preset("As many as there are", {"n": 9}), lab.Preset("Numbers", {"up": False})]


def cards(frame):
    return [lab.Card("Points <b>", f"{len(frame)}", [f"up to {frame.y.max()}"])]


RECORD = lab.Record("The record", lambda frame: f"Decided:\n{len(frame)} points")


def with_panels(**changes):
    parts = {"presets": PRESETS, "cards": cards, "record": RECORD}
    return experiment(**{**parts, **changes})


def data_of(text):
    found = re.search(r'class="ll-data">(.*?)</script>', text, re.S)
    return json.loads(found.group(1))


def test_a_page_carries_cards_and_record_of_every_point():
    demo = with_panels()
    text = page.freeze(demo, demo.defaults)
    data = data_of(text)
    assert [len(data[name]) for name in ("cards", "records", "sentences")] == [demo.size] * 3
    assert data["records"][0] == "Decided:\n2 points"
    assert data["cards"][0] == [{"title": "Points <b>", "figure": "2", "lines": ["up to 1"]}]
    assert "Points &lt;b&gt;" in text
    assert '<pre tabindex="0">Decided:\n5 points</pre>' in text


def test_a_preset_leaves_the_other_controls_at_their_default():
    demo = with_panels()
    presets = data_of(page.freeze(demo, demo.state(n=2)))["presets"]
    assert presets[0] == {"label": "As many as there are", "state": {"n": 9, "up": True}}
    assert presets[1]["state"] == {"n": 5, "up": False}


def test_a_lab_without_panels_carries_none():
    demo = experiment()
    text = page.freeze(demo, demo.defaults)
    data = data_of(text)
    assert data["presets"] == []
    assert data["record"] == ""
    assert not {"cards", "records"} & set(data)
    assert "ll-cards" not in text
    assert "ll-record" not in text


def test_a_preset_that_no_control_allows_is_refused():
    with pytest.raises(ValueError, match="n=3"):
        with_panels(presets=[lab.Preset("Three", {"n": 3})])
    with pytest.raises(ValueError, match="unknown control 'm'"):
        with_panels(presets=[lab.Preset("M", {"m": 3})])
    with pytest.raises(ValueError, match="label"):
        lab.Preset(" ", {"n": 2})
    with pytest.raises(ValueError, match="state is empty"):
        lab.Preset("Nothing", {})


def test_cards_and_records_that_fail_name_their_place():
    bad = with_panels(cards=lambda frame: [lab.Card("X", 3)])
    with pytest.raises(lab.ExperimentError, match=r"n=5, up=True: cards: TypeError"):
        bad()
    empty = with_panels(record=lab.Record("R", lambda frame: " "))
    with pytest.raises(lab.ExperimentError, match="record=' ', expected text"):
        empty()
    with pytest.raises(ValueError, match="title"):
        lab.Record("", str)
    with pytest.raises(ValueError, match="title"):
        lab.Card(" ", "1")


@pytest.mark.parametrize(
    ("part", "value"), [("cards", cards), ("record", RECORD)], ids=["cards", "record"]
)
def test_a_rule_needs_the_javascript_of_its_panels(part, value):
    with pytest.raises(ValueError, match=rf"defines no function {part}\(\)"):
        rule_experiment(**{part: value})
    twin = RULE + f"\nfunction {part}(rows) {{ return null; }}"
    demo = rule_experiment(**{part: value}, rule=lab.Rule(rule_experiment().rule.table, twin))
    assert f"return {{frame,sentence,{part}}}" in page.freeze(demo, demo.defaults)


def test_the_live_lab_shows_them_and_its_buttons_lead_there():
    live = LiveLab(with_panels(), with_panels().defaults)
    assert live.chart.cards[0]["figure"] == "5"
    assert live.chart.record == "Decided:\n5 points"
    computed = live.chart.computed
    live.preset_buttons[0].click()
    assert live.state == {"n": 9, "up": True}
    assert live.chart.computed == computed + 1
    assert live.chart.cards[0]["figure"] == "9"
    live.preset_buttons[1].click()
    assert live.state == {"n": 5, "up": False}


def test_a_changed_card_is_another_point():
    one, two = with_panels(), with_panels(cards=lambda frame: [lab.Card("X", "1")])
    assert one.cache_key() != two.cache_key()
    assert panels.cards_html([]) == '<ul class="ll-cards"></ul>'
