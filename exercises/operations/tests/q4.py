from otter.test_files import test_case

OK_FORMAT = False

name = "q4"
points = 4


@test_case(points=None, hidden=False)
def test_replicas(replicas, percentile_ms):
    found = replicas(100, 20.0, 150.0)
    assert found is not None and found is not ..., "replicas returns nothing yet"
    assert found == int(found) and found >= 1, "a whole number of servers is due"
    assert found > 2, "100 requests a second of 20 ms each are work for two: two can never rest"
    load = 100 * 0.02
    assert percentile_ms(0.99, int(found), load / found, 20.0) <= 150, (
        f"with {found} servers p99 is above the limit"
    )
    assert found == 3 or percentile_ms(0.99, int(found) - 1, load / (found - 1), 20.0) > 150, (
        f"one server fewer than {found} keeps the limit, too"
    )
    assert replicas(100, 20.0, 50.0) == 0, (
        "one in a hundred takes 92 ms without any line: within 50 ms no number of servers helps"
    )


@test_case(points=None, hidden=False)
def test_dinner_time(
    needed, doubled, replicas, percentile_ms, PEAK, MEAN_RATE, SERVICE_MS, LIMIT_MS
):
    import numpy as np

    assert needed is not ..., "needed is not set yet"
    assert needed == replicas(PEAK * MEAN_RATE, SERVICE_MS, LIMIT_MS), (
        "by your own replicas the busiest hour needs another number"
    )
    assert doubled is not ..., "doubled is not set yet"
    assert 1 < doubled < 100, f"percent between 1 and 100 are due, not {doubled}"
    alone = percentile_ms(0.99, needed, 0.0, SERVICE_MS)
    assert np.isclose(
        percentile_ms(0.99, needed, doubled / 100, SERVICE_MS), 2 * alone, rtol=0.001
    ), "so busy, their p99 is not twice that of an empty line; is it for needed servers?"


@test_case(points=None, hidden=False)
def test_mean_drowns(mean_drowns):
    assert mean_drowns is not ..., "mean_drowns is not set yet"
    assert str(mean_drowns) in ("True", "False"), "mean_drowns is True or False"
