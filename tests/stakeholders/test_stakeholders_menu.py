"""The menu: what is shipped agrees with what is computed, and slates survive as words."""

import json
from dataclasses import replace
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchlab.serving import latency
from launchlab.stakeholders import customer, menu, pain, room
from launchlab.stakeholders.configurations import (
    AD_WEIGHTS,
    MARGIN_WEIGHTS,
    MODELS,
    SHORTLISTS,
    Configuration,
    configurations,
)
from launchlab.stakeholders.people import FIVE, Business
from launchlab.stakeholders.phones import phones_html


def test_the_shipped_menu_holds_every_configuration_once():
    table = menu.menu_table()
    levers = ["model", "shortlist", "margin_weight", "ad_weight"]
    assert len(table) == 5 * 4 * 3 * 10
    assert not table[levers].duplicated().any()
    assert set(table.model) == set(MODELS)
    assert set(table.shortlist) == set(SHORTLISTS)
    assert set(table.margin_weight) == set(MARGIN_WEIGHTS)
    assert set(table.ad_weight) == set(AD_WEIGHTS)
    kept = json.loads(files("launchlab.stakeholders").joinpath("results", "menu.json").read_text())
    assert kept["made_by"] == "OMP_NUM_THREADS=1 python -m launchlab.stakeholders.menu"


def test_a_sample_of_the_shipped_menu_is_what_is_computed_anew():
    """Three rows of one cheap model, another three every release of the table."""
    table = menu.menu_table()
    sample = [
        Configuration("logistic"),
        Configuration("logistic", 8, 0.5, 5.0),
        Configuration("logistic", 30, 1.0, 0.0),
    ]
    fresh = menu.make_menu(customer.WORLD, sample)
    slates = customer.make_slates(customer.WORLD, sample)
    for one, row, word in zip(sample, fresh.itertuples(), slates, strict=True):
        same = (
            (table.model == one.model)
            & (table.shortlist == one.shortlist)
            & (table.margin_weight == one.margin_weight)
            & (table.ad_weight == one.ad_weight)
        )
        kept = table[same].iloc[0]
        for name in ("orders", "ad_revenue", "margin", "life_value", "p95_ms", "profit"):
            assert kept[name] == pytest.approx(getattr(row, name), rel=2e-3), (one, name)
        assert kept.slate == word


@given(
    st.lists(st.integers(0, 29), min_size=8, max_size=8, unique=True),
    st.lists(st.booleans(), min_size=8, max_size=8),
)
def test_a_slate_survives_as_a_word(candidates, sponsored):
    word = customer.slate_word(candidates, sponsored)
    assert len(word) == 8
    assert customer.read_slate(word) == list(zip(candidates, sponsored, strict=True))


def test_a_letter_that_stands_for_nothing_is_refused():
    with pytest.raises(ValueError, match=r"word='ab1'"):
        customer.read_slate("ab1")


def test_latency_grows_with_model_and_shortlist():
    medians = [latency.request_latency(model) for model in MODELS]
    assert medians == sorted(medians)
    shorter = [latency.request_latency("ensemble5", one) for one in SHORTLISTS]
    assert shorter == sorted(shorter)
    assert latency.request_latency("hgb200", multiplier=0.0) == latency.OVERHEAD_MS
    for bad, message in (
        ({"model": "x"}, "model='x'"),
        ({"model": "hgb50", "shortlist": 31}, "shortlist=31"),
        ({"model": "hgb50", "multiplier": -1.0}, "multiplier=-1.0"),
    ):
        with pytest.raises(ValueError, match=message):
            latency.request_latency(**bad)


def test_the_share_over_p95_is_one_in_twenty():
    median = latency.request_latency("hgb200")
    assert latency.share_over(median, latency.p95_latency(median)) == pytest.approx(0.05)
    assert latency.share_over(median, median) == pytest.approx(0.5)
    assert latency.mean_latency(median) > median
    with pytest.raises(ValueError, match="limit_ms=0"):
        latency.share_over(median, 0.0)


@pytest.mark.parametrize(
    ("model", "shortlist", "count"),
    [("logistic", 30, 2), ("logistic", 8, 3), ("hgb800_tuned", 30, 4), ("ensemble5", 20, 11)],
)
def test_artefacts_count_what_must_be_kept_alive(model, shortlist, count):
    assert menu.artefacts(model, shortlist) == count


def test_a_larger_business_earns_more_from_the_same_menu():
    small = menu.menu_table(Business(sessions_per_week=20_000)).profit
    large = menu.menu_table(Business(sessions_per_week=200_000)).profit
    assert (large > small).all()


def test_a_phone_says_which_places_are_ads():
    window = customer.shop_window(customer.town(), customer.hungry_customer(customer.town()))
    text = phones_html({"<Sales>": customer.slate_word([3, 5], [True, False])}, window)
    assert text.count("<li") == 2
    assert text.count(">Ad<") == 1
    assert "&lt;Sales&gt;" in text
    assert text.index(window.name[3]) < text.index(">Ad<") < text.index(window.name[5])
    assert text.count("background") == 0  # one phone alone shares nothing


def test_phones_tint_what_all_of_them_show():
    window = customer.shop_window(customer.town(), customer.hungry_customer(customer.town()))
    one = customer.slate_word([3, 5], [True, False])
    two = customer.slate_word([5, 7], [False, False])
    text = phones_html({"Sales": one, "Manager": two}, window)
    tinted = [part for part in text.split("<li")[1:] if "background" in part]
    assert len(tinted) == 2
    assert all(window.name[5] in part for part in tinted)


def test_phones_tint_what_some_show_weaker_than_what_all_do():
    window = customer.shop_window(customer.town(), customer.hungry_customer(customer.town()))
    places = {"Sales": [3, 5, 9], "Manager": [5, 7, 9], "Product": [5, 9, 3], "ML": [5, 1, 2]}
    slates = {who: customer.slate_word(one, [False] * 3) for who, one in places.items()}
    text = phones_html(slates, window, tint_from=3)
    tints: dict[int, set[str]] = {}
    for part in text.split("<li")[1:]:
        (place,) = [one for one in range(30) if f"<b>{_short(window.name[one])}</b>" in part]
        tints.setdefault(place, set()).add(part[part.find("background") :].split(")")[0])
    (all_four,), (three,) = tints[5], tints[9]
    assert float(all_four.split(",")[-1]) > float(three.split(",")[-1]) > 0
    assert "background" not in "".join(tints[3] | tints[7] | tints[1])
    with pytest.raises(ValueError, match="tint_from=1: expected at least 2"):
        phones_html(slates, window, tint_from=1)


def _short(name: str) -> str:
    return name.replace(" No.", "")


# --------------------------------------------------------------------------- what it costs, said


def test_a_loss_is_said_in_the_unit_of_who_loses():
    said = [pain.in_own_unit(one, 1.0) for one in FIVE]
    assert said == ["1.0 orders", "$1 of ads", "1 ms", "1 artefact", "$1.00 million a year"]
    assert [pain.in_a_cell(one, 2.0) for one in FIVE] == ["2.0", "$2", "2 ms", "2", "$2.00 M"]
    assert {pain.in_own_unit(one, 0.0) for one in FIVE} == {"nothing"}
    assert {pain.in_a_cell(one, 0.0) for one in FIVE} == {"0"}


def test_only_the_five_have_words_for_a_loss():
    with pytest.raises(ValueError, match="who='couriers': expected one of ml, sales"):
        pain.in_own_unit(replace(FIVE[0], name="couriers"), 1.0)


# --------------------------------------------------------------------------- the meeting room

LIMITS = {"p95_limit": 180.0, "artefact_cap": 11, "freeze": 0}
MENU = room.room_table()


def test_who_has_all_the_weight_gets_their_ideal():
    for name, label in (("ml", "ML engineers"), ("sales", "Sales"), ("manager", "Manager")):
        weights = {one: float(one == name) for one in room.WEIGHTED}
        frame = room.meet(MENU, **weights, **LIMITS).set_index("who")
        assert frame.regret[label] == pytest.approx(0, abs=1e-6)


def test_a_record_ships_nothing_that_waits_for_the_whole_quarter():
    given_limits = {**LIMITS, "freeze": 13}
    held = room.record(room.meet(MENU, ml=4.0, sales=1.0, manager=1.0, **given_limits))
    assert "We ship nothing this quarter. What waits: " in held
    assert "Release: none in these 13 weeks" in held
    soon = room.record(room.meet(MENU, ml=4.0, sales=1.0, manager=1.0, **LIMITS))
    assert "We ship: " in soon
    assert "Release: after a freeze of " in soon


def test_a_freeze_of_the_whole_quarter_is_today():
    frame = room.meet(MENU, ml=4.0, sales=1.0, manager=1.0, **{**LIMITS, "freeze": 13})
    assert frame.value.to_numpy() == pytest.approx(frame.today.to_numpy())


@pytest.mark.parametrize("freeze", [1, 12])
def test_a_release_that_is_held_has_its_own_p95_for_it_does_not_average(freeze):
    held, at_once = (
        room.meet(MENU, ml=4.0, sales=1.0, manager=1.0, **{**LIMITS, "freeze": weeks})
        for weeks in (freeze, 0)
    )
    at = held.index[held.who == "Product"][0]
    assert held.value[at] == at_once.value[at] != held.today[at]
    assert held.moved[at].endswith(" ms slower")


@given(
    st.tuples(*[st.integers(0, 20)] * 3), st.integers(93, 180), st.sampled_from([2, 3, 4, 5, 10])
)
def test_a_proposal_keeps_the_limits_and_nothing_allowed_beats_it(weights, p95, cap):
    given_weights = dict(zip(room.WEIGHTED, (w / 2 for w in weights), strict=True))
    row = MENU.iloc[room.choose(MENU, given_weights, p95, cap)]
    assert row.p95_ms <= p95
    assert row.artefacts <= cap
    allowed = MENU[(MENU.p95_ms <= p95) & (MENU.artefacts <= cap)]
    total = sum(
        given_weights[one.name] * one.utility(MENU)
        for one in room.FIVE
        if one.name in room.WEIGHTED
    )
    assert total[row.name] >= total[allowed.index].max() - 1e-8


@given(st.tuples(*[st.integers(0, 20)] * 3), st.integers(93, 180), st.integers(0, 13))
def test_the_room_says_in_each_ones_unit_who_moved_and_who_moved_furthest(weights, p95, freeze):
    given_weights = dict(zip(room.WEIGHTED, (w / 2 for w in weights), strict=True))
    limits = {"p95_limit": p95, "artefact_cap": 11, "freeze": freeze}
    frame = room.meet(MENU, **given_weights, **limits).set_index("who")
    assert frame[["place", "place_today"]].stack().between(-1e-9, 100 + 1e-9).all()
    far = (frame.place - frame.place_today).abs()
    assert far[frame.most].tolist() == pytest.approx([far.max()])
    assert float(frame.value["Infrastructure"]).is_integer()  # nobody patches half an artefact
    words = f"{frame.better.iloc[0]}, {frame.worse.iloc[0]}"
    for who, row in frame.iterrows():
        assert (f"{who} ({row.told})" in words) == (row.told != "as today") == (far[who] > 1e-9)
        assert (who in row.better) == ((row.place - row.place_today) > 1e-9)


def test_limits_that_nothing_keeps_are_named():
    with pytest.raises(ValueError, match=r"p95_limit=10, artefact_cap=2"):
        room.choose(MENU, dict.fromkeys(room.WEIGHTED, 1.0), 10, 2)


def test_every_configuration_can_be_told_from_the_others():
    assert len(configurations()) == 600
    assert len(set(configurations())) == 600
