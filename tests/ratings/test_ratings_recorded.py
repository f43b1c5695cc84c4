"""The kept moments of the twenty recommenders: complete, small, and what training gives anew."""

import json
from importlib.resources import files

import numpy as np
import pytest

from launchlab import reach
from launchlab.ratings import MEMBERS, Crew, train_crew
from launchlab.ratings.make_moments import DECIMALS, parts_of, training_seconds, upper
from launchlab.ratings.recorded import member_moments, member_provenance, member_table

CHEAP = ("item means", "biases", "ALS 5", "item kNN 15", "SVD 6 refilled")


@pytest.fixture(scope="module")
def crew() -> Crew:
    return train_crew(member_provenance()["world"], None, CHEAP)


@pytest.mark.parametrize("part", ["probe", "quiz", "test"])
def test_moments_recomputed_agree(crew, part):
    kept, fresh = member_moments(part), parts_of(crew)[part]
    names = list(MEMBERS)
    places = [0, *(names.index(name) + 1 for name in CHEAP), len(names) + 1]
    assert kept.n == fresh.n
    np.testing.assert_allclose(kept.values[np.ix_(places, places)], fresh.values, rtol=1e-5)


def test_parameters_recomputed_agree(crew):
    kept = member_table()
    assert kept.loc[list(CHEAP), "parameters"].tolist() == list(crew.parameters)
    assert tuple(kept.index) == tuple(MEMBERS)


def test_training_time_is_of_the_same_order():
    # A shared machine is slower or quicker; ten times is another algorithm.
    kept = member_table()["cpu_seconds"]
    assert (kept > 0).all()
    fresh = training_seconds(fits=1)
    ratio = sum(fresh.values()) / kept.sum()
    assert 0.1 < ratio < 10


def test_what_is_read_is_what_was_written(crew):
    moments = parts_of(crew)["probe"]
    size = len(CHEAP) + 2
    written = upper(moments)
    assert len(written) == size * (size + 1) // 2
    square = np.zeros((size, size))
    square[np.triu_indices(size)] = written
    np.testing.assert_allclose(np.triu(moments.values), square, atol=10.0**-DECIMALS)
    kept = member_moments("probe").values
    assert np.array_equal(kept, kept.T)


def test_provenance_says_how():
    kept = member_provenance()
    assert "launchlab.ratings.make_moments" in kept["made_by"]
    assert set(kept["versions"]) == set(reach.versions())
    assert "members" not in kept


def test_the_file_is_small_and_the_test_part_no_larger_than_its_half():
    path = files("launchlab.ratings").joinpath("results", "moments.json")
    assert len(path.read_text(encoding="utf-8")) < 20_000
    kept = json.loads(path.read_text(encoding="utf-8"))
    assert abs(kept["quiz"]["n"] - kept["test"]["n"]) <= 1


def test_another_part_is_refused():
    with pytest.raises(ValueError, match="'train'"):
        member_moments("train")
