"""A thousand requests that are no sessions: each is told so in a sentence, and nothing is lost."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ranker.door import MOST_BYTES
from ranker.offers import Session

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in a session, from the whole of it to single numbers."""
    found = [path]
    items = value.items() if isinstance(value, dict) else []
    if isinstance(value, list):
        items = list(enumerate(value))[:2]  # all offers are alike
    for key, inner in items:
        found += places(inner, (*path, key))
    return found


def changed(session: Any, path: tuple[Any, ...], value: Any) -> Any:
    """A copy with another value at one place."""
    if not path:
        return value
    copied = copy.deepcopy(session)
    inner = copied
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = value
    return copied


@st.composite
def nearly_sessions(draw: st.DrawFn, session: Any) -> bytes:
    """A session in which one thing is wrong: changed, missing, or too much."""
    path = draw(st.sampled_from(places(session)))
    kind = draw(st.sampled_from(["value", "missing", "more", "cut"]))
    if kind == "cut":
        text = json.dumps(session).encode()
        return text[: draw(st.integers(0, len(text) - 1))]
    if kind == "value" or not path or isinstance(path[-1], int):
        return json.dumps(changed(session, path, draw(json_values))).encode()
    broken = copy.deepcopy(session)
    inner = broken
    for step in path[:-1]:
        inner = inner[step]
    if kind == "missing":
        del inner[path[-1]]
    else:
        inner[draw(st.text(min_size=1, max_size=9))] = draw(json_values)
    return json.dumps(broken).encode()


def is_session(body: bytes) -> bool:
    """Whether a request happens to be one after all."""
    try:
        Session.model_validate_json(body)
    except ValueError:
        return False
    return True


def test_a_thousand_malformed_requests_are_told_so_and_nothing_is_lost(service, examples, tmp_path):
    session = {**examples[0]["session"], "offers": examples[0]["session"]["offers"][:3]}
    seen = {"refused": 0, "taken": 0}

    @settings(
        max_examples=1000,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    @given(
        body=st.binary(max_size=60)
        | json_values.map(json.dumps).map(str.encode)
        | nearly_sessions(session)
    )
    def ask(body: bytes) -> None:
        answer = service.post("/rank", content=body, headers={"content-type": "application/json"})
        if answer.status_code == 200:
            assert is_session(body), body
            seen["taken"] += 1
            return
        assert 400 <= answer.status_code < 500, (body, answer.status_code, answer.text)
        assert list(answer.json()) == ["error"]
        told = answer.json()["error"]
        assert 5 < len(told) < 300 and "\n" not in told and "Traceback" not in told
        seen["refused"] += 1
        if seen["refused"] % 50 == 0:  # and whoever asks properly is served as before
            assert service.post("/rank", json=session).status_code == 200
            seen["taken"] += 1

    ask()
    assert seen["refused"] >= 900
    health = service.get("/health").json()
    assert health["inside"] == 0 and health["lost"] == 0 and health["status"] == "ok"
    lines = (tmp_path / "served.jsonl").read_text("utf-8").splitlines()
    assert len(lines) == health["served"] == seen["taken"]
    assert all(json.loads(line)["slate"] for line in lines)


@pytest.mark.parametrize(
    ("path", "value", "told"),
    [
        (("offers", 3, "eta_minutes"), "31", "offers[3].eta_minutes='31': input should be a valid"),
        (("offers", 3, "eta_minutes"), float("nan"), "offers[3].eta_minutes=nan: "),
        (("offers", 3, "eta_minutes"), 1860.0, "eta_minutes=1860, expected 0 to"),
        (("offers", 0, "price_cents"), 1850, "offers[0].price_cents is no field of a session"),
        (("a\nb",), 1, "'a\\nb' is no field of a session"),
        (("local_hour",), 24, "local_hour=24: "),
        pytest.param(
            ("offers", 0, "n_ratings"), 10**400, "offers[0].n_ratings=1000", id="a long number"
        ),
        (("customer", "mean_basket_dollars"), 1e300, "customer.mean_basket_dollars=1e+300: "),
        (("offers",), [], "offers=[]: "),
        (("customer", "cuisine_shares"), [0.5], "customer.cuisine_shares=[0.5]: "),
    ],
)
def test_the_sentence_names_the_field_its_value_and_what_was_expected(
    service, examples, path, value, told
):
    session = changed(examples[0]["session"], path, value)
    body = json.dumps(session).encode()
    answer = service.post("/rank", content=body, headers={"content-type": "application/json"})
    assert answer.status_code == 422
    assert told in answer.json()["error"]


def test_a_restaurant_offered_twice_and_a_missing_field(service, examples):
    session = examples[0]["session"]
    twice = {**session, "offers": [session["offers"][0]] * 2}
    assert "is offered twice" in service.post("/rank", json=twice).json()["error"]
    without = {key: value for key, value in session.items() if key != "raining"}
    assert service.post("/rank", json=without).json()["error"] == "raining is missing"


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/rank", 405),
        ("POST", "/health", 405),
        ("GET", "/nowhere", 404),
        ("GET", "/docs", 404),
    ],
)
def test_other_paths_and_methods(service, method, path, status):
    answer = service.request(method, path)
    assert answer.status_code == status
    assert "expected" in answer.json()["error"]


def test_a_request_that_is_too_long(service):
    answer = service.post("/rank", content=b" " * (MOST_BYTES + 1))
    assert answer.status_code == 413 and "bytes" in answer.json()["error"]


def test_nesting_without_end_and_numbers_without_end(service):
    headers = {"content-type": "application/json"}
    for body in (b"[" * 30_000, b'{"local_hour": ' + b"9" * 30_000 + b"}", b"\xff\xfe{}"):
        answer = service.post("/rank", content=body, headers=headers)
        assert 400 <= answer.status_code < 500, answer.text
        assert answer.json()["error"]
