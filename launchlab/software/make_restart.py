"""``python -m launchlab.software.make_restart``: restart the service under customers, and count.

An update of what a service stands on, OpenSSL or Python, needs its processes started anew.
Customers come at an even pace, each by a connection of its own, through a balancer that asks every
process ``/ready`` every two seconds. Halfway between two such looks one process is ended in one of
three ways, and started again as soon as it has ended. Nobody asks twice: who gets no slate is lost.

How many are lost depends on the machine, above all on how long a start takes there; so this is a
measurement with its date, as in `launchlab.software.make_load`, and a test asks only for its shape.
Some ten minutes.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import signal
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.client import HTTPException
from pathlib import Path
from typing import Any

import pandas as pd

from launchlab import shipped
from launchlab.software.make_tour import first_session
from launchlab.software.running import Running, running_service

RATE = 50
"""Customers a second."""
LOOK = 2.0
"""Seconds between two looks of the balancer at a process."""
DRAIN = 5.0
"""Seconds that a drained process answers on, the service's own default: two looks, and one more to
be late."""
BEFORE = AFTER = LOOK / 2
"""Seconds in which customers come before the process is ended, and after it is back."""
ROUNDS = 5
CROWD = 32
"""Customers that may wait at the same time; an answer takes milliseconds."""


@dataclass(frozen=True)
class Way:
    """How a process is ended: the signal, and the seconds that it answers on."""

    signal: signal.Signals
    drain: float


WAYS = {
    "killed": Way(signal.SIGKILL, 0.0),
    "stopped": Way(signal.SIGTERM, 0.0),
    "drained": Way(signal.SIGTERM, DRAIN),
}


@dataclass
class Balancer:
    """Sends each customer to the next process that was ready when it was last asked.

    Attributes
    ----------
    known : list of Running
        The processes that it looks at.
    ready : tuple of Running
        Those that said yes.
    """

    known: list[Running]
    ready: tuple[Running, ...] = ()
    turn: Any = field(default_factory=itertools.count)
    ended: threading.Event = field(default_factory=threading.Event)

    def look(self) -> None:
        """Ask every process once whether it is ready."""
        self.ready = tuple(one for one in self.known if _status(one, "/ready") == 200)

    def look_on(self) -> None:
        """Look until it is ended."""
        while not self.ended.wait(LOOK):
            self.look()

    def serve(self, session: dict[str, Any]) -> bool:
        """Whether a customer gets a slate."""
        ready = self.ready
        if not ready:
            return False
        return _status(ready[next(self.turn) % len(ready)], "/rank", session) == 200


def _status(service: Running, path: str, body: object = None) -> int | None:
    """The status of an answer; None where none came."""
    try:
        return service.ask(path, body)[0]
    except (OSError, HTTPException):
        return None


def restart(way: str, processes: int) -> dict[str, Any]:
    """End one of the processes, start it again, and count who got no slate.

    Parameters
    ----------
    way : {"killed", "stopped", "drained"}
    processes : int
        How many there are, that one included.

    Returns
    -------
    dict
        ``way``, ``processes``, ``asked`` and ``lost`` (customers), and ``away``: the seconds from
        the signal until a process in its place is ready.
    """
    session, options = first_session(), ("--drain", str(WAYS[way].drain))
    with contextlib.ExitStack() as stack:
        each = [stack.enter_context(running_service(*options)) for _ in range(processes)]
        balancer = Balancer(each.copy())
        balancer.look()
        watching = threading.Thread(target=balancer.look_on, daemon=True)
        watching.start()
        back = threading.Event()

        def start_again() -> None:
            each[0].process.wait()
            balancer.known[0] = stack.enter_context(running_service(*options))
            back.set()

        again = threading.Thread(target=start_again, daemon=True)
        with ThreadPoolExecutor(CROWD) as crowd:
            asked = []
            start, end, told = time.monotonic(), float("inf"), 0.0
            for number in itertools.count():
                now = start + number / RATE
                time.sleep(max(0.0, now - time.monotonic()))
                if not told and now - start >= BEFORE:
                    told = time.monotonic()
                    each[0].process.send_signal(WAYS[way].signal)
                    again.start()
                if back.is_set() and end == float("inf"):
                    away, end = time.monotonic() - told, now + AFTER
                if now >= end:
                    break
                asked.append(crowd.submit(balancer.serve, session))
            served = [one.result() for one in asked]
        balancer.ended.set()
        watching.join()
        again.join()
    return {
        "way": way,
        "processes": processes,
        "asked": len(served),
        "lost": len(served) - sum(served),
        "away": round(away, 2),
    }


def middle(rounds: pd.DataFrame) -> pd.DataFrame:
    """Of several rounds one row for each setting.

    Parameters
    ----------
    rounds : DataFrame
        Rows of `restart`.

    Returns
    -------
    DataFrame
        ``way``, ``processes``; ``lost`` and ``away``, medians over the rounds; ``least`` and
        ``most``, the fewest and the most that a round lost.
    """
    each = rounds.groupby(["way", "processes"], sort=False)
    found = each[["lost", "away"]].median().round(2)
    found["least"], found["most"] = each["lost"].min(), each["lost"].max()
    return found.reset_index()


def main() -> None:
    """Record the restarts, and print them."""
    now = shipped.when_measured()
    rounds = []
    for _, processes, way in itertools.product(range(ROUNDS), (1, 2), WAYS):
        rounds.append(restart(way, processes))
        print(json.dumps(rounds[-1]), file=sys.stderr, flush=True)
    rows = middle(pd.DataFrame(rounds))
    kept = shipped.made_by(
        "launchlab.software.make_restart",
        **now,
        rate=RATE,
        look=LOOK,
        drain=DRAIN,
        rounds=ROUNDS,
        note="medians over rounds; nobody asks twice; customers, balancer and processes share the "
        "cores",
        rows=rows.to_dict("records"),
    )
    path = Path(shipped.folder(__file__), "restart.json")
    shipped.write_record(path, kept)
    print(rows.to_string(index=False))


if __name__ == "__main__":
    main()
