from otter.test_files import test_case

OK_FORMAT = False

name = "q2"
points = 5


@test_case(points=None, hidden=False)
def test_compared(compared):
    import numpy as np

    control = np.array([1, 0, 0, 1, 0, 1, 0, 0] * 50)
    found = compared(control, control)
    assert found is not None and found is not ..., "compared returns nothing yet"
    assert np.shape(found) == (2,), "two numbers are due: the ratio, and its standard error"
    assert np.isclose(found[0], 1) and abs(found[1]) < 1e-09, (
        "something compared with itself is exactly as good, in the same sessions: ratio 1, error 0"
    )
    half = control * np.array([1, 0, 0, 0, 0, 1, 0, 0] * 50)
    ratio, error = compared(half, control)
    assert np.isclose(ratio, 2 / 3), "the ratio is that of the means: new to control"
    assert 0.03 < error < 0.05, (
        "of 150 orders 50 are lost, so that the ratio is uncertain by about 0.04; is the error that of a mean, and of the ratio rather than of the difference?"
    )


@test_case(points=None, hidden=False)
def test_unpaired_times(unpaired_times):
    assert unpaired_times is not ..., "unpaired_times is not set yet"
    assert unpaired_times > 1, "what two measurements share would no longer cancel: above 1"
    assert unpaired_times < 10, "so much they do not share; are both errors those of the ratio?"


@test_case(points=None, hidden=False)
def test_seem_and_sure(seem, sure, draw, LIMITS):
    assert seem is not ... and sure is not ..., "these two are not set yet"
    assert seem == int(seem) and sure == int(sure), "numbers of rows are due"
    assert 0 <= sure <= seem, "who is sure to keep a limit also seems to"
    both = (draw.orders >= LIMITS.orders) & (draw.ads >= LIMITS.ads)
    assert seem <= both.sum(), "so many do not even have the orders and the ads"


@test_case(points=None, hidden=False)
def test_winner(winner, draw, LIMITS, seem):
    assert winner is not ..., "winner is not set yet"
    if seem:
        assert winner in draw.index, "the number of a row of draw is due"
        row = draw.loc[winner]
        assert row.orders >= LIMITS.orders and row.ads >= LIMITS.ads, (
            "that row does not seem to keep the limits"
        )
