"""What comes in is ranked, what was served is written down, and the release can be changed."""

from __future__ import annotations

import json
import time
from pathlib import Path

import numpy as np
import pytest
from fastapi.testclient import TestClient

from ranker.app import Settings, create_app
from ranker.store import Store
from tests.conftest import WAIT


def test_a_session_gets_the_slate_that_training_would_have_given(service, examples):
    for example in examples:
        slate = service.post("/rank", json=example["session"]).json()
        scores = np.array(example["scores"])
        best = np.argsort(-scores, kind="stable")[:8]
        offers = example["session"]["offers"]
        assert slate["restaurants"] == [offers[place]["restaurant"] for place in best]
        np.testing.assert_allclose(slate["scores"], scores[best], atol=1e-6)
        assert slate["session"] == example["session"]["session"]
        assert slate["release"] == "week-47" and slate["left_out"] == []


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
        assert [one["restaurant"] for one in slate["left_out"]] == [who]
        assert who not in slate["restaurants"] and len(slate["restaurants"]) == 8
        assert 'ranker_left_out_total{field="price_dollars"} 1.0' in client.get("/metrics").text
        for offer in session["offers"]:
            offer["price_dollars"] = 5000.0
        answer = client.post("/rank", json=session)
        assert answer.status_code == 422 and "no offer is plausible" in answer.json()["error"]
