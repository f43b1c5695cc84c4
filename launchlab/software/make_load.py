"""``python -m launchlab.software.make_load``: load the service on this machine, and record it.

What comes out is a measurement of one machine at one hour and no finding: it is shown with where
it was made, and no test asks for the same again. Some four minutes.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from launchlab import shipped
from launchlab.software.running import find_service, running_service

CLIENTS = (1, 2, 4, 8, 16, 32, 64)
CAPACITIES = (4, 16, 64)
REPLICAS = (1, 2)
SECONDS = 2.0


def load(capacity: int, replicas: int, clients: Sequence[int], seconds: float) -> list[Any]:
    """Rows of one service, or of replicas that share the clients, for each number of clients."""
    home = find_service()
    examples = home / "releases" / "week-47" / "examples.json"
    rows = []
    with contextlib.ExitStack() as stack:
        each = [
            stack.enter_context(running_service("--capacity", str(capacity)))
            for _ in range(replicas)
        ]
        command = [sys.executable, "-m", "ranker.load", *(one.url for one in each)]
        command += ["--examples", str(examples), "--seconds", str(seconds), "--clients"]
        for count in clients:
            ran = subprocess.run([*command, str(count)], cwd=home, capture_output=True, text=True)
            if ran.returncode:
                raise RuntimeError(ran.stdout + ran.stderr)
            rows.append({"capacity": capacity, "replicas": replicas, **json.loads(ran.stdout)})
    return rows


def main(arguments: Sequence[str] | None = None) -> None:
    """Record the load, and print what was written."""
    parser = argparse.ArgumentParser(description="Load the service and record how it answers.")
    parser.add_argument("--seconds", type=float, default=SECONDS, help="of each run")
    seconds = parser.parse_args(arguments).seconds
    busy = os.getloadavg()[0]
    rows = []
    for capacity in CAPACITIES:
        for replicas in REPLICAS:
            rows += load(capacity, replicas, CLIENTS, seconds)
            print(json.dumps(rows[-1]), file=sys.stderr, flush=True)
    kept = shipped.made_by(
        "launchlab.software.make_load",
        date=time.strftime("%Y-%m-%d"),
        cores=os.cpu_count(),
        load_before=round(busy, 1),
        seconds=seconds,
        note="clients, service and replicas share the cores; a client that is turned away waits "
        "one second",
        rows=rows,
    )
    path = Path(shipped.folder(__file__), "load.json")
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
    print(f"wrote {path.name} ({len(rows)} rows)")


if __name__ == "__main__":
    main()
