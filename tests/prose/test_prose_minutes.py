"""What pages say of the minutes that they take adds up."""

import re

from coursework import spec
from launchlab.publish.index import find_minutes
from tests.conftest import ROOT


def test_the_three_paths_add_up_right():
    """The hours are written there by hand, rounded."""
    text = (ROOT / "book" / "how-to-use-this-book.md").read_text(encoding="utf-8")
    chapters = [
        path
        for part in (
            "objectives",
            "stakeholders",
            "ensembling",
            "software",
            "operations",
            "capstone",
        )
        for path in sorted((ROOT / "book" / part).glob("*.ipynb"))
    ]
    reading = sum(find_minutes(path).whole for path in chapters)
    (hours,) = re.findall(r"all chapters in their order.*?\| (\d+) \|", text)
    assert abs(60 * int(hours) - reading) <= 30


def test_an_assignment_asks_for_the_minutes_that_its_grader_names():
    for name in spec.names():
        page = ROOT / "exercises" / name / f"{name}.ipynb"
        assert find_minutes(page).whole == spec.load(name).minutes
