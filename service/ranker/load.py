"""``python -m ranker.load URL ...``: ask as many clients at once do, and say how long they waited.

Each client asks, waits for the answer, and asks again; one that is turned away comes back after
the time that the answer names. Client and service share this machine's cores.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Run:
    """What clients met.

    Attributes
    ----------
    clients : int
    seconds : float
    answered : tuple of float
        Seconds to each slate.
    turned_away : int
        Answers 503.
    failed : int
        All other answers, and connections that broke.
    """

    clients: int
    seconds: float
    answered: tuple[float, ...]
    turned_away: int
    failed: int

    def row(self) -> dict[str, float]:
        """The run as numbers: milliseconds by percentile, slates a second, share turned away."""
        asked = len(self.answered) + self.turned_away + self.failed
        marks = np.percentile(self.answered or (np.nan,), (50, 95, 99)) * 1000
        return {
            "clients": self.clients,
            **{
                name: round(float(ms), 2)
                for name, ms in zip(("p50", "p95", "p99"), marks, strict=True)
            },
            "slates_a_second": round(len(self.answered) / self.seconds, 1),
            "turned_away": round(self.turned_away / asked, 4) if asked else 0.0,
            "asked": asked,
            "failed": self.failed,
        }


class Client:
    """One connection that asks and waits: bare HTTP, so that the ruler is the faster one.

    A full client library takes about as long for a request as the service takes to answer it, and
    then a crowd of clients waits for itself.
    """

    def __init__(self, url: str) -> None:
        self.host, port = url.removeprefix("http://").rstrip("/").rsplit(":", 1)
        self.port = int(port)

    async def open(self) -> None:
        """Connect."""
        self.reader, self.writer = await asyncio.open_connection(self.host, self.port)

    async def post(self, body: bytes) -> tuple[int, dict[str, str]]:
        """Ask for a slate; the status and the headers of the answer."""
        head = (
            f"POST /rank HTTP/1.1\r\nhost: {self.host}\r\ncontent-type: application/json\r\n"
            f"content-length: {len(body)}\r\n\r\n"
        )
        self.writer.write(head.encode() + body)
        await self.writer.drain()
        first, *lines = (await self.reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        headers = dict(line.lower().split(": ", 1) for line in lines if line)
        await self.reader.readexactly(int(headers["content-length"]))
        return int(first.split()[1]), headers


async def ask(
    urls: Sequence[str], sessions: Sequence[dict[str, Any]], clients: int, seconds: float
) -> Run:
    """Let clients ask a service, or replicas of one in turn, for some seconds.

    Parameters
    ----------
    urls : sequence of str
        Of the service and its replicas.
    sessions : sequence of dict
        What is asked, in turn.
    clients : int
        How many ask at once.
    seconds : float
    """
    bodies = [json.dumps(session).encode() for session in sessions]
    answered: list[float] = []
    turned_away = failed = 0
    crowd = [Client(urls[number % len(urls)]) for number in range(clients)]
    for client in crowd:
        await client.open()  # all connections are open before the clock starts
    start = time.perf_counter()
    end = start + seconds

    async def ask_on(client: Client, turn: int) -> None:
        nonlocal turned_away, failed
        while time.perf_counter() < end:
            asked = time.perf_counter()
            try:
                status, headers = await client.post(bodies[turn % len(bodies)])
            except (OSError, EOFError, ValueError, KeyError):
                failed += 1
                return
            turn += clients
            if status == 200:
                answered.append(time.perf_counter() - asked)
            elif status == 503:
                turned_away += 1
                await asyncio.sleep(float(headers["retry-after"]))
            else:
                failed += 1
                return

    await asyncio.gather(*(ask_on(client, turn) for turn, client in enumerate(crowd)))
    took = time.perf_counter() - start
    for client in crowd:
        client.writer.close()
    return Run(clients, took, tuple(answered), turned_away, failed)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m ranker.load", description=__doc__)
    parser.add_argument("urls", nargs="+", help="of the service and its replicas")
    parser.add_argument(
        "--examples", type=Path, required=True, help="an examples.json, for what to ask"
    )
    parser.add_argument("--clients", type=int, default=4)
    parser.add_argument("--seconds", type=float, default=5.0)
    asked = parser.parse_args(arguments)
    examples = json.loads(asked.examples.read_text("utf-8"))
    sessions = [example["session"] for example in examples]
    run = asyncio.run(ask(asked.urls, sessions, asked.clients, asked.seconds))
    print(json.dumps(run.row()))
    return 0 if run.answered and not run.failed else 1


if __name__ == "__main__":
    sys.exit(main())
