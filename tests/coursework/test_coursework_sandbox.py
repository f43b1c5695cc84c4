"""What one sandbox holds: memory, processes, files, system calls, its end, in both modes."""

import json
import os
import random
import struct
import sys
from pathlib import Path

import pytest

from coursework import sandbox
from coursework.sandbox import Job, Limits, memory, modes, seccomp, watch
from tests.coursework import toy

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs Linux")
MODES = ["root", "user"] if os.geteuid() == 0 else ["user"]
# Small enough that what overflows it never troubles this machine.
SMALL = Limits(memory_mb=400, files_mb=32, files=3000)


@pytest.fixture(params=MODES)
def mode(request, bubblewrap):
    """Each way in which a sandbox can be made here."""
    return request.param


def run(mode, *cells, probes=(), limits=SMALL, seed=0, run_seconds=60.0):
    """Run cells, each of which may take as long as all."""
    job = Job(cells, tuple((one, 5.0) for one in probes), run_seconds, run_seconds, seed)
    return sandbox.run(job, mode, limits=limits)


def values(ran):
    """The answers of a run that came to its end."""
    said = [json.loads(line) for line in ran.results.splitlines()]
    assert said[-1] == {"end": True}, (ran.killed, ran.log)
    return [one.get("value", one.get("problem")) for one in said if "probe" in one]


CALLS = """
import ctypes, errno, os, socket
libc = ctypes.CDLL(None, use_errno=True)
def refused(number, *given):
    ctypes.set_errno(0)
    return libc.syscall(number, *given) == -1 and ctypes.get_errno() == errno.EPERM
allowed = [name for name, number in {numbers!r}.items() if not refused(number, 0, 0, 0, 0, 0, 0)]
opened = []
for family in range(1, 46):
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_RAW, socket.SOCK_SEQPACKET):
        for protocol in (0, 1, 6, 17, 132, 262):
            try:
                socket.socket(family, kind, protocol).close()
                opened.append((family, protocol))
            except OSError:
                pass
pair = socket.socketpair()
server = socket.create_server(("127.0.0.1", 0))
client = socket.create_connection(server.getsockname())
"""


def test_calls_that_no_notebook_needs_are_refused_and_sockets_are_local(mode):
    column = seccomp._COLUMN[os.uname().machine]
    numbers = {name: both[column] for name, both in seccomp.REFUSED.items()}
    ran = run(mode, CALLS.format(numbers=numbers), probes=["allowed", "opened", "bool(client)"])
    allowed, opened, client = values(ran)
    assert allowed == []
    assert {family for family, _ in opened} == {1, 2}
    assert {protocol for family, protocol in opened if family == 2} <= {0, 6, 17}
    assert client is True


def _kernel(program, machine, number, *given):
    """What the kernel's filter machine returns for a call (linux/filter.h, the steps used here)."""
    data = struct.pack("=iIQ6Q", number, seccomp._AUDIT[machine], 0, *(*given, *[0] * 6)[:6])
    steps = [struct.unpack_from("=HBBI", program, at) for at in range(0, len(program), 8)]
    at = held = 0
    while True:
        code, yes, no, value = steps[at]
        at += 1
        if code == 0x06:
            return value & 0xFFFF if value >> 16 == 0x0005 else None
        if code == 0x20:
            (held,) = struct.unpack_from("=I", data, value)
        else:
            tests = {0x15: held == value, 0x35: held >= value, 0x45: bool(held & value)}
            at += yes if tests[code] else no


def test_what_was_promised_is_refused():
    promised = """memfd_create shmget shmat userfaultfd perf_event_open io_uring_setup
    io_uring_enter io_uring_register process_vm_readv process_vm_writev ptrace mount unshare setns
    bpf pidfd_getfd msgget semget mq_open add_key keyctl"""
    assert set(promised.split()) <= set(seccomp.REFUSED)


@pytest.mark.parametrize("name", ["memfd_create", "shmget", "msgget", "semget"])
def test_the_library_finds_refused_what_the_filter_calls_so(mode, name):
    # By name, so that a wrong number in the table would show.
    given = {"memfd_create": "b'x', 0", "shmget": "0, 4096, 0o1600", "msgget": "0, 0o1600"}
    call = f"libc.{name}({given.get(name, '0, 1, 0o1600')})"
    cell = f"import ctypes\nlibc = ctypes.CDLL(None, use_errno=True)\ndone = {call}"
    assert values(run(mode, cell, probes=["done", "ctypes.get_errno()"])) == [-1, 1]


@pytest.mark.parametrize("machine", seccomp.MACHINES)
def test_the_filter_refuses_what_it_names_and_nothing_else(machine):
    program = seccomp.program(machine)
    column = seccomp._COLUMN[machine]
    named = {both[column] for both in seccomp.REFUSED.values()}
    assert len(named) == len(seccomp.REFUSED)
    sockets, clone = seccomp._SOCKETS[machine], seccomp._CLONE[machine]
    for number in set(range(460)) - {*sockets, clone, 435}:
        assert _kernel(program, machine, number) == (1 if number in named else None), number
    for number in sockets:
        for family in range(50):
            due = None if family in (1, 2) else 97
            assert _kernel(program, machine, number, family) == due
        for protocol in range(300):
            due = None if protocol in (0, 6, 17) else 97
            assert _kernel(program, machine, number, 2, 1, protocol) == due
    assert _kernel(program, machine, clone, 0x1000_0000) == 1
    assert _kernel(program, machine, clone, 17) is None
    assert _kernel(program, machine, 435) == 38


def test_a_processor_without_a_filter_is_named_aloud(monkeypatch, capsys):
    monkeypatch.setattr(seccomp.platform, "machine", lambda: "riscv64")
    monkeypatch.setattr(modes, "trial", lambda mode: "")
    monkeypatch.setattr(modes.shutil, "which", lambda name: f"/usr/bin/{name}")
    sandbox.find_mode.cache_clear()
    sandbox.find_mode()
    sandbox.find_mode.cache_clear()
    said = capsys.readouterr().err
    assert "NO FILTER OF SYSTEM CALLS" in said
    assert "riscv64" in said


# Each takes memory that the resident memory of no process shows.
UNSEEN = {
    # Each of four maps less than one process may, and forgets it.
    "shared, forgotten": """
import mmap, os, time
os.fork(), os.fork()
kept = []
for _ in range(10):
    part = mmap.mmap(-1, 1 << 24)
    part.write(bytes(1 << 24))
    part.madvise(mmap.MADV_DONTNEED)
    kept.append(part)
time.sleep(3600)
""",
    "of /dev/zero": """
import mmap, os, time
os.fork(), os.fork()
kept = []
zero = os.open("/dev/zero", os.O_RDWR)
for _ in range(10):
    kept.append(mmap.mmap(zero, 1 << 24, mmap.MAP_SHARED))
    kept[-1].write(bytes(1 << 24))
    kept[-1].madvise(mmap.MADV_DONTNEED)
time.sleep(3600)
""",
    "sockets": """
import os, socket, time
for _ in range(20):
    if os.fork() == 0:
        kept = []
        try:
            while True:
                kept += socket.socketpair()
                kept[-1].setblocking(False)
                try:
                    while True:
                        kept[-1].send(bytes(1 << 16))
                except BlockingIOError:
                    pass
        except OSError:
            time.sleep(60)
time.sleep(60)
""",
    "private": "kept = []\nwhile True: kept.append(bytearray(b'x') * (1 << 20))",
    "of many": """
import os, time
for _ in range(8):
    if os.fork() == 0:
        kept = bytearray(b"x") * (100 << 20)
        time.sleep(60)
time.sleep(60)
""",
}


@pytest.mark.parametrize("kind", UNSEEN)
def test_memory_is_counted_whoever_it_belongs_to(mode, kind):
    ran = run(mode, UNSEEN[kind])
    over = ran.killed == "used more than 400 MB of memory"
    # What one process takes for itself, its own limit refuses.
    assert over or (kind == "private" and "MemoryError" in ran.log)


def test_files_without_content_are_counted(mode):
    cell = "import os\nfor n in range(100_000): open(f'/tmp/{n}', 'w').close()"
    assert run(mode, cell).killed == "made more than 3000 files"


def test_few_files_may_be_open(mode):
    cell = "kept = []\ntry:\n    while True: kept.append(open('/dev/null'))\nexcept OSError: pass"
    (opened,) = values(run(mode, cell, probes=["len(kept)"]))
    assert 100 < opened < 260


PROC = """
import os
wrote = []
for pid in filter(str.isdigit, os.listdir("/proc")):
    for name in ("mem", "oom_score_adj", "oom_adj", "comm", "clear_refs", "coredump_filter",
                 "autogroup", "attr/current", "setgroups", "uid_map", "timerslack_ns"):
        for flags in (os.O_RDWR, os.O_WRONLY):
            try:
                os.close(os.open(f"/proc/{pid}/{name}", flags))
                wrote.append((pid, name))
            except OSError:
                pass
os.system("echo 0 > /proc/self/oom_score_adj; (exec sh -c 'echo 0 > /proc/self/oom_score_adj')")
scores = [open(f"/proc/{pid}/oom_score_adj").read().strip()
          for pid in filter(str.isdigit, os.listdir("/proc"))]
"""


def test_nothing_can_be_written_through_proc_and_the_kernel_still_ends_this_first(mode):
    wrote, scores = values(run(mode, PROC, probes=["wrote", "sorted(set(scores))"]))
    assert wrote == []
    assert scores == ["1000"]


CLINGS = """
import ctypes, os, signal, time
ctypes.CDLL(None).prctl(1, 0, 0, 0, 0)
signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 64))
for _ in range(3):
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            while True: time.sleep(0.1)
        os._exit(0)
while True: time.sleep(0.1)
"""


def left(seed):
    """The processes of this machine that have the seed of a sandbox."""
    mark = f"LAUNCHLAB_CLASS_SEED={seed}\0".encode()
    found = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            if mark in Path(f"/proc/{pid}/environ").read_bytes() + b"\0":
                found.append(pid)
        except OSError:
            continue
    return found


@pytest.mark.parametrize("spared", ["nobody", "the group of bubblewrap"])
def test_nothing_outlives_its_sandbox(mode, spared, monkeypatch):
    if spared != "nobody":
        # As if bubblewrap's first process had been talked out of ending with its parent.
        monkeypatch.setattr(watch.os, "killpg", lambda *given: None)
    seed = random.randrange(10**6, 2**31)
    ran = run(mode, CLINGS, seed=seed, run_seconds=2.0)
    assert ran.killed == "ran longer than 2 s"
    assert left(seed) == []


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077, 0o777])
def test_what_umask_does_not_matter(mode, umask):
    tests = {"q1.py": b"OK = True\n"}
    job = Job(("text = open('tests/q1.py').read()",), (("text", 5.0),), 60, 60, 0, tests)
    before = os.umask(umask)
    try:
        ran = sandbox.run(job, mode)
    finally:
        os.umask(before)
    assert values(ran) == ["OK = True\n"]


# Each looks for a question where one might be kept, and tells it in every way there is.
SEEKS = """
import atexit, builtins, gc, os, sys, threading, time
def tell(text):
    for stream in (sys.stdout, sys.stderr):
        print(text, file=stream, flush=True)
    for fd in range(1, 64):
        try:
            os.write(fd, (str(text) + "\\n").encode())
        except OSError:
            pass
def frames():
    frame, found = sys._getframe(), []
    while frame:
        found.append(repr(dict(frame.f_locals))[:20_000] + repr(frame.f_code.co_consts))
        frame = frame.f_back
    return "\\n".join(found)
"""
NOW = """
tell(frames())
tell([repr(one)[:2000] for one in gc.get_objects() if isinstance(one, (dict, list, str, bytes))
      and "SECRET" in repr(one)[:2000]])
tell(open("/proc/1/cmdline").read() + open("/proc/self/environ").read())
"""
LATER = {
    "the function that is asked": "def mean(values):\n    tell(frames())\n    return 1.0",
    "an error of it": "def mean(values):\n    raise ValueError(frames()[-20_000:])",
    "an error's name": "def mean(values):\n    raise type(frames()[-4000:], (Exception,), {})()",
    "a value's type": "def mean(values):\n    return type(frames()[-4000:], (), {})()",
    "a key": "def mean(values):\n    return {frames()[-4000:]: 1}",
    "eval itself": "real = builtins.eval\n"
    "builtins.eval = lambda *given: tell(frames()) or real(*given)",
    "compile itself": "real = builtins.compile\n"
    "builtins.compile = lambda *given, **more: tell(given) or real(*given, **more)",
    "a thread": "def watch():\n    while True:\n"
    "        for frame in sys._current_frames().values():\n"
    "            tell(repr(frame.f_locals)[:5000])\n        time.sleep(0.01)\n"
    "threading.Thread(target=watch, daemon=True).start()",
    "who reads the questions": "def steal():\n    while True:\n"
    "        for fd in range(3, 64):\n            try: tell(os.read(fd, 5000))\n"
    "            except OSError: pass\n"
    "threading.Thread(target=steal, daemon=True).start()",
}


@pytest.mark.usefixtures("bubblewrap")
@pytest.mark.parametrize("how", LATER)
def test_a_question_reaches_nothing_that_a_student_reads(how, tmp_path):
    from coursework import grade, marks
    from coursework.submissions import Submission

    toml = toy.TOY.replace("mean([1, 2, {seed}])", "mean([1, 2, {seed}, 'SECRET' and 3])")
    private = toy.make_assignment(tmp_path)
    (private / "toy.toml").write_text(toml, encoding="utf-8")
    plan = grade.make_plan("toy", private=private)
    expected = marks.expected_values(plan.run(plan.solution, 0), plan.assignment)
    cells = [*toy.SOLUTION, SEEKS, LATER[how], NOW.replace("SECRET", "SEC' 'RET")]
    ran = plan.run(cells, 0)
    result = marks.judge(Submission("eve", ""), ran, plan.assignment, expected)
    told = result.log + result.reason + "".join(mark.reason for mark in result.marks)
    assert "frames" in result.log, "it was looking"
    assert "SECRET" not in told
    assert str(plan.fresh) not in told


def test_memory_that_is_shared_counts_once_where_it_matters():
    assert memory.used([os.getpid()], 0) <= memory.used([os.getpid()], 1 << 50) * 1.2
    assert memory.shared([os.getpid()]) >= 0
    assert memory.sockets(os.getpid()) >= 0
