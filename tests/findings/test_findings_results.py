"""The recorded results: complete, as often as the chapters say, and still true."""

import math
from dataclasses import fields

import pytest

from launchlab.claims import WORLDS, Statement
from launchlab.claims.recorded import agrees, read
from launchlab.claims.run import collect
from launchlab.findings import RESULTS
from tests.seed import run_seed

CLAIMS = collect("launchlab.findings")
# A world of these takes from 11 to 48 s, of all others together some 100 s.
DEAR = (
    "bounds-leave-nothing",
    "faults-cascade-forgets",
    "friday-silent-costs-more",
    "keep-soft-over-hard",
    "offline-online-all",
    "zoo-ensemble-over-tuned",
    "zoo-tuned-over-hgb200",
)
#: In so many days each claim has its turn: one of the dear ones a day, half of the others.
DEAR_DAYS, DAYS = len(DEAR), 2


def world(claim):
    """Another world at each of a claim's turns, so that in time each one is computed anew."""
    return run_seed() // (DEAR_DAYS if claim.name in DEAR else DAYS) % WORLDS


pytestmark = pytest.mark.skipif(not CLAIMS, reason="no claims yet")


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.name)
def test_result_is_complete_and_holds_as_often_as_expected(claim):
    result = read(RESULTS, claim.name)
    for variant in ("", *(one.name for one in claim.variants)):
        assert sorted(result.effects[variant]) == list(range(WORLDS))
    assert result.count() == claim.expected


DEAR_TODAY = DEAR[run_seed() % DEAR_DAYS]
CHEAP = [claim for claim in CLAIMS if claim.name not in DEAR]
RECOMPUTED = CHEAP[run_seed() % DAYS :: DAYS] + [one for one in CLAIMS if one.name == DEAR_TODAY]


def test_the_dear_ones_are_claims():
    assert set(DEAR) <= {claim.name for claim in CLAIMS}


@pytest.mark.slow
@pytest.mark.parametrize("claim", RECOMPUTED, ids=lambda claim: claim.name)
def test_one_world_recomputed_agrees(claim):
    result, today = read(RESULTS, claim.name), world(claim)
    fresh = claim.effect(today)
    recorded = result.effects[""][today]
    assert agrees(result, today, fresh), (
        f"world {today}: {fresh.value} now, {recorded.value} recorded; "
        f"if the change is meant, run `make claims CLAIMS={claim.name}` and read the chapter again"
    )


BREAKS = [(claim, one) for claim in CLAIMS for one in claim.couplings]
# Each day others.
SAMPLE = BREAKS[run_seed() % 4 :: 4]


def label(value):
    return value.name


@pytest.mark.parametrize(("claim", "coupling"), BREAKS, ids=label)
def test_a_breaking_point_is_complete_and_no_value_nearer_was_left_out(claim, coupling):
    found = read(RESULTS, claim.name).breaks[coupling.name]
    assert sorted(found.effects) == list(range(WORLDS))
    point, last = found.point(coupling), found.last(coupling)
    values = coupling.values
    held = sum(claim.holds(effect.value) for effect in found.effects.values())
    if point is None:
        assert (last, held) == (values[-1], found.counts[values[-1]])
    else:
        assert values.index(point) == values.index(last) + 1
        assert held == found.counts[point] < WORLDS / 2 <= found.counts[last]
        assert found.counts[values[-1]] < WORLDS / 2


@pytest.mark.slow
@pytest.mark.parametrize(("claim", "coupling"), SAMPLE, ids=label)
def test_one_world_at_a_breaking_point_recomputed_agrees(claim, coupling):
    result = read(RESULTS, claim.name)
    found = result.breaks[coupling.name]
    point = found.point(coupling)
    value = coupling.values[-1] if point is None else point
    today = world(claim)
    fresh = claim.effect(today, **coupling.argument(value))
    assert agrees(result, today, fresh, broken=coupling.name), (
        f"world {today} at {value}: {fresh.value} now, {found.effects[today].value} recorded; "
        f"if the change is meant, run `make claims BREAK={claim.name}` and read the chapter again"
    )


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.name)
def test_what_is_recorded_is_what_is_declared(claim):
    recorded = read(RESULTS, claim.name).claim
    for field in fields(Statement):
        assert getattr(recorded, field.name) == getattr(claim, field.name), (
            f'{field.name}: run make claims CLAIMS="--heads {claim.name}", read the chapter again'
        )


def test_no_result_without_its_claim():
    names = {claim.name for claim in CLAIMS}
    assert {path.stem for path in RESULTS.glob("*.json")} <= names


# Those that read shipped tables of 20 worlds; all others train anew in any world.
TABLES = ("bag-", "freeze-", "team-")
FROM_TABLES = [claim for claim in CLAIMS if claim.name.startswith(TABLES)]
# A world that no table holds takes up to a minute and a half to train: one claim a day.
TODAY = FROM_TABLES[run_seed() % len(FROM_TABLES) :: len(FROM_TABLES)]


@pytest.mark.slow
@pytest.mark.parametrize("claim", TODAY, ids=lambda claim: claim.name)
def test_a_claim_from_a_shipped_table_can_be_computed_in_any_world(claim):
    """A shipped table is a memo of a function, not a limit."""
    assert len(FROM_TABLES) == 11
    assert math.isfinite(claim.effect(100).value)
