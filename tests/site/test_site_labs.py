"""Every lab of the book by keyboard: each control, reset, the shared address, the table."""

import pytest
from markupsafe import escape

from launchlab.lab.declare.frame import decode
from tests.seed import has_turn
from tests.site import book
from tests.site import tour as tour_of
from tests.site import visit as visits
from tests.site.conftest import Reader
from tests.site.visit import NoFramesError

LINK = """([selector, state]) => {
  const lab = JSON.parse(document.querySelector(`${selector} .ll-data`).textContent);
  return launchlab.link(lab, state || lab.start, location.href);
}"""


def test_there_are_labs_to_test():
    assert book.labs()


def test_no_two_labs_of_a_page_share_a_name(page_path):
    names = [lab.name for lab in book.labs(page_path)]
    assert len(names) == len(set(names))


@pytest.fixture
def used(tour, lab):
    """What was seen when the lab's controls were moved and its buttons pressed."""
    return tour.labs[lab.name]


def test_every_control_changes_chart_and_sentence_and_reset_brings_the_start_back(tour, used, lab):
    for control in lab.data["controls"]:
        first, last = (move.seen for move in used.at_ends(control["name"]))
        assert first.sentence != last.sentence, control["name"]
        assert first.chart != last.chart, control["name"]
        assert used.resets[control["name"]] == used.start.seen, control["name"]
    assert tour.fit.errors == ()


def test_every_control_is_reached_by_tab_in_order(used, lab):
    assert used.tabs == [f"{lab.name}-{control['name']}" for control in lab.data["controls"]]
    after = [preset["label"] for preset in lab.data["presets"]] + ["Reset"]
    assert used.after_tabs == after[0]


def test_every_control_has_its_label_and_says_its_level(used, lab):
    for control in lab.data["controls"]:
        assert used.labelled[control["name"]] == 1
        if control["kind"] in ("slider", "range"):
            moves = used.at_ends(control["name"])
            for move in moves:
                assert move.shown == move.said
                if control["unit"] == "$":
                    assert move.shown.startswith("$")
                else:
                    assert move.shown.endswith(tuple(control["unit"].split("|")))
            assert len({move.said for move in moves}) == 2


def test_the_sentence_is_a_live_region_and_the_chart_has_its_description(used, lab):
    description = lab.data["description"]
    assert used.roles == {"sentence": "status", "pictures": 1, "description": description}


def test_the_table_follows_the_controls(used, lab):
    assert used.table_shown
    assert len(used.moves) == 2 * len(lab.data["controls"])
    for move in used.moves:
        assert move.cells == move.computed, move.control
    assert any(move.cells != used.moves[0].cells for move in used.moves)


def test_every_preset_sets_all_controls_and_shows_what_the_kernel_would(used, lab):
    assert [one.label for one in used.presets] == [one["label"] for one in lab.data["presets"]]
    for one in used.presets:
        assert one.seen.sentence == one.computed
        assert f"Set: {one.label}." in one.panel
    assert len({one.seen for one in used.presets}) == len(used.presets)


def test_what_a_button_said_is_gone_once_a_control_moves(used, lab):
    # At the end where it stood already, a control does not move.
    moved = [move for move in used.moves if move.seen != used.start.seen]
    assert moved and {move.note for move in moved} == {""}


def test_the_record_can_be_copied_and_follows_the_controls(used, lab):
    if not lab.data["record"]:
        return
    first, last = used.records
    for copied, shown in (first, last):
        assert copied == shown
    assert first != last


def test_a_copied_link_and_the_address_restore_the_state_for_another_reader(tour, used, lab):
    assert used.link.endswith(lab.selector)
    if not has_turn(book.pages().index(lab.page), 2):
        pytest.skip("the links of half of the pages a day: one script follows them all")
    assert used.received == used.sent
    # Who follows a link sees what was sent, and is asked nothing first.
    assert not used.asked_of_stranger
    assert used.received.state != used.start.state
    # The address follows the controls by itself, and a reload keeps them where they are.
    assert used.moved.state != used.received.state
    assert used.reloaded == used.moved
    assert used.put_back.state == used.start.state
    assert tour.errors == []


def test_a_move_changes_the_marks_that_stand_and_makes_none(visit):
    # New ones have to be styled and laid out, each of them: 342 are half of a frame.
    (lab,) = (one for one in book.labs() if one.name == "eight-gates")
    (control, *_) = lab.data["controls"]
    reader = visit(lab.page)
    section = reader.open(lab)
    reader.move(lab, control, 0)
    marks = section.locator(".ll-stage .role-mark > *")
    first = reader.seen(lab)
    marks.evaluate_all("marks => marks.forEach((one) => { one.stood = true; })")
    reader.move(lab, control, 1)
    assert reader.seen(lab) != first
    stood = marks.evaluate_all("marks => marks.map((one) => one.stood === true)")
    assert len(stood) > 300
    assert all(stood)


def test_a_link_leads_to_its_own_lab_and_leaves_the_others_as_they_were(desk):
    page = max(book.pages(), key=lambda path: len(book.labs(path)))
    labs = book.labs(page)
    assert len(labs) > 2
    with desk.sit(page) as reader:
        links = {
            sent.name: reader.page.evaluate(LINK, [sent.selector, _away(sent)]) for sent in labs
        }
        start = {lab.name: _opened(reader, lab) for lab in labs}
    for name, link in links.items():
        with desk.sit(link) as reader:
            found = {lab.name: _opened(reader, lab) for lab in labs}
        assert {other for other in found if found[other] != start[other]} == {name}


def _away(lab):
    return {
        one["name"]: book.ends(one)[tour_of.away_from_start(lab, one)]
        for one in lab.data["controls"]
    }


def _opened(reader, lab):
    reader.open(lab)
    return reader.state(lab)


def test_a_link_is_shown_where_the_clipboard_is_closed(visit):
    (lab, *_) = book.labs()
    reader = visit(lab.page)
    section = reader.open(lab)
    reader.page.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    reader.press(reader.button(lab, "Copy link"), "Enter")
    link = section.get_by_label("Link to this setting").input_value()
    (first, *_) = lab.data["controls"]
    assert f"{lab.page}?{lab.name}.{first['name']}=" in link
    assert link.endswith(lab.selector)


def test_a_link_to_the_first_setting_asks_nothing_and_offers_to(visit):
    (lab, *_) = book.asking()
    sender = visit(lab.page)
    sender.open(lab)
    link = sender.page.evaluate(LINK, [lab.selector, None])
    reader = visit(link)
    section = reader.section(lab)
    assert section.locator(".ll-outcome").is_visible()
    assert section.locator(".ll-question").count() == 0
    # The answers of the sender are the sender's.
    assert not section.locator(".ll-verdict").is_visible()
    reader.press(reader.button(lab, "Predict"), "Enter")
    reader.answer(lab)
    assert section.locator(".ll-verdict").is_visible()
    assert reader.button(lab, "Predict again").is_visible()


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
