"""Start the service of `service/` for as long as a block runs, and end it whatever happens there.

Nothing of it is imported: it is another program, in a process of its own, and is asked by HTTP.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PATIENCE = 180.0
"""Seconds for the service to start, to answer, and to end: machines may be busy."""


class ServiceError(RuntimeError):
    """The service could not be found or started; why, in one sentence."""


@dataclass(frozen=True)
class Running:
    """A service that runs.

    Attributes
    ----------
    url : str
    folder : Path
        Its own copy of the releases, and the log of what it served.
    process : subprocess.Popen
        To send it a signal, or wait for its end.
    """

    url: str
    folder: Path
    process: subprocess.Popen[str]

    def ask(self, path: str, body: object = None) -> tuple[int, Any]:
        """Ask it; the status, and the answer read as JSON or else as text.

        Parameters
        ----------
        path : str
            "/health"
        body : object, optional
            Posted as JSON; bytes as they are.
        """
        content = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        asked = urllib.request.Request(
            self.url + path, data=content, headers={"content-type": "application/json"}
        )
        try:
            # No proxy between this machine and itself.
            opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
            with opener.open(asked, timeout=PATIENCE) as answer:
                status, text = answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            status, text = error.code, error.read().decode()
        try:
            return status, json.loads(text)
        except ValueError:
            return status, text

    def until(self, release: str) -> dict[str, str]:
        """Its version once it serves a release: it reads a new one while the old one serves on.

        Raises
        ------
        ServiceError
            If it does not come to that.
        """
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            _, version = self.ask("/version")
            if version["release"] == release:
                return dict(version)
        raise ServiceError(
            f"release {release!r} is not served: {self.ask('/health')[1]['trouble']}"
        )

    def command(self, *arguments: str) -> str:
        """Run ``python -m ranker`` on its releases; what that says."""
        command = [sys.executable, "-m", "ranker", "--releases", str(self.folder / "releases")]
        ran = subprocess.run(
            [*command, *arguments],
            cwd=find_service(),
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        return (ran.stdout + ran.stderr).strip()

    def served(self) -> list[dict[str, Any]]:
        """What the log says it served."""
        text = (self.folder / "served.jsonl").read_text("utf-8")
        return [json.loads(line) for line in text.splitlines()]


def find_service(start: Path | None = None) -> Path:
    """The folder `service/` of this repository, looked for from a folder upwards.

    Parameters
    ----------
    start : Path, optional
        By default the working directory: a notebook's own folder.

    Raises
    ------
    ServiceError
        If there is none.
    """
    here = (start or Path.cwd()).resolve()
    for folder in (here, *here.parents):
        if (folder / "service" / "ranker" / "__main__.py").is_file():
            return folder / "service"
    raise ServiceError(f"there is no service/ in {here} or above it: clone the repository, please")


@contextlib.contextmanager
def running_service(*options: str) -> Iterator[Running]:
    """The service on a free port, with a copy of its releases that may be changed.

    Parameters
    ----------
    *options : str
        Of ``python -m ranker serve``: "--capacity", "4".

    Raises
    ------
    ServiceError
        If there is no service, or it does not start; it says why.
    """
    home = find_service()
    with tempfile.TemporaryDirectory(prefix="ranker-") as name:
        folder = Path(name)
        shutil.copytree(home / "releases", folder / "releases")
        command = [sys.executable, "-m", "ranker", "--releases", str(folder / "releases"), "serve"]
        command += ["--port", "0", "--log", str(folder / "served.jsonl"), "--with-stdin", *options]
        process = subprocess.Popen(
            command,
            cwd=home,
            env={**os.environ, "OMP_NUM_THREADS": "1"},
            # Should this process be killed, the pipe closes, and the service ends with it.
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        try:
            yield Running(_address(process), folder, process)
        finally:
            _end(process)


def _address(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    timer = threading.Timer(PATIENCE, process.kill)
    timer.start()
    line = process.stdout.readline()
    timer.cancel()
    if "Ctrl-C ends it" not in line:
        process.kill()
        said = (line + process.communicate()[0]).strip() or "it said nothing"
        raise ServiceError(f"the service did not start: {said}")
    return line.split()[4]


def _end(process: subprocess.Popen[str]) -> None:
    try:
        process.communicate(timeout=PATIENCE)  # closes its standard input, which ends it
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
