from otter.test_files import test_case

OK_FORMAT = False

name = "q1"
points = 6


@test_case(points=None, hidden=False)
def test_skewed_finds_nothing_where_nothing_is(skewed, trainer):
    found = skewed(trainer, trainer.copy())
    assert found is not None and found is not ..., "skewed returns nothing yet"
    assert isinstance(found, dict), f"a dictionary is due, not a {type(found).__name__}"
    assert found == {}, "where both compute the same, the dictionary is empty"


@test_case(points=None, hidden=False)
def test_skewed_by_hand(skewed, trainer):
    import numpy as np
    from launchlab.software.columns import with_column

    other = with_column(trainer, "rating", 20 * trainer[:, 3] - 5)
    found = skewed(trainer, other)
    assert found is not None and found is not ..., "skewed returns nothing yet"
    assert set(found) == {"rating"}, f"only the rating was changed, and you name {sorted(found)}"
    pair = found["rating"]
    assert np.shape(pair) == (2,), "a pair of numbers is due: factor and shift"
    assert not np.isclose(pair[0], 1 / 20), "from the trainer's to the server's; turned round?"
    assert np.allclose(pair, (20, -5), rtol=0.001, atol=0.01), (
        "stars that became 20 times as many, less 5, have the factor 20 and the shift -5"
    )


@test_case(points=None, hidden=False)
def test_mend(mend, trainer):
    import numpy as np
    from launchlab.software.columns import with_column

    other = with_column(trainer, "rating", 20 * trainer[:, 3] - 5)
    before = other.copy()
    found = mend(other, {"rating": (20.0, -5.0)})
    assert found is not None and found is not ..., "mend returns nothing yet"
    assert np.array_equal(other, before), "mend changed the rows that it was given; copy them"
    assert np.shape(found) == np.shape(trainer), "rows of the same shape are due"
    assert np.allclose(found, trainer, rtol=0.0001, atol=0.0001), (
        "20 times the stars less 5 come back as other stars; first undo the shift, then the factor"
    )


@test_case(points=None, hidden=False)
def test_the_town_is_mended(faults_here, lost, mend, brings, trainer, server, MODEL):
    import numpy as np

    assert faults_here is not ..., "faults_here is not set yet"
    assert isinstance(faults_here, dict), "faults_here is what your skewed returns, a dictionary"
    assert len(faults_here) == 2, "your town's server computes two columns differently"
    assert np.allclose(mend(server, faults_here), trainer, rtol=0.001, atol=0.01), (
        "mended by what you found, the server's rows are not yet the trainer's"
    )
    assert lost is not ..., "lost is not set yet"
    whole = brings(MODEL, trainer)
    assert not np.isclose(100 * lost, 100 * (1 - brings(MODEL, server) / whole)) or lost == 0, (
        "that looks like a share; percent are due"
    )
    assert np.isclose(whole * (1 - lost / 100), brings(MODEL, server), rtol=0.001), (
        "without that share of its orders your town does not have those that the server's rows bring; is the sign turned, or is it percent of the wrong one?"
    )


@test_case(points=None, hidden=False)
def test_the_two_findings(trees_lose_less, ads_rise):
    assert trees_lose_less is not ..., "trees_lose_less is not set yet"
    assert str(trees_lose_less) in ("True", "False"), "trees_lose_less is True or False"
    assert ads_rise is not ..., "ads_rise is not set yet"
    assert str(ads_rise) in ("True", "False"), "ads_rise is True or False"
