"""Most machine-marked points hang on the seed, and for many towns the book's conclusion turns."""

import csv

import pytest

from coursework import marks, spec
from coursework.seeds import class_seed
from tests.coursework import spread
from tests.seed import has_turn

NAMES = spec.names()
#: A few of the table's students, made anew.
SAMPLE = (0, 7, 23)


@pytest.fixture(scope="module")
def table():
    with spread.TABLE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("name", NAMES)
def test_the_table_is_that_of_todays_probes(table, name):
    asked = [
        (question, probe.says, f"{probe.points:g}")
        for question, probe in marks.probes(spec.load(name))
    ]
    listed = [
        (row["question"], row["says"], row["points"]) for row in table if row["assignment"] == name
    ]
    assert listed == asked, "run python -m tests.coursework.spread"


@pytest.mark.parametrize("name", NAMES)
def test_more_than_half_of_the_points_are_for_answers_that_differ(table, name):
    rows = [row for row in table if row["assignment"] == name]
    whole = sum(float(row["points"]) for row in rows)
    # Functions do not count: their code is right for everybody, whatever data they are tried on.
    hang = sum(
        float(row["points"])
        for row in rows
        if row["function"] == "0" and float(row["differ"]) >= 0.25
    )
    assert hang >= 0.6 * whole, (hang, whole)


@pytest.mark.parametrize("name", NAMES)
def test_a_classmates_answers_lose_nearly_half_of_the_points(table, name):
    rows = [row for row in table if row["assignment"] == name]
    whole = sum(float(row["points"]) for row in rows)
    # Over all pairs of the table's students: one pair may agree on much by chance.
    lost = sum(
        float(row["points"]) * float(row["differ"]) for row in rows if row["function"] == "0"
    )
    assert lost >= 0.45 * whole, (lost, whole)


@pytest.mark.parametrize("name", NAMES)
def test_each_conclusion_turns_in_a_good_share_of_towns_and_stands_apart(table, name):
    rows = [row for row in table if row["assignment"] == name and row["public"]]
    assert len(rows) == len(spread.CONCLUSIONS[name])
    for row in rows:
        assert 0.25 <= float(row["flips"]) <= 0.75, row["says"]


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_a_sample_of_the_table_made_anew(table, name):
    if not has_turn(NAMES.index(name), 3):
        pytest.skip("a third of the assignments a day")
    rows = [row for row in table if row["assignment"] == name]
    asked = [probe for _, probe in marks.probes(spec.load(name))]
    found = []
    for number in SAMPLE:
        seed = class_seed("a secret", name, spread.STUDENTS[number])
        values, _ = spread.answers(name, seed)
        found.append(values)
        for row, value in zip(rows, values, strict=True):
            if row["public"]:
                assert row["answers"].split()[number] == spread.letter(value), row["says"]
    for row, probe, *values in zip(rows, asked, *found, strict=True):
        if float(row["differ"]) == 1:
            first, *others = values
            assert not any(spread.right_for(first, other, probe) for other in others), row["says"]
