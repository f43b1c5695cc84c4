"""``python -m launchlab.operations.make_exploring``: what exploring brought in 20 worlds.

Takes some 10 s of CPU a world.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence

import pandas as pd

from launchlab import shipped
from launchlab.memo import memo
from launchlab.operations.exploring import POLICIES, WEEKS, explore

WORLDS = 20
LAST_WEEKS = 4


@memo
def against_none(seed: int, weeks: int = WEEKS) -> pd.DataFrame:
    """What each policy brought in one world, in percent of what no exploring brought.

    Parameters
    ----------
    seed : int
    weeks : int, optional
    """
    runs = {policy: explore(seed, policy, weeks) for policy in POLICIES}
    base = runs["none"]["orders"]

    def change(brought: pd.Series, last: int) -> float:
        return float(100 * (brought[-last:].mean() / base[-last:].mean() - 1))

    return pd.DataFrame(
        {
            "world": seed,
            "policy": policy,
            "half_year": change(run["orders"], weeks),
            "last_weeks": change(run["orders"], LAST_WEEKS),
            "taught": change(run["unexplored"], weeks),
        }
        for policy, run in runs.items()
        if policy != "none"
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Make the table.

    Parameters
    ----------
    arguments : sequence of str, optional
        Command-line arguments; by default those of the process.
    """
    parser = argparse.ArgumentParser(description="Make the table of what exploring brings.")
    parser.add_argument("--worlds", type=int, default=WORLDS, help="how many (a draft has fewer)")
    worlds = parser.parse_args(arguments).worlds
    shipped.need_one_thread()
    here = shipped.folder(__file__)
    here.mkdir(exist_ok=True)
    table = shipped.in_worlds(against_none, worlds)
    shipped.write_table(
        here / "exploring.csv",
        table,
        ["Orders against a ranker that never explores, percent.", shipped.cost_line("less cached")],
        "launchlab.operations.make_exploring",
        index=False,
        float_format="%.4g",
    )
    print(f"wrote exploring.csv, {len(table)} rows")


if __name__ == "__main__":
    shipped.keep_computed()
    main()
