"""The contract of an experiment: what it computes, and what it refuses by name."""

import math

import altair as alt
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchlab import lab, memo
from launchlab.lab.declare.controls import check_state, setting_words
from launchlab.lab.declare.texts import describe
from launchlab.lab.lives.page import corners
from tests.lab.samples import RULE, chart, experiment, line, rule_experiment, sentence, squares

ExperimentError = lab.ExperimentError


@pytest.fixture(autouse=True)
def _no_cache(monkeypatch):
    monkeypatch.delenv(memo.CACHE_VARIABLE, raising=False)


# ---------------------------------------------------------------- declarations


def test_a_state_out_of_a_table_is_told_in_plain_numbers():
    assert describe({"share": np.float64(0.05), "late": np.True_, "n": 3}) == (
        "share=0.05, late=True, n=3"
    )


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"name": "Squares"}, "Experiment name='Squares'"),
        ({"name": "a b"}, "expected lower case letters"),
        ({"title": " "}, "experiment 'squares': title is empty"),
        ({"description": ""}, "experiment 'squares': description is empty"),
        ({"digits": 0}, "digits=0, expected at least 1"),
        ({"controls": []}, "experiment 'squares': no controls"),
        ({"controls": [lab.Range("n", "N", 0, 1, 1, default=0)]}, "Range 'n' needs the rule form"),
    ],
)
def test_an_unsound_declaration_is_refused(change, message):
    with pytest.raises(ValueError, match=message):
        experiment(**change)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"text": " "}, "expected a question"),
        ({"options": [(1, "one")]}, "expected two or more, distinct"),
        ({"options": [(1, "one"), (1, "uno")]}, "distinct"),
        ({"options": [(1, "one"), (True, "yes")]}, "distinct"),
        ({"options": [(1, "same"), (2, "same")]}, "distinct"),
        ({"tolerance": -1}, "tolerance=-1"),
        ({"tolerance": math.nan}, "tolerance=nan"),
        ({"tolerance": math.inf}, "tolerance=inf"),
        ({"options": [(None, "none"), (1, "one")]}, "expected no None"),
        ({"low": 0}, "low=0, high=None, expected two finite numbers"),
        ({"high": 0}, "low=None, high=0, expected two finite numbers"),
        ({"low": 1, "high": 1}, "low=1, high=1, expected two finite numbers"),
        ({"low": 0, "high": math.inf}, "high=inf, expected two finite numbers"),
        ({"low": math.nan, "high": 1}, "low=nan, high=1, expected two finite numbers"),
        ({"low": 0, "high": 9, "options": [(1, "a"), (2, "b")]}, "expected neither where there"),
    ],
)
def test_an_unsound_question_is_refused(change, message):
    with pytest.raises(ValueError, match=message):
        lab.Question(**{"text": "How many?", "truth": len, **change})


def test_a_rule_defines_its_frame():
    with pytest.raises(ValueError, match=r"defines no function frame\(\)"):
        lab.Rule(pd.DataFrame({"x": [1]}), "function sentence(r) {}")


@pytest.mark.parametrize(
    ("texts", "missing"),
    [
        ({}, "sentence"),
        ({"sentence": "The last is {last.y:.1f}.", "heading": str}, "heading"),
        ({"sentence": lab.say("{most:.0f}", values=lambda f: {"most": f.y.max()})}, "values"),
    ],
)
def test_a_rule_defines_what_no_template_says(texts, missing):
    rule = lab.Rule(pd.DataFrame({"x": [1]}), "function frame(table, controls) {}")
    with pytest.raises(ValueError, match=rf"defines no function {missing}\(\)"):
        rule_experiment(rule=rule, **texts)


def test_a_rule_whose_texts_are_templates_defines_only_its_frame():
    rule = lab.Rule(rule_experiment().rule.table, RULE.partition("function sentence")[0])
    demo = rule_experiment(rule=rule, sentence="Last {last.y:.1f}.", heading="To {last.y:d}")
    assert demo.rule_functions == ["frame"]
    point = demo.point(demo.defaults)
    assert (point.sentence, point.heading) == ("Last 3.0.", "To 3")


def test_a_heading_leaves_the_chart_without_a_title():
    titled = experiment(
        heading="Up to {last.y}", chart=lambda frame: chart(frame).properties(title="T")
    )
    with pytest.raises(lab.ExperimentError, match="has a title, expected none where heading="):
        titled.spec(titled())
    demo = experiment(heading="Up to {last.y}")
    assert [point.heading for point in demo.points()][:2] == ["Up to 1", "Up to 1"]


def test_a_template_that_cannot_be_filled_names_the_lab_and_the_state():
    with pytest.raises(lab.ExperimentError, match=r"n=5, up=True: heading: .*no column “z”"):
        experiment(heading="{z}")()


def test_other_words_are_another_point():
    keys = {
        experiment(**texts).cache_key()
        for texts in (
            {},
            {"sentence": "{last.y}"},
            {"sentence": "{first.y}"},
            {"heading": "{last.y}"},
            {"heading": lab.say("{last.y}", when={"last.x == 1": "one"})},
            {"heading": lab.say("{last.y}", values=lambda frame: {"a": 1})},
            {"heading": lab.say("{last.y}", values=lambda frame: {"a": 2})},
        )
    }
    assert len(keys) == 7


def test_a_rules_table_is_checked():
    with pytest.raises(ValueError, match="Rule table: column 'x'"):
        lab.Rule(pd.DataFrame({"x": [math.nan]}), "function frame(){} function sentence(){}")


# ---------------------------------------------------------------- points


def test_calling_it_computes_one_point():
    assert experiment()(n=2).y.tolist() == [0, 1]
    assert experiment()(n=2.0, up=False).y.tolist() == [0, 1]
    assert experiment()().y.max() == 16


@pytest.mark.parametrize(
    ("state", "message"),
    [
        ({"m": 1}, "experiment 'squares': unknown control 'm'"),
        ({"n": 3}, "experiment 'squares': control n=3: expected one of 2, 5, 9"),
    ],
)
def test_a_state_off_the_grid_is_refused(state, message):
    for use in (experiment(), experiment().state, experiment().show):
        with pytest.raises(ValueError, match=message):
            use(**state)


def _raise(*_, **__):
    raise KeyError("lost")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"run": _raise}, r"at n=5, up=True: KeyError: 'lost'"),
        ({"run": lambda **_: None}, "returned a NoneType"),
        ({"run": lambda **_: pd.DataFrame()}, "the frame is empty"),
        ({"run": lambda **_: pd.DataFrame({"y": [math.nan]})}, "column 'y': nan in row 0"),
        ({"run": lambda **_: pd.DataFrame({"y": [object()]})}, "column 'y': a object in row 0"),
        ({"sentence": _raise}, "sentence: KeyError: 'lost'"),
        ({"sentence": lambda frame: None}, "sentence=None, expected text"),
        ({"sentence": lambda frame: " "}, "sentence=' ', expected text"),
        ({"missing": ["z"]}, "no column 'z'"),
        ({"measured": ["z"]}, "no column 'z'"),
        ({"columns": {"z": "Zed"}}, "no column 'z'"),
    ],
)
def test_a_point_that_breaks_the_contract_names_its_place(change, message):
    demo = experiment(**change)
    with pytest.raises(ExperimentError, match=message) as caught:
        demo.points()
    assert str(caught.value).startswith("experiment 'squares' at n=5, up=True")


def test_a_later_point_that_fails_names_its_own_state():
    def run(n, up):
        if n == 9 and not up:
            raise ZeroDivisionError("nine")
        return squares(n, up)

    with pytest.raises(ExperimentError, match=r"at n=9, up=False: ZeroDivisionError: nine"):
        experiment(run=run).points()


def test_columns_that_change_between_points_are_refused():
    def run(n, up):
        return squares(n, up) if n < 9 else squares(n, up).assign(z=1)

    with pytest.raises(ExperimentError, match=r"at n=9.*\['x', 'y', 'z'\], expected \['x', 'y'\]"):
        experiment(run=run).points()


def truth_of(**question):
    demo = experiment(question=lab.Question("?", **question))
    return demo.truth(demo.point(demo.asked_state()))


@pytest.mark.parametrize(
    ("question", "message"),
    [
        ({"truth": _raise}, "truth: KeyError: 'lost'"),
        ({"truth": lambda f: math.nan}, "truth is nan, not finite"),
        ({"truth": lambda f: "x"}, "truth is 'x', no number"),
        ({"truth": lambda f: True}, "truth is True, no number"),
        ({"truth": lambda f: 3, "options": [(1, "one"), (2, "two")]}, "truth is 3, no option"),
        ({"truth": len, "low": 6, "high": 9}, "truth is 5, expected .* range .*, 6 to 9"),
    ],
)
def test_an_answer_that_breaks_the_contract_names_its_place(question, message):
    with pytest.raises(ExperimentError, match=rf"'squares' at n=5, up=True: .*{message}"):
        truth_of(**question)


def test_a_truth_among_options_is_the_option_itself():
    """1 and True are equal in Python and two things in the page."""
    truth = truth_of(truth=lambda f: f.y.max() > 0, options=[(0, "no"), (1, "yes")])
    assert truth == 1
    assert not isinstance(truth, bool)


def test_the_answer_is_the_one_at_the_setting_asked_about():
    assert truth_of(truth=len) == 5
    assert truth_of(truth=len, at={"n": 9}) == 9


def test_an_experiment_without_a_question_has_no_answer():
    demo = experiment()
    with pytest.raises(ExperimentError, match="'squares' asks no question"):
        demo.truth(demo.point(demo.defaults))


def test_a_question_about_a_setting_that_is_none_is_refused():
    with pytest.raises(ValueError, match="control n=3: expected one of 2, 5, 9"):
        experiment(question=lab.Question("?", truth=len, at={"n": 3}))


@pytest.mark.parametrize(
    ("controls", "state", "words"),
    [
        ([lab.Slider("n", "Paid", [4.5, 6], 6, unit="$")], {"n": 4.5}, "Paid: $4.5"),
        ([lab.Range("r", "Waits", 0, 3, 0.5, 1, unit="ms")], {"r": 2}, "Waits: 2.0\u00a0ms"),
        ([lab.Choice("c", "C", ["a", "b"], "a"), lab.Toggle("t", "New")], {}, "C: a; New: off"),
    ],
)
def test_a_setting_is_told_in_the_words_of_its_controls(controls, state, words):
    assert setting_words(controls, check_state("x", controls, state)) == words


def test_of_many_switches_only_those_that_are_on_are_told():
    controls = [lab.Toggle(f"t{place}", f"T{place}") for place in range(9)]
    demo = experiment(controls=[lab.Slider("n", "N", [1, 2], 1), *controls])
    assert setting_words(demo.controls, demo.state(t3=True, t5=True)) == "N: 1; on: T3, T5"
    assert setting_words(demo.controls, demo.state()) == "N: 1; on: none"


@given(st.lists(st.integers(2, 4), min_size=1, max_size=4))
def test_the_grid_has_every_state_once_the_last_control_fastest(sizes):
    controls = [
        lab.Slider(f"c{place}", "C", list(range(size)), default=0)
        for place, size in enumerate(sizes)
    ]
    demo = experiment(controls=controls)
    states = list(demo.states())
    assert len(states) == demo.size == math.prod(sizes)
    for position, state in enumerate(states):
        # The page finds a point by this sum; the browser tests hold it against ll.index.
        index = 0
        for control in controls:
            index = index * len(control.values) + control.values.index(state[control.name])
        assert index == position


def test_the_grid_is_one_tidy_frame():
    grid = experiment().grid()
    assert list(grid.columns) == ["n", "up", "x", "y"]
    assert len(grid) == 2 * (2 + 5 + 9)
    for (n, up), part in grid.groupby(["n", "up"]):
        pd.testing.assert_frame_equal(
            part[["x", "y"]].reset_index(drop=True), squares(n, up), check_dtype=False
        )


def test_a_frames_own_column_wins_over_the_control_of_that_name():
    grid = experiment(run=lambda n, up: squares(n, up).assign(n=-1)).grid()
    assert list(grid.columns) == ["up", "x", "y", "n"]
    assert set(grid.n) == {-1}


def test_too_much_computing_names_the_overrun(monkeypatch):
    demo = experiment(cpu_budget=2.5)
    ticks = iter(range(1000))
    monkeypatch.setattr("time.process_time", lambda: float(next(ticks)))
    message = r"3 of 6 grid points took 3\.0 s of CPU, 0\.5 s over the budget of 2\.5 s"
    with pytest.raises(ExperimentError, match=message):
        demo.points()


def test_who_comes_first_is_not_charged_for_what_all_share(monkeypatch, tmp_path):
    """One notebook failed on a busy day for having come to a model before the others."""
    clock = {"now": 0.0}
    trained = []

    def run(n, up):
        if not trained:
            trained.append(n)
            clock["now"] += 9.0
        clock["now"] += 0.5
        return squares(n, up)

    monkeypatch.setattr("time.process_time", lambda: clock["now"])
    points = experiment(run=run, cpu_budget=5.0).points()
    assert [point.cpu_seconds for point in points] == [0.5] * 6
    trained.clear()
    with pytest.raises(ExperimentError, match=r"6 of 6 grid points took 3\.0 s"):
        experiment(run=run, cpu_budget=2.8).points()


def test_a_budget_that_shrinks_is_held_against_the_cache_too(monkeypatch, tmp_path):
    monkeypatch.setenv(memo.CACHE_VARIABLE, str(tmp_path))
    experiment().points()
    with pytest.raises(ExperimentError, match="6 of 6 grid points took"):
        experiment(cpu_budget=0.0).points()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"columns": {"z": "Zed"}}, "no column 'z'"),
        ({"measured": ["z"]}, "no column 'z'"),
        ({"missing": ["z"]}, "no column 'z'"),
    ],
)
def test_the_cache_hides_no_error(change, message, monkeypatch, tmp_path):
    """Points known under another declaration are not points of this one."""
    monkeypatch.setenv(memo.CACHE_VARIABLE, str(tmp_path))
    experiment().points()
    with pytest.raises(ExperimentError, match=message):
        experiment(**change).points()


# ---------------------------------------------------------------- charts


def test_the_spec_holds_no_data_and_one_name():
    spec = experiment().spec(squares(3))
    assert spec["data"] == {"name": "frame"}
    assert "datasets" not in spec


@pytest.mark.parametrize(
    ("draw", "message"),
    [
        (lambda frame: None, "TypeError: chart.* returned a NoneType"),
        (_raise, "chart: KeyError: 'lost'"),
        (lambda frame: alt.Chart(frame).encode(x="x:Q"), "experiment 'squares': chart: "),
        (
            lambda frame: chart(frame) + alt.Chart(pd.DataFrame({"r": [1]})).mark_rule(),
            "has 2 data sets, expected one",
        ),
        (lambda frame: alt.Chart("data.csv").mark_point(), "has 0 data sets"),
        (
            lambda frame: alt.Chart(frame.melt()).mark_point().encode(x="value:Q"),
            "draws .* rows of .*, expected the frame itself",
        ),
        (lambda frame: chart(frame[frame.x > 0]), "draws 4 rows .*, expected the frame itself"),
    ],
)
def test_a_chart_of_anything_but_the_frame_is_refused(draw, message):
    demo = experiment(chart=draw)
    with pytest.raises(ExperimentError, match=message):
        demo.spec(demo())


@pytest.mark.parametrize(
    ("draw", "where"),
    [
        (lambda frame: chart(frame).properties(title=f"{frame.y.max()}"), r"spec\.title"),
        (
            lambda frame: chart(frame).encode(alt.Y("y:Q").scale(domain=[0, int(frame.y.max())])),
            r"spec\.encoding\.y\.scale\.domain\[1\]",
        ),
        # Only the first is held to the schema: what breaks it later is a difference too.
        (
            lambda frame: chart(frame).mark_line(strokeWidth=2 if frame.y.max() < 10 else "wide"),
            r"spec\.mark\.strokeWidth",
        ),
    ],
)
def test_a_spec_that_differs_between_points_is_refused_by_place(draw, where):
    demo = experiment(chart=draw)
    with pytest.raises(ExperimentError, match=rf"differs between n=.* at {where}"):
        demo.check_specs(demo.points())


# ---------------------------------------------------------------- rule form


def test_a_rule_passes_its_table_and_has_no_grid():
    demo = rule_experiment()
    assert demo(slope=2.5).y.tolist() == [0, 2.5, 5, 7.5]
    for use in (demo.points, demo.grid, lambda: demo.size, lambda: list(demo.states())):
        with pytest.raises(ExperimentError, match="is in rule form and has no grid"):
            use()


def test_the_corners_of_a_rule_are_the_default_and_both_ends_of_each_control():
    controls = [
        lab.Range("slope", "Slope", 0, 9, 0.5, default=1),
        lab.Toggle("up", "Up"),
    ]
    demo = rule_experiment(controls=controls, run=lambda table, slope, up: line(table, slope))
    assert corners(demo) == [
        {"slope": 1.0, "up": False},
        {"slope": 0.0, "up": False},
        {"slope": 9.0, "up": False},
        {"slope": 1.0, "up": False},
        {"slope": 1.0, "up": True},
    ]


def test_the_example_of_the_docstring_runs():
    import doctest

    import launchlab.lab.experiment as module

    assert doctest.testmod(module).failed == 0
    assert sentence(squares(3)) == "The largest is 4."
