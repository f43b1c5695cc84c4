"""``python -m launchlab.stages.training_noise``: how much a gain hangs on the log of one training.

A world's log is one draw of customers, noise and outcomes. So a few rankers of a few worlds are
trained on a second log of the same length; the same sessions judge both. About 40 s CPU a world.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import pandas as pd

from launchlab.lab import points
from launchlab.market import make_logs, make_ranker, make_world, mean_scores
from launchlab.market.rankers import ENSEMBLE

from .rankers import ranker_scores, world_sessions
from .tables import NOISE_RANKERS
from .zoo import launched

WORLDS = 8
LOG_SEEDS = (0, 1)


def orders_by_log(seed: int) -> pd.DataFrame:
    """Orders of the rankers in ``NOISE_RANKERS``, trained on one log of a world and on another.

    Parameters
    ----------
    seed : int
        The world's.

    Returns
    -------
    DataFrame
        Columns ``world``, ``ranker``, ``log_seed``, ``orders`` (expected, per 1,000 sessions, 0
        ms).
    """
    sessions = world_sessions(seed)
    scores = {(name, 0): ranker_scores(seed, name) for name in NOISE_RANKERS}
    logs = make_logs(make_world(seed), seed=1)
    members = dict.fromkeys([*ENSEMBLE, *(n for n in NOISE_RANKERS if n != "ensemble5")])
    fitted = {name: make_ranker(name).fit(logs).score(sessions) for name in members}
    fitted["ensemble5"] = mean_scores([fitted[name] for name in ENSEMBLE])
    scores.update({(name, 1): fitted[name] for name in NOISE_RANKERS})
    rows = [
        (seed, name, log, 1_000 * launched(sessions, found).measure("orders").mean())
        for (name, log), found in scores.items()
    ]
    return pd.DataFrame(rows, columns=["world", "ranker", "log_seed", "orders"])


def main() -> None:
    """Train on the second logs and write the table, with how it was made in its head."""
    if os.environ.get("OMP_NUM_THREADS") != "1":
        sys.exit("Set OMP_NUM_THREADS=1 first: boosted trees may differ in the last digit else")
    started = time.process_time()
    parts = []
    for seed in range(WORLDS):
        parts.append(orders_by_log(seed))
        print(f"{seed + 1}/{WORLDS} world {seed}", file=sys.stderr, flush=True)
    table = pd.concat(parts)
    table["orders"] = table["orders"].round(3)
    head = (
        "# Orders per 1,000 sessions of rankers trained on each of two logs of 10,000 sessions;",
        "# the same 5,000 fresh sessions judge both, expected values at 0 ms.",
        f"# {time.process_time() - started:.0f} s CPU (log 0 may have come from the cache);"
        f" scikit-learn {points.versions()['scikit-learn']}, numpy {points.versions()['numpy']}.",
        "# Made by: OMP_NUM_THREADS=1 python -m launchlab.stages.training_noise",
    )
    path = Path(__file__).with_name("training_noise.csv")
    with path.open("w", encoding="utf-8") as file:
        file.write("\n".join(head) + "\n")
        table.to_csv(file, index=False)
    print(f"wrote {path.name}: {len(table)} rows")


if __name__ == "__main__":
    os.environ.setdefault(points.CACHE_VARIABLE, str(Path(".cache", "points").absolute()))
    main()
