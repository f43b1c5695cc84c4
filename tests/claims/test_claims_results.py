"""The recorded results: complete, as often as the chapters say, and still true."""

import datetime

import pytest

from launchlab.claims import RESULTS
from launchlab.lab import claims

CLAIMS = claims.collect("launchlab.claims")
# Another world each day, so that in time every recorded world is computed anew.
WORLD = datetime.datetime.now(tz=datetime.UTC).toordinal() % claims.WORLDS

pytestmark = pytest.mark.skipif(not CLAIMS, reason="no claims yet")


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.name)
def test_result_is_complete_and_holds_as_often_as_expected(claim):
    result = claims.read(RESULTS, claim)
    for variant in ("", *(one.name for one in claim.variants)):
        assert sorted(result.effects[variant]) == list(range(claims.WORLDS))
    assert result.count() == claim.expected


@pytest.mark.slow
@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.name)
def test_one_world_recomputed_agrees(claim):
    result = claims.read(RESULTS, claim)
    fresh = claim.effect(WORLD)
    recorded = result.effects[""][WORLD]
    assert claims.agrees(result, WORLD, fresh), (
        f"world {WORLD}: {fresh.value} now, {recorded.value} recorded; "
        f"if the change is meant, run `make claims CLAIMS={claim.name}` and read the chapter again"
    )


def test_no_result_without_its_claim():
    names = {claim.name for claim in CLAIMS}
    assert {path.stem for path in RESULTS.glob("*.json")} <= names
