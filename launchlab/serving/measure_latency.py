"""``python -m launchlab.serving.measure_latency``: measure again what a request costs each ranker.

The book's decisions use the committed ``latency.csv``, because a time measured on a shared machine
says as much about its other users as about the model.
"""

from __future__ import annotations

import pickle
import platform
import time
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from launchlab import shipped
from launchlab.market import (
    RANKERS,
    draw_sessions,
    make_features,
    make_logs,
    make_ranker,
    make_world,
)
from launchlab.market.rankers import ENSEMBLE
from launchlab.serving.latency import LATENCY_ROWS

_BLOCKS, _PER_BLOCK = 15, 3
_WORLD = 0


def measure(
    rankers: Sequence[str] = RANKERS,
    *,
    rows: Sequence[int] = LATENCY_ROWS,
    blocks: int = _BLOCKS,
    per_block: int = _PER_BLOCK,
    n_logged: int = 10_000,
) -> pd.DataFrame:
    """Measure thread-CPU time and size of rankers, both models of each.

    Rankers take turns, and each is warmed up before its turn. The result is the least over blocks
    of the median within a block, because other users of a shared machine can only add time.

    Parameters
    ----------
    rankers : sequence of str
        Names in ``RANKERS``. "ensemble5" is not measured itself: its members are, and it is their
        sum.
    rows : sequence of int
        Candidates scored at once.
    blocks, per_block : int
        Number of turns, and of requests in a turn.
    n_logged : int
        Logged sessions of world 0 to train on.

    Returns
    -------
    DataFrame, indexed by ``ranker``
        ``ms_{rows}`` for each number of rows, ``kb``, and ``calls``: see ``latency_table``.

    Raises
    ------
    ValueError
        For an unknown ranker, or no blocks.
    """
    unknown = sorted(set(rankers) - set(RANKERS))
    if unknown:
        raise ValueError(f"rankers hold {unknown[0]!r}, expected names of RANKERS")
    if blocks < 1 or per_block < 1:
        raise ValueError(f"blocks={blocks}, per_block={per_block}: expected at least 1 of each")
    asked = dict.fromkeys(name for name in rankers if name != "ensemble5")
    if "ensemble5" in rankers:
        asked.update(dict.fromkeys(ENSEMBLE))
    world = make_world(_WORLD)
    logs = make_logs(world, n_logged)
    models: dict[str, tuple[Any, Any]] = {}
    for name in asked:
        fitted: Any = make_ranker(name).fit(logs)
        models[name] = (fitted.order_model_, fitted.click_model_)
    sessions = draw_sessions(world, -(-max(rows) // 30), seed=1)
    features = make_features(sessions)

    table = pd.DataFrame(index=pd.Index(list(asked), name="ranker"))
    for count in rows:
        batch = features[:count]
        spent = np.empty((blocks, len(models)))
        for block in range(blocks):
            for place, pair in enumerate(models.values()):
                _request(pair, batch)  # warm up: the previous ranker may have emptied the cache
                spent[block, place] = np.median([_request(pair, batch) for _ in range(per_block)])
        table[f"ms_{count}"] = 1e3 * spent.min(axis=0)
    table["kb"] = [sum(len(pickle.dumps(one)) for one in pair) / 1e3 for pair in models.values()]
    if "ensemble5" in rankers:
        table.loc["ensemble5"] = table.loc[list(ENSEMBLE)].sum()
    table["calls"] = ["serial" if name == "ensemble5" else "one" for name in table.index]
    return table.loc[list(rankers)]


def _request(pair: tuple[Any, Any], batch: np.ndarray[Any, Any]) -> float:
    """Thread-CPU seconds to predict orders and clicks for a batch of candidates."""
    started = time.thread_time()
    for model in pair:
        model.predict_proba(batch)
    return time.thread_time() - started


def main() -> None:
    """Measure and write the table; its header says how it was measured."""
    shipped.need_one_thread("threads' time would go unseen")
    import sklearn

    table = measure()
    for name in table.columns.drop("calls"):
        table[name] = [float(f"{value:.3g}") for value in table[name]]
    path = shipped.folder(__file__) / "latency.csv"
    head = (
        "Thread-CPU milliseconds (p50) to predict orders and clicks for 30, 300 and 1,000",
        "candidates with their features at hand: both models of a ranker, one after the other;",
        "the ensemble: the sum over its five members. kb: both models pickled, 1,000 bytes.",
        f"Least of {_BLOCKS} blocks' medians of {_PER_BLOCK} requests, rankers in turn,"
        " warmed up, one thread; trained in world 0.",
        f"{platform.machine()}, Python {platform.python_version()}, "
        f"scikit-learn {sklearn.__version__}, numpy {np.__version__}.",
    )
    shipped.write_table(path, table, head, "launchlab.serving.measure_latency")


if __name__ == "__main__":
    main()
