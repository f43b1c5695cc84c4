from otter.test_files import test_case

OK_FORMAT = False

name = "q1"
points = 4


@test_case(points=None, hidden=False)
def test_the_shape_of_conflict(conflict, menu):
    import numpy as np

    found = conflict(menu)
    assert found is not None and found is not ..., "conflict returns nothing yet"
    assert isinstance(found, list | np.ndarray), (
        f"a list of three lists is due, not a {type(found).__name__}"
    )
    assert np.shape(found) == (3, 3), f"three by three numbers are due, not {np.shape(found)}"
    assert np.allclose(np.diag(found), 0), "under one's own wish nothing is lost: the diagonal is 0"
    assert np.min(found) > -1e-09, "somebody gains by another's wish; is the sign turned?"
    assert np.max(found) > 1, "those look like shares; percent are due"


@test_case(points=None, hidden=False)
def test_conflict_by_hand(conflict):
    import numpy as np
    import pandas as pd

    two = pd.DataFrame(
        {"orders": [200.0, 100.0], "ad_revenue": [30.0, 40.0], "profit": [1.0, 2.0]},
        index=["a", "b"],
    )
    found = conflict(two)
    assert found is not None and found is not ..., "conflict returns nothing yet"
    assert not np.isclose(found[0][1], 25), "row i is who loses, column j whose wish; turned round?"
    assert np.isclose(found[0][1], 50), (
        "under row b, orders fall from their best, 200, to 100: 50 % of their best are lost"
    )
    assert np.isclose(found[1][0], 25), "in percent of the loser's own best: 30 for 40 is 25 % less"


@test_case(points=None, hidden=False)
def test_the_largest_is_in_the_table(largest_loss, conflict, menu):
    import numpy as np

    assert largest_loss is not ..., "largest_loss is not set yet"
    table = np.array(conflict(menu), dtype=float)
    assert np.isclose(table.max(), largest_loss), "that is not the largest entry of your own table"


@test_case(points=None, hidden=False)
def test_the_two_conclusions(half_of_ads, dearer_wish):
    assert half_of_ads is not ..., "half_of_ads is not set yet"
    assert str(half_of_ads) in ("True", "False"), "half_of_ads is True or False"
    assert dearer_wish in ("orders", "ad_revenue"), 'dearer_wish is "orders" or "ad_revenue"'
