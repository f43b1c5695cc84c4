from otter.test_files import test_case

OK_FORMAT = False

name = "q4"
points = 3


@test_case(points=None, hidden=False)
def test_choose_says_a_row(choose, draw):
    found = choose(draw.copy())
    assert found is not ..., "choose returns nothing yet"
    assert found is None or found in draw.index, "the number of a row is due, or None"


@test_case(points=None, hidden=False)
def test_choose_costs_little(choose, towns, TERMS):
    times = towns.times_the_best_bound(choose, TERMS, 2, 100)
    assert times <= 1.8, (
        f"in 100 fresh towns your rule costs {times:.1f} times as much as the best bound; does it know that the winner of a draw was lucky, and what it costs to break a limit, or to wait?"
    )


@test_case(points=None, hidden=False)
def test_shipped(shipped, because, choose, draw):
    assert shipped is not ... and because is not ..., "these two are not set yet"
    assert shipped == choose(draw.copy()), "what ships is what your own rule chooses"
    assert isinstance(because, str) and "because" in because, "I ship … because …"
