from otter.test_files import test_case

OK_FORMAT = False

name = "q1"
points = 3


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
def test_the_parts_add_up(ensemble_error, average_error, ambiguity, pays):
    import numpy as np

    assert ensemble_error is not ... and average_error is not ..., "the errors are not set yet"
    assert ambiguity is not ..., "ambiguity is not set yet"
    assert np.isclose(average_error - ambiguity, ensemble_error), "the three do not fit the law"
    assert pays is not ..., "pays is not set yet"
    assert isinstance(pays, bool | np.bool_), (
        f"pays is {pays!r}; True or False is due (bool(...) makes one)"
    )
