"""Start one bubblewrap sandbox, with one notebook in it."""

import contextlib
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, Any

from coursework.sandbox import seccomp
from coursework.sandbox.mounts import CHECKOUT, INSIDE, INSIDE_SHOWN, command, environment
from coursework.sandbox.order import Job, Limits, Mode, Ran
from coursework.sandbox.watch import Ends, Watch

# User numbers that neither Debian nor systemd gives to anybody.
_FIRST_UID, _UIDS = 61200, 700
_MB = 1 << 20
# When the machine's memory runs out, this is what the kernel should end first. It is said before
# anything runs inside, where nobody can take it back.
_FIRST_TO_GO = 'echo 1000 2>/dev/null >/proc/self/oom_score_adj; exec "$@"'
_MAIN = "import sys; sys.path.append({folder!r}); from inside.runner import main; "
_MAIN += "sys.path.pop(); main()"


def run(job: Job, mode: Mode, *, limits: Limits | None = None, hidden: Sequence[Path] = ()) -> Ran:
    """Run a notebook in a sandbox of its own, and wait for its end.

    Parameters
    ----------
    job
        What to run.
    mode
        As ``find_mode`` found it.
    limits
        The defaults of ``Limits``, if left out.
    hidden
        Files and folders that must not be seen; home and this checkout (but
        its package) never are.
    """
    limits = limits or Limits()
    with tempfile.TemporaryDirectory(prefix="launchlab-grade-") as scratch:
        tests = _tests(Path(scratch), job)
        with contextlib.ExitStack() as stack:
            questions, asking = _pipe(stack)
            telling, told = _pipe(stack)
            passed = [questions.fileno()]
            if mode == "unsafe":
                python = _python(INSIDE.parent)
                full, variables = python, environment(job.seed, scratch)
            else:
                made = command(mode, limits, tests, [CHECKOUT, Path.home(), *hidden], job.seed)
                passed += [told.fileno(), *(filters := list(_filters(stack)))]
                made += ["--info-fd", str(told.fileno())]
                made += [part for fd in filters for part in ("--seccomp", str(fd))]
                full = ["/bin/sh", "-c", _FIRST_TO_GO, "sh", *made, "--"]
                full += _python(Path(INSIDE_SHOWN).parent)
                variables = {}
            stdin = stack.enter_context(tempfile.TemporaryFile())
            stdin.write(json.dumps(_order(job, mode, limits, questions.fileno())).encode())
            stdin.seek(0)
            started = time.monotonic()
            process = subprocess.Popen(
                full,
                stdin=stdin,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env=variables,
                cwd=scratch,
                pass_fds=passed,
                start_new_session=True,
            )
            told.close()
            ends = Ends(process, asking.fileno(), telling.fileno())
            return Watch(ends, job, limits, started).until_the_end()


def _pipe(stack: contextlib.ExitStack) -> tuple[IO[bytes], IO[bytes]]:
    reading, writing = os.pipe()
    ends = os.fdopen(reading, "rb", 0), os.fdopen(writing, "wb", 0)
    for end in ends:
        stack.enter_context(end)
    return ends


def _python(folder: Path) -> list[str]:
    return [sys.executable, "-P", "-s", "-B", "-c", _MAIN.format(folder=str(folder))]


def _tests(scratch: Path, job: Job) -> Path:
    """Write the public checks where the notebook's user can read them, whatever the umask."""
    folder = scratch / "tests"
    scratch.chmod(0o755)
    folder.mkdir()
    folder.chmod(0o755)
    for name, content in job.tests.items():
        path = folder / Path(name).name
        path.write_bytes(content)
        path.chmod(0o644)
    return folder


def _order(job: Job, mode: Mode, limits: Limits, questions: int) -> dict[str, Any]:
    """Return what the runner is told: no question, and no value that is due."""
    uid = None
    if mode == "root":
        # One user a sandbox, as the limit of processes counts those of a user.
        uid = _FIRST_UID + (os.getpid() * 31 + threading.get_native_id()) % _UIDS
    total = limits.start_seconds + job.run_seconds + sum(2 + seconds for _, seconds in job.probes)
    return {
        "cells": job.cells,
        "cell_seconds": (job.cell_seconds, limits.clock(job.cell_seconds)),
        "probes": [(seconds, limits.clock(seconds)) for _, seconds in job.probes],
        "questions": questions,
        "memory_bytes": limits.memory_mb * _MB,
        # All together are held to less by who watches; this is for when nobody does.
        "cpu_seconds": int(2 * total) + 1,
        "file_bytes": limits.files_mb * _MB,
        "open_files": limits.open_files,
        # Outside a namespace the limit would count whatever else this user runs.
        "processes": None if mode == "unsafe" else limits.processes,
        "uid": uid,
        "alone": mode != "unsafe",
    }


def _filters(stack: contextlib.ExitStack) -> Iterator[int]:
    """Open the filter of system calls for bubblewrap to read."""
    program = seccomp.program()
    if program is not None:
        file = stack.enter_context(tempfile.TemporaryFile())  # noqa: SIM115 - the stack closes it
        file.write(program)
        file.seek(0)
        yield file.fileno()
