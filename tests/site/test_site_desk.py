"""The capstone's desk as a reader uses it, by keyboard, from a choice to what the five say."""

import json
import re

import pytest

from launchlab.capstone.desk_data import data
from launchlab.capstone.draws import draw, held_out
from launchlab.capstone.menu import MENU, words
from launchlab.stakeholders.configurations import Configuration
from tests.site.axe import violations
from tests.site.visit import Visit

PAGE = "book/capstone/your-name-on-it.html"
KEPT = "localStorage.getItem('launchlab:decisions')"
CHOSEN = Configuration("hgb50", 30, 0.5, 1.25)
PLACE = MENU.index(CHOSEN)
REASON = "two per cent of orders are worth it"
_TOO_WIDE = """() => [...document.querySelectorAll('.ll-desk *')].filter(part =>
  !part.closest("table, svg") && part.getBoundingClientRect().right > 361).map(one => one.className)
"""


def press(visit: Visit, name: str) -> None:
    """Press a button of the desk by keyboard."""
    visit.press(
        visit.page.locator(".ll-desk").get_by_role("button", name=name, exact=True), "Enter"
    )


def sign(visit: Visit, reason: str = REASON) -> None:
    """Write why, and sign."""
    visit.page.locator("#desk-why").fill(reason)
    press(visit, "Sign and release")


@pytest.fixture
def desk(visit):
    """A reader at the desk, who has moved two levers."""
    one = visit(PAGE)
    one.page.get_by_label("Sorted").select_option("0.5")
    one.page.get_by_label("A dollar of ads counts").select_option("1.25")
    return one


def test_what_the_levers_choose_is_told_as_python_tells_it(desk):
    assert words(CHOSEN) in desk.page.locator(".ll-desk-mine").inner_text()
    (orders, *_) = desk.page.locator(".ll-desk-numbers tbody tr").all_inner_texts()
    table = draw(0)
    surely = [table["orders"][PLACE] - z * table["orders_se"][PLACE] for z in (0.8416, 1.6449)]
    assert re.findall(r"[\d.]+(?= %)", orders.replace("\u00a0", " ")) == [
        f"{100 * table['orders'][PLACE]:.1f}",
        *(f"{100 * low:.1f}" for low in surely),
        "95.0",
    ]


def test_before_it_is_signed_it_is_said_what_ships_nothing_and_what_a_reload_costs(desk):
    told = desk.page.locator(".ll-desk-mine")
    assert "ship nothing" not in told.inner_text()
    desk.page.locator("[data-town]").select_option("1")  # each town opens with what runs today
    assert "To sign it is to ship nothing new" in told.inner_text()
    assert desk.page.get_by_text("after a reload it cannot be taken up again").is_visible()
    assert desk.page.locator(".ll-desk-release").is_hidden()


def test_nobody_releases_without_a_reason_and_what_is_signed_is_in_the_ledger(desk):
    sign(desk, "because yes")
    assert "four words" in desk.page.get_by_role("alert").first.inner_text()
    assert desk.page.locator(".ll-desk-release").is_hidden()
    assert desk.page.evaluate(KEPT) is None
    sign(desk)
    assert desk.page.get_by_label("Sorted").is_disabled()
    (name,) = json.loads(desk.page.evaluate(KEPT))["decisions"]
    assert name == "capstone/your-name-on-it#town-0"


def test_a_town_that_is_signed_again_leaves_the_first_entry_as_it_was(desk):
    sign(desk)
    press(desk, "Stop it")
    kept = json.loads(desk.page.evaluate(KEPT))["decisions"]
    desk.page.reload()
    sign(desk, "this time I have another reason")
    again = json.loads(desk.page.evaluate(KEPT))["decisions"]
    first, second = (f"capstone/your-name-on-it#town-{name}" for name in ("0", "0-2"))
    assert list(kept) == [first] and set(again) == {first, second}
    assert again[first] == kept[first] and "another reason" in again[second]["text"]


def test_seven_days_then_the_five_speak_and_the_truth_is_python_s(desk):
    sign(desk)
    everybody = desk.page.get_by_role("button", name="Give it to everybody")
    assert everybody.is_disabled()
    for _ in range(7):
        press(desk, "Next day")
    assert desk.page.locator(".ll-desk-days tbody tr").count() == 7
    press(desk, "Give it to everybody")
    assert desk.page.evaluate("document.activeElement.matches('[data-at-end]')")
    spoken = desk.page.locator(".ll-desk-five q").all_inner_texts()
    assert len(spoken) == 5 and all(spoken)
    (mine,) = desk.page.locator(".ll-desk-others tr[data-you]").all_inner_texts()
    truth = held_out(0).loc[PLACE]
    assert [f"{100 * one:.1f} %" for one in truth] == [
        cell.strip().replace("\u00a0", " ") for cell in mine.split("\t")[1:4]
    ]
    kept = json.loads(desk.page.evaluate(KEPT))["decisions"]["capstone/your-name-on-it#town-0"]
    assert REASON in kept["text"] and "Afterwards:" in kept["text"]
    press(desk, "Take the next town")
    assert desk.page.locator("[data-town]").input_value() == "1"
    assert desk.page.locator(".ll-desk-end").is_hidden()


def test_who_stops_what_would_have_missed_the_limit_on_ads_hears_of_it(desk):
    """Town 3's first suggestion keeps its limit on orders, by which the days judge, and not ads."""
    desk.page.locator("[data-town]").select_option("3")
    desk.page.locator(".ll-desk-top button").first.click()
    luck = data()["luck"]
    sound = next(k for k, one in enumerate(luck) if not one["faulty"])
    desk.page.evaluate(f"Math.random = () => {(sound + 0.5) / len(luck)}")
    sign(desk)
    press(desk, "Next day")
    press(desk, "Stop it")
    told = desk.page.locator(".ll-desk-truth").inner_text().replace("\u00a0", " ")
    assert "right to let it run. Its ads lay below their limit, at 104.1 %" in told
    assert "limit on ads" in desk.page.locator("[data-who=manager] q").inner_text()


def test_it_fits_a_phone_and_axe_finds_nothing_by_day_or_night(visit):
    one = visit(PAGE, viewport={"width": 360, "height": 740})
    sign(one)
    press(one, "Next day")
    assert violations(one, "light", ".ll-desk") == []
    press(one, "Stop it")
    assert one.page.evaluate(_TOO_WIDE) == []
    assert violations(one, "light", ".ll-desk") == []
    one.page.emulate_media(color_scheme="dark")
    one.settle()
    assert violations(one, "dark", ".ll-desk") == []
    assert one.errors == []


# Seeds of town 0 by what seven days show of a configuration, and what would have been right.
_SEEDS = """place => {
  const data = JSON.parse(document.querySelector(".ll-desk-data").textContent);
  const desk = launchlabDesk(data), [orders] = data.towns[0].later[place];
  return data.luck.map((_, seed) => {
    const fault = desk.faultOf(0, seed);
    const rang = desk.watched(desk.days(0, place, seed)).some(([, , z, bound]) => z < -bound);
    return { rang, stop: orders / data.scale * (1 - (fault ? fault[1] : 0)) < data.limits.orders };
  });
}"""


@pytest.mark.parametrize("unlucky", [True, False])
def test_who_keeps_the_rule_and_is_wrong_hears_that_it_was_bad_luck(visit, unlucky):
    desk = visit(PAGE)  # with what runs today, whose faults can hide
    seeds = desk.page.evaluate(_SEEDS, data()["control"])
    seed = next(k for k, one in enumerate(seeds) if not one["rang"] and one["stop"] == unlucky)
    desk.page.evaluate(f"Math.random = () => {(seed + 0.5) / len(seeds)}")
    sign(desk)
    for _ in range(7):
        press(desk, "Next day")
    press(desk, "Give it to everybody")
    told = desk.page.locator(".ll-desk-truth").inner_text()
    assert ("right to stop it" in told) == unlucky
    assert ("You kept the rule, and had bad luck" in told) == unlucky
