"""The front end's functions against their Python twins, in the browser."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchlab import lab
from launchlab.lab.declare import panels
from launchlab.lab.declare.frame import check_frame, decode, encode
from launchlab.lab.lives import page
from tests.lab.samples import experiment, frames, may_miss
from tests.lab.test_lab_controls import LEVELS


def is_same(one: Any, two: Any) -> bool:
    """Equal, and not merely as 1 equals True.

    From the page a large number comes as an int, made of the digits with which JavaScript writes
    it: they name the same double, and as integers the two may differ.
    """
    if isinstance(one, bool) or isinstance(two, bool):
        return one is two
    if isinstance(one, int | float) and isinstance(two, int | float):
        return float(one) == float(two)
    return bool(one == two)


def test_a_large_number_is_the_double_that_its_digits_name():
    assert is_same(17548936904900000000, 1.75489369049e19)
    assert not is_same(17548936904900000000, 1.7548936905e19)
    assert not is_same(1, True)


@given(frames(), st.sampled_from([3, 5, 12]))
def test_what_is_decoded_in_the_page_is_what_was_encoded(call, given_frames, digits):
    checked = [check_frame("x", frame, missing=may_miss(frame)) for frame in given_frames]
    encoded = encode(checked, digits)
    function = "(encoded, points) => points.map(point => launchlab.decode(encoded, point))"
    for point, columns in enumerate(call(function, encoded, list(range(len(checked))))):
        frame, twin = checked[point], decode(encoded, point)
        assert set(columns) == set(twin) == set(frame.columns)
        for name, values in columns.items():
            assert len(values) == len(twin[name]) == len(frame)
            assert all(map(is_same, values, twin[name]))
            if frame[name].dtype.kind != "f":
                # Against the frame itself too: both twins could be wrong together.
                assert all(map(is_same, values, frame[name].tolist()))


@given(frames())
def test_the_table_reads_the_same_with_and_without_javascript(call, given_frames):
    frame = check_frame("x", given_frames[0], missing=may_miss(given_frames[0]))
    columns = decode(encode([frame], 5))
    for name, values in columns.items():  # what any HTML parser turns into something else
        columns[name] = [v.translate({0: "", 13: ""}) if isinstance(v, str) else v for v in values]
    function = """(columns, html) => {
      const box = document.createElement("div");
      box.innerHTML = html;
      return [box.firstChild, launchlab.table(columns, {}, 5)].map(table =>
        [...table.rows].map(row => [...row.cells].map(cell =>
          [cell.tagName, cell.className, cell.textContent])));
    }"""
    still, drawn = call(function, columns, page._table(columns, {}, 5))
    assert still == drawn


def test_the_table_has_the_digits_that_a_reader_can_use(call):
    values = [-86.486, 5.0571, 12_631.4, 999.96, 0.73545, -0.27115, 0.0, 7, 123_456]
    function = """values => [...launchlab.table({ x: values }, {}, 5).tBodies[0].rows].map(row =>
      row.textContent)"""
    said = ["−86.5", "5.06", "12,631", "1,000", "0.7355", "−0.2712", "0", "7", "123,456"]
    drawn = call(function, values)
    assert drawn == [page._cell(value, 5) for value in values]
    assert [one.replace("-", "−") for one in drawn] == said


def test_cards_read_the_same_with_and_without_javascript(call):
    cards = [
        {"title": "<b>Sales</b>", "figure": "4 $", "lines": ["one & two", "three"]},
        {"title": "Product", "figure": "", "lines": []},
    ]
    function = "cards => launchlab.cards(cards).outerHTML"
    assert call(function, cards) == panels.cards_html(cards)


# ---------------------------------------------------------------- states and addresses


def slider(place: int, values: list[Any]) -> lab.Slider:
    named = [(value, f"{number}: {value}") for number, value in enumerate(values)]
    return lab.Slider(f"c{place}", "C", named, default=values[0])


@given(st.lists(LEVELS, min_size=1, max_size=3))
def test_the_page_finds_each_state_where_the_grid_has_it(call, levels):
    demo = experiment(controls=[slider(place, values) for place, values in enumerate(levels)])
    states = list(demo.states())
    public = [control.public() for control in demo.controls]
    function = "(controls, states) => states.map(state => launchlab.index(controls, state))"
    assert call(function, public, states) == list(range(demo.size))


RANGE = lab.Range("r", "R", -1, 2, 0.25, default=0)
TOGGLE = lab.Toggle("t", "T")


@given(LEVELS, st.data())
def test_a_state_survives_its_address(call, levels, data):
    state = {
        "c0": data.draw(st.sampled_from(levels)),
        "r": RANGE.check(-1 + 0.25 * data.draw(st.integers(0, 12))),
        "t": data.draw(st.booleans()),
    }
    start = {"c0": levels[0], "r": 0, "t": False}
    controls = [control.public() for control in (slider(0, levels), RANGE, TOGGLE)]
    function = """(lab, state, href) => {
      const address = launchlab.toAddress(lab, state, href);
      return [address, launchlab.fromAddress(lab, new URL(address).search)];
    }"""
    declared = {"name": "demo", "controls": controls, "start": start}
    href = "https://host.org/page.html?other.x=1&demo.c0=old#lab-demo"
    written, read = call(function, declared, state, href)
    moved = {name: value for name, value in state.items() if not is_same(value, start[name])}
    assert read == {"state": moved, "refused": []}
    assert "other.x=1" in written
    assert written.endswith("#lab-demo")


@pytest.mark.parametrize(
    ("search", "refused"),
    [
        ("?demo.n=3", "Number: “3”"),
        ("?demo.n=", "Number: “”"),
        ("?demo.t=maybe", "T: “maybe”"),
        ("?demo.r=0.3", "R: “0.3”"),
        ("?demo.r=", "R: “”"),
        ("?demo.r=9", "R: “9”"),
        ("?demo.r=NaN", "R: “NaN”"),
        ("?demo.n=" + "x" * 99, f"Number: “{'x' * 40}”"),
        ("?demo.n=%3Cb%3E", "Number: “<b>”"),
    ],
)
def test_what_an_address_may_not_ask_for_is_said(call, search, refused):
    controls = [lab.Slider("n", "Number", [1, 2], default=1), RANGE, TOGGLE]
    declared = {"name": "demo", "controls": [control.public() for control in controls]}
    read = call("launchlab.fromAddress", declared, search)
    assert read == {"state": {}, "refused": [f"{refused} is not a setting here"]}


def test_a_number_in_an_address_is_put_on_its_step(call):
    declared = {"name": "demo", "controls": [RANGE.public()]}
    read = call("launchlab.fromAddress", declared, "?demo.r=0.7500000001")
    assert read == {"state": {"r": 0.75}, "refused": []}


@pytest.mark.parametrize(
    ("control", "values"),
    [
        (RANGE, [-1, -0.25, 0, 2]),
        (lab.Range("n", "Number", -2, 2, 1, default=1, unit="week|weeks"), [-1, 1, 2]),
        (lab.Slider("n", "Number", [-5, (1, "-1 to 1")], default=1, unit="%"), [-5, 1]),
    ],
)
def test_a_slider_in_a_page_says_its_value_as_in_python(call, control, values):
    function = """(control, values) => values.map(value => {
      const drawn = launchlab.control({ name: "demo" }, control, { [control.name]: value });
      drawn.show();
      return drawn.box.querySelector("output").textContent;
    })"""
    assert call(function, control.public(), values) == [control.shown(one) for one in values]


def test_other_labs_in_an_address_are_left_alone(call):
    declared = {"name": "demo", "controls": [TOGGLE.public()]}
    read = call("launchlab.fromAddress", declared, "?other.t=true&q=x&demo.other=1")
    assert read == {"state": {}, "refused": []}
