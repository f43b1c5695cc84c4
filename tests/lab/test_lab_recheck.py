"""What the cache has kept of a grid is held against what is computed afresh."""

import dataclasses

import altair as alt
import pandas as pd
import pytest

from launchlab import lab, memo
from launchlab.lab import ExperimentError
from launchlab.lab.declare.recheck import drawn, recheck
from launchlab.lab.lives import page
from launchlab.lab.view.charts import Declared
from tests.lab.samples import experiment, rule_experiment, squares


def kept(demo, place, **changes):
    """All points, one of them as it once may have been."""
    points = demo.points()
    points[place] = dataclasses.replace(points[place], **changes)
    return points


@pytest.fixture(autouse=True)
def _no_cache(monkeypatch):
    monkeypatch.delenv(memo.CACHE_VARIABLE, raising=False)
    monkeypatch.delenv(memo.RECHECK_VARIABLE, raising=False)
    monkeypatch.delenv(memo.AFRESH_VARIABLE, raising=False)


def test_the_default_and_three_others_are_drawn_by_the_seed():
    demo = experiment()
    points = demo.points()
    default = [point.state for point in points].index(demo.defaults)
    found = {tuple(drawn(demo, points, str(seed))) for seed in range(40)}
    assert all(len(set(places)) == 4 and default in places for places in found)
    assert {place for places in found for place in places} == set(range(6))
    assert drawn(demo, points, "7") == drawn(demo, points, "7")


def test_a_grid_of_fewer_points_is_computed_whole():
    demo = experiment(controls=[lab.Slider("n", "How many", [2, 5], default=5)])
    assert drawn(demo, demo.points(), "1") == [0, 1]


def test_points_that_are_as_they_were_pass():
    demo = experiment()
    recheck(demo, demo.points(), "1")


@pytest.mark.parametrize(
    ("stale", "where"),
    [
        ({"frame": squares(4)}, r"columns\.x \(\[0, 1, 2, 3, 4\] against \[0, 1, 2, 3\]\)"),
        ({"frame": squares(5).assign(y=[0, 1, 4, 9, 17])}, r"columns\.y\[4\] \(16 against 17\)"),
        ({"sentence": "Old."}, r"sentence \(\"The largest is 16\.\" against \"Old\.\"\)"),
        ({"cards": ({"title": "old"},)}, r"cards \(\[\] against \[\{\"title\": \"old\"\}\]\)"),
        ({"record": "old"}, r"record \(\"\" against \"old\"\)"),
        ({"heading": "old"}, r"heading \(\"\" against \"old\"\)"),
    ],
)
def test_a_part_that_is_stale_is_named_with_its_point(stale, where):
    demo = experiment()
    default = [point.state for point in demo.points()].index(demo.defaults)
    message = "experiment 'squares' at n=5, up=True: computed afresh, it is not what the cache has"
    with pytest.raises(ExperimentError, match=rf"{message} kept, at point\.{where}"):
        recheck(demo, kept(demo, default, **stale), "1")


def test_a_point_of_other_columns_is_named():
    demo = experiment()
    default = [point.state for point in demo.points()].index(demo.defaults)
    stale = squares(5).rename(columns={"y": "z"})
    with pytest.raises(ExperimentError, match=r"'squares' at n=5, up=True: columns \['x', 'y'\]"):
        recheck(demo, kept(demo, default, frame=stale), "1")


def test_a_shape_that_reads_more_than_it_says_is_found():
    def draw(base, nothing):
        return base.mark_bar().encode(alt.X("x:Q").scale(domain=[0, int(base.data.x.max())]))

    demo = experiment(chart=Declared(draw))
    demo.check_specs(demo.points())
    with pytest.raises(ExperimentError, match=r"differs between .* at spec\.encoding\.x\.scale"):
        recheck(demo, demo.points(), "1")


def test_a_difference_beyond_the_declared_digits_is_none():
    demo = experiment(run=lambda n, up: squares(n, up).assign(y=1 / 3), digits=3)
    same = squares(5).assign(y=0.3334)
    default = [point.state for point in demo.points()].index(demo.defaults)
    sentence = demo.points()[default].sentence
    with pytest.raises(ExperimentError, match=r"point\.columns\.y"):
        recheck(demo, kept(demo, default, frame=same.assign(y=0.334), sentence=sentence), "1")
    recheck(demo, kept(demo, default, frame=same.assign(y=0.3332), sentence=sentence), "1")


def test_what_is_measured_may_differ_and_nothing_else():
    ticks = iter(range(1000))

    def run(n: int, up: bool) -> pd.DataFrame:
        return squares(n, up).assign(seconds=next(ticks))

    demo = experiment(
        run=run,
        measured=["seconds"],
        sentence=lambda frame: f"It took {frame.seconds[0]} s.",
    )
    recheck(demo, demo.points(), "1")
    default = [point.state for point in demo.points()].index(demo.defaults)
    stale = squares(5).assign(y=0, seconds=0)
    with pytest.raises(ExperimentError, match=r"point\.columns\.y"):
        recheck(demo, kept(demo, default, frame=stale), "1")


def test_only_what_the_environment_asks_for_is_rechecked(monkeypatch, tmp_path):
    """A value that is stale for a reason which the cache's key does not hold."""
    monkeypatch.setenv(memo.CACHE_VARIABLE, str(tmp_path))
    add = [0]
    demo = experiment(run=lambda n, up: squares(n, up) + add[0])
    monkeypatch.setattr(memo, "fingerprint", lambda function: "one")
    page.freeze(demo, demo.defaults)
    add[0] = 1
    page.freeze(demo, demo.defaults)
    monkeypatch.setenv(memo.RECHECK_VARIABLE, "738000")
    with pytest.raises(ExperimentError, match="not what the cache has kept"):
        page.freeze(demo, demo.defaults)
    rule = rule_experiment()
    page.freeze(rule, rule.defaults)


def test_what_is_computed_afresh_rests_on_nothing_kept(monkeypatch, tmp_path):
    monkeypatch.setenv(memo.CACHE_VARIABLE, str(tmp_path))
    calls = []

    @memo.memo
    def double(number: int) -> int:
        calls.append(number)
        return 2 * number

    assert [double(1), double(1)] == [2, 2]
    assert calls == [1]
    monkeypatch.setenv(memo.RECHECK_VARIABLE, "1")
    assert double(1) == 2
    assert calls == [1, 1]
    # What another notebook of the same run has computed afresh is not computed once more.
    monkeypatch.setenv(memo.AFRESH_VARIABLE, str(tmp_path / "afresh"))
    assert [double(1), double(1)] == [2, 2]
    assert calls == [1, 1, 1]
