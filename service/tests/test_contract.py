"""The contract catches a server that makes its features differently: ten such servers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from ranker import features, release
from ranker.offers import Session
from tests.conftest import ROOT

COLUMN = {name: column for column, name in enumerate(features.FEATURES)}


def times(name: str, factor: float) -> Callable[[Session, Any], None]:
    """A unit that the server gets wrong."""

    def fault(session: Session, rows: Any) -> None:
        rows[:, COLUMN[name]] *= np.float32(factor)

    return fault


def stuck(name: str, value: float) -> Callable[[Session, Any], None]:
    """A feature that the server forgets."""

    def fault(session: Session, rows: Any) -> None:
        rows[:, COLUMN[name]] = value

    return fault


def some_cents(session: Session, rows: Any) -> None:
    theirs = [offer.restaurant % 7 == 0 for offer in session.offers]
    rows[theirs, COLUMN["price"]] *= 100


def next_cuisine(session: Session, rows: Any) -> None:
    shares = session.customer.cuisine_shares
    rows[:, COLUMN["cuisine_share"]] = [shares[(one.cuisine + 1) % 8] for one in session.offers]


def swapped(session: Session, rows: Any) -> None:
    rows[:, [COLUMN["eta"], COLUMN["price"]]] = rows[:, [COLUMN["price"], COLUMN["eta"]]]


def utc(session: Session, rows: Any) -> None:
    rows[:, COLUMN["hour"]] -= 2


FAULTS = {
    "seconds": times("eta", 60),
    "cents": times("price", 100),
    "some cents": some_cents,
    "cuisine": next_cuisine,
    "join": stuck("ordered_before", 0),
    "swapped": swapped,
    "utc": utc,
    "miles": times("distance", 1 / 1.609344),
    "dry": stuck("rain", 0),
    "last place": stuck("log_position", float(np.log(8))),
}


def test_the_service_as_it_is_keeps_the_contract_of_each_release():
    for name in ("week-46", "week-47"):
        assert release.read(ROOT / "releases" / name).name == name


@pytest.mark.parametrize("name", FAULTS)
def test_a_server_with_a_fault_does_not_start(monkeypatch, name):
    make_rows = features.make_rows

    def faulty(session: Session) -> Any:
        rows = make_rows(session)
        FAULTS[name](session, rows)
        return rows

    monkeypatch.setattr(features, "make_rows", faulty)
    with pytest.raises(release.ReleaseError, match=r"breaks its contract: example \d+, offer \d+"):
        release.read(ROOT / "releases" / "week-47")


def test_a_fault_that_sits_before_the_service_passes(service, examples):
    """The contract replays what was asked in training; what is asked today it does not know."""
    session = examples[0]["session"]
    swapped = {
        **session,
        "offers": [
            {**one, "eta_minutes": one["price_dollars"], "price_dollars": one["eta_minutes"]}
            for one in session["offers"]
        ],
    }
    assert service.post("/rank", json=swapped).status_code == 200


def test_a_model_that_scores_differently_breaks_it(examples):
    served = release.read(ROOT / "releases" / "week-46")
    assert "score is" in str(release.breach(served, examples))


def test_an_example_that_the_door_refuses_breaks_it(examples):
    served = release.read(ROOT / "releases" / "week-47")
    broken = [{**examples[0], "session": {**examples[0]["session"], "raining": "no"}}]
    assert "example 0 is refused at the door" in str(release.breach(served, broken))
