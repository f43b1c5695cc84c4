from otter.test_files import test_case

OK_FORMAT = False

name = "q2"
points = 4


@test_case(points=None, hidden=False)
def test_the_two_fixed_points(utility, menu, today):
    import numpy as np

    found = utility(menu, "orders", today)
    assert found is not None and found is not ..., "utility returns nothing yet"
    assert len(found) == len(menu), f"a value for each row is due: {len(menu)}, not {len(found)}"
    assert np.isclose(found[today], 0), f"today's row has {found[today]:.3f}; it should have 0"
    assert np.isclose(max(found), 1), f"the best row has {max(found):.3f}; it should have 1"


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
    found = choose({"orders": 1})
    assert found is not None and found is not ..., "choose returns nothing yet"
    assert found in menu.index, f"choose returned {found!r}; the label of a row is due"
    assert found == menu["orders"].idxmax(), "with all weight on orders, the row with most orders"
    assert choose({"orders": 1, "ad_revenue": 1000000.0}) == menu["ad_revenue"].idxmax(), (
        "with nearly all weight on ads, the row with most ads"
    )


@test_case(points=None, hidden=False)
def test_choices_is_a_count(choices):
    assert choices is not ..., "choices is not set yet"
    assert isinstance(choices, int), "a count is a whole number"
    assert choices > 1, "from one end of the slider to the other the choice does change"
    assert choices < 21, "count different rows; some stops choose the same"
