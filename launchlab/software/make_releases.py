"""``python -m launchlab.software.make_releases``: make the releases of `service/` anew.

Two weeks of one town: the later one has learnt from a quarter more of the log.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

from launchlab import shipped
from launchlab.software.releases import N_EXAMPLES, write_release
from launchlab.software.town import N_LOGGED, make_town

WEEKS = {"week-46": 8_000, "week-47": N_LOGGED}
"""Release to the number of logged sessions that it has learnt from."""

SEED = 0
"""The town's."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Write the releases, and the pointer to the latest."""
    parser = argparse.ArgumentParser(description="Make the service's releases anew.")
    parser.add_argument("folder", type=Path, nargs="?", default=Path("service", "releases"))
    folder = parser.parse_args(arguments).folder
    shipped.need_one_thread()
    town = make_town(SEED)
    for name, n in WEEKS.items():
        write_release(folder / name, town.logs[slice(n)], town.sessions[slice(N_EXAMPLES)])
    *before, release = WEEKS
    pointer = {"release": release, "before": before, "held": ""}
    (folder / "current.json").write_text(json.dumps(pointer, indent=1) + "\n", encoding="utf-8")
    print(f"wrote {', '.join(WEEKS)} into {folder}")


if __name__ == "__main__":
    main()
