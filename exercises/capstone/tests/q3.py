from otter.test_files import test_case

OK_FORMAT = False

name = "q3"
points = 5


@test_case(points=None, hidden=False)
def test_cost_of(cost_of, TERMS, LIMITS, past):
    import numpy as np

    town = past[past.town == 0].set_index("row")
    later = town[["p95_ms", "artefacts"]].copy()
    for name in ("orders", "ads", "margin"):
        later[name] = town[f"{name}_later"]
    found = [cost_of(row, later) for row in later.index]
    assert all((one is not None and one is not ... for one in found)), "cost_of returns nothing yet"
    assert np.isclose(cost_of(None, later), TERMS.waiting), "to ship nothing costs TERMS.waiting"
    meets = (later.orders >= LIMITS.orders) & (later.ads >= LIMITS.ads)
    assert np.allclose(np.array(found)[~meets], TERMS.broken), (
        "what breaks a limit costs TERMS.broken, however large its margin is"
    )
    assert np.isclose(min(found), 0), "the best of those that keep the limits has no regret"
    beyond = np.array(found)[LIMITS.run(later) & meets]
    margin = later.margin[LIMITS.run(later) & meets]
    assert np.allclose(beyond, 100 * (1 - margin / margin.max())), (
        "regret is in percent of the largest margin that keeps all limits, artefacts included"
    )


@test_case(points=None, hidden=False)
def test_kept(kept_best, kept_random):
    for name, share in (("kept_best", kept_best), ("kept_random", kept_random)):
        assert share is not ..., f"{name} is not set yet"
        assert 1 < share <= 100, f"{name}: percent are due, and most keep what they seemed to keep"


@test_case(points=None, hidden=False)
def test_too_much(too_much):
    assert too_much is not ..., "too_much is not set yet"
    assert too_much > -0.1, (
        "whoever is chosen for the largest margin was also lucky: the draw promised more than came"
    )
    assert too_much < 20, "percentage points of the control's margin are due"


@test_case(points=None, hidden=False)
def test_surer_is_dearer(surer_is_dearer):
    assert surer_is_dearer is not ..., "surer_is_dearer is not set yet"
    assert str(surer_is_dearer) in ("True", "False"), "surer_is_dearer is True or False"
