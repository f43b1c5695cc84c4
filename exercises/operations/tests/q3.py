from otter.test_files import test_case

OK_FORMAT = False

name = "q3"
points = 6


@test_case(points=None, hidden=False)
def test_costs_here(costs_here, MENDS, days, diary):
    import numpy as np

    assert costs_here is not ..., "costs_here is not set yet"
    assert isinstance(costs_here, dict), f"a dictionary is due, not a {type(costs_here).__name__}"
    assert set(costs_here) == set(MENDS), "a number for each name in MENDS, please"
    values = np.array(list(costs_here.values()), dtype=float)
    assert np.abs(values).max() > 1, "these look like shares; percent are due"
    assert costs_here["a competitor opens"] > 0 > costs_here["a holiday"], (
        "a competitor takes orders away and a holiday brings some; is the sign turned?"
    )
    name = "a cuisine is gone"
    per_session = days.orders.sum(axis=1) / days.sessions
    left = per_session[diary == ""].mean() * (1 - costs_here[name] / 100)
    assert np.isclose(left, per_session[diary == name].mean(), rtol=0.0001), (
        f"{name}: without that share of a quiet day's orders per session, its days do not have their own"
    )


@test_case(points=None, hidden=False)
def test_the_first_alarm(rang_for_nothing, slept, days, diary):
    assert rang_for_nothing is not ... and slept is not ..., "these two are not set yet"
    for answer in (rang_for_nothing, slept):
        assert answer == int(answer) and 0 <= answer <= len(days), "a number of days is due"
    rings = int((days.psi > 0.2).any(axis=1).sum())
    assert rang_for_nothing <= rings, "it does not even ring on so many days"
    assert rang_for_nothing >= (diary == "a holiday").sum(), "on a holiday it rings for nothing"
    assert slept >= (diary == "a competitor opens").sum(), "no input tells of a competitor"


@test_case(points=None, hidden=False)
def test_whom_to_wake(whom_to_wake, fortnights, PEOPLE, TOWN):
    found = whom_to_wake(fortnights.fortnights(TOWN, 2, 1)[0][0].until(4))
    assert found is not None and found is not ..., "whom_to_wake returns nothing yet"
    assert found in ("", *PEOPLE), "an empty text for nobody, or one of PEOPLE"
    watch = fortnights.judge(whom_to_wake, TOWN, 2)
    assert watch.false_a_week <= fortnights.FALSE_A_WEEK, (
        f"{watch.false_a_week:.1f} false alarms a week; what only looks bad here, and whom do you wake for what somebody else must mend?"
    )
    assert watch.saved >= fortnights.SAVED[0], (
        f"it saves {watch.saved:.0%} of what is lost if nobody is woken; which faults move no input at all?"
    )


@test_case(points=None, hidden=False)
def test_loudest_harmless(loudest_harmless):
    assert loudest_harmless is not ..., "loudest_harmless is not set yet"
    assert str(loudest_harmless) in ("True", "False"), "loudest_harmless is True or False"
