from otter.test_files import test_case

OK_FORMAT = False

name = "q3"
points = 4


@test_case(points=None, hidden=False)
def test_alarm(alarm):
    scores = [0.7, 0.72, 0.74]
    found = alarm(0.72, scores)
    assert found is not None and found is not ..., "alarm returns nothing yet"
    assert found == "", 'a score like the others raises no alarm: "" is due'
    assert alarm(0.65, scores) == "low", (
        'their mean is 0.72 and their standard deviation 0.02: 0.65 is more than three below, "low"'
    )
    assert alarm(0.79, scores) == "high", "a score can be too good: 0.79 is more than three above"
    assert alarm(0.775, scores) == "", (
        "their standard deviation is 0.02, not 0.016: it divides by n - 1"
    )
    assert alarm(0.71, [0.7, 0.7001, 0.6999]) == "", (
        "three that agree by chance must not make 0.71 an alarm: at least 0.005 counts"
    )


@test_case(points=None, hidden=False)
def test_the_leak(gained, leak_lost, leaky, clean):
    import numpy as np

    assert gained is not ..., "gained is not set yet"
    assert gained > 0, "the leak raises the score; is the sign turned?"
    assert np.isclose(clean.auc + gained, leaky.auc), "added to the clean score that is another"
    assert leak_lost is not ..., "leak_lost is not set yet"
    assert np.isclose(clean.orders * (1 - leak_lost / 100), leaky.orders), (
        "without that share of its orders the clean release does not bring what the leaky one does"
    )


@test_case(points=None, hidden=False)
def test_worse_than_none(worse_than_none):
    assert worse_than_none is not ..., "worse_than_none is not set yet"
    assert str(worse_than_none) in ("True", "False"), "worse_than_none is True or False"
