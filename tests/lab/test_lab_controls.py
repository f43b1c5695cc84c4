"""Controls: what they accept, and what they refuse by name."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchlab import lab
from launchlab.lab.declare.controls import check_controls, check_state

LEVELS = st.lists(
    st.integers(-100, 100) | st.floats(-100, 100) | st.text(min_size=1, max_size=4) | st.none(),
    min_size=2,
    max_size=6,
    # As levels are: in value, and in how an address writes them, where 0 and "0" are one.
    unique_by=(
        lambda value: str(value) if isinstance(value, str | None) else float(value),
        lambda value: value if isinstance(value, str) else json.dumps(value),
    ),
)


def slider(levels, default=None, kind=lab.Slider):
    levels = list(levels)
    first = levels[0][0] if isinstance(levels[0], tuple) else levels[0]
    return kind("n", "Number", levels, default=first if default is None else default)


def test_bare_values_are_named_after_themselves():
    assert slider([1, 1000, 2.5]).levels == ((1, "1"), (1000, "1,000"), (2.5, "2.5"))
    assert slider(["a", "b"]).levels == (("a", "a"), ("b", "b"))


def test_pairs_keep_value_and_name():
    control = slider([(1, "one"), (None, "no limit")])
    assert control.values == (1, None)
    assert control.public()["names"] == ["one", "no limit"]


@pytest.mark.parametrize(
    "levels",
    [
        [1, 1.0],
        [(1, "one"), (1.0, "all")],
        [(1, "one"), (True, "yes")],
        [(0, "none"), (False, "no")],
        [(0.0, "none"), (-0.0, "minus none")],
        ["a", "a"],
        [(None, "none"), (None, "nothing")],
        [(1, "same"), (2, "same")],
        [(1, "number"), ("1", "text")],
        [(True, "yes"), ("true", "text")],
        [(None, "none"), ("null", "text")],
    ],
)
def test_levels_that_cannot_be_told_apart_are_refused(levels):
    with pytest.raises(ValueError, match=r"Slider 'n': (duplicate level|levels .* read alike)"):
        slider(levels)


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), -float("inf")])
def test_a_level_that_is_not_finite_is_refused(bad):
    with pytest.raises(ValueError, match="expected a finite number"):
        slider([1, (bad, "bad")])


@pytest.mark.parametrize("bad", [[1], object(), 1j, b"x", (1,), (1, 2), (1, ""), (1, "a", "b")])
def test_a_level_that_a_page_cannot_carry_is_refused(bad):
    with pytest.raises(ValueError, match="Slider 'n': level"):
        slider([1, bad])


@pytest.mark.parametrize("levels", [[], [1]])
def test_fewer_than_two_levels_are_refused(levels):
    with pytest.raises(ValueError, match=r"expected at least two"):
        lab.Slider("n", "Number", levels, default=1)


@pytest.mark.parametrize("kind", [lab.Slider, lab.Choice])
def test_a_default_must_be_a_level(kind):
    with pytest.raises(ValueError, match=r"default=3, expected one of 1, 2"):
        slider([1, 2], default=3, kind=kind)


@pytest.mark.parametrize("name", ["", "N", "two words", "1st", "a-b", None, "naïve"])
def test_a_name_must_be_an_argument_name(name):
    with pytest.raises(ValueError, match="expected a lower-case argument name"):
        lab.Slider(name, "Number", [1, 2], default=1)


@pytest.mark.parametrize("label", ["", "  ", None])
def test_a_label_must_be_text(label):
    with pytest.raises(ValueError, match="expected text that a reader understands"):
        lab.Toggle("n", label)


@given(LEVELS)
def test_every_level_is_found_at_its_position(levels):
    control = slider([(value, f"{place}: {value}") for place, value in enumerate(levels)])
    assert [control.index(value) for value in control.values] == list(range(len(levels)))
    assert [control.check(value) for value in levels] == levels
    assert control.ends == (levels[0], levels[-1])


def test_one_is_not_true():
    control = slider([1, 2])
    assert control.check(1.0) == 1
    with pytest.raises(ValueError, match="control n=True: expected one of 1, 2"):
        control.check(True)
    with pytest.raises(ValueError, match="control on=1: expected one of False, True"):
        lab.Toggle("on", "On").check(1)


@pytest.mark.parametrize("levels", [((True, "on"), (False, "off")), ((0, "off"), (1, "on"))])
def test_a_toggle_is_false_then_true(levels):
    with pytest.raises(ValueError, match="expected False, then True"):
        lab.Toggle("on", "On", levels=levels, default=levels[0][0])


# ---------------------------------------------------------------- ranges


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"low": float("nan")}, "low=nan, expected a finite number"),
        ({"high": float("inf")}, "high=inf, expected a finite number"),
        ({"step": True}, "step=True, expected a finite number"),
        ({"default": "1"}, "default='1', expected a finite number"),
        ({"high": 0}, "expected less than high"),
        ({"step": 0}, "step=0, expected a positive number"),
        ({"step": -0.5}, "step=-0.5, expected a positive number"),
        ({"step": 0.3}, "whole steps"),
        ({"step": 7}, "whole steps"),
        ({"default": 0.25}, r"control n=0.25: expected a number from 0 to 2 in steps of 0.5"),
        ({"default": 3}, "expected a number from 0 to 2"),
    ],
)
def test_a_range_refuses(change, message):
    sound = {"low": 0, "high": 2, "step": 0.5, "default": 1}
    lab.Range("n", "Number", **sound)
    with pytest.raises(ValueError, match=message):
        lab.Range("n", "Number", **{**sound, **change})


@given(
    st.integers(-1000, 1000),
    st.integers(1, 40),
    st.sampled_from([1, 2, 5, 25]),
    st.integers(0, 3),
    st.data(),
)
def test_a_range_takes_each_of_its_steps_and_nothing_between(low, count, step, decimals, data):
    unit = 10**decimals
    values = [(low + step * place) / unit for place in range(count + 1)]
    control = lab.Range("n", "Number", values[0], values[-1], step / unit, default=values[0])
    place = data.draw(st.integers(0, count))
    # As a browser or a loop over np.arange computes it, with the error of floating point.
    computed = control.low + place * control.step
    assert control.check(computed) == values[place]
    assert isinstance(control.check(computed), float if control.decimals else int)
    assert round(values[place], control.decimals) == values[place]
    for bad in (computed + control.step / 2, values[0] - control.step, values[-1] + control.step):
        with pytest.raises(ValueError, match="in steps of"):
            control.check(bad)


@pytest.mark.parametrize("bad", [True, None, "1", float("nan"), float("inf")])
def test_a_range_takes_only_numbers(bad):
    with pytest.raises(ValueError, match="control n="):
        lab.Range("n", "Number", 0, 2, 1, default=1).check(bad)


# ---------------------------------------------------------------- states

PAIR = (lab.Slider("n", "Number", [1, 2], default=1), lab.Toggle("on", "On"))


def test_a_state_is_filled_with_defaults_in_the_order_of_the_controls():
    assert list(check_state("x", PAIR, {"on": True}).items()) == [("n", 1), ("on", True)]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"m": 1}, "x: unknown control 'm', expected 'n', 'on'"),
        ({"n": 3}, "x: control n=3: expected one of 1, 2"),
        ({"on": "yes"}, "x: control on='yes': expected one of False, True"),
    ],
)
def test_a_state_refuses(given, message):
    with pytest.raises(ValueError, match=message):
        check_state("x", PAIR, given)


def test_a_whole_state_may_leave_nothing_out():
    with pytest.raises(ValueError, match="x: control 'on' is missing"):
        check_state("x", PAIR, {"n": 1}, partial=False)


@pytest.mark.parametrize(
    ("controls", "message"),
    [
        ([], "no controls"),
        ([PAIR[0], PAIR[0]], "two controls are called 'n'"),
        ([PAIR[0], "n"], "expected a Slider, Choice, Toggle or Range"),
    ],
)
def test_a_list_of_controls_refuses(controls, message):
    with pytest.raises(ValueError, match=message):
        check_controls("x", controls)


@pytest.mark.parametrize(("value", "said"), [(1, "1\xa0week"), (4, "4\xa0weeks")])
def test_a_unit_of_one_is_told_from_that_of_several(value, said):
    assert lab.Range("n", "Held", 0, 12, 1, default=4, unit="week|weeks").shown(value) == said
    assert lab.Slider("n", "Held", [1, 4], default=4, unit="week|weeks").shown(value) == said


@pytest.mark.parametrize(
    ("control", "said"),
    [
        (slider([-1, 2]), "−1"),
        (slider([(-1, "-1 %"), (2, "2 %")]), "−1 %"),
        (slider([(-1, "from -$0.50 to -.25"), (2, "2")]), "from −$0.50 to −.25"),
        (lab.Range("n", "Number", -2, 5, 0.5, default=-1), "−1.0"),
        (slider([(-1, "week-46, 10-20"), (2, "2")]), "week-46, 10-20"),
    ],
)
def test_a_label_has_a_minus_before_a_number_and_keeps_its_hyphens(control, said):
    assert control.shown(-1) == said
