"""``python -m ranker``: it serves until Ctrl-C or until its parent is gone, and says so."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys

import httpx
import pytest

from ranker.__main__ import main
from tests.conftest import ROOT, WAIT, rewrite


def test_it_serves_until_ctrl_c_which_it_says_in_one_sentence(started, examples, tmp_path):
    process, url = started()
    answer = httpx.post(f"{url}/rank", json=examples[0]["session"], timeout=WAIT, trust_env=False)
    assert answer.status_code == 200
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=WAIT)
    assert process.returncode == 0 and err == ""
    assert out.strip() == f"The ranker has stopped; 1 sessions are in {tmp_path / 'served.jsonl'}"


def test_it_ends_with_whoever_started_it(started):
    process, _ = started("--with-stdin")
    out, err = process.communicate(timeout=WAIT)  # closes its standard input
    assert process.returncode == 0 and err == "" and "has stopped" in out


def test_a_port_that_is_taken_is_one_sentence(started, releases, capsys, tmp_path):
    _, url = started()
    command = ["--releases", str(releases), "serve", "--port", url.rsplit(":", 1)[1]]
    assert main([*command, "--log", str(tmp_path / "other.jsonl")]) == 1
    told = capsys.readouterr().err
    assert "in use" in told and told.count("\n") == 1


def test_the_commands_say_what_they_did(releases, capsys):
    def run(*arguments: str) -> tuple[int, str]:
        code = main(["--releases", str(releases), *arguments])
        heard = capsys.readouterr()
        return code, (heard.out + heard.err).strip()

    assert run("releases") == (0, "week-46\n* week-47")
    assert run("check") == (0, "release week-47 keeps its contract")
    assert run("check", "week-46") == (0, "release week-46 keeps its contract")
    assert run("rollback") == (0, "release week-46 is served")
    assert run("hold", "updates") == (0, "release week-46 is served; releases are held: updates")
    code, told = run("use", "week-47")
    assert code == 1 and told == "releases are held: updates (a rollback is still possible)"
    assert run("resume") == (0, "release week-46 is served")
    code, told = run("use", "week-48")
    assert code == 1 and "expected one of week-46, week-47" in told
    without = json.loads((releases / "week-46" / "schema.json").read_text())
    del without["usual"]
    rewrite(releases / "week-46", "schema.json", json.dumps(without).encode())
    nowhere = ("--host", "192.0.2.1", "--log", os.devnull)  # it must not get as far as to serve
    code, told = run("serve", *nowhere, "--implausible", "usual")
    assert code == 1 and "'week-46': schema.json has no usual" in told and told.count("\n") == 0
    (releases / "current.json").write_text("{")
    code, told = run("serve", "--port", "0")
    assert code == 1 and "current.json cannot be read" in told and told.count("\n") == 0


def test_it_is_told_at_its_start_what_becomes_of_implausible_offers(started, examples, capsys):
    with pytest.raises(SystemExit):
        main(["serve", "--implausible", "hope"])
    told = capsys.readouterr().err
    assert "'hope'" in told and all(one in told for one in ("refuse", "leave out", "usual"))
    session = json.loads(json.dumps(examples[0]["session"]))
    session["offers"][4]["price_dollars"] *= 100
    _, url = started("--implausible", "usual")
    answer = httpx.post(f"{url}/rank", json=session, timeout=WAIT, trust_env=False).json()
    assert [one["restaurant"] for one in answer["mended"]] == [session["offers"][4]["restaurant"]]


def test_load_is_measured_against_a_real_server(started, examples, tmp_path):
    _, url = started("--capacity", "2")
    path = tmp_path / "examples.json"
    path.write_text(json.dumps(examples))
    ran = subprocess.run(
        [
            sys.executable,
            "-m",
            "ranker.load",
            url,
            "--examples",
            str(path),
            "--clients",
            "8",
            "--seconds",
            "1",
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=WAIT,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    row = json.loads(ran.stdout)
    assert row["failed"] == 0 and row["p50"] <= row["p95"] <= row["p99"]
    health = httpx.get(f"{url}/health", timeout=WAIT, trust_env=False).json()
    assert health["served"] == row["asked"] - round(row["turned_away"] * row["asked"])
    assert health["inside"] == 0 and health["lost"] == 0
