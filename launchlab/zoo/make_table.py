"""``python -m launchlab.zoo.make_table``: make the zoo table, its provenance and the scores.

Takes about a minute of CPU per world. Finished worlds are kept, so that an interrupted run resumes
where it stopped.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from launchlab import shipped
from launchlab.market import RANKERS
from launchlab.memo import CACHE_VARIABLE, memo
from launchlab.zoo import held_out
from launchlab.zoo.rankers import (
    BASELINE,
    N_SESSIONS,
    SESSION_SEED,
    TABLE_RANKERS,
    VARIANTS,
    ranker_scores,
)
from launchlab.zoo.rows import make_world_table
from launchlab.zoo.table import SCORES_SESSIONS, SCORES_WORLD, WORLDS

_HERE = shipped.folder(__file__)


def write_scores(path: Path) -> None:
    """Write the zoo's scores for 1,000 sessions of world 0, in half precision."""
    arrays: dict[str, Any] = {}
    for name in RANKERS:
        if name != "ensemble5":  # not stored: the mean of its members
            scores = ranker_scores(SCORES_WORLD, name)[slice(SCORES_SESSIONS)]
            arrays[f"{name}_order"] = scores.order.astype(np.float16)
            arrays[f"{name}_click"] = scores.click.astype(np.float16)
    np.savez_compressed(path, **arrays)


@contextlib.contextmanager
def _without_cache() -> Iterator[None]:
    kept = os.environ.pop(CACHE_VARIABLE, None)
    try:
        yield
    finally:
        if kept is not None:
            os.environ[CACHE_VARIABLE] = kept


@memo
def _timed_rows(seed: int) -> tuple[float, pd.DataFrame]:
    """CPU seconds that a world's rows took, and the rows."""
    started = time.process_time()
    table = make_world_table(seed)
    return round(time.process_time() - started, 1), table


def _make_or_take(seed: int) -> tuple[float, pd.DataFrame]:
    # The first world never uses the cache, so that its CPU seconds cover all the work.
    with contextlib.nullcontext() if seed else _without_cache():
        return _timed_rows(seed)


def main(arguments: Sequence[str] | None = None) -> None:
    """Make the table, its provenance and the scores, and print what was written.

    Parameters
    ----------
    arguments : sequence of str, optional
        Command-line arguments; by default those of the process.
    """
    parser = argparse.ArgumentParser(description="Make the zoo table and the scores anew.")
    parser.add_argument("--worlds", type=int, default=WORLDS, help="how many (a draft has fewer)")
    worlds = parser.parse_args(arguments).worlds
    shipped.need_one_thread()
    made = []
    for seed in range(worlds):
        made.append(_make_or_take(seed))
        seconds = made[-1][0]
        print(f"{seed + 1}/{worlds} world {seed}: {seconds:.0f} s CPU", file=sys.stderr, flush=True)
    write_scores(_HERE / "scores.npz")
    table = pd.concat([rows for _, rows in made], ignore_index=True)
    table.to_csv(_HERE / "zoo.csv", index=False, float_format="%.6g")
    kept = shipped.made_by(
        "launchlab.zoo.make_table",
        worlds=list(range(worlds)),
        sessions=N_SESSIONS,
        session_seed=SESSION_SEED,
        held_out_seed=held_out.HELD_OUT_SEED,
        baseline=BASELINE,
        rankers=len(TABLE_RANKERS),
        variants=len(VARIANTS),
        cpu_seconds=[seconds for seconds, _ in made],
        cpu_seconds_note="training, scoring and evaluation of each world; world 0 always all of"
        " it, the others less where LAUNCHLAB_CACHE held trained scores",
    )
    shipped.write_record(_HERE / "zoo.json", kept)
    total = sum(seconds for seconds, _ in made)
    print(f"wrote zoo.csv ({len(table)} rows), zoo.json and scores.npz; {total:.0f} s CPU now")


if __name__ == "__main__":
    shipped.keep_computed()
    main()
