"""``python -m launchlab.capstone.make_towns``: draws and later weeks of 30 towns, in four minutes.

Also what becomes of strategies in many draws of the first 20.
"""

from __future__ import annotations

import sys
import time

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from launchlab import shipped
from launchlab.capstone.draws import SCALE, TOWNS, drawn, later, many
from launchlab.capstone.menu import CONTROL
from launchlab.capstone.strategies import STRATEGIES, choose, fate
from launchlab.capstone.town import DRAWS, MEASURES, weeks

WORLDS = 20
"""Towns in which strategies are tried."""

LEVELS = (0.5, 0.65, 0.8, 0.9, 0.95, 0.99)
"""Confidences, one-sided."""

SIZES = (500, 1_000, 1_500, 3_000)
"""Sessions of a draw."""


def town_arrays(seed: int) -> dict[str, NDArray[np.int32]]:
    """What is shipped of a town, whole numbers of 1 / SCALE."""
    each = [drawn(seed, number) for number in range(DRAWS)]
    errors = [f"{name}_se" for name in MEASURES]
    found = {
        "draws": np.array([one[list(MEASURES)].to_numpy() for one in each]),
        "errors": np.array([one[errors].to_numpy() for one in each]),
        "later": later(seed).to_numpy(),
        "control": weeks(seed)[:, CONTROL],
    }
    return {name: np.round(SCALE * one).astype(np.int32) for name, one in found.items()}


def fates_of(seed: int) -> pd.DataFrame:
    """What becomes of choices in a town, by confidence and size of the draw, and by strategy.

    Returns
    -------
    DataFrame
        ``world``, ``strategy`` (a name in ``STRATEGIES``, or "bound"), ``level``, ``size``,
        ``kept``, ``empty``, ``regret``.
    """
    truth = later(seed)
    rows = []
    for size in SIZES:
        ratio, error = many(seed, size=size)
        asked = [("bound", level) for level in LEVELS]
        if size == SIZES[2]:
            asked += [(name, 0.5) for name in STRATEGIES if not name.startswith("bound")]
        for name, level in asked:
            known = "best" if name == "bound" else name
            found = fate(choose(known, ratio, error, level=level), truth)
            rows.append(
                {"world": seed, "strategy": name, "level": level, "size": size} | vars(found)
            )
    return pd.DataFrame(rows)


def main() -> None:
    """Make the arrays, the table, and their provenance."""
    shipped.need_one_thread()
    made = []
    for seed in range(TOWNS):
        made.append(town_arrays(seed))
        print(f"{seed + 1}/{TOWNS} towns", file=sys.stderr, flush=True)
    folder = shipped.folder(__file__)
    arrays = {name: np.array([one[name] for one in made]) for name in made[0]}
    np.savez_compressed(folder / "towns.npz", **arrays)  # type: ignore[arg-type]
    kept = shipped.made_by(
        "launchlab.capstone.make_towns", towns=TOWNS, cpu_seconds=round(time.process_time(), 1)
    )
    shipped.write_record(folder / "towns.json", kept)
    shipped.write_table(
        folder / "fates.csv",
        shipped.in_worlds(fates_of, WORLDS),
        [
            "What becomes of choices: shares of 200 draws; regret in percent of the best margin.",
            shipped.cost_line("with what was cached"),
        ],
        "launchlab.capstone.make_towns",
        index=False,
        float_format="%.4g",
    )


if __name__ == "__main__":
    shipped.keep_computed()
    main()
