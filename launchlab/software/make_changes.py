"""``python -m launchlab.software.make_changes``: make the tables behind the chapter on changes.

Some three minutes of CPU. What is trained is kept, so that an interrupted run resumes where it
stopped.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from launchlab import shipped
from launchlab.software.changes import (
    BLEND,
    CHANGES,
    MODELS,
    Moved,
    compared,
    moved,
    scored,
)
from launchlab.software.cures import CURES, churn
from launchlab.software.recorded import CURE_WORLDS, PINS, SHARES, WEIGHTS, WORLD
from launchlab.software.town import make_town

_HERE = shipped.folder(__file__)
_PLACES = 8


def change_row(change: str, model: str, seed: int = WORLD) -> dict[str, Any]:
    """How many slates one change leaves with 0, 1, ... 8 changed places, and what it brings."""
    found = moved(seed, model, change)
    counts = np.bincount(found.counts, minlength=_PLACES + 1)
    return {
        "change": change,
        "model": model,
        **{f"slates_{number}": int(count) for number, count in enumerate(counts)},
        "largest": found.largest,
        "orders": found.orders,
        "orders_error": found.orders_error,
    }


def pin_rows(loose: Iterable[str], seed: int = WORLD) -> list[dict[str, Any]]:
    """What becomes of each model if everything is pinned except what is loose.

    Parameters
    ----------
    loose : iterable of str
        Of ``PINS``.
    seed : int
        The world's seed.
    """
    loose = tuple(loose)
    changes = tuple(change for pin, change in PINS.items() if pin in loose)
    rows = []
    for model in (*MODELS, BLEND):
        new = scored(seed, model, changes)
        found: Moved = compared(make_town(seed).sessions, scored(seed, model), new)
        rows.append(
            {
                **{pin: int(pin not in loose) for pin in PINS},
                "model": model,
                "places": found.places,
                "touched": found.touched,
                "largest": found.largest,
            }
        )
    return rows


def cure_row(seed: int, cure: str, weight: float, changed: float) -> dict[str, Any]:
    """What one cure for churn changes, and what it brings beyond plain retraining."""
    from_old, from_new = churn(seed, cure, weight, changed)
    return {
        "world": seed,
        "changed": changed,
        "cure": cure,
        "weight": weight,
        "places": from_old.places,
        "orders": from_new.orders,
    }


def _write(name: str, rows: list[dict[str, Any]], note: str) -> None:
    table = pd.DataFrame(rows)
    head = [note, shipped.cost_line("less where something was kept from an earlier run")]
    shipped.write_table(
        _HERE / name,
        table,
        head,
        "launchlab.software.make_changes",
        index=False,
        float_format="%.6g",
    )


def main() -> None:
    """Make the three tables, and print what was written."""
    shipped.need_one_thread()
    _HERE.mkdir(exist_ok=True)
    _write(
        "changes.csv",
        [change_row(change, model) for change in CHANGES for model in (*MODELS, BLEND)],
        f"World {WORLD}: slates in which 0 to 8 places change, of 2,000; orders in %.",
    )
    loose = itertools.product((False, True), repeat=len(PINS))
    _write(
        "pins.csv",
        [row for one in loose for row in pin_rows(itertools.compress(PINS, one))],
        f"World {WORLD}: what changes between two trainings, by what is pinned (1).",
    )
    asked = itertools.product(range(CURE_WORLDS), SHARES, CURES, WEIGHTS)
    cures = [cure_row(*_by_order(one)) for one in asked]
    bags = [cure_row(seed, "bag", 0.5, 0.0) for seed in range(CURE_WORLDS)]
    _write(
        "cures.csv",
        cures + bags,
        f"Worlds 0 to {CURE_WORLDS - 1}: places of 8 that differ from the old model's; orders in "
        "% of plain retraining's.",
    )


def _by_order(one: tuple[int, float, str, float]) -> tuple[int, str, float, float]:
    seed, changed, cure, weight = one
    return seed, cure, weight, changed


if __name__ == "__main__":
    shipped.keep_computed()
    main()
