"""One more tree, as a reader measures it: predicted, loaded when asked for, measured, told."""

import re

import pytest

from tests.site.axe import violations
from tests.site.visit import Visit

PAGE = "book/ensembling/slower.html"
_TOO_WIDE = """() => [...document.querySelectorAll('.ll-device *')].filter(part =>
  !part.closest("table, svg, pre") && part.getBoundingClientRect().right > 361)
  .map(one => one.className)"""


def times(visit: Visit):
    """The rows of the table, as they are seen."""
    rows = visit.page.locator(".ll-device tbody tr").all_inner_texts()
    return [re.split(r"\s*\t\s*", row.strip()) for row in rows]


@pytest.fixture
def reader(visit):
    return visit(PAGE, viewport={"width": 360, "height": 740})


def test_on_a_phone_by_keyboard_a_reader_predicts_then_measures(reader):
    page = reader.page
    field = page.get_by_label("How many times as long")
    assert not page.locator(".ll-device table").is_visible()
    reader.press(field, "9", "x", "Enter")
    assert "from 1 to 1,000" in page.locator(".ll-device [role=alert]").inner_text()
    assert page.evaluate("document.activeElement.id") == "one-more-tree-times"
    assert field.input_value() == "9x"
    assert not any("forest-of-200" in url for url in reader.requests)
    reader.press(field, "Backspace", "Enter")
    page.locator(".ll-device-says").wait_for()
    said = page.locator(".ll-device-says").inner_text()
    assert re.match(r"On this device 200 trees take [\d.]+ times as long as 20 \(", said)
    assert "You predicted 9 times. One more tree costs" in said
    assert sum("forest-of-200" in url for url in reader.requests) == 1
    status = page.locator(".ll-device [role=status]").inner_text()
    assert re.search(r"all 1,000 candidates .* difference is [123]e-8\.", status)
    table = times(reader)
    assert [row[0] for row in table] == ["1", "20", "50", "100", "150", "200"]
    for _, once, median, spread in table:
        low, high = map(float, spread.split(" to "))
        assert 0 < low <= float(median) <= high and float(once) > 0
    chart = page.locator(".ll-device svg")
    assert chart.locator("circle").count() == 6
    assert f"{table[-1][2]} at 200" in chart.get_attribute("aria-label")
    assert page.evaluate(_TOO_WIDE) == []
    assert violations(reader, "light", ".ll-device") == []
    page.emulate_media(color_scheme="dark")
    reader.settle()
    assert violations(reader, "dark", ".ll-device") == []
    page.emulate_media(media="print")
    assert page.locator(".ll-device table").is_visible()
    assert not page.locator(".ll-device form").is_visible()
    assert reader.errors == []


def test_what_cannot_be_loaded_is_said_and_the_table_stands(reader):
    reader.page.route("**/forest-of-200.js", lambda route: route.abort())
    skip = reader.page.get_by_role("button", name="Measure without predicting")
    reader.press(skip, "Enter")
    reader.page.get_by_text("The forest could not be loaded").wait_for()
    assert times(reader)[-1] == ["200", "23.7"]
    assert skip.get_attribute("aria-disabled") is None


def test_who_measured_without_predicting_is_asked_no_more(reader):
    field = reader.page.get_by_label("How many times as long")
    assert field.is_visible()
    reader.press(reader.page.get_by_role("button", name="Measure without predicting"), "Enter")
    reader.page.get_by_role("button", name="Measure again").wait_for()
    assert not field.is_visible()


def test_in_the_background_nothing_is_measured(reader):
    reader.page.evaluate("Object.defineProperty(document, 'hidden', { value: true }); null")
    reader.press(reader.page.get_by_role("button", name="Measure without predicting"), "Enter")
    reader.page.get_by_text("The page was in the background").wait_for()
    assert not reader.page.locator(".ll-device-says").is_visible()


def test_without_scripts_the_table_stands(visit):
    one = visit(PAGE, java_script_enabled=False)
    assert one.page.get_by_text("Measured where scripts run").is_visible()
    assert times(one)[0] == ["1", "0.4"]
    assert not one.page.locator(".ll-device form").is_visible()
