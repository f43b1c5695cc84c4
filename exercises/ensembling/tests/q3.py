from otter.test_files import test_case

OK_FORMAT = False

name = "q3"
points = 3


@test_case(points=None, hidden=False)
def test_strict(strict):
    import numpy as np

    found = strict(2, 0.1)
    assert found is not None and found is not ..., "strict returns nothing yet"
    assert not np.isclose(found, 0.81), "that is how often there *is* an answer"
    assert not np.isclose(found, 0.2), "both may fail at once, so the two are not just added up"
    assert np.isclose(found, 0.19), "for two members that fail once in ten: 1 - 0.9 * 0.9"


@test_case(points=None, hidden=False)
def test_degraded(strict, degraded):
    import numpy as np

    found = degraded(2, 0.1, 1)
    assert found is not None and found is not ..., "degraded returns nothing yet"
    assert np.isclose(degraded(2, 0.1, 0), strict(2, 0.1)), "nobody missing: the same as strict"
    assert not np.isclose(found, 0.19), "one of the two may be missing"
    assert np.isclose(found, 0.01), "one of two may be missing: no answer only if both fail"


@test_case(points=None, hidden=False)
def test_the_promise(never_whole, spares):
    assert never_whole is not ..., "never_whole is not set yet"
    assert 0 < never_whole < 1, "a probability is due"
    assert spares is not ..., "spares is not set yet"
    assert spares in (0, 1, 2, 3), "0, 1, 2 or 3 members"
