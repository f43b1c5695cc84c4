"""``python -m launchlab.operations.make_aging``: how fast models age, in 20 worlds.

Takes some 2 s of CPU a world.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import asdict

import pandas as pd

from launchlab import shipped
from launchlab.operations.retraining import aging

WORLDS = 20


def row(seed: int) -> pd.DataFrame:
    """One world's row of the table."""
    return pd.DataFrame([{"world": seed, **asdict(aging(seed))}])


def main(arguments: Sequence[str] | None = None) -> None:
    """Make the table.

    Parameters
    ----------
    arguments : sequence of str, optional
        Command-line arguments; by default those of the process.
    """
    parser = argparse.ArgumentParser(description="Make the table of how fast models age.")
    parser.add_argument("--worlds", type=int, default=WORLDS, help="how many (a draft has fewer)")
    worlds = parser.parse_args(arguments).worlds
    shipped.need_one_thread()
    here = shipped.folder(__file__)
    here.mkdir(exist_ok=True)
    table = shipped.in_worlds(row, worlds)
    shipped.write_table(
        here / "aging.csv",
        table,
        [
            "Orders (percent) and AUC that an old model loses, if the whole town has changed.",
            shipped.cost_line("all of it"),
        ],
        "launchlab.operations.make_aging",
        index=False,
        float_format="%.4g",
    )
    print(f"wrote aging.csv, {len(table)} rows")


if __name__ == "__main__":
    main()
