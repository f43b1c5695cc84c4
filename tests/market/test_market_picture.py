"""The drawing of the town: its streets, its size, and what it refuses."""

import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchlab.market import make_world
from launchlab.market.picture import streets, town_svg
from launchlab.market.world import town_map


def test_a_square_has_its_sides_as_streets_and_no_long_way_round():
    corners = np.array([[0.0, 0.0], [2.0, 0.0], [2.0, 1.0], [0.0, 1.0], [1.0, 0.5]])
    # The middle lies on the long sides' circles' inside, and so between their ends.
    assert streets(corners).tolist() == [[0, 3], [0, 4], [1, 2], [1, 4], [2, 4], [3, 4]]


@given(st.integers(0, 2**31))
def test_streets_join_all_places_and_none_lies_between_two(seed):
    places = np.random.default_rng(seed).normal(size=(25, 2))
    pairs = streets(places)
    reached, found = {0}, -1
    while len(reached) != found:
        found = len(reached)
        reached |= {b for a, b in pairs.tolist() if a in reached}
        reached |= {a for a, b in pairs.tolist() if b in reached}
    assert len(reached) == 25
    for a, b in pairs:
        middle, radius = (places[a] + places[b]) / 2, np.linalg.norm(places[a] - places[b]) / 2
        others = np.delete(places, [a, b], axis=0)
        assert (np.linalg.norm(others - middle, axis=1) > radius - 1e-9).all()


def test_the_map_is_that_of_the_world():
    home, place = town_map(3)
    apart = np.linalg.norm(home[:, None] - place[None], axis=2)
    world = make_world(3)
    assert np.allclose(np.sort(apart, axis=1)[:, :60], world.distance, atol=1e-5)


@pytest.mark.parametrize("rain", [0.0, 0.5, 1.0])
def test_a_drawing_is_small_and_sound_and_takes_the_colour_around_it(rain):
    drawing = town_svg(0, rain)
    assert drawing == town_svg(0, rain)
    assert len(drawing.encode()) < 15_000
    ElementTree.fromstring(drawing)
    assert "#" not in drawing and "currentColor" in drawing


def test_more_rain_draws_more_drops():
    dry, wet, wetter = (town_svg(0, rain).count("M") for rain in (0.0, 0.3, 0.9))
    assert dry < wet < wetter


@pytest.mark.parametrize("rain", [-0.1, 1.1, float("nan")])
def test_rain_out_of_range_is_refused(rain):
    with pytest.raises(ValueError, match=r"rain=.*expected"):
        town_svg(0, rain)
