"""Labs with many switches: close together on a phone, and still large enough to be hit."""

import pytest

from tests.site import book

MANY = 9
LEAST = 24  # CSS pixels: WCAG 2.2, target size (minimum)
PHONE = {"viewport": {"width": 360, "height": 740}}

WITH_MANY = [
    lab
    for lab in (book.labs() if book.BUILT.exists() else [])
    if sum(control["kind"] == "toggle" for control in lab.data["controls"]) >= MANY
]


@pytest.mark.parametrize("switched", WITH_MANY, ids=str)
def test_many_switches_stand_in_two_columns_on_a_phone(visit, switched):
    reader = visit(switched.page, **PHONE)
    section = reader.open(switched)
    boxes = [box.bounding_box() for box in section.locator(".ll-toggle").all()]
    lefts = {round(box["x"]) for box in boxes}
    assert len(lefts) >= 2
    assert max(box["x"] + box["width"] for box in boxes) <= 360
    assert all(box["height"] >= LEAST for box in boxes)
    for one in section.locator(".ll-toggle label").all():
        assert one.evaluate("label => label.scrollWidth <= label.clientWidth"), one.inner_text()


@pytest.mark.parametrize("switched", WITH_MANY, ids=str)
def test_a_switch_is_turned_by_its_name_as_well(visit, switched):
    reader = visit(switched.page, **PHONE)
    section = reader.open(switched)
    first = next(control for control in switched.data["controls"] if control["kind"] == "toggle")
    before = reader.control(switched, first).is_checked()
    section.locator(f"label[for='{switched.name}-{first['name']}']").click()
    assert reader.control(switched, first).is_checked() != before
