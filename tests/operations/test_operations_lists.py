"""The lists of faults: as many in each, and as many in common, as *Nineteen faults* says."""

from launchlab.operations.drill_story import SCENARIOS
from launchlab.operations.evening import FED
from launchlab.operations.happenings import HAPPENINGS
from launchlab.software.faults import SERVING_FAULTS
from launchlab.software.harms import HARMS
from launchlab.software.skew import SKEWS

HARMS_OF_SKEWS = {
    "seconds": "seconds",
    "utc": "utc",
    "cuisine": "cuisine",
    "join": "join",
    "cents": "some cents",
    "stars": "stars",
    "nightly": "nightly",
    "swapped": "swapped",
    "place": "last place",
}
"""Faulty releases that are differences between two paths, by the names of `SKEWS`."""


def test_the_chapter_counts_each_list_of_faults_rightly():
    lists = (SKEWS, SERVING_FAULTS, HARMS, HAPPENINGS, SCENARIOS)
    assert [len(one) for one in lists] == [12, 10, 21, 12, 9]


def test_the_chapter_counts_rightly_what_the_lists_share():
    assert set(SERVING_FAULTS) < set(SKEWS)
    assert set(HARMS_OF_SKEWS) < set(HARMS)
    assert set(HARMS_OF_SKEWS.values()) < set(SKEWS) and len(HARMS_OF_SKEWS) == 9
    # A join with another session's values is not the join that finds nobody.
    inputs = {name for name, one in HAPPENINGS.items() if one.kind == "input"}
    assert (inputs - {"join"}) & set(SERVING_FAULTS) == {"seconds", "miles", "utc"}
    assert len(inputs) == 6 and len(FED) == 4
