"""Breaking points: found by halving, recorded, told, and asked for by name."""

import json
import re
from dataclasses import replace

import pytest
import toy_claims_package as toy

from launchlab.claims import (
    Break,
    Coupling,
    Effect,
    Result,
    breaking,
    recorded,
    run,
    shown,
    wording,
)

# World s holds where s - 4.5 + shift > 0: in 10 of 20 at a shift of -5, in 9 at one of -5.5.
SHIFT = Coupling("shift", "a shift of {}", 0.0, -16.0, steps=32)
BREAKS = replace(toy.RISES, couplings=[SHIFT])
STAYS = replace(toy.RISES, couplings=[Coupling("shift", "a shift of {} %", 0, 3, scale=100)])


def found(claim, folder):
    effects = {seed: claim.effect(seed) for seed in range(20)}
    result = Result(claim, {"": effects, "shifted": effects})
    lines = []
    return replace(result, breaks=run.breaks_of(result, claim, folder, 1, lines.append)), lines


@pytest.mark.parametrize("first", range(1, 9))
def test_halving_finds_the_first_value_at_which_it_ends(first):
    asked = []

    def ended(value):
        asked.append(value)
        return value >= first

    assert breaking.halved(list(range(9)), ended) == first
    assert len(asked) == len(set(asked)) == 4
    assert breaking.halved(list(range(9)), lambda value: False) is None
    assert breaking.halved([0, 1], lambda value: True) == 1


def test_a_breaking_point_is_the_first_value_with_fewer_than_half(tmp_path):
    result, _ = found(BREAKS, tmp_path)
    one = result.breaks["shift"]
    assert (one.point(SHIFT), one.last(SHIFT)) == (-5.5, -5.0)
    assert (one.counts[-5.5], one.counts[-5.0], one.counts[0.0]) == (9, 10, 15)
    assert {seed: effect.value for seed, effect in one.effects.items()} == {
        seed: seed - 4.5 - 5.5 for seed in range(20)
    }


def test_a_claim_that_nothing_ends_has_no_breaking_point(tmp_path):
    result, _ = found(STAYS, tmp_path)
    (coupling,) = STAYS.couplings
    assert result.breaks["shift"].point(coupling) is None
    assert result.breaks["shift"].last(coupling) == 3.0
    assert result.breaks["shift"].effects[0].value == -1.5
    assert wording.limits(result) == "with a shift of 300 %, still in 18"
    assert "was not tried farther out" in " ".join(breaking.told(result))


def test_a_claim_that_holds_in_few_worlds_has_nothing_to_break(tmp_path):
    with pytest.raises(ValueError, match="holds in 9 of 20 worlds, expected at least half"):
        breaking.find(BREAKS, SHIFT, 9, tmp_path)


def test_a_value_that_cannot_be_computed_is_named(tmp_path):
    def picky(seed, shift):
        raise ValueError("shift=-16.0, expected more")

    with pytest.raises(ValueError, match=r"with a shift of −16: shift=-16\.0, expected"):
        breaking.find(replace(BREAKS, effect=picky), SHIFT, 15, tmp_path)


def test_a_search_says_how_long_it_takes(tmp_path):
    _, (first, *others) = found(BREAKS, tmp_path)
    assert first == "toy-rises: up to 6 values, each in 20 worlds"
    assert len(others) == 6
    assert others[0].startswith("  a shift of −16: holds in 0; ")
    left = [int(re.search("at most (.*) more values", line)[1]) for line in others]
    assert left == [5, 4, 3, 2, 1, 0]


def test_a_search_that_ends_early_leaves_fewer_values(tmp_path):
    both = replace(STAYS, couplings=[*STAYS.couplings, replace(SHIFT, name="other", farthest=-0.5)])
    both = replace(both, effect=lambda seed, shift=0.0, other=0.0: Effect(1.0))
    _, lines = found(both, tmp_path)
    assert "at most 11 more values" in lines[1]
    assert "at most 5 more values" in lines[2]


def test_an_interrupted_search_goes_on_where_it_stopped(tmp_path, monkeypatch):
    monkeypatch.setenv("TOY_MARKS", str(tmp_path / "marks"))
    breaking.find(BREAKS, SHIFT, 15, tmp_path / "kept")
    assert len(tmp_path.joinpath("marks").read_text().splitlines()) == 120
    breaking.find(BREAKS, SHIFT, 15, tmp_path / "kept")
    assert len(tmp_path.joinpath("marks").read_text().splitlines()) == 120


def test_it_is_written_and_read_back(tmp_path):
    result, _ = found(BREAKS, tmp_path / "scratch")
    recorded.write(tmp_path, result)
    again = recorded.read(tmp_path, "toy-rises")
    assert again.claim.couplings == BREAKS.couplings
    assert again.breaks == result.breaks
    assert recorded.agrees(again, 3, Effect(3 - 4.5 - 5.5), broken="shift")
    assert not recorded.agrees(again, 3, Effect(3 - 4.5), broken="shift")
    renamed = replace(BREAKS, couplings=[replace(SHIFT, label="shifted by {}")])
    recorded.rewrite_head(tmp_path, renamed)
    assert recorded.read(tmp_path, "toy-rises").claim.couplings == renamed.couplings
    with pytest.raises(ValueError, match="make claims BREAK=toy-rises"):
        recorded.rewrite_head(tmp_path, toy.RISES)


def test_a_file_without_breaking_points_is_as_it_was(tmp_path):
    result = Result(toy.RISES, {"": {0: Effect(1.0)}, "shifted": {0: Effect(1.0)}})
    recorded.write(tmp_path, result)
    assert "breaks" not in json.loads(tmp_path.joinpath("toy-rises.json").read_text())


def test_it_stands_in_the_line_and_in_what_opens(tmp_path):
    result, _ = found(BREAKS, tmp_path)
    assert wording.limits(result) == "with a shift of −5.5 or less, in fewer than half"
    head, more = shown.claim(result).split("</summary>")
    assert "With a shift of −5.5 or less, in fewer than half." in head
    assert "<td>a shift of 0</td><td>−5 (10)</td><td>−5.5 (9)</td>" in more
    stays, _ = found(STAYS, tmp_path / "stays")
    assert "<td>a shift of 0 %</td><td>300 (18)</td><td>not in the range tried</td>" in shown.claim(
        stays
    )


def test_the_first_that_ends_stands_in_the_line():
    claim = replace(
        toy.RISES,
        couplings=[
            Coupling("stays", "{} stays", 1.0, 4.0),
            Coupling("breaks", "{} breaks", 1.0, 4.0, log=True),
        ],
    )
    effects = {seed: Effect(1.0) for seed in range(20)}
    breaks = {"stays": Break({1.0: 20, 4.0: 12}, effects)}
    breaks["breaks"] = Break({1.0: 20, 1.5: 10, 2.0: 9, 4.0: 1}, effects)
    result = Result(claim, {"": effects, "shifted": effects}, breaks)
    assert wording.limits(result) == "with 2 breaks or more, in fewer than half"


@pytest.mark.parametrize(
    ("label", "said"),
    [
        ("{} sessions a week", "1.5 sessions a week or fewer"),
        ("{} times the price", "1.5 times the price or less"),
        ("{} % of orders", "1.5 % of orders or less"),
    ],
)
def test_what_is_counted_is_fewer(label, said):
    claim = replace(toy.RISES, couplings=[Coupling("x", label, 2.0, 1.0, steps=2)])
    effects = {seed: Effect(1.0) for seed in range(20)}
    breaks = {"x": Break({2.0: 20, 1.5: 3, 1.0: 0}, effects)}
    result = Result(claim, {"": effects, "shifted": effects}, breaks)
    assert list(wording.breaks(result)) == [said]


def test_an_assumption_that_ends_it_is_said_before_a_number_that_does_not(tmp_path):
    claim = replace(STAYS, variants=toy.RISES.variants)
    result, _ = found(claim, tmp_path)
    ended = {**result.effects, "shifted": {seed: Effect(-1.0) for seed in range(20)}}
    said = wording.limits(replace(result, effects=ended))
    assert said.startswith("it stops holding with one change: ")
    assert said.endswith(" (true in none)")


@pytest.mark.parametrize(
    ("coupling", "values"),
    [
        (Coupling("x", "{}", 1.0, 2.0, steps=4), (1, 1.25, 1.5, 1.75, 2)),
        (Coupling("x", "{}", 100.0, 1.0, steps=2, log=True), (100, 10, 1)),
        (Coupling("x", "{}", 4, 1, steps=9, whole=True), (4, 3, 2, 1)),
        (Coupling("x", "{}", 0.0, 1.0, steps=3), (0, 0.333, 0.667, 1)),
        (Coupling("x", "{}", 2, 10, whole=True, between=(3, 5, 7)), (2, 3, 5, 7, 10)),
    ],
)
def test_the_way_of_a_coupling(coupling, values):
    assert coupling.values == values
    assert [type(one) for one in coupling.argument(1.0).values()] == [
        int if coupling.whole else float
    ]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"label": "a shift"}, "expected one {}"),
        ({"farthest": 1.0}, "as usual"),
        ({"farthest": -1.0, "log": True}, "expected values above 0"),
        ({"between": (1.5, 1.2)}, "expected in order"),
    ],
)
def test_unsound_couplings_are_refused(given, said):
    with pytest.raises(ValueError, match=rf"coupling 'x': .*{said}"):
        Coupling(**{"name": "x", "label": "{}", "usual": 1.0, "farthest": 2.0, **given})


def test_two_couplings_of_one_name_are_refused():
    with pytest.raises(ValueError, match="distinct names"):
        replace(toy.RISES, couplings=[SHIFT, SHIFT])


# ---------------------------------------------------------------- the command


@pytest.fixture
def command(tmp_path, monkeypatch, capsys):
    """``make claims BREAK=...`` over two toys: its exit code and what it prints."""
    plain = replace(toy.RISES, name="toy-plain")
    monkeypatch.setattr(run, "collect", lambda _: [BREAKS, plain])

    def given(*arguments):
        code = run.main("x", tmp_path, tmp_path / "s", ["--jobs", "1", *arguments])
        return code, capsys.readouterr()

    return given


def test_the_command_searches_and_records(command, tmp_path):
    assert command()[0] == 0
    before = recorded.read(tmp_path, "toy-rises")
    assert before.breaks["shift"].point(SHIFT) == -5.5, "all are searched with the claims"
    recorded.write(tmp_path, replace(before, claim=toy.RISES, breaks={}))
    for name in ("toy-rises", "all"):
        code, printed = command("--break", name)
        assert code == 0
        assert (
            "  holds in 10 with a shift of −5, in 9 with a shift of −5.5: it breaks" in printed.out
        )
        assert "Recorded in" in printed.out
        assert "toy-rises: up to 6 values" in printed.err
        again = recorded.read(tmp_path, "toy-rises")
        assert (again.effects, again.breaks) == (before.effects, before.breaks)


def test_a_name_that_is_none_is_told_with_those_near_it(command):
    code, printed = command("--break", "toy-rise")
    assert code == 2
    assert printed.out == "No claim is called 'toy-rise'; near it: toy-rises, toy-plain\n"
    code, printed = command("--break", "toy-plain")
    assert code == 2
    assert printed.out == "Claim 'toy-plain' names no number to move; these do: toy-rises\n"


def test_a_claim_that_was_never_computed_is_told(command):
    code, printed = command("--break", "toy-rises")
    assert code == 1
    assert "run `make claims`" in printed.out
    assert printed.out.count("\n") == 1
