from otter.test_files import test_case

OK_FORMAT = False

name = "q5"
points = 4


@test_case(points=None, hidden=False)
def test_without_waiting(break_even):
    import numpy as np

    found = break_even(5.0, 0.0, 0.01, 0.5, 100000.0)
    assert found is not None and found is not ..., "break_even returns nothing yet"
    assert not np.isclose(found, 2000000), "a session has 0.4 orders, not one"
    assert np.isclose(found, 5000000), "0.4 orders at $5, 1 % more: 2 cents a session"


@test_case(points=None, hidden=False)
def test_waiting_costs(break_even):
    quick = break_even(5.0, 0.0, 0.01, 0.5, 100000.0)
    slow = break_even(5.0, 1.0, 0.01, 0.5, 100000.0)
    assert slow is not None and slow is not ..., "break_even returns nothing yet"
    assert slow > quick, "who waits orders less, so a larger business is needed"
    assert slow < 3 * quick, "is lost a percentage? 0.5 means 0.5 %, not a half"


@test_case(points=None, hidden=False)
def test_never(break_even):
    import math

    found = break_even(5.0, 10.0, 0.001, 0.5, 100000.0)
    assert found is not None and found is not ..., "break_even returns nothing yet"
    assert found == math.inf, f"waiting costs more than the gain, so no size pays; found {found}"


@test_case(points=None, hidden=False)
def test_the_offer(needed, stays_ahead, worth_it):
    assert needed is not ..., "needed is not set yet"
    assert needed > 0, "a number of sessions, or math.inf"
    assert str(stays_ahead) in ("True", "False"), "stays_ahead is True or False"
    assert str(worth_it) in ("True", "False"), "worth_it is True or False"
    assert stays_ahead or not worth_it, "what is behind pays at no size"
