from otter.test_files import test_case

OK_FORMAT = False

name = "q4"
points = 3


@test_case(points=None, hidden=False)
def test_the_largest_keeps_the_limit_and_the_next_does_not(largest, in_time, TOWN):
    from launchlab.serving import Stragglers

    assert largest is not ... and largest is not None, "largest is not set yet"
    server, limit = (Stragglers(share=TOWN["straggling"]), TOWN["limit"])
    assert 0 <= largest <= 50, "a number from 0 to 50"
    assert largest == 0 or server.quantile(0.99, largest) <= limit, f"{largest} are too late"
    assert largest == 50 or server.quantile(0.99, largest + 1) > limit, (
        f"{largest + 1} members are in time too"
    )
    assert str(in_time) in ("True", "False"), f"in_time is {in_time!r}; True or False is due"


@test_case(points=None, hidden=False)
def test_at_its_ends(largest_committee):
    found = largest_committee(0.001, 10000.0)
    assert found is not None and found is not ..., "largest_committee returns nothing yet"
    assert found == 50, "with a limit of ten seconds all 50 are in time"
    assert largest_committee(0.5, 1.0) == 0, "where even one is too slow, 0 is due"
