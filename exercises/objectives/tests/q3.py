from otter.test_files import test_case

OK_FORMAT = False

name = "q3"
points = 3


@test_case(points=None, hidden=False)
def test_half_the_lift_takes_four_times_as_long(sessions_needed):
    whole, half = (sessions_needed(0.3, 0.02), sessions_needed(0.3, 0.01))
    assert whole is not None and whole is not ..., "sessions_needed returns nothing yet"
    assert abs(half / whole - 4) < 0.01, "half the lift takes four times as many sessions"


@test_case(points=None, hidden=False)
def test_a_known_case(sessions_needed):
    found = sessions_needed(0.5, 0.1)
    assert found is not None and found is not ..., "sessions_needed returns nothing yet"
    assert abs(found - 196) > 1, "is the factor 2 for two arms there?"
    assert abs(found - 392) < 2, (
        f"at a rate of 0.5 and a lift of 0.1 it is about 392, not {found:.0f}"
    )


@test_case(points=None, hidden=False)
def test_the_weeks(weeks, in_a_quarter, sessions_needed, LEAST, WEEKLY):
    assert weeks is not ..., "weeks is not set yet"
    assert weeks > 0, "a test takes some time"
    most = 2 * sessions_needed(0.5, LEAST) / WEEKLY
    assert weeks <= most, "so long takes no test of your own sessions_needed; is WEEKLY per week?"
    assert str(in_a_quarter) in ("True", "False"), "in_a_quarter is True or False"
