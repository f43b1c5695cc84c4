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
# Claims of one module share most of their work, so that modules take turns: a third of them a day.
DAYS = 3
# Another world at each turn, so that in time every recorded world is computed anew.
WORLD = run_seed() // DAYS % WORLDS

pytestmark = pytest.mark.skipif(not CLAIMS, reason="no claims yet")


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.name)
def test_result_is_complete_and_holds_as_often_as_expected(claim):
    result = read(RESULTS, claim.name)
    for variant in ("", *(one.name for one in claim.variants)):
        assert sorted(result.effects[variant]) == list(range(WORLDS))
    held = result.count()
    assert held == claim.expected, (
        f"{claim.name}: its recorded effects hold in {held} of {WORLDS} worlds, expected "
        f"{claim.expected}; if they were recomputed and the change is meant, `expected` changes "
        "with them, and so does the chapter"
    )


def module(claim):
    """Where a claim's effect is computed."""
    return claim.effect.__module__


MODULES = sorted({module(claim) for claim in CLAIMS})[run_seed() % DAYS :: DAYS]
RECOMPUTED = [claim for claim in CLAIMS if module(claim) in MODULES]


@pytest.mark.slow
@pytest.mark.parametrize("claim", RECOMPUTED, ids=lambda claim: claim.name)
def test_one_world_recomputed_agrees(claim):
    result = read(RESULTS, claim.name)
    fresh = claim.effect(WORLD)
    recorded = result.effects[""][WORLD]
    assert agrees(result, WORLD, fresh), (
        f"world {WORLD}: {fresh.value} now, {recorded.value} recorded; "
        f"if the change is meant, run `make claims CLAIMS={claim.name}` and read the chapter again"
    )


BREAKS = [(claim, one) for claim in CLAIMS for one in claim.couplings]
# Each day others: of a third of the modules, every other one.
SAMPLE = [one for one in BREAKS if module(one[0]) in MODULES][run_seed() // DAYS % 2 :: 2]


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
    fresh = claim.effect(WORLD, **coupling.argument(value))
    assert agrees(result, WORLD, fresh, broken=coupling.name), (
        f"world {WORLD} at {value}: {fresh.value} now, {found.effects[WORLD].value} recorded; "
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
# A world that no table holds takes a minute and a half to train: a day those of one table.
TODAY = [claim for claim in FROM_TABLES if claim.name.startswith(TABLES[run_seed() % 3])]


@pytest.mark.slow
@pytest.mark.parametrize("claim", TODAY, ids=lambda claim: claim.name)
def test_a_claim_from_a_shipped_table_can_be_computed_in_any_world(claim):
    """A shipped table is a memo of a function, not a limit."""
    assert len(FROM_TABLES) == 11
    assert math.isfinite(claim.effect(100).value)
