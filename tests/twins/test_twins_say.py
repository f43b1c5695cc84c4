"""Templates are filled alike in Python and in a page: texts, numbers, conditions, and errors."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchlab.lab.view.numbers import number_format, plain
from launchlab.lab.view.say import interpret
from launchlab.lab.view.template import parse, parse_condition

NUMBERS = (
    st.floats(-1e12, 1e12, allow_subnormal=False)
    | st.integers(-(10**9), 10**9)
    # Halves of a last digit, and floats beside them.
    | st.builds(lambda n, d, e: (n + 0.5) / 10**d + e, st.integers(-999, 999), st.integers(0, 4),
                st.sampled_from([0.0, 1e-17, -1e-17, 1e-10]))
)  # fmt: skip
FORMATS = st.builds(
    "{}{}{}{}".format,
    st.sampled_from(["", "+", "abs"]),
    st.sampled_from(["", "$"]),
    st.sampled_from(["", ","]),
    st.sampled_from([".0f", ".1f", ".2f", ".4f", "d", ".1g", ".3g"]),
) | st.sampled_from(["$", ".0%", "+.1%", "abs.2%"])
TEXTS = st.sampled_from(["clicks", "orders", "late and cold", "", "here", "<b>", "a.b", "#"])

SAFE = """(function_, ...given) => {
  try { return { text: function_(...given) }; } catch (error) { return { error: error.message }; }
}"""
FILL = f"(...given) => ({SAFE})(launchlabSay.interpret, ...given)"
WRITE = f"(...given) => ({SAFE})(launchlabSay.number, ...given)"


def tried(function: Any, *arguments: Any) -> dict[str, str]:
    """What a function returns, or what its error says."""
    try:
        return {"text": function(*arguments)}
    except ValueError as error:
        return {"error": str(error)}


@given(FORMATS, NUMBERS | st.none() | st.booleans() | TEXTS)
def test_numbers_are_written_alike(call, spec, value):
    form = number_format(spec)
    assert call(WRITE, form.public(), value) == tried(form.write, value)


@given(NUMBERS, st.integers(1, 8))
def test_tables_write_numbers_alike(call, value, digits):
    assert call("launchlabSay.plain", value, digits) == plain(value, digits)


@st.composite
def columns(draw: st.DrawFn) -> dict[str, list[Any]]:
    """A frame with a column of each kind; one row is marked, more or less."""
    count = draw(st.integers(1, 4))

    def of(one: st.SearchStrategy[Any]) -> list[Any]:
        return draw(st.lists(one, min_size=count, max_size=count))

    marked = draw(st.integers(0, count - 1))
    return {
        "measure": of(TEXTS),
        "change": of(NUMBERS | st.sampled_from([0, 1, -1, 0.04])),
        "count": of(st.integers(0, 3)),
        "here": [at == marked for at in range(count)],
        "some": of(st.booleans()),
        "gap": of(st.none() | TEXTS | NUMBERS),
    }


ROWS = st.sampled_from(
    ["", "first.", "last.", "here.", "some.", "clicks.", "late and cold.", "no."]
)
PLACES = st.builds(
    "{}{}".format,
    ROWS,
    st.sampled_from(["measure", "change", "count", "here", "some", "gap", "extra", "nowhere"]),
)
SLOTS = st.builds(
    "{{{}{}{}}}".format,
    PLACES,
    st.just("") | st.builds(":{}".format, FORMATS),
    st.sampled_from(["", "", "|one #|# many"]),
) | st.builds("{{{}|member|members}}".format, PLACES)
LITERALS = st.sampled_from([" ", " %, ", "Clicks ", ", ", "{{x}}", "$& $1 ", "."])
TEMPLATES = st.lists(SLOTS | LITERALS, max_size=4).map("".join)
SIDES = st.sampled_from(["0", "1", "-1.5", "'clicks'", "count", "last.change", "extra"])
CONDITIONS = st.lists(
    PLACES
    | st.builds("not {}".format, PLACES)
    | st.builds(
        "{} {} {}".format, PLACES, st.sampled_from(["==", "!=", "<", "<=", ">", ">="]), SIDES
    ),
    min_size=1,
    max_size=2,
).map(" and ".join)
EXTRA = st.fixed_dictionaries({"extra": NUMBERS | TEXTS | st.booleans()})


@given(columns(), TEMPLATES, EXTRA)
def test_templates_are_filled_alike(call, frame, template, values):
    pieces = [[{"when": [], "say": parse(template)}]]
    assert call(FILL, pieces, frame, values) == tried(interpret, pieces, frame, values)


@given(columns(), st.lists(st.tuples(CONDITIONS, TEMPLATES), min_size=1, max_size=3), EXTRA)
def test_cases_are_chosen_alike(call, frame, cases, values):
    pieces = [
        [
            {"when": parse_condition(condition), "say": parse(template)},
            {"when": [], "say": parse("else {count}")},
        ]
        for condition, template in cases
    ]
    assert call(FILL, pieces, frame, values) == tried(interpret, pieces, frame, values)


HARD = {
    "change": [2.25, 2.25 + 1e-10, 2.251],
    "count": [1, 1000, 3],
    "measure": ["$& $1", "here", "last"],
    "here": [False, True, False],
}


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("{here.change:+.1f}", "+2.3"),
        ("{measure}: {count|# of one|#}", "$& $1: 1\u00a0of one"),
        ("{last.count:.1f|one|# and #}", "3.0\u00a0and 3.0"),
        ("{last.count:$.2f|one|# and #}", "$3.00\u00a0and $3.00"),
        ("{here.count:,d}{first.count}", "1,0001"),
    ],
)
def test_templates_that_are_hard_to_fill_are_filled_alike(call, template, text):
    pieces = [[{"when": [], "say": parse(template)}]]
    assert call(FILL, pieces, HARD, {}) == tried(interpret, pieces, HARD, {}) == {"text": text}


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        ("change <= here.change", True),
        ("change >= here.change", True),
        ("here.change <= change", True),
        ("change == here.change", True),
        ("change != here.change", False),
        ("change < here.change", False),
        ("here.change > change", False),
        ("change < last.change", True),
        ("change == last.change", False),
        ("change != last.change", True),
        ("change >= last.change", False),
        ("last.change <= change", False),
        ("measure == '$& $1' and not here", True),
        ("here.here", True),
    ],
)
def test_conditions_that_are_hard_to_judge_are_judged_alike(call, condition, holds):
    pieces = [[{"when": parse_condition(condition), "say": parse("yes")}]]
    right = {"text": "yes" if holds else ""}
    assert call(FILL, pieces, HARD, {}) == tried(interpret, pieces, HARD, {}) == right
