"""Texts that follow a frame: what templates say, and what is said where they cannot be filled."""

import pandas as pd
import pytest

from launchlab import lab
from launchlab.lab.view.numbers import number_format, plain

FRAME = pd.DataFrame(
    {
        "measure": ["clicks", "orders", "value over 26 weeks"],
        "change": [28.04, -7.25, -0.004],
        "members": [1, 2, 10_000],
        "here": [False, True, False],
        "both": [True, True, False],
        "gap": [None, "x", "y"],
    }
)


def plainly(text: str) -> str:
    """A text with every space a plain one."""
    return text.replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(
    ("form", "value", "text"),
    [
        (".1f", 1234.55, "1234.6"),
        (",.1f", 1234.55, "1,234.6"),
        (".2f", 1.005, "1.01"),
        (".1f", -7.25, "−7.3"),
        (".0f", -0.4, "0"),
        ("+.1f", 0.04, "0.0"),
        ("+.1f", 0.05, "+0.1"),
        ("+.1f", -0.05, "−0.1"),
        ("abs.1f", -7.25, "7.3"),
        ("d", 10_000, "10000"),
        (",d", 10_000.0, "10,000"),
        ("d", 3.0000000001, "3"),
        (".3g", 0.012345, "0.0123"),
        (".2g", 145_000, "150000"),
        (",.2g", 145_000, "150,000"),
        (".1%", 0.1235, "12.4 %"),
        ("+.0%", -0.125, "−13 %"),
        ("$", 4, "$4"),
        ("$", -4.4, "−$4"),
        ("$.2f", 21.445, "$21.45"),
        ("+$,.0f", 1_500, "+$1,500"),
        ("$.0f", -0.2, "$0"),
    ],
)
def test_a_format_writes_numbers_as_a_printed_book(form, value, text):
    assert plainly(number_format(form).write(value)) == text


@pytest.mark.parametrize("form", ["", "f", ".f", ".1", "abs+.1f", ".0g", "$.1%", "5d", ".1e", " d"])
def test_what_is_no_format_is_refused_with_what_is(form):
    with pytest.raises(ValueError, match=r"^format .*expected"):
        number_format(form)


@pytest.mark.parametrize(
    ("value", "form", "message"),
    [
        (float("nan"), ".1f", "nothing, expected a finite number"),
        (None, ".1f", "nothing, expected a finite number"),
        (True, ".1f", "yes, expected a finite number"),
        ("a", "d", "“a”, expected a finite number"),
        (2.5, "d", "2.5, expected a whole number"),
    ],
)
def test_a_number_that_cannot_be_written_is_named(value, form, message):
    with pytest.raises(ValueError, match=message):
        number_format(form).write(value)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (-0.0, "0"),
        (-5.0, "−5"),
        (123456, "123,456"),
        (1234.567, "1,234.6"),
        (0.1 + 0.2, "0.3"),
        (1.5e-7, "1.5e-7"),
        (-2.5e22, "−2.5e+22"),
    ],
)
def test_tables_write_whole_numbers_whole_and_others_to_so_many_digits(value, text):
    assert plain(value, 5) == text


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("{members} member", "1 member"),
        ("{change:.1f} %", "28.0 %"),
        ("{clicks.change:+.1f} and {orders.change:+.1f}", "+28.0 and −7.3"),
        ("{value over 26 weeks.change:+.1f} %", "0.0 %"),
        ("{last.members:,d} {here.members}", "10,000 2"),
        ("{here.measure} {first.measure}", "orders clicks"),
        ("{n|member|members}", None),
        ("{members|member|members}", "member"),
        ("{last.members:,d|One member|# members}.", "10,000 members."),
        ("{members|One member|# members}.", "One member."),
        ("{last.change:.2f|point|# points}.", "0.00 points."),
        ("{here|sound|broken}, {here.here|sound|broken}", "broken, sound"),
        ("{{braces}} {members}", "{braces} 1"),
    ],
)
def test_a_template_is_filled_from_the_rows_it_names(template, text):
    if text is None:
        with pytest.raises(ValueError, match="no column “n”, expected one of “measure”, “change”"):
            lab.say(template)(FRAME)
    else:
        assert plainly(lab.say(template)(FRAME)) == text


def test_the_space_after_a_number_does_not_break():
    said = lab.say("{change:.1f} % of {members} {measure} for {change:$} a {change:.0%} b")(FRAME)
    assert said.count("\N{NO-BREAK SPACE}") == 2
    assert "28.0\N{NO-BREAK SPACE}% of 1 clicks" in said
    assert "2804\N{NO-BREAK SPACE}% b" in said
    assert "95\N{NO-BREAK SPACE}% of 3 rows" in lab.say("95 % of 3 rows")(FRAME)
    assert "10,000\N{NO-BREAK SPACE}x" in lab.say("{last.members:,d|#|# x}")(FRAME)


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        ("members == 1", True),
        ("members != 1", False),
        ("here", False),
        ("not here", True),
        ("here.here", True),
        ("clicks.change > 28", True),
        ("clicks.change>28.04", False),
        ("clicks.change >= 28.04000000000001", True),
        ("clicks.change < 28.04000000000001", False),
        ("orders.change < clicks.change", True),
        ("orders.change <= -7.25", True),
        ("measure == 'clicks'", True),
        ('measure != "clicks"', False),
        ("last.measure == here.measure", False),
        ("not here and members == 1 and change > 0", True),
        ("not here and members == 2", False),
    ],
)
def test_the_first_case_that_holds_is_said(condition, holds):
    text = lab.say("no", when={condition: "yes", "first.members == 1": "later"})(FRAME)
    assert text == ("yes" if holds else "later")


def test_texts_are_joined_by_a_space_unless_a_mark_follows():
    text = lab.say("One") + lab.say("", when={"here": "x"}) + ", two" + "three."
    assert text(FRAME) == "One, two three."


def test_values_add_what_no_column_holds():
    text = lab.say(
        "{most:.1f}, {count}", values=lambda f: {"most": f.change.max(), "count": len(f)}
    )
    assert text(FRAME) == "28.0, 3"
    with pytest.raises(ValueError, match="two texts with values="):
        text + text


@pytest.mark.parametrize(
    ("template", "message"),
    [
        ("a {members", "template “a {members”: a lone {, expected a pair"),
        ("a } b", "a lone }, expected a pair"),
        ("{}", "{}: the place “”, expected column or row.column"),
        ("{.x}", "expected column or row.column"),
        ("{x:}", "{x:}: format '', expected '.1f'"),
        ("{x:.1}", "{x:.1}: format '.1', expected"),
        ("{x|a}", "1 wordings, expected two, as in {n|member|members}"),
        ("{x|a|b|c}", "3 wordings, expected two"),
        ("{x:.1f|a|b}", "expected # in a wording"),
    ],
)
def test_a_template_that_cannot_be_read_is_refused_when_it_is_declared(template, message):
    with pytest.raises(ValueError, match="template") as error:
        lab.say(template)
    assert message in str(error.value)


@pytest.mark.parametrize(
    ("template", "message"),
    [
        ("x {change}", "template “x {change}”: {change}: 28.04, expected a format for it"),
        ("{measure:.1f}", "“clicks”, expected a finite number"),
        ("{here}", "no, expected text or a number"),
        ("{gap}", "nothing, expected text or a number"),
        ("{both.change:.1f}", "“both” is yes in 2 rows, expected one"),
        ("{sales.change:.1f}", "0 rows say “sales”, expected one (or first, or last)"),
        ("{change:d}", "28.04, expected a whole number"),
        ("{measure|a|b}", "“clicks”, expected a finite number"),
    ],
)
def test_a_place_that_does_not_hold_what_is_expected_is_named(template, message):
    with pytest.raises(ValueError, match="template") as error:
        lab.say(template)(FRAME)
    assert message in str(error.value)


@pytest.mark.parametrize(
    ("condition", "message"),
    [
        ("members", "condition “members”: 1, expected yes or no (or a comparison)"),
        ("measure > 'a'", "“clicks” > “a”, expected two numbers, or == or != of two texts"),
        ("members == 'a'", "1 == “a”, expected two numbers"),
        ("n == 1", "condition “n == 1”: no column “n”"),
        ("members = 1", "no column “members = 1”"),
        ("== 1", "condition “== 1”: the place “”, expected column or row.column"),
    ],
)
def test_a_condition_that_cannot_be_judged_is_named(condition, message):
    with pytest.raises(ValueError, match="condition") as error:
        lab.say("x", when={condition: "y"})(FRAME)
    assert message in str(error.value)
