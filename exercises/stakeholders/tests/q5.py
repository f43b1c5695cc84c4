from otter.test_files import test_case

OK_FORMAT = False

name = "q5"
points = 3


@test_case(points=None, hidden=False)
def test_all_of_one_model(p95_of_mix):
    from launchlab.serving.latency import p95_latency

    def mixed(*given):
        try:
            return p95_of_mix(*given)
        except ValueError as error:
            raise AssertionError(
                f"p95_of_mix{given} fails: {error}. Does the range that brentq searches hold the answer, also for slow models, and is 5 % written as 0.05?"
            ) from error

    found = mixed(50.0, 80.0, 0.0)
    assert found is not None and found is not ..., "p95_of_mix returns nothing yet"
    assert abs(found - p95_latency(50.0)) < 0.1, "with none at the slow model: the fast one's p95"
    for fast, slow in ((50.0, 80.0), (20.0, 80.0), (200.0, 400.0)):
        assert abs(mixed(fast, slow, 1.0) - p95_latency(slow)) < 0.1, (
            "with all at the slow model: its p95"
        )


@test_case(points=None, hidden=False)
def test_one_in_twenty_is_later(p95_of_mix):
    from launchlab.serving.latency import p95_latency, share_over

    found = p95_of_mix(40.0, 90.0, 0.5)
    assert found is not None and found is not ..., "p95_of_mix returns nothing yet"
    mean = (p95_latency(40.0) + p95_latency(90.0)) / 2
    assert abs(found - mean) > 1, "a p95 does not average: that is the mean of the two"
    later = (share_over(40.0, found) + share_over(90.0, found)) / 2
    assert abs(later - 0.05) < 0.001, (
        f"{100 * later:.1f} % of requests are later than that, not 5 %"
    )


@test_case(points=None, hidden=False)
def test_the_largest_share(largest_share):
    from launchlab.serving.latency import share_over

    found = largest_share(40.0, 90.0, 150.0)
    assert found is not None and found is not ..., "largest_share returns nothing yet"
    assert 0 <= found <= 1, f"a share lies between 0 and 1, not at {found!r}"
    later = (1 - found) * share_over(40.0, 150.0) + found * share_over(90.0, 150.0)
    assert later < 0.0505, f"at that share {100 * later:.1f} % are later than the limit, not 5 %"
    assert later > 0.0495, f"at that share only {100 * later:.1f} % are late: more would be allowed"
    assert largest_share(40.0, 45.0, 1000.0) == 1, "with a limit of a second all may be slow"
    assert largest_share(40.0, 45.0, 50.0) == 0, "where the fast model alone is too slow, 0 is due"


@test_case(points=None, hidden=False)
def test_the_share_here(share_here, half_ok):
    assert share_here is not ..., "share_here is not set yet"
    assert 0 <= share_here <= 1, f"a share lies between 0 and 1, not at {share_here!r}"
    assert half_ok is not ..., "half_ok is not set yet"
    assert str(half_ok) in ("True", "False"), "half_ok is True or False"
