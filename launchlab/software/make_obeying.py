"""``python -m launchlab.software.make_obeying``: make the two tables of *Tests without answers*.

Takes about half a minute of CPU per town. Finished fits are kept, so that an interrupted run
resumes where it stopped.
"""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from launchlab import shipped
from launchlab.software.data_or_code_table import labels_rows
from launchlab.software.obeying_table import obeying_rows

WORLDS = 20
TABLES: dict[str, Callable[[int], pd.DataFrame]] = {
    "obeying": obeying_rows,
    "labels": labels_rows,
}


def main() -> None:
    """Make both tables and their provenance."""
    shipped.need_one_thread()
    results = shipped.folder(__file__)
    for name, rows in TABLES.items():
        table = shipped.in_worlds(rows, WORLDS)
        table.to_csv(results / f"{name}.csv", index=False, float_format="%.5g")
        kept = shipped.made_by("launchlab.software.make_obeying", worlds=list(range(WORLDS)))
        shipped.write_record(results / f"{name}.json", kept)


if __name__ == "__main__":
    shipped.keep_computed()
    main()
