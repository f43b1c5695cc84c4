"""How answers are read and judged, in two languages; and what a browser keeps of predictions."""

import itertools
import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from launchlab import lab
from launchlab.lab.lives import prediction

UNITS = [
    "",
    "%",
    "$",
    "ms",
    "points",
    "of 20",
    "in 100",
    "% a week",
    "worlds",
    "million $",
    "$ a day",
]
RANGES = [(None, None), (0, 50), (-20, 20), (0.5, 10_000), (1e6, 2e7)]


def question(unit="", low=None, high=None, **parts):
    return lab.Question("?", truth=len, unit=unit, low=low, high=high, **parts).public()


def read(asked, text):
    """What Python reads, in the form that the page has."""
    try:
        return {"value": prediction.read(asked, text)}
    except prediction.AnswerError as error:
        return {"refused": str(error)}


# Made of what answers are made of, so that most are nearly right; and any text at all.
PIECES = st.sampled_from(
    [*"0123456789.,'’ -+−–$%", "\u00a0", "\u202f", "000", "500", " %", " $", "ms", "of 20", "point",
     "points", "percent", " in 100", "world", "e3", "PERCENT", "\u0665", "\n"]
)  # fmt: skip
ANSWERS = st.lists(PIECES, max_size=8).map("".join) | st.text(max_size=12)


@given(st.lists(ANSWERS, min_size=1, max_size=60), st.sampled_from(UNITS), st.sampled_from(RANGES))
@example(["9" * 400, "1,500", "−1,500", "$-4", "-$4", "$ 4", "4 $", "12 % a week"], "$", RANGES[0])
def test_answers_are_read_alike(call, texts, unit, bounds):
    asked = question(unit, *bounds)
    function = "(asked, texts) => texts.map(text => launchlabPrediction.read(asked, text))"
    # Lone surrogates, which no keyboard makes, do not survive the way into the browser.
    texts = [text.encode("utf-8", "ignore").decode() for text in texts]
    shown, twin = call(function, asked, texts), [read(asked, text) for text in texts]
    assert shown == twin
    assert json.dumps(shown) == json.dumps(json.loads(json.dumps(shown)))


NUMBERS = st.floats(-1e9, 1e9, allow_subnormal=False) | st.integers(-(10**9), 10**9)


def both_verdicts(call, said, truth, sure=None, **parts):
    asked = {
        **question(**parts),
        "lab": "demo",
        "setting": {"n": 1},
        "words": "N: 1",
        "truth": truth,
        "book": "1.0",
    }
    function = """(asked, said, sure) => {
      const record = launchlabPrediction.record(asked, said, sure);
      return [record, launchlabPrediction.verdict(record)];
    }"""
    record = prediction.record(asked, said, sure)
    return call(function, asked, said, sure), [record, prediction.verdict(record)]


@given(
    st.none() | NUMBERS,
    NUMBERS,
    st.sampled_from([0, 0.5, 3, 1e6]),
    st.sampled_from(UNITS),
    st.sampled_from([None, *prediction.SURE]),
)
def test_verdicts_on_numbers_are_twins(call, said, truth, tolerance, unit, sure):
    drawn, twin = both_verdicts(call, said, truth, sure, tolerance=tolerance, unit=unit)
    assert drawn == twin


HARD = [12345, 1234.5, 0.00012345, 2.5e-7, 1e-7, 9.9995, 99995, 123456789, -12345, 1e21, 0]


@pytest.mark.parametrize("said", HARD)
def test_verdicts_on_numbers_that_are_hard_to_write_are_twins(call, said):
    drawn, twin = both_verdicts(call, said, 1, unit="s")
    assert drawn == twin


OPTIONS = [("a", "first <b>"), (2, "second"), (True, "third")]


@pytest.mark.parametrize(
    ("said", "truth"), list(itertools.product([None, "a", 2, True], ["a", 2, True]))
)
def test_verdicts_on_choices_are_twins(call, said, truth):
    drawn, twin = both_verdicts(call, said, truth, options=OPTIONS)
    assert drawn == twin
    (record, _) = twin
    assert record["truth"] == dict(OPTIONS)[truth]


def test_both_languages_know_the_same_rules(call):
    shown = call("() => [launchlabPrediction.SCHEMA, launchlabPrediction.SURE]")
    assert shown == [prediction.SCHEMA, prediction.SURE]
