from otter.test_files import test_case

OK_FORMAT = False

name = "q3"
points = 2


@test_case(points=None, hidden=False)
def test_the_front_by_hand(front):
    import pandas as pd

    four = pd.DataFrame(
        {"x": [1.0, 2.0, 3.0, 2.0], "y": [3.0, 2.0, 1.0, 1.0]}, index=[13, 12, 10, 11]
    )
    found = front(four, "x", "y")
    assert found is not None and found is not ..., "front returns nothing yet"
    assert set(found) <= set(four.index), "labels of rows are due, not their positions"
    assert 11 not in list(found), "row 11 is beaten: row 12 has as much x and more y"
    assert set(found) == {10, 12, 13}, "a row that is beaten by no other belongs to the front"
    assert list(found) == [10, 12, 13], "labels of rows are due, sorted"


@test_case(points=None, hidden=False)
def test_equal_rows_do_not_beat_each_other(front):
    import pandas as pd

    found = front(pd.DataFrame({"x": [1.0, 1.0], "y": [2.0, 2.0]}), "x", "y")
    assert found is not None and found is not ..., "front returns nothing yet"
    assert list(found) == [0, 1], "of two equal rows neither is better, so neither is beaten"


@test_case(points=None, hidden=False)
def test_never_chosen_is_a_part_of_the_front(never_chosen, front, choose, menu, WEIGHTS):
    import numpy as np

    assert never_chosen is not ..., "never_chosen is not set yet"
    assert isinstance(never_chosen, int | np.integer), "a count is a whole number"
    ends = len(front(menu, "orders", "ad_revenue")) - 2
    assert never_chosen <= ends, "both ends of the front are chosen; count rows of the front only"
    picked = {choose({"orders": weight, "ad_revenue": 1 - weight}) for weight in WEIGHTS}
    left = len(front(menu, "orders", "ad_revenue")) - never_chosen
    assert left <= len(picked), "your own choose picks fewer rows than that leaves as chosen"
    assert left >= len(picked), "your own choose picks more rows than that leaves as chosen"


@test_case(points=None, hidden=False)
def test_on_front(on_front, front, menu):
    assert on_front is not ..., "on_front is not set yet"
    assert on_front == len(front(menu, "orders", "ad_revenue")), "your own front has other rows"
