from otter.test_files import test_case

OK_FORMAT = False

name = "q1"
points = 4


@test_case(points=None, hidden=False)
def test_changes_at_the_start(changes):
    found = changes(0.0)
    assert found is not None and found is not ..., "changes returns nothing yet"
    assert set(found) == {"clicks", "life_value"}, f"the keys are {sorted(found)}"
    assert abs(found["clicks"]) < 1e-09, "dial 0 against dial 0: nothing changes"


@test_case(points=None, hidden=False)
def test_changes_are_percent_and_go_apart(changes):
    found = changes(1.0)
    assert found is not None and found is not ..., "changes returns nothing yet"
    assert found["clicks"] > 0, "ranked by clicks there are more clicks; is the sign turned?"
    assert found["life_value"] < 0, "what clicks stand for falls; is the sign turned?"
    assert found["clicks"] > 1, "that looks like a share; percent are due"


@test_case(points=None, hidden=False)
def test_the_largest_keeps_the_guardrail_and_the_next_does_not(largest_dial, changes):
    assert largest_dial is not ..., "largest_dial is not set yet"
    assert 0 <= largest_dial <= 0.95, "not one of DIALS at which the guardrail holds"
    assert changes(largest_dial)["life_value"] >= -1, "there the value falls by more than 1 %"
    assert changes(largest_dial + 0.05)["life_value"] < -1, "the next setting keeps it too"
