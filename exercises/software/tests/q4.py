from otter.test_files import test_case

OK_FORMAT = False

name = "q4"
points = 3


@test_case(points=None, hidden=False)
def test_power(power):
    import numpy as np

    found = power(0.25, 0.25, 1000)
    assert found is not None and found is not ..., "power returns nothing yet"
    assert abs(found - 0.05) < 0.001, "a release like the old one is stopped once in twenty"
    assert power(0.25, 0.3, 1000) < 0.05, "a better release is stopped more rarely; sign turned?"
    assert power(0.25, 0.2, 1000) > 0.05, "a worse release is stopped more often"
    found = power(0.25, 0.22, 1000)
    assert np.isclose(found, 0.6497, atol=0.002), (
        f"from 0.25 to 0.22, with 1,000 sessions against 4,000, it is 0.650, and you say {found:.3f}; do four times as many stay with the old release?"
    )


@test_case(points=None, hidden=False)
def test_least_loss(least_loss, power):
    found = least_loss(0.25, 1000)
    assert found is not None and found is not ..., "least_loss returns nothing yet"
    assert 0 < found < 100, f"percent between 0 and 100 are due, not {found!r}"
    for before, n in ((0.25, 1000), (0.2, 50000)):
        percent = least_loss(before, n)
        stopped = power(before, before * (1 - percent / 100), n)
        assert abs(stopped - 0.8) < 0.002, (
            f"at that loss your own power says {stopped:.3f}, not 0.8, for {n:,} sessions; is it percent of before?"
        )
    assert least_loss(0.25, 2) == 100, "two sessions see nothing four times in five: 100 is due"


@test_case(points=None, hidden=False)
def test_the_canary_here(least_here, canary_sees, least_loss, clean, CANARY):
    import numpy as np

    assert least_here is not ..., "least_here is not set yet"
    assert np.isclose(least_here, least_loss(clean.orders / 1000, CANARY), rtol=0.001), (
        "your own least_loss says something else for clean.orders per 1,000 and CANARY sessions"
    )
    assert canary_sees is not ..., "canary_sees is not set yet"
    assert str(canary_sees) in ("True", "False"), "canary_sees is True or False"
