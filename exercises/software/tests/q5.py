from otter.test_files import test_case

OK_FORMAT = False

name = "q5"
points = 5


@test_case(points=None, hidden=False)
def test_stopped_by(stopped_by, clean, RELEASES, GATES):
    found = stopped_by(clean)
    assert found is not None and found is not ..., "stopped_by returns nothing yet"
    assert isinstance(found, list), f"a list is due, not a {type(found).__name__}"
    for release in (RELEASES[0], RELEASES[3]):
        found = stopped_by(release)
        assert set(found) <= set(GATES), "something in it is not the name of a gate"
        assert list(found) == sorted(set(found)), "sorted and each once, please"
        if release.name in ("seconds", "cents", "some cents"):
            assert "schema" in found, f"{release.name}: values out of range passed the schema"
            assert "offline low" not in found or "offline low" in stopped_by(clean), (
                f"{release.name}: nothing moves its offline score, which comes from training"
            )
        if release.name == "utc":
            assert "psi" in found, "the clock goes wrong by two hours; is psi against last_week?"


@test_case(points=None, hidden=False)
def test_stops(stops, stopped_by, RELEASES):
    assert stops is not ..., "stops is not set yet"
    assert isinstance(stops, dict), f"a dictionary is due, not a {type(stops).__name__}"
    assert set(stops) == {release.name for release in RELEASES}, "a name for each release, please"
    for release in (*RELEASES[1:3], *RELEASES[4:]):
        assert list(stops[release.name]) == stopped_by(release), (
            f"{release.name}: your own stopped_by names other gates"
        )


@test_case(points=None, hidden=False)
def test_smallest_by_hand(smallest):
    two = {"a": ["psi", "schema"], "b": ["behaviour", "psi"], "c": []}
    found = smallest(two)
    assert found is not None and found is not ..., "smallest returns nothing yet"
    assert isinstance(found, list), "a list of lists is due"
    assert [list(one) for one in found] == [["psi"]], (
        "psi alone stops a and b, and c is stopped by none, so that it counts for nothing"
    )
    three = {"a": ["psi", "schema"], "b": ["behaviour"], "c": ["behaviour", "offline low"]}
    assert [list(one) for one in smallest(three)] == [
        ["behaviour", "psi"],
        ["behaviour", "schema"],
    ], "there are two smallest sets here; all of them are due, sorted"
    assert smallest({"c": []}) == [[]], "where there is nothing to stop, [[]] is due"


@test_case(points=None, hidden=False)
def test_cover_and_left(cover, left, upper_needed, smallest, stops, clean, RELEASES):
    assert cover is not ..., "cover is not set yet"
    assert left is not ..., "left is not set yet"
    harmful = [one.name for one in RELEASES if one.orders < 0.99 * clean.orders]
    assert set(left) <= set(harmful), "one of these is not harmful: it loses less than 1 %"
    assert list(left) == sorted((name for name in harmful if not stops[name])), (
        "by your own stops other harmful releases are stopped by none"
    )
    assert [list(one) for one in cover] == smallest({name: stops[name] for name in harmful}), (
        "your own smallest says something else of the harmful releases"
    )
    assert upper_needed is not ..., "upper_needed is not set yet"
    assert str(upper_needed) in ("True", "False"), "upper_needed is True or False"
