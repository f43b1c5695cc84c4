"""Told to stop, it says so and answers on; who is inside gets an answer; then it ends by itself."""

from __future__ import annotations

import json
import signal
import socket
import time

import httpx
import pytest

from ranker.__main__ import main
from tests.conftest import WAIT


def until_leaving(http: httpx.Client) -> httpx.Response:
    """The first answer of /ready that says no."""
    end = time.monotonic() + WAIT
    while time.monotonic() < end:
        answer = http.get("/ready")
        if answer.status_code == 503:
            return answer
    raise AssertionError("it never says that it leaves")


def test_told_to_stop_it_says_so_and_answers_on(started, examples):
    # So long that the test, and not the clock, decides how it ends.
    process, url = started("--drain", "1000")
    with httpx.Client(base_url=url, timeout=WAIT, trust_env=False) as http:
        ready = http.get("/ready")
        assert ready.status_code == 200 and ready.json() == {"ready": True}
        assert "connection" not in ready.headers
        process.send_signal(signal.SIGTERM)
        assert until_leaving(http).json() == {"error": "this process is about to stop: ask another"}
        time.sleep(1)  # ten times as long as one that does not drain would take to end
        answer = http.post("/rank", json=examples[0]["session"])
        assert answer.status_code == 200 and answer.headers["connection"] == "close"
        health = http.get("/health").json()  # leaving is no trouble
        assert health["status"] == "ok" and health["served"] == 1
        metrics = http.get("/metrics").text
        assert 'ranker_answers_total{path="/ready",status="503"}' in metrics
        assert process.poll() is None
    process.send_signal(signal.SIGTERM)  # the second one ends it
    process.communicate(timeout=WAIT)
    assert process.returncode == -signal.SIGTERM


def test_it_ends_by_itself_and_its_log_is_whole(started, examples, tmp_path):
    process, url = started("--drain", "0.2")
    for example in examples:
        answer = httpx.post(f"{url}/rank", json=example["session"], timeout=WAIT, trust_env=False)
        assert answer.status_code == 200
    process.send_signal(signal.SIGTERM)
    out, err = process.communicate(timeout=WAIT)
    assert process.returncode == 0 and err == "" and f"{len(examples)} sessions are in" in out
    lines = (tmp_path / "served.jsonl").read_text("utf-8").splitlines()
    assert len([json.loads(line) for line in lines]) == len(examples)


def test_who_is_inside_when_it_stops_gets_an_answer(started, examples):
    process, url = started("--drain", "0")
    body = json.dumps(examples[0]["session"]).encode()
    host, port = url.removeprefix("http://").split(":")
    head = (
        f"POST /rank HTTP/1.1\r\nhost: {host}\r\ncontent-type: application/json\r\n"
        f"content-length: {len(body)}\r\nexpect: 100-continue\r\n\r\n"
    )
    with socket.create_connection((host, int(port)), timeout=WAIT) as one:
        one.sendall(head.encode())
        assert b" 100 " in one.recv(1000)  # the service has begun to read: this one is inside
        process.send_signal(signal.SIGTERM)
        end = time.monotonic() + WAIT
        with pytest.raises(OSError):  # noqa: PT011, PT012 - nobody else is let in any more
            while time.monotonic() < end:
                socket.create_connection((host, int(port)), timeout=WAIT).close()
        one.sendall(body)
        answer = b""
        while part := one.recv(10_000):
            answer += part
    assert b" 200 OK" in answer and b'"restaurants"' in answer
    process.communicate(timeout=WAIT)
    assert process.returncode == 0


def test_ctrl_c_does_not_wait(started):
    process, _ = started("--drain", "1000")
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=WAIT)
    assert process.returncode == 0


@pytest.mark.parametrize("seconds", ["-1", "nan", "inf", "soon"])
def test_a_drain_that_is_no_time_is_one_sentence(capsys, seconds):
    with pytest.raises(SystemExit):
        main(["serve", f"--drain={seconds}"])
    told = capsys.readouterr().err.splitlines()[-1]
    assert "--drain" in told and seconds in told
