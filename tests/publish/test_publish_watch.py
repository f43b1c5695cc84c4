"""A saved change comes to the screen, and a chapter is built alone."""

import http.client
import os
import re
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from launchlab.publish import watch
from tests.publish.tiny import Tiny

LIMIT = 300


@pytest.mark.parametrize(
    "path",
    [
        "_build/watch/index.html",
        ".cache/points/a.joblib",
        ".git/index",
        "book/part/.ipynb_checkpoints/one-checkpoint.ipynb",
        "book/.pytest_cache/v",
        "launchlab/lab/__pycache__/a.pyc",
        "exercises/one/.OTTER_LOG",
        "launchlab.egg-info/PKG-INFO",
        "book/.~one.ipynb",
        "book/one.ipynb~",
        "book/.one.md.swp",
        "book/4913",
    ],
)
def test_what_nobody_wrote_is_not_waited_for(path):
    root = Path("/home/me/_build/course")
    assert re.search(watch.ignored(root), f"{root}/{path}")


@pytest.mark.parametrize(
    "path",
    ["book/one.ipynb", "_toc.yml", "_config.yml", "launchlab/lab/a.py", "book/part/_builder.md"],
)
def test_what_somebody_wrote_is(path):
    root = Path("/home/me/_build/course")
    assert not re.search(watch.ignored(root), f"{root}/{path}")


class Watched:
    """A tiny book that is watched, and what its pages and its terminal show."""

    def __init__(self, tiny: Tiny, log: Path) -> None:
        self.tiny = tiny
        self.log = log
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        with log.open("w") as out:
            self.running = subprocess.Popen(
                tiny.command("watch", "--port", str(self.port)),
                cwd=tiny.folder,
                env=tiny.environment(),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def page(self, name: str) -> str:
        """A page as it is served; empty where there is none (yet), or it is being written."""
        try:
            address = f"http://127.0.0.1:{self.port}/{name}.html"
            return urllib.request.urlopen(address, timeout=30).read().decode()
        except (urllib.error.URLError, http.client.HTTPException, OSError):
            return ""

    def wait(self, name: str, words: str) -> None:
        """Wait until a page shows some words."""
        end = time.monotonic() + LIMIT
        while words not in self.page(name):
            said = self.log.read_text()
            assert self.running.poll() is None, f"it has ended:\n{said}"
            assert time.monotonic() < end, f"no {words!r} after {LIMIT} s:\n{said}"
            time.sleep(0.2)

    def change(self, name: str, old: str, new: str) -> None:
        """Change a notebook, as an editor saves it."""
        path = self.tiny.folder / f"{name}.ipynb"
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new))

    def stop(self) -> str:
        """Press Ctrl-C, and return all that was said."""
        os.killpg(self.running.pid, signal.SIGINT)
        self.running.wait(timeout=LIMIT)
        return self.log.read_text()


@pytest.fixture
def watched(tmp_path) -> Iterator[Watched]:
    home = tmp_path / "home"
    home.mkdir()
    tiny = Tiny(home)
    tiny.add("one", "print('a number of one')", text="One word.")
    tiny.add("two", "print('a number of two')")
    found = Watched(tiny, tmp_path / "log")
    yield found
    if found.running.poll() is None:
        os.killpg(found.running.pid, signal.SIGKILL)
        found.running.wait()


@pytest.mark.kernel
def test_a_change_comes_to_the_screen_and_only_code_is_run_again(watched):
    before = sorted(path.name for path in watched.tiny.folder.iterdir())
    watched.wait("one", "One word.")
    watched.wait("two", "a number of two")
    watched.change("one", "One word.", "Two words.")
    watched.wait("one", "Two words.")
    # The author reads an error where it happened.
    watched.change("one", "print('a number of one')", "missing")
    watched.wait("one", "NameError")
    watched.change("one", "missing", "print('mended')")
    watched.wait("one", "mended")
    said = watched.stop()
    # Together with one at first, and then never again.
    assert len(re.findall(r"^\d of \d two ", said, re.MULTILINE)) == 1
    assert len(re.findall(r"^\d of \d one ", said, re.MULTILINE)) == 3
    assert said.count("KeyboardInterrupt") == 0
    after = sorted(path.name for path in watched.tiny.folder.iterdir())
    assert set(after) - set(before) <= {"_build", ".cache"}


@pytest.mark.kernel
def test_a_chapter_is_built_without_running_any_other(tmp_path):
    tiny = Tiny(tmp_path)
    tiny.add("one", "from pathlib import Path\nPath('one.ran').touch()", text="See {ref}`no`.")
    tiny.add("two", "print(6 * 7)")

    def chapter(name: str) -> tuple[int, str]:
        ran = subprocess.run(
            tiny.command("chapter", name, "--only-page"),
            cwd=tmp_path,
            env=tiny.environment(),
            capture_output=True,
            text=True,
        )
        return ran.returncode, ran.stderr + ran.stdout

    code, printed = chapter("two")
    assert code == 0, printed
    page = Path(printed.strip().splitlines()[-1].rpartition(": ")[2])
    assert "42" in page.read_text(encoding="utf-8")
    assert not tmp_path.joinpath("one.ran").exists()
    # Its own warnings fail it, also when it was read before.
    code, printed = chapter("one")
    assert code == 1
    assert "undefined label: 'no'" in printed
    assert printed.strip().splitlines()[-1].startswith("The page was NOT built")
    assert tmp_path.joinpath("one.ran").exists()
