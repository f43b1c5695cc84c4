from otter.test_files import test_case

OK_FORMAT = False

name = "q5"
points = 3


@test_case(points=None, hidden=False)
def test_minutes(minutes, log):
    import numpy as np

    assert minutes is not ..., "minutes is not set yet"
    assert np.shape(minutes) == (3,), "a list of three numbers is due"
    assert 0 < minutes[0] < minutes[1] < minutes[2], (
        "first the alarm rings, then somebody notices, then it ends; are all three counted from the beginning of the harm?"
    )
    assert minutes[2] <= log.minute.iloc[-1] - log.minute.iloc[0], (
        "that is longer than the whole log; minutes of the evening, not of the day"
    )


@test_case(points=None, hidden=False)
def test_orders_gone(orders_gone, spared, table):
    assert orders_gone is not ... and spared is not ..., "these two are not set yet"
    assert orders_gone > 0, "orders were lost: above 0 is due"
    assert orders_gone < table["orders before"].sum(), "so many were not even ordered a week before"
    assert orders_gone == orders_gone and spared == spared, "a number is due"
    assert 0 < spared < orders_gone, "what could have been spared is a part of what was lost"
