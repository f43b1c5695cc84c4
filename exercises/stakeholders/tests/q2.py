from otter.test_files import test_case

OK_FORMAT = False

name = "q2"
points = 4


@test_case(points=None, hidden=False)
def test_the_two_fixed_points(utility, menu, today):
    import numpy as np

    found = utility(menu, "orders", today)
    assert found is not None and found is not ..., "utility returns nothing yet"
    assert list(getattr(found, "index", ())) == list(menu.index), (
        f"a Series with the labels of the menu is due, not a {type(found).__name__} like yours"
    )
    assert np.isclose(found[today], 0), f"today's row has {found[today]:.3f}; it should have 0"
    assert np.isclose(max(found), 1), f"the best row has {max(found):.3f}; it should have 1"


@test_case(points=None, hidden=False)
def test_the_scale_is_straight(utility):
    import numpy as np
    import pandas as pd

    three = pd.DataFrame({"orders": [20.0, 10.0, 5.0]}, index=[7, 8, 9])
    found = utility(three, "orders", 8)
    assert found is not None and found is not ..., "utility returns nothing yet"
    assert found[9] < 0, "a row with fewer orders than today's is worth less than 0"
    assert np.isclose(found[9], -0.5), (
        "from today's 10 to the best, 20, is 1; so from 10 down to 5 is half of that, below 0"
    )


@test_case(points=None, hidden=False)
def test_a_row_that_nobody_would_ship_moves_nothing(utility, menu, today):
    import numpy as np

    whole = utility(menu, "ad_revenue", today)
    assert whole is not None and whole is not ..., "utility returns nothing yet"
    worst = menu["ad_revenue"].idxmin()
    shorter = utility(menu.drop(index=worst), "ad_revenue", today)
    assert np.allclose(shorter, whole.drop(index=worst)), (
        "without the worst row the others changed; only today's row and the best may fix the scale"
    )


@test_case(points=None, hidden=False)
def test_choose_at_its_ends(choose, menu):
    import numpy as np

    found = choose({"orders": 1})
    assert found is not None and found is not ..., "choose returns nothing yet"
    assert np.ndim(found) == 0, f"the label of a row is due, not a {type(found).__name__}"
    assert found in menu.index, f"choose returned {found!r}; the label of a row is due"
    assert found == menu["orders"].idxmax(), "with all weight on orders, the row with most orders"
    assert choose({"orders": 1, "ad_revenue": 1000000.0}) == menu["ad_revenue"].idxmax(), (
        "with nearly all weight on ads, the row with most ads"
    )


@test_case(points=None, hidden=False)
def test_choose_adds_utilities(choose, utility, menu, today):
    import numpy as np

    found = choose({"orders": 2, "profit": 1})
    assert found is not None and found is not ..., "choose returns nothing yet"
    total = 2 * utility(menu, "orders", today) + utility(menu, "profit", today)
    assert np.isclose(total[found], total.max()), (
        "another row has a larger sum of your own utilities; do you add utilities, each times its weight?"
    )


@test_case(points=None, hidden=False)
def test_choices_is_a_count(choices, choose, SLIDER):
    import numpy as np

    assert choices is not ..., "choices is not set yet"
    assert isinstance(choices, int | np.integer), "a count is a whole number"
    assert choices > 1, "from one end of the slider to the other the choice does change"
    assert choices < 21, "count different rows; some stops choose the same"
    picked = {choose({"orders": 4, "profit": 1, "ad_revenue": weight}) for weight in SLIDER}
    assert choices == len(picked), (
        "your own choose picks another number of rows; count rows, not changes, and leave none of the three weights out"
    )


@test_case(points=None, hidden=False)
def test_the_agreed_row(agreed_row, choose, AGREED):
    assert agreed_row is not ..., "agreed_row is not set yet"
    assert agreed_row == choose(AGREED), "your own choose picks another row at these weights"
