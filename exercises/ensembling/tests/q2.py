from otter.test_files import test_case

OK_FORMAT = False

name = "q2"
points = 6


@test_case(points=None, hidden=False)
def test_weights_of_one_exact_member(ridge_weights):
    import numpy as np

    line = np.arange(1.0, 9.0)
    found = ridge_weights(np.array([line, np.ones(8)]), 3 * line, 1e-09)
    assert found is not None and found is not ..., "ridge_weights returns nothing yet"
    assert np.shape(found) == (2,), f"two members, so two weights are due, not {np.shape(found)}"
    assert np.allclose(found, [3, 0], atol=0.0001), "a member that is the target but for a factor"


@test_case(points=None, hidden=False)
def test_a_larger_penalty_shrinks(ridge_weights):
    import numpy as np

    line = np.arange(1.0, 9.0)
    sizes = [ridge_weights(np.array([line]), 3 * line, penalty) for penalty in (0.0, 50.0, 500.0)]
    assert all((size is not None and size is not ... for size in sizes)), "nothing is returned yet"
    assert np.allclose(sizes[0], 3), "without a penalty the weight is 3"
    assert np.allclose(sizes[1], 3 * 204 / 254), "is the penalty added once, to the diagonal?"


@test_case(points=None, hidden=False)
def test_the_penalty_is_one_of_those_given(best_ridge, blend_error, newcomer_weight):
    assert best_ridge is not ..., "best_ridge is not set yet"
    assert best_ridge in (0.1, 1.0, 10.0, 100.0, 1000.0, 10000.0, 100000.0), "not in PENALTIES"
    assert blend_error is not ... and newcomer_weight is not ..., "two numbers are not set yet"
    assert blend_error > 0, "errors are positive"


@test_case(points=None, hidden=False)
def test_the_upgrade(kept_error, refit_error, upgrade_hurts):
    assert kept_error is not ... and refit_error is not ..., "the two errors are not set yet"
    assert kept_error > 0 and refit_error > 0, "errors are positive"
    assert upgrade_hurts is not ..., "upgrade_hurts is not set yet"
    assert str(upgrade_hurts) in ("True", "False"), "upgrade_hurts is True or False"
