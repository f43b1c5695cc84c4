from otter.test_files import test_case

OK_FORMAT = False

name = "q4"
points = 4


@test_case(points=None, hidden=False)
def test_ips_by_hand(ips):
    import numpy as np

    found = ips(np.array([1.0, 1.0]), np.array([0.5, 0.5]), np.array([True, False]))
    assert found is not None and found is not ..., "ips returns nothing yet"
    assert abs(found - 2) > 1e-09, "the mean is over all sessions, also those that do not agree"
    assert abs(found - 1) < 1e-09, "one of two agrees and counts 1 / 0.5; the mean of 2 and 0 is 1"


@test_case(points=None, hidden=False)
def test_effective_size(effective_size):
    import numpy as np

    found = effective_size(np.full(8, 0.5), np.array([True] * 4 + [False] * 4))
    assert found is not None and found is not ..., "effective_size returns nothing yet"
    assert abs(found - 4) < 1e-09, "four sessions of equal weight are worth four"


@test_case(points=None, hidden=False)
def test_the_answers_about_your_log(estimate, effective, replayed, replay_leans, under_a_fifth):
    assert estimate is not ..., "estimate is not set yet"
    assert 0 < estimate < 1, f"an order rate lies between 0 and 1, not at {estimate!r}"
    assert replayed is not ..., "replayed is not set yet"
    assert 0 < replayed < 1, f"an order rate lies between 0 and 1, not at {replayed!r}"
    assert effective is not ..., "effective is not set yet"
    assert 1 <= effective <= 20000, "a log is worth no more sessions than it has"
    assert replay_leans in ("high", "low"), "replay_leans is high or low"
    assert str(under_a_fifth) in ("True", "False"), "under_a_fifth is True or False"
