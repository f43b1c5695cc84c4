"""``python -m launchlab.operations.make_watching``: what the four watchers read, in 20 worlds.

Takes some 15 s of CPU a world. Writes ``watching.csv``, a row for each day, and ``rings.csv``, how
often tests of inputs ring when nothing happens.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence

import pandas as pd

from launchlab import shipped
from launchlab.memo import memo
from launchlab.operations.watching import (
    LEVELS,
    QUIET_DAYS,
    QUIET_WEEK,
    ROWS,
    WATCHED,
    WORLDS,
    alarms_a_week,
    happened,
    quiet,
    quiet_chances,
)

_HERE = shipped.folder(__file__)


@memo
def days(seed: int) -> pd.DataFrame:
    """Twelve days on which something happens and fourteen quiet ones, in one world."""
    table = pd.concat([happened(seed), quiet(seed, QUIET_DAYS)])
    table.insert(0, "world", seed)
    return table


@memo
def rings(seed: int, rows: tuple[int, ...] = ROWS) -> pd.DataFrame:
    """Alarms a week on quiet days of one world, by rows a session, level and correction."""
    return pd.DataFrame(
        {
            "world": seed,
            "each": each,
            "level": level,
            "corrected": corrected,
            "alarms": alarms_a_week(
                quiet_chances(seed, each, QUIET_WEEK), level / (len(WATCHED) if corrected else 1)
            ),
        }
        for each in rows
        for level in LEVELS
        for corrected in (False, True)
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Make both tables.

    Parameters
    ----------
    arguments : sequence of str, optional
        Command-line arguments; by default those of the process.
    """
    parser = argparse.ArgumentParser(description="Make the tables of what watchers read.")
    parser.add_argument("--worlds", type=int, default=WORLDS, help="how many (a draft has fewer)")
    worlds = parser.parse_args(arguments).worlds
    shipped.need_one_thread()
    _HERE.mkdir(exist_ok=True)
    module = "launchlab.operations.make_watching"
    for name, rows, head in (
        ("watching.csv", days, "What inputs, scores, clicks and orders show, by world and day."),
        ("rings.csv", rings, "Alarms a week of Kolmogorov-Smirnov tests on quiet days, by world."),
    ):
        table = shipped.in_worlds(rows, worlds)
        note = shipped.cost_line("less what was in the cache")
        shipped.write_table(
            _HERE / name, table, [head, note], module, index=False, float_format="%.4g"
        )
        print(f"wrote {name}, {len(table)} rows")


if __name__ == "__main__":
    shipped.keep_computed()
    main()
