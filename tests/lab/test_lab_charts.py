"""The shapes of charts: what they draw, that only data changes, and the numbers on their marks."""

import re

import pandas as pd
import pytest
import vl_convert
from hypothesis import given
from hypothesis import strategies as st

from launchlab import lab
from launchlab.lab import ExperimentError, charts
from launchlab.lab.view import theme
from launchlab.lab.view.numbers import number_format
from launchlab.lab.view.people import PEOPLE
from tests.lab.samples import experiment

CHANGES = pd.DataFrame({"what": ["clicks", "orders", 'it\'s "odd"'], "change": [28.04, -7.25, 0.0]})
CURVE = pd.DataFrame(
    {
        "dial": [0.0, 0.5, 1.0],
        "clicks": [0.0, 10.0, 15.0],
        "orders": [0.0, 1.0, -5.0],
        "here": [False, True, False],
        "limit": [-1.0, -1.0, -1.0],
    }
)
FORESTS = pd.DataFrame(
    {
        "who": ["Sales", "Product"],
        "x": [1.0, 2.0],
        "low": [0.5, 1.5],
        "high": [1.5, 2.5],
        "note": ["first", "second"],
        "step": [2, 1],
    }
)
MATRIX = pd.DataFrame({"a": ["x", "y"] * 2, "b": ["p", "p", "q", "q"], "v": [0.0, 1.25, 5.0, 10]})

BARS = charts.bars("change", "what", domain=(-40, 40), title="change, %", form="+.1f", unit="%")
LINES = charts.lines(
    "dial",
    {
        "clicks": charts.Line("clicks", "accent"),
        "orders": charts.Line("orders", below=True, at=0.5),
    },
    x_domain=(0, 1),
    x_title="weight",
    y_domain=(-20, 20),
    y_title="change, %",
    here="here",
    level=("limit", "your limit"),
)
POINTS = charts.points(
    "x",
    "who",
    x_domain=(0, 3),
    x_title="gain, %",
    interval=("low", "high"),
    label="note",
    colours={"Sales": "sales", "Product": "manager"},
)
PATH = charts.points(
    "x",
    "high",
    x_domain=(0, 3),
    x_title="x",
    y_domain=(0, 3),
    y_title="y",
    path="step",
    label="who",
)
HEAT = charts.heat("a", "b", "v", domain=(0, 10), form=".1f")
WORDS = charts.bars(
    "x",
    "who",
    domain=(-1, 3),
    title="gain, %",
    group="step",
    colours={1: "accent"},
    label="note",
    beside_zero=True,
    aside="wait",
)
RANGES = charts.ranges(
    "low",
    "high",
    "x",
    label="note",
    domain=(0, 3),
    title="orders, %",
    truth=("true", "the launch"),
    truth_range=("low", "high"),
)
CROWD = charts.points(
    "x",
    "step",
    x_domain=(0, 3),
    x_title="lift, %",
    y_domain=(0, 3),
    interval=("low", "high"),
    thick=("low", "x"),
    upright=("true", "true lift"),
    size=20,
)
TRIED = FORESTS.assign(wait=["40 ms", "80 ms"], true=1.25)
PILED = charts.points(
    "x", "step", x_domain=(-1, 1), x_title="gain", y_domain=(0, 3), beyond=True, label="note"
)
MIXED = pd.DataFrame(
    {
        "name": ["a", "a", "b", "b"],
        "x": [1.0, 2.0, 3.0, 9.0],
        "y": [3.0, 2.0, 1.0, 9.0],
        "share": [25.0, 0.0, 75.0, 0.0],
        "mean_x": [2.5] * 4,
        "mean_y": [1.5] * 4,
        "least": [1.5] * 4,
        "kept": [False, True, False, False],
        "slow": [True, False, False, False],
    }
)
MIXTURE = charts.mixture(
    "x",
    "y",
    "share",
    ("mean_x", "mean_y"),
    x_domain=(0, 4),
    x_title="orders",
    y_domain=(0, 4),
    y_title="ads",
    x_bound=("least", "ml"),
    y_bound=("least", "sales"),
    strong="kept",
    hollow="slow",
)
CHOSEN = pd.DataFrame(
    {
        "x": [1.0, 2.0, 3.0, 3.5],
        "y": [3.0, 2.0, 1.0, 0.5],
        "kind": ["beaten", "out of reach", "out of reach", "within reach"],
        "joined": [False, False, False, True],
        "chosen": [False, False, False, True],
        "left": [1.0] * 4,
        "top": [4.0] * 4,
        "right": [4.0] * 4,
        "bottom": [0.0] * 4,
    }
)
FRONT = charts.front(
    "x",
    "y",
    "kind",
    x_domain=(0, 4),
    x_title="orders",
    y_domain=(0, 4),
    y_title="ads",
    looks={
        "beaten": ("stone", "circle", 9),
        "out of reach": ("accent", "cross", 64),
        "within reach": ("ink", "circle", 100),
    },
    key=["out of reach", "within reach"],
    joined="joined",
    chosen="chosen",
    line=("left", "top", "right", "bottom"),
)
SHAPES = [
    (BARS, CHANGES),
    (LINES, CURVE),
    (POINTS, FORESTS),
    (PATH, FORESTS),
    (HEAT, MATRIX),
    (WORDS, TRIED),
    (RANGES, TRIED),
    (CROWD, TRIED),
    (PILED, FORESTS),
    (MIXTURE, MIXED),
    (FRONT, CHOSEN),
]


def drawn(spec: dict, frame: pd.DataFrame) -> str:
    return vl_convert.vegalite_to_svg({**spec, "datasets": {"frame": frame.to_dict("records")}})


def words(svg: str) -> list[str]:
    found = re.findall(r"<text[^>]*>([^<]*)</text>", svg)
    return [text.replace("&quot;", '"').replace("\N{NO-BREAK SPACE}", " ") for text in found]


def spec_of(chart, frame: pd.DataFrame) -> dict:
    demo = experiment(run=lambda n, up: frame, chart=chart, sentence="x")
    return demo.check_specs([demo.point(demo.defaults)])


@pytest.mark.parametrize(("chart", "frame"), SHAPES)
def test_only_data_changes_and_only_the_frame_is_drawn(chart, frame):
    numbers = {name: frame[name] / 3 for name in frame.select_dtypes("float")}
    other = frame.assign(**numbers).iloc[::-1].reset_index(drop=True)
    assert spec_of(chart, frame) == spec_of(chart, other)
    assert "title" not in spec_of(chart, frame)


def shaken(frame: pd.DataFrame) -> pd.DataFrame:
    """Every value another one of its type, in a table of the same size."""
    new = {}
    for name, column in frame.items():
        if column.dtype == bool:
            new[name] = ~column
        elif pd.api.types.is_numeric_dtype(column):
            new[name] = column * -1000 + 7
        else:
            new[name] = [f"{value} → 1" for value in column]
    return frame.assign(**new)


@pytest.mark.parametrize(("chart", "frame"), SHAPES)
def test_what_a_shape_reads_of_a_frame_is_all_that_its_specification_rests_on(chart, frame):
    """So that one is made for all states of a lab of which the same is read."""
    other = shaken(frame)
    assert chart.drawn_by(frame) == chart.drawn_by(other)
    demo = experiment(run=lambda n, up: frame if up else other, chart=chart, sentence="x")
    demo.check_specs([demo.point({"n": 5, "up": up}) for up in (True, False)], each=True)


@pytest.mark.parametrize(("chart", "frame"), [(BARS, CHANGES), (HEAT, MATRIX), (RANGES, TRIED)])
def test_a_row_that_a_later_state_leaves_out_changes_the_specification(chart, frame):
    demo = experiment(run=lambda n, up: frame if up else frame.iloc[:1], chart=chart, sentence="x")
    with pytest.raises(ExperimentError, match=r"differs between .* at spec\.height"):
        demo.check_specs([demo.point({"n": 5, "up": up}) for up in (True, False)])


def test_a_kind_is_drawn_in_the_size_it_was_given():
    svg = drawn(spec_of(FRONT, CHOSEN), CHOSEN)
    # Half the root of its size is a circle's radius in Vega; a cross stands on its corner.
    radii = {float(found) for found in re.findall(r' d="M([\d.]+),0A', svg)}
    assert {1.5, 5.0} <= {round(one, 1) for one in radii}
    assert len(re.findall(r"rotate\(45\)", svg)) == 2


def test_bars_bear_their_values_at_their_ends():
    texts = words(drawn(spec_of(BARS, CHANGES), CHANGES))
    assert {"+28.0 %", "−7.3 %", "0.0 %", "change, %", 'it\'s "odd"'} <= set(texts)


def test_bars_number_only_what_a_value_can_reach():
    capped = charts.bars("change", "what", domain=(0, 150), title="%", ticks=(0, 50, 100))
    shown = words(drawn(capped(CHANGES).to_dict(), CHANGES))
    assert "100" in shown and not {"120", "140", "150"} & set(shown)


def test_a_long_name_takes_two_lines():
    frame = CHANGES.assign(what=["value over 26 weeks", "margin", "antidisestablishmentarianism"])
    svg = drawn(spec_of(BARS, frame), frame)
    assert re.search(r">value over</tspan>.*?>26 weeks</tspan>", svg)
    assert {"margin", "antidisestablishmentarianism"[:6]} <= {text[:6] for text in words(svg)}


def test_lines_are_labelled_and_marked_where_the_reader_stands():
    svg = drawn(spec_of(LINES, CURVE), CURVE)
    assert words(svg).count("clicks") == words(svg).count("orders") == 1
    assert "your limit" in words(svg)
    moved = drawn(spec_of(LINES, CURVE), CURVE.assign(here=[True, False, False]))
    assert moved != svg
    assert moved.count("<path") == svg.count("<path")


def test_lines_of_one_colour_are_told_apart_by_their_dashes():
    chart = charts.lines(
        "dial",
        {"clicks": "clicks", "orders": "orders"},
        x_domain=(0, 1),
        x_title="",
        y_domain=(0, 1),
        y_title="",
    )
    marks = [layer["mark"] for layer in spec_of(chart, CURVE)["layer"]]
    dashes = [mark["strokeDash"] for mark in marks if mark["type"] == "line"]
    assert len(dashes) == 2
    assert dashes[0] != dashes[1]


@pytest.mark.parametrize("here", [False, True])
def test_labels_are_drawn_over_every_line_and_rule(here):
    chart = charts.lines(
        "dial",
        {"clicks": "clicks", "orders": "orders"},
        x_domain=(0, 1),
        x_title="",
        y_domain=(-20, 20),
        y_title="",
        here="here",
        level=("limit", "your limit"),
        labels_here=here,
    )
    drawn = [layer["mark"]["type"] for layer in spec_of(chart, CURVE)["layer"]]
    assert drawn.index("text") == len(drawn) - drawn.count("text") == len(drawn) - 3


def test_a_vertical_axis_of_powers_has_the_numbers_it_is_given():
    chart = charts.lines(
        "dial",
        {"share": "share"},
        x_domain=(0, 1),
        x_title="",
        y_domain=(0.001, 100),
        y_title="",
        y_log=True,
        y_ticks=(0.001, 1, 100),
    )
    frame = CURVE.assign(share=[0.001, 1.0, 100.0])
    texts = words(drawn(spec_of(chart, frame), frame))
    assert {"0.001", "1", "100", "share"} <= set(texts)
    assert {"0.01", "10", "50"}.isdisjoint(texts)


def test_points_bear_labels_and_the_marks_of_the_five():
    svg = drawn(spec_of(POINTS, FORESTS), FORESTS)
    assert {"first", "second", "Sales", "Product"} <= set(words(svg))
    for name in ("sales", "manager"):
        assert PEOPLE[name].colour in svg
    assert PEOPLE["ml"].colour not in svg


@pytest.mark.parametrize(
    ("side", "ends"),
    [
        ("right", {"low": False, "high": False}),
        # Both beyond the middle, and away from each other.
        ("inner", {"low": True, "high": True}),
        ("outer", {"low": True, "high": False}),
    ],
)
def test_a_label_stands_on_the_side_that_has_room_for_it(side, ends):
    frame = pd.DataFrame(
        {"at": [60.0, 80.0], "row": "one", "low": 60.0, "high": 80.0, "name": ["low", "high"]}
    )
    chart = charts.points(
        "at",
        "row",
        x_domain=(0, 100),
        x_title="%",
        interval=("low", "high"),
        label="name",
        label_side=side,
    )
    svg = drawn(spec_of(chart, frame), frame)
    found = re.findall(r'text-anchor="(start|end)"[^>]*>(low|high)<', svg)
    assert {name: anchor == "end" for anchor, name in found} == ends


def test_bars_may_bear_texts_and_take_their_colour_from_a_column():
    svg = drawn(spec_of(WORDS, TRIED), TRIED)
    assert {"first", "second", "40 ms", "80 ms"} <= set(words(svg))
    none = drawn(spec_of(WORDS, TRIED), TRIED.assign(step=[2, 2]))
    assert svg.count(theme.ACCENT) == none.count(theme.ACCENT) + 1


def test_values_beside_zero_do_not_move_with_their_bars():
    longer = TRIED.assign(x=[1.5, 2.5])
    places = [
        re.findall(r'transform="([^"]*)"[^>]*>(?:first|second)<', drawn(spec_of(WORDS, TRIED), one))
        for one in (TRIED, longer)
    ]
    assert len(places[0]) == 2
    assert places[0] == places[1]


def test_a_bar_that_is_cut_says_so_and_keeps_its_value():
    chart = charts.bars("change", "what", domain=(-40, 40), title="", form="+.0f", unit="%", cut=30)

    def svg(*changes):
        frame = pd.DataFrame({"what": ["a", "b", "c"], "change": changes})
        return drawn(spec_of(chart, frame), frame)

    cut = svg(-90, 12, 31)
    assert {"−90 %", "+12 %", "+31 %"} <= set(words(cut))
    # An arrow in each of the two, in the paper's colour.
    assert cut.count(theme.PAPER) == svg(-30, 12, 30).count(theme.PAPER) + 2
    with pytest.raises(ValueError, match="cut=30, expected None where bars have a start"):
        charts.bars("change", "what", domain=(0, 1), title="%", start="x", cut=30)


def test_ranges_name_each_bar_and_the_truth_once():
    texts = words(drawn(spec_of(RANGES, TRIED), TRIED))
    assert {"first", "second"} <= set(texts)
    assert texts.count("the launch") == 1


def test_what_all_rows_share_is_drawn_once():
    svg = drawn(spec_of(CROWD, TRIED), TRIED)
    assert words(svg).count("true lift") == 1
    assert svg.count('stroke-dasharray="5,4"') == 1


def test_marks_beyond_the_domain_stand_at_its_ends_which_say_so():
    far = FORESTS.assign(x=[-5.0, 9.0])
    texts = words(drawn(spec_of(PILED, far), far))
    assert {"≤ −1.0", "≥ 1.0"} <= set(texts)
    assert drawn(spec_of(PILED, far), far) == drawn(spec_of(PILED, far), far.assign(x=[-1.0, 1.0]))


def test_the_upper_of_two_marks_bears_its_label_above():
    chart = charts.lines(
        "dial",
        {"clicks": "clicks", "orders": charts.Line("orders", "accent")},
        x_domain=(0, 1),
        x_title="weight",
        y_domain=(-20, 20),
        y_title="change, %",
        here="here",
        labels_here=True,
    )

    def heights(frame):
        svg = drawn(spec_of(chart, CURVE), frame)
        found = re.findall(r'transform="translate\([^,]*,([-\d.]+)\)"[^>]*>(clicks|orders)<', svg)
        return {name: float(height) for height, name in found}

    upper, turned = heights(CURVE), heights(CURVE.assign(orders=[0.0, 12.0, 15.0]))
    assert upper["clicks"] < upper["orders"]
    assert turned["orders"] < turned["clicks"]
    assert abs(turned["clicks"] - upper["clicks"]) == 28


def test_a_path_goes_by_its_order():
    turned = FORESTS.assign(step=[1, 2])
    spec = spec_of(PATH, FORESTS)
    assert drawn(spec, FORESTS) != drawn(spec, turned)


def test_a_matrix_shows_its_numbers():
    assert {"0.0", "1.3", "5.0", "10.0"} <= set(words(drawn(spec_of(HEAT, MATRIX), MATRIX)))


def test_a_bar_and_a_cell_may_bear_a_text_in_place_of_the_number():
    told = CHANGES.assign(told=["28 clicks", "7 orders", "$0"])
    bars = charts.bars("change", "what", domain=(-40, 40), title="", label="told", unit="%")
    assert {"28 clicks", "7 orders", "$0"} <= set(words(drawn(spec_of(bars, told), told)))
    told = MATRIX.assign(told=["none", "1 ms", "$5", "ten"])
    heat = charts.heat("a", "b", "v", domain=(0, 10), label="told")
    assert {"none", "1 ms", "$5", "ten"} <= set(words(drawn(spec_of(heat, told), told)))


def test_names_across_a_matrix_may_stand_upright():
    def turned(chart):
        return "rotate(270" in drawn(spec_of(chart, MATRIX), MATRIX).replace("-90", "270")

    assert turned(charts.heat("a", "b", "v", domain=(0, 10), upright=True))
    assert not turned(HEAT)


def test_a_colour_that_is_none_is_refused_with_those_that_are():
    known = "expected one of ink, accent, muted, stone, ml"
    with pytest.raises(ValueError, match=f"colour='blue', {known}"):
        charts.bars("change", "what", domain=(0, 1), title="", colours={"clicks": "blue"})
    with pytest.raises(ValueError, match="colour='#fff'"):
        charts.colour("#fff")


# What a chart shows: a hair (some 1e-12) around a half is judged otherwise than in a sentence.
HALVES = st.builds(lambda n, d: (n + 0.5) / 10**d, st.integers(-2_000, 2_000), st.integers(0, 4))
VALUES = st.lists(
    st.floats(-1e6, 1e6, allow_subnormal=False).map(lambda x: float(f"{x:.9g}"))
    | HALVES
    | st.integers(-1_000, 1_000),
    min_size=1,
    max_size=20,
)
FORMS = ["+.1f", ".0f", "abs.2f", ",.1f", "+$,.0f", "$.2f", ".1%", "+.0%", ",d"]


@given(VALUES, st.sampled_from(FORMS))
def test_charts_write_numbers_as_sentences_do(values, form):
    given_format = number_format(form)
    if form == ",d":
        values = [float(round(value)) for value in values]
    frame = pd.DataFrame({"name": [f"n{place}" for place in range(len(values))], "v": values})
    chart = charts.heat("name", "name", "v", domain=(0, 1), form=form)
    shown = [text for text in words(drawn(spec_of(chart, frame), frame)) if text[:1] != "n"]
    expected = [given_format.write(v).replace("\N{NO-BREAK SPACE}", " ") for v in values]
    assert sorted(shown) == sorted(expected)


@given(st.lists(st.floats(1e-4, 1e6).map(lambda x: float(f"{x:.9g}")), min_size=1, max_size=9))
def test_charts_write_significant_digits_as_sentences_do(values):
    form = number_format(",.3g")
    frame = pd.DataFrame({"name": [f"n{place}" for place in range(len(values))], "v": values})
    chart = charts.heat("name", "name", "v", domain=(0, 1), form=",.3g")
    shown = [text for text in words(drawn(spec_of(chart, frame), frame)) if text[:1] != "n"]
    assert sorted(shown) == sorted(map(form.write, values))


def test_a_lab_takes_about_thirty_lines():
    demo = experiment(
        run=lambda n, up: CHANGES.assign(change=CHANGES.change * n),
        chart=BARS,
        heading=lab.say("Clicks rise", when={"clicks.change > 100": "Clicks soar"}),
        sentence="Clicks {clicks.change:+.1f} %, orders {orders.change:+.1f} %.",
    )
    told = {point.state["n"]: point.heading for point in demo.points()}
    assert told == {2: "Clicks rise", 5: "Clicks soar", 9: "Clicks soar"}


def test_a_mixture_draws_what_all_rows_share_once():
    svg = drawn(spec_of(MIXTURE, MIXED), MIXED)
    assert words(svg).count("ML engineers") == words(svg).count("Sales") == 1
    marks = re.findall(r'class="mark-(symbol|rule) role-mark[^>]*>(.*?)</g>', svg)
    counted = [(kind, len(re.findall("<(?:path|line)", group))) for kind, group in marks]
    assert [n for kind, n in counted if kind == "symbol"] == [4, 2, 1]  # points, members, average
    assert [n for kind, n in counted if kind == "rule"] == [1, 1, 2]  # bounds, spokes


def label_height(ys: list[float], *, below: bool = False, log: bool = True, off: int = 0) -> float:
    """Where the label of a line from 1 to 100 stands in a plot of 260 pixels, 0 at its top."""
    frame = pd.DataFrame({"x": [at / (len(ys) - 1) for at in range(len(ys))], "y": ys})
    chart = charts.lines(
        "x",
        {"y": charts.Line("the line", below=below, off=off)},
        x_domain=(0, 1),
        x_title="",
        y_domain=(1, 100),
        y_title="",
        y_log=log,
    )
    svg = drawn(spec_of(chart, frame), frame)
    (place,) = re.findall(r"translate\([\d.]+,(-?[\d.]+)\)[^>]*>the line", svg)
    return float(place)


@pytest.mark.parametrize("below", [False, True])
@pytest.mark.parametrize("log", [False, True])
def test_a_label_of_a_line_stays_within_the_plot(below, log):
    assert 5 <= label_height([10.0, 1.0 if below else 100.0], below=below, log=log) <= 255


@pytest.mark.parametrize("below", [False, True])
def test_a_label_stands_farther_off_where_it_is_told_to(below):
    usual, farther = (label_height([2.0, 10.0], below=below, off=off) for off in (0, 7))
    assert farther - usual == pytest.approx(7 if below else -7)
    # Where that leads out of the plot, it stands on the line's other side, as near as usual.
    ends = [10.0, 1.0 if below else 100.0]
    assert label_height(ends, below=below, off=7) == label_height(ends, below=below)


def test_a_line_that_leaves_the_plot_bears_its_label_where_it_is_seen():
    assert 5 <= label_height([2.0, 10.0, 1e6]) <= 255


def test_the_label_of_a_level_stands_on_the_side_that_it_speaks_of():
    def label(**options):
        drawn = charts.lines(
            "dial",
            {"clicks": "clicks"},
            x_domain=(0, 1),
            x_title="weight",
            y_domain=(-20, 20),
            y_title="change, %",
            level=("limit", "your limit"),
            **options,
        )
        marks = [layer["mark"] for layer in drawn(CURVE).to_dict()["layer"]]
        (mark,) = (mark for mark in marks if mark.get("dy") in (-9, 9))
        return mark["align"], mark["dy"] < 0

    assert label() == ("left", False)
    assert label(level_above=True) == ("right", True)
