"""Ctrl-C, at any moment of a build, and what the next build makes of it."""

import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from launchlab.publish.build import UNFINISHED
from tests.publish.tiny import CONFIG, Tiny

pytestmark = pytest.mark.kernel

LIMIT = 300
# Stops a build for good while it writes its second page.
PAUSE = """
import os, pathlib, time
def pause(app, name, *_):
    if os.environ.get("PAUSE") and name == "two":
        pathlib.Path(app.srcdir, "begun").touch()
        time.sleep(900)
def setup(app):
    app.connect("html-page-context", pause, priority=999)
"""
SLOW = """
import os, pathlib, time
pathlib.Path("begun.new").write_text(str(os.getpid()))
os.replace("begun.new", "begun")
time.sleep(900 if os.environ.get("PAUSE") else 0)
"""


def wait(condition, what):
    end = time.monotonic() + LIMIT
    while not condition():
        assert time.monotonic() < end, f"after {LIMIT} s: no {what}"
        time.sleep(0.1)


def interrupt(tiny: Tiny, sent: signal.Signals) -> str:
    """What a build says that is ended when a file called ``begun`` is there."""
    begun = tiny.folder / "begun"
    environment = {**tiny.environment(), "PAUSE": "1"}
    with subprocess.Popen(
        tiny.command("build", "--quiet"),
        cwd=tiny.folder,
        env=environment,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    ) as running:
        wait(lambda: begun.exists() or running.poll() is not None, "beginning")
        running.send_signal(sent)
        printed, _ = running.communicate(timeout=LIMIT)
    assert running.returncode == 130, printed
    return printed


def runs(process: int) -> bool:
    """Whether a process runs (one that ended and was not asked after runs no more)."""
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def test_a_build_that_was_interrupted_while_pages_were_written_passes_the_next_time(tmp_path):
    """Sphinx took its pages for written, and missed their search index."""
    tiny = Tiny(tmp_path, path=tmp_path)
    tmp_path.joinpath("pause.py").write_text(PAUSE)
    tmp_path.joinpath("_config.yml").write_text(
        CONFIG.replace("extensions: [", "extensions: [pause, ")
    )
    for name in ("one", "two", "three"):
        tiny.add(name, f"print('{name}')")
    printed = interrupt(tiny, signal.SIGINT)
    assert (
        printed.splitlines()[-1] == "Stopped: nothing is lost, the next run takes up what is done."
    )
    assert "Traceback" not in printed and "rror" not in printed
    code, printed = tiny.build()
    assert code == 0, printed
    assert "The last build was interrupted" in printed
    assert "Running" not in printed, "what notebooks showed was lost"
    for name in ("one", "two", "three"):
        assert name in tmp_path.joinpath(f"_build/html/{name}.html").read_text(encoding="utf-8")
    assert not (tmp_path / UNFINISHED).exists(), "the next build would say so too"


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks for a process in /proc")
@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_a_build_that_is_interrupted_while_notebooks_run_leaves_none_running(tmp_path, sent):
    tiny = Tiny(tmp_path)
    tiny.add("slow", SLOW)
    tiny.add("other", "print(1)")
    printed = interrupt(tiny, sent)
    assert "Traceback" not in printed and "rror" not in printed
    kernel = int(tmp_path.joinpath("begun").read_text())
    wait(lambda: not runs(kernel), "end of the kernel")
    tiny.assert_builds()


def test_the_end_of_one_process_is_seen():
    """The check above can fail."""
    assert runs(os.getpid())
