from otter.test_files import test_case

OK_FORMAT = False

name = "q1"
points = 4


@test_case(points=None, hidden=False)
def test_decompose_gives_three_numbers(decompose):
    import numpy as np

    found = decompose(np.array([[1.0, 2.0], [5.0, 2.0]]), np.array([2.0, 0.0]))
    assert found is not None and found is not ..., "decompose returns nothing yet"
    assert len(found) == 3, f"decompose returns {len(found)} values; three are due"


@test_case(points=None, hidden=False)
def test_decompose_by_hand(decompose):
    import numpy as np

    found = decompose(np.array([[1.0, 2.0], [5.0, 2.0]]), np.array([2.0, 0.0]))
    assert found is not None and found is not ..., "decompose returns nothing yet"
    ensemble, average, ambiguity = found
    assert not np.isclose(ensemble, average), (
        "the mean's error and the average member's differ here"
    )
    assert np.isclose(average - ambiguity, ensemble), "average - ambiguity is not the mean's error"
    assert np.isclose(ambiguity, 2), "squared, members 1 and 5 lie 4 from their mean; 2 and 2 lie 0"


@test_case(points=None, hidden=False)
def test_pays_is_a_truth_value(pays, ensemble_error):
    import numpy as np

    assert pays is not ..., "pays is not set yet"
    assert isinstance(pays, bool | np.bool_), (
        f"pays is {pays!r}; True or False is due (bool(...) makes one)"
    )
    assert np.isfinite(ensemble_error), "ensemble_error is no number"
