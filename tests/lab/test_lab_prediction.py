"""How a typed answer is read, and what is said of it. The page's twin is held to this elsewhere."""

import pytest

from launchlab import lab
from launchlab.lab.lives import prediction

NB = "\u00a0"


def question(**parts):
    return lab.Question("?", truth=len, **parts).public()


@pytest.mark.parametrize(
    ("text", "unit", "value"),
    [
        ("12", "%", 12),
        (" 12 % ", "%", 12),
        ("12\u202f%", "%", 12),
        ("12 percent", "%", 12),
        ("12%", "% a week", 12),
        ("12 % a week", "% a week", 12),
        ("89,6", "%", 89.6),
        ("89.6", "%", 89.6),
        (",5", "", 0.5),
        (".5", "", 0.5),
        ("5.", "", 5),
        ("\u22125", "ms", -5),
        ("- 5 ms", "ms", -5),
        ("+5", "ms", 5),
        ("$4", "$", 4),
        ("\u2212$4.50", "$", -4.5),
        ("$\u22124.50", "$", -4.5),
        ("4 $", "$", 4),
        ("4 dollars", "$", 4),
        ("8 of 20", "of 20", 8),
        ("8 in 100", "in 100", 8),
        ("8 %", "in 100", 8),
        ("1 point", "points", 1),
        ("1 world", "worlds", 1),
        ("10 000", "sessions", 10_000),
        ("10\u202f000,5", "sessions", 10_000.5),
        ("10’000", "sessions", 10_000),
        ("1,234.5", "", 1234.5),
        ("1.234,5", "", 1234.5),
        ("1,234,567", "", 1_234_567),
        ("1.234.567", "", 1_234_567),
        ("1.234", "", 1.234),
        ("1,000", "", 1_000),
        ("10,000 sessions", "sessions", 10_000),
        ("0,123", "", 0.123),
        ("1234,567", "", 1234.567),
        ("007", "", 7),
        ("-0", "", 0),
    ],
)
def test_an_answer_is_read_as_people_write_it(text, unit, value):
    read = prediction.read(question(unit=unit, low=-1e7, high=1e7), text)
    assert read == value
    assert str(read) != "-0.0"


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "many",
        "nan",
        "1e3",
        "1..2",
        "12 34",
        "1,23,456",
        "5 20",
        "4 ms",
        "$4",
        "12 % or so",
        "~5",
        "5-7",
        "--5",
        "\u0665",
        "%",
        ".",
        ",",
    ],
)
def test_what_is_no_number_of_that_unit_is_refused_with_the_range(text):
    with pytest.raises(prediction.AnswerError) as refused:
        prediction.read(question(unit="%", low=0, high=50), text)
    assert str(refused.value) == f"Write a number from 0 to 50{NB}%, or skip."


@pytest.mark.parametrize(
    ("unit", "low", "high", "text", "said"),
    [
        ("%", 0, 50, "50.1", f"from 0 to 50{NB}%, or skip: 50.1 lies outside."),
        ("%", -20, 20, "-20,5 %", f"from \u221220 to 20{NB}%, or skip: -20,5 % lies outside."),
        ("%", 0, 100, "1,000", f"from 0 to 100{NB}%, or skip: 1,000 lies outside."),
        ("$", 0, 1000, "$1001", "from $0 to $1,000, or skip: $1001 lies outside."),
        ("$", 2, 1000, "$1,001", "from $2 to $1,000, or skip: $1,001 lies outside."),
        ("of 20", 0, 20, "21", "from 0 to 20, or skip: 21 lies outside."),
        ("sessions", 0, 10_000, "9" * 400, f"from 0 to 10,000{NB}sessions, or skip: {'9' * 40} "),
    ],
)
def test_out_of_range_is_refused_with_the_range(unit, low, high, text, said):
    with pytest.raises(prediction.AnswerError) as refused:
        prediction.read(question(unit=unit, low=low, high=high), text)
    assert said in str(refused.value)


@pytest.mark.parametrize(
    ("low", "high", "text", "value"),
    [(0, 50, "1,500", 1.5), (100, 10_000, "1,500", 1_500), (-2_000, -10, "\u22121,500", -1_500)],
)
def test_a_comma_before_three_digits_is_read_as_the_range_allows(low, high, text, value):
    assert prediction.read(question(low=low, high=high), text) == value


def test_a_comma_with_two_readings_in_the_range_is_asked_about():
    expected = r"^“1,500” may mean 1500 or 1.5: write it without the comma, or skip\.$"
    for asked in (question(low=0, high=10_000), question()):
        with pytest.raises(prediction.AnswerError, match=expected):
            prediction.read(asked, "1,500")


def judge(said, truth, unit="", tolerance=0.0, sure=None, **parts):
    asked = {
        **question(unit=unit, tolerance=tolerance, **parts),
        "lab": "demo",
        "setting": {"n": 1},
        "words": "N: 1",
        "truth": truth,
        "book": "1.0",
    }
    return prediction.verdict(prediction.record(asked, said, sure))


@pytest.mark.parametrize(
    ("said", "truth", "unit", "tolerance", "text"),
    [
        (3, 3, "s", 0, f"You predicted 3{NB}s. It is 3{NB}s. Right."),
        (42, 39.8, "%", 3, f"You predicted 42{NB}%. It is 39.8{NB}%. Close: 2.2{NB}points off."),
        (40.8, 39.8, "%", 3, f"You predicted 40.8{NB}%. It is 39.8{NB}%. Close: 1{NB}point off."),
        (39.79, 39.8012, "%", 0, f"You predicted 39.79{NB}%. It is 39.8{NB}%. Right."),
        (-2, 2.5, "ms", 4, f"You predicted \u22122{NB}ms. It is 2.5{NB}ms. That is 4.5{NB}ms off."),
        (100, 212, "$", 10, "You predicted $100. It is $212. That is $112 off."),
        (-4, 1, "$", 0, "You predicted \u2212$4. It is $1. That is $5 off."),
        (5, 8, "of 20", 2, f"You predicted 5{NB}of 20. It is 8{NB}of 20. That is 3 off."),
        (1, 4, "runs", 3, f"You predicted 1{NB}run. It is 4{NB}runs. Close: 3{NB}runs off."),
        (0.3, 0.22, "% a week", 0.1,
         f"You predicted 0.3{NB}% a week. It is 0.22{NB}% a week. Close: 0.08{NB}points off."),
        (0.001, 0, "", 0, "You predicted 0.001. It is 0. That is 0.001 off."),
        (3, 2.08, "rows", 0, f"You predicted 3{NB}rows. It is 2{NB}rows. That is 1{NB}row off."),
        (2, 2.08, "rows", 0, f"You predicted 2{NB}rows. It is 2{NB}rows. Right."),
        (18, 18.3, "in 100", 0, f"You predicted 18{NB}in 100. It is 18{NB}in 100. Right."),
        (3, 2.08, "points", 0,
         f"You predicted 3{NB}points. It is 2.08{NB}points. That is 0.92{NB}points off."),
        (1.5, 1.04, "places", 0.4,
         f"You predicted 1.5{NB}places. It is 1.04{NB}places. That is 0.46{NB}places off."),
        (5_000, 2.08, "rows", 50,
         f"You predicted 5,000{NB}rows. It is 2{NB}rows; your guess was far too high."),
        (-90, -5, "%", 1,
         f"You predicted \u221290{NB}%. It is \u22125{NB}%; your guess was far too low."),
        (-90, 5, "%", 1, f"You predicted \u221290{NB}%. It is 5{NB}%. That is 95{NB}points off."),
    ],
)  # fmt: skip
def test_the_words_of_a_verdict(said, truth, unit, tolerance, text):
    assert judge(said, truth, unit, tolerance) == f"{text} Asked at: N: 1."


def test_a_verdict_on_options_says_their_names_and_how_sure_the_reader_was():
    options = [("a", "first"), ("b", "second")]
    right = "You predicted “first” (certain). It is “first”. Right. Asked at: N: 1."
    assert judge("a", "a", options=options, sure="certain") == right
    assert judge("b", "a", options=options).startswith("You predicted “second”. It is “first”. As")


def test_nothing_is_said_of_a_question_that_was_skipped():
    assert judge(None, 3) == ""
    assert judge(None, "a", options=[("a", "first"), ("b", "second")]) == ""
