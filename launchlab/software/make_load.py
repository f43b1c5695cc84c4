"""``python -m launchlab.software.make_load``: load the service on this machine, and record it.

What comes out is a measurement of one machine at one hour and no finding: it is shown with where
it was made and how far its rounds lie apart, and no test asks for the same again. Some five
minutes: all settings take turns in each round, so that a busy minute falls on no setting alone.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import subprocess
import sys
from collections.abc import Sequence
from itertools import product
from pathlib import Path
from typing import Any

import pandas as pd

from launchlab import shipped
from launchlab.software.running import find_service, running_service

CLIENTS = (1, 2, 4, 8, 16, 32, 64)
CAPACITIES = (4, 16, 64)
REPLICAS = (1, 2)
SECONDS = 2.0
RETRY_AFTER = 1
"""Seconds that a client which was turned away stays away, as the service tells it to."""
ROUNDS = 3
MEDIAN_OF = ("p50", "p95", "p99", "slates_a_second", "turned_away", "asked", "outside")


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
            row = json.loads(ran.stdout)
            # Each that is turned away stays outside for RETRY_AFTER seconds.
            outside = row["turned_away"] * row["asked"] / seconds * RETRY_AFTER
            rows.append(
                {"capacity": capacity, "replicas": replicas, **row, "outside": round(outside, 1)}
            )
    return rows


def middle(rounds: pd.DataFrame) -> pd.DataFrame:
    """Of several rounds one row for each setting: medians, and how far the rounds lie apart.

    Parameters
    ----------
    rounds : DataFrame
        Rows of `load`.

    Returns
    -------
    DataFrame
        The columns of `load`, medians over the rounds but for ``failed``, which is their sum;
        ``p50_low`` and ``p50_high``, the least and the greatest ``p50`` (ms) of a round.
    """
    each = rounds.groupby(["capacity", "replicas", "clients"], sort=False)
    found = each[list(MEDIAN_OF)].median().round(4)
    found["failed"] = each["failed"].sum()
    found["p50_low"], found["p50_high"] = each["p50"].min(), each["p50"].max()
    return found.reset_index()


def main(arguments: Sequence[str] | None = None) -> None:
    """Record the load, and print what was written."""
    parser = argparse.ArgumentParser(description="Load the service and record how it answers.")
    parser.add_argument("--seconds", type=float, default=SECONDS, help="of each run")
    seconds = parser.parse_args(arguments).seconds
    now = shipped.when_measured()
    rounds = []
    for _, capacity, replicas in product(range(ROUNDS), CAPACITIES, REPLICAS):
        rounds += load(capacity, replicas, CLIENTS, seconds)
        print(json.dumps(rounds[-1]), file=sys.stderr, flush=True)
    rows = middle(pd.DataFrame(rounds)).to_dict("records")
    kept = shipped.made_by(
        "launchlab.software.make_load",
        **now,
        seconds=seconds,
        rounds=ROUNDS,
        note="medians over rounds; clients, service and replicas share the cores; a client that is "
        "turned away waits one second",
        rows=rows,
    )
    path = Path(shipped.folder(__file__), "load.json")
    path.parent.mkdir(exist_ok=True)
    shipped.write_record(path, kept)
    print(f"wrote {path.name} ({len(rows)} rows)")


if __name__ == "__main__":
    main()
