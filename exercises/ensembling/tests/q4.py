from otter.test_files import test_case

OK_FORMAT = False

name = "q4"
points = 2


@test_case(points=None, hidden=False)
def test_the_largest_keeps_the_limit_and_the_next_does_not(largest, SHARE, LIMIT):
    from launchlab.serving import Stragglers

    assert largest is not ... and largest is not None, "largest is not set yet"
    server = Stragglers(share=SHARE)
    assert server.quantile(0.99, largest) <= LIMIT, f"{largest} members are too late"
    assert server.quantile(0.99, largest + 1) > LIMIT, f"{largest + 1} members are in time too"


@test_case(points=None, hidden=False)
def test_at_its_ends(largest_committee):
    found = largest_committee(0.001, 10000.0)
    assert found is not None and found is not ..., "largest_committee returns nothing yet"
    assert found == 50, "with a limit of ten seconds all 50 are in time"
    assert largest_committee(0.5, 1.0) == 0, "where even one is too slow, 0 is due"
