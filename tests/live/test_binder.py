"""The environment that Binder makes: installed afresh, started as Binder does, and as small.

Binder gives a reader one core and 2 GB. The core is pinned with ``taskset``. The memory limit is
``RLIMIT_DATA``, which needs no cgroup of one's own (a container has none) and is stricter: it
counts what a process reserves, not what it uses. It holds for each process, so the whole tree is
measured too. ``RLIMIT_AS`` would count libraries and shared pages, and ``RLIMIT_RSS`` does nothing.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
import pytest
import websocket
import yaml
from playwright.sync_api import BrowserContext

from tests import patience
from tests.live import workbench
from tests.live.test_live_notebooks import answer_questions
from tests.live.workbench import ROOT, Notebook, Server
from tests.seed import has_turn

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        sys.platform != "linux" or not shutil.which("taskset") or not shutil.which("prlimit"),
        reason="limits are set with Linux's taskset and prlimit",
    ),
]

REPORT = ROOT / ".cache" / "live-report.json"
PATHS = sorted(
    str(path.relative_to(ROOT))
    for name in workbench.NOTEBOOKS
    for path in (ROOT / name).rglob("*.ipynb")
    if ".ipynb_checkpoints" not in path.parts
)
MADE_OF = ("requirements.lock", "pyproject.toml", "postBuild", "jupyter_lab_config.py")
LIMIT = 2 * 1024**3
NOTEBOOK_LIMIT_MB = 1024
IMPORT_SECONDS = 3
# What is installed into the image, without the byte code that pip adds (some 200 MB).
ENVIRONMENT_LIMIT_MB = 850


def pip_section() -> list[str]:
    """The lines that ``environment.yml`` hands to pip."""
    given = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    section: list[str] = next(one["pip"] for one in given["dependencies"] if isinstance(one, dict))
    return section


def pinned_python() -> str:
    """The Python version that ``environment.yml`` names, such as 3.11."""
    given = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    line = next(one for one in given["dependencies"] if str(one).startswith("python="))
    return str(line).removeprefix("python=")


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """Keep the other workers waiting."""
    REPORT.parent.mkdir(exist_ok=True)
    with REPORT.with_name("binder.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def core() -> int:
    """The one processor core of this worker's Binder; another worker has another."""
    cores = sorted(os.sched_getaffinity(0), reverse=True)
    worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0")
    return cores[int(worker.removeprefix("gw")) % len(cores)]


@pytest.fixture(scope="session")
def report(testrun_uid: str) -> Iterator[dict[str, Any]]:
    """Figures that end up in ``.cache/live-report.json``, with those of the other workers."""
    figures: dict[str, Any] = {"run": testrun_uid, "notebooks": {}}
    yield figures
    with alone():
        before = json.loads(REPORT.read_text(encoding="utf-8")) if REPORT.exists() else {}
        if before.get("run") == testrun_uid:
            peak = max(one.get("tree_peak_mb", 0) for one in (before, figures))
            notebooks = {**before["notebooks"], **figures["notebooks"]}
            figures = {**before, **figures, "tree_peak_mb": peak, "notebooks": notebooks}
        REPORT.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


@pytest.fixture(scope="session")
def python(report: dict[str, Any]) -> Path:
    """The interpreter of a fresh environment; made anew when what it is made of has changed."""
    with alone():
        return _environment(report)


def _environment(report: dict[str, Any]) -> Path:
    if pinned_python() != f"{sys.version_info.major}.{sys.version_info.minor}":
        pytest.skip(f"Binder's Python is {pinned_python()}; this is another")
    made_of = [*pip_section(), sys.version, str(ROOT)]
    made_of += [(ROOT / name).read_text(encoding="utf-8") for name in MADE_OF]
    key = hashlib.sha256("\n".join(made_of).encode()).hexdigest()[:16]
    folder = ROOT / ".cache" / "binder" / key
    report["cached"] = folder.joinpath("installed").exists()
    if not report["cached"]:
        shutil.rmtree(folder.parent, ignore_errors=True)
        started = time.monotonic()
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
        wanted = folder / "requirements.txt"
        wanted.write_text("\n".join(pip_section()) + "\n", encoding="utf-8")
        # conda hands pip the section as a file in the repository's folder, and so its paths hold.
        # uv in pip's place: the same packages, in a fifth of the time.
        command = [sys.executable, "-m", "uv", "pip", "install", "--quiet", "-r", wanted]
        command += ["--python", folder / "bin" / "python"]
        text = wanted.read_text("utf-8").replace("-c requirements", f"-c {ROOT}/requirements")
        wanted.write_text(text.replace("-e .", f"-e {ROOT}"), encoding="utf-8")
        subprocess.run(command, cwd=ROOT, check=True)
        # Binder runs this after the installation, with the environment's folder in a variable.
        after = {**os.environ, "NB_PYTHON_PREFIX": str(folder)}
        subprocess.run(["bash", "postBuild"], cwd=ROOT, env=after, check=True)
        seconds = round(time.monotonic() - started, 1)
        folder.joinpath("installed").write_text(str(seconds), encoding="utf-8")
    report["install_s"] = float(folder.joinpath("installed").read_text(encoding="utf-8"))
    return folder / "bin" / "python"


def tree(process: subprocess.Popen[bytes]) -> list[psutil.Process]:
    """A process and all that came of it."""
    parent = psutil.Process(process.pid)
    return [parent, *parent.children(recursive=True)]


class Peak(threading.Thread):
    """The most memory that a tree of processes shares out among itself (PSS), in MB."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        super().__init__(daemon=True)
        self.process = process
        self.ended = threading.Event()
        self.mb = 0.0

    def run(self) -> None:
        while not self.ended.wait(0.2):
            used = 0
            try:
                for one in tree(self.process):
                    try:
                        used += one.memory_full_info().pss
                    except (psutil.NoSuchProcess, psutil.AccessDenied):
                        continue
            except psutil.NoSuchProcess:
                return
            self.mb = max(self.mb, used / 1024**2)


@pytest.fixture(scope="module")
def binder(
    python: Path, report: dict[str, Any], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    """A JupyterLab as Binder starts it: behind a base address, on one core, in 2 GB."""
    root = workbench.copy_notebooks(tmp_path_factory.mktemp("binder"))
    home = tmp_path_factory.mktemp("binder-home")
    limits = ["taskset", "--cpu-list", str(core()), "prlimit", f"--data={LIMIT}"]
    with workbench.serve(
        root,
        home,
        command=[*limits, str(python), "-m", "jupyterlab"],
        base="/user/reader-0a1b2c/",
    ) as server:
        peak = Peak(server.process)
        peak.start()
        yield server
        peak.ended.set()
        peak.join()
        report["tree_peak_mb"] = round(peak.mb)
    assert 0 < peak.mb < LIMIT / 1024**2, "the server and its kernels together"


@dataclass
class Kernel:
    """A kernel of the server, spoken to as a page does."""

    server: Server
    path: str
    id: str = ""
    peak_mb: float = 0.0
    errors: list[str] = field(default_factory=list)

    def __enter__(self) -> Kernel:
        body = {"path": self.path, "type": "notebook", "name": self.path}
        made = self.server.send("POST", "api/sessions", {**body, "kernel": {"name": "python3"}})
        self.session, self.id = made["id"], made["kernel"]["id"]
        address = self.server.url.replace("http", "ws", 1)
        self.socket = websocket.create_connection(
            f"{address}api/kernels/{self.id}/channels?token={self.server.token}",
            timeout=patience.EVENT,
        )
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()
        self.server.send("DELETE", f"api/sessions/{self.session}")

    @property
    def process(self) -> psutil.Process:
        """The kernel's process."""
        return next(
            one for one in tree(self.server.process) if any(self.id in s for s in one.cmdline())
        )

    def run(self, source: str) -> None:
        """Run a cell to its end; note what it raised and how large the kernel has been."""
        number = uuid.uuid4().hex
        content = {"code": source, "silent": False, "store_history": True, "allow_stdin": False}
        header = {"msg_id": number, "msg_type": "execute_request", "session": "binder"}
        message = {"header": {**header, "username": "", "version": "5.4"}, "content": content}
        empty: dict[str, Any] = {"parent_header": {}, "metadata": {}, "buffers": []}
        self.socket.send(json.dumps({**message, **empty, "channel": "shell"}))
        done: set[str] = set()
        while done != {"reply", "idle"}:
            said = self.socket.recv()
            if isinstance(said, bytes):  # a message with buffers, which no cell's end is
                continue
            heard = json.loads(said)
            if heard["parent_header"].get("msg_id") != number:
                continue
            if heard["msg_type"] == "error":
                content = heard["content"]
                self.errors.append(f"{content['ename']}: {content['evalue']}")
            if heard["msg_type"] == "execute_reply":
                done.add("reply")
            if heard["msg_type"] == "status" and heard["content"]["execution_state"] == "idle":
                done.add("idle")
        # The kernel of the operating system keeps the peak, so nothing is missed in between.
        status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="utf-8")
        line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
        self.peak_mb = int(line.split()[1]) / 1024


# A third of them a day; nbval runs each every day, and asks its labs live, without Binder's limits.
# EVERYTHING=1 runs all of them here, too.
TODAY = [path for place, path in enumerate(PATHS) if has_turn(place, 3)]


@pytest.mark.parametrize("path", TODAY)
def test_a_notebook_runs_in_what_binder_gives(
    path: str, binder: Server, report: dict[str, Any]
) -> None:
    cells = json.loads((ROOT / path).read_text(encoding="utf-8"))["cells"]
    started = time.monotonic()
    with Kernel(binder, path) as kernel:
        assert kernel.process.cpu_affinity() == [core()]
        assert kernel.process.rlimit(psutil.RLIMIT_DATA)[0] == LIMIT
        for cell in cells:
            if cell["cell_type"] == "code":
                kernel.run("".join(cell["source"]))
            assert kernel.errors == []
    figures = {"peak_mb": round(kernel.peak_mb), "seconds": round(time.monotonic() - started, 1)}
    report["notebooks"][path] = figures
    assert 0 < kernel.peak_mb < NOTEBOOK_LIMIT_MB


def test_a_binder_page_opens_on_the_notebook_and_its_lab_moves(
    binder: Server, context: BrowserContext
) -> None:
    first = context.new_page()
    first.goto(f"{binder.url}?token={binder.token}")
    first.wait_for_url("**/user/reader-0a1b2c/lab/tree/book/index.ipynb*")
    first.locator(".jp-NotebookPanel h1").wait_for()
    off = first.evaluate(
        """() => JSON.parse(document.getElementById('jupyter-config-data').textContent)
          .disabledExtensions"""
    )
    assert "@jupyterlab/apputils-extension:announcements" in off
    first.close()
    notebook = Notebook(context.new_page(), binder, "book/index.ipynb")
    assert "/user/reader-0a1b2c/" in notebook.page.url
    notebook.run_all()
    assert answer_questions(notebook, None) == 1
    lab = notebook.labs[0]
    before = lab.svg, lab.sentence
    lab.controls[0].press("End")
    assert lab.failure == ""
    assert lab.svg != before[0]
    assert lab.sentence != before[1]
    notebook.close()


def test_the_environment_is_no_larger_than_the_notebooks_need(
    python: Path, report: dict[str, Any]
) -> None:
    folder = python.parents[1]
    files = [path for path in folder.rglob("*") if path.is_file() and not path.is_symlink()]
    sizes = [path.stat().st_size for path in files if path.suffix != ".pyc"]
    report["environment_mb"] = round(sum(sizes) / 1e6)
    assert 0 < report["environment_mb"] < ENVIRONMENT_LIMIT_MB
    assert not list(folder.glob("bin/ruff")), "what checks the course is not for its readers"


def test_the_package_is_imported_quickly(python: Path, report: dict[str, Any]) -> None:
    """In CPU time: on a shared machine the clock measures the neighbours."""
    walls, spent = [], []
    for _ in range(3):  # the first warms the disk's cache and the byte code
        started, before = time.monotonic(), os.times()
        subprocess.run([python, "-c", "import launchlab.lab"], check=True)
        after = os.times()
        walls.append(time.monotonic() - started)
        spent.append(
            after.children_user
            + after.children_system
            - (before.children_user + before.children_system)
        )
    report["import_s"] = {"cpu": round(min(spent), 2), "wall": round(min(walls), 2)}
    # A busy machine spends half as much again on the same work, on Altair's own import as well.
    altair = []
    for _ in range(3):
        before = os.times()
        subprocess.run([python, "-c", "import altair"], check=True)
        after = os.times()
        used = after.children_user + after.children_system
        altair.append(used - before.children_user - before.children_system)
    assert min(spent) < max(IMPORT_SECONDS, 3 * min(altair))


def test_the_memory_limit_holds(python: Path) -> None:
    """A gate that nothing could fail would say nothing."""
    greedy = [python, "-c", f"import numpy; numpy.ones({LIMIT} // 8)"]
    ran = subprocess.run(
        ["prlimit", f"--data={LIMIT}", *greedy], capture_output=True, text=True, check=False
    )
    assert "MemoryError" in ran.stderr
