from otter.test_files import test_case

OK_FORMAT = False

name = "q1"
points = 6


@test_case(points=None, hidden=False)
def test_stops_says_yes_or_no_of_each(stops, releases, SERVICE):
    import numpy as np

    counts = releases.draw(SERVICE, 0.0, 5, 3)
    found = stops(*(one[:, :2].copy() for one in counts))
    assert found is not None and found is not ..., "stops returns nothing yet"
    assert np.shape(found) == (5,), (
        f"five releases need five answers, and yours has the shape {np.shape(found)}"
    )
    assert np.asarray(found).dtype == bool, "truth values are due, True where it is to be stopped"


@test_case(points=None, hidden=False)
def test_stops_keeps_its_level(stops, releases, SERVICE, LEVEL):
    found = releases.false_stops(stops, SERVICE, 2)
    assert found <= releases.allowed(LEVEL), (
        f"of 20,000 sound releases your rule stops {found:.1%}, and {LEVEL:.1%} were promised; is each day compared within itself, and does the bound know how often you look?"
    )


@test_case(points=None, hidden=False)
def test_stops_stops_a_large_fault(stops, releases, SERVICE, FAULTS):
    assert not releases.sleeps(stops, SERVICE, max(FAULTS), 2), (
        "a large fault does as much harm as if nobody looked; which sign has a difference that is bad news, and does the rule say stop before everybody has it?"
    )


@test_case(points=None, hidden=False)
def test_peeked(peeked, LEVEL, SHARES):
    assert peeked is not ..., "peeked is not set yet"
    assert peeked > 1, "percent are due; that looks like a share"
    assert peeked > 100 * LEVEL * 1.2, "somebody who looks each day stops more than one look does"
    assert peeked <= 100 * LEVEL * len(SHARES), "not more than the looks add up to"


@test_case(points=None, hidden=False)
def test_added_up_and_within_days(added_up, within_days, adding_misleads, seen):
    import numpy as np

    assert added_up is not ... and within_days is not ..., "these two are not set yet"
    orders, sessions, control, others = (one.sum() for one in seen)
    assert np.isclose(control / others * (1 + added_up / 100) * sessions, orders), (
        "so many percent above the control's orders per session, the canary does not have its own; is it percent of the control?"
    )
    rates = seen[0] / seen[1] - seen[2] / seen[3]
    each = 100 * rates / (seen[2] / seen[3])
    assert each.min() <= within_days <= each.max(), (
        "within days it lies between the worst day's and the best one's difference"
    )
    assert adding_misleads is not ..., "adding_misleads is not set yet"
    assert str(adding_misleads) in ("True", "False"), "adding_misleads is True or False"
