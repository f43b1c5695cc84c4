"""The fire drill as a reader plays it, by keyboard, to the post-mortem; and what is kept of it."""

import json
import re

import pytest

from launchlab.operations import drill
from tests.site.axe import violations
from tests.site.visit import Visit

PAGE = "book/operations/friday-seventeen-hundred.html"
SEED = 48
_TOO_WIDE = """() => [...document.querySelectorAll('.ll-drill *')].filter(part =>
  !part.closest("table, svg") && part.getBoundingClientRect().right > 361).map(one => one.className)
"""
_CUT = """() => [...document.querySelectorAll('.ll-drill-scroll')]
  .filter(box => box.scrollWidth > box.clientWidth + 1).map(box => box.innerText)
"""
STORED = "localStorage.getItem('launchlab:drill')"


def press(visit: Visit, name: str) -> None:
    """Press a button of the drill by keyboard."""
    visit.press(visit.page.locator(".ll-drill").get_by_role("button", name=name), "Enter")


def begin(visit: Visit, seed: object = SEED) -> None:
    """Type an evening's number, and begin."""
    visit.press(visit.page.get_by_label("Evening", exact=True), "Control+a", *str(seed), "Enter")


def now(visit: Visit) -> str:
    """What the drill has just told, also to those who hear it."""
    return visit.page.locator(".ll-drill-now").inner_text()


def clock(visit: Visit) -> str:
    """The drill's clock."""
    return visit.page.locator(".ll-drill-clock").inner_text()


@pytest.fixture
def player(visit):
    """A reader at the drill, who has just begun."""
    one = visit(PAGE)
    begin(one)
    return one


def test_a_whole_game_by_keyboard_costs_what_python_says(player):
    page = player.page
    assert clock(player) == "17:00"
    press(player, "Wait 15")
    press(player, "Wait 15")
    assert clock(player) == "17:30" and "Sales writes" in now(player)
    press(player, "Both arms against their usual Friday")
    assert clock(player) == "17:35" and "You find" in now(player)
    press(player, "Infrastructure")
    assert page.get_by_role("button", name="Infrastructure", exact=True).is_disabled()
    press(player, "Wait 5 minutes")
    press(player, "Roll back")
    press(player, "Wait until 21:00")
    assert clock(player) == "21:00"
    assert page.evaluate("document.activeElement.matches('[data-end]')")
    plan = ((30, "look arms"), (35, "call infrastructure"), (40, "rollback"), (40, "run"))
    code = page.locator(".ll-drill-python code").inner_text()
    assert code == f"replay(make_evening({SEED}), {plan})".replace("'", '"')
    state = drill.replay(drill.make_evening(SEED), plan)
    (mine,) = page.locator(".ll-drill-others tr[data-you]").all_inner_texts()
    dollars = f"{drill.grouped(drill.cost(state))}"
    assert mine.split("\t")[1].strip() == f"${dollars}"
    page.locator("[data-price=worth]").select_option("12")
    (dearer,) = page.locator(".ll-drill-others tr[data-you]").all_inner_texts()
    assert dearer.split("\t")[1].strip() == f"${drill.grouped(drill.cost(state, 12))}"
    assert page.locator(".ll-drill-others tbody tr").count() == 6
    did = page.locator(".ll-drill-costs tbody tr").all_inner_texts()
    told = [[cell.strip() for cell in row.split("\t")] for row in did]
    # The minutes have their price, and to let run what is rolled back is no choice.
    assert [row[:2] for row in told] == [
        ["17:00", "the release was out"],
        ["17:30", "looked: Both arms against their usual Friday"],
        ["17:35", "called: Infrastructure"],
        ["17:40", "rolled back"],
    ]
    minutes = drill.stretches(drill.make_evening(SEED), plan, 12)
    first, last = minutes[0][1], minutes[3][1] + minutes[4][1]
    assert told[0][3] == f"${drill.grouped(first)}"
    assert told[3][3] == f"${drill.grouped(last)}"
    assert told[3][4] == f"${drill.grouped(last / 200)}"
    truth = page.locator(".ll-drill-truth").inner_text()
    assert drill.lesson(drill.make_evening(SEED), 12) in truth
    timeline = page.get_by_label("The timeline").input_value()
    assert len(timeline.splitlines()) == len(state.log)
    assert player.errors == []


def test_the_ticket_is_kept_copied_printed_and_erased(visit):
    one = visit(PAGE, permissions=["clipboard-read", "clipboard-write"])
    begin(one)
    press(one, "Let it run")
    answer = one.page.get_by_label("What made it hard?")
    answer.focus()
    one.page.keyboard.type("Two dashboards, two stories.")
    one.page.reload()
    answer.wait_for()
    assert answer.input_value() == "Two dashboards, two stories."
    assert f"Friday evening {SEED}." in one.page.locator(".ll-drill-about").inner_text()
    press(one, "Copy")
    one.page.wait_for_function("document.querySelector('[data-kept]').textContent === 'Copied.'")
    copied = one.page.evaluate("navigator.clipboard.readText()")
    assert "What made it hard?\nTwo dashboards, two stories." in copied
    # On paper the ticket stands, whole, and alone.
    one.page.evaluate("window.print = () => {}")
    press(one, "Print")
    one.page.emulate_media(media="print")
    assert one.page.locator(".ll-drill-paper").nth(4).inner_text() == "Two dashboards, two stories."
    assert not any(head.is_visible() for head in one.page.locator("h1").all())
    assert not answer.is_visible()
    one.page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    one.page.emulate_media(media="screen")
    assert one.page.locator(".bd-article h1").is_visible()
    press(one, "Erase it here")
    assert answer.input_value() == "" and one.page.evaluate(STORED) is None


def test_the_clock_runs_until_something_happens_and_can_be_paused(player):
    press(player, "Let the clock run")
    pause = player.page.get_by_role("button", name="Pause")
    assert pause.get_attribute("aria-pressed") == "true"
    # The manager writes at 17:01, and nobody has to read against the clock.
    player.page.get_by_role("button", name="Let the clock run").wait_for()
    assert clock(player) == "17:01" and "Manager writes" in now(player)
    press(player, "Let the clock run")
    # The status follows the clock, and is read out only when there is news.
    player.page.wait_for_function(
        "document.querySelector('.ll-drill-now').textContent === 'It is 17:02.'"
    )
    assert player.page.locator(".ll-drill-now").get_attribute("aria-live") == "off"
    press(player, "Pause")
    assert player.page.get_by_role("button", name="Let the clock run").is_visible()


def test_what_is_no_evening_is_refused_and_nothing_is_lost(player):
    press(player, "Wait 15")
    for typed in ("10000", "-1", "nine"):
        begin(player, typed)
        alert = player.page.locator(".ll-drill-setup [role=alert]").inner_text()
        assert alert == f"“{typed}” is no evening: expected a whole number from 0 to 9,999."
        assert clock(player) == "17:15"


def test_dashboards_say_in_words_what_they_draw(player):
    press(player, "Wait 15")
    press(player, "Wait 15")
    seen = drill.facts(drill.make_evening(SEED), drill.State(minute=30))
    told = player.page.locator("[data-board=ml] .ll-drill-says").inner_text()
    new, old = drill.grouped(seen["release"]), drill.grouped(seen["control"])
    assert told == f"Orders per 1,000 sessions: new {new}, old {old}."
    for board in player.page.locator("[data-board]").all():
        assert re.search(r"\w", board.locator(".ll-drill-value").inner_text())
        assert board.locator("svg[aria-hidden=true] path[d^=M]").count() >= 1
        assert board.get_attribute("aria-label")


def test_it_fits_a_phone_and_axe_finds_nothing_by_day_or_night(visit):
    one = visit(PAGE, viewport={"width": 360, "height": 740})
    begin(one)
    for _ in range(3):
        press(one, "Wait 15")
    assert violations(one, "light", ".ll-drill") == []
    press(one, "Let it run")
    assert one.page.evaluate(_TOO_WIDE) == []
    assert one.page.evaluate(_CUT) == []
    assert violations(one, "light", ".ll-drill") == []
    one.page.emulate_media(color_scheme="dark")
    one.settle()
    assert violations(one, "dark", ".ll-drill") == []
    assert one.errors == []


def test_on_a_phone_each_dashboard_has_its_icon_and_words_do_not_run_together(visit):
    one = visit(PAGE, viewport={"width": 360, "height": 740})
    begin(one, 7)  # an evening on which an alarm rings, and the ML engineers write
    for _ in range(4):
        press(one, "Wait 15")
    for head in one.page.locator(".ll-drill-who").all():
        assert head.locator("svg").bounding_box()["width"] >= 16, head.inner_text()
        assert head.evaluate("one => one.scrollWidth <= one.clientWidth"), head.inner_text()
    value = one.page.locator("[data-board=infrastructure] .ll-drill-value")
    assert value.inner_text().splitlines() == ["▲ red", "alarm, delivery time"]
    first, *news = now(one).splitlines()
    assert first == "It is 18:00." and news[0].startswith("18:00 ML engineers write:")
    assert ". 18:00" in one.page.locator(".ll-drill-now").text_content()


def test_where_nothing_can_be_kept_the_drill_says_so_and_works(visit):
    one = visit(PAGE)
    newer = json.dumps({"schema": 2, "tickets": [1]})
    one.page.evaluate("text => localStorage.setItem('launchlab:drill', text)", newer)
    begin(one)
    press(one, "Let it run")
    assert "copy it" in one.page.locator("[data-kept]").inner_text()
    # What a later version of the book has kept is left alone.
    assert one.page.evaluate(STORED) == newer
    one.page.evaluate(
        "localStorage.clear(); Storage.prototype.setItem = () => { throw new Error('full'); }; null"
    )
    begin(one)
    press(one, "Let it run")
    assert "copy it" in one.page.locator("[data-kept]").inner_text()


def test_without_scripts_the_page_says_where_the_drill_runs(visit):
    one = visit(PAGE, java_script_enabled=False)
    assert one.page.get_by_text("The drill runs where scripts run").is_visible()
    assert not one.page.get_by_role("button", name="Begin").is_visible()
