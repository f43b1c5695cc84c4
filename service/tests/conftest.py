"""What the tests share: releases in a folder of their own, and the service on them."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import settings

from ranker.app import Settings, create_app
from ranker.release import sha

os.environ.setdefault("OMP_NUM_THREADS", "1")
ROOT = Path(__file__).resolve().parents[1]
WAIT = 180.0
"""Seconds after which what a test waits for will not come; machines may be busy."""

settings.register_profile("service", deadline=None, print_blob=True)
settings.load_profile("service")


def rewrite(folder: Path, name: str, content: bytes) -> None:
    """Replace a file of a release, and say so in its manifest."""
    (folder / name).write_bytes(content)
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["files"][name] = sha(content)
    (folder / "manifest.json").write_text(json.dumps(manifest))


@pytest.fixture(scope="session")
def examples() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(
        (ROOT / "releases" / "week-47" / "examples.json").read_text("utf-8")
    )
    return found


@pytest.fixture
def releases(tmp_path: Path) -> Path:
    return Path(shutil.copytree(ROOT / "releases", tmp_path / "releases"))


@pytest.fixture
def service(tmp_path: Path, releases: Path) -> Iterator[TestClient]:
    app = create_app(Settings(releases, tmp_path / "served.jsonl"))
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def started(tmp_path, releases):
    """Starts the service on a free port; the process and its address."""
    running = []

    def start(*options: str):
        command = [sys.executable, "-m", "ranker", "--releases", str(releases), "serve"]
        command += ["--port", "0", "--log", str(tmp_path / "served.jsonl"), *options]
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            # A shell may have made this process deaf to Ctrl-C, and so all that it starts.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
        )
        running.append(process)
        timer = threading.Timer(WAIT, process.kill)
        timer.start()
        line = process.stdout.readline()
        timer.cancel()
        assert "(Ctrl-C ends it)" in line, process.communicate()[1]
        return process, line.split()[4]

    yield start
    for process in running:
        process.kill()
        process.communicate()
