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

import httpx
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
    limits = httpx.Limits(max_connections=clients, max_keepalive_connections=clients)
    headers = {"content-type": "application/json"}

    async def client(number: int, http: httpx.AsyncClient) -> None:
        nonlocal turned_away, failed
        turn = number
        while time.perf_counter() < end:
            asked = time.perf_counter()
            try:
                answer = await http.post(
                    f"{urls[number % len(urls)]}/rank", content=bodies[turn % len(bodies)]
                )
            except httpx.HTTPError:
                failed += 1
                continue
            turn += clients
            if answer.status_code == 200:
                answered.append(time.perf_counter() - asked)
            elif answer.status_code == 503:
                turned_away += 1
                await asyncio.sleep(float(answer.headers["retry-after"]))
            else:
                failed += 1

    async with httpx.AsyncClient(
        limits=limits, timeout=60, headers=headers, trust_env=False
    ) as http:
        # All connections are open before the clock starts.
        await asyncio.gather(*(http.get(f"{urls[n % len(urls)]}/health") for n in range(clients)))
        start = time.perf_counter()
        end = start + seconds
        await asyncio.gather(*(client(number, http) for number in range(clients)))
    return Run(clients, time.perf_counter() - start, tuple(answered), turned_away, failed)


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
