"""What comes in is ranked, what was served is written down, and the release can be changed."""

from __future__ import annotations

import json
import time
from pathlib import Path

import numpy as np
import pytest
from fastapi.testclient import TestClient

from ranker.app import Settings, create_app
from ranker.offers import Offer
from ranker.release import ReleaseError, read
from ranker.store import Store
from tests.conftest import ROOT, WAIT, rewrite

USUAL = json.loads((ROOT / "releases" / "week-47" / "schema.json").read_text("utf-8"))["usual"]


def test_a_session_gets_the_slate_that_training_would_have_given(service, examples):
    for example in examples:
        slate = service.post("/rank", json=example["session"]).json()
        scores = np.array(example["scores"])
        best = np.argsort(-scores, kind="stable")[:8]
        offers = example["session"]["offers"]
        assert slate["restaurants"] == [offers[place]["restaurant"] for place in best]
        np.testing.assert_allclose(slate["scores"], scores[best], atol=1e-6)
        assert slate["session"] == example["session"]["session"]
        assert slate["release"] == "week-47" and slate["left_out"] == slate["mended"] == []


def test_what_was_served_is_in_the_log_with_its_features(service, examples, tmp_path):
    for example in examples:
        assert service.post("/rank", json=example["session"]).status_code == 200
    lines = (tmp_path / "served.jsonl").read_text("utf-8").splitlines()
    for line, example in zip(lines, examples, strict=True):
        record = json.loads(line)
        assert record["session"] == example["session"]["session"]
        np.testing.assert_allclose(record["features"], example["features"], rtol=1e-6)
        assert len(record["slate"]) == 8


def test_fewer_offers_than_places_are_all_shown(service, examples):
    session = {**examples[0]["session"], "offers": examples[0]["session"]["offers"][:3]}
    assert len(service.post("/rank", json=session).json()["restaurants"]) == 3


def test_versions_name_code_data_and_model(service):
    version = service.get("/version").json()
    assert version["release"] == "week-47"
    assert all(len(version[one]) == 12 for one in ("code", "data", "model"))


def test_metrics_count_what_was_answered(service, examples):
    service.post("/rank", json=examples[0]["session"])
    service.post("/rank", content=b"no")
    service.get("/nowhere")
    text = service.get("/metrics").text
    assert 'ranker_answers_total{path="/rank",status="200"} 1.0' in text
    assert 'ranker_answers_total{path="/rank",status="422"} 1.0' in text
    assert 'ranker_answers_total{path="other",status="404"} 1.0' in text
    assert "ranker_log_written 1.0" in text and "ranker_log_lost 0.0" in text


def test_a_log_that_cannot_be_written_costs_no_answer(service, examples):
    log = service.app.state.service.log
    log._file.close()
    log._file = open("/dev/full", "wb", buffering=0)  # noqa: SIM115
    assert service.post("/rank", json=examples[0]["session"]).status_code == 200
    health = service.get("/health").json()
    assert health["status"] == "look" and health["lost"] == 1


def until_served(service: TestClient, name: str) -> None:
    """Each look at the version lets the service look at the pointer."""
    end = time.monotonic() + WAIT
    while service.get("/version").json()["release"] != name:
        assert time.monotonic() < end, f"{name} is not served"


def test_a_rollback_changes_what_is_served_while_it_serves(service, releases, examples):
    before = service.get("/version").json()
    Store(releases).rollback()
    until_served(service, "week-46")
    after = service.get("/version").json()
    assert before["code"] == after["code"]
    assert before["data"] != after["data"] and before["model"] != after["model"]
    assert service.post("/rank", json=examples[0]["session"]).json()["release"] == "week-46"


def test_a_release_that_cannot_be_read_is_not_taken(service, releases, examples):
    """Somebody writes the pointer by hand, and so passes by the checks of the command."""
    (releases / "week-46" / "model.skops").write_bytes(b"no model")
    pointer = releases / "new.json"
    pointer.write_text(json.dumps({"release": "week-46", "before": [], "held": ""}))
    pointer.rename(releases / "current.json")
    end = time.monotonic() + WAIT
    while not (health := service.get("/health").json())["trouble"]:
        assert time.monotonic() < end, "the service has not noticed"
    assert health["status"] == "look" and "model.skops" in health["trouble"]
    assert service.post("/rank", json=examples[0]["session"]).json()["release"] == "week-47"


@pytest.mark.parametrize("implausible", ["refuse", "leave out"])
def test_an_offer_in_cents_is_refused_or_left_out(tmp_path, releases, examples, implausible):
    session = json.loads(json.dumps(examples[0]["session"]))
    session["offers"][4]["price_dollars"] *= 100
    who = session["offers"][4]["restaurant"]
    app = create_app(Settings(releases, tmp_path / "served.jsonl", implausible=implausible))
    with TestClient(app) as client:
        answer = client.post("/rank", json=session)
        if implausible == "refuse":
            assert answer.status_code == 422
            assert f"restaurant {who}: price_dollars=" in answer.json()["error"]
            assert not Path(tmp_path / "served.jsonl").read_bytes()
            return
        slate = answer.json()
        assert [one["restaurant"] for one in slate["left_out"]] == [who] and slate["mended"] == []
        assert who not in slate["restaurants"] and len(slate["restaurants"]) == 8
        assert 'ranker_left_out_total{field="price_dollars"} 1.0' in client.get("/metrics").text
        for offer in session["offers"]:
            offer["price_dollars"] = 5000.0
        answer = client.post("/rank", json=session)
        assert answer.status_code == 422 and "no offer is plausible" in answer.json()["error"]


@pytest.fixture
def mending(tmp_path, releases):
    """A service that puts usual values in the place of implausible ones."""
    app = create_app(Settings(releases, tmp_path / "served.jsonl", implausible="usual"))
    with TestClient(app) as client:
        yield client


def test_implausible_values_are_ranked_by_the_usual_ones_and_named(mending, examples, tmp_path):
    session = json.loads(json.dumps(examples[0]["session"]))
    spoilt, other = session["offers"][4], session["offers"][7]
    spoilt |= {"price_dollars": 1850.0, "n_ratings": 0}
    other["eta_minutes"] = 1860.0
    slate = mending.post("/rank", json=session).json()
    assert slate["left_out"] == [] and len(slate["restaurants"]) == 8
    assert [(one["restaurant"], one["field"]) for one in slate["mended"]] == [
        (spoilt["restaurant"], "price_dollars"),
        (spoilt["restaurant"], "n_ratings"),
        (other["restaurant"], "eta_minutes"),
    ]
    assert slate["mended"][0]["why"].startswith("price_dollars=1850, expected 0 to ")
    text = mending.get("/metrics").text
    for field in ("price_dollars", "n_ratings", "eta_minutes"):
        assert f'ranker_mended_total{{field="{field}"}} 1.0' in text
    assert "ranker_left_out_total{" not in text

    # The same as if the app had sent the usual values, in the log too.
    spoilt |= {field: USUAL[field] for field in ("price_dollars", "n_ratings")}
    other["eta_minutes"] = USUAL["eta_minutes"]
    again = mending.post("/rank", json=session).json()
    assert again["mended"] == []
    assert again["restaurants"] == slate["restaurants"] and again["scores"] == slate["scores"]
    lines = (tmp_path / "served.jsonl").read_text("utf-8").splitlines()
    first, second = (json.loads(line) for line in lines)
    assert first["features"] == second["features"] and len(first["features"]) == 30
    assert first["restaurants"] == [offer["restaurant"] for offer in session["offers"]]
    # The line says which of its values nobody sent.
    named = [{key: one[key] for key in ("restaurant", "field")} for one in slate["mended"]]
    assert first["mended"] == named and second["mended"] == []


def test_a_session_in_which_no_offer_is_plausible_is_mended_whole(mending, examples):
    session = json.loads(json.dumps(examples[0]["session"]))
    for offer in session["offers"]:
        offer["price_dollars"] *= 100
    slate = mending.post("/rank", json=session).json()
    assert len(slate["restaurants"]) == 8
    assert len(slate["mended"]) == len(session["offers"])
    assert 'ranker_mended_total{field="price_dollars"} 30.0' in mending.get("/metrics").text


@pytest.mark.parametrize("name", ["week-46", "week-47"])
def test_usual_values_are_plausible_and_make_an_offer(releases, examples, name):
    release = read(releases / name)
    release.need_usual()
    offer = Offer.model_validate(examples[0]["session"]["offers"][0])
    mended = release.mended(offer, release.plausible)
    assert Offer.model_validate(mended.model_dump()) == mended != offer
    assert not release.doubts(mended)


def without_usual(releases: Path, name: str, **changed: float) -> None:
    """Write a release as a trainer did that knew no usual values, or some of them only."""
    schema = json.loads((releases / name / "schema.json").read_text("utf-8"))
    del schema["usual"]
    rewrite(
        releases / name,
        "schema.json",
        json.dumps({**schema, "usual": changed} if changed else schema).encode(),
    )


def test_a_release_without_usual_values_is_refused_only_where_they_are_needed(
    tmp_path, releases, examples
):
    without_usual(releases, "week-47")
    log = tmp_path / "served.jsonl"
    for implausible in ("refuse", "leave out"):
        with TestClient(create_app(Settings(releases, log, implausible=implausible))) as client:
            assert client.post("/rank", json=examples[0]["session"]).status_code == 200
    with pytest.raises(ReleaseError, match=r"'week-47': schema.json has no usual distance_km"):
        create_app(Settings(releases, log, implausible="usual"))
    without_usual(releases, "week-46", distance_km=99.0)
    Store(releases).rollback()
    with pytest.raises(ReleaseError, match=r"usual distance_km=99, expected 0 to 14.1"):
        create_app(Settings(releases, log, implausible="usual"))


def test_a_service_that_mends_does_not_take_a_release_without_usual_values(
    mending, releases, examples
):
    without_usual(releases, "week-46")
    Store(releases).rollback()
    end = time.monotonic() + WAIT
    while not (health := mending.get("/health").json())["trouble"]:
        assert time.monotonic() < end, "the service has not noticed"
    assert "has no usual" in health["trouble"] and health["status"] == "look"
    assert mending.post("/rank", json=examples[0]["session"]).json()["release"] == "week-47"
