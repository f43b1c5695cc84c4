from otter.test_files import test_case

OK_FORMAT = False

name = "q1"
points = 5


@test_case(points=None, hidden=False)
def test_changes_at_the_start(changes):
    found = changes(0.0)
    assert found is not None and found is not ..., "changes returns nothing yet"
    assert set(found) == {"clicks", "orders", "life_value"}, f"the keys are {sorted(found)}"
    assert abs(found["clicks"]) < 1e-09, "dial 0 against dial 0: nothing changes"


@test_case(points=None, hidden=False)
def test_changes_are_percent(changes):
    found = changes(1.0)
    assert found is not None and found is not ..., "changes returns nothing yet"
    assert found["clicks"] > 0, "ranked by clicks there are more clicks; is the sign turned?"
    assert found["orders"] < 0, "a ranker that knows the truth can only lose orders by it"
    assert found["clicks"] > 0.5, "that looks like a share; percent are due"


@test_case(points=None, hidden=False)
def test_all_clicks_and_life_falls(all_clicks, life_falls):
    assert all_clicks is not ... and all_clicks is not None, "all_clicks is not set yet"
    assert set(all_clicks) == {"clicks", "orders", "life_value"}, "the three keys of changes"
    assert life_falls is not ..., "life_falls is not set yet"
    assert str(life_falls) in ("True", "False"), f"life_falls is {life_falls!r}; True or False"


@test_case(points=None, hidden=False)
def test_the_largest_keeps_the_guardrail_and_the_next_does_not(largest_dial, changes, LIMIT):
    assert largest_dial is not ..., "largest_dial is not set yet"
    assert 0 <= largest_dial <= 1, "not one of DIALS"
    assert changes(largest_dial)["orders"] >= -LIMIT, "there the orders fall by more than LIMIT"
    if largest_dial < 1:
        following = changes(round(largest_dial + 0.05, 2))["orders"]
        assert following < -LIMIT, "the next setting keeps it too"


@test_case(points=None, hidden=False)
def test_the_best_dial(best_dial, changes):
    assert best_dial is not ..., "best_dial is not set yet"
    assert 0 <= best_dial <= 1, "not one of DIALS"
    best = changes(best_dial)["life_value"]
    for dial in (0.0, 0.25, 0.5, 0.75, 1.0):
        assert best >= changes(dial)["life_value"] - 1e-09, f"at {dial} the value is higher"
