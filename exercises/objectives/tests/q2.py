from otter.test_files import test_case

OK_FORMAT = False

name = "q2"
points = 4


@test_case(points=None, hidden=False)
def test_the_interval(lift_interval):
    found = lift_interval(300, 1000, 330, 1000)
    assert found is not None and found is not ..., "lift_interval returns nothing yet"
    low, high = found
    assert low < high, "low comes first"
    assert abs((low + high) / 2 - 0.03) < 1e-06, "its middle is the difference of rates, B minus A"
    assert high - low < 0.09, "too wide: is the variance divided by the number of sessions?"
    assert abs((high - low) / 2 - 0.04069) < 0.0002, "the half is 1.96 standard errors"


@test_case(points=None, hidden=False)
def test_decide(decide):
    found = decide(0.02, 0.03, 0.01)
    assert found is not None and found is not ..., "decide returns nothing yet"
    assert found == "ship", "all of it lies above the least worth shipping"
    assert decide(-0.03, -0.01, 0.01) == "stop", "all of it lies below"
    assert decide(-0.01, 0.05, 0.01) == "go on", "the least worth shipping lies inside"


@test_case(points=None, hidden=False)
def test_the_decision_on_your_test(interval, decision):
    assert interval is not ..., "interval is not set yet"
    assert len(interval) == 2, "two numbers are due, low and high"
    assert decision is not ..., "decision is not set yet"
    assert decision in ("ship", "stop", "go on"), "ship, stop or go on"
