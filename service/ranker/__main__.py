"""``python -m ranker``: serve, and say which release is served."""

from __future__ import annotations

import argparse
import contextlib
import math
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import FrameType
from typing import NoReturn

# Before anything that reads it: a session is 30 rows, far too few to share among threads, which
# would spend their time waiting for each other.
os.environ.setdefault("OMP_NUM_THREADS", "1")

import uvicorn

from ranker.app import Settings, create_app
from ranker.implausible import POLICIES
from ranker.store import Pointer, Store

HERE = Path(__file__).resolve().parents[1]


class Announced(uvicorn.Server):
    """A server that says where it is once it can be asked, and that it leaves before it does.

    Parameters
    ----------
    config : uvicorn.Config
    leave : callable
        Called when it is told to stop, by SIGTERM: from then on ``/ready`` says no.
    drain : float
        Seconds that it answers on after that. A second signal, or Ctrl-C, ends it at once.
    """

    def __init__(self, config: uvicorn.Config, leave: Callable[[], None], drain: float) -> None:
        super().__init__(config)
        self.leave, self.drain, self.end = leave, drain, math.inf

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin to leave, or end."""
        if sig == signal.SIGTERM and self.end == math.inf:
            self.leave()
            self.end = time.monotonic() + self.drain
        else:
            super().handle_exit(sig, frame)

    async def on_tick(self, counter: int) -> bool:
        """Whether to end: asked ten times a second."""
        return await super().on_tick(counter) or time.monotonic() >= self.end

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then say where."""
        await super().startup(sockets)
        if sockets and self.started:
            host, port = sockets[0].getsockname()[:2]
            print(f"The ranker is at http://{host}:{port} (Ctrl-C ends it)", flush=True)


def serve(settings: Settings, host: str, port: int, drain: float, with_stdin: bool) -> None:
    """Serve until Ctrl-C, until told to stop, or until whoever started it is gone.

    Raises
    ------
    ValueError
        If there is no release to serve, or the current one must not be.
    OSError
        If the port is taken.
    """
    app = create_app(settings)
    # The protocol is named, or asyncio does not see that this is TCP: Nagle's algorithm stays on.
    # Each answer then waits 40 ms for an acknowledgement, far longer than its scoring takes.
    door = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    door.bind((host, port))
    service = app.state.service

    def leave() -> None:
        service.leaving = True

    server = Announced(uvicorn.Config(app, log_level="warning", access_log=False), leave, drain)
    if with_stdin:
        threading.Thread(target=_end_with_stdin, daemon=True).start()
    with contextlib.suppress(KeyboardInterrupt):
        server.run(sockets=[door])
    log = service.log
    print(f"\nThe ranker has stopped; {log.written:,} sessions are in {settings.log}", flush=True)


def _end_with_stdin() -> NoReturn:
    """A pipe is closed when its other end dies, however it dies."""
    while os.read(sys.stdin.fileno(), 4096):
        pass
    os.kill(os.getpid(), signal.SIGINT)
    raise SystemExit


def status(store: Store) -> str:
    """Which releases there are, and which one is served."""
    pointer = store.pointer()
    lines = [f"{'*' if name == pointer.release else ' '} {name}" for name in store.names()]
    return "\n".join([*lines, *([f"held: {pointer.held}"] if pointer.held else [])])


def now(pointer: Pointer) -> str:
    """What a command has done."""
    held = f"; releases are held: {pointer.held}" if pointer.held else ""
    return f"release {pointer.release} is served{held}"


def _seconds(text: str) -> float:
    """A number of seconds; argparse makes a sentence of the error."""
    seconds = float(text)
    if not 0 <= seconds < math.inf:
        raise argparse.ArgumentTypeError(f"{text}, expected 0 or more seconds")
    return seconds


def parser() -> argparse.ArgumentParser:
    """The command line."""
    top = argparse.ArgumentParser(prog="python -m ranker", allow_abbrev=False)
    top.add_argument("--releases", type=Path, default=HERE / "releases", help="their folder")
    commands = top.add_subparsers(dest="command", required=True)
    one = commands.add_parser("serve", help="serve the current release until Ctrl-C")
    one.add_argument("--host", default="127.0.0.1")
    one.add_argument("--port", type=int, default=8080, help="0: any that is free")
    one.add_argument("--log", type=Path, default=Path("served.jsonl"), help="of served sessions")
    one.add_argument("--capacity", type=int, default=16, help="sessions inside at once")
    one.add_argument(
        "--implausible",
        choices=POLICIES,
        default="refuse",
        help="a session with an implausible offer: refuse it (the default), leave the offer out, "
        "or rank it by usual values, which the release has to bring",
    )
    one.add_argument(
        "--drain",
        type=_seconds,
        default=5.0,
        help="seconds to answer on after SIGTERM, in which /ready says no (default 5)",
    )
    one.add_argument("--with-stdin", action="store_true", help="end when standard input does")
    commands.add_parser("releases", help="list the releases; * is served")
    one = commands.add_parser("check", help="hold a release to its contract")
    one.add_argument("release", nargs="?", help="by default the current one")
    one = commands.add_parser("use", help="serve a release from now on")
    one.add_argument("release")
    commands.add_parser("rollback", help="serve the release before again")
    one = commands.add_parser("hold", help="let no release out, except back")
    one.add_argument("why")
    commands.add_parser("resume", help="let releases out again")
    return top


def run(asked: argparse.Namespace) -> str:
    """Do what was asked; what to print."""
    store = Store(asked.releases)
    match asked.command:
        case "serve":
            settings = Settings(asked.releases, asked.log, asked.capacity, asked.implausible)
            serve(settings, asked.host, asked.port, asked.drain, asked.with_stdin)
            return ""
        case "releases":
            return status(store)
        case "check":
            name = store.read(asked.release or store.pointer().release).name
            return f"release {name} keeps its contract"
        case "use":
            return now(store.use(asked.release))
        case "rollback":
            return now(store.rollback())
        case "hold":
            return now(store.hold(asked.why))
        case _:
            return now(store.resume())


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; 1 if something was in the way, which is said in one sentence."""
    try:
        said = run(parser().parse_args(arguments))
    except (ValueError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    if said:
        print(said)
    return 0


if __name__ == "__main__":
    sys.exit(main())
