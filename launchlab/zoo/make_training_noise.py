"""``python -m launchlab.zoo.make_training_noise``: how much a gain depends on the training log.

A world's log is one draw of customers, noise and outcomes. A few rankers of a few worlds are
therefore also trained on a second log of the same length, and judged on the same sessions. Takes
about 40 s of CPU per world.
"""

from __future__ import annotations

import pandas as pd

from launchlab import shipped
from launchlab.market import make_logs, make_ranker, make_world, mean_scores
from launchlab.market.rankers import ENSEMBLE
from launchlab.zoo.launch import launched
from launchlab.zoo.rankers import ranker_scores, world_sessions
from launchlab.zoo.training_noise import NOISE_RANKERS

WORLDS = 8
LOG_SEEDS = (0, 1)


def orders_by_log(seed: int) -> pd.DataFrame:
    """Orders of the rankers in ``NOISE_RANKERS``, each trained on two logs of a world.

    Parameters
    ----------
    seed : int
        The world's seed.

    Returns
    -------
    DataFrame
        Columns ``world``, ``ranker``, ``log_seed``, ``orders`` (expected, per 1,000 sessions, at
        0 ms).
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
    """Train on the second logs and write the table; its header says how it was made."""
    shipped.need_one_thread()
    table = shipped.in_worlds(orders_by_log, WORLDS).round({"orders": 3})
    head = (
        "Orders per 1,000 sessions of rankers trained on each of two logs of 10,000 sessions;",
        "the same 5,000 fresh sessions judge both, expected values at 0 ms.",
        shipped.cost_line("log 0 may have come from the cache"),
    )
    path = shipped.folder(__file__) / "training_noise.csv"
    shipped.write_table(path, table, head, "launchlab.zoo.make_training_noise", index=False)


if __name__ == "__main__":
    shipped.keep_computed()
    main()
