"""Every lab of the book by keyboard: each control, reset, the shared address, the table."""

from html import escape

import pytest

from launchlab.lab.declare.frame import decode
from tests.site import book
from tests.site import visit as visits
from tests.site.conftest import Reader
from tests.site.visit import NoFramesError


def test_there_are_labs_to_test():
    assert book.labs()


def test_no_two_labs_of_a_page_share_a_name(page_path):
    names = [lab.name for lab in book.labs(page_path)]
    assert len(names) == len(set(names))


def test_every_control_changes_chart_and_sentence_and_reset_brings_the_start_back(opened, lab):
    reader = opened
    start = reader.seen(lab)
    for control in lab.data["controls"]:
        at_ends = []
        for end in (0, 1):
            reader.move(lab, control, end)
            at_ends.append(reader.seen(lab))
        first, last = at_ends
        assert first.sentence != last.sentence, control["name"]
        assert first.chart != last.chart, control["name"]
        reader.press(reader.button(lab, "Reset"), "Enter")
        assert reader.seen(lab) == start, control["name"]
    assert reader.errors == []


def test_every_control_is_reached_by_tab_in_order(opened, lab):
    reader = opened
    controls = lab.data["controls"]
    reader.control(lab, controls[0]).focus()
    reached = []
    for _ in controls:
        reached.append(reader.page.evaluate("document.activeElement.id"))
        reader.page.keyboard.press("Tab")
    assert reached == [f"{lab.name}-{control['name']}" for control in controls]
    after = [preset["label"] for preset in lab.data["presets"]] + ["Reset"]
    assert reader.page.evaluate("document.activeElement.textContent") == after[0]


def test_every_control_has_its_label_and_says_its_level(opened, lab):
    reader = opened
    section = reader.section(lab)
    for control in lab.data["controls"]:
        target = reader.control(lab, control)
        assert section.get_by_label(control["label"], exact=True).count() == 1
        if control["kind"] in ("slider", "range"):
            said = set()
            for end in (0, 1):
                reader.move(lab, control, end)
                said.add(target.get_attribute("aria-valuetext"))
                shown = section.locator(f"output[for='{lab.name}-{control['name']}']")
                assert shown.inner_text() == target.get_attribute("aria-valuetext")
                assert shown.inner_text().endswith(control["unit"])
            assert len(said) == 2


def test_the_sentence_is_a_live_region_and_the_chart_has_its_description(opened, lab):
    section = opened.section(lab)
    assert section.locator(".ll-sentence").get_attribute("role") == "status"
    assert section.locator("[role=img]").get_attribute("aria-label") == lab.data["description"]
    assert section.locator("[role=img]").count() == 1


def test_the_table_follows_the_controls(opened, lab):
    reader = opened
    section = reader.section(lab)
    reader.press(section.locator(".ll-numbers summary"), "Enter")
    table = section.locator(".ll-numbers table")
    assert table.is_visible()
    cells = "table => [...table.rows].map(row => [...row.cells].map(c => c.textContent))"
    expected = f"""([lab, state]) =>
      ({cells})(launchlab.table(launchlab.evaluate(lab, state).columns, lab.columns))"""
    state = dict(lab.data["start"])
    shown = []
    for control in lab.data["controls"]:
        for end in (0, 1):
            reader.move(lab, control, end)
            state[control["name"]] = book.ends(control)[end]
            shown.append(table.evaluate(cells))
            assert shown[-1] == reader.page.evaluate(expected, [lab.data, state])
    assert any(one != shown[0] for one in shown)


def test_every_preset_sets_all_controls_and_shows_what_the_kernel_would(opened, lab):
    reader = opened
    section = reader.section(lab)
    seen = []
    for preset in lab.data["presets"]:
        reader.press(reader.button(lab, preset["label"]), "Enter")
        seen.append(reader.seen(lab))
        expected = "([lab, state]) => launchlab.evaluate(lab, state).sentence"
        sentence = reader.page.evaluate(expected, [lab.data, preset["state"]])
        assert seen[-1].sentence == sentence
        assert f"Set: {preset['label']}." in section.locator(".ll-controls").inner_text()
    assert len(set(seen)) == len(seen)


def test_the_record_can_be_copied_and_follows_the_controls(opened, lab):
    if not lab.data["record"]:
        return
    reader = opened
    section = reader.section(lab)
    reader.press(section.locator(".ll-record summary"), "Enter")
    copied = []
    control = lab.data["controls"][0]
    for end in (0, 1):
        reader.move(lab, control, end)
        reader.press(reader.button(lab, "Copy the text"), "Enter")
        section.get_by_text("Copied.").wait_for()
        copied.append(reader.page.evaluate("navigator.clipboard.readText()"))
        assert copied[-1] == section.locator(".ll-record pre").inner_text()
    assert copied[0] != copied[1]


def away_from_start(lab, control) -> int:
    """The end of a control at which it does not start."""
    return 0 if book.ends(control)[0] != lab.data["start"][control["name"]] else 1


def test_a_copied_link_and_the_address_restore_the_state_for_another_reader(opened, stranger, lab):
    reader = opened
    start = reader.state(lab)
    for control in lab.data["controls"]:
        reader.move(lab, control, away_from_start(lab, control))
    # A clipboard is open only to the window in front, and the stranger's may be there.
    reader.page.bring_to_front()
    reader.press(reader.button(lab, "Copy link"), "Enter")
    reader.section(lab).get_by_text("Link to this setting copied.").wait_for()
    link = reader.page.evaluate("navigator.clipboard.readText()")
    assert link.endswith(lab.selector)

    other = stranger.at(book.pages()[0])
    other.page.evaluate("localStorage.clear()")
    other.page.goto(link)
    other.open(lab)
    assert other.state(lab) == reader.state(lab)
    assert other.seen(lab) == reader.seen(lab)
    assert other.state(lab) != start

    # The address follows the controls by itself, and a reload keeps them where they are.
    (control, *_) = lab.data["controls"]
    before = other.page.url
    other.move(lab, control, 1 - away_from_start(lab, control))
    other.page.wait_for_function("before => location.href !== before", arg=before, polling=50)
    moved = other.seen(lab), other.state(lab)
    other.page.reload()
    other.open(lab)
    assert (other.seen(lab), other.state(lab)) == moved
    other.press(other.button(lab, "Reset"), "Enter")
    other.page.wait_for_function("location.search === ''", polling=50)
    assert other.state(lab) == start


def test_a_link_is_shown_where_the_clipboard_is_closed(visit):
    (lab, *_) = book.labs()
    reader = visit(lab.page)
    section = reader.open(lab)
    reader.page.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    reader.press(reader.button(lab, "Copy link"), "Enter")
    link = section.get_by_label("Link to this setting").input_value()
    assert link.endswith(f"{lab.page}{lab.selector}")


def test_a_setting_that_does_not_exist_is_reported_and_the_start_is_shown(visit):
    (lab, *_) = book.labs()
    (control, *_) = lab.data["controls"]
    reader = visit(f"{lab.page}?{lab.name}.{control['name']}=nonsense")
    section = reader.open(lab)
    assert "“nonsense” is not a setting here" in section.locator(".ll-controls").inner_text()
    straight = visit(lab.page)
    straight.open(lab)
    assert reader.state(lab) == straight.state(lab)


def test_what_stands_before_javascript_is_the_first_setting(lab):
    data = lab.data
    if "grid" not in data:
        return  # a rule's first setting is held against Python elsewhere
    place = 0
    for control in data["controls"]:
        at = control["values"].index(data["start"][control["name"]])
        place = place * len(control["values"]) + at
    assert escape(data["sentences"][place]) in book.text(lab.page)
    first = next(iter(data["columns"] or decode(data["grid"], place)))
    assert len(decode(data["grid"], place)[first]) > 0


def test_a_page_that_is_drawn_no_more_is_opened_anew(browser, address, monkeypatch):
    monkeypatch.setattr(visits, "_FRAME_MS", 200)
    reader = Reader(browser, address)
    path = book.labs()[0].page
    first = reader.at(path)
    assert reader.at(path) is first
    first.page.evaluate("window.requestAnimationFrame = () => 0")
    with pytest.raises(NoFramesError, match=r"no frame of .*html in 0.2 s"):
        first.settle()
    second = reader.at(path)
    assert second is not first
    second.settle()
    reader.leave()
