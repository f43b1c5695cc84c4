"""A kernel that is a fork knows what a fresh one knows, and ends as one ends."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from jupyter_client.manager import KernelManager

from launchlab.publish import warm
from tests import patience

pytestmark = [
    pytest.mark.kernel,
    pytest.mark.skipif(not warm.environment(warm.FEWEST), reason="not on Linux"),
]

LOOK = """
import json, os, sys
imported = "sklearn.ensemble" in sys.modules
import altair, pandas
print(json.dumps({
    # With the values that are set now.
    "tables": pandas.describe_option(_print_desc=False),
    "charts": [altair.renderers.active, altair.theme.active],
    "path": sys.path, "folder": os.getcwd(), "given": os.environ.get("GIVEN"),
    "own group": os.getpgrp() == os.getpid(),
    "package": sorted(name for name in sys.modules if name.startswith("launchlab")),
    "imported": imported,
    "pid": os.getpid(),
}))
"""
# Started by a process of its own, which is then killed.
KILLED = """
import sys, time
from jupyter_client.manager import KernelManager
from tests.publish.test_publish_warm import LOOK, ask

if __name__ == "__main__":
    manager = KernelManager()
    manager.start_kernel()
    print(ask(manager, LOOK), flush=True)
    time.sleep(600)
"""


def ask(manager: KernelManager, code: str) -> str:
    """What a kernel prints."""
    client = manager.client()
    client.start_channels()
    client.wait_for_ready(timeout=patience.EVENT)
    said: list[str] = []
    client.execute_interactive(
        code,
        timeout=patience.EVENT,
        output_hook=lambda message: said.append(message["content"].get("text", "")),
    )
    client.stop_channels()
    return "".join(said)


@pytest.fixture
def started(monkeypatch):
    """Starts kernels, warm or not, and ends them."""
    managers = []

    def start(*, warmed, **options):
        name = warm.NAME if warmed else "local-provisioner"
        monkeypatch.setenv(warm.VARIABLE, name)
        manager = KernelManager()
        # One factory a process remembers its first default.
        manager.kernel_spec.metadata["kernel_provisioner"] = {"provisioner_name": name}
        manager.start_kernel(**options)
        managers.append(manager)
        return manager

    yield start
    for manager in managers:
        manager.shutdown_kernel(now=True)


def test_it_is_given_what_a_fresh_one_is_given(started, tmp_path):
    given = {**os.environ, "GIVEN": "this"}
    (fresh, forked) = (
        json.loads(ask(started(warmed=warmed, cwd=str(tmp_path), env=dict(given)), LOOK))
        for warmed in (False, True)
    )
    assert forked["path"] == fresh["path"]
    assert "[currently: 20]" in fresh["tables"]
    assert forked["charts"] == fresh["charts"]
    said = [re.findall(r"currently: (.*)\]", one["tables"].lower()) for one in (forked, fresh)]
    assert said[0] == said[1]
    assert forked["folder"] == fresh["folder"] == str(tmp_path)
    assert forked["given"] == fresh["given"] == "this"
    assert forked["own group"] and fresh["own group"]
    assert forked["imported"] and not fresh["imported"]
    # Of the package it has seen what forks it, and nothing that a notebook rests on.
    assert forked["package"] == ["launchlab", "launchlab.publish", "launchlab.publish.warm"]


def test_few_notebooks_are_run_as_ever():
    assert warm.environment(warm.FEWEST - 1) == {}


def test_it_is_interrupted_alone_and_goes_on(started):
    manager = started(warmed=True)
    other = started(warmed=True)
    ask(manager, "1")
    client = manager.client()
    client.start_channels()
    client.execute("print('begun', flush=True); import time; time.sleep(600)")
    while client.get_iopub_msg(timeout=patience.EVENT)["msg_type"] != "stream":
        pass
    manager.interrupt_kernel()
    assert client.get_shell_msg(timeout=patience.EVENT)["content"]["ename"] == "KeyboardInterrupt"
    client.stop_channels()
    assert ask(manager, "print('on')") == ask(other, "print('on')") == "on\n"


def test_one_that_dies_is_seen_to(started):
    manager = started(warmed=True)
    ask(manager, "1")
    client = manager.client()
    client.start_channels()
    client.execute("import os; os._exit(3)")
    assert gone(manager.provisioner.pid)
    client.stop_channels()
    assert not manager.is_alive()
    assert manager.provisioner.process.poll() == 3


def test_none_is_left_when_who_started_it_is_killed(tmp_path):
    script = tmp_path / "starts.py"
    script.write_text(KILLED, encoding="utf-8")
    environment = {
        **os.environ,
        **warm.environment(warm.FEWEST),
        "PYTHONPATH": str(Path(__file__).resolve().parents[2]),
    }
    with subprocess.Popen(
        [sys.executable, str(script)], env=environment, stdout=subprocess.PIPE, text=True
    ) as starter:
        pid = json.loads(starter.stdout.readline())["pid"]
        starter.send_signal(signal.SIGKILL)
    assert gone(pid)


def gone(pid: int) -> bool:
    """Whether a process ends, or has ended."""
    for _ in range(patience.EVENT * 10):
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except (FileNotFoundError, ProcessLookupError):
            return True
        if state == "Z":
            return True
        time.sleep(0.1)
    return False
