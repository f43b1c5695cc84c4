from otter.test_files import test_case

OK_FORMAT = False

name = "q5"
points = 6


@test_case(points=None, hidden=False)
def test_costs_of_the_past(never_costs, peeking_costs, RELEASE):
    assert never_costs is not ... and peeking_costs is not ..., "these two are not set yet"
    most = 100 * RELEASE.chance * RELEASE.fault
    assert never_costs <= most, "more than all faults of all days take, even to everybody at once"
    assert never_costs > most / 2, (
        "most days of the 28 everybody has it; and is it percent, with faults and sound releases as often as they come?"
    )
    waste = 100 * (1 - RELEASE.chance) * RELEASE.again
    assert peeking_costs < most + waste, "more than stopping none, and stopping all, together"
    assert peeking_costs > 0.05 * waste, (
        "somebody who looks each day at a bound for one look stops more than one in twenty sound releases"
    )
    assert peeking_costs < 0.6 * waste + most, (
        "that many sound releases only stop if they are compared with the control itself; how many orders were given away on purpose?"
    )


@test_case(points=None, hidden=False)
def test_peeking_worse(peeking_worse):
    assert peeking_worse is not ..., "peeking_worse is not set yet"
    assert str(peeking_worse) in ("True", "False"), "peeking_worse is True or False"


@test_case(points=None, hidden=False)
def test_stop_today_says_yes_or_no_of_each(stop_today, watched, RELEASE):
    import numpy as np

    counts = watched.days(RELEASE, False, 5, 3)
    found = stop_today(*(one[:, :2].copy() for one in counts))
    assert found is not None and found is not ..., "stop_today returns nothing yet"
    assert np.shape(found) == (5,), (
        f"five releases need five answers, and yours has the shape {np.shape(found)}"
    )
    assert np.asarray(found).dtype == bool, "truth values are due, True where it is to be stopped"


@test_case(points=None, hidden=False)
def test_stop_today_saves(stop_today, watched, RELEASE):
    saved = watched.saved(stop_today, RELEASE, 2, 2000)
    assert saved >= 0.5, (
        f"it saves {saved:.0%} of what the best corrected bounds save; is a sound release below its control as agreed, does the bound know how often you look, and what it costs to stop?"
    )
