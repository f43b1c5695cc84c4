"""Watch one sandbox: read what it writes, ask its questions, end it at a limit."""

import contextlib
import json
import os
import re
import selectors
import signal
import subprocess
import time
from dataclasses import dataclass

from coursework.sandbox import memory
from coursework.sandbox.inside.meter import Meter, family
from coursework.sandbox.order import Job, Limits, Ran

_MB = 1 << 20
_HEAD, _TAIL = 16_000, 32_000
_MOST_RESULTS = 8_000_000
# A pipe may outlive what wrote into it by a moment, and a process its pipes.
_MOMENT = 20.0


@dataclass(frozen=True)
class Ends:
    """The grader's ends of what leads into a sandbox.

    Parameters
    ----------
    process
        bubblewrap, its results on standard output, its log on standard error; or the runner
        itself, without a sandbox.
    questions
        Where the probes are written.
    told
        Where bubblewrap says which process is the sandbox's first.
    """

    process: subprocess.Popen[bytes]
    questions: int
    told: int


class Watch:
    """Reads what a sandbox writes, and ends it when a limit is reached.

    Parameters
    ----------
    ends
        What leads into it.
    job, limits
        What it does, and may use.
    started
        When, by the monotonic clock.
    """

    def __init__(self, ends: Ends, job: Job, limits: Limits, started: float) -> None:
        self.ends = ends
        self.process = ends.process
        self.job = job
        self.limits = limits
        self.started = started
        self.late = f"did not start within {limits.start_seconds:g} s"
        self.results = bytearray()
        self.head = bytearray()
        self.tail = bytearray()
        self.printed = 0
        self.most = 0
        self.killed = ""
        self.starved = False
        self.ready = False
        self.asked = 0
        self.ended: float | None = None
        asks = [json.dumps({"ask": number}).encode() for number in range(len(job.probes))]
        self.phases = [b'{"ready": true}', b'{"finished": true}', *asks, b'{"end": true}']
        self.meter = Meter(lambda: family(self.process.pid))
        self.told = b""
        self.init = 0
        self.first: int | None = None
        self.shared = (0.0, 0)
        self._allow(limits.start_seconds)

    def until_the_end(self) -> Ran:
        """Watch; return what there is to know."""
        assert self.process.stdout is not None and self.process.stderr is not None
        log = self.process.stderr.fileno()
        os.set_blocking(log, False)
        os.set_blocking(self.ends.questions, False)
        with selectors.DefaultSelector() as selector, self.process:
            selector.register(self.process.stdout, selectors.EVENT_READ, self._take_results)
            selector.register(self.process.stderr, selectors.EVENT_READ, self._take_log)
            selector.register(self.ends.told, selectors.EVENT_READ, self._take_first)
            look = self.started
            while selector.get_map():
                for key, _ in selector.select(0.1):
                    try:
                        data = os.read(key.fd, 1 << 16)
                    except BlockingIOError:  # it was read before a question was sent
                        continue
                    if data:
                        key.data(data)
                    else:
                        selector.unregister(key.fileobj)
                now = time.monotonic()
                if self.ended is not None and now > self.ended:
                    break
                if now > look:
                    look = now + 0.1
                    self._look(now)
            code = self._reap()
        if self.first is not None:
            os.close(self.first)
        return Ran(
            bytes(self.results),
            self._log(),
            self.killed,
            code,
            self.most,
            time.monotonic() - self.started,
            self.meter.cpu,
            self.starved,
        )

    def _take_first(self, data: bytes) -> None:
        """Hold on to the first process of the sandbox: with it all others end."""
        # bubblewrap writes its few lines one by one.
        self.told += data
        found = re.search(rb'"child-pid":\s*(\d+)\D', self.told)
        if found and self.first is None:
            self.init = int(found[1])
            with contextlib.suppress(OSError, AttributeError):
                self.first = os.pidfd_open(self.init)

    def _take_results(self, data: bytes) -> None:
        before = len(self.results)
        if before > _MOST_RESULTS:
            self._kill("wrote more results than it was asked for")
            return
        self.results += data
        # A line may have come in two parts.
        new = bytes(self.results[max(0, before - 20) :])
        while self.phases and self.phases[0] + b"\n" in new:
            self._begin(self.phases.pop(0))

    def _begin(self, said: bytes) -> None:
        """Begin the phase that the runner has announced."""
        if said.startswith(b'{"ask"'):
            self._ask()
        elif said.startswith(b'{"ready"'):
            self.ready = True
            self.late = f"ran longer than {self.job.run_seconds:g} s"
            self._allow(self.job.run_seconds)
        elif said.startswith(b'{"finished"'):
            self.late = "its answers took longer than all of them may"
            self._allow(sum(seconds + 2 for _, seconds in self.job.probes) + 2)
        else:
            self.ended = time.monotonic() + _MOMENT

    def _allow(self, seconds: float) -> None:
        """Let what comes next take so many seconds."""
        self.meter.look()
        self.allowed = self.meter.spent + seconds
        self.deadline = time.monotonic() + self.limits.clock(seconds)

    def _ask(self) -> None:
        """Send the next question. From the first on, nothing that is printed counts."""
        if not self.asked:
            self._empty_log()
        expression, _ = self.job.probes[self.asked]
        line = json.dumps({"number": self.asked, "expression": expression}).encode() + b"\n"
        self.asked += 1
        try:
            os.write(self.ends.questions, line)
        except OSError:
            self._kill("does not read what it is asked")

    def _empty_log(self) -> None:
        """Read what was printed so far; somebody who goes on printing is not waited for."""
        assert self.process.stderr is not None
        for _ in range(64):
            try:
                data = os.read(self.process.stderr.fileno(), 1 << 16)
            except BlockingIOError:
                return
            if not data:
                return
            self._keep_log(data)

    def _take_log(self, data: bytes) -> None:
        if not self.asked:
            self._keep_log(data)

    def _keep_log(self, data: bytes) -> None:
        self.printed += len(data)
        room = _HEAD - len(self.head)
        self.head += data[:room] if room > 0 else b""
        self.tail += data[max(room, 0) :]
        if len(self.tail) > 4 * _TAIL:
            del self.tail[:-_TAIL]

    def _log(self) -> str:
        del self.tail[:-_TAIL]
        left_out = self.printed - len(self.head) - len(self.tail)
        middle = f"\n... {left_out} bytes left out ...\n".encode() if left_out else b""
        text = (bytes(self.head) + middle + bytes(self.tail)).decode("utf-8", "replace")
        # Control characters would make a page of it unreadable, and XML invalid.
        return "".join(c if c.isprintable() or c in "\n\t" else "�" for c in text)

    def _kill(self, why: str) -> None:
        if not self.killed:
            self.killed = why
            self.ended = time.monotonic() + _MOMENT
        self._end()

    def _end(self) -> None:
        """End the sandbox's first process, with which all of it ends, and bubblewrap."""
        if self.first is not None:
            with contextlib.suppress(OSError):
                signal.pidfd_send_signal(self.first, signal.SIGKILL)
        else:
            # Without a sandbox, what has left the group is found as long as its parents live.
            for pid in family(self.process.pid)[1:]:
                with contextlib.suppress(OSError):
                    os.kill(pid, signal.SIGKILL)
        with contextlib.suppress(OSError):
            os.killpg(self.process.pid, signal.SIGKILL)

    def _reap(self) -> int:
        """Wait for the process; return its code."""
        patience = time.monotonic() + _MOMENT
        while True:
            pid, status = os.waitpid(self.process.pid, os.WNOHANG)
            if pid:
                break
            if self.killed or time.monotonic() > patience:
                self._end()
            time.sleep(0.005)
        self._end()
        code = os.waitstatus_to_exitcode(status)
        self.process.returncode = code
        return 128 - code if code < 0 else code

    def _look(self, now: float) -> None:
        """Add up what the sandbox uses, and end it where that is too much."""
        self.meter.look()
        self.most = max(self.most, self.meter.processes)
        if self.killed or self.ended is not None:
            return
        if self.meter.spent > self.allowed:
            self._kill(self.late)
        elif now > self.deadline:
            self.starved = True
            self._kill(self.late)
        self._look_at_memory(now)

    def _look_at_memory(self, now: float) -> None:
        members = family(self.process.pid)
        most = self.limits.memory_mb * _MB
        if now > self.shared[0]:
            # Reading all maps costs more than the rest, so it is done less often.
            self.shared = now + 0.5, memory.shared(members)
        total = memory.used(members, most) + self.shared[1]
        if self.init:
            total += memory.sockets(self.init)
            # Before it is ready, its root may still be that of this machine.
            if self.ready and memory.files(self.init) > self.limits.files:
                self._kill(f"made more than {self.limits.files} files")
        if total > most:
            self._kill(f"used more than {self.limits.memory_mb} MB of memory")
